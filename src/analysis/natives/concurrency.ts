// asyncio: what runs when something is awaited, what a suspension lets in, and what is only scheduled. Threads are threads.ts.
import { currentContext, inContext } from '../suspended/contexts.ts'
import { release } from '../suspended/awaited-objects.ts'
import { awaiting } from './events.ts'
import { letTurns, ONE_TURN, runWork, start } from '../suspended/awaiting.ts'
import { mergeDetached } from '../machine/summaries.ts'
import { only, positional, type Value } from '../domain/values.ts'
import { implied } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { argument, invoke, type Native, type NativeCall, type Natives } from './native.ts'
import { executor } from './threads.ts'

/** asyncio.run and its kin raise under a running loop: nothing runs and the rest of the path is dead. */
const blocking: Native = (frame, call) => {
  const m = frame.machine
  if (m.loopRunning && m.store.read(m.nestedLoops) !== m.domain.true) {
    m.ops.raise(frame, m.domain.native('RuntimeError'))
    return m.domain.bottom
  }
  const work = argument(frame, call, 0)
  const running = m.loopRunning
  m.loopRunning = true
  const before = m.detached
  // a loop of its own knows no earlier tasks and cancels what is left at its end; another one goes on with what it was given
  const isOwn = call.name === 'asyncio.run' || call.name === 'uvloop.run'
  m.detached = isOwn ? [] : before.filter((task) => task.loop)
  let value = m.domain.bottom
  inContext(m, currentContext(m), () => {
    value = m.ops.await(frame, work, implied(call.site, 'invoke'))
  })
  // tasks that the coroutine left behind take one more turn before the loop ends; threads go on
  const { stopped } = m
  m.stopped = false
  letTurns(m, ONE_TURN)
  m.stopped = stopped
  const left = m.detached
  m.detached = isOwn
    ? mergeDetached(
        before,
        left.filter((task) => !task.loop),
      )
    : mergeDetached(
        before.filter((task) => !task.loop),
        left,
      )
  m.loopRunning = running
  return value
}

/** create_task, ensure_future: a task object whose work is joined by awaiting it, or by any later suspension. */
const task: Native = (frame, call) => {
  const work = argument(frame, call, 0)
  const existing = only(work)
  if (existing?.kind === 'special' && existing.type === 'task') return work
  return started(frame, call, work)
}

function started(frame: Frame, call: NativeCall, work: Value): Value {
  // without a running loop it is an error, or waits for whoever runs the loop of this thread
  const perhaps = !frame.machine.loopRunning && call.name !== 'asyncio.run_coroutine_threadsafe'
  if (perhaps) frame.summary.canRaise = true
  const handle = frame.machine.domain.special('task', [work], [String(call.site.site.p)], call.site.site)
  const owner = only(handle)
  start(frame, {
    key: `task${call.site.site.p}:${work.id}`,
    loop: true,
    owner,
    holds: [work],
    perhaps,
    run: (inner) => runWork(inner, work, call.site),
  })
  return handle
}

const gather: Native = (frame, call) => {
  const works = [...call.args.pos]
  if (call.args.restPos !== null) works.push(call.args.restPos)
  const handles = works.map((work) =>
    work.atoms.some((a) => a.kind === 'generator') ? started(frame, { ...call, site: call.site }, work) : work,
  )
  const keeps = call.args.kw.get('return_exceptions')
  const names = keeps === undefined || keeps === frame.machine.domain.false ? [] : ['exceptions']
  if (call.args.restPos !== null) names.push('many')
  return frame.machine.domain.special('gathered', handles, names, call.site.site)
}

/**
 * wait_for with a timeout: up to Python 3.11 what is awaited becomes a task of its own, so that others are let in; from 3.12 on it runs in place.
 */
const waitFor: Native = (frame, call) => {
  const m = frame.machine
  const seconds = argument(frame, call, 1, 'timeout')
  const limited = seconds !== m.domain.none
  return m.domain.special(
    'awaitable-of',
    limited ? [argument(frame, call, 0), seconds] : [argument(frame, call, 0)],
    limited ? ['one', 'limited'] : ['one'],
    call.site.site,
  )
}

/** shield: a task that starts at once; awaiting the result waits for it. */
const shield: Native = (frame, call) =>
  frame.machine.domain.special('gathered', [started(frame, call, argument(frame, call, 0))], ['one'], call.site.site)

/** wait: nothing runs until the result is awaited. */
const waitAll: Native = (frame, call) => {
  const m = frame.machine
  const { elements, any } = m.ops.spread(frame, argument(frame, call, 0), implied(call.site, 'iterate'))
  return m.domain.special('awaitable-of', elements ?? [any], [], call.site.site)
}

/** as_completed: a task of each, awaited one by one. */
const asCompleted: Native = (frame, call) => {
  const m = frame.machine
  const { elements, any } = m.ops.spread(frame, argument(frame, call, 0), implied(call.site, 'iterate'))
  const waits = (work: Value): Value =>
    m.domain.special(
      'gathered',
      [work.atoms.some((a) => a.kind === 'generator') ? started(frame, call, work) : work],
      ['one'],
      call.site.site,
    )
  const each = elements?.map(waits)
  const all = waits(any)
  return m.ops.newList(frame, call.site.site, each ?? all)
}

/** to_thread: a coroutine; run_in_executor: a thread that starts at once. */
const toThread: Native = (frame, call) => {
  const m = frame.machine
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

/** call_soon(f), call_later(delay, f): functions for a later turn of the loop. */
const later =
  (index: number): Native =>
  (frame, call) => {
    const m = frame.machine
    const f = argument(frame, call, index)
    const args = call.args.pos.slice(index + 1)
    const handle = m.domain.special('handle', [f], [String(call.site.site.p)], call.site.site)
    start(frame, {
      key: `soon${call.site.site.p}:${f.id}`,
      loop: index === 0,
      owner: only(handle),
      holds: [f, ...args],
      run: (inner) => m.ops.call(inner, f, positional(...args), implied(call.site, 'invoke')),
    })
    return handle
  }

const nothing: Native = (frame) => frame.machine.domain.none
const loop = 'asyncio.AbstractEventLoop'
const object =
  (type: string): Native =>
  (frame, call) =>
    frame.machine.ops.modelled(frame, type, call)
const sleeping: Native = (frame, call) => {
  const given = only(argument(frame, call, 0))
  const seconds = given?.kind === 'const' && typeof given.value === 'number' ? given.value : Number.NaN
  return frame.machine.domain.special('sleep', [], seconds <= 0 ? ['zero'] : ['time', String(seconds)], call.site.site)
}
/** Awaitables that do not give control away: a free lock, a queue with room, an event that is set. */
const immediate =
  (result: string): Native =>
  (frame) =>
    frame.machine.domain.special('awaitable', [
      result === 'none' ? frame.machine.domain.none : frame.machine.domain.unknown(result),
    ])

export const CONCURRENCY: Natives = {
  'asyncio.run': blocking,
  'asyncio.Runner.run': blocking,
  'uvloop.run': blocking,
  [`${loop}.run_until_complete`]: blocking,
  'anyio.run': (frame, call) =>
    frame.machine.ops.await(frame, invoke(frame, argument(frame, call, 0), call.args.pos.slice(1), call), {
      ...call.site,
      step: 'invoke',
    }),
  'trio.run': (frame, call) =>
    frame.machine.ops.await(frame, invoke(frame, argument(frame, call, 0), call.args.pos.slice(1), call), {
      ...call.site,
      step: 'invoke',
    }),
  'asyncio.create_task': task,
  'asyncio.ensure_future': task,
  [`${loop}.create_task`]: task,
  'asyncio.Task': task,
  'asyncio.run_coroutine_threadsafe': task,
  'asyncio.gather': gather,
  'asyncio.shield': shield,
  'asyncio.wait_for': waitFor,
  'asyncio.wait': waitAll,
  'asyncio.as_completed': asCompleted,
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
  [`${loop}.is_running`]: (frame) =>
    frame.machine.loopRunning ? frame.machine.domain.true : frame.machine.domain.false,
  'asyncio.get_event_loop': object(loop),
  'asyncio.new_event_loop': object(loop),
  'asyncio.get_running_loop': (frame, call) => {
    if (!frame.machine.loopRunning) frame.summary.canRaise = true
    return frame.machine.ops.modelled(frame, loop, call)
  },
  'asyncio.set_event_loop': nothing,
  'asyncio.Runner': object('asyncio.Runner'),
  'asyncio.TaskGroup': object('asyncio.TaskGroup'),
  'asyncio.TaskGroup.create_task': (frame, call) => {
    const handle = task(frame, call)
    const group = only(call.self ?? frame.machine.domain.bottom)
    if (group?.kind === 'instance') frame.machine.ops.push(group, 'tasks', handle)
    return handle
  },
  'asyncio.Lock': object('asyncio.Lock'),
  'asyncio.Semaphore': object('asyncio.Semaphore'),
  'asyncio.BoundedSemaphore': object('asyncio.Semaphore'),
  'asyncio.timeout': (frame, call) =>
    frame.machine.domain.special('deadline', [argument(frame, call, 0)], [], call.site.site),
  'asyncio.Queue': object('asyncio.Queue'),
  'asyncio.Lock.acquire': awaiting('lock'),
  'asyncio.Lock.release': (frame, call) => {
    for (const lock of call.self?.atoms ?? []) if (lock.kind === 'instance') release(frame.machine, lock)
    return frame.machine.domain.none
  },
  'asyncio.Semaphore.acquire': immediate('none'),
}
