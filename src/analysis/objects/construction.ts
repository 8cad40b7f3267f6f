// Construction follows type.__call__: metaclass __call__, __new__, __init__ along the method resolution order, then what dataclasses add.
// Instances are told apart by where they are made.
import { allocate, recordNote } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import {
  only,
  positional,
  withReceiver,
  type Atom,
  type CallArgs,
  type ClassAtom,
  type InstanceAtom,
  type Value,
} from '../domain/values.ts'
import { lastName } from '../../ir/nodes.ts'
import { instanceDraft } from '../domain/instances.ts'
import { classMember, unwrapped } from './members.ts'
import { fillFrom, isDictionary } from '../natives/subclassed.ts'
import { isErrorClass, keepArguments } from './error-attributes.ts'
import { NO_INIT } from './records.ts'
import { isMetaclass } from './metaclasses.ts'
import { refusesFields } from './signatures.ts'
import { PLAIN_BASES, refuse, takesNothing } from '../language/refusals.ts'

export function newInstance(frame: Frame, cls: ClassAtom, key: string, site: CallSite['site']): InstanceAtom {
  return allocate(frame, key, () => frame.machine.domain.make(instanceDraft({ cls, ext: null, site })))
}

/** What calling a class at this place makes. */
function instanceAt(frame: Frame, cls: ClassAtom, { site }: CallSite): InstanceAtom {
  return newInstance(frame, cls, `i${site.module.file}:${site.p}:${cls.id}`, site)
}

/** Calls a class. */
export function instantiate(frame: Frame, cls: ClassAtom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  const at = implied(site, site.step === 'call' ? 'construct' : site.step)
  const metaCall = cls.metaclass?.kind === 'class' ? classMember(m, cls.metaclass, '__call__') : null
  if (metaCall !== null) return m.ops.call(frame, metaCall, withReceiver(m.domain.of(cls), args), at)
  return construct(frame, cls, args, at)
}

/** `type.__call__`: __new__, then __init__ when __new__ gave an instance of the class. */
export function construct(frame: Frame, cls: ClassAtom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  if (cls.traits.has('enum') && args.pos.length === 1) return memberOf(frame, cls, args.pos[0] ?? m.domain.bottom, site)
  if (cls.traits.has('unbound-field') && !args.kw.has('_form') && args.restKw === null)
    return m.domain.external('wtforms.fields.core.UnboundField()')
  if (isAbstract(m, cls)) {
    m.ops.raise(frame, m.domain.native('TypeError'))
    return m.domain.bottom
  }
  if (isTypedDict(cls)) return m.ops.call(frame, m.domain.native('dict'), args, implied(site))
  const custom = classMember(m, cls, '__new__')
  let made: Value
  if (custom === null && isMetaclass(cls) && args.pos.length >= 3)
    made = m.ops.dynamicClass(frame, args, implied(site), cls)
  else if (custom === null) made = m.domain.of(instanceAt(frame, cls, site))
  else {
    const make = unwrapped(m, custom, 'staticmethod')
    made = m.ops.call(frame, make, withReceiver(m.domain.of(cls), args), implied(site))
    if (made.atoms.length === 0) return made
  }
  if (custom === null && classMember(m, cls, '__init__') === null && takesNothing(cls, args, site))
    return refuse(frame, 'TypeError')
  let out = m.domain.bottom
  for (const object of made.atoms) {
    if (object.kind === 'unknown' && custom !== null) {
      // __new__ ended in something unknown (object.__new__ of a library base): still an instance as far as anybody can tell
      out = m.domain.join(out, initialise(frame, { object: instanceAt(frame, cls, site), cls, args, site }))
    } else if (object.kind === 'instance' && object.cls?.mro.includes(cls) === true)
      out = m.domain.join(out, initialise(frame, { object, cls: object.cls, args, site }))
    else {
      if (object.kind === 'class' && m.ops.classOf(object)?.mro.includes(cls) === true)
        startClass(frame, object, args, site)
      out = m.domain.join(out, m.domain.of(object))
    }
  }
  return out
}

/** `__init__` of the metaclass that was called to make the class. */
function startClass(frame: Frame, made: ClassAtom, args: CallArgs, site: CallSite): void {
  const m = frame.machine
  const init = m.ops.typeMethod(frame, made, '__init__')
  if (init !== null) m.ops.call(frame, init, args, implied(site))
}

/** A class of the tree with `ABC` (or `ABCMeta`) and a method that is still abstract: calling it is an error. */
function isAbstract(m: Machine, cls: ClassAtom): boolean {
  const outside = cls.mro.filter((base) => base.kind !== 'class')
  const isPlain = outside.every((base) => base.kind === 'external' && PLAIN_BASES.has(base.path))
  const isAbc =
    outside.some((base) => base.kind === 'external' && base.path === 'abc.ABC') ||
    (cls.metaclass?.kind === 'external' && cls.metaclass.path === 'abc.ABCMeta')
  if (!isPlain || !isAbc) return false
  const names = new Set(cls.mro.flatMap((base) => (base.kind === 'class' ? [...base.fields.keys()] : [])))
  return [...names].some((name) => {
    const member = classMember(m, cls, name)
    return member !== null && member.atoms.every((atom) => isAbstractMember(atom))
  })
}

/** A class below `TypedDict`: calling it gives a plain dictionary. */
function isTypedDict(cls: ClassAtom): boolean {
  return cls.mro.some((base) => base.kind === 'external' && /^typing(?:_extensions)?\.TypedDict$/.test(base.path))
}

function isAbstractMember(atom: Atom): boolean {
  if (atom.kind === 'special') return atom.parts[0]?.atoms.some((part) => isAbstractMember(part)) === true
  return atom.kind === 'function' && atom.fn.decorators.some((x) => lastName(x)?.startsWith('abstract') === true)
}

/** `Colour(value)`: the member of that value; `_missing_` is asked where there certainly is none. */
function memberOf(frame: Frame, cls: ClassAtom, value: Value, site: CallSite): Value {
  const m = frame.machine
  const members = [...cls.fields.values()].flatMap((c) =>
    m.store.read(c).atoms.filter((a): a is InstanceAtom => a.kind === 'instance' && a.cls === cls),
  )
  const all = m.domain.union(members)
  const asked = only(value)
  if (asked?.kind !== 'const') return all
  const values = members.map((member) => {
    const cell = member.fields.get('value')
    return cell === undefined ? null : only(m.store.read(cell))
  })
  const found = members.find((_, index) => values[index] === asked)
  if (found !== undefined) return m.domain.of(found)
  if (values.some((known) => known?.kind !== 'const')) return all
  const missing = classMember(m, cls, '_missing_')
  if (missing === null) {
    frame.summary.canRaise = true
    return all
  }
  const hook = m.ops.getAttribute(frame, m.domain.of(cls), '_missing_', implied(site, 'property'))
  return m.ops.call(frame, hook, positional(value), implied(site, 'invoke'))
}

/** An object on its way, and what its class was called with. */
export interface Construction {
  readonly object: InstanceAtom
  /** the class of the object */
  readonly cls: ClassAtom
  readonly args: CallArgs
  readonly site: CallSite
}

function initialise(frame: Frame, start: Construction): Value {
  const m = frame.machine
  const { object, cls, args, site } = start
  if (isErrorClass(cls)) keepArguments(frame, object, args.pos)
  const init = classMember(m, cls, '__init__')
  if (init !== null) {
    const result = m.ops.call(frame, init, withReceiver(m.domain.of(object), args), implied(site))
    if (result.atoms.length === 0) return result
  } else if (cls.traits.has(NO_INIT)) return m.domain.of(object)
  else if (cls.traits.has('dataclass') || cls.traits.has('fields') || cls.traits.has('pydantic')) {
    if (refusesFields(m, cls, args, site)) return refuse(frame, 'TypeError')
    m.ops.generatedInit(frame, start)
  } else {
    if (isDictionary(cls)) fillFrom(frame, object, { args, site })
    for (const base of cls.mro) {
      if (base.kind !== 'external') continue
      if (m.options.graph)
        recordNote(frame, { note: 'edge', site: site.site, text: `${base.path}.__init__`, function: null })
      m.ops.constructBase(frame, base.path, start)
    }
  }
  return m.domain.of(object)
}
