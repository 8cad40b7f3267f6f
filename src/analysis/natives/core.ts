// Builtins about objects: attributes, types, `super()`, and what object and type themselves do. Their effects are the protocol methods they call.
// Conversions are conversion.ts, iterators are iterating.ts.
import { attempt } from '../objects/attempts.ts'
import { plainAttribute } from '../objects/attributes.ts'
import { EXCEPTIONS } from '../language/exception-hierarchy.ts'
import { catches } from '../language/error-classes.ts'
import { isInstanceOf } from '../language/narrowing.ts'
import { classMember, SUBCLASSES } from '../objects/members.ts'
import { newType } from '../objects/metaclasses.ts'
import { construct } from '../objects/construction.ts'
import { hasSetting, SETTINGS_OBJECT } from '../django/settings.ts'
import { recordUnknown } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import { only, positional, stringOf, type Atom, type ClassAtom, type Value } from '../domain/values.ts'
import type { Machine } from '../machine/machine.ts'
import { writeTo } from './serialising.ts'
import { argument, invoke, typed, type Native, type Natives } from './native.ts'
import { setting } from '../language/settings.ts'

const getattr: Native = (frame, call) => {
  const m = frame.machine
  const object = argument(frame, call, 0)
  const name = argument(frame, call, 1)
  const fallback = call.args.pos[2] ?? null
  const names = name.atoms.map((a) => (a.kind === 'const' && a.type === 'str' ? String(a.value) : null))
  if (names.includes(null) || names.length === 0) {
    const carries = object.atoms.some(
      (a) => a.kind === 'class' || a.kind === 'module' || (a.kind === 'instance' && a.cls !== null),
    )
    if (carries) recordUnknown(frame, call.site.site, 'dynamic-getattr')
    return m.domain.unknown('dynamic-getattr', carries)
  }
  const read = (): Value =>
    m.domain.joinAll(names.map((n) => m.ops.getAttribute(frame, object, n ?? '', { ...call.site, step: 'property' })))
  if (fallback === null) return read()
  const { found, missing: raised } = attempt(frame, read)
  if (found.atoms.length === 0) return raised ? fallback : found
  const missing = found.atoms.some(
    (a) => a.kind === 'unknown' && (a.reason === 'attribute' || a.reason === 'unresolved-import'),
  )
  if (!missing) return m.domain.join(found, raised ? fallback : flagOf(m, object, fallback))
  return m.domain.join(
    m.domain.filter(
      found,
      (a) => !(a.kind === 'unknown' && (a.reason === 'attribute' || a.reason === 'unresolved-import')),
    ),
    fallback,
  )
}

/** A setting of a library's object that is read with a false default is a flag that is off unless somebody sets it. */
function flagOf(m: Machine, object: Value, fallback: Value): Value {
  const constant = only(fallback)
  const isSetting = object.atoms.every((a) => a.kind === 'external')
  if (!isSetting || constant?.kind !== 'const' || constant.value) return m.domain.bottom
  return setting(m, fallback)
}

const hasattr: Native = (frame, call) => {
  const m = frame.machine
  const name = stringOf(argument(frame, call, 1))
  if (name === null) return m.domain.typed('bool')
  // a setting that no settings module of the tree defines is there only where somebody set it
  if (argument(frame, call, 0).atoms.every((a) => a.kind === 'external' && a.path === SETTINGS_OBJECT))
    return m.domain.join(m.domain.typed('bool'), setting(m, hasSetting(m, name) ? m.domain.true : m.domain.false))
  const { found: value, missing } = attempt(frame, () =>
    m.ops.getAttribute(frame, argument(frame, call, 0), name, { ...call.site, step: 'property' }),
  )
  if (value.atoms.length > 0 && missing) return m.domain.typed('bool')
  const known = value.atoms.every(
    (a) =>
      a.kind === 'function' ||
      (a.kind === 'bound' && a.func.kind !== 'external') ||
      a.kind === 'const' ||
      a.kind === 'class',
  )
  if (argument(frame, call, 0).atoms.every((a) => isBare(a)) && !/^__\w+__$/.test(name)) return m.domain.false
  const absent =
    value.atoms.every((a) => a.kind === 'unknown' && a.reason === 'attribute') &&
    argument(frame, call, 0).atoms.every(
      (a) => a.kind === 'instance' && a.cls !== null && !a.multiple && a.cls.mro.every((b) => b.kind === 'class'),
    )
  return value.atoms.length === 0
    ? m.domain.false
    : known
      ? m.domain.true
      : absent
        ? m.domain.false
        : m.domain.typed('bool')
}

/** `None` and `object()` have no attributes but the double-underscored ones. */
function isBare(atom: Atom): boolean {
  return (atom.kind === 'const' && atom.type === 'none') || (atom.kind === 'instance' && atom.ext === 'builtins.object')
}

const setattr: Native = (frame, call) => {
  const m = frame.machine
  const name = stringOf(argument(frame, call, 1))
  if (name !== null)
    m.ops.setAttribute(frame, { object: argument(frame, call, 0), name, value: argument(frame, call, 2) }, call.site)
  return m.domain.none
}

const isinstance: Native = (frame, call) => {
  const m = frame.machine
  const types = m.ops.flatten(argument(frame, call, 1))
  for (const type of types) {
    // the metaclass of a type has a say, but not about its own instances
    const check = type.kind === 'class' ? m.ops.typeMethod(frame, type, '__instancecheck__') : null
    if (check === null || argument(frame, call, 0).atoms.every((a) => m.ops.classOf(a) === type)) continue
    m.ops.call(frame, check, positional(argument(frame, call, 0)), implied(call.site, 'operator'))
    return m.domain.typed('bool')
  }
  const outcomes = new Set(argument(frame, call, 0).atoms.map((atom) => isInstanceOf(m, atom, types)))
  if (outcomes.size !== 1) return m.domain.typed('bool')
  const [outcome] = outcomes
  return outcome === null || outcome === undefined ? m.domain.typed('bool') : outcome ? m.domain.true : m.domain.false
}

const issubclass: Native = (frame, call) => {
  const m = frame.machine
  const cls = only(argument(frame, call, 0))
  const types = m.ops.flatten(argument(frame, call, 1))
  for (const type of types) {
    const check = type.kind === 'class' ? m.ops.typeMethod(frame, type, '__subclasscheck__') : null
    if (check === null) continue
    m.ops.call(frame, check, positional(argument(frame, call, 0)), implied(call.site, 'operator'))
    return m.domain.typed('bool')
  }
  const hooked = only(argument(frame, call, 1))
  const hook = hooked?.kind === 'class' ? classMember(m, hooked, '__subclasshook__') : null
  if (hook !== null && hooked !== null) {
    const ask = m.ops.getAttribute(frame, m.domain.of(hooked), '__subclasshook__', implied(call.site, 'property'))
    const said = m.ops.call(frame, ask, positional(argument(frame, call, 0)), implied(call.site, 'operator'))
    const answer = only(said)
    if (answer?.kind === 'const' && answer.type === 'bool') return said
    return m.domain.typed('bool')
  }
  const caught =
    cls?.kind === 'native' && EXCEPTIONS.includes(cls.name) ? catches(m, m.domain.of(cls), m.domain.union(types)) : null
  if (caught !== null) return caught ? m.domain.true : m.domain.false
  if (cls?.kind !== 'class' || types.some((t) => t.kind !== 'class')) return m.domain.typed('bool')
  return types.some((t) => cls.mro.includes(t)) ? m.domain.true : m.domain.false
}

const callable: Native = (frame, call) => {
  const m = frame.machine
  const outcomes = new Set(
    argument(frame, call, 0).atoms.map((a) => {
      if (
        a.kind === 'function' ||
        a.kind === 'bound' ||
        a.kind === 'class' ||
        a.kind === 'native' ||
        a.kind === 'special'
      )
        return true
      if (a.kind === 'const' || a.kind === 'container' || a.kind === 'generator' || a.kind === 'module') return false
      return a.kind === 'instance' && a.cls !== null ? m.ops.typeMethod(frame, a, '__call__') !== null : null
    }),
  )
  const [outcome] = outcomes
  return outcomes.size !== 1 || outcome === null || outcome === undefined
    ? m.domain.typed('bool')
    : outcome
      ? m.domain.true
      : m.domain.false
}

/** A class without a metaclass of its own or of a base. */
function isPlainType(cls: ClassAtom): boolean {
  return cls.metaclass === null && cls.mro.every((base) => base.kind === 'class' || base.kind === 'native')
}

const type: Native = (frame, call) => {
  const m = frame.machine
  if (call.args.pos.length >= 3) return m.ops.dynamicClass(frame, call.args, call.site)
  return m.domain.joinAll(
    argument(frame, call, 0).atoms.map((a) => {
      const cls = m.ops.classOf(a)
      if (cls !== null) return m.domain.of(cls)
      if (a.kind === 'class' && isPlainType(a)) return m.domain.native('type')
      return a.kind === 'const' || a.kind === 'typed' || a.kind === 'container'
        ? m.domain.native(a.type)
        : m.domain.unknown('type')
    }),
  )
}

/** `types.new_class(name, bases, keywords, fill)`: the last function fills the namespace. */
const newClass: Native = (frame, call) => {
  const m = frame.machine
  const fill = argument(frame, call, 3, 'exec_body')
  const node = call.site.site
  const namespace = m.domain.of(m.ops.newCollection(frame, 'dict', node))
  if (fill.atoms.length > 0) invoke(frame, fill, [namespace], call)
  const pos = [argument(frame, call, 0, 'name'), argument(frame, call, 1, 'bases'), namespace]
  return m.ops.dynamicClass(frame, { ...call.args, pos, kw: new Map() }, call.site)
}

const superCall: Native = (frame, call) => {
  const m = frame.machine
  const cls = only(argument(frame, call, 0))
  return cls?.kind === 'class'
    ? m.domain.joinAll(argument(frame, call, 1).atoms.map((a) => m.domain.superOf(cls, a)))
    : m.domain.unknown('super')
}

/** `super().__init__()` and the like where the tree has no further class: object's and type's own methods. */
const superObject =
  (name: string): Native =>
  (frame, call) => {
    const m = frame.machine
    const self = only(call.self ?? m.domain.bottom)
    if (name === '__new__') {
      const cls = only(argument(frame, call, 0))
      if (cls?.kind === 'class' && call.args.pos.length >= 4) return newType(frame, cls, call.args, call.site)
      return cls?.kind === 'class'
        ? m.domain.of(m.ops.newInstance(frame, cls, call.site))
        : m.domain.unknown('instance')
    }
    if (name === '__call__' && self?.kind === 'class')
      return construct(frame, self, call.args, implied(call.site, 'construct'))
    if (name === '__getattribute__' && self?.kind === 'instance' && self.cls !== null) {
      const attribute = stringOf(argument(frame, call, 0))
      return attribute === null
        ? m.domain.unknown('dynamic-getattr')
        : plainAttribute(frame, { self, cls: self.cls, name: attribute, alone: true }, implied(call.site, 'property'))
    }
    if (name === '__iter__' || name === '__enter__') return call.self ?? m.domain.none
    return name === '__init__' || name === '__init_subclass__' || name === '__exit__'
      ? m.domain.none
      : m.domain.unknown('object')
  }

const property: Native = (frame, call) =>
  frame.machine.domain.special('property', [
    argument(frame, call, 0, 'fget'),
    argument(frame, call, 1, 'fset'),
    argument(frame, call, 2, 'fdel'),
  ])
const wrapping =
  (kind: string): Native =>
  (frame, call) =>
    frame.machine.domain.special(kind, [argument(frame, call, 0)])

const print: Native = (frame, call) => {
  for (const value of [...call.args.pos, ...(call.args.restPos === null ? [] : [call.args.restPos])])
    frame.machine.ops.format(frame, value, 's', call.site)
  writeTo(frame, call.args.kw.get('file'), call)
  return frame.machine.domain.none
}

export const CORE: Natives = {
  getattr,
  hasattr,
  setattr,
  isinstance,
  issubclass,
  callable,
  type,
  print,
  property,
  super: superCall,
  delattr: (frame, call) => {
    const m = frame.machine
    const name = stringOf(argument(frame, call, 1))
    if (name !== null) m.ops.deleteAttribute(frame, argument(frame, call, 0), name, call.site)
    return m.domain.none
  },
  classmethod: wrapping('classmethod'),
  staticmethod: wrapping('staticmethod'),
  id: typed('int'),
  ord: typed('int'),
  chr: typed('str'),
  input: typed('str'),
  slice: typed('slice'),
  memoryview: typed('bytes'),
  open: (frame) => {
    frame.summary.canRaise = true
    return frame.machine.domain.external('io.open()')
  },
  object: (frame, call) => frame.machine.ops.plainObject(frame, call.site),
  'super.__init__': superObject('__init__'),
  'super.__new__': superObject('__new__'),
  'super.__call__': superObject('__call__'),
  'super.__getattribute__': superObject('__getattribute__'),
  'super.__init_subclass__': superObject('__init_subclass__'),
  'super.__enter__': superObject('__enter__'),
  'super.__exit__': superObject('__exit__'),
  'super.__iter__': superObject('__iter__'),
  'object.__new__': superObject('__new__'),
  'type.__new__': superObject('__new__'),
  'object.__init__': superObject('__init__'),
  'object.__getattribute__': (frame, call) => {
    const m = frame.machine
    const self = only(argument(frame, call, 0))
    const name = stringOf(argument(frame, call, 1))
    return self?.kind === 'instance' && self.cls !== null && name !== null
      ? plainAttribute(frame, { self, cls: self.cls, name, alone: true }, implied(call.site))
      : m.domain.unknown('dynamic-getattr')
  },
  'types.new_class': newClass,
  'abc.ABC.register': (frame, call) => {
    const m = frame.machine
    const base = only(call.self ?? m.domain.bottom)
    for (const cls of argument(frame, call, 0).atoms)
      if (cls.kind === 'class' && base !== null) cls.traits.add(`virtual:${base.id}`)
    return argument(frame, call, 0)
  },
  'type.__subclasses__': (frame, call) => {
    const m = frame.machine
    const cls = only(call.self ?? m.domain.bottom)
    const cell = cls?.kind === 'class' ? cls.fields.get(SUBCLASSES) : undefined
    const found = cell === undefined ? [] : m.store.read(cell).atoms.filter((a) => a.kind !== 'unbound')
    return m.ops.newList(
      frame,
      call.site.site,
      found.map((a) => m.domain.of(a)),
    )
  },
  'type.__call__': (frame, call) => {
    const cls = only(argument(frame, call, 0))
    return cls?.kind === 'class'
      ? construct(frame, cls, { ...call.args, pos: call.args.pos.slice(1) }, implied(call.site, 'construct'))
      : frame.machine.domain.unknown('instance')
  },
}
