// What the handlers of a `try` have in common: how errors come to them, what they start from, and how the body of one runs.
// Must stay true: an error waits at the innermost target, in the state in which it was raised.
import type { Stmt } from '../../ir/model.ts'
import { bind } from './names.ts'
import type { Exit, Frame } from '../machine/machine.ts'
import type { Detached } from '../machine/started.ts'
import type { Delta } from '../domain/state.ts'
import type { Value } from '../domain/values.ts'

export type Try = Extract<Stmt, { k: 'try' }>

/** An explicit raise: waits at the innermost try, or leaves the function. Where the same error leaves twice, one exit stands for both. */
export function raise(frame: Frame, error: Value): void {
  const { store, detached } = frame.machine
  const target = frame.raises.at(-1)
  if (target === undefined) return
  const same = target.exits.find((exit) => exit.gathered && exit.value === error && exit.detached === detached)
  const gathered = same?.gathered ?? store.gathered(target.mark)
  if (same !== undefined) store.gather(gathered, target.mark)
  else target.exits.push({ delta: gathered.delta, value: error, detached, gathered })
}

/** How the body of a `try` was left. */
export interface TryState {
  readonly completed: Delta | null
  readonly ever: Delta | null
  readonly explicit: readonly Exit[]
  /** what was started and not joined at the end of the body */
  readonly detached: readonly Detached[]
  /** the body came to a yield */
  readonly yielded: boolean
}

/** Runs the body of a handler that has caught `error`. Returns whether it comes to its end. */
export function runHandler(frame: Frame, handler: Try['handlers'][number], error: Value): boolean {
  const m = frame.machine
  if (handler.n !== null) bind(m, frame.env, handler.n, error)
  frame.handling.push(error)
  const ends = m.ops.execute(frame, handler.body)
  frame.handling.pop()
  // the name is gone when the handler ends
  if (handler.n !== null) bind(m, frame.env, handler.n, m.domain.unbound)
  return ends
}

/** A handler, or the handlers that one error comes to. */
export interface Arm {
  /** it runs on every path */
  readonly must: boolean
  /** it catches something that the body raises itself, and nothing of that is left for those around */
  readonly sure: boolean
  readonly run: () => boolean
}
