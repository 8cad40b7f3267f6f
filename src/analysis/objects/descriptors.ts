// Descriptors: what reading a class attribute through an instance gives (functions become methods, properties and `__get__` run).
// Methods of implicit protocols are looked up on the type, never on the instance.
import { relationValue } from '../django/relations.ts'
import { mappedValue } from '../sqlalchemy/attributes.ts'
import { classMember, type ObjectReceiver } from './members.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { positional, type Atom, type Value } from '../domain/values.ts'
import { joinEach } from '../machine/alternatives.ts'
import { implied, unwritten } from '../machine/sites.ts'

/** Whether what stands on the class comes before a field of the instance. */
export function isDataDescriptor(m: Machine, atom: Atom): boolean {
  if (atom.kind === 'special') return atom.type === 'property'
  return (
    atom.kind === 'instance' &&
    atom.cls !== null &&
    (classMember(m, atom.cls, '__set__') !== null || classMember(m, atom.cls, '__delete__') !== null)
  )
}

/** What reading a class attribute through an instance gives: descriptors run, functions become methods. */
export function access(frame: Frame, raw: Value, receiver: ObjectReceiver, site: CallSite): Value {
  const m = frame.machine
  const { self, cls } = receiver
  const read = (atom: Atom): Value => {
    switch (atom.kind) {
      case 'function':
        return m.domain.bound(atom, self)
      case 'native':
        return atom.self === null ? m.domain.bound(atom, self) : m.domain.of(atom)
      case 'special':
        return m.ops.accessSpecial(frame, atom, receiver, site)
      case 'instance': {
        const relation = relationValue(frame, atom, self, site) ?? mappedValue(frame, atom, receiver, site)
        if (relation !== null) return relation
        const getter = atom.cls === null ? null : classMember(m, atom.cls, '__get__')
        return getter === null
          ? m.domain.of(atom)
          : m.ops.call(
              frame,
              getter,
              positional(m.domain.of(atom), m.domain.of(self), m.domain.of(cls)),
              implied(site, 'property'),
            )
      }
      default:
        return m.domain.of(atom)
    }
  }
  return joinEach(frame, raw, read)
}

/** Implicit protocol methods are looked up on the type, never on the instance. */
export function typeMethod(frame: Frame, object: Atom, name: string): Value | null {
  const cls =
    object.kind === 'instance'
      ? object.cls
      : object.kind === 'class' && object.metaclass?.kind === 'class'
        ? object.metaclass
        : null
  if (cls === null) return null
  const found = classMember(frame.machine, cls, name)
  if (found === null) return null
  if (found.atoms.every((a) => a.kind === 'const' && a.type === 'none')) return null
  return access(frame, found, { self: object, cls }, unwritten(cls.site, 'property'))
}

interface AttributeRead {
  readonly self: Atom
  readonly name: string
}

/** Asks a hook for an attribute by its name: `__getattr__`, `__getattribute__`, of a class or of its metaclass. */
export function askedFor(frame: Frame, hook: Value, read: AttributeRead, site: CallSite): Value {
  const { domain, ops } = frame.machine
  const args = positional(domain.of(read.self), domain.constant('str', read.name))
  return ops.call(frame, hook, args, implied(site, 'property'))
}
