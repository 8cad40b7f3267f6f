// Arguments of calls: evaluated left to right, stars expanded where their content is known, then bound to parameters.
// What a call does not give is the default; what is then still open is unknown, or its annotation's type.
import type { Argument } from '../ir/model.ts'
import { at } from './frames.ts'
import type { Frame, Machine } from './machine.ts'
import { NO_ARGS, type CallArgs, type Value } from './values.ts'

/** Arguments left to right, stars expanded where their content is known. */
export function evaluateArguments(m: Machine, frame: Frame, args: readonly Argument[]): CallArgs {
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
      const entries = m.ops.entries(frame, value)
      if (entries.exact) for (const [key, item] of entries.known) kw.set(key, item)
      else restKw = m.domain.join(restKw ?? m.domain.bottom, entries.any)
    } else if (arg.n !== undefined) kw.set(arg.n, value)
    else if (restPos === null) pos.push(value)
    else restPos = m.domain.join(restPos, value)
  }
  return { pos, kw, restPos, restKw }
}
