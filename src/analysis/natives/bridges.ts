// Between synchronous and asynchronous code, and pools of workers that answer before they return: what runs in the caller's time.
// Must stay true: a function that only becomes another callable runs nothing.
import type { CallArgs, SpecialAtom, Value } from '../domain/values.ts'
import { positional } from '../domain/values.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { join } from '../suspended/awaiting.ts'
import { argument, type Native, type NativeCall, type Natives } from './native.ts'
import { executor } from './threads.ts'

/** asgiref's converters, as a call or as a decorator (with or without options): another callable. */
const bridge =
  (type: 'bridge-to-sync' | 'bridge-to-async'): Native =>
  (m, _frame, call) =>
    call.args.pos.length === 0
      ? m.domain.special('decorator', [], [type])
      : m.domain.special(type, [argument(m, call, 0)])

/** Calls what a converter made: `async_to_sync(f)(x)` waits for the coroutine, `sync_to_async(f)(x)` runs when it is awaited. */
export function callBridge(m: Machine, frame: Frame, atom: SpecialAtom, args: CallArgs, site: CallSite): Value {
  const callee = atom.parts[0] ?? m.domain.bottom
  if (atom.type === 'bridge-to-sync') {
    const made = m.ops.call(frame, callee, args, { ...site, step: 'invoke' }, null)
    return m.ops.await(frame, made, { ...site, step: 'invoke' })
  }
  const names = [...args.kw.keys()]
  const later = m.domain.special(
    'partial',
    [callee, ...args.pos, ...args.kw.values()],
    [String(args.pos.length), ...names],
  )
  return m.domain.special('to-thread', [later], [], site.site)
}

/** The arguments that a tuple (or list) of arguments stands for. */
function unpacked(m: Machine, frame: Frame, tuple: Value, call: NativeCall): CallArgs {
  const { elements, any } = m.ops.spread(frame, tuple, { ...call.site, step: 'iterate' })
  return { pos: elements ?? [], kw: new Map(), restPos: elements === null ? any : null, restKw: null }
}

/** `map`, `starmap`, `imap` of a pool: every element's call has run, or is running, when the pool is asked. */
const overAll =
  (spread: boolean): Native =>
  (m, frame, call) => {
    const f = argument(m, call, 0)
    let out = m.domain.bottom
    m.ops.iterate(frame, argument(m, call, 1), { ...call.site, step: 'iterate' }, (element) => {
      const args = spread ? unpacked(m, frame, element, call) : positional(element)
      out = m.domain.join(out, m.ops.call(frame, f, args, { ...call.site, step: 'invoke' }, null))
      return true
    })
    return m.ops.newList(frame, { p: call.site.site.p, e: call.site.site.e }, null, out)
  }

/** `apply`, `apply_async`: one call with a tuple of arguments. */
const applied: Native = (m, frame, call) => {
  const result = m.ops.call(
    frame,
    argument(m, call, 0),
    unpacked(m, frame, call.args.pos[1] ?? call.args.kw.get('args') ?? m.domain.bottom, call),
    { ...call.site, step: 'invoke' },
    null,
  )
  return call.name.endsWith('_async') ? m.domain.unknown('task') : result
}

/** The decorator-making decorators of `decorator` and `wrapt`: the decorated function gets the call of what it will decorate. */
const decoratorOf =
  (style: 'decorator' | 'wrapt'): Native =>
  (m, _frame, call) => {
    const [caller, wrapped] = call.args.pos
    if (caller === undefined) return m.domain.special('decorator', [], ['identity'])
    if (wrapped !== undefined && style === 'decorator')
      return m.domain.special('wrapped-by', [caller, wrapped], [style])
    return m.domain.special('decorator-of', [caller], [style])
  }

/** Calls a function that such a decorator wraps: `caller(f, *args)`, or wrapt's `caller(f, instance, args, kwargs)`. */
export function callWrapped(m: Machine, frame: Frame, atom: SpecialAtom, args: CallArgs, site: CallSite): Value {
  const [caller = m.domain.bottom, wrapped = m.domain.bottom] = atom.parts
  if (atom.names[0] === 'decorator')
    return m.ops.call(frame, caller, { ...args, pos: [wrapped, ...args.pos] }, { ...site, step: 'invoke' }, null)
  const place = { p: site.site.p, e: site.site.e }
  const positionals = m.ops.newList(
    frame,
    place,
    args.restPos === null ? [...args.pos] : null,
    m.domain.joinAll(args.pos),
    'tuple',
  )
  return m.ops.call(
    frame,
    caller,
    positional(wrapped, m.domain.none, positionals, m.domain.typed('dict')),
    { ...site, step: 'invoke' },
    null,
  )
}

/** `toolz.pipe(x, f, g)`: each function gets what the one before gave. */
const pipe: Native = (m, frame, call) =>
  call.args.pos
    .slice(1)
    .reduce(
      (value, f) => m.ops.call(frame, f, positional(value), { ...call.site, step: 'invoke' }, null),
      argument(m, call, 0),
    )

const pool: Native = (m, frame, call: NativeCall) => {
  const initializer = call.args.kw.get('initializer') ?? call.args.pos[1]
  if (initializer !== undefined)
    m.ops.call(
      frame,
      initializer,
      unpacked(m, frame, call.args.kw.get('initargs') ?? call.args.pos[2] ?? m.domain.bottom, call),
      { ...call.site, step: 'invoke' },
      null,
    )
  return m.ops.modelled(frame, POOL, call)
}
const POOL = 'multiprocessing.pool.Pool'

export const BRIDGES: Natives = {
  'asgiref.sync.async_to_sync': bridge('bridge-to-sync'),
  'asgiref.sync.sync_to_async': bridge('bridge-to-async'),
  'asgiref.sync.AsyncToSync': bridge('bridge-to-sync'),
  'asgiref.sync.SyncToAsync': bridge('bridge-to-async'),
  'channels.db.database_sync_to_async': bridge('bridge-to-async'),
  'decorator.decorator': decoratorOf('decorator'),
  'wrapt.decorator': decoratorOf('wrapt'),
  'nest_asyncio.apply': (m) => {
    m.store.write(m.nestedLoops, m.domain.true)
    return m.domain.none
  },
  'toolz.pipe': pipe,
  'toolz.functoolz.pipe': pipe,
  'gevent.spawn': executor(0),
  'gevent.Greenlet.spawn': executor(0),
  'eventlet.spawn': executor(0),
  'eventlet.spawn_n': executor(0),
  'gevent.joinall': (m) => (join(m, (t) => !t.loop), m.domain.typed('list')),
  'gevent.wait': (m) => (join(m, (t) => !t.loop), m.domain.typed('list')),
  'multiprocessing.Pool': pool,
  'multiprocessing.pool.Pool': pool,
  'multiprocessing.pool.ThreadPool': pool,
  'multiprocessing.dummy.Pool': pool,
  [`${POOL}.map`]: overAll(false),
  [`${POOL}.imap`]: overAll(false),
  [`${POOL}.imap_unordered`]: overAll(false),
  [`${POOL}.map_async`]: overAll(false),
  [`${POOL}.starmap`]: overAll(true),
  [`${POOL}.starmap_async`]: overAll(true),
  [`${POOL}.apply`]: applied,
  [`${POOL}.apply_async`]: applied,
}
