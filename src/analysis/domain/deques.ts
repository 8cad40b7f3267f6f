// Deques are lists here. One with a `maxlen` keeps it in the cell that other containers have for keys: what is put in at one end drops out at the other.
// Without a bound, or where the elements are not all known, nothing is dropped.
import { append, clear, elements } from './containers.ts'
import type { Machine } from '../machine/machine.ts'
import { only, type ContainerAtom, type Value } from './values.ts'

/** Gives a fresh deque its bound, and drops what does not fit. */
export function setBound(m: Machine, deque: ContainerAtom, bound: Value): void {
  m.store.write(deque.keys, bound)
  keepBound(m, deque, 'front')
}

/** Drops elements at one end until the deque is as short as its bound says. */
export function keepBound(m: Machine, deque: ContainerAtom, end: 'front' | 'end'): void {
  if (deque.type !== 'list') return
  const bound = only(m.store.read(deque.keys))
  if (bound?.kind !== 'const' || typeof bound.value !== 'number' || deque.multiple) return
  const { list } = elements(m, deque)
  if (list === null || list.length <= bound.value) return
  clear(m, deque)
  const kept = end === 'front' ? list.slice(list.length - bound.value) : list.slice(0, bound.value)
  for (const item of kept) append(m, deque, item)
}
