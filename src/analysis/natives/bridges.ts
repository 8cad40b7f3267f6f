// Between synchronous and asynchronous code, and pools of workers that answer before they return: what runs in the caller's time.
// Must stay true: a function that only becomes another callable runs nothing.
import { type CallArgs, type SpecialAtom, type Value, withReceiver } from '../domain/values.ts'
import { positional } from '../domain/values.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { join } from '../suspended/awaiting.ts'
import { argument, type Native, type NativeCall, type Natives } from './native.ts'
import { executor } from './threads.ts'

/** asgiref's converters, as a call or as a decorator (with or without options): another callable. */
const bridge =
  (type: 'bridge-to-sync' | 'bridge-to-async'): Native =>
  (frame, call) =>
    call.args.pos.length === 0
      ? frame.machine.domain.special('decorator', [], [type])
      : frame.machine.domain.special(type, [argument(frame, call, 0)])

/** Calls what a converter made: `async_to_sync(f)(x)` waits for the coroutine, `sync_to_async(f)(x)` runs when it is awaited. */
export function callBridge(frame: Frame, atom: SpecialAtom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  const callee = atom.parts[0] ?? m.domain.bottom
  if (atom.type === 'bridge-to-sync') {
    const made = m.ops.call(frame, callee, args, implied(site, 'invoke'))
    return m.ops.await(frame, made, implied(site, 'invoke'))
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
function unpacked(frame: Frame, tuple: Value, call: NativeCall): CallArgs {
  const { elements, any } = frame.machine.ops.spread(frame, tuple, implied(call.site, 'iterate'))
  return { pos: elements ?? [], kw: new Map(), restPos: elements === null ? any : null, restKw: null }
}

/** `map`, `starmap`, `imap` of a pool: every element's call has run, or is running, when the pool is asked. */
const overAll =
  (spread: boolean): Native =>
  (frame, call) => {
    const m = frame.machine
    const f = argument(frame, call, 0)
    let out = m.domain.bottom
    m.ops.iterate(frame, argument(frame, call, 1), implied(call.site, 'iterate'), (element) => {
      const args = spread ? unpacked(frame, element, call) : positional(element)
      out = m.domain.join(out, m.ops.call(frame, f, args, implied(call.site, 'invoke')))
      return true
    })
    return m.ops.newList(frame, call.site.site, out)
  }

/** `apply`, `apply_async`: one call with a tuple of arguments. */
const applied: Native = (frame, call) => {
  const m = frame.machine
  const result = m.ops.call(
    frame,
    argument(frame, call, 0),
    unpacked(frame, call.args.pos[1] ?? call.args.kw.get('args') ?? m.domain.bottom, call),
    implied(call.site, 'invoke'),
  )
  return call.name.endsWith('_async') ? m.domain.unknown('task') : result
}

/** The decorator-making decorators of `decorator` and `wrapt`: the decorated function gets the call of what it will decorate. */
const decoratorOf =
  (style: 'decorator' | 'wrapt'): Native =>
  (frame, call) => {
    const m = frame.machine
    const [caller, wrapped] = call.args.pos
    if (caller === undefined) return m.domain.special('decorator', [], ['identity'])
    if (wrapped !== undefined && style === 'decorator')
      return m.domain.special('wrapped-by', [caller, wrapped], [style])
    return m.domain.special('decorator-of', [caller], [style])
  }

/** Calls a function that such a decorator wraps: `caller(f, *args)`, or wrapt's `caller(f, instance, args, kwargs)`. */
export function callWrapped(frame: Frame, atom: SpecialAtom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  const [caller = m.domain.bottom, wrapped = m.domain.bottom] = atom.parts
  if (atom.names[0] === 'decorator')
    return m.ops.call(frame, caller, withReceiver(wrapped, args), implied(site, 'invoke'))
  const place = site.site
  const positionals = m.ops.newList(
    frame,
    place,
    args.restPos === null ? args.pos : m.domain.joinAll(args.pos),
    'tuple',
  )
  return m.ops.call(
    frame,
    caller,
    positional(wrapped, m.domain.none, positionals, m.domain.typed('dict')),
    implied(site, 'invoke'),
  )
}

/** `toolz.pipe(x, f, g)`: each function gets what the one before gave. */
const pipe: Native = (frame, call) =>
  call.args.pos
    .slice(1)
    .reduce(
      (value, f) => frame.machine.ops.call(frame, f, positional(value), implied(call.site, 'invoke')),
      argument(frame, call, 0),
    )

const pool: Native = (frame, call: NativeCall) => {
  const m = frame.machine
  const initializer = call.args.kw.get('initializer') ?? call.args.pos[1]
  if (initializer !== undefined)
    m.ops.call(
      frame,
      initializer,
      unpacked(frame, call.args.kw.get('initargs') ?? call.args.pos[2] ?? m.domain.bottom, call),
      implied(call.site, 'invoke'),
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
  'nest_asyncio.apply': (frame) => {
    frame.machine.store.write(frame.machine.nestedLoops, frame.machine.domain.true)
    return frame.machine.domain.none
  },
  'toolz.pipe': pipe,
  'toolz.functoolz.pipe': pipe,
  'gevent.spawn': executor(0),
  'gevent.Greenlet.spawn': executor(0),
  'eventlet.spawn': executor(0),
  'eventlet.spawn_n': executor(0),
  'gevent.joinall': (frame) => (join(frame.machine, (t) => !t.loop), frame.machine.domain.typed('list')),
  'gevent.wait': (frame) => (join(frame.machine, (t) => !t.loop), frame.machine.domain.typed('list')),
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
