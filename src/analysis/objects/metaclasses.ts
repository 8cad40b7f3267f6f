// What makes a class of the body that has run: the namespace of `__prepare__`, the metaclass's `__new__` and `__init__`, `type.__new__`, and the hooks of
// what is in the class (data model, 3.3.3). Within `__new__` the class that is being made stands for its metaclass, so that a summary says which it is.
import type { ClassIr } from '../../ir/model.ts'
import { at, implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { dictValues } from '../domain/containers.ts'
import {
  only,
  positional,
  stringOf,
  withReceiver,
  type Atom,
  type BoundAtom,
  type CallArgs,
  type ClassAtom,
  type Value,
} from '../domain/values.ts'
import { classMember, linearise, memberAfter, SUBCLASSES, unwrapped } from './members.ts'
import { setOwn } from './namespaces.ts'

/** A class statement on its way to a class. */
export interface Draft {
  readonly cls: ClassIr
  readonly atom: ClassAtom
  /** the keywords behind the bases */
  readonly given: CallArgs
  /** what `__prepare__` gave; bottom without one */
  readonly prepared: Value
}

/** Of a class whose names are not all known: what is not found there may be there. */
export const OPEN_NAMESPACE = 'open-namespace'

/** Of a class that was made with a name, or a namespace, that nobody knows. */
export const UNNAMED = 'unnamed'
export const UNKNOWN_MEMBERS = 'unknown-members'

/** Whether calls of a class make classes. */
export function isMetaclass(cls: ClassAtom): boolean {
  return cls.mro.some((base) => base.kind === 'native' && base.name === 'type')
}

/** A callable that is no class makes the class itself: `class A(metaclass=make)`. */
export function isMaker(metaclass: Atom | null): boolean {
  return (
    metaclass?.kind === 'function' ||
    metaclass?.kind === 'bound' ||
    (metaclass?.kind === 'special' && metaclass.type === 'partial')
  )
}

export function madeBy(frame: Frame, make: Value, draft: Draft): Value {
  return frame.machine.ops.call(frame, make, argumentsOf(frame, draft), at(frame, draft.cls, 'class-body'))
}

/**
 * `mcs.check(mcs, bases)` within `__new__`: the metaclass hands itself on, as a function of its own needs it. What stands for it there is a class, of
 * which the function would be a method.
 */
export function handsItselfOn(m: Machine, { func, self }: BoundAtom, args: CallArgs): boolean {
  if (self.kind !== 'class' || func.kind !== 'function' || args.pos[0] !== m.domain.of(self)) return false
  const { params } = func.fn
  const named = params.filter(({ kind }) => kind === 'a/' || kind === 'a')
  return named.length === args.pos.length && !params.some(({ kind }) => kind === '*')
}

/** What the class statement binds: what `__new__` of the metaclass gives, its `__init__` run where that is the class. */
export function madeByMetaclass(frame: Frame, draft: Draft): Value {
  const m = frame.machine
  const { atom, cls } = draft
  const site = at(frame, { p: cls.p, e: cls.ne }, 'class-body')
  const self = m.domain.of(atom)
  const args = (): CallArgs => withReceiver(self, argumentsOf(frame, draft))
  const make = metaMember(m, atom, '__new__')
  const made = make === null ? self : m.ops.call(frame, make, args(), site)
  if (made.atoms.length === 0) return made
  const known = m.domain.filter(made, (a) => a.kind !== 'unknown' && a.kind !== 'external')
  // made by a library, as far as anybody can tell of this body
  if (make === null || known.atoms.length === 0) classHooks(frame, atom, keywords(draft), site)
  // of many classes of one metaclass a call may be analysed for several: this statement made its own
  const value = known.atoms.length === 0 || known.atoms.includes(atom) ? self : known
  const init = value.atoms.includes(atom) ? metaMember(m, atom, '__init__') : null
  if (init !== null) m.ops.call(frame, init, args(), site)
  return value
}

/** A method of the metaclass, as a function that gets the class itself. */
function metaMember(m: Machine, atom: ClassAtom, name: string): Value | null {
  const found = atom.metaclass?.kind === 'class' ? classMember(m, atom.metaclass, name) : null
  return found === null ? null : unwrapped(m, found, 'staticmethod')
}

/** Name, bases and namespace, as a metaclass gets them. */
function argumentsOf(frame: Frame, draft: Draft): CallArgs {
  const { atom, cls, prepared } = draft
  const filled = prepared.atoms.length > 0 && prepared.atoms.every((a) => a.kind === 'instance')
  const namespace = filled ? prepared : namespaceOf(frame, atom, cls)
  const pos = [frame.machine.domain.constant('str', cls.name), basesOf(frame, atom, cls), namespace]
  return { ...positional(...pos), kw: keywords(draft) }
}

function keywords({ given }: Pick<Draft, 'given'>): ReadonlyMap<string, Value> {
  return new Map([...given.kw].filter(([name]) => name !== 'metaclass'))
}

function basesOf(frame: Frame, atom: ClassAtom, cls: ClassIr): Value {
  const { domain, ops } = frame.machine
  const bases = atom.bases.map((base) => domain.of(base))
  return ops.newList(frame, { p: cls.np, e: cls.ne }, bases, 'tuple')
}

/** The names of the body as the dictionary that a metaclass gets. */
function namespaceOf(frame: Frame, atom: ClassAtom, cls: ClassIr): Value {
  const m = frame.machine
  const dict = m.ops.newCollection(frame, 'dict', { p: cls.np, e: cls.ne })
  // what CPython puts there before the body runs
  m.ops.collect(dict, m.domain.constant('str', frame.module.info.name), m.domain.constant('str', '__module__'))
  m.ops.collect(dict, m.domain.constant('str', cls.qualname), m.domain.constant('str', '__qualname__'))
  for (const [name, cell] of atom.fields) {
    const value = m.domain.withoutUnbound(m.store.read(cell))
    if (name !== SUBCLASSES && value.atoms.length > 0) m.ops.collect(dict, value, m.domain.constant('str', name))
  }
  return m.domain.of(dict)
}

/** Calls `__prepare__` of the metaclass. */
export function preparedBy(frame: Frame, { atom, cls, given }: Omit<Draft, 'prepared'>): Value {
  const { domain, ops } = frame.machine
  const prepare = atom.metaclass === null ? null : ops.typeMethod(frame, atom, '__prepare__')
  if (prepare === null) return domain.bottom
  const pos = [domain.constant('str', cls.name), basesOf(frame, atom, cls)]
  const args = { ...positional(...pos), kw: keywords({ given }) }
  return ops.call(frame, prepare, args, at(frame, cls, 'class-body'))
}

/** The names that `__prepare__` put into a plain dictionary are there when the body begins. */
export function presetNames(m: Machine, { atom, prepared: namespace }: Draft): void {
  const dict = only(namespace)
  if (dict?.kind !== 'container') return
  for (const [key, value] of dictValues(m, dict).list ?? [])
    if (key.startsWith('str:')) setOwn(m, atom, { name: key.slice(4), value, weak: false })
}

/** What `__prepare__` gave gets every name of the body, when it is an object of the tree that looks at what it gets. */
export function fillPrepared(frame: Frame, { atom, cls, prepared: namespace }: Draft): void {
  const m = frame.machine
  for (const target of namespace.atoms) {
    const set = target.kind === 'instance' ? m.ops.typeMethod(frame, target, '__setitem__') : null
    if (set === null) continue
    const names = [...atom.fields].filter(([, cell]) => cell.value !== m.domain.unbound)
    const always = ['__module__', '__qualname__'].map((name) => [name, m.domain.typed('str')] as const)
    for (const [name, value] of [...always, ...names.map(([key, cell]) => [key, m.store.read(cell)] as const)])
      m.ops.call(frame, set, positional(m.domain.constant('str', name), value), at(frame, cls, 'class-body'))
  }
}

/**
 * `type.__new__(cls, name, bases, namespace)`. Of the class that is being made: what its metaclass did to bases and namespace is what it has. Of a
 * metaclass: one more class.
 */
export function newType(frame: Frame, cls: ClassAtom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  const [, name, bases, namespace] = args.pos
  const own = { ...args, pos: args.pos.slice(1) }
  if (isMetaclass(cls) && stringOf(name ?? m.domain.bottom) !== cls.cls.name)
    return m.ops.dynamicClass(frame, own, site, cls)
  takeBases(m, cls, bases ?? m.domain.bottom)
  takeNamespace(m, cls, namespace ?? m.domain.bottom)
  classHooks(frame, cls, args.kw, implied(site, 'class-body'))
  return m.domain.of(cls)
}

function takeBases(m: Machine, cls: ClassAtom, value: Value): void {
  const tuple = only(value)
  const listed = tuple?.kind === 'container' ? m.ops.flatten(value) : []
  const bases = listed.filter((a) => a.kind === 'class' || a.kind === 'external' || a.kind === 'native')
  const isSame = bases.length === cls.bases.length && bases.every((base, index) => base === cls.bases[index])
  if (bases.length === 0 || bases.length < listed.length || isSame) return
  cls.mro.splice(0, cls.mro.length, cls, ...linearise(bases))
}

function takeNamespace(m: Machine, cls: ClassAtom, value: Value): void {
  const dict = only(value)
  if (dict?.kind !== 'container') {
    cls.traits.add(OPEN_NAMESPACE)
    return
  }
  const isExact = dictValues(m, dict).list !== null
  const rest = m.store.read(dict.rest)
  const names = new Set<string>()
  for (const [key, cell] of dict.known) {
    const name = key.startsWith('str:') ? key.slice(4) : null
    const known = m.domain.withoutUnbound(m.store.read(cell))
    if (name === null || known.atoms.length === 0) continue
    names.add(name)
    const member = m.domain.join(known, rest)
    if (cls.fields.get(name)?.value !== member) setOwn(m, cls, { name, value: member, weak: false })
  }
  if (!isExact) cls.traits.add(OPEN_NAMESPACE)
  else
    for (const [name, cell] of cls.fields)
      if (name !== SUBCLASSES && !names.has(name) && m.store.read(cell) !== m.domain.unbound)
        m.store.write(cell, m.domain.unbound)
}

/** What every new class triggers: `__set_name__` of its attributes, `__init_subclass__` of its parents. */
export function classHooks(frame: Frame, atom: ClassAtom, kw: ReadonlyMap<string, Value>, site: CallSite): void {
  const m = frame.machine
  const self = m.domain.of(atom)
  for (const [name, cell] of atom.fields) {
    for (const value of m.store.read(cell).atoms) {
      const hook =
        value.kind === 'instance' && value.cls !== null ? m.ops.typeMethod(frame, value, '__set_name__') : null
      if (hook !== null) m.ops.call(frame, hook, positional(self, m.domain.constant('str', name)), implied(site))
    }
  }
  const hook = memberAfter(m, atom, atom, '__init_subclass__')
  if (hook === null) return
  for (const candidate of hook.atoms) {
    const target = unwrapped(m, m.domain.of(candidate), 'classmethod')
    m.ops.call(frame, target, { ...positional(self), kw }, implied(site))
  }
}
