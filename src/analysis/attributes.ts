// Attribute access as CPython does it: type attributes with descriptors, instance fields, __getattr__ and __getattribute__, module attributes.
import type { Expr } from '../ir/model.ts'
import { classMember, memberAfter } from './classes.ts'
import { fork } from './frames.ts'
import type { CallSite, Frame, Machine } from './machine.ts'
import { annotationValue } from './annotations.ts'
import type { Cell } from './state.ts'
import {
  only,
  positional,
  type Atom,
  type ClassAtom,
  type InstanceAtom,
  type ModuleAtom,
  type Value,
} from './values.ts'

export function getAttribute(
  m: Machine,
  frame: Frame,
  object: Value,
  name: string,
  site: CallSite,
  expr: Expr | null,
): Value {
  const { atoms } = object
  if (atoms.length === 1 && atoms[0] !== undefined) return attributeOf(m, frame, atoms[0], name, site, expr)
  let out = m.domain.bottom
  fork(
    m,
    frame,
    atoms
      .filter((a) => !(a.kind === 'const' && a.type === 'none' && atoms.length > 1))
      .map((atom) => () => {
        out = m.domain.join(out, attributeOf(m, frame, atom, name, site, expr))
        return true
      }),
    atoms.length > 1,
  )
  return out
}

function attributeOf(m: Machine, frame: Frame, atom: Atom, name: string, site: CallSite, expr: Expr | null): Value {
  switch (atom.kind) {
    case 'instance':
      return atom.cls === null
        ? m.ops.externalAttribute(frame, atom, name, site, expr)
        : instanceAttribute(m, frame, atom, atom.cls, name, site, expr)
    case 'class':
      return classAttribute(m, frame, atom, name, site, expr)
    case 'module':
      return moduleAttribute(m, frame, atom, name, site)
    case 'super':
      return superAttribute(m, frame, atom, name, site, expr)
    case 'external':
      return m.ops.externalAttribute(frame, atom, name, site, expr)
    case 'function': {
      const cell = atom.fields.get(name)
      if (cell !== undefined && cell.value !== m.domain.unbound) return m.store.read(cell)
      if (name === '__name__' || name === '__qualname__')
        return m.domain.constant('str', name === '__name__' ? atom.fn.name : atom.fn.qualname)
      return m.domain.native(`function.${name}`, m.domain.of(atom))
    }
    case 'unknown':
      return m.domain.of(atom)
    case 'const':
      if (atom.type === 'none') {
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
      return name === '__func__' ? m.domain.of(atom.func) : attributeOf(m, frame, atom.func, name, site, expr)
    case 'native':
      return m.ops.nativeAttribute(frame, atom, name, site)
    case 'special':
      return m.ops.specialAttribute(frame, atom, name, site, expr)
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
  return m.domain.filter(value, (a) => a.kind !== 'unbound')
}

function instanceAttribute(
  m: Machine,
  frame: Frame,
  self: InstanceAtom,
  cls: ClassAtom,
  name: string,
  site: CallSite,
  expr: Expr | null,
): Value {
  const intercept = name.startsWith('__') ? null : classMember(m, cls, '__getattribute__')
  if (intercept !== null && intercept.atoms.every((a) => a.kind === 'function')) {
    return m.ops.call(
      frame,
      intercept,
      positional(m.domain.of(self), m.domain.constant('str', name)),
      { ...site, step: 'property' },
      null,
    )
  }
  return plainAttribute(m, frame, self, cls, name, site, expr)
}

/** `object.__getattribute__`, then `__getattr__`. */
export function plainAttribute(
  m: Machine,
  frame: Frame,
  self: InstanceAtom,
  cls: ClassAtom,
  name: string,
  site: CallSite,
  expr: Expr | null,
): Value {
  if (name === '__class__') return m.domain.of(cls)
  if (name === '__dict__') return m.domain.native('instance.__dict__', m.domain.of(self))
  const onClass = classMember(m, cls, name)
  const cell = fieldCell(m, self, name)
  const field = readBound(m, cell)
  const data = onClass?.atoms.some((a) => isDataDescriptor(m, frame, a)) === true
  if (field !== null && !data) {
    if (cell === undefined || !m.store.read(cell).atoms.some((a) => a.kind === 'unbound')) return field
    const other = onClass === null ? m.domain.bottom : access(m, frame, onClass, self, cls, site)
    return m.domain.join(field, other)
  }
  if (onClass !== null) return access(m, frame, onClass, self, cls, site)
  const fallback = classMember(m, cls, '__getattr__')
  const inherited = externalMember(m, frame, self, cls, name, site, expr)
  if (inherited !== null && fallback === null) return inherited
  if (fallback !== null) {
    const value = m.ops.call(
      frame,
      fallback,
      positional(m.domain.of(self), m.domain.constant('str', name)),
      { ...site, step: 'property' },
      null,
    )
    return value
  }
  return missing(m, frame, self, cls, name)
}

/** An attribute that nothing was seen to set: its annotation if it has one, otherwise unknown (or an AttributeError). */
function missing(m: Machine, frame: Frame, self: InstanceAtom, cls: ClassAtom, name: string): Value {
  for (const base of cls.mro) {
    if (base.kind !== 'class') continue
    for (const s of base.cls.body) {
      if (s.k === 'ann' && s.target.k === 'name' && s.target.id === name)
        return annotationValue(m, base.env, s.annotation) ?? m.domain.unknown('untyped-parameter')
    }
  }
  const builtinMember = m.ops.objectMember(m.domain.of(self), name)
  if (builtinMember !== null) return builtinMember
  frame.summary.canRaise = true
  return m.domain.unknown(self.multiple ? 'untyped-parameter' : 'attribute')
}

/** The member of a library base class, by its access path. */
function externalMember(
  m: Machine,
  frame: Frame,
  self: Atom,
  cls: ClassAtom,
  name: string,
  site: CallSite,
  expr: Expr | null,
): Value | null {
  let unknown: Value | null = null
  for (const base of cls.mro) {
    if (base.kind === 'external') {
      const found = m.ops.externalMember(frame, base.path, self, name, site, expr)
      if (found !== null) return found
      unknown ??= m.domain.external(`${base.path}().${name}`, base.resolution, base.unresolved)
    } else if (base.kind === 'unknown') unknown ??= m.domain.of(base)
  }
  return unknown
}

export function fieldCell(m: Machine, self: InstanceAtom, name: string): Cell | undefined {
  let cell = self.fields.get(name)
  if (cell === undefined) {
    // the absence itself is a fact that a summary depends on
    const mine = m.store.recorder !== null && self.id >= m.store.recorder.firstAtom
    cell = m.store.cell(m.domain.unbound, mine ? m.store.clock : 0)
    self.fields.set(name, cell)
    m.store.read(cell)
  }
  return cell
}

function isDataDescriptor(m: Machine, frame: Frame, atom: Atom): boolean {
  if (atom.kind === 'special') return atom.type === 'property'
  return (
    atom.kind === 'instance' &&
    atom.cls !== null &&
    (classMember(m, atom.cls, '__set__') !== null || classMember(m, atom.cls, '__delete__') !== null) &&
    frame !== null
  )
}

/** What reading a class attribute through an instance gives: descriptors run, functions become methods. */
export function access(m: Machine, frame: Frame, raw: Value, self: Atom, cls: ClassAtom, site: CallSite): Value {
  const read = (atom: Atom): Value => {
    switch (atom.kind) {
      case 'function':
        return m.domain.bound(atom, self)
      case 'native':
        return atom.self === null ? m.domain.bound(atom, self) : m.domain.of(atom)
      case 'special':
        return m.ops.accessSpecial(frame, atom, self, cls, site)
      case 'instance': {
        const getter = atom.cls === null ? null : classMember(m, atom.cls, '__get__')
        return getter === null
          ? m.domain.of(atom)
          : m.ops.call(
              frame,
              getter,
              positional(m.domain.of(atom), m.domain.of(self), m.domain.of(cls)),
              { ...site, step: 'property' },
              null,
            )
      }
      default:
        return m.domain.of(atom)
    }
  }
  const single = only(raw)
  if (single !== null) return read(single)
  let out = m.domain.bottom
  fork(
    m,
    frame,
    raw.atoms.map((atom) => () => {
      out = m.domain.join(out, read(atom))
      return true
    }),
    true,
  )
  return out
}

export function classAttribute(
  m: Machine,
  frame: Frame,
  cls: ClassAtom,
  name: string,
  site: CallSite,
  expr: Expr | null,
): Value {
  const meta = cls.metaclass?.kind === 'class' ? classMember(m, cls.metaclass, name) : null
  if (meta !== null && meta.atoms.some((a) => isDataDescriptor(m, frame, a)) && cls.metaclass?.kind === 'class')
    return access(m, frame, meta, cls, cls.metaclass, site)
  const own = classMember(m, cls, name)
  if (own !== null) {
    let out = m.domain.bottom
    for (const atom of own.atoms) {
      if (atom.kind === 'special') out = m.domain.join(out, m.ops.accessSpecial(frame, atom, null, cls, site))
      else if (atom.kind === 'instance' && atom.cls !== null && classMember(m, atom.cls, '__get__') !== null) {
        const getter = classMember(m, atom.cls, '__get__') ?? m.domain.bottom
        out = m.domain.join(
          out,
          m.ops.call(
            frame,
            getter,
            positional(m.domain.of(atom), m.domain.none, m.domain.of(cls)),
            { ...site, step: 'property' },
            null,
          ),
        )
      } else out = m.domain.join(out, m.domain.of(atom))
    }
    return out
  }
  if (meta !== null && cls.metaclass?.kind === 'class') return access(m, frame, meta, cls, cls.metaclass, site)
  if (name === '__name__' || name === '__qualname__') return m.domain.constant('str', cls.cls.name)
  if (name === '__mro__' || name === '__bases__')
    return m.ops.newList(
      frame,
      { p: site.site.p, e: site.site.e },
      null,
      m.domain.union(cls.mro.filter((b) => b.kind !== 'external')),
    )
  const fallback = cls.metaclass?.kind === 'class' ? classMember(m, cls.metaclass, '__getattr__') : null
  if (fallback !== null)
    return m.ops.call(
      frame,
      fallback,
      positional(m.domain.of(cls), m.domain.constant('str', name)),
      { ...site, step: 'property' },
      null,
    )
  if (cls.traits.has('enum') && name === '__members__') return m.domain.typed('dict')
  for (const base of cls.mro) {
    if (base.kind !== 'external') continue
    return (
      m.ops.externalMember(frame, base.path, cls, name, site, expr) ??
      m.domain.external(`${base.path}.${name}`, base.resolution, base.unresolved)
    )
  }
  return m.ops.objectMember(m.domain.of(cls), name) ?? m.domain.unknown('attribute')
}

export function moduleAttribute(m: Machine, frame: Frame, module: ModuleAtom, name: string, site: CallSite): Value {
  const value = readBound(m, module.fields.get(name))
  if (value !== null) return value
  if (name === '__name__') return m.domain.constant('str', module.info.name)
  if (name === '__file__' || name === '__doc__') return m.domain.typed('str')
  if (name === '__dict__') return m.domain.native('module.__dict__', m.domain.of(module))
  const getter = readBound(m, module.fields.get('__getattr__'))
  if (getter !== null)
    return m.ops.call(frame, getter, positional(m.domain.constant('str', name)), { ...site, step: 'property' }, null)
  const star = readBound(m, module.fields.get('*'))
  for (const atom of star?.atoms ?? [])
    if (atom.kind === 'external') return m.domain.external(`${atom.path}.${name}`, atom.resolution, atom.unresolved)
  frame.summary.canRaise = true
  return m.domain.unknown('unresolved-import', false)
}

function superAttribute(
  m: Machine,
  frame: Frame,
  atom: Extract<Atom, { kind: 'super' }>,
  name: string,
  site: CallSite,
  expr: Expr | null,
): Value {
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
            ? m.ops.accessSpecial(frame, a, null, self, site)
            : name === '__new__' || a.kind !== 'function'
              ? m.domain.of(a)
              : name === '__init_subclass__'
                ? m.domain.bound(a, self)
                : m.domain.of(a),
        ),
      )
    }
    return name === '__new__' ? found : access(m, frame, found, self, receiver, site)
  }
  for (const base of mro.mro.slice(mro.mro.indexOf(start) + 1)) {
    if (base.kind === 'external')
      return (
        m.ops.externalMember(frame, base.path, self, name, site, expr) ??
        m.domain.external(`${base.path}().${name}`, base.resolution, base.unresolved)
      )
    if (base.kind === 'native' || base.kind === 'special') return m.domain.native(`super.${name}`, m.domain.of(self))
    if (base.kind === 'unknown') return m.domain.of(base)
  }
  return m.domain.native(`super.${name}`, m.domain.of(self))
}

export function setField(m: Machine, self: InstanceAtom, name: string, value: Value): void {
  let cell = self.fields.get(name)
  if (cell === undefined) {
    cell = m.store.cell()
    self.fields.set(name, cell)
  }
  if (self.multiple && cell.value !== m.domain.unbound) m.store.weaken(cell, value)
  else m.store.write(cell, value)
}

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
      let cell = atom.fields.get(name)
      if (cell === undefined) {
        cell = m.store.cell(m.domain.unbound, 0)
        atom.fields.set(name, cell)
      }
      if (weak) m.store.weaken(cell, value)
      else m.store.write(cell, value)
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
  setField(m, atom, name, value)
}

export function deleteAttribute(m: Machine, frame: Frame, object: Value, name: string, site: CallSite): void {
  for (const atom of object.atoms) {
    if (atom.kind !== 'instance' && atom.kind !== 'class' && atom.kind !== 'module') continue
    const hook =
      atom.kind === 'instance' && atom.cls !== null
        ? (m.ops.typeMethod(frame, atom, '__delattr__') ?? deleter(m, atom, name))
        : null
    if (hook !== null)
      m.ops.call(frame, hook, positional(m.domain.constant('str', name)), { ...site, step: 'property' }, null)
    const cell = atom.fields.get(name)
    if (cell !== undefined)
      m.store.write(cell, object.atoms.length > 1 ? m.domain.join(cell.value, m.domain.unbound) : m.domain.unbound)
  }
}

function deleter(m: Machine, atom: InstanceAtom, name: string): Value | null {
  const member = atom.cls === null ? null : classMember(m, atom.cls, name)
  const property = member === null ? null : only(member)
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

/** Implicit protocol methods are looked up on the type, never on the instance. */
export function typeMethod(m: Machine, frame: Frame, object: Atom, name: string): Value | null {
  const cls =
    object.kind === 'instance'
      ? object.cls
      : object.kind === 'class' && object.metaclass?.kind === 'class'
        ? object.metaclass
        : null
  if (cls === null) return null
  const found = classMember(m, cls, name)
  if (found === null) return null
  if (found.atoms.every((a) => a.kind === 'const' && a.type === 'none')) return null
  return access(m, frame, found, object, cls, { site: cls.site, step: 'property', resolution: 0 })
}
