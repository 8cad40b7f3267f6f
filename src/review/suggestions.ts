// Suggestions of a review: each draft is applied to a copy of the tree, which is analysed again. Only an edit after which the finding is gone,
// nothing new has come and everything that was registered still is, is kept; the file has to parse, and no name may be left unbound.
import type { RawFinding, Suggestion } from '../findings/model.ts'
import { draftsFor } from '../fixes/drafts.ts'
import { type Draft, edited, suggestionOf } from '../fixes/edits.ts'
import { isSound, replacing } from '../fixes/verify.ts'
import type { Profile } from '../profiles/model.ts'
import type { SourceReader } from '../program/model.ts'
import type { Program } from '../program/program.ts'
import type { Evaluation } from '../rules/evaluate.ts'

/** Most edits that are tried in one review: each costs an analysis of what the edited file takes part in. */
export const MOST_TRIALS = 10

/** An analysed tree, as far as an edit can change it. */
export interface Tried {
  readonly evaluation: Evaluation
  /** what an entry point registers: `caller>callee` of every registration that it reaches */
  readonly registrations: (entryPoint: string) => Promise<ReadonlySet<string>>
}

export interface Suggesting extends Tried {
  readonly program: Program
  readonly reader: SourceReader
  readonly profileOf: (entryPoint: string) => Profile | null
  /** analyses the tree with another content of one file in the same way */
  readonly again: (reader: SourceReader, path: string) => Promise<Tried>
  readonly trials: number
  readonly expired: () => boolean
}

/** Verified suggestions by fingerprint; findings are served in the order in which they come. */
export async function suggestionsFor(
  findings: readonly RawFinding[],
  context: Suggesting,
): Promise<ReadonlyMap<string, Suggestion>> {
  const out = new Map<string, Suggestion>()
  const trials: Trials = new Map()
  for (const finding of findings) {
    if (finding.suppression !== null || out.has(finding.fingerprint)) continue
    for (const draft of distinct(draftsFor(finding, context.program, context.profileOf(finding.entryPoint)))) {
      if (trials.size >= context.trials || context.expired()) return out
      const suggestion = await tried(finding, draft, { ...context, trials })
      if (suggestion === null) continue
      out.set(finding.fingerprint, suggestion)
      break
    }
  }
  return out
}

/** Edited trees by what was edited: the same edit may repair several findings, and is tried once. */
type Trials = Map<string, Tried>

function distinct(drafts: readonly Draft[]): Draft[] {
  return [...new Map(drafts.map((draft) => [JSON.stringify(draft.edits), draft])).values()]
}

/** The draft as a suggestion, or null when it does not do what it is for. */
async function tried(
  finding: RawFinding,
  draft: Draft,
  context: Omit<Suggesting, 'trials'> & { readonly trials: Trials },
): Promise<Suggestion | null> {
  const module = context.program.modules.get(draft.path)
  const text = module === undefined ? null : edited(module.text, draft.edits)
  if (module === undefined || text === null || !isSound(text, module.ir)) return null
  const suggestion = suggestionOf(draft, module.text)
  if (suggestion === null) return null
  const edit = `${draft.path}\n${text}`
  const after =
    context.trials.get(edit) ??
    (await context.again(replacing(context.reader, new Map([[draft.path, text]])), draft.path))
  context.trials.set(edit, after)
  return (await isClean(finding, context, after)) ? suggestion : null
}

/** The finding is gone, nothing new has come, nothing is less complete, and what was registered still is. */
async function isClean(finding: RawFinding, before: Tried, after: Tried): Promise<boolean> {
  const known = new Set(before.evaluation.findings.map((f) => f.fingerprint))
  const clean = after.evaluation.findings.every(
    (f) => f.fingerprint !== finding.fingerprint && known.has(f.fingerprint),
  )
  if (!clean || after.evaluation.incomplete.length > before.evaluation.incomplete.length) return false
  const entries = new Set(after.evaluation.entryPoints.map((e) => e.id))
  if (before.evaluation.entryPoints.some((e) => !entries.has(e.id))) return false
  const registered = await after.registrations(finding.entryPoint)
  return [...(await before.registrations(finding.entryPoint))].every((edge) => registered.has(edge))
}
