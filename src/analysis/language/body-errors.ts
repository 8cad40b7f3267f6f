// Errors that leave a module body which comes to its end on other paths, and what they leave behind.
// Must stay true: a handler around the import sees what only the paths of the error have done; the body's entry stands where it stood afterwards.
import type { BodyEntry } from '../machine/memo.ts'
import type { Exit, Frame, Machine } from '../machine/machine.ts'
import type { Cell, Delta } from '../domain/state.ts'
import type { Value } from '../domain/values.ts'

/**
 * The state in which errors leave a body that comes to its end as well, relative to its start. null where it shows nothing that was not so before the
 * body or after it: those states a handler knows in any case.
 */
export function leftBehind(m: Machine, entry: BodyEntry, exits: readonly Exit[], start: number): Delta | null {
  if (exits.length === 0) return null
  const { module } = entry
  const ended = m.store.collect(start)
  m.store.undo(start)
  m.store.applyJoin(exits.map((exit) => exit.delta))
  m.store.write(module.state, m.domain.unbound)
  const left = m.store.collect(start)
  m.store.undo(start)
  const own = new Set<Cell>([...module.fields.values(), module.state])
  const isKnown = (cell: Cell, value: Value): boolean =>
    value.atoms.every((atom) => cell.value.atoms.includes(atom) || ended.get(cell)?.atoms.includes(atom) === true)
  const showsMore = [...left].some(([cell, value]) => !own.has(cell) && !isKnown(cell, value))
  m.store.applyParts(entry)
  return showsMore ? left : null
}

/** Errors leave a body that comes to its end as well, and with them what only their paths have done. */
export function leaveByError(frame: Frame, entry: BodyEntry, start: number): void {
  const m = frame.machine
  const { raiseDelta, raises } = entry.summary
  if (raiseDelta === null) return
  const { detached } = m
  m.store.undo(start)
  m.store.apply(raiseDelta)
  m.ops.raise(frame, m.domain.joinAll(raises))
  m.stopped = false
  m.detached = detached
  m.store.undo(start)
  m.store.applyParts(entry)
}
