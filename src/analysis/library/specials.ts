// Modelled objects: what reading, calling, awaiting and indexing a property, partial, cached function, task … does.
// Each keeps its parts as values; entering and leaving them as contexts is entering.ts.
import type { Receiver } from '../objects/members.ts'
import { errorAttribute } from '../objects/error-attributes.ts'
import { keptFunction, STARTS_LATER } from '../objects/decoration.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { positional, type Atom, type CallArgs, type ClassAtom, type SpecialAtom, type Value } from '../domain/values.ts'
import { introspected } from '../natives/introspection.ts'
import { SPECIAL_CALLS } from './special-calls.ts'
import { isSetting } from '../language/settings.ts'

const CALLABLE_LIKE: ReadonlySet<string> = new Set([
  'cached',
  'managerfactory',
  'singledispatch',
  'assumed',
  'managed',
  'partialmethod',
  'patched',
  'bridge-to-sync',
  'bridge-to-async',
  'decorated-method',
  'wrapped-by',
])

/** The functions of a property, in the order in which it keeps them. */
const ACCESSORS: readonly string[] = ['fget', 'fset', 'fdel']

/** Decorators that make a property of a property; those behind the first three are the hybrid ones of SQLAlchemy. */
const PROPERTY_PARTS: ReadonlySet<string> = new Set([
  'getter',
  'setter',
  'deleter',
  'expression',
  'comparator',
  'update_expression',
])

/** A special read from a class or through an instance. */
export function accessSpecial(frame: Frame, atom: SpecialAtom, { self, cls }: Receiver, site: CallSite): Value {
  const m = frame.machine
  const first = atom.parts[0] ?? m.domain.bottom
  if (atom.type === 'staticmethod') return first
  if (atom.type === 'classmethod') return m.domain.boundTo(first, cls)
  if (self === null) return m.domain.of(atom)
  if (atom.type === 'property')
    return first.atoms.length === 0
      ? m.domain.unknown('attribute')
      : m.ops.call(frame, first, positional(m.domain.of(self)), implied(site, 'property'))
  if (atom.type === 'cached_property') {
    const value = m.ops.call(frame, first, positional(m.domain.of(self)), implied(site, 'property'))
    const name = nameIn(cls, atom)
    if (self.kind === 'instance' && name !== null) m.ops.setField(self, name, value)
    return value
  }
  if (atom.type === 'field') return atom.parts[0] ?? m.domain.unknown('field')
  return CALLABLE_LIKE.has(atom.type) || atom.type === 'partial'
    ? atom.type === 'partial'
      ? m.domain.of(atom)
      : m.domain.bound(atom, self)
    : m.domain.of(atom)
}

function nameIn(cls: ClassAtom, atom: Atom): string | null {
  for (const base of cls.mro)
    if (base.kind === 'class') for (const [name, cell] of base.fields) if (cell.value.atoms.includes(atom)) return name
  return null
}

export function callSpecial(frame: Frame, atom: SpecialAtom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  const model = SPECIAL_CALLS.get(atom.type)
  if (model === undefined) return m.domain.unknown('special')
  return model({ m, frame, atom, args, site, first: atom.parts[0] ?? m.domain.bottom })
}

export function specialAttribute(frame: Frame, atom: SpecialAtom, name: string, site: CallSite): Value {
  const m = frame.machine
  const first = atom.parts[0] ?? m.domain.bottom
  if (atom.type === 'property' && PROPERTY_PARTS.has(name)) return m.domain.special('setter', atom.parts, [name])
  if (atom.type === 'property' && ACCESSORS.includes(name)) return atom.parts[ACCESSORS.indexOf(name)] ?? m.domain.none
  if (atom.type === 'singledispatch' && name === 'register') return m.domain.special('register', [m.domain.of(atom)])
  if (name === '__wrapped__' || name === 'func') return first
  if (atom.type === 'cached' && name === 'cache_clear') return m.domain.native('cached.clear', m.domain.of(atom))
  if (atom.type === 'singledispatch' && name === 'dispatch') return m.domain.special('dispatching', [m.domain.of(atom)])
  if (
    ((atom.type === 'future' || atom.type === 'task') && name === 'result') ||
    (atom.type === 'future' && (name === 'join' || name === 'get' || name === 'wait'))
  )
    return m.domain.native('future.result', m.domain.of(atom))
  if ((atom.type === 'future' || atom.type === 'task') && name === 'exception')
    return m.domain.native('future.exception', m.domain.of(atom))
  if ((atom.type === 'future' || atom.type === 'task') && name === 'add_done_callback')
    return m.domain.native('future.add_done_callback', m.domain.of(atom))
  if ((atom.type === 'handle' || atom.type === 'task' || atom.type === 'future') && name === 'cancel')
    return m.domain.native('task.cancel', m.domain.of(atom))
  if (atom.type === 'field' && (name === 'validator' || name === 'default'))
    return m.domain.special('fieldhook', [m.domain.of(atom)], [name])
  if (atom.type === 'patcher' && (name === 'start' || name === 'stop'))
    return m.domain.native(`patcher.${name}`, m.domain.of(atom))
  if (atom.type === 'package') return packageMember(m, atom, name)
  const said = introspected(frame, atom, name, site)
  if (said !== null) return said
  if (atom.type === 'exception') return errorAttribute(frame, atom, name) ?? m.domain.unknown('attribute')
  if (isSetting(atom) || atom.type === 'given') return m.domain.native(`setting.${name}`, m.domain.of(atom))
  if (atom.type === 'assumed' && !name.startsWith('_')) {
    const kept = keptFunction(m, first, name)
    if (kept !== null) return kept
    if (!STARTS_LATER.has(name)) return m.domain.special('member-of-assumed', [first], [name])
  }
  if (CALLABLE_LIKE.has(atom.type) && name.startsWith('__'))
    return m.ops.getAttribute(frame, first, name, implied(site))
  return m.domain.unknown('attribute')
}

/** An attribute of a namespace package: a module that somebody imported. */
function packageMember(m: Machine, atom: SpecialAtom, name: string): Value {
  const directory = atom.names[0] ?? ''
  for (const file of [`${directory}/${name}/__init__.py`, `${directory}/${name}.py`]) {
    const module = m.modules.get(file)
    if (module !== undefined && m.store.read(module.state) !== m.domain.unbound) return m.domain.of(module)
  }
  return m.domain.special('package', [], [`${directory}/${name}`])
}

export function specialItem(frame: Frame, atom: SpecialAtom, site: CallSite): Value {
  const m = frame.machine
  if (atom.type === 'items' || atom.type === 'values' || atom.type === 'keys')
    return m.ops.spread(frame, m.domain.of(atom), site).any
  return m.domain.unknown('element')
}
