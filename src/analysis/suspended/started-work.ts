// Work that was started and runs later: in the state of the path that started it, and no further than to a wait of real time when it is only let in.
// From there it goes on where somebody waits for it, where the phase waits longer, or after the phase. Going on means running it again from its start
// in the state that it started in; what it does on its way to the wait was told before.
import { mergeDetached } from '../machine/summaries.ts'
import type { Frame, Machine, Summary } from '../machine/machine.ts'
import type { Detached, Wait } from '../machine/started.ts'

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

/** A task gets its turns of the event loop. Where it comes to a wait of real time, it is left there. */
export function letIn(m: Machine, task: Detached): void {
  if (task.cancelled) return goOn(m, task, 'cancel', false)
  const { waits, left } = m
  m.waits = 'leave'
  const mark = m.store.mark()
  const waiting = begun(m, task)
  if (waiting !== null) {
    const there = new Map(task.there)
    for (const [cell, before] of m.store.before(mark))
      there.set(cell, { value: task.there.get(cell)?.value ?? before, joined: cell.value })
    // on another path it may not have begun yet
    const key = `${task.key}@${waiting.seconds}:${waiting.task?.id ?? ''}`
    m.detached = mergeDetached(m.detached, [{ ...task, key, waiting, there }])
  }
  m.waits = waits
  m.left = left
}

/** Runs a task from its start; answers with the wait at which it was left. */
function begun(m: Machine, task: Detached): Wait | null {
  m.left = null
  runStarted(m, task, false)
  return m.left
}

/** What is left at the end of the phase runs, or goes on, after it. */
export function runLater(m: Machine, task: Detached): void {
  if (task.waiting === null) runStarted(m, task, true)
  else goOn(m, task, 'resume', true)
}

/** Tasks whose wait is over before one of `seconds` is; where one of the two is not known, they may be. */
export function goOnFor(m: Machine, seconds: number): void {
  for (const task of m.detached.filter(({ waiting }) => waiting !== null && !(waiting.seconds >= seconds))) {
    m.detached = m.detached.filter((other) => other !== task)
    const isOpen = !((task.waiting?.seconds ?? 0) < seconds)
    goOn(m, isOpen ? { ...task, perhaps: true } : task, 'resume', false)
  }
}

function goOn(m: Machine, task: Detached, way: 'resume' | 'cancel', detached: boolean): void {
  const { waits, goal } = m
  m.waits = way
  m.goal = task.waiting
  runStarted(m, task, detached)
  const arrived = !isOnItsWay(m)
  m.waits = waits
  m.goal = goal
  // another state led it elsewhere: all of it counts
  if (!arrived && way === 'resume') runStarted(m, task, detached)
}

/** A wait of real time. Returns whether the code after it runs now. */
export function waitFor(frame: Frame, wait: Wait): boolean {
  const m = frame.machine
  frame.summary.waits = wait
  if (m.waits === 'pass') {
    goOnFor(m, wait.seconds)
    return true
  }
  if (m.waits === 'cancel') m.ops.raise(frame, m.domain.external('asyncio.CancelledError'))
  const isLeft = m.waits === 'leave'
  passWait(m, frame.summary)
  if (isLeft) m.stopped = true
  return !m.stopped
}

/** What a wait in something that was called means for the task that runs. */
export function passWait(m: Machine, { waits }: Summary): void {
  if (waits === null) return
  if (m.waits === 'leave') m.left = waits
  else m.waits = 'pass'
}

/** The running task is on its way to the wait at which it was left: what it does there was told before. */
export function isOnItsWay({ waits }: Machine): boolean {
  return waits === 'resume' || waits === 'cancel'
}
