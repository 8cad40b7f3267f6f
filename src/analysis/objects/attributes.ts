// Attribute access as CPython does it: type attributes with descriptors, instance fields, __getattr__ and __getattribute__, module attributes.
import { isBuiltinMember } from './builtin-members.ts'
import { classMember, type InstanceRead } from './members.ts'
import { attempt } from './attempts.ts'
import { isErrorClass, sharedAttribute } from './error-attributes.ts'
import { joinEach } from '../machine/alternatives.ts'
import { implied } from '../machine/sites.ts'
import { isOwnName, refuse } from '../language/refusals.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { annotationValue } from '../language/annotations.ts'
import type { Cell } from '../domain/state.ts'
import {
  positional,
  type Atom,
  type ClassAtom,
  type InstanceAtom,
  type ModuleAtom,
  type Value,
} from '../domain/values.ts'
import { keptFunction } from './decoration.ts'
import { starName } from '../language/names.ts'
import { classAttribute, inheritedMember, isPlainBase, mayBeAsked, superAttribute } from './class-attributes.ts'
import { ABSENT, slot } from '../domain/slots.ts'
import { ofAny, replacedNamespace } from './namespaces.ts'
import { backrefValue, readAgain } from '../sqlalchemy/attributes.ts'
import { UNKNOWN_MEMBERS } from './metaclasses.ts'
import { access, askedFor, isDataDescriptor } from './descriptors.ts'

export function getAttribute(frame: Frame, object: Value, name: string, site: CallSite): Value {
  const read = (atom: Atom): Value => attributeOf(frame, atom, name, site)
  return joinEach(frame, object, read, (atom) => atom.kind !== 'const' || atom.type !== 'none')
}

function attributeOf(frame: Frame, atom: Atom, name: string, site: CallSite): Value {
  const m = frame.machine
  switch (atom.kind) {
    case 'instance':
      return atom.cls === null
        ? m.ops.externalAttribute(frame, atom, name, site)
        : instanceAttribute(frame, { self: atom, cls: atom.cls, name }, site)
    case 'class':
      return classAttribute(frame, atom, name, site)
    case 'module':
      return moduleAttribute(frame, atom, name, site)
    case 'super':
      return superAttribute(frame, atom, name, site)
    case 'external':
      // what a callable's `__call__` does, the callable does
      return name === '__call__' ? m.domain.of(atom) : m.ops.externalAttribute(frame, atom, name, site)
    case 'function': {
      const cell = atom.fields.get(name)
      if (cell !== undefined && cell.value !== m.domain.unbound) return m.store.read(cell)
      if (name === '__name__' || name === '__qualname__')
        return m.domain.constant('str', name === '__name__' ? atom.fn.name : atom.fn.qualname)
      const kept = atom.fn.decorators.length > 0 ? keptFunction(m, m.domain.of(atom), name) : null
      return kept ?? m.domain.native(`function.${name}`, m.domain.of(atom))
    }
    case 'unknown':
      return m.domain.of(atom)
    case 'const':
      if (atom.type === 'none') {
        if (!name.startsWith('__') && site.expr?.k === 'attr' && isOwnName(frame, site.expr.o))
          return refuse(frame, 'AttributeError')
        frame.summary.canRaise = true
        return name.startsWith('__') ? m.domain.unknown('attribute') : m.domain.unknown('none-attribute')
      }
      return m.domain.native(`${atom.type}.${name}`, m.domain.of(atom))
    case 'typed':
      return m.domain.native(`${atom.type}.${name}`, m.domain.of(atom))
    case 'container':
      return m.domain.native(`${containerType(atom.type)}.${name}`, m.domain.of(atom))
    case 'generator':
      return m.domain.native(`${atom.type}.${name}`, m.domain.of(atom))
    case 'bound':
      if (name === '__self__') return m.domain.of(atom.self)
      return name === '__func__' ? m.domain.of(atom.func) : attributeOf(frame, atom.func, name, site)
    case 'native':
      return m.ops.nativeAttribute(atom, name)
    case 'special':
      return m.ops.specialAttribute(frame, atom, name, site)
    case 'unbound':
      return m.domain.bottom
  }
}

function containerType(type: string): string {
  return type === 'defaultdict' ? 'dict' : type === 'deque' ? 'list' : type === 'frozenset' ? 'set' : type
}

/** Values of a cell without "not bound"; null when nothing is bound. */
function readBound(m: Machine, cell: Cell | undefined): Value | null {
  if (cell === undefined) return null
  const value = m.store.read(cell)
  if (value === m.domain.unbound) return null
  return m.domain.withoutUnbound(value)
}

function instanceAttribute(frame: Frame, read: InstanceRead, site: CallSite): Value {
  const m = frame.machine
  const { cls, name } = read
  const intercept = name.startsWith('__') ? null : classMember(m, cls, '__getattribute__')
  if (intercept !== null && intercept.atoms.every((a) => a.kind === 'function')) {
    const asked = (hook: Value): Value => askedFor(frame, hook, read, site)
    const fallback = classMember(m, cls, '__getattr__')
    if (fallback === null) return asked(intercept)
    return orAsked(
      frame,
      () => asked(intercept),
      () => asked(fallback),
    )
  }
  return plainAttribute(frame, read, site)
}

/** What reading gives; where that ends in an AttributeError, what `__getattr__` gives. */
function orAsked(frame: Frame, read: () => Value, ask: () => Value): Value {
  const m = frame.machine
  const { found, missing: raised } = attempt(frame, read)
  if (!raised) return found
  if (found.atoms.length === 0) return ask()
  let other = m.domain.bottom
  m.ops.maybe(frame, () => {
    other = ask()
  })
  return m.domain.join(found, other)
}

/** `object.__getattribute__`, then `__getattr__` unless the first was called by itself. */
export function plainAttribute(frame: Frame, read: InstanceRead, site: CallSite): Value {
  const m = frame.machine
  const { self, name } = read
  const assigned = name === '__class__' ? null : readBound(m, fieldCell(m, self, '__class__'))
  if (assigned !== null)
    return m.domain.joinAll(
      assigned.atoms.map((a) =>
        a.kind === 'class' ? ownAttribute(frame, { ...read, cls: a }, site) : m.domain.unknown('attribute'),
      ),
    )
  return ownAttribute(frame, read, site)
}

/** A base that is not known, and that comes before the class of the tree in which the name is found, may have it too. */
function isHidden(cls: ClassAtom, name: string): boolean {
  for (const base of cls.mro) {
    if (base.kind === 'unknown' || base.kind === 'external') return true
    if (base.kind === 'class' && base.fields.has(name)) return false
  }
  return false
}

function ownAttribute(frame: Frame, read: InstanceRead, site: CallSite): Value {
  const m = frame.machine
  const { self, cls, name } = read
  if (name === '__class__') return m.domain.of(cls)
  const dict = replacedNamespace(m, self)
  if (name === '__dict__') return dict ?? m.domain.native('instance.__dict__', m.domain.of(self))
  readAgain(frame, read, site)
  const onClass = classMember(m, cls, name)
  const cell = fieldCell(m, self, name)
  const field = dict === null ? (readBound(m, cell) ?? foldedField(m, self, name)) : ofAny(m, dict, name)
  const data = onClass?.atoms.some((a) => isDataDescriptor(m, a)) === true
  if (field !== null && !data) {
    if (dict !== null || cell === undefined || !m.store.read(cell).atoms.some((a) => a.kind === 'unbound')) return field
    const other = onClass === null ? m.domain.bottom : access(frame, onClass, read, site)
    return m.domain.join(field, other)
  }
  if (onClass !== null) {
    const asks = onClass.atoms.some((a) => a.kind === 'special' || a.kind === 'instance')
    const hook = asks && read.alone !== true ? classMember(m, cls, '__getattr__') : null
    if (hook !== null)
      return orAsked(
        frame,
        () => access(frame, onClass, read, site),
        () => askedFor(frame, hook, read, site),
      )
    const found = access(frame, onClass, read, site)
    return cls !== self.cls && isHidden(cls, name) ? m.domain.join(found, m.domain.unknown('attribute')) : found
  }
  if (slot(m, self, ABSENT).atoms.some((a) => a.kind === 'const' && a.value === name)) return absent(frame)
  const backref = backrefValue(frame, read, site)
  if (backref !== null) return backref
  const fallback = isBuiltinMember(cls, name) ? null : classMember(m, cls, '__getattr__')
  const inherited = inheritedMember(frame, read, site)
  if (fallback === null) return inherited ?? missing(frame, read)
  const ask = (): Value => (read.alone === true ? absent(frame) : askedFor(frame, fallback, read, site))
  return inherited === null || cls.mro.every(isPlainBase) ? ask() : mayBeAsked(frame, ask, inherited)
}

/** An attribute that is not there. */
function absent(frame: Frame): Value {
  const m = frame.machine
  m.ops.raise(frame, m.domain.native('AttributeError'))
  return m.domain.bottom
}

/** An attribute that nothing was seen to set: its annotation if it has one, otherwise unknown (or an AttributeError). */
function missing(frame: Frame, { self, cls, name }: InstanceRead): Value {
  const m = frame.machine
  for (const base of cls.mro) {
    if (base.kind !== 'class') continue
    for (const s of base.cls.body) {
      if (s.k === 'ann' && s.target.k === 'name' && s.target.id === name)
        return annotationValue(m, base.env, s.annotation) ?? m.domain.unknown('untyped-parameter')
    }
  }
  const builtinMember =
    (isErrorClass(cls) ? sharedAttribute(m, m.domain.of(self), name) : null) ??
    m.ops.objectMember(m.domain.of(self), name)
  if (builtinMember !== null) return builtinMember
  frame.summary.canRaise = true
  // it may be anything that the class was made with
  if (cls.mro.some((base) => base.kind === 'class' && base.traits.has(UNKNOWN_MEMBERS)))
    return m.domain.unknown('dynamic-getattr', true)
  return m.domain.unknown(self.multiple ? 'untyped-parameter' : 'attribute')
}

/** What the object has by the one that stands for it. */
function foldedField(m: Machine, { folded }: InstanceAtom, name: string): Value | null {
  return folded === null ? null : readBound(m, fieldCell(m, folded, name))
}

export function fieldCell(m: Machine, self: InstanceAtom, name: string): Cell | undefined {
  let cell = self.fields.get(name)
  if (cell === undefined) {
    // the absence itself is a fact that a summary depends on
    const { recorder } = m.store
    const mine = recorder !== null && recorder.imports === null && self.id >= recorder.firstAtom
    cell = m.store.cell(m.domain.unbound, mine ? m.store.clock : 0)
    self.fields.set(name, cell)
    m.store.read(cell)
  }
  return cell
}

export function moduleAttribute(frame: Frame, module: ModuleAtom, name: string, site: CallSite): Value {
  const m = frame.machine
  const value = readBound(m, module.fields.get(name))
  if (value !== null) return value
  if (name === '__name__') return m.domain.constant('str', module.info.name)
  if (name === '__file__' || name === '__doc__') return m.domain.typed('str')
  if (name === '__dict__') return m.domain.native('module.__dict__', m.domain.of(module))
  const cls = readBound(m, module.fields.get('__class__'))
  for (const atom of cls?.atoms ?? []) {
    const member = atom.kind === 'class' ? classMember(m, atom, name) : null
    if (atom.kind === 'class' && member !== null) return access(frame, member, { self: module, cls: atom }, site)
  }
  const getter = readBound(m, module.fields.get('__getattr__'))
  if (getter !== null)
    return m.ops.call(frame, getter, positional(m.domain.constant('str', name)), implied(site, 'property'))
  const star = readBound(m, module.fields.get('*'))
  const fromStar = star === null ? null : starName(frame, star, name)
  if (fromStar !== null) return fromStar
  frame.summary.canRaise = true
  return m.domain.unknown('unresolved-import', false)
}
