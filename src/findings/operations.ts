// Which operations of a finding are new. Both sides are multisets: pairs with equal access path and text first, then pairs with equal access
// path only (the text was changed, the work was there); what is left over per access path was added.
import { normalised, operationKey } from './fingerprint.ts'
import type { Operation } from './model.ts'

export interface OperationMatch {
  /** the head's operations, each with `added` set */
  readonly operations: readonly Operation[]
  /** every operation has an equal one on the other side */
  readonly equal: boolean
  readonly anyAdded: boolean
}

export function matchOperations(head: readonly Operation[], base: readonly Operation[]): OperationMatch {
  const left = [...base]
  const take = (found: (operation: Operation) => boolean): boolean => {
    const at = left.findIndex(found)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  }
  const changed = head.filter((now) => !take((old) => operationKey(old) === operationKey(now)))
  const equal = changed.length === 0 && left.length === 0
  const added = surplus(changed, left)
  return {
    operations: head.map((operation) => ({ ...operation, added: added.has(operation) })),
    equal,
    anyAdded: added.size > 0,
  }
}

/** Every operation of a finding with the same mark. */
export function marked(operations: readonly Operation[], added: boolean | null): readonly Operation[] {
  return operations.map((operation) => ({ ...operation, added }))
}

export function areEqual(a: readonly Operation[], b: readonly Operation[]): boolean {
  return a.length === b.length && matchOperations(a, b).equal
}

/** Whether the same texts stand on both sides, whatever they resolve to. */
export function haveEqualTexts(a: readonly Operation[], b: readonly Operation[]): boolean {
  return a.length > 0 && a.length === b.length && textsOf(a) === textsOf(b)
}

function textsOf(operations: readonly Operation[]): string {
  return JSON.stringify(operations.map((operation) => normalised(operation.text)).toSorted())
}

/** Of the head's unpaired operations, those for which their access path has no partner left. The most alike texts are paired first. */
function surplus(head: readonly Operation[], base: readonly Operation[]): ReadonlySet<Operation> {
  const pairs = head
    .flatMap((now) =>
      base
        .filter((old) => old.symbol === now.symbol)
        .map((old) => ({ now, old, likeness: likeness(normalised(now.text), normalised(old.text)) })),
    )
    .toSorted((a, b) => b.likeness - a.likeness)
  const [added, free] = [new Set(head), new Set(base)]
  for (const { now, old } of pairs)
    if (added.has(now) && free.has(old)) {
      added.delete(now)
      free.delete(old)
    }
  return added
}

/** How much of the longer text is a common beginning or end: 0 to 1. */
function likeness(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a[start] === b[start]) start++
  let end = 0
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  return (start + end) / Math.max(a.length, b.length, 1)
}
