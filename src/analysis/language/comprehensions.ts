// Comprehensions and generator expressions: a scope of their own, clauses as nested loops.
// A generator expression runs nothing but the start of its first iterable until something asks it for elements.
import type { ComprehensionClause, Expr } from '../../ir/model.ts'
import { allocate, fork, newEnv } from '../machine/frames.ts'
import { at, siteOf } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import type { Env, Value } from '../domain/values.ts'
import { assume } from './narrowing.ts'
import { guarded } from './guards.ts'
import { isUnusual } from './conditions.ts'

/** Comprehensions have a scope of their own; a generator expression evaluates (and asks `__iter__` of) its first iterable only. */
export function comprehension(frame: Frame, x: Extract<Expr, { k: 'comp' }>): Value {
  const m = frame.machine
  const first = x.clauses[0]
  if (first === undefined) return m.domain.unknown('syntax-error')
  const iterable = m.ops.evaluate(frame, first.iter)
  const env = newEnv(m, {
    kind: 'comprehension',
    parent: visibleScope(frame.env),
    module: frame.module,
    names: targetNames(x.clauses),
    owner: frame.env.owner,
  })
  if (x.t === 'gen') {
    m.ops.startIteration(frame, iterable, at(frame, first.iter, 'iterate'))
    capture(frame.env)
    const made = allocate(frame, `g${x.p}:${iterable.id}`, () =>
      m.domain.make({
        kind: 'generator',
        type: first.async ? 'asyncgen' : 'generator',
        func: null,
        args: null,
        comp: { expr: x, env, first: iterable },
        source: null,
        site: siteOf(frame, x),
        advanced: m.store.cell(),
        sent: m.store.cell(),
      }),
    )
    m.store.write(made.advanced, m.domain.constant('int', 0))
    m.store.write(made.sent, m.domain.unbound)
    return m.domain.of(made)
  }
  const collected = m.ops.newCollection(frame, x.t, x)
  runClauses({ ...frame, env }, x.clauses, iterable, (inner) => {
    const item = m.ops.evaluate(inner, x.x)
    if (x.t === 'set' || x.t === 'dict') m.ops.hash(inner, item, at(inner, x.x, 'operator'))
    if (x.value === null) m.ops.collect(collected, item, null)
    else m.ops.collect(collected, m.ops.evaluate(inner, x.value), item)
    return true
  })
  return m.domain.of(collected)
}

/** The names of a class body are not seen from the scopes inside of it. */
function visibleScope(env: Env): Env | null {
  let scope: Env | null = env
  while (scope?.kind === 'class') scope = scope.parent
  return scope
}

function capture(env: Frame['env']): void {
  for (let scope: typeof env | null = env; scope !== null && !scope.captured; scope = scope.parent)
    scope.captured = true
}

/** The clauses of a comprehension as nested loops; `yieldElement` is called for each combination that passes the conditions. */
export function runClauses(
  inner: Frame,
  clauses: readonly ComprehensionClause[],
  first: Value,
  yieldElement: (frame: Frame) => boolean,
): void {
  const m = inner.machine
  // false = whoever takes the elements takes no more
  const clause = (index: number, iterable: Value): boolean => {
    const current = clauses[index]
    if (current === undefined) return true
    return m.ops.iterate(inner, iterable, at(inner, current.iter, current.async ? 'await' : 'iterate'), (element) => {
      m.ops.assign(inner, current.target, element)
      const test = (i: number): boolean => {
        const condition = current.ifs[i]
        if (condition === undefined) {
          const next = clauses[index + 1]
          return next === undefined ? yieldElement(inner) : clause(index + 1, m.ops.evaluate(inner, next.iter))
        }
        const truth = m.ops.decide(inner, condition, m.ops.evaluate(inner, condition))
        if (!truth.t) return true
        const goOn = (): boolean => (assume(inner, condition, true), test(i + 1))
        if (!truth.f) return goOn()
        return guarded(inner, condition, isUnusual(truth, true), () => fork(inner, [goOn, () => true], true))
      }
      return test(0)
    })
  }
  clause(0, first)
}

function targetNames(clauses: readonly ComprehensionClause[]): string[] {
  const names: string[] = []
  const visit = (target: Expr): void => {
    if (target.k === 'name') names.push(target.id)
    else if (target.k === 'tuple' || target.k === 'list') for (const part of target.xs) visit(part)
    else if (target.k === 'star') visit(target.x)
  }
  for (const clause of clauses) visit(clause.target)
  return names
}
