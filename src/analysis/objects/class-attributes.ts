// Attributes of classes and of `super()`: metaclass descriptors, the method resolution order, then what library bases give.
// Nothing is bound that CPython would not bind.
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { positional, type Atom, type ClassAtom, type Value } from '../domain/values.ts'
import { PLAIN_BASES } from '../language/refusals.ts'
import { managerOf } from '../django/querysets.ts'
import { queryOf } from '../sqlalchemy/queries.ts'
import { isTypeMember } from './builtin-members.ts'
import { classMember, memberAfter, type InstanceRead } from './members.ts'
import { OPEN_NAMESPACE, UNNAMED } from './metaclasses.ts'
import { access, askedFor, isDataDescriptor } from './descriptors.ts'

/** The member of a library base class, by its access path. */
export function inheritedMember(frame: Frame, { self, cls, name }: InstanceRead, site: CallSite): Value | null {
  const m = frame.machine
  let unknown: Value | null = null
  for (const base of cls.mro) {
    if (base.kind === 'external') {
      const found = m.ops.externalMember(frame, { type: base.path, self, name }, site)
      if (found !== null) return found
      unknown ??= m.domain.external(`${base.path}().${name}`, base.resolution, base.unresolved)
    } else if (base.kind === 'unknown') unknown ??= m.domain.of(base)
  }
  return unknown
}

export function classAttribute(frame: Frame, cls: ClassAtom, name: string, site: CallSite): Value {
  const m = frame.machine
  const metaclass = cls.metaclass?.kind === 'class' ? cls.metaclass : null
  const meta = metaclass === null ? null : classMember(m, metaclass, name)
  const asInstance = (): Value | null =>
    meta === null || metaclass === null ? null : access(frame, meta, { self: cls, cls: metaclass }, site)
  if (meta?.atoms.some((a) => isDataDescriptor(m, a)) === true) return asInstance() ?? meta
  const own = classMember(m, cls, name)
  if (own !== null) return m.domain.joinAll(own.atoms.map((atom) => ownMember(frame, cls, atom, site)))
  if (meta !== null) return asInstance() ?? meta
  if (name === '__name__' || name === '__qualname__')
    return cls.traits.has(UNNAMED) ? m.domain.typed('str') : m.domain.constant('str', cls.cls.name)
  if (name === '__class__' && cls.metaclass !== null) return m.domain.of(cls.metaclass)
  if (name === '__mro__' || name === '__bases__')
    return m.ops.newList(frame, site.site, m.domain.union(cls.mro.filter((b) => b.kind !== 'external')))
  if (name === '__subclasses__') return m.domain.native('type.__subclasses__', m.domain.of(cls))
  if (name === '__dict__') return m.domain.native('class.__dict__', m.domain.of(cls))
  const fallback = metaclass === null || isTypeMember(name) ? null : classMember(m, metaclass, '__getattr__')
  if (fallback !== null && cls.traits.has(OPEN_NAMESPACE))
    return mayBeAsked(frame, () => askedFor(frame, fallback, { self: cls, name }, site), m.domain.unknown('attribute'))
  if (fallback !== null) return askedFor(frame, fallback, { self: cls, name }, site)
  if (cls.traits.has('enum') && name === '__members__') return membersOf(frame, cls, site)
  // the first library base that is known to have the member; a mixin that nothing is known about hides nothing
  let unknown: Value | null = null
  for (const base of cls.mro) {
    if (base.kind !== 'external') continue
    const found = m.ops.externalMember(frame, { type: base.path, self: cls, name }, site)
    if (found !== null) return found
    unknown ??= m.ops.externalAttribute(frame, base, name, site)
  }
  if (unknown !== null) return unknown
  return m.ops.objectMember(m.domain.of(cls), name) ?? m.domain.unknown('attribute')
}

/** What reading gives for something that stands in the class or in one of its bases: descriptors run, without an object. */
function ownMember(frame: Frame, cls: ClassAtom, atom: Atom, site: CallSite): Value {
  const m = frame.machine
  if (atom.kind === 'special') return m.ops.accessSpecial(frame, atom, { self: null, cls }, site)
  if (atom.kind !== 'instance') return m.domain.of(atom)
  const getter = atom.cls === null ? null : classMember(m, atom.cls, '__get__')
  if (getter === null) return m.domain.of(queryOf(m, managerOf(m, atom, cls), cls))
  const args = positional(m.domain.of(atom), m.domain.none, m.domain.of(cls))
  return m.ops.call(frame, getter, args, implied(site, 'property'))
}

/** A name that the object may have all the same, `inherited` from where nobody sees: `__getattr__` may be asked. */
export function mayBeAsked(frame: Frame, ask: () => Value, inherited: Value): Value {
  const m = frame.machine
  let asked = m.domain.bottom
  m.ops.maybe(frame, () => {
    asked = ask()
  })
  return m.domain.join(asked, inherited)
}

/** Whether all that the base adds is seen. */
export function isPlainBase(base: ClassAtom['mro'][number]): boolean {
  return base.kind === 'external' ? PLAIN_BASES.has(base.path) : base.kind !== 'unknown'
}

/** The members of an enumeration by their names. */
function membersOf(frame: Frame, cls: ClassAtom, site: CallSite): Value {
  const m = frame.machine
  const dict = m.ops.newCollection(frame, 'dict', site.site)
  for (const [name, cell] of cls.fields) {
    const value = m.domain.filter(m.store.read(cell), (a) => a.kind === 'instance' && a.cls === cls)
    if (value.atoms.length > 0) m.ops.collect(dict, value, m.domain.constant('str', name))
  }
  return m.domain.of(dict)
}

export function superAttribute(
  frame: Frame,
  atom: Extract<Atom, { kind: 'super' }>,
  name: string,
  site: CallSite,
): Value {
  const m = frame.machine
  const { self, start } = atom
  const receiver = self.kind === 'class' ? self : m.ops.classOf(self)
  if (receiver === null) return m.domain.unknown('attribute')
  const mro = receiver.mro.includes(start)
    ? receiver
    : receiver.metaclass?.kind === 'class' && receiver.metaclass.mro.includes(start)
      ? receiver.metaclass
      : start
  const found = memberAfter(m, mro, start, name)
  if (found !== null) {
    if (self.kind === 'class' && mro === receiver) {
      return m.domain.joinAll(
        found.atoms.map((a) =>
          a.kind === 'special'
            ? m.ops.accessSpecial(frame, a, { self: null, cls: self }, site)
            : name === '__new__' || a.kind !== 'function'
              ? m.domain.of(a)
              : name === '__init_subclass__'
                ? m.domain.bound(a, self)
                : m.domain.of(a),
        ),
      )
    }
    return name === '__new__' ? found : access(frame, found, { self, cls: receiver }, site)
  }
  let unknown: Value | null = null
  for (const base of mro.mro.slice(mro.mro.indexOf(start) + 1)) {
    if (base.kind === 'external') {
      const member = m.ops.externalMember(frame, { type: base.path, self, name }, site)
      if (member !== null) return member
      unknown ??= m.domain.external(`${base.path}().${name}`, base.resolution, base.unresolved)
    }
    if (base.kind === 'native' || base.kind === 'special')
      return unknown ?? m.domain.native(`super.${name}`, m.domain.of(self))
    if (base.kind === 'unknown') return unknown ?? m.domain.of(base)
  }
  return unknown ?? m.domain.native(`super.${name}`, m.domain.of(self))
}
