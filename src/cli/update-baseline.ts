// `check --update-baseline`: the findings that fail the check are accepted, entries that match nothing any more go, the rest keep their reasons.
// Must stay true: an incomplete review changes nothing, because what it did not see may still be there; every change is told.
import { join } from 'node:path'
import { renderBaseline, loadBaseline } from '../config/baseline.ts'
import { ConfigurationError, type BaselineEntry, type Config, type FailOn } from '../config/model.ts'
import type { PlacedFinding, Review } from '../findings/model.ts'
import { isFailing } from '../findings/verdict.ts'
import { replaceFile, standing } from './files.ts'

/** The reason of a new entry, for its author to replace. */
const REASON = 'accepted by --update-baseline'

export interface BaselineUpdate {
  readonly entries: readonly BaselineEntry[]
  readonly added: readonly PlacedFinding[]
  readonly removed: readonly BaselineEntry[]
}

/** The entries after an update, in memory. `review` was made with the entries before. */
export function updatedBaseline(review: Review, before: readonly BaselineEntry[], failOn: FailOn): BaselineUpdate {
  const present = new Set(review.findings.map((f) => f.fingerprint))
  const kept = before.filter((entry) => present.has(entry.fingerprint))
  const known = new Set(kept.map((entry) => entry.fingerprint))
  const failing = review.findings.filter(
    (f) => !known.has(f.fingerprint) && isFailing(f, failOn === 'never' ? 'error' : failOn, false),
  )
  const added = [...new Map(failing.map((f) => [f.fingerprint, f])).values()]
  return {
    entries: [...kept, ...added.map(({ fingerprint, rule }) => ({ fingerprint, rule, reason: REASON }))],
    added,
    removed: before.filter((entry) => !present.has(entry.fingerprint)),
  }
}

/** Where the baseline lies: the option, or the file that the configuration names below the analysed directory. */
export function baselineFile(option: string | null, config: Config, root: string): string {
  if (option !== null) return option
  if (config.baseline === null)
    throw new ConfigurationError(
      '--update-baseline: which file? Give --baseline FILE, or name one in the configuration',
    )
  return join(root, config.baseline)
}

/** The entries of the file, none where it is not there yet. */
export function entriesOf(file: string): readonly BaselineEntry[] {
  const now = standing(file)
  if (now.kind === 'refused') throw new ConfigurationError(`${file}: ${now.reason}`)
  return now.kind === 'absent' ? [] : loadBaseline(now.bytes.toString('utf8'), file)
}

/** Writes the file when it changes; says what came and what went. */
export function writeBaseline(file: string, update: BaselineUpdate, say: (message: string) => void): void {
  const now = standing(file)
  const text = renderBaseline(update.entries)
  if (now.kind === 'refused') throw new ConfigurationError(`${file}: ${now.reason}`)
  const expected = now.kind === 'file' ? now.bytes : null
  if (expected?.toString('utf8') !== text) {
    const problem = replaceFile({ path: file, bytes: Buffer.from(text), expected })
    if (problem !== null) throw new ConfigurationError(`${file}: ${problem}`)
  }
  for (const f of update.added) say(`+ ${f.rule} ${f.entryPoint} (${f.fingerprint})`)
  for (const entry of update.removed) say(`- ${entry.rule} (${entry.fingerprint}): ${entry.reason}`)
  const kept = update.entries.length - update.added.length
  say(`${file}: ${update.added.length} added, ${update.removed.length} removed, ${kept} kept`)
  if (update.added.length > 0) say(`each new entry says "${REASON}": write down why, reviewers will ask`)
}
