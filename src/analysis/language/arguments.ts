// Arguments of calls: evaluated left to right, stars expanded where their content is known, then bound to parameters.
// What a call does not give is the default; what is then still open is unknown, or its annotation's type.
import type { Argument, Parameter } from '../../ir/model.ts'
import { at } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { NO_ARGS, type CallArgs, type FunctionAtom, type Value } from '../domain/values.ts'
import { fill, newContainer } from '../domain/containers.ts'
import { defaultOf } from '../objects/definitions.ts'
import { annotationValue } from './annotations.ts'

/** Arguments left to right, stars expanded where their content is known. */
export function evaluateArguments(frame: Frame, args: readonly Argument[]): CallArgs {
  const m = frame.machine
  if (args.length === 0) return NO_ARGS
  const pos: Value[] = []
  const kw = new Map<string, Value>()
  let restPos: Value | null = null
  let restKw: Value | null = null
  for (const arg of args) {
    const value = m.ops.evaluate(frame, arg.x)
    if (arg.s === 1) {
      const spread = m.ops.spread(frame, value, at(frame, arg.x, 'iterate'))
      if (spread.elements !== null && restPos === null) pos.push(...spread.elements)
      else restPos = m.domain.join(restPos ?? m.domain.bottom, spread.any)
    } else if (arg.s === 2) {
      const entries = m.ops.entries(frame, value, at(frame, arg.x, 'iterate'))
      if (entries.exact) for (const [key, item] of entries.known) kw.set(key, item)
      else restKw = m.domain.join(restKw ?? m.domain.bottom, entries.any)
    } else if (arg.n !== undefined) kw.set(arg.n, value)
    else if (restPos === null) pos.push(value)
    else restPos = m.domain.join(restPos, value)
  }
  return { pos, kw, restPos, restKw }
}

/** Parameters to values. What the call does not give is the default; what is then still open is unknown, or its annotation's type. */
export function bindArguments(frame: Frame, func: FunctionAtom, args: CallArgs, site: CallSite): Map<string, Value> {
  const m = frame.machine
  const bound = new Map<string, Value>()
  const { params } = func.fn
  const named = params.filter((p) => p.kind === 'a/' || p.kind === 'a')
  const used = new Set<string>()
  named.forEach((param, index) => {
    const given = args.pos[index] ?? (param.kind === 'a' ? args.kw.get(param.n) : undefined)
    if (args.kw.has(param.n) && param.kind === 'a') used.add(param.n)
    // a missing argument is a TypeError
    if (given === undefined && defaultOf(m, func, param.n) === null) frame.summary.canRaise = true
    bound.set(param.n, openArgument(m, func, param, given ?? notGiven(m, func, param, [args.restPos, args.restKw])))
  })
  for (const param of params) {
    if (param.kind === 'k') {
      used.add(param.n)
      const given = args.kw.get(param.n)
      bound.set(param.n, openArgument(m, func, param, given ?? notGiven(m, func, param, [args.restKw])))
    } else if (param.kind === '*') {
      const tuple = newContainer(frame, 'tuple', { p: site.site.p, e: func.id })
      fill(m, tuple, args.pos.slice(named.length), args.restPos)
      bound.set(param.n, m.domain.of(tuple))
    } else if (param.kind === '**') {
      const dict = newContainer(frame, 'dict', { p: site.site.p, e: func.id })
      for (const [name, value] of args.kw)
        if (!used.has(name)) m.ops.collect(dict, value, m.domain.constant('str', name))
      if (args.restKw !== null) m.store.weaken(dict.rest, args.restKw)
      bound.set(param.n, m.domain.of(dict))
    }
  }
  return bound
}

/** What a parameter is that the call does not give by itself: its default, or something of a `*x` or `**x`. Null: nobody gives it. */
function notGiven(m: Machine, func: FunctionAtom, param: Parameter, rests: readonly (Value | null)[]): Value | null {
  let value = defaultOf(m, func, param.n)
  for (const rest of rests) if (rest !== null) value = value === null ? rest : m.domain.join(value, rest)
  return value
}

function openArgument(m: Machine, func: FunctionAtom, param: Parameter, value: Value | null): Value {
  if (value === null || isOpen(value)) {
    const typed = param.annotation === null ? null : annotationValue(m, func.env, param.annotation)
    if (typed !== null)
      return value === null
        ? typed
        : m.domain.join(
            m.domain.filter(value, (a) => a.kind !== 'unknown'),
            typed,
          )
  }
  // what nobody gives is a TypeError at run time: nothing is guessed about it
  return value ?? m.domain.unknown('missing-argument')
}

function isOpen(value: Value): boolean {
  return value.atoms.some(
    (a) => a.kind === 'unknown' && (a.reason === 'untyped-parameter' || a.reason === 'missing-argument'),
  )
}
