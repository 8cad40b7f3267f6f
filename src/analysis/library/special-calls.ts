// What calling a modelled object does: a partial, a cached or dispatching function, a decorator that was made, a caller of methods.
// Must stay true: one entry a kind of object; a kind without an entry gives an unknown value.
import { callDecoratedMethod, decorateMethod } from '../django/method-decorators.ts'
import { keepReceiver } from '../django/signals.ts'
import { ASSUMED, leastSure, only, positional, type CallArgs, type SpecialAtom, type Value } from '../domain/values.ts'
import { updateWrapper } from '../objects/decoration.ts'
import { recordUnknown } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { mark } from '../natives/records.ts'
import { callPatched, decoratedByPatch } from '../natives/mocking.ts'
import { callBridge, callWrapped } from '../natives/bridges.ts'
import { dispatch, implementation, register } from './dispatch.ts'

/** One call of a modelled object. */
interface SpecialCall {
  readonly m: Machine
  readonly frame: Frame
  readonly atom: SpecialAtom
  readonly args: CallArgs
  readonly site: CallSite
  /** what the object was made over: the function, most often */
  readonly first: Value
}

type Model = (call: SpecialCall) => Value

/** Models of calls by the kind of object. */
export const SPECIAL_CALLS: ReadonlyMap<string, Model> = new Map<string, Model>([
  ['partial', ({ m, frame, site, first, ...call }) => m.ops.call(frame, first, fixed(call, 0, m), implied(site))],
  // a method gets its object first, what was fixed comes after it
  ['partialmethod', ({ m, frame, site, first, ...call }) => m.ops.call(frame, first, fixed(call, 1, m), implied(site))],
  ['cached', cachedResult],
  ['managerfactory', madeManager],
  // used as a decorator (ContextDecorator): the block runs at each call of the function
  ['contextmanager', ({ m, atom, args }) => m.domain.special('managed', [m.domain.of(atom), given(m, args)])],
  ['managed', withinBlock],
  ['patcher', ({ m, atom, args }) => decoratedByPatch(m, atom, given(m, args))],
  ['patched', ({ frame, atom, args, site }) => callPatched(frame, atom, args, site)],
  ['assumed', ({ m, frame, args, site, first }) => m.ops.call(frame, first, args, implied(assumed(site)))],
  ['bridge-to-sync', ({ frame, atom, args, site }) => callBridge(frame, atom, args, site)],
  ['bridge-to-async', ({ frame, atom, args, site }) => callBridge(frame, atom, args, site)],
  ['decorator-of', ({ m, atom, args, first }) => m.domain.special('wrapped-by', [first, given(m, args)], atom.names)],
  ['wrapped-by', ({ frame, atom, args, site }) => callWrapped(frame, atom, args, site)],
  ['member-of-assumed', assumedMember],
  ['applied', appliedTask],
  ['singledispatch', ({ frame, atom, args, site }) => dispatch(frame, atom, args, site)],
  ['dispatching', ({ m, args, first }) => implementation(m, only(first), given(m, args))],
  ['register', ({ m, atom, args }) => register(m, atom, args)],
  ['methodcaller', calledMethod],
  ['attrgetter', readAttribute],
  [
    'itemgetter',
    ({ m, frame, args, site, first }) => m.ops.getItem(frame, given(m, args), first, implied(site, 'operator')),
  ],
  ['method-decorator', ({ m, frame, atom, args, site }) => decorateMethod(frame, atom, given(m, args), site)],
  ['decorated-method', ({ frame, atom, args, site }) => callDecoratedMethod(frame, atom, args, site)],
  ['receiver', ({ m, atom, args }) => keepReceiver(m, atom, args)],
  ['decorator', decorated],
  ['classmethod', called],
  ['staticmethod', called],
  ['validator', called],
  ['namedtuple', madeTuple],
  ['fieldhook', fieldHook],
  // `cmp_to_key(f)`: keys that are compared by the function
  ['comparable', ({ m, args, first }) => m.domain.special('compared', [first, given(m, args)])],
  ['nullary', ({ first }) => first],
  ['setter', propertyWith],
])

function given(m: Machine, args: CallArgs): Value {
  return args.pos[0] ?? m.domain.bottom
}

function assumed(site: CallSite): CallSite {
  return { ...site, resolution: leastSure(site.resolution, ASSUMED) }
}

function called({ m, frame, args, site, first }: SpecialCall): Value {
  return m.ops.call(frame, first, args, implied(site))
}

/** The arguments of a partial object with those of the call; the first `own` of the call stay in front. */
function fixed({ atom, args }: Pick<SpecialCall, 'atom' | 'args'>, own: number, m: Machine): CallArgs {
  const count = Number(atom.names[0] ?? 0)
  const kw = new Map<string, Value>()
  atom.names.slice(1).forEach((name, i) => kw.set(name, atom.parts[1 + count + i] ?? m.domain.bottom))
  for (const [name, value] of args.kw) kw.set(name, value)
  return { ...args, pos: [...args.pos.slice(0, own), ...atom.parts.slice(1, 1 + count), ...args.pos.slice(own)], kw }
}

/** A cached body runs on the first call with these arguments only. */
function cachedResult({ m, frame, atom, args, site, first }: SpecialCall): Value {
  const key = `${atom.id}:${args.pos.map((v) => v.id).join(',')}:${[...args.kw].map(([n, v]) => `${n}=${v.id}`).join(',')}`
  const cell = m.store.cellIn(m.cached, key, 0)
  const known = m.store.read(cell)
  if (known !== m.domain.unbound && !known.atoms.some((a) => a.kind === 'unbound')) return known
  const value = m.ops.call(frame, first, args, implied(site))
  if (value.atoms.length > 0) m.store.write(cell, value)
  return value
}

function madeManager(call: SpecialCall): Value {
  const made = called(call)
  return made.atoms.some((a) => a.kind === 'generator') ? call.m.domain.special('contextmanager', [made]) : made
}

/** A function whose body stands in a context: `@manager()` over it. */
function withinBlock({ m, frame, atom, args, site, first }: SpecialCall): Value {
  let result = m.domain.bottom
  const ends = m.ops.enterContext(frame, first, { ...implied(site, 'enter'), async: false }, () => {
    result = m.ops.call(frame, atom.parts[1] ?? m.domain.bottom, args, implied(site))
    return result.atoms.length > 0
  })
  m.stopped = m.stopped || !ends
  return result
}

function assumedMember({ m, frame, args, site }: SpecialCall): Value {
  // `@total.setter` of an unknown decorator: one more assumption of the kind that was made for the decorator itself
  if (site.step === 'decorator' && args.pos[0] !== undefined) return m.domain.special('assumed', [args.pos[0]])
  // a method of whatever the decorator made: it may run the function
  recordUnknown(frame, site.site, 'external-callable')
  return m.domain.unknown('external-callable')
}

/** `task.apply(args=(1,))`: the arguments of the body are in the arguments, in the library's own way. */
function appliedTask({ m, frame, site, first }: SpecialCall): Value {
  const args = { ...positional(), restPos: m.domain.unknown('untyped-parameter') }
  return m.ops.call(frame, first, args, implied(assumed(site), 'invoke'))
}

function calledMethod({ m, frame, atom, args, site }: SpecialCall): Value {
  const method = m.ops.getAttribute(frame, given(m, args), atom.names[0] ?? '', implied(site, 'property'))
  return m.ops.call(frame, method, positional(...atom.parts), implied(site, 'invoke'))
}

function readAttribute({ m, frame, atom, args, site }: SpecialCall): Value {
  let value = given(m, args)
  for (const name of (atom.names[0] ?? '').split('.'))
    value = m.ops.getAttribute(frame, value, name, implied(site, 'property'))
  return value
}

/** A decorator of a library: what it makes of its target is named by its kind. */
function decorated({ m, atom, args, first }: SpecialCall): Value {
  const [kind = 'identity', ...names] = atom.names
  const target = given(m, args)
  if (kind === 'identity') return target
  if (kind === 'wraps') return updateWrapper(m, target, first)
  if (kind === 'validator' || kind === 'serializer') return m.domain.special(kind, [target], names)
  if (kind === 'computed') {
    const inner = target.atoms[0]
    return m.domain.special('property', inner?.kind === 'special' ? inner.parts : [target], ['computed'])
  }
  if (kind.startsWith('mark:')) {
    for (const it of target.atoms) if (it.kind === 'class') mark(it, [kind.slice(5), ...names])
    return target
  }
  return m.domain.special(kind, [target])
}

function madeTuple({ m, frame, args, site }: SpecialCall): Value {
  const place = site.site
  return m.ops.newList(frame, place, [...args.pos, ...args.kw.values()], 'tuple')
}

/** `@x.validator`, `@x.default` of attrs. */
function fieldHook({ m, atom, args, first }: SpecialCall): Value {
  return atom.names[0] === 'default'
    ? m.domain.special('default-of', [given(m, args), first])
    : m.domain.special('validator', [given(m, args)], ['attrs'])
}

/** `@prop.setter`: a property with the same getter; `@prop.expression` of a hybrid one changes what the class gives. */
function propertyWith({ m, atom, args }: SpecialCall): Value {
  const slot = ['getter', 'setter', 'deleter'].indexOf(atom.names[0] ?? '')
  return m.domain.special(
    'property',
    [0, 1, 2].map((i) => (i === slot ? given(m, args) : (atom.parts[i] ?? m.domain.bottom))),
  )
}
