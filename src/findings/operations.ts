// Which operations of a finding are new. Both sides are multisets: pairs with equal access path and text first, then pairs with equal access
// path only (the text was changed, the work was there); what is left over per access path was added.
import { normalised, operationKey } from './fingerprint.ts'
import type { Operation } from './model.ts'

export interface OperationMatch {
  /** the head's operations, each with `added` set */
  readonly operations: readonly Operation[]
  /** every operation has an equal one on the other side */
  readonly equal: boolean
  /** the base's operations that no operation of the head continues */
  readonly removed: readonly Operation[]
}

export function matchOperations(head: readonly Operation[], base: readonly Operation[]): OperationMatch {
  // most findings of a large tree are about modules and have none
  if (head.length === 0 && base.length === 0) return NO_OPERATIONS
  // copies: one object that stands twice is two operations
  const [operations, left] = [marked(head, false), [...marked(base, false)]]
  const changed = operations.filter((now) => {
    const at = left.findIndex((old) => operationKey(old) === operationKey(now))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  const { added, removed } = surplus(changed, left)
  return {
    operations: operations.map((operation) => withAdded(operation, added.has(operation))),
    equal: changed.length === 0 && left.length === 0,
    removed: [...removed],
  }
}

const NO_OPERATIONS: OperationMatch = { operations: [], equal: true, removed: [] }

function withAdded(operation: Operation, added: boolean | null): Operation {
  return { ...operation, added }
}

/** Every operation of a finding with the same mark. */
export function marked(operations: readonly Operation[], added: boolean | null): readonly Operation[] {
  return operations.map((operation) => withAdded(operation, added))
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

interface Surplus {
  readonly added: ReadonlySet<Operation>
  readonly removed: ReadonlySet<Operation>
}

/** What is left on either side when operations with one access path are paired, the most alike texts first. */
function surplus(head: readonly Operation[], base: readonly Operation[]): Surplus {
  const pairs = head
    .flatMap((now) =>
      base
        .filter((old) => old.symbol === now.symbol)
        .map((old) => ({ now, old, likeness: likeness(normalised(now.text), normalised(old.text)) })),
    )
    .toSorted((a, b) => b.likeness - a.likeness)
  const [added, removed] = [new Set(head), new Set(base)]
  for (const { now, old } of pairs)
    if (added.has(now) && removed.has(old)) {
      added.delete(now)
      removed.delete(old)
    }
  return { added, removed }
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
