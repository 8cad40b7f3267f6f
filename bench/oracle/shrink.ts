// Makes a failing program smaller: tries edits (files, statements, then expressions) and keeps each one after which the same kind of disagreement is
// still there. Both halves of the oracle judge every candidate, so the result is a failure in its own right.
import type { Interpreter } from './cpython.ts'
import type { Disagreement, Files } from './model.ts'
import type { Judge } from './session.ts'

/** Candidates judged for one program. */
const MOST_CANDIDATES = 4000

export interface Shrunk {
  readonly files: Files
  readonly disagreement: Disagreement
  readonly tried: number
}

/** The smallest program found whose disagreement is of this kind (and, for a phase given, in this phase). */
export async function shrink(
  judge: Judge,
  interpreter: Interpreter,
  files: Files,
  wanted: Disagreement,
): Promise<Shrunk> {
  let current = files
  let disagreement = wanted
  let tried = 0
  const errors = await raisedBy(judge, files)
  for (const fine of [false, true, false]) {
    for (let improved = true; improved && tried < MOST_CANDIDATES; ) {
      improved = false
      let candidates = await interpreter.reduce(current, fine)
      // what failed before an edit mostly fails after it: go on from there, and once more from the start at the end
      for (let at = 0; at < candidates.length && tried < MOST_CANDIDATES; ) {
        const next = applied(current, candidates[at] ?? {})
        tried++
        const same = await stillThere(judge, next, { wanted, errors })
        if (same === null) {
          at++
          continue
        }
        current = next
        disagreement = same
        improved = true
        candidates = await interpreter.reduce(current, fine)
      }
    }
  }
  return { files: current, disagreement, tried }
}

function applied(files: Files, edit: Readonly<Record<string, string | null>>): Files {
  const out: Record<string, string> = { ...files }
  for (const [path, text] of Object.entries(edit)) {
    if (text === null) delete out[path]
    else out[path] = text
  }
  return out
}

/** What an edit has to leave: the disagreement, and no error that the program did not raise before (a name or an argument that is gone). */
interface Kept {
  readonly wanted: Disagreement
  readonly errors: ReadonlySet<string>
}

async function raisedBy(judge: Judge, files: Files): Promise<ReadonlySet<string>> {
  const { runs } = await judge(files)
  return new Set(runs.flatMap((run) => run.raised))
}

async function stillThere(judge: Judge, files: Files, { wanted, errors }: Kept): Promise<Disagreement | null> {
  const { disagreements, runs } = await judge(files)
  if (runs.some((run) => run.raised.some((error) => !errors.has(error)))) return null
  return disagreements?.find((d) => sameKind(d, wanted) && sameWhere(d, wanted)) ?? null
}

function sameKind(a: Disagreement, b: Disagreement): boolean {
  return a.kind === b.kind && a.phase === b.phase && (a.kind !== 'false-alarm' || a.detail === b.detail)
}

/** A tag names the same probe in every version of the program; a line does not. */
function sameWhere(a: Disagreement, b: Disagreement): boolean {
  return a.where === b.where || (a.where.includes(':') && b.where.includes(':'))
}
