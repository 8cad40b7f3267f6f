// Module bodies and factories that reach other entry points: a factory that they call, a module that they import and that is an entry point as well. What happens
// inside those is theirs, and is said once. Must stay true: an operation that some entry point reached is reported by at least one.
import type { EntryFacts, OperationFact } from '../analysis/evidence/facts.ts'

/** The facts, without what module bodies reach only through other entry points. */
export function withoutReentry(facts: readonly EntryFacts[]): EntryFacts[] {
  const complete = facts.filter((f) => f.exhausted === null)
  const ids = new Set(complete.map((f) => f.request.id))
  const belongsElsewhere = (own: EntryFacts, { trace }: OperationFact): boolean =>
    own.request.reenters &&
    trace.some(({ calleeModule, callee, kind }) =>
      kind === 'import'
        ? calleeModule.file !== own.request.file && ids.has(calleeModule.file)
        : ids.has(`${calleeModule.file}::${callee}`) && own.request.id !== `${calleeModule.file}::${callee}`,
    )
  const told = new Set<string>()
  for (const f of facts) for (const o of f.operations) if (!belongsElsewhere(f, o)) told.add(placeOf(o))
  return facts.map((f) => {
    if (!f.request.reenters) return f
    // in a cycle of imports each module reaches it through the other one: the first keeps it
    const operations = f.operations.filter((o) => !belongsElsewhere(f, o) || !told.has(placeOf(o)))
    for (const o of operations) told.add(placeOf(o))
    return { ...f, operations }
  })
}

function placeOf({ site, row }: OperationFact): string {
  return `${site.module.file}:${site.p}:${site.e}:${row.symbol}`
}
