// Calls and assignments that CPython refuses with an error of its own: nothing behind them runs, and a handler for the error certainly does.
// Only what is certain is refused: arguments written in the tree, a function that no unknown decorator wraps, a class without bases elsewhere.
import type { Expr } from '../../ir/model.ts'
import { defaultOf } from '../objects/definitions.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { RESOLVED, type Atom, type CallArgs, type ClassAtom, type FunctionAtom, type Value } from '../domain/values.ts'

/** Leaves with one of Python's own errors, a builtin one or one with its access path: what follows in the expression and behind it does not run. */
export function refuse(frame: Frame, error: string): Value {
  const m = frame.machine
  m.ops.raise(frame, error.includes('.') ? m.domain.external(error) : m.domain.native(error))
  m.stopped = true
  return m.domain.bottom
}

/** A constant, or a variable of the running function: others are set by whoever comes first, which may be somebody that is not seen. */
export function isOwnName(frame: Frame, callee: Expr): boolean {
  if (callee.k !== 'name') return callee.k === 'const'
  return frame.env.kind === 'function' && frame.env.vars.has(callee.id)
}

/** Whether a call of a function of the tree certainly is a TypeError, because parameters and arguments do not meet. */
export function refusesArguments(m: Machine, func: FunctionAtom, args: CallArgs, site: CallSite): boolean {
  if (!isWritten(site) || m.decoratedElsewhere.has(func.fn)) return false
  if (site.step === 'construct' && func.owner !== null && !isPlainClass(func.owner)) return false
  const { params } = func.fn
  const named = params.filter(({ kind }) => kind === 'a/' || kind === 'a')
  const takes = (kind: string): boolean => params.some((param) => param.kind === kind)
  if (args.pos.length > named.length && !takes('*')) return true
  const byName = new Set(params.filter(({ kind }) => kind === 'a' || kind === 'k').map(({ n }) => n))
  if (!takes('**') && [...args.kw.keys()].some((name) => !byName.has(name))) return true
  if (named.slice(0, args.pos.length).some(({ n, kind }) => kind === 'a' && args.kw.has(n))) return true
  if (args.restPos !== null || args.restKw !== null) return false
  const given = new Set(named.slice(0, args.pos.length).map(({ n }) => n))
  return params.some(
    ({ n, kind }) =>
      kind !== '*' &&
      kind !== '**' &&
      !given.has(n) &&
      (kind === 'a/' || !args.kw.has(n)) &&
      defaultOf(m, func, n) === null,
  )
}

/** The arguments stand in the tree and reach what they were written for. */
function isWritten({ step, resolution, open }: CallSite): boolean {
  return (step === 'call' || step === 'construct') && resolution === RESOLVED && open !== true
}

/** Bases of the library that implement nothing. */
export const PLAIN_BASES: ReadonlySet<string> = new Set(['abc.ABC', 'typing.Generic', 'typing.Protocol'])

/** A base of the tree that nothing decorates, or one of Python that adds nothing. */
function isPlain(base: Atom): boolean {
  if (base.kind === 'class') return base.cls.decorators.length === 0
  return base.kind === 'native' || (base.kind === 'external' && PLAIN_BASES.has(base.path))
}

/** Construction of the class is what the tree says it is: no base, metaclass or decorator of a library takes part. */
export function isPlainClass(cls: ClassAtom): boolean {
  return (cls.metaclass === null || cls.metaclass.kind === 'class') && cls.mro.every(isPlain)
}

/** A class with neither `__new__` nor `__init__` takes no arguments. */
export function takesNothing(cls: ClassAtom, args: CallArgs, site: CallSite): boolean {
  if (args.pos.length === 0 && args.kw.size === 0) return false
  return isWritten(site) && cls.traits.size === 0 && cls.mro.every((base) => base.kind === 'class') && isPlainClass(cls)
}
