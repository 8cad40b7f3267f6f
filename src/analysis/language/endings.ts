// How an iteration is told that there is no more: an error of the one who was asked for an element.
// Only that error is taken; any other one goes on its way.
import { rebase } from '../machine/frames.ts'
import type { Frame, Target } from '../machine/machine.ts'
import type { Value } from '../domain/values.ts'

export interface Ending {
  /** where the iteration goes on when there is no more */
  readonly over: Target
  /** the builtin exception that says so */
  readonly ending: string
}

/** Asks for an element. An error that means "no more" leads to the end of the iteration. */
export function asked(frame: Frame, { over, ending }: Ending, ask: () => Value): Value {
  const m = frame.machine
  const classes = [m.domain.native(ending)]
  const raised: Target = { mark: m.store.mark(), exits: [] }
  const outer = frame.raises.at(-1)
  frame.raises.push(raised)
  const element = ask()
  frame.raises.pop()
  if (raised.exits.length === 0) return element
  const normal = m.store.collect(raised.mark)
  const { stopped, detached } = m
  m.store.undo(raised.mark)
  const outcomes = raised.exits.map((exit) => ({ exit, ends: m.ops.catches(exit.value, classes) }))
  const those = (not: boolean): Target['exits'] => outcomes.filter(({ ends }) => ends !== not).map(({ exit }) => exit)
  rebase(m, those(false), over)
  if (outer !== undefined) rebase(m, those(true), outer)
  m.store.apply(normal)
  m.stopped = stopped
  m.detached = detached
  return element
}
