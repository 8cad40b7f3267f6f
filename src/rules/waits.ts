// Where started work is waited for: statements that await, join or ask for the result of what a step of the path started, or give control to
// the event loop after it. Work that was only scheduled and now runs in the phase has its cause there, and no step of the path says so.
// Must stay true: only statements of the function that started the work, behind the start; names are matched as written, nothing is resolved.
import type { RawFinding, TraceStep } from '../findings/model.ts'
import { definitionIn } from '../ir/lookup.ts'
import type { Stmt } from '../ir/model.ts'
import { callsIn, dottedName, nodesIn } from '../ir/nodes.ts'
import type { LoadedModule, Program } from '../program/program.ts'
import type { SourceRange } from '../text/position.ts'
import { flattened } from '../ir/lookup.ts'
import { headerOf, usesIn } from './bindings.ts'
import { headRange } from './places.ts'

/** Candidates of every start on the path, the one nearest to the operation first, each in source order. */
export function waitsOf({ trace }: Pick<RawFinding, 'trace'>, program: Program): readonly SourceRange[] {
  return trace.toReversed().flatMap((step) => {
    const module = step.kind === 'invoke' ? program.modules.get(step.file) : undefined
    return module === undefined ? [] : waitsIn(module, step)
  })
}

function waitsIn(module: LoadedModule, step: TraceStep): SourceRange[] {
  const start = (module.ir.lines[step.line - 1] ?? 0) + step.column - 1
  const body = step.function === '' ? module.ir.body : (definitionIn(module.ir, step.function)?.body ?? [])
  const statements = flattened(body)
  const starting = statements.findLast((s) => s.p <= start && start < s.e)
  if (starting === undefined) return []
  const handles = handlesOf(starting, start)
  return statements
    .filter((s) => s.p > start && s !== starting && (lets(s) || mentions(s, handles)))
    .map((s) => headRange(module, s))
}

/** What the starting statement keeps the started work under, and what it was given to: `task` and `group` of `task = group.create_task(…)`. */
function handlesOf(s: Stmt, start: number): readonly string[] {
  const kept = s.k === 'assign' ? s.targets.map(dottedName) : []
  const given = callsIn(headerOf(s)).flatMap(({ p, f }) => (p === start && f.k === 'attr' ? [dottedName(f.o)] : []))
  return [...kept, ...given].filter((name) => name !== null)
}

/** Whether a statement can give control to the event loop. */
function lets(s: Stmt): boolean {
  if ((s.k === 'with' || s.k === 'for') && s.async) return true
  return nodesIn(headerOf(s)).some(({ k }) => k === 'await')
}

function mentions(s: Stmt, handles: readonly string[]): boolean {
  const used = usesIn(headerOf(s)).map(({ name, attributes }) => [name, ...attributes].join('.'))
  return used.some((use) => handles.some((handle) => use === handle || use.startsWith(`${handle}.`)))
}
