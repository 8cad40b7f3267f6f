// Suggestions of a review: each edit is applied to a copy of the tree, which is analysed again. Only an edit after which the finding is gone and
// nothing new has come is kept; the file has to parse as well.
import type { RawFinding, Suggestion } from '../findings/model.ts'
import { applied, passTheHook } from '../fixes/hook.ts'
import { replacing } from '../fixes/verify.ts'
import type { SourceReader } from '../program/model.ts'
import type { Program } from '../program/program.ts'
import type { Evaluation } from '../rules/evaluate.ts'

/** Most suggestions that are verified in one review: each costs an analysis of the tree. */
const MAX_VERIFIED = 10

export interface Suggesting {
  readonly program: Program
  readonly reader: SourceReader
  readonly evaluation: Evaluation
  /** analyses another version of the tree in the same way */
  readonly again: (reader: SourceReader) => Promise<Evaluation>
}

/** Verified suggestions by fingerprint. */
export async function suggestionsFor(
  findings: readonly RawFinding[],
  context: Suggesting,
): Promise<ReadonlyMap<string, Suggestion>> {
  const out = new Map<string, Suggestion>()
  for (const finding of findings.filter((f) => f.rule === 'hook-called-not-passed').slice(0, MAX_VERIFIED)) {
    const edit = passTheHook(finding, (file) => sourceOf(context.program, file))
    if (edit !== null && (await works(finding, edit, context))) out.set(finding.fingerprint, edit)
  }
  return out
}

function sourceOf(program: Program, file: string): { readonly text: string; readonly lines: readonly number[] } | null {
  const module = program.modules.get(file)
  return module === undefined ? null : { text: module.text, lines: module.ir.lines }
}

async function works(finding: RawFinding, edit: Suggestion, context: Suggesting): Promise<boolean> {
  const source = sourceOf(context.program, edit.path)
  if (source === null) return false
  const after = await context.again(replacing(context.reader, edit.path, applied(source, edit)))
  const before = new Set(context.evaluation.findings.map((f) => f.fingerprint))
  const clean = after.findings.every((f) => f.fingerprint !== finding.fingerprint && before.has(f.fingerprint))
  return clean && !after.incomplete.some((i) => i.file === edit.path)
}
