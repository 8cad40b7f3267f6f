// Containers that code outside the tree has seen: it may have put something in. What they are known to hold stays, a missing key or an empty
// list is no longer certain. Without this an empty registry would make everything behind `registry["name"]` dead.
import type { Machine } from '../machine/machine.ts'
import type { CallArgs, ContainerAtom, Value } from './values.ts'

/** The containers among the arguments of a call that is not followed, and those whose methods it gets (`vendor.walk(found.append)`). */
export function disclose(m: Machine, { pos, kw, restPos, restKw }: CallArgs): void {
  for (const value of pos) discloseValue(m, value)
  for (const value of kw.values()) discloseValue(m, value)
  if (restPos !== null) discloseValue(m, restPos)
  if (restKw !== null) discloseValue(m, restKw)
}

function discloseValue(m: Machine, value: Value): void {
  for (const atom of value.atoms) {
    if (atom.kind === 'container') open(m, atom)
    else if (atom.kind === 'native' && atom.self !== null) discloseValue(m, atom.self)
  }
}

function open(m: Machine, atom: ContainerAtom): void {
  if (atom.type === 'tuple' || atom.type === 'frozenset') return
  m.store.weaken(atom.rest, m.domain.unknown('element'))
  m.store.write(atom.length, m.domain.typed('int'))
}

/** Code that nobody can see ran on this path: a computed import, `exec` of a computed text. */
export function unseenCodeRan(m: Machine): void {
  m.store.write(m.unseenCode, m.domain.true)
}

/** Whether such code ran since the container was made, so that it may hold more than was seen to be put in. */
export function mayHaveBeenFilled(m: Machine, atom: ContainerAtom): boolean {
  return m.store.read(m.unseenCode) !== m.domain.unbound && atom.rest.birth <= m.unseenCode.stamp
}
