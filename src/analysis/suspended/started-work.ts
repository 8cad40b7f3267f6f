// Work that was started and runs later: in the state of the path that started it, and no further than to a wait of real time when it is only let in.
// From there it goes on where somebody waits for it, where the phase waits longer, or after the phase. Going on means running it again from its start
// in the state that it started in; what it does on its way to the wait was told before.
import { mergeDetached } from '../machine/summaries.ts'
import type { Frame, Machine, Summary } from '../machine/machine.ts'
import { slot } from '../domain/slots.ts'
import { only, type InstanceAtom } from '../domain/values.ts'
import { refuse } from '../language/refusals.ts'
import { noProgress, type Detached, type Progress, type Wait } from '../machine/started.ts'

export const NOWHERE: Detached['there'] = new Map()

/** Runs started work in the state of the path on which it was started, as far as nothing else was written since. */
export function runStarted(m: Machine, task: Detached, detached: boolean): void {
  const there = [...task.there].filter(([cell, { joined }]) => cell.value === joined)
  for (const [cell, { value }] of there) m.store.write(cell, value)
  if (task.perhaps) m.undecided++
  task.run(detached)
  if (task.perhaps) m.undecided--
  for (const [cell, { value, joined }] of there) if (cell.value === value) m.store.write(cell, joined)
}

/** A task gets its turn of the event loop. Where it comes to a wait, it is left there. */
export function letIn(m: Machine, task: Detached): void {
  const mark = m.store.mark()
  const way = task.cancelled ? 'cancel' : task.waiting === null ? 'leave' : 'resume'
  const { left: waiting, partly } = goOn(m, task, { way, onwards: 'leave' }, false)
  if (waiting === null) return
  const there = new Map(task.there)
  for (const [cell, before] of m.store.before(mark))
    there.set(cell, { value: task.there.get(cell)?.value ?? before, joined: cell.value })
  // on another path it may not have begun yet
  const key = `${task.key.replace(/@.*$/, '')}@${waiting.index}:${waiting.seconds}:${waiting.task?.id ?? ''}`
  m.detached = mergeDetached(m.detached, [{ ...task, key, waiting, there, perhaps: task.perhaps || partly }])
}

/** Whether the next turn of the event loop is a task's: it has not begun, waits for nothing else, or what it waits for is there. */
export function isDue(m: Machine, { waiting, cancelled }: Detached): boolean {
  return waiting === null || cancelled || waiting.seconds === 0 || (waiting.event !== null && isThere(m, waiting.event))
}

/** The slot of a lock that says whether somebody has it. */
export const LOCKED = 'locked'

/** Whether, on some path, who waits for an object goes on: an event is set, a queue is not empty, a lock is free. */
export function isThere(m: Machine, object: InstanceAtom): boolean {
  if (object.ext === 'asyncio.Lock') return slot(m, object, LOCKED) !== m.domain.true
  if (object.ext === 'asyncio.Queue')
    return slot(m, object, 'size').atoms.some((atom) => atom.kind !== 'const' || atom.value !== 0)
  return slot(m, object, 'set') !== m.domain.false
}

/** What is left at the end of the phase runs, or goes on, after it. */
export function runLater(m: Machine, task: Detached): void {
  if (task.waiting === null) runStarted(m, task, true)
  else goOn(m, task, { way: 'resume', onwards: 'pass' }, true)
}

/** Tasks whose wait is over before one of `seconds` is; where one of the two is not known, they may be. */
export function goOnFor(m: Machine, seconds: number): void {
  for (const task of m.detached.filter(({ waiting }) => waiting !== null && !(waiting.seconds >= seconds))) {
    m.detached = m.detached.filter((other) => other !== task)
    const isOpen = !((task.waiting?.seconds ?? 0) < seconds)
    goOn(m, isOpen ? { ...task, perhaps: true } : task, { way: 'resume', onwards: 'pass' }, false)
  }
}

interface Way {
  readonly way: 'leave' | 'resume' | 'cancel'
  readonly onwards: Progress['onwards']
}

/** Runs a task from its start, or from where it waits; answers with how far it came. */
function goOn(m: Machine, task: Detached, { way, onwards }: Way, detached: boolean): Progress {
  const { progress } = m
  m.progress = { ...noProgress(), mode: way, goal: task.waiting, onwards }
  runStarted(m, task, detached)
  const isLost = way === 'resume' && isOnItsWay(m)
  const made = m.progress
  m.progress = progress
  // another state led it elsewhere: all of it counts
  if (isLost) runStarted(m, task, detached)
  return made
}

/** A wait of time, or for an event. Returns whether the code after it runs now. */
export function waitFor(frame: Frame, awaited: Pick<Wait, 'seconds' | 'task' | 'event'>): boolean {
  const m = frame.machine
  const { progress } = m
  const limit = only(m.store.read(m.deadline))
  const isOver = limit?.kind === 'const' && typeof limit.value === 'number' && awaited.seconds > limit.value
  const seconds = isOver ? limit.value : awaited.seconds
  const wait: Wait = { ...awaited, seconds, index: awaited.task === null ? progress.came++ : progress.came }
  frame.summary.waits = wait
  const goesOn = (): boolean => {
    if (isOver) refuse(frame, 'asyncio.CancelledError')
    return !m.stopped
  }
  if (progress.mode === 'leave') {
    progress.left = wait
    m.stopped = true
    return false
  }
  if (progress.mode === 'pass') {
    goOnFor(m, seconds)
    return goesOn()
  }
  if (!isGoal(progress, wait)) return true
  if (progress.mode === 'cancel') refuse(frame, 'asyncio.CancelledError')
  progress.mode = progress.onwards
  return goesOn()
}

function isGoal({ goal }: Progress, wait: Wait): boolean {
  return goal !== null && goal.task === wait.task && (wait.task !== null || goal.index === wait.index)
}

/** What a summary that is used again depends on besides its arguments, where a task runs that may be left or goes on. */
export function progressKey(m: Machine): string {
  const { mode, came } = m.progress
  return mode === 'leave' ? `leave${came}` : `${mode}${m.nextEnv}`
}

/** A summary in which the running task was left at a wait is used again. */
export function passWait(m: Machine, { waits }: Summary): void {
  if (waits !== null && m.progress.mode === 'leave') m.progress.left = waits
}

/** The running task is on its way to the wait at which it was left: what it does there was told before. */
export function isOnItsWay({ progress }: Machine): boolean {
  return progress.mode === 'resume' || progress.mode === 'cancel'
}
