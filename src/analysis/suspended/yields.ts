// `yield` and `yield from`: the value goes to the consumer, which runs right here.
// A consumer that takes no more ends the path.
import type { Expr } from '../../ir/model.ts'
import { at, leave, siteOf } from '../machine/frames.ts'
import type { Frame, Machine, YieldOutcome } from '../machine/machine.ts'
import { handedOut, replayed } from './replay.ts'
import { handOut } from './renewal.ts'
import { only, type GeneratorAtom, type Site, type Value } from '../domain/values.ts'

/** A `yield` hands its value to the consumer, which runs right here; a consumer that takes no more ends this path. */
export function yieldValue(m: Machine, frame: Frame, x: Expr, value: Value, from: boolean): Value {
  if (frame.onYield === null) return m.domain.unknown('generator')
  if (!from) return resume(m, frame, x, value)
  const single = only(value)
  if (single?.kind === 'generator' && single.source === null && single.type !== 'coroutine')
    return delegate(m, frame, x, single)
  let sent = m.domain.bottom
  const ends = m.ops.iterate(frame, value, at(frame, x, 'iterate'), (element) => {
    sent = m.domain.join(sent, resume(m, frame, x, element))
    return sent.atoms.length > 0
  })
  return ends ? m.domain.unknown('generator') : m.domain.bottom
}

/** `yield from` a generator: what is sent goes on to it, and its result is the value. */
function delegate(m: Machine, frame: Frame, x: Expr, generator: GeneratorAtom): Value {
  const behind = handedOut(m, generator)
  let index = 0
  const { value, returns } = m.ops.runGenerator(frame, generator, at(frame, x, 'iterate'), (element, place) => {
    const current = index++
    return current < behind ? replayed(m, generator, current) : consume(m, frame, element, place)
  })
  return returns && !m.stopped ? value : m.domain.bottom
}

/** The consumer's answer; a pause is kept in mind. */
function consume(m: Machine, frame: Frame, value: Value, place: Site): YieldOutcome {
  handOut(m, value)
  frame.yields++
  const outcome = frame.onYield?.(value, place) ?? { kind: 'stop' }
  if (outcome.kind === 'pause') frame.paused = true
  return outcome
}

function resume(m: Machine, frame: Frame, x: Expr, value: Value): Value {
  const outcome = consume(m, frame, value, siteOf(frame, x))
  if (outcome.kind === 'resume') {
    if (outcome.mayRaise === true) frame.summary.canRaise = true
    // on other paths the consumer raises: they leave here, this one goes on
    const target = frame.raises.at(-1)
    if (outcome.error !== undefined && outcome.error !== null && target !== undefined) leave(m, target, outcome.error)
    return outcome.sent
  }
  if (outcome.kind === 'raise') m.ops.raise(frame, outcome.error)
  return m.domain.bottom
}
