// A change that touches nothing that runs: a pass within seconds, for which nothing is read.
// Must stay true: what decides which Python runs counts as Python. A module that is switched on is analysed although its files are the base's.
import type { ChangeSet } from '../diff/model.ts'
import { NO_PYTHON_CHANGED, type Review } from '../findings/model.ts'
import { PROFILES } from '../profiles/index.ts'
import { changedMarks, isSwitch } from '../program/marks.ts'
import type { SourceReader } from '../program/model.ts'
import { pathMatcher } from '../text/glob.ts'

export function touchesPython({ files }: ChangeSet): boolean {
  return files.some((f) => f.path.endsWith('.py') || f.previousPath?.endsWith('.py') === true)
}

/** Whether a folder was switched on or off, or a manifest was changed that a profile reads. */
export async function touchesMarks(base: SourceReader | null, head: SourceReader): Promise<boolean> {
  const changed = base === null ? [] : await changedMarks(base, head)
  const isManifest = pathMatcher(PROFILES.flatMap(({ manifest }) => manifest?.files ?? []))
  return changed.some((path) => isSwitch(path) || isManifest(path))
}

/** What such a review needs to be told of. */
export interface Untouched extends Pick<Review, 'configurationChanged' | 'notices' | 'failOn'> {
  readonly base: SourceReader | null
  readonly head: SourceReader
}

/** No Python changed: a pass within seconds, nothing is read. */
export function untouched(input: Untouched, started: number): Review {
  return {
    verdict: 'pass',
    base: input.base?.commit ?? null,
    head: input.head.commit,
    compared: true,
    profiles: [],
    entryPoints: [],
    findings: [],
    notFollowed: [],
    incomplete: [],
    suppressionsAdded: [],
    configurationChanged: input.configurationChanged,
    notices: [...input.notices, NO_PYTHON_CHANGED],
    failOn: input.failOn,
    stats: { files: 0, parsed: 0, fromCache: 0, milliseconds: Date.now() - started },
  }
}
