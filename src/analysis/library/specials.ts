// Modelled objects: what reading, calling, awaiting and indexing a property, partial, cached function, task … does.
// Each keeps its parts as values; entering and leaving them as contexts is entering.ts.
import { keepReceiver } from '../django/signals.ts'
import { contained, failure, join, ONE_TURN, perhapsAsTask, TASK_TURNS, waitFor } from '../suspended/awaiting.ts'
import { recordUnknown } from '../machine/frames.ts'
import { keptFunction, STARTS_LATER } from '../objects/decoration.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import {
  ASSUMED,
  leastSure,
  only,
  positional,
  type Atom,
  type CallArgs,
  type ClassAtom,
  type SpecialAtom,
  type Value,
} from '../domain/values.ts'
import { dispatch, implementation, register } from './dispatch.ts'
import { callBridge, callWrapped } from '../natives/bridges.ts'
import { isSetting } from '../language/settings.ts'
import { close, resume } from '../suspended/resumption.ts'

const CALLABLE_LIKE: ReadonlySet<string> = new Set([
  'cached',
  'managerfactory',
  'singledispatch',
  'assumed',
  'managed',
  'partialmethod',
  'bridge-to-sync',
  'bridge-to-async',
  'wrapped-by',
])

/** A special read from a class or through an instance. */
export function accessSpecial(
  m: Machine,
  frame: Frame,
  atom: SpecialAtom,
  self: Atom | null,
  cls: ClassAtom,
  site: CallSite,
): Value {
  const first = atom.parts[0] ?? m.domain.bottom
  if (atom.type === 'staticmethod') return first
  if (atom.type === 'classmethod') return m.domain.joinAll(first.atoms.map((f) => m.domain.bound(f, cls)))
  if (self === null) return m.domain.of(atom)
  if (atom.type === 'property')
    return first.atoms.length === 0
      ? m.domain.unknown('attribute')
      : m.ops.call(frame, first, positional(m.domain.of(self)), { ...site, step: 'property' }, null)
  if (atom.type === 'cached_property') {
    const value = m.ops.call(frame, first, positional(m.domain.of(self)), { ...site, step: 'property' }, null)
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

export function callSpecial(m: Machine, frame: Frame, atom: SpecialAtom, args: CallArgs, site: CallSite): Value {
  const first = atom.parts[0] ?? m.domain.bottom
  switch (atom.type) {
    case 'partial':
    case 'partialmethod': {
      const count = Number(atom.names[0] ?? 0)
      const kw = new Map<string, Value>()
      atom.names.slice(1).forEach((name, i) => kw.set(name, atom.parts[1 + count + i] ?? m.domain.bottom))
      for (const [name, value] of args.kw) kw.set(name, value)
      const given = atom.parts.slice(1, 1 + count)
      // a method gets its object first, what was fixed comes after it
      const self = atom.type === 'partialmethod' ? 1 : 0
      const pos = [...args.pos.slice(0, self), ...given, ...args.pos.slice(self)]
      return m.ops.call(frame, first, { ...args, pos, kw }, site, null)
    }
    case 'cached':
      return callCached(m, frame, atom, args, site)
    case 'managerfactory': {
      const made = m.ops.call(frame, first, args, site, null)
      return made.atoms.some((a) => a.kind === 'generator') ? m.domain.special('contextmanager', [made]) : made
    }
    case 'contextmanager':
      // used as a decorator (ContextDecorator): the block runs at each call of the function
      return m.domain.special('managed', [m.domain.of(atom), args.pos[0] ?? m.domain.bottom])
    case 'managed': {
      let result = m.domain.bottom
      const ends = m.ops.enterContext(frame, first, { ...site, step: 'enter' }, false, () => {
        result = m.ops.call(frame, atom.parts[1] ?? m.domain.bottom, args, site, null)
        return result.atoms.length > 0
      })
      m.stopped = m.stopped || !ends
      return result
    }
    case 'assumed':
      return m.ops.call(frame, first, args, { ...site, resolution: leastSure(site.resolution, ASSUMED) }, null)
    case 'bridge-to-sync':
    case 'bridge-to-async':
      return callBridge(m, frame, atom, args, site)
    case 'decorator-of':
      return m.domain.special('wrapped-by', [first, args.pos[0] ?? m.domain.bottom], atom.names)
    case 'wrapped-by':
      return callWrapped(m, frame, atom, args, site)
    case 'member-of-assumed':
      // `@total.setter` of an unknown decorator: one more assumption of the kind that was made for the decorator itself
      if (site.step === 'decorator' && args.pos[0] !== undefined) return m.domain.special('assumed', [args.pos[0]])
      // a method of whatever the decorator made: it may run the function
      recordUnknown(frame, site.site, 'external-callable')
      return m.domain.unknown('external-callable')
    case 'applied':
      // `task.apply(args=(1,))`: the arguments of the body are in the arguments, in the library's own way
      return m.ops.call(
        frame,
        first,
        { pos: [], kw: new Map(), restPos: m.domain.unknown('untyped-parameter'), restKw: null },
        { ...site, step: 'invoke', resolution: leastSure(site.resolution, ASSUMED) },
        null,
      )
    case 'singledispatch':
      return dispatch(m, frame, atom, args, site)
    case 'dispatching':
      return implementation(m, only(first), args.pos[0] ?? m.domain.bottom)
    case 'register':
      return register(m, atom, args)
    case 'methodcaller': {
      const object = args.pos[0] ?? m.domain.bottom
      return m.ops.call(
        frame,
        m.ops.getAttribute(frame, object, atom.names[0] ?? '', { ...site, step: 'property' }, null),
        { pos: atom.parts, kw: new Map(), restPos: null, restKw: null },
        { ...site, step: 'invoke' },
        null,
      )
    }
    case 'attrgetter': {
      let value = args.pos[0] ?? m.domain.bottom
      for (const name of (atom.names[0] ?? '').split('.'))
        value = m.ops.getAttribute(frame, value, name, { ...site, step: 'property' }, null)
      return value
    }
    case 'itemgetter':
      return m.ops.getItem(frame, args.pos[0] ?? m.domain.bottom, first, { ...site, step: 'operator' })
    case 'receiver':
      return keepReceiver(m, atom, args)
    case 'decorator':
      return applyDecorator(m, atom.names[0] ?? 'identity', atom.names.slice(1), args)
    case 'classmethod':
    case 'staticmethod':
    case 'validator':
      return m.ops.call(frame, first, args, site, null)
    case 'namedtuple': {
      return m.ops.newList(
        frame,
        { p: site.site.p, e: site.site.e },
        [...args.pos, ...args.kw.values()],
        m.domain.bottom,
        'tuple',
      )
    }
    case 'fieldhook': {
      // `@x.validator`, `@x.default` of attrs
      const target = args.pos[0] ?? m.domain.bottom
      return atom.names[0] === 'default'
        ? m.domain.special('default-of', [target, first])
        : m.domain.special('validator', [target], ['attrs'])
    }
    case 'comparable':
      // `cmp_to_key(f)`: keys that are compared by the function
      return m.domain.special('compared', [first, args.pos[0] ?? m.domain.bottom])
    case 'nullary':
      return first
    case 'setter': {
      // `@prop.setter`: a property with the same getter
      const f = args.pos[0] ?? m.domain.bottom
      const slot = atom.names[0] === 'setter' ? 1 : atom.names[0] === 'deleter' ? 2 : 0
      return m.domain.special(
        'property',
        [0, 1, 2].map((i) => (i === slot ? f : (atom.parts[i] ?? m.domain.bottom))),
      )
    }
    default:
      return m.domain.unknown('special')
  }
}

function applyDecorator(m: Machine, kind: string, names: readonly string[], args: CallArgs): Value {
  const target = args.pos[0] ?? m.domain.bottom
  if (kind === 'identity') return target
  if (kind === 'validator' || kind === 'serializer') return m.domain.special(kind, [target], names)
  if (kind === 'computed') {
    const inner = target.atoms[0]
    return m.domain.special('property', inner?.kind === 'special' ? inner.parts : [target], ['computed'])
  }
  if (kind.startsWith('mark:')) {
    for (const atom of target.atoms)
      if (atom.kind === 'class') for (const name of [kind.slice(5), ...names]) atom.traits.add(name)
    return target
  }
  return m.domain.special(kind, [target])
}

/** A cached body runs on the first call with these arguments only. */
function callCached(m: Machine, frame: Frame, atom: SpecialAtom, args: CallArgs, site: CallSite): Value {
  const key = `${atom.id}:${args.pos.map((v) => v.id).join(',')}:${[...args.kw].map(([n, v]) => `${n}=${v.id}`).join(',')}`
  let cell = m.cached.get(key)
  if (cell === undefined) {
    cell = m.store.cell(m.domain.unbound, 0)
    m.cached.set(key, cell)
  }
  const known = m.store.read(cell)
  if (known !== m.domain.unbound && !known.atoms.some((a) => a.kind === 'unbound')) return known
  const value = m.ops.call(frame, atom.parts[0] ?? m.domain.bottom, args, site, null)
  if (value.atoms.length > 0) m.store.write(cell, value)
  return value
}

export function specialAttribute(m: Machine, frame: Frame, atom: SpecialAtom, name: string, site: CallSite): Value {
  const first = atom.parts[0] ?? m.domain.bottom
  if (atom.type === 'property' && (name === 'setter' || name === 'deleter' || name === 'getter'))
    return m.domain.special('setter', atom.parts, [name])
  if (atom.type === 'property' && name === 'fget') return first
  if (atom.type === 'singledispatch' && name === 'register') return m.domain.special('register', [m.domain.of(atom)])
  if (name === '__wrapped__' || name === 'func') return first
  if (atom.type === 'cached' && name === 'cache_clear') return m.domain.native('cached.clear', m.domain.of(atom))
  if (atom.type === 'singledispatch' && name === 'dispatch') return m.domain.special('dispatching', [m.domain.of(atom)])
  if (
    ((atom.type === 'future' || atom.type === 'task') && (name === 'result' || name === 'exception')) ||
    (atom.type === 'future' && (name === 'join' || name === 'get' || name === 'wait'))
  )
    return m.domain.native('future.result', m.domain.of(atom))
  if ((atom.type === 'future' || atom.type === 'task') && name === 'add_done_callback')
    return m.domain.native('future.add_done_callback', m.domain.of(atom))
  if ((atom.type === 'handle' || atom.type === 'task' || atom.type === 'future') && name === 'cancel')
    return m.domain.native('task.cancel', m.domain.of(atom))
  if (atom.type === 'field' && (name === 'validator' || name === 'default'))
    return m.domain.special('fieldhook', [m.domain.of(atom)], [name])
  if (atom.type === 'package') return packageMember(m, atom, name)
  if (atom.type === 'exception' && (name === 'args' || name === 'exceptions')) {
    const parts = name === 'args' ? atom.parts : atom.parts.slice(1)
    return m.ops.newList(frame, { p: site.site.p, e: site.site.e }, parts, m.domain.bottom, 'tuple')
  }
  if (isSetting(atom) || atom.type === 'given') return m.domain.native(`setting.${name}`, m.domain.of(atom))
  if (atom.type === 'assumed' && !name.startsWith('_')) {
    const kept = keptFunction(m, first, name)
    if (kept !== null) return kept
    if (!STARTS_LATER.has(name)) return m.domain.special('member-of-assumed', [first], [name])
  }
  if (CALLABLE_LIKE.has(atom.type) && name.startsWith('__')) return m.ops.getAttribute(frame, first, name, site, null)
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

export function awaitSpecial(m: Machine, frame: Frame, atom: SpecialAtom, site: CallSite): Value {
  const [first, second] = atom.parts
  switch (atom.type) {
    case 'awaitable':
      return first ?? m.domain.none
    case 'sleep':
      m.ops.suspend(frame, atom.names[0] === 'zero' ? ONE_TURN : undefined)
      return first ?? m.domain.none
    case 'task':
    case 'future': {
      if (atom.type === 'task') waitFor(m, frame, [atom], TASK_TURNS)
      else {
        join(m, (t) => t.owner === atom)
        m.ops.suspend(frame)
      }
      return failure(m, frame, atom) ? m.domain.bottom : m.domain.unknown('task')
    }
    case 'gathered':
      contained(m, frame, atom.names.includes('exceptions'), () => {
        for (const part of atom.parts) m.ops.await(frame, part, site)
      })
      if (m.stopped) return m.domain.bottom
      m.ops.suspend(frame, ONE_TURN)
      return m.domain.unknown('task')
    case 'awaitable-of': {
      let out = m.domain.bottom
      const one = atom.names[0] === 'one'
      contained(m, frame, !one, () => {
        for (const part of atom.parts) {
          const value = (): Value => m.ops.await(frame, part, site)
          out = m.domain.join(out, atom.names[1] === 'limited' ? perhapsAsTask(m, frame, value) : value())
        }
      })
      if (one) return out
      m.ops.suspend(frame, ONE_TURN)
      return m.domain.unknown('task')
    }
    case 'to-thread': {
      const value = m.ops.call(frame, first ?? m.domain.bottom, positional(), { ...site, step: 'invoke' }, null)
      m.ops.suspend(frame)
      return value
    }
    case 'anext':
      return m.domain.joinAll(
        (first ?? m.domain.bottom).atoms.map(
          (a) => resume(m, frame, a, { ...site, step: 'await' }, second ?? m.domain.none).value,
        ),
      )
    case 'aclose':
      for (const a of first?.atoms ?? []) close(m, frame, a, { ...site, step: 'await' })
      return m.domain.none
    default:
      m.ops.suspend(frame)
      return m.domain.unknown('await')
  }
}

export function specialItem(m: Machine, frame: Frame, atom: SpecialAtom, site: CallSite): Value {
  if (atom.type === 'items' || atom.type === 'values' || atom.type === 'keys')
    return m.ops.spread(frame, m.domain.of(atom), site).any
  return m.domain.unknown('element')
}
