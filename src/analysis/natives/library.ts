// Modules of the standard library that call back, or that hand out what they were given: queues, pools, events.
// What they store is kept in slots of the object, so that it comes out where CPython hands it out.
import { implied } from '../machine/sites.ts'
import { takeFrom } from '../suspended/awaited-objects.ts'
import { awaiting } from './events.ts'
import { only } from '../domain/values.ts'
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

const queueGet: Native = (frame, call) => takeFrom(frame.machine, call.self)

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
  'asyncio.Queue.get': awaiting('element'),
  'asyncio.Queue.put_nowait': queuePut,
  'asyncio.Queue.get_nowait': queueGet,
}
