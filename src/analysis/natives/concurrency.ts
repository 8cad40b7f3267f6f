// asyncio, threads, executors, timers: what runs now, what runs when something waits, and what is only started.
import { join, runWork, start } from '../awaiting.ts'
import { mergeDetached } from '../summaries.ts'
import { only, positional, type Atom, type Value } from '../values.ts'
import type { Frame, Machine } from '../machine.ts'
import { argument, invoke, type Native, type NativeCall, type Natives } from './native.ts'

/** asyncio.run and its kin raise under a running loop: nothing runs and the rest of the path is dead. */
const blocking: Native = (m, frame, call) => {
  if (m.loopRunning && m.store.read(m.nestedLoops) !== m.domain.true) {
    m.ops.raise(frame, m.domain.native('RuntimeError'))
    return m.domain.bottom
  }
  const work = argument(m, call, 0)
  const running = m.loopRunning
  m.loopRunning = true
  const before = m.detached
  m.detached = []
  const value = m.ops.await(frame, work, { ...call.site, step: 'invoke' })
  // tasks that the coroutine left behind take one more turn before the loop ends; threads go on
  const { stopped } = m
  m.stopped = false
  join(m, (left) => left.loop)
  m.stopped = stopped
  m.detached = mergeDetached(before, m.detached)
  m.loopRunning = running
  return value
}

/** create_task, ensure_future: a task object whose work is joined by awaiting it, or by any later suspension. */
const task: Native = (m, frame, call) => {
  const work = argument(m, call, 0)
  const existing = only(work)
  if (existing?.kind === 'special' && existing.type === 'task') return work
  return started(m, frame, call, work)
}

function started(m: Machine, frame: Frame, call: NativeCall, work: Value): Value {
  const handle = m.domain.special('task', [work], [String(call.site.site.p)], call.site.site)
  const owner = only(handle)
  start(m, frame, {
    key: `task${call.site.site.p}:${work.id}`,
    loop: true,
    owner,
    run: (inner) => runWork(m, inner, work, call.site),
  })
  return handle
}

const gather: Native = (m, frame, call) => {
  const works = [...call.args.pos]
  if (call.args.restPos !== null) works.push(call.args.restPos)
  const handles = works.map((work) =>
    work.atoms.some((a) => a.kind === 'generator') ? started(m, frame, { ...call, site: call.site }, work) : work,
  )
  const keeps = call.args.kw.get('return_exceptions')
  const names = keeps === undefined || keeps === m.domain.false ? [] : ['exceptions']
  return m.domain.special('gathered', handles, names, call.site.site)
}

/** wait_for, shield, wait: nothing runs until the result is awaited. */
const waiting =
  (schedules: boolean): Native =>
  (m, frame, call) => {
    const work = argument(m, call, 0)
    return schedules
      ? m.domain.special('gathered', [started(m, frame, call, work)], ['one'], call.site.site)
      : m.domain.special('awaitable-of', [work], ['one'], call.site.site)
  }

const waitAll: Native = (m, frame, call) => {
  const { elements, any } = m.ops.spread(frame, argument(m, call, 0), { ...call.site, step: 'iterate' })
  return m.domain.special('awaitable-of', elements ?? [any], [], call.site.site)
}

/** to_thread: a coroutine; run_in_executor: a thread that starts at once. */
const toThread: Native = (m, _frame, call) => {
  const [f, ...pos] = call.args.pos
  return m.domain.special(
    'to-thread',
    [
      m.domain.special(
        'partial',
        [f ?? m.domain.bottom, ...pos, ...call.args.kw.values()],
        [String(pos.length), ...call.args.kw.keys()],
      ),
    ],
    [],
    call.site.site,
  )
}

export const executor =
  (index: number): Native =>
  (m, frame, call) => {
    const f = argument(m, call, index, 'fn')
    const args = call.args.pos.slice(index + 1)
    const pool = only(call.self ?? m.domain.bottom)
    const initializer = pool?.kind === 'instance' ? m.ops.slot(pool, 'initializer') : m.domain.bottom
    return thread(
      m,
      frame,
      call,
      only(call.self ?? m.domain.bottom),
      () => {
        if (initializer.atoms.length > 0) invoke(m, frame, initializer, [], call)
        m.ops.call(
          frame,
          f,
          { pos: args, kw: call.args.kw, restPos: call.args.restPos, restKw: null },
          { ...call.site, step: 'invoke' },
          null,
        )
      },
      f,
    )
  }

function thread(m: Machine, frame: Frame, call: NativeCall, group: Atom | null, run: () => void, work: Value): Value {
  const handle = m.domain.special(
    'future',
    [work, group === null ? m.domain.none : m.domain.of(group)],
    [String(call.site.site.p)],
    call.site.site,
  )
  start(m, frame, { key: `thread${call.site.site.p}:${work.id}`, loop: false, owner: only(handle), run })
  return handle
}

export const executorMap: Native = (m, frame, call) => {
  const f = argument(m, call, 0)
  const { any } = m.ops.spread(frame, argument(m, call, 1), { ...call.site, step: 'iterate' })
  return thread(m, frame, call, only(call.self ?? m.domain.bottom), () => invoke(m, frame, f, [any], call), f)
}

/** Thread, Timer, Process: `start` starts `target` or the subclass's `run`. */
const construct =
  (type: string, position: number): Native =>
  (m, frame, call) => {
    const made = m.ops.modelled(frame, type, call)
    const object = only(made)
    if (object?.kind === 'instance') {
      m.ops.setSlot(object, 'target', argument(m, call, position, type.endsWith('Timer') ? 'function' : 'target'))
      m.ops.setSlot(
        object,
        'args',
        call.args.kw.get('args') ?? call.args.pos[position + 2 - (type.endsWith('Timer') ? 1 : 0)] ?? m.domain.bottom,
      )
    }
    return made
  }

const startThread: Native = (m, frame, call) => {
  for (const object of call.self?.atoms ?? []) {
    if (object.kind !== 'instance') continue
    const run = object.cls === null ? null : m.ops.typeMethod(frame, object, 'run')
    const target = m.ops.slot(object, 'target')
    const args = m.ops.slot(object, 'args')
    const given = args.atoms.length === 0 ? { elements: [], any: args } : m.ops.spread(frame, args, call.site)
    start(m, frame, {
      key: `thread${call.site.site.p}:${object.id}`,
      loop: false,
      owner: object,
      run: (inner) => {
        const site = { ...call.site, step: 'invoke' as const }
        if (run !== null) m.ops.call(inner, run, positional(), site, null)
        else if (target.atoms.length > 0)
          m.ops.call(
            inner,
            target,
            {
              pos: given.elements ?? [],
              kw: new Map(),
              restPos: given.elements === null ? given.any : null,
              restKw: null,
            },
            site,
            null,
          )
      },
    })
  }
  return m.domain.none
}

const joinThread: Native = (m, _frame, call) => {
  join(m, (t) => t.owner !== null && (call.self?.atoms.includes(t.owner) ?? false))
  return m.domain.none
}

/** The `run` of Thread and Process itself: calls the target. */
const runTarget: Native = (m, frame, call) => {
  for (const object of call.self?.atoms ?? []) {
    if (object.kind === 'instance') {
      const target = m.ops.slot(object, 'target')
      if (target.atoms.length > 0) m.ops.call(frame, target, positional(), { ...call.site, step: 'invoke' }, null)
    }
  }
  return m.domain.none
}

/** call_soon(f), call_later(delay, f): functions for a later turn of the loop. */
const later =
  (index: number): Native =>
  (m, frame, call) => {
    const f = argument(m, call, index)
    const args = call.args.pos.slice(index + 1)
    const handle = m.domain.special('handle', [f], [String(call.site.site.p)], call.site.site)
    start(m, frame, {
      key: `soon${call.site.site.p}:${f.id}`,
      loop: index === 0,
      owner: only(handle),
      run: (inner) => m.ops.call(inner, f, positional(...args), { ...call.site, step: 'invoke' }, null),
    })
    return handle
  }

/** What was cancelled before it began never runs. */
const cancel: Native = (m, _frame, call) => {
  m.detached = m.detached.filter((t) => t.owner === null || !(call.self?.atoms.includes(t.owner) ?? false))
  return m.domain.none
}

const nothing: Native = (m) => m.domain.none
const loop = 'asyncio.AbstractEventLoop'
const object =
  (type: string): Native =>
  (m, frame, call) =>
    m.ops.modelled(frame, type, call)
const pool: Native = (m, frame, call) => {
  const made = m.ops.modelled(frame, 'concurrent.futures.Executor', call)
  const self = only(made)
  const initializer = call.args.kw.get('initializer')
  if (self?.kind === 'instance' && initializer !== undefined) m.ops.setSlot(self, 'initializer', initializer)
  return made
}
const sleeping: Native = (m, _frame, call) => m.domain.special('sleep', [], [], call.site.site)
/** Awaitables that do not give control away: a free lock, a queue with room, an event that is set. */
const immediate =
  (result: string): Native =>
  (m) =>
    m.domain.special('awaitable', [result === 'none' ? m.domain.none : m.domain.unknown(result)])

export const CONCURRENCY: Natives = {
  'asyncio.run': blocking,
  'asyncio.Runner.run': blocking,
  'uvloop.run': blocking,
  [`${loop}.run_until_complete`]: blocking,
  'anyio.run': (m, frame, call) =>
    m.ops.await(frame, invoke(m, frame, argument(m, call, 0), call.args.pos.slice(1), call), {
      ...call.site,
      step: 'invoke',
    }),
  'trio.run': (m, frame, call) =>
    m.ops.await(frame, invoke(m, frame, argument(m, call, 0), call.args.pos.slice(1), call), {
      ...call.site,
      step: 'invoke',
    }),
  'asyncio.create_task': task,
  'asyncio.ensure_future': task,
  [`${loop}.create_task`]: task,
  'asyncio.Task': task,
  'asyncio.run_coroutine_threadsafe': task,
  'asyncio.gather': gather,
  'asyncio.shield': waiting(true),
  'asyncio.wait_for': waiting(false),
  'asyncio.wait': waitAll,
  'asyncio.as_completed': (m, frame, call) => argument(m, call, frame === null ? 0 : 0),
  'asyncio.sleep': sleeping,
  'asyncio.to_thread': toThread,
  'anyio.to_thread.run_sync': toThread,
  'starlette.concurrency.run_in_threadpool': toThread,
  'fastapi.concurrency.run_in_threadpool': toThread,
  [`${loop}.run_in_executor`]: executor(1),
  [`${loop}.call_soon`]: later(0),
  [`${loop}.call_soon_threadsafe`]: later(0),
  [`${loop}.call_later`]: later(1),
  [`${loop}.call_at`]: later(1),
  [`${loop}.close`]: nothing,
  [`${loop}.is_running`]: (m) => (m.loopRunning ? m.domain.true : m.domain.false),
  'asyncio.get_event_loop': object(loop),
  'asyncio.new_event_loop': object(loop),
  'asyncio.get_running_loop': (m, frame, call) => {
    if (!m.loopRunning) frame.summary.canRaise = true
    return m.ops.modelled(frame, loop, call)
  },
  'asyncio.set_event_loop': nothing,
  'asyncio.Runner': object('asyncio.Runner'),
  'asyncio.TaskGroup': object('asyncio.TaskGroup'),
  'asyncio.TaskGroup.create_task': (m, frame, call) => {
    const handle = task(m, frame, call)
    const group = only(call.self ?? m.domain.bottom)
    if (group?.kind === 'instance') m.ops.push(group, 'tasks', handle)
    return handle
  },
  'asyncio.Lock': object('asyncio.Lock'),
  'asyncio.Semaphore': object('asyncio.Lock'),
  'asyncio.BoundedSemaphore': object('asyncio.Lock'),
  'asyncio.timeout': object('asyncio.Lock'),
  'asyncio.Event': object('asyncio.Event'),
  'asyncio.Queue': object('asyncio.Queue'),
  'asyncio.Lock.acquire': immediate('none'),

  'concurrent.futures.ThreadPoolExecutor': pool,
  'concurrent.futures.ProcessPoolExecutor': pool,
  'concurrent.futures.Executor.submit': executor(0),
  'concurrent.futures.Executor.map': executorMap,
  'concurrent.futures.Executor.shutdown': (m, _frame, call) => {
    joinGroup(m, call.self?.atoms ?? [])
    return m.domain.none
  },
  'concurrent.futures.wait': (m) => (join(m, (t) => !t.loop), m.domain.typed('tuple')),
  'concurrent.futures.as_completed': (m, _frame, call) => (join(m, (t) => !t.loop), argument(m, call, 0)),
  'threading.Thread': construct('threading.Thread', 1),
  'threading.Timer': construct('threading.Timer', 1),
  'multiprocessing.Process': construct('threading.Thread', 1),
  'threading.Thread.start': startThread,
  'threading.Timer.start': startThread,
  'threading.Thread.join': joinThread,
  'threading.Timer.join': joinThread,
  'threading.Thread.run': runTarget,
  'threading.Timer.cancel': cancel,
  'task.cancel': cancel,
  // runs after the work that it belongs to
  'future.add_done_callback': (m, frame, call) => {
    const f = argument(m, call, 0)
    for (const owner of call.self?.atoms ?? [])
      start(m, frame, {
        key: `done${call.site.site.p}:${f.id}`,
        loop: owner.kind === 'special' && owner.type === 'task',
        owner,
        run: (inner) => m.ops.call(inner, f, positional(m.domain.of(owner)), { ...call.site, step: 'invoke' }, null),
      })
    return m.domain.none
  },
  'threading.Lock': object('threading.Lock'),
  'threading.RLock': object('threading.Lock'),
  'threading.Event': object('threading.Lock'),
  'threading.local': object('threading.local'),
}

/** Leaving an executor's block, or shutting it down, waits for everything it was given. */
export function joinGroup(m: Machine, groups: readonly Atom[]): void {
  join(m, (t) => t.owner?.kind === 'special' && (t.owner.parts[1]?.atoms.some((a) => groups.includes(a)) ?? false))
}
