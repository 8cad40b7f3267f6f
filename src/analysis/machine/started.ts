// Work that was started and has not been joined: tasks, threads and timers, and how far they came.
// Must stay true: what is here is data; running it is started-work.ts.
import type { Cell } from '../domain/state.ts'
import type { Atom, InstanceAtom, Value } from '../domain/values.ts'

/** A task, thread or timer that was started and has not been joined. `run(true)`: it is left to run on its own. */
export interface Detached {
  readonly key: string
  /** runs on the event loop (a task), so that suspending lets it in */
  readonly loop: boolean
  readonly owner: Atom | null
  /** runs when the work of its owner is over, however that ended */
  readonly follows: boolean
  readonly run: (detached: boolean) => void
  /** on some paths somebody has waited for it */
  readonly perhaps: boolean
  /** it ran as far as to this wait; null: it has not begun */
  readonly waiting: Wait | null
  /** it was cancelled while it waited */
  readonly cancelled: boolean
  /** what the work refers to */
  readonly holds: readonly Value[]
  /** the values of cells on the path on which it was started, where the state has been joined with other paths since */
  readonly there: ReadonlyMap<Cell, Parting>
}

/** A wait: of real time, or for the next turn of the event loop (0 seconds). */
export interface Wait {
  /** NaN where that is not known */
  readonly seconds: number
  /** the task that is waited for; null: time passes, or an event */
  readonly task: Atom | null
  /** the event that is waited for */
  readonly event: InstanceAtom | null
  /** how many waits the running task had come to before, those for tasks not counted */
  readonly index: number
}

/**
 * What happens at a wait: it passes, the running task is left there, or it goes on from there. On its way to the wait from which it goes on, what it
 * does was told before; from there on it waits as `onwards` says.
 */
export interface Progress {
  mode: 'pass' | 'leave' | 'resume' | 'cancel'
  /** where the running task was left; null as long as it runs */
  left: Wait | null
  /** on another path it went on */
  partly: boolean
  /** the wait from which it goes on */
  goal: Wait | null
  onwards: 'pass' | 'leave'
  /** waits that it has come to */
  came: number
}

/** Nothing that runs is a task. */
export function noProgress(): Progress {
  return { mode: 'pass', left: null, partly: false, goal: null, onwards: 'pass', came: 0 }
}

/** What a cell held on one path, and the value that stands for all paths. */
export interface Parting {
  readonly value: Value
  readonly joined: Value
}
