// Functions of the tree that the catalogue or the configuration lists as database operations: calling one is the operation.
// Only what the configuration or the framework declares is taken at its word; other code is followed.
import { isWork } from '../../catalogue/lookup.ts'
import { externalByAnnotation } from '../language/annotations.ts'
import { recordOperation } from '../machine/frames.ts'
import { applies } from './predicates.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import type { CallArgs, FunctionAtom, Value } from '../domain/values.ts'

/** Whose rows speak of functions that stand in the tree. */
const DECLARING: ReadonlySet<string> = new Set(['(configuration)', 'modular_python_framework'])

/**
 * A function of the tree that the catalogue (or the configuration) lists as a database operation: calling it is the operation, its body is not
 * looked into. Null when no row speaks of it.
 */
export function declaredOperation(
  frame: Frame,
  func: FunctionAtom,
  { when, args }: { readonly when: 'call' | 'awaited'; readonly args: CallArgs },
  site: CallSite,
): Value | null {
  const m = frame.machine
  const path = func.env.module.info.name === '' ? func.fn.qualname : `${func.env.module.info.name}.${func.fn.qualname}`
  let out: Value | null = null
  for (const row of m.catalogue.rows(path)) {
    // the source of a library is followed like any other code; only what the configuration or the framework declares is taken at its word
    if (
      !DECLARING.has(row.package) ||
      !isWork(row) ||
      row.when !== when ||
      applies(m, row, { args, expr: null, unresolved: false }) === false
    )
      continue
    recordOperation(frame, row, { site: site.site, resolution: site.resolution, built: null })
    frame.summary.canRaise = true
    out =
      typeof row.returns === 'string'
        ? m.domain.of(externalByAnnotation(m, row.returns))
        : m.domain.unknown('operation')
  }
  return out
}
