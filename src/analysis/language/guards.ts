// Conditions that could not be decided, as guards of what is recorded under them.
// A guard ends with the work it was put around.
import type { Expr } from '../../ir/model.ts'
import { siteOf } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import type { Value } from '../domain/values.ts'

/** Runs something under an undecided condition, which becomes a guard of what is recorded. */
export function guarded<T>(
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

/** An expression of no possible value never finishes (a callee that always raises): what follows is dead. */
export function alive(value: Value, x: Expr): boolean {
  if (value.atoms.length > 0) return true
  return x.k !== 'call' && x.k !== 'await' && x.k !== 'attr' && x.k !== 'sub' && x.k !== 'yield' && x.k !== 'yieldfrom'
}
