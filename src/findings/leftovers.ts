// Work that was split or merged inside of one entry point: an operation that left one function and stands in another one now, reached by the
// same entry point, is old work. A function that is taken apart has no partner as a whole, so here single operations are followed.
// Must stay true: each operation of the base is used once (equal texts before those whose variables were renamed), only for the same entry
// point, and never for a higher severity.
import { movedKey, operationKey } from './fingerprint.ts'
import type { Operation, RawFinding, Severity } from './model.ts'
import { isSuppressedInSource } from './partners.ts'

/** An operation of the base that nothing of the head continues, with the finding in which it stood. */
interface Leftover {
  readonly operation: Operation
  readonly from: RawFinding
}

export interface Leftovers {
  /**
   * Takes equal operations of the same entry point (an id of the base) for those given; all or nothing with `whole`. For each of them, in
   * order, the finding from which it came, or null.
   */
  readonly claim: (entryPoint: string, wanted: Wanted) => readonly (RawFinding | null)[]
  /** Whether every operation of a base finding was claimed. */
  readonly isUsedUp: (finding: RawFinding) => boolean
}

export interface Wanted {
  readonly operations: readonly Operation[]
  readonly severity: Severity
  readonly whole: boolean
}

const RANK: Readonly<Record<Severity, number>> = { note: 0, warning: 1, error: 2 }

export function isHigher(severity: Severity, than: Severity): boolean {
  return RANK[severity] > RANK[than]
}

/** `removed`: for each finding of the base, its operations that the head's same finding does not continue. */
export function createLeftovers(removed: ReadonlyMap<RawFinding, readonly Operation[]>): Leftovers {
  const pool = new Map<string, Leftover[]>()
  const open = new Map<RawFinding, number>()
  for (const [from, operations] of removed) {
    open.set(from, operations.length)
    // what was suppressed where it stood was accepted there only
    if (isSuppressedInSource(from)) continue
    const leftovers = operations.map((operation): Leftover => ({ operation, from }))
    pool.set(from.entryPoint, [...(pool.get(from.entryPoint) ?? []), ...leftovers])
  }
  const claim: Leftovers['claim'] = (entryPoint, { operations, severity, whole }) => {
    const rest = [...(pool.get(entryPoint) ?? [])]
    const take = (wanted: Operation, key: typeof operationKey): RawFinding | null => {
      const at = rest.findIndex(
        ({ operation, from }) => key(operation) === key(wanted) && !isHigher(severity, from.severity),
      )
      const [taken] = at < 0 ? [] : rest.splice(at, 1)
      return taken?.from ?? null
    }
    const equal = operations.map((wanted) => ({ wanted, from: take(wanted, operationKey) }))
    const found = equal.map(({ wanted, from }) => from ?? take(wanted, movedKey))
    if (whole && found.includes(null)) return operations.map(() => null)
    pool.set(entryPoint, rest)
    for (const from of found) if (from !== null) open.set(from, (open.get(from) ?? 0) - 1)
    return found
  }
  const isUsedUp: Leftovers['isUsedUp'] = (finding) => finding.operations.length > 0 && open.get(finding) === 0
  return { claim, isUsedUp }
}
