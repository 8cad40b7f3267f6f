// `yield` and `yield from`: the value goes to the consumer, which runs right here.
// A consumer that takes no more ends the path.
import type { Expr } from '../ir/model.ts'
import { at, siteOf } from './frames.ts'
import type { Frame, Machine } from './machine.ts'
import type { Value } from './values.ts'

/** A `yield` hands its value to the consumer, which runs right here; a consumer that takes no more ends this path. */
export function yieldValue(m: Machine, frame: Frame, x: Expr, value: Value, from: boolean): Value {
  if (frame.onYield === null) return m.domain.unknown('generator')
  if (!from) return resume(m, frame, x, value)
  let sent = m.domain.bottom
  const ends = m.ops.iterate(frame, value, at(frame, x, 'iterate'), (element) => {
    sent = m.domain.join(sent, resume(m, frame, x, element))
    return sent.atoms.length > 0
  })
  return ends ? m.ops.generatorResult(frame, value) : m.domain.bottom
}

function resume(m: Machine, frame: Frame, x: Expr, value: Value): Value {
  const outcome = frame.onYield?.(value, siteOf(frame, x)) ?? { kind: 'resume', sent: m.domain.none }
  if (outcome.kind === 'resume') {
    if (outcome.mayRaise === true) frame.summary.canRaise = true
    return outcome.sent
  }
  if (outcome.kind === 'raise') m.ops.raise(frame, outcome.error)
  return m.domain.bottom
}
