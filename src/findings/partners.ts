// Work that only moved. A partner of a new finding is a base finding that nothing else accounts for, with equal operations, and either the
// same entry point, or a file that git shows as renamed, or an identical body. Equal operations alone are no evidence: two modules may
// well run the same statement. Nor does work move to another module while the entry point that did it stays: that one was repaired, this one
// is new. The surest evidence is used up first, over all findings, before weaker evidence is looked at.
import type { RawFinding } from './model.ts'
import { areEqual } from './operations.ts'

/** Head path → base path of every file that was renamed (copies are no renames: the original is still there). */
export type Renames = ReadonlyMap<string, string>

export interface Moves {
  readonly renames: Renames
  /** whether the head still has this entry point of the base */
  readonly remains: (entryPoint: string) => boolean
}

/** Head finding → base finding. Every base finding is used at most once. */
export function findPartners(
  head: readonly RawFinding[],
  base: readonly RawFinding[],
  moves: Moves,
): ReadonlyMap<RawFinding, RawFinding> {
  const partners = new Map<RawFinding, RawFinding>()
  const free = new Set(base)
  for (const isMove of evidence(moves))
    for (const now of head) {
      if (partners.has(now)) continue
      const old = [...free].find((it) => isPossible(now, it) && isMove(now, it))
      if (old === undefined) continue
      partners.set(now, old)
      free.delete(old)
    }
  return partners
}

type Evidence = (now: RawFinding, old: RawFinding) => boolean

const sameEntry: Evidence = (now, old) => now.entryPoint === old.entryPoint
const sameBody: Evidence = (now, old) => now.bodyHash !== '' && now.bodyHash === old.bodyHash

/** From the surest to the weakest; the same rule before another one. */
function evidence({ renames, remains }: Moves): readonly Evidence[] {
  const before = (id: string): string => renamedId(id, renames)
  const sameModule: Evidence = (now, old) => folderOf(before(now.entryPoint)) === folderOf(old.entryPoint)
  const inherits =
    (move: Evidence): Evidence =>
    (now, old) =>
      move(now, old) && (sameModule(now, old) || !remains(old.entryPoint))
  const renamedEntry: Evidence = (now, old) => before(now.entryPoint) === old.entryPoint
  const renamedWork: Evidence = (now, old) =>
    renames.has(fileOf(now.workFunction)) && before(now.workFunction) === old.workFunction
  const renamedFile: Evidence = (now, old) => renames.get(fileOf(now.workFunction)) === fileOf(old.workFunction)
  const moves = [sameEntry, renamedEntry, ...[renamedWork, renamedFile, sameBody].map(inherits)]
  const strict = moves.map(
    (move): Evidence =>
      (now, old) =>
        now.rule === old.rule && move(now, old),
  )
  // rules without operations say nothing about work, so nothing can have moved from one to another
  const loose = moves.map(
    (move): Evidence =>
      (now, old) =>
        now.operations.length > 0 && move(now, old),
  )
  return [...strict.slice(0, 2), ...loose.slice(0, 2), ...strict.slice(2), ...loose.slice(2)]
}

function isPossible(now: RawFinding, old: RawFinding): boolean {
  if (now.operations.length === 0) return old.operations.length === 0 && now.rule === old.rule && sameName(now, old)
  // what was suppressed where it stood was accepted there, not here
  return areEqual(now.operations, old.operations) && (!isSuppressedInSource(old) || isSuppressedInSource(now))
}

/** Rules without operations: the same thing in a renamed file. */
function sameName(now: RawFinding, old: RawFinding): boolean {
  return nameOf(now.workFunction) === nameOf(old.workFunction) && nameOf(now.entryPoint) === nameOf(old.entryPoint)
}

export function isSuppressedInSource(finding: RawFinding): boolean {
  return finding.suppression?.kind === 'inSource'
}

const SEPARATOR = '::'

function fileOf(id: string): string {
  const at = id.indexOf(SEPARATOR)
  return at < 0 ? id : id.slice(0, at)
}

/** The folder of an entry point's file: one module of the application, whatever files it has. */
function folderOf(id: string): string {
  const file = fileOf(id)
  return file.slice(0, Math.max(file.lastIndexOf('/'), 0))
}

function nameOf(id: string): string {
  return id.slice(fileOf(id).length)
}

/** The function of `workFunction`, as people say it: `load()`, or the body of a file. */
export function spokenFunction(id: string): string {
  return nameOf(id) === '' ? `the body of ${fileOf(id)}` : `${nameOf(id).slice(SEPARATOR.length)}()`
}

/** An id as it was before the file was renamed. */
export function renamedId(id: string, renames: Renames): string {
  const file = fileOf(id)
  return `${renames.get(file) ?? file}${nameOf(id)}`
}
