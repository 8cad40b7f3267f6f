// Making functions: defaults and annotations run where the `def` stands, decorators from the innermost outwards.
// The same `def` with the same defaults in the same scope is one function.
import type { FunctionIr } from '../../ir/model.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { only, type FunctionAtom, type Value } from '../domain/values.ts'
import { at } from '../machine/sites.ts'
import { elements } from '../domain/containers.ts'
import { rawMember } from './namespaces.ts'

/** A function value: defaults and annotations are evaluated here and now, decorators by `define`. */
export function makeFunction(frame: Frame, fn: FunctionIr): FunctionAtom {
  const m = frame.machine
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
  const env = scope ?? moduleScope(frame)
  const key = `f${fn.p}:${fn.qualname}:${[...defaults.values()].map((v) => v.id).join(',')}:${env.id}`
  const found = frame.context.allocations.get(key)
  if (found?.kind === 'function') return found
  const made = m.domain.make({ kind: 'function', fn, env, defaults, owner, fields: new Map() })
  frame.context.allocations.set(key, made)
  return made
}

function moduleScope(frame: Frame): Frame['env'] {
  return frame.machine.ops.moduleEnv(frame.module)
}

/** Executes a `def`: the function through its decorators, the innermost first. */
export function define(frame: Frame, fn: FunctionIr): Value {
  const m = frame.machine
  const decorators = fn.decorators.map((x) => ({ x, value: m.ops.evaluate(frame, x) }))
  let value = m.domain.of(makeFunction(frame, fn))
  for (const { x, value: decorator } of decorators.toReversed()) {
    value = m.ops.decorate(frame, decorator, value, at(frame, x, 'decorator'))
  }
  return value
}

/** The default of a parameter as it is now: `f.__defaults__` and `f.__kwdefaults__` may have been assigned. */
export function defaultOf(m: Machine, func: FunctionAtom, name: string): Value | null {
  if (func.fields.size === 0) return func.defaults.get(name) ?? null
  const positional = func.fn.params.filter((p) => p.kind === 'a' || p.kind === 'a/')
  const index = positional.findIndex((p) => p.n === name)
  const assigned = rawMember(m, func, index < 0 ? '__kwdefaults__' : '__defaults__')
  if (assigned === null) return func.defaults.get(name) ?? null
  const owner = only(assigned)
  if (owner?.kind !== 'container') return owner?.kind === 'const' ? null : m.domain.unknown('untyped-parameter')
  if (index < 0) return rawMember(m, owner, name)
  const { list, any } = elements(m, owner)
  return list === null ? any : (list[index - positional.length + list.length] ?? null)
}

/** The function whose body runs: another one where `f.__code__ = g.__code__` was assigned. */
export function codeOf(m: Machine, func: FunctionAtom): FunctionAtom {
  const assigned = func.fields.size === 0 ? null : rawMember(m, func, '__code__')
  const code = assigned === null ? null : only(assigned)
  const other =
    code?.kind === 'native' && code.name === 'function.__code__' && code.self !== null ? only(code.self) : null
  if (other?.kind !== 'function' || other === func) return func
  const { fn } = other
  const made = m.domain.intern(`code:${func.id}:${other.id}`, () => ({ ...func, fn, fields: new Map() }))
  return made.kind === 'function' ? made : func
}
