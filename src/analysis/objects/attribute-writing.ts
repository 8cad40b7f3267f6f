// Setting and deleting attributes: `__setattr__`, properties and descriptors first, then the field itself.
// A write to one of several possible objects is weak: the old value stays possible.
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { only, positional, type InstanceAtom, type Value } from '../domain/values.ts'
import { classMember } from './members.ts'
import { replaceNamespace, setField, setOwn } from './namespaces.ts'

export function setAttribute(
  m: Machine,
  frame: Frame,
  object: Value,
  name: string,
  value: Value,
  site: CallSite,
): void {
  const weak = object.atoms.length > 1
  for (const atom of object.atoms) {
    if (atom.kind === 'instance') setInstanceAttribute(m, frame, atom, name, value, site)
    else if (atom.kind === 'class' || atom.kind === 'module' || atom.kind === 'function') {
      const setter =
        atom.kind === 'class' && atom.metaclass?.kind === 'class' ? classMember(m, atom.metaclass, '__setattr__') : null
      if (setter !== null)
        m.ops.call(
          frame,
          setter,
          positional(m.domain.of(atom), m.domain.constant('str', name), value),
          { ...site, step: 'property' },
          null,
        )
      setOwn(m, atom, name, value, weak)
    }
  }
}

function setInstanceAttribute(
  m: Machine,
  frame: Frame,
  atom: InstanceAtom,
  name: string,
  value: Value,
  site: CallSite,
): void {
  if (atom.cls !== null) {
    const hook = classMember(m, atom.cls, '__setattr__')
    if (hook !== null && hook.atoms.every((a) => a.kind === 'function')) {
      m.ops.call(
        frame,
        hook,
        positional(m.domain.of(atom), m.domain.constant('str', name), value),
        { ...site, step: 'property' },
        null,
      )
      return
    }
    const onClass = classMember(m, atom.cls, name)
    for (const member of onClass?.atoms ?? []) {
      if (member.kind === 'special' && member.type === 'property') {
        const setter = member.parts[1]
        if (setter !== undefined && setter.atoms.length > 0)
          m.ops.call(frame, setter, positional(m.domain.of(atom), value), { ...site, step: 'property' }, null)
        return
      }
      const descriptor =
        member.kind === 'instance' && member.cls !== null ? classMember(m, member.cls, '__set__') : null
      if (descriptor !== null) {
        m.ops.call(
          frame,
          descriptor,
          positional(m.domain.of(member), m.domain.of(atom), value),
          { ...site, step: 'property' },
          null,
        )
        return
      }
    }
  }
  if (name === '__dict__') replaceNamespace(m, atom, value)
  else setField(m, atom, name, value)
}

export function deleteAttribute(m: Machine, frame: Frame, object: Value, name: string, site: CallSite): void {
  for (const atom of object.atoms) {
    if (atom.kind !== 'instance' && atom.kind !== 'class' && atom.kind !== 'module') continue
    const hook =
      atom.kind === 'instance' && atom.cls !== null
        ? (m.ops.typeMethod(frame, atom, '__delattr__') ?? deleter(m, atom, name))
        : null
    if (hook !== null)
      m.ops.call(
        frame,
        hook,
        only(hook)?.kind === 'special' ? positional() : positional(m.domain.constant('str', name)),
        { ...site, step: 'property' },
        null,
      )
    const cell = atom.fields.get(name)
    if (cell !== undefined)
      m.store.write(cell, object.atoms.length > 1 ? m.domain.join(cell.value, m.domain.unbound) : m.domain.unbound)
  }
}

function deleter(m: Machine, atom: InstanceAtom, name: string): Value | null {
  const member = atom.cls === null ? null : classMember(m, atom.cls, name)
  const property = member === null ? null : only(member)
  if (property?.kind === 'instance' && property.cls !== null) {
    const hook = classMember(m, property.cls, '__delete__')
    return hook === null ? null : m.domain.special('partial', [hook, m.domain.of(property), m.domain.of(atom)], ['2'])
  }
  if (
    property?.kind === 'special' &&
    property.type === 'property' &&
    property.parts[2] !== undefined &&
    property.parts[2].atoms.length > 0
  ) {
    return m.domain.joinAll(property.parts[2].atoms.map((f) => m.domain.bound(f, atom)))
  }
  return null
}
