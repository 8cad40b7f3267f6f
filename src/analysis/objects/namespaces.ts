// What objects hold under their names, as it is: no descriptor and no hook is asked. An object whose `__dict__` was assigned (`self.__dict__ = shared`)
// reads and writes the dictionary that it got.
import { getKey, setKey } from '../domain/containers.ts'
import type { Machine } from '../machine/machine.ts'
import { only, stringOf, type Atom, type InstanceAtom, type Value } from '../domain/values.ts'
import { classMember } from './members.ts'

const REPLACED = '__dict__'

export function setField(m: Machine, self: InstanceAtom, name: string, value: Value): void {
  const dict = replacedNamespace(m, self)
  if (dict !== null) return setInNamespace(m, dict, name, value)
  const cell = m.store.cellIn(self.fields, name)
  if (self.multiple && cell.value !== m.domain.unbound) m.store.weaken(cell, value)
  else m.store.write(cell, value)
  if (self.folded !== null) setOwn(m, self.folded, { name, value, weak: true })
}

/** `self.__dict__ = value`: what the object had before is gone. */
export function replaceNamespace(m: Machine, self: InstanceAtom, value: Value): void {
  for (const cell of self.fields.values()) if (cell.value !== m.domain.unbound) m.store.write(cell, m.domain.unbound)
  setOwn(m, self, { name: REPLACED, value, weak: self.multiple })
}

/** The dictionary that was assigned to `__dict__`, or null. */
export function replacedNamespace(m: Machine, self: InstanceAtom): Value | null {
  const cell = self.fields.get(REPLACED)
  const value = cell === undefined ? m.domain.unbound : m.store.read(cell)
  return value === m.domain.unbound ? null : m.domain.withoutUnbound(value)
}

/** A name and what it is bound to. `weak`: the object is one of several. */
interface OwnBinding {
  readonly name: string
  readonly value: Value
  readonly weak: boolean
}

/** Binds a name in the namespace of an object. */
export function setOwn(
  m: Machine,
  { fields }: Extract<Atom, { kind: 'class' | 'module' | 'function' | 'instance' }>,
  { name, value, weak }: OwnBinding,
): void {
  // summaries that looked this name up and did not find it do not say so
  if (!fields.has(name)) m.memo.clear()
  const cell = m.store.cellIn(fields, name, 0)
  if (weak) m.store.weaken(cell, value)
  else m.store.write(cell, value)
}

/** `object.__dict__["name"] = value`: the namespace itself, no `__setattr__` and no descriptor is asked. */
export function setInNamespace(m: Machine, object: Value, name: string, value: Value): void {
  for (const atom of object.atoms) {
    if (atom.kind === 'instance') setField(m, atom, name, value)
    else if (atom.kind === 'class' || atom.kind === 'module' || atom.kind === 'function')
      setOwn(m, atom, { name, value, weak: object.atoms.length > 1 })
    else if (atom.kind === 'container') setKey(m, atom, m.domain.constant('str', name), value)
    else if (atom.kind === 'native' && atom.self !== null) setInNamespace(m, atom.self, name, value)
  }
}

/** The value under a name, or null. */
export function rawMember(m: Machine, owner: Atom, name: string): Value | null {
  if (owner.kind === 'class') return classMember(m, owner, name)
  if (owner.kind === 'container') {
    const value = getKey(m, { ...owner, factory: null }, m.domain.constant('str', name), () => m.domain.bottom)
    return value.atoms.length === 0 ? null : value
  }
  if (owner.kind === 'native') return owner.self === null ? null : ofAny(m, owner.self, name)
  if (owner.kind !== 'instance' && owner.kind !== 'module' && owner.kind !== 'function') return null
  const dict = owner.kind === 'instance' ? replacedNamespace(m, owner) : null
  if (dict !== null) return ofAny(m, dict, name)
  const cell = owner.fields.get(name)
  return cell === undefined || m.store.read(cell) === m.domain.unbound
    ? null
    : m.domain.withoutUnbound(m.store.read(cell))
}

/** The value under a name of a replaced dictionary, or null. */
export function ofAny(m: Machine, owners: Value, name: string): Value | null {
  const found = owners.atoms.map((owner) => rawMember(m, owner, name)).filter((value) => value !== null)
  return found.length === 0 ? null : m.domain.joinAll(found)
}

/** Names that are bound in an object's own namespace. */
export function namespaceNames(m: Machine, owner: Atom): string[] {
  if (owner.kind === 'native') return (owner.self?.atoms ?? []).flatMap((atom) => namespaceNames(m, atom))
  if (!('fields' in owner)) return []
  const bound = [...owner.fields].filter(([, cell]) => m.store.read(cell) !== m.domain.unbound)
  return bound.map(([name]) => name).filter((name) => /^\w+$/u.test(name))
}

/** `namespace[key]`: the value of a name in the namespace of an object, or of a builtin. */
export function namespaceItem(m: Machine, owner: Value | null, key: Value): Value {
  const name = stringOf(key)
  const atom = owner === null ? null : only(owner)
  if (name === null || atom === null) return m.domain.unknown('dynamic-getattr', true)
  return rawMember(m, atom, name) ?? m.builtins.get(name) ?? m.domain.unknown('attribute')
}
