// The builtin namespace and the dispatch of modelled functions. A builtin without a model has a result of its type and no effect.
import { UNBOUND } from '../natives/subclassed.ts'
import { EXCEPTIONS } from '../language/exception-hierarchy.ts'
import { recordNote } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { askSnapshot } from '../natives/namespaces.ts'
import { NATIVES } from '../natives/table.ts'
import type { CallArgs, NativeAtom, Value } from '../domain/values.ts'
import { settingText } from '../language/settings.ts'

const TYPES = [
  'object',
  'type',
  'str',
  'int',
  'float',
  'bool',
  'bytes',
  'list',
  'tuple',
  'set',
  'frozenset',
  'dict',
  'complex',
]

export function builtinNames(m: Machine): Map<string, Value> {
  const out = new Map<string, Value>()
  for (const name of Object.keys(NATIVES)) if (!name.includes('.')) out.set(name, m.domain.native(name))
  for (const name of [...EXCEPTIONS, ...TYPES]) out.set(name, m.domain.native(name))
  out.set('NotImplemented', m.domain.typed('NotImplementedType'))
  out.set('Ellipsis', m.domain.constant('ellipsis', null))
  out.set('__debug__', m.domain.true)
  for (const name of ['EnvironmentError', 'IOError']) out.set(name, m.domain.native('OSError'))
  out.delete('nothing')
  return out
}

/** Decorators that make a descriptor of a function: nobody reads them as a call. */
const WRAPPERS: ReadonlySet<string> = new Set(['staticmethod', 'classmethod', 'property'])
const EXCEPTION_NAMES: ReadonlySet<string> = new Set(EXCEPTIONS)

export function callNative(frame: Frame, native: NativeAtom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  const wraps = site.step === 'decorator' && WRAPPERS.has(native.name)
  if (m.options.graph && !native.name.includes('.') && !wraps)
    recordNote(frame, { note: 'edge', site: site.site, text: `<builtin>.${native.name}`, function: null })
  const own = native.self === null ? UNBOUND[native.name] : undefined
  if (own !== undefined && args.pos[0]?.atoms.every((a) => a.kind === 'instance') === true)
    return own(frame, { name: native.name, self: null, args, site })
  const model = Object.hasOwn(NATIVES, native.name) ? NATIVES[native.name] : undefined
  if (model !== undefined) return model(frame, { name: native.name, self: native.self, args, site })
  if (EXCEPTION_NAMES.has(native.name)) {
    // what a group holds is a part of it: lists change
    const members =
      native.name.endsWith('Group') && args.pos[1] !== undefined ? m.ops.spread(frame, args.pos[1], site) : null
    const parts = members === null ? args.pos : [...args.pos.slice(0, 1), ...(members.elements ?? [members.any])]
    return m.domain.special('exception', parts, [native.name], site.site)
  }
  if (native.name.startsWith('namespace.')) return askSnapshot(frame, native, args, site)
  const method = native.name.slice(native.name.indexOf('.') + 1)
  if (native.name.startsWith('setting.') && native.self !== null) return settingText(m, native.self, method)
  if (
    native.self === null &&
    native.name.includes('.') &&
    args.pos[0]?.atoms.every((a) => a.kind === 'const' || a.kind === 'typed' || a.kind === 'container') === true
  ) {
    // an unbound method of a builtin type: `str.lower(x)`, `dict.get(d, k)`
    return m.ops.call(
      frame,
      m.ops.getAttribute(frame, args.pos[0], method, implied(site, 'property')),
      { ...args, pos: args.pos.slice(1) },
      implied(site),
    )
  }
  return m.domain.typed(method.startsWith('is') ? 'bool' : 'object')
}

/** `dict.fromkeys`, `object.__new__`, `type.__call__`; of a namespace its methods. */
export function nativeAttribute(m: Machine, native: NativeAtom, name: string): Value {
  if (native.name.endsWith('.__dict__')) return m.domain.native(`namespace.${name}`, native.self)
  if (name === '__name__' || name === '__qualname__') return m.domain.constant('str', native.name)
  return m.domain.native(`${native.name}.${name}`, null)
}

/** Attributes that every object has. */
export function objectMember(m: Machine, self: Value, name: string): Value | null {
  if (name === '__doc__' || name === '__module__') return m.domain.typed('str')
  if (
    name === '__eq__' ||
    name === '__hash__' ||
    name === '__repr__' ||
    name === '__str__' ||
    name === '__init__' ||
    name === '__setattr__' ||
    name === '__getattribute__' ||
    name === '__new__'
  )
    return m.domain.native(`super.${name}`, self)
  return null
}
