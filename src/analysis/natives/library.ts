// Modules of the standard library that call back, or that hand out what they were given: queue, operator, re, json, pickle,
// contextvars. What they store is kept in slots of the object, so that it comes out where CPython hands it out.
import { implied } from '../machine/sites.ts'
import { binary, compare } from '../language/operators.ts'
import type { Machine } from '../machine/machine.ts'
import { only, type Value } from '../domain/values.ts'
import { argument, invoke, making, type Native, type Natives } from './native.ts'
import { executor, executorMap, joinGroup } from './threads.ts'

const queuePut: Native = (frame, call) => {
  const m = frame.machine
  for (const self of call.self?.atoms ?? []) {
    if (self.kind !== 'instance') continue
    m.ops.push(self, 'items', argument(frame, call, 0, 'item'))
    const size = only(m.ops.slot(self, 'size'))
    const count = size?.kind === 'const' && typeof size.value === 'number' ? size.value : size === null ? 0 : null
    m.ops.setSlot(self, 'size', count === null ? m.domain.typed('int') : m.domain.constant('int', count + 1))
  }
  return m.domain.none
}

/** What was put in; `filled`: whether something certainly is there. */
function takeFrom(m: Machine, self: Value | null): { readonly value: Value; readonly filled: boolean } {
  let value = m.domain.bottom
  let filled = true
  for (const atom of self?.atoms ?? []) {
    if (atom.kind !== 'instance') continue
    value = m.domain.join(value, m.ops.slot(atom, 'items'))
    const size = only(m.ops.slot(atom, 'size'))
    const count = size?.kind === 'const' && typeof size.value === 'number' ? size.value : 0
    if (count > 0) m.ops.setSlot(atom, 'size', m.domain.constant('int', count - 1))
    else filled = false
  }
  return { value: value.atoms.length > 0 ? value : m.domain.unknown('element'), filled }
}

const queueGet: Native = (frame, call) => takeFrom(frame.machine, call.self).value

/** `operator.add(a, b)` and the like: the operator itself. */
const operation =
  (op: string): Native =>
  (frame, call) =>
    binary(
      frame,
      { op, left: argument(frame, call, 0), right: argument(frame, call, 1) },
      {
        ...call.site,
        step: 'operator',
      },
    )
const comparison =
  (op: string): Native =>
  (frame, call) =>
    compare(
      frame,
      { op, left: argument(frame, call, 0), right: argument(frame, call, 1) },
      {
        ...call.site,
        step: 'operator',
      },
    )
const OPERATIONS: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  truediv: '/',
  floordiv: '//',
  mod: '%',
  pow: '**',
  matmul: '@',
  lshift: '<<',
  rshift: '>>',
  and_: '&',
  or_: '|',
  xor: '^',
  concat: '+',
  iadd: '+',
  ior: '|',
}
const COMPARISONS: Readonly<Record<string, string>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  is_: 'is',
  is_not: 'is not',
}

const variableSet: Native = (frame, call) => {
  const m = frame.machine
  const self = only(call.self ?? m.domain.bottom)
  if (self?.kind !== 'instance') return m.domain.unknown('token')
  const before = m.ops.slot(self, 'value')
  m.ops.setSlot(self, 'value', argument(frame, call, 0))
  return m.domain.special('token', [before])
}
const variableGet: Native = (frame, call) => {
  const m = frame.machine
  const self = only(call.self ?? m.domain.bottom)
  if (self?.kind !== 'instance') return m.domain.unknown('element')
  const value = m.ops.slot(self, 'value')
  if (value.atoms.length > 0) return value
  const fallback = call.args.pos[0] ?? m.ops.slot(self, 'default')
  return fallback.atoms.length > 0 ? fallback : m.domain.unknown('element')
}

/** A pool's map waits for all results. */
const poolMap: Native = (frame, call) => {
  const m = frame.machine
  let out = m.domain.bottom
  m.ops.iterate(frame, argument(frame, call, 1), implied(call.site, 'iterate'), (x) => {
    const args = call.name.endsWith('starmap') ? (m.ops.spread(frame, x, call.site).elements ?? [x]) : [x]
    out = m.domain.join(out, invoke(frame, argument(frame, call, 0), args, call))
    return true
  })
  return m.ops.newList(frame, call.site.site, out)
}

export const LIBRARY: Natives = {
  'multiprocessing.pool.ThreadPool': making('multiprocessing.pool.Pool'),
  'multiprocessing.pool.Pool': making('multiprocessing.pool.Pool'),
  'multiprocessing.Pool': making('multiprocessing.pool.Pool'),
  ...Object.fromEntries(
    ['map', 'starmap', 'imap', 'imap_unordered'].map((name) => [`multiprocessing.pool.Pool.${name}`, poolMap]),
  ),
  'multiprocessing.pool.Pool.apply': (frame, call) =>
    invoke(
      frame,
      argument(frame, call, 0),
      frame.machine.ops.spread(frame, argument(frame, call, 1), call.site).elements ?? [],
      call,
    ),
  'multiprocessing.pool.Pool.apply_async': executor(0),
  'multiprocessing.pool.Pool.map_async': executorMap,
  'multiprocessing.pool.Pool.join': (frame, call) => (
    joinGroup(frame.machine, call.self?.atoms ?? []), frame.machine.domain.none
  ),
  'queue.Queue': making('queue.Queue'),
  'queue.LifoQueue': making('queue.Queue'),
  'queue.PriorityQueue': making('queue.Queue'),
  'queue.SimpleQueue': making('queue.Queue'),
  'queue.Queue.put': queuePut,
  'queue.Queue.put_nowait': queuePut,
  'queue.Queue.get': queueGet,
  'queue.Queue.get_nowait': queueGet,
  'asyncio.Queue.put': (frame, call) => frame.machine.domain.special('awaitable', [queuePut(frame, call)]),
  'asyncio.Queue.get': (frame, call) => {
    const { value, filled } = takeFrom(frame.machine, call.self)
    return frame.machine.domain.special(filled ? 'awaitable' : 'sleep', [value], [], call.site.site)
  },
  'asyncio.Event.set': (frame, call) => {
    const m = frame.machine
    for (const self of call.self?.atoms ?? []) if (self.kind === 'instance') m.ops.setSlot(self, 'set', m.domain.true)
    return m.domain.none
  },
  'asyncio.Event.wait': (frame, call) => {
    const m = frame.machine
    const self = only(call.self ?? m.domain.bottom)
    const isSet = self?.kind === 'instance' && m.ops.slot(self, 'set') === m.domain.true
    return m.domain.special(isSet ? 'awaitable' : 'sleep', [m.domain.true], [], call.site.site)
  },
  'asyncio.Queue.put_nowait': queuePut,
  'asyncio.Queue.get_nowait': queueGet,
  ...Object.fromEntries(Object.entries(OPERATIONS).map(([name, op]) => [`operator.${name}`, operation(op)])),
  ...Object.fromEntries(Object.entries(COMPARISONS).map(([name, op]) => [`operator.${name}`, comparison(op)])),
  'operator.contains': (frame, call) =>
    frame.machine.ops.contains(
      frame,
      { op: 'in', left: argument(frame, call, 1), right: argument(frame, call, 0) },
      implied(call.site, 'operator'),
    ),
  'operator.getitem': (frame, call) =>
    frame.machine.ops.getItem(frame, argument(frame, call, 0), argument(frame, call, 1), {
      ...call.site,
      step: 'operator',
    }),
  'operator.truth': (frame, call) => {
    const m = frame.machine
    const { t, f } = m.ops.truth(frame, argument(frame, call, 0), call.site)
    return t && f ? m.domain.typed('bool') : t ? m.domain.true : m.domain.false
  },
  'contextvars.ContextVar': (frame, call) => {
    const m = frame.machine
    const made = m.ops.modelled(frame, 'contextvars.ContextVar', call)
    const self = only(made)
    if (self?.kind === 'instance') m.ops.setSlot(self, 'default', call.args.kw.get('default') ?? m.domain.bottom)
    return made
  },
  'contextvars.ContextVar.set': variableSet,
  'contextvars.ContextVar.get': variableGet,
  'contextvars.ContextVar.reset': (frame, call) => {
    const m = frame.machine
    const self = only(call.self ?? m.domain.bottom)
    const token = only(argument(frame, call, 0))
    if (self?.kind === 'instance')
      m.ops.setSlot(
        self,
        'value',
        token?.kind === 'special' ? (token.parts[0] ?? m.domain.bottom) : m.domain.unknown('element'),
      )
    return m.domain.none
  },
}
