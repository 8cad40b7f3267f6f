// What is kept of calls and module bodies for the next time, and of calls under way: the records of summaries.ts, bodies.ts and functions.ts.
// Must stay true: an entry names everything that its use depends on.
import { MAX_CALLS, MAX_OPERATIONS } from './budgets.ts'
import type { Machine, Summary } from './machine.ts'
import type { Detached } from './started.ts'
import type { Cell, Delta, Written } from '../domain/state.ts'
import type { Atom, ModuleAtom, Value } from '../domain/values.ts'

export interface MemoEntry {
  readonly args: ReadonlyMap<string, Value>
  readonly reads: ReadonlyMap<Cell, Value>
  readonly delta: Delta
  readonly summary: Summary
  readonly detached: readonly Detached[]
  readonly escapes: boolean
  /** objects made by the call that others can see */
  readonly objects: readonly Atom[]
  uses: number
}

/**
 * What evaluating a module body did. It holds wherever what it read is as it was: nothing else of an entry point reaches it. Its parts say what it
 * read of its surroundings, and, after each module that ran inside of it, what it read of that.
 */
export interface BodyEntry extends Written {
  readonly module: ModuleAtom
  /** those of its parts that are modules which it imported first; where one has run before, the rest may hold without it */
  readonly ran: ReadonlySet<object>
  readonly summary: Summary
  readonly detached: readonly Detached[]
  /** the budget that ran out in it */
  readonly exhausted: string | null
  readonly surveyed: boolean
  /** names of services whose providers it looked up */
  readonly asked: ReadonlySet<string>
  /** calls that it nests */
  readonly depth: number
}

export interface ActiveCall {
  readonly evaluationsLeft: number
  readonly key: string
  readonly summary: Summary
  recursive: boolean
  /** what it runs with: its own arguments, and those of calls inside of it that are not entered but answered by it */
  args: ReadonlyMap<string, Value>
}

/** What the analysis of one entry point, or of one module body, knows about its own calls and loops. */
type Books = Pick<
  Machine,
  | 'memo'
  | 'active'
  | 'heat'
  | 'contexts'
  | 'merged'
  | 'running'
  | 'loopDepth'
  | 'region'
  | 'unrolled'
  | 'loopRunning'
  | 'surveyed'
  | 'asked'
>

/** Books in which nothing is written yet. */
export function emptyBooks(): Books {
  return {
    memo: new Map(),
    active: new Map(),
    heat: new Map(),
    contexts: new Map(),
    merged: new Map(),
    running: [],
    loopDepth: 0,
    region: { depth: 0, mark: 0, serial: 0 },
    unrolled: '',
    loopRunning: false,
    surveyed: false,
    asked: new Set(),
  }
}

/** The books as they stand, to be opened again later. */
export function currentBooks(m: Machine): Books {
  const { memo, active, heat, contexts, merged, running, loopDepth, region, unrolled, loopRunning, surveyed, asked } = m
  return { memo, active, heat, contexts, merged, running, loopDepth, region, unrolled, loopRunning, surveyed, asked }
}

/** The whole budget of an entry point, or of a module body. */
export function wholeBudget(): Machine['budget'] {
  return { calls: MAX_CALLS, operations: MAX_OPERATIONS, exhausted: null }
}
