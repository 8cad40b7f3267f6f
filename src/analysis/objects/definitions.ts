// Making functions: defaults and annotations run where the `def` stands, decorators from the innermost outwards.
// The same `def` with the same defaults in the same scope is one function.
import type { FunctionIr } from '../../ir/model.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import type { FunctionAtom, Value } from '../domain/values.ts'
import { at } from '../machine/frames.ts'

/** A function value: defaults and annotations are evaluated here and now, decorators by `define`. */
export function makeFunction(m: Machine, frame: Frame, fn: FunctionIr): FunctionAtom {
  const defaults = new Map<string, Value>()
  for (const param of fn.params) if (param.default !== null) defaults.set(param.n, m.ops.evaluate(frame, param.default))
  if (!frame.module.info.ir.lazyAnnotations) {
    for (const param of fn.params) if (param.annotation !== null) m.ops.evaluate(frame, param.annotation)
    if (fn.returns !== null) m.ops.evaluate(frame, fn.returns)
  }
  let scope: typeof frame.env | null = frame.env
  for (let outer: Frame['env'] | null = frame.env; outer !== null && !outer.captured; outer = outer.parent)
    outer.captured = true
  while (scope !== null && (scope.kind === 'class' || scope.kind === 'module')) scope = scope.parent
  const owner = frame.env.kind === 'class' ? frame.env.owner : null
  const env = scope ?? moduleScope(m, frame)
  const key = `f${fn.p}:${fn.qualname}:${[...defaults.values()].map((v) => v.id).join(',')}:${env.id}`
  const found = frame.context.allocations.get(key)
  if (found?.kind === 'function') return found
  const made = m.domain.make({ kind: 'function', fn, env, defaults, owner, fields: new Map() })
  frame.context.allocations.set(key, made)
  return made
}

function moduleScope(m: Machine, frame: Frame): Frame['env'] {
  return m.ops.moduleEnv(frame.module)
}

/** Executes a `def`: the function through its decorators, the innermost first. */
export function define(m: Machine, frame: Frame, fn: FunctionIr): Value {
  const decorators = fn.decorators.map((x) => ({ x, value: m.ops.evaluate(frame, x) }))
  let value = m.domain.of(makeFunction(m, frame, fn))
  for (const { x, value: decorator } of decorators.toReversed()) {
    value = m.ops.decorate(frame, decorator, value, at(frame, x, 'decorator'))
  }
  return value
}
