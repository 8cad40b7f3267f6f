// Conditions that could not be decided, as guards of what is recorded under them.
// A guard ends with the work it was put around.
import { siteOf } from './frames.ts'
import type { Frame, Machine } from './machine.ts'

/** Runs something under an undecided condition, which becomes a guard of what is recorded. */
export function guarded<T>(
  _m: Machine,
  frame: Frame,
  condition: { readonly p: number; readonly e: number },
  lowers: boolean,
  run: () => T,
): T {
  const guards = frame.guards
  frame.guards = [...guards, { site: siteOf(frame, condition), lowers }]
  const out = run()
  frame.guards = guards
  return out
}
