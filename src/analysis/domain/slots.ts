// Private storage of modelled library objects: callbacks of an exit stack, tasks of a group, and the like.
// Slots are cells: what a branch stores is undone and joined like any other state.
import type { Machine } from '../machine/machine.ts'
import type { InstanceAtom, Value } from './values.ts'

/** The slot that names the attributes which the constructor of an object's library base certainly has not set. */
export const ABSENT = 'absent'

/** Private storage of modelled library objects. */
export function slot(m: Machine, object: InstanceAtom, name: string): Value {
  const cell = object.slots.get(name)
  return cell === undefined ? m.domain.bottom : m.domain.withoutUnbound(m.store.read(cell))
}

export function setSlot(m: Machine, object: InstanceAtom, name: string, value: Value): void {
  m.store.write(m.store.cellIn(object.slots, name), value)
}

export function push(m: Machine, object: InstanceAtom, name: string, value: Value): void {
  setSlot(m, object, name, m.domain.join(slot(m, object, name), value))
}
