// The shape of a modelled function of Python's own library, and what the models share.
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { positional, type Atom, type CallArgs, type Value } from '../domain/values.ts'

export interface NativeCall {
  readonly name: string
  /** the object a method was read from */
  readonly self: Value | null
  readonly args: CallArgs
  readonly site: CallSite
}
export type Native = (frame: Frame, call: NativeCall) => Value
export type Natives = Readonly<Record<string, Native>>

/** Argument by position or keyword; bottom when absent. */
export function argument(frame: Frame, call: NativeCall, index: number, name: string | null = null): Value {
  return (
    call.args.pos[index] ??
    (name === null ? undefined : call.args.kw.get(name)) ??
    call.args.restPos ??
    frame.machine.domain.bottom
  )
}

/** Calls a function value that library code was given. */
export function invoke(frame: Frame, f: Value, args: readonly Value[], call: NativeCall): Value {
  if (f.atoms.every((a) => a.kind === 'const')) return frame.machine.domain.none
  return frame.machine.ops.call(frame, f, positional(...args), implied(call.site, 'invoke'))
}

/** A function that makes an object of a library type. */
export const making =
  (type: string): Native =>
  (frame, call) =>
    frame.machine.ops.modelled(frame, type, call)

export const typed =
  (type: string): Native =>
  (frame) =>
    frame.machine.domain.typed(type)

/** A function that consumes the given iterable arguments and has a result of a plain type. */
export const consuming =
  (type: string, ...indexes: number[]): Native =>
  (frame, call) => {
    const m = frame.machine
    for (const index of indexes) {
      const value = argument(frame, call, index)
      if (value.atoms.length > 0) m.ops.iterate(frame, value, implied(call.site, 'iterate'), () => true)
    }
    return m.domain.typed(type)
  }

export function isNone(value: Value): boolean {
  return value.atoms.every((a: Atom) => a.kind === 'const' && a.type === 'none')
}
