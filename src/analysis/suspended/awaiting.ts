// await, tasks and threads. A coroutine runs when awaited; a started task runs inside Phase 1 once the entry point really suspends, otherwise later.
import { forEachOf, joinEach } from '../machine/alternatives.ts'
import { mergeDetached } from '../machine/summaries.ts'
import { runCoroutine } from './generators.ts'
import { onlyCaught, settle } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import { currentContext, EMPTY_CONTEXT, inContext, inThread } from './contexts.ts'
import { keepResult } from './replay.ts'
import type { CallSite, Frame, Machine, Target } from '../machine/machine.ts'
import type { Detached } from '../machine/started.ts'
import { isDue, isOnItsWay, letIn, NOWHERE, runStarted, waitFor as waitForTime } from './started-work.ts'
import { positional, type Atom, type Value } from '../domain/values.ts'

export function awaitValue(frame: Frame, value: Value, site: CallSite): Value {
  return joinEach(frame, value, (atom) => awaitAtom(frame, atom, site))
}

function awaitAtom(frame: Frame, atom: Atom, site: CallSite): Value {
  const m = frame.machine
  switch (atom.kind) {
    case 'generator':
      // `await` inside of code that is driven by hand (coroutine.send) starts no loop
      if (atom.type === 'coroutine') return runCoroutine(frame, atom, site, frame.async ? m.loopRunning : true)
      m.ops.iterate(frame, m.domain.of(atom), site, () => true)
      return m.domain.unknown('generator')
    case 'instance': {
      const method = m.ops.typeMethod(frame, atom, '__await__')
      if (method === null) return atom.cls === null ? m.ops.awaitExternal(frame, atom, site) : suspendFor(frame)
      const iterator = m.ops.call(frame, method, positional(), implied(site))
      m.ops.iterate(frame, iterator, site, () => (suspend(frame), true))
      return m.domain.unknown('generator')
    }
    case 'special':
      return m.ops.awaitSpecial(frame, atom, site)
    case 'native':
    case 'const':
      return m.domain.unknown('await')
    default:
      return suspendFor(frame)
  }
}

function suspendFor(frame: Frame): Value {
  suspend(frame)
  return frame.machine.domain.unknown('await')
}

/** The entry point gives control to the event loop: tasks started so far run now, inside the phase. */
export function suspend(frame: Frame, turns: number = UNKNOWN_TURNS): void {
  frame.summary.suspends = true
  frame.summary.turns = Math.min(UNKNOWN_TURNS, frame.summary.turns + turns)
  letTurns(frame.machine, turns)
}

/** Turns of the event loop that are let in where nobody knows how many: what tasks start, and what that starts, runs too. */
export const UNKNOWN_TURNS = 8
/** `sleep(0)`: who sleeps is in the queue before anything that the tasks of this turn start. */
export const ONE_TURN = 1
/** Awaiting a task: its end wakes the waiter after what the task has started. */
export const TASK_TURNS = 2
/** Waiting for a group of tasks: the group's own callback takes a turn in between. */
export const GROUP_TURNS = 3

/** Waits for tasks. One that is done does not give control away; one that gives it away itself takes nobody knows how many turns. */
export function waitFor(frame: Frame, tasks: readonly Atom[], turns: number): void {
  const m = frame.machine
  if (m.detached.some((task) => task.owner !== null && tasks.includes(task.owner))) suspend(frame, turns)
  if (tasks.some((task) => frame.machine.slow.has(task))) suspend(frame)
  if (isOnItsWay(m)) {
    const { goal } = m.progress
    if (goal !== null && goal.task !== null && tasks.includes(goal.task) && waitForTime(frame, goal))
      suspend(frame, turns - 1)
    return
  }
  // who was let in and waits is waited for
  const left = m.detached.filter(({ owner, waiting }) => owner !== null && waiting !== null && tasks.includes(owner))
  const [first] = left
  if (first === undefined) return
  if (m.progress.mode === 'pass') {
    join(m, (task) => left.includes(task))
    // its end wakes the waiter after what it has started by then
    suspend(frame, turns - 1)
  } else waitForTime(frame, { seconds: first.waiting?.seconds ?? Number.NaN, task: first.owner, event: null })
}

/** Waits for a group of tasks; it is told of the end of each a turn later. */
export function waitForGroup(frame: Frame, tasks: readonly Atom[]): void {
  const told = tasks.every((task) => !frame.machine.fresh.has(task))
  waitFor(frame, tasks, GROUP_TURNS)
  if (!told) suspend(frame, ONE_TURN)
}

/** Runs something that lets others in on some versions of Python only, before and after it. */
export function perhapsAsTask<T>(frame: Frame, run: () => T): T {
  const m = frame.machine
  m.undecided++
  suspend(frame, ONE_TURN)
  m.undecided--
  const value = run()
  m.undecided++
  suspend(frame, TASK_TURNS)
  m.undecided--
  return value
}

/** Runs started work that is waited for. */
export function join(m: Machine, which: (task: Detached) => boolean): void {
  joinTurns(m, which, { turns: UNKNOWN_TURNS, only: false })
}

/** Tasks of the event loop get so many turns. */
export function letTurns(m: Machine, turns: number): void {
  joinTurns(m, (task) => task.loop && isDue(m, task), { turns, only: true })
}

/** `only`: nobody waits for what runs, so that it is left at a wait of real time. */
function joinTurns(
  m: Machine,
  which: (task: Detached) => boolean,
  { turns, only: isLetIn }: { readonly turns: number; readonly only: boolean },
): void {
  if (isOnItsWay(m)) return
  m.fresh.clear()
  for (let turn = 0; turn < turns; turn++) {
    const due = m.detached.filter(which)
    m.fresh.clear()
    if (due.length === 0) return
    m.detached = m.detached.filter((task) => !which(task))
    for (const task of due) {
      if (isLetIn) letIn(m, task)
      else runStarted(m, task, false)
      if (task.owner !== null) m.fresh.add(task.owner)
    }
  }
}

/** Starts a task, thread or timer: what it runs is decided when it is joined or when the entry point ends. */
export function start(
  frame: Frame,
  work: {
    readonly key: string
    readonly loop: boolean
    /** runs in a thread of its own */
    readonly thread?: boolean
    readonly owner: Atom | null
    /** a callback of its owner, which has a result of its own */
    readonly follows?: boolean
    readonly holds: readonly Value[]
    /** whether anybody runs it is not known */
    readonly perhaps?: boolean
    /** what it gives is its result */
    readonly run: (frame: Frame) => Value
  },
): void {
  const m = frame.machine
  const { may, guards } = frame
  const { undecided } = m
  const context = work.thread === true ? EMPTY_CONTEXT : currentContext(m)
  const task: Detached = {
    key: `${frame.context.id}:${work.key}`,
    loop: work.loop,
    owner: work.owner,
    follows: work.follows ?? false,
    holds: work.holds,
    there: NOWHERE,
    perhaps: work.perhaps ?? false,
    waiting: null,
    cancelled: false,
    run: (detached) => {
      const before = { may: frame.may, guards: frame.guards, detaching: m.detaching, loop: m.loopRunning }
      // who waits for it on some paths only makes its work in this phase possible
      const certain = may + (m.undecided > undecided ? 1 : 0)
      frame.may = certain
      frame.guards = guards
      m.detaching = detached
      m.loopRunning = work.loop
      const { turns } = frame.summary
      const { undecided: around } = m
      let value = m.domain.bottom
      const own = (): void => {
        value = work.run(frame)
      }
      let error: Value | null = null
      const run = (): void => {
        inContext(m, context, () => {
          error = contained(frame, true, own)
        })
      }
      if (work.thread === true) inThread(m, run)
      else run()
      if (work.owner !== null && work.follows !== true) {
        if (frame.summary.turns > turns) m.slow.add(work.owner)
        remember(m, work.owner, error)
        if (value.atoms.length > 0) keepResult(m, work.owner, value)
        const rescue = frame.may > certain ? frame.guards.at(-1) : undefined
        if (rescue !== undefined) m.rescued.set(work.owner, rescue)
      }
      frame.may = before.may
      frame.guards = before.guards
      m.undecided = around
      m.detaching = before.detaching
      m.loopRunning = before.loop
    },
  }
  if (!isOnItsWay(m)) m.detached = mergeDetached(m.detached, [task])
}

/** Runs something whose errors stay where they are; answers with the error that it certainly ends in, or null. With `all` false it just runs. */
export function contained(frame: Frame, all: boolean, run: () => void): Value | null {
  const m = frame.machine
  if (!all) {
    run()
    return null
  }
  const { stopped } = m
  const target: Target = { mark: m.store.mark(), exits: [] }
  m.stopped = false
  frame.raises.push(target)
  run()
  frame.raises.pop()
  const ends = !m.stopped
  settle(m, target, ends)
  m.stopped = stopped
  return ends || target.exits.length === 0 ? null : m.domain.joinAll(target.exits.map((exit) => exit.value))
}

/** The error of a task or future, until somebody asks for its result. */
function remember(m: Machine, owner: Atom, error: Value | null): void {
  if (error === null && !m.failures.has(owner)) return
  m.store.write(m.store.cellIn(m.failures, owner, 0), error ?? m.domain.unbound)
}

/** What a task or future gives to who waits for it. */
export function resultOf(m: Machine, owner: Atom): Value {
  const cell = m.results.get(owner)
  const value = cell === undefined ? m.domain.unbound : m.store.read(cell)
  return value.atoms.some((a) => a.kind === 'unbound') ? m.domain.unknown('task') : value
}

/** Raises the error in which a task or future certainly ended. */
export function failure(frame: Frame, owner: Atom, wrapped: (error: Value) => Value = (error) => error): boolean {
  const m = frame.machine
  const cell = m.failures.get(owner)
  const error = cell === undefined ? m.domain.unbound : m.store.read(cell)
  const rescue = m.rescued.get(owner)
  if (rescue !== undefined) onlyCaught(frame, rescue)
  if (error.atoms.some((a) => a.kind === 'unbound')) {
    if (error !== m.domain.unbound) frame.summary.canRaise = true
    return false
  }
  m.ops.raise(frame, wrapped(error))
  return true
}

/** Runs the body of something callable or awaitable as the work of a task. */
export function runWork(frame: Frame, value: Value, site: CallSite): Value {
  const invoked = implied(site, 'invoke')
  const results: Value[] = []
  forEachOf(frame, value, (atom) => {
    const isCoroutine = atom.kind === 'generator' && atom.type === 'coroutine'
    results.push(isCoroutine ? runCoroutine(frame, atom, invoked) : awaitAtom(frame, atom, invoked))
  })
  return frame.machine.domain.joinAll(results)
}
