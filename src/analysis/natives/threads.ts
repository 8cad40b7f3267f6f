// Threads, timers, processes and executors: what is only started, and what waiting for it joins.
import { join, start } from '../suspended/awaiting.ts'
import { implied } from '../machine/sites.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { only, positional, type Atom, type CallArgs, type InstanceAtom, type Value } from '../domain/values.ts'
import { argument, invoke, isNone, making, type Native, type NativeCall, type Natives } from './native.ts'

export const executor =
  (index: number): Native =>
  (frame, call) => {
    const m = frame.machine
    const f = argument(frame, call, index, 'fn')
    const args = call.args.pos.slice(index + 1)
    const pool = only(call.self ?? m.domain.bottom)
    const initializer = pool?.kind === 'instance' ? m.ops.slot(pool, 'initializer') : m.domain.bottom
    return thread(
      frame,
      call,
      () => {
        if (initializer.atoms.length > 0) invoke(frame, initializer, [], call)
        return m.ops.call(
          frame,
          f,
          { pos: args, kw: call.args.kw, restPos: call.args.restPos, restKw: null },
          implied(call.site, 'invoke'),
        )
      },
      f,
    )
  }

/** Work that the executor on which the call is made gets. */
function thread(frame: Frame, call: NativeCall, run: () => Value, work: Value): Value {
  const m = frame.machine
  const group = only(call.self ?? m.domain.bottom)
  const handle = m.domain.special(
    'future',
    [work, group === null ? m.domain.none : m.domain.of(group)],
    [String(call.site.site.p)],
    call.site.site,
  )
  start(frame, {
    key: `thread${call.site.site.p}:${work.id}`,
    loop: false,
    thread: true,
    owner: only(handle),
    holds: [work, ...call.args.pos, ...call.args.kw.values()],
    run,
  })
  return handle
}

export const executorMap: Native = (frame, call) => {
  const m = frame.machine
  const f = argument(frame, call, 0)
  const { any } = m.ops.spread(frame, argument(frame, call, 1), implied(call.site, 'iterate'))
  return thread(frame, call, () => invoke(frame, f, [any], call), f)
}

/** Keeps what a thread is to call: `Thread(group, target, name, args, kwargs)`, `Timer(interval, function, args, kwargs)`. */
export function keepTarget(frame: Frame, object: InstanceAtom, call: NativeCall, isTimer: boolean): void {
  const { ops } = frame.machine
  const next = isTimer ? 2 : 3
  ops.setSlot(object, 'target', argument(frame, call, 1, isTimer ? 'function' : 'target'))
  ops.setSlot(object, 'args', argument(frame, call, next, 'args'))
  ops.setSlot(object, 'kwargs', argument(frame, call, next + 1, 'kwargs'))
}

/** Thread, Timer, Process: `start` starts `target` or the subclass's `run`. */
const construct =
  (type: string): Native =>
  (frame, call) => {
    const made = frame.machine.ops.modelled(frame, type, call)
    const object = only(made)
    if (object?.kind === 'instance') keepTarget(frame, object, call, type.endsWith('Timer'))
    return made
  }

/** The call that a thread makes: its target with the arguments that it was given. */
function targetCall(frame: Frame, object: InstanceAtom, call: NativeCall): (inner: Frame) => Value {
  const m = frame.machine
  const target = m.ops.slot(object, 'target')
  const args = m.ops.slot(object, 'args')
  const kwargs = m.ops.slot(object, 'kwargs')
  const given = args.atoms.length === 0 ? { elements: [], any: args } : m.ops.spread(frame, args, call.site)
  const named = kwargs.atoms.length === 0 || isNone(kwargs) ? null : m.ops.entries(frame, kwargs)
  const passed: CallArgs = {
    pos: given.elements ?? [],
    kw: named?.known ?? new Map(),
    restPos: given.elements === null ? given.any : null,
    restKw: named === null || named.exact ? null : named.any,
  }
  return (inner) =>
    target.atoms.length === 0 ? m.domain.none : m.ops.call(inner, target, passed, implied(call.site, 'invoke'))
}

const startThread: Native = (frame, call) => {
  const m = frame.machine
  for (const object of call.self?.atoms ?? []) {
    if (object.kind !== 'instance') continue
    const run = object.cls === null ? null : m.ops.typeMethod(frame, object, 'run')
    const callTarget = targetCall(frame, object, call)
    start(frame, {
      key: `thread${call.site.site.p}:${object.id}`,
      loop: false,
      thread: true,
      owner: object,
      holds: ['target', 'args', 'kwargs'].map((name) => m.ops.slot(object, name)),
      run: (inner) =>
        run === null ? callTarget(inner) : m.ops.call(inner, run, positional(), implied(call.site, 'invoke')),
    })
  }
  return m.domain.none
}

const joinThread: Native = (frame, call) => {
  join(frame.machine, (t) => t.owner !== null && (call.self?.atoms.includes(t.owner) ?? false))
  return frame.machine.domain.none
}

/** The `run` of Thread and Process itself: calls the target. */
const runTarget: Native = (frame, call) => {
  const m = frame.machine
  for (const object of call.self?.atoms ?? []) if (object.kind === 'instance') targetCall(frame, object, call)(frame)
  return m.domain.none
}

/** What was cancelled before it began never runs; what waits gets the error there. */
export function cancelWork(m: Machine, owners: readonly Atom[]): void {
  m.detached = m.detached.map((task) => {
    if (task.owner === null || task.follows || !owners.includes(task.owner)) return task
    // who waits for it still gives control away
    return task.waiting === null ? { ...task, holds: [], run: () => undefined } : { ...task, cancelled: true }
  })
}

const cancel: Native = (frame, call) => {
  cancelWork(frame.machine, call.self?.atoms ?? [])
  return frame.machine.domain.none
}

const pool: Native = (frame, call) => {
  const made = frame.machine.ops.modelled(frame, 'concurrent.futures.Executor', call)
  const self = only(made)
  const initializer = call.args.kw.get('initializer')
  if (self?.kind === 'instance' && initializer !== undefined)
    frame.machine.ops.setSlot(self, 'initializer', initializer)
  return made
}

export const THREADS: Natives = {
  'concurrent.futures.ThreadPoolExecutor': pool,
  'concurrent.futures.ProcessPoolExecutor': pool,
  'concurrent.futures.Executor.submit': executor(0),
  'concurrent.futures.Executor.map': executorMap,
  'concurrent.futures.Executor.shutdown': (frame, call) => {
    joinGroup(frame.machine, call.self?.atoms ?? [])
    return frame.machine.domain.none
  },
  'concurrent.futures.wait': (frame) => (join(frame.machine, (t) => !t.loop), frame.machine.domain.typed('tuple')),
  'concurrent.futures.as_completed': (frame, call) => (join(frame.machine, (t) => !t.loop), argument(frame, call, 0)),
  'threading.Thread': construct('threading.Thread'),
  'threading.Timer': construct('threading.Timer'),
  'multiprocessing.Process': construct('threading.Thread'),
  'threading.Thread.start': startThread,
  'threading.Timer.start': startThread,
  'threading.Thread.join': joinThread,
  'threading.Timer.join': joinThread,
  'threading.Thread.run': runTarget,
  'threading.Timer.cancel': cancel,
  'task.cancel': cancel,
  // runs after the work that it belongs to
  'future.add_done_callback': (frame, call) => {
    const m = frame.machine
    const f = argument(frame, call, 0)
    for (const owner of call.self?.atoms ?? [])
      start(frame, {
        key: `done${call.site.site.p}:${f.id}`,
        loop: owner.kind === 'special' && owner.type === 'task',
        owner,
        follows: true,
        holds: [f],
        run: (inner) => m.ops.call(inner, f, positional(m.domain.of(owner)), implied(call.site, 'invoke')),
      })
    return m.domain.none
  },
  'threading.Lock': making('threading.Lock'),
  'threading.RLock': making('threading.Lock'),
}

/** Leaving an executor's block, or shutting it down, waits for everything it was given. */
export function joinGroup(m: Machine, groups: readonly Atom[]): void {
  join(m, (t) => t.owner?.kind === 'special' && (t.owner.parts[1]?.atoms.some((a) => groups.includes(a)) ?? false))
}
