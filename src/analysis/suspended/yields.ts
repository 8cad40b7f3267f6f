// `yield` and `yield from`: the value goes to the consumer, which runs right here.
// A consumer that takes no more ends the path.
import type { Expr } from '../../ir/model.ts'
import { leave } from '../machine/frames.ts'
import { at, siteOf } from '../machine/sites.ts'
import type { Frame, YieldOutcome } from '../machine/machine.ts'
import { handedOut, replayed } from './replay.ts'
import { handOut } from './renewal.ts'
import { only, type GeneratorAtom, type Site, type Value } from '../domain/values.ts'

/** A `yield` hands its value to the consumer, which runs right here; a consumer that takes no more ends this path. */
export function yieldValue(frame: Frame, x: Expr, value: Value, from: boolean): Value {
  const m = frame.machine
  if (frame.onYield === null) return m.domain.unknown('generator')
  if (!from) return resume(frame, x, value)
  const single = only(value)
  if (single?.kind === 'generator' && single.source === null && single.type !== 'coroutine')
    return delegate(frame, x, single)
  let sent = m.domain.bottom
  const ends = m.ops.iterate(frame, value, at(frame, x, 'iterate'), (element) => {
    sent = m.domain.join(sent, resume(frame, x, element))
    return sent.atoms.length > 0
  })
  return ends ? m.domain.unknown('generator') : m.domain.bottom
}

/** `yield from` a generator: what is sent goes on to it, and its result is the value. */
function delegate(frame: Frame, x: Expr, generator: GeneratorAtom): Value {
  const m = frame.machine
  const behind = handedOut(m, generator)
  let index = 0
  const { value, returns } = m.ops.runGenerator(frame, generator, at(frame, x, 'iterate'), (element, place) => {
    const current = index++
    return current < behind ? replayed(m, generator, current) : consume(frame, element, place)
  })
  return returns && !m.stopped ? value : m.domain.bottom
}

/** The consumer's answer; a pause is kept in mind. */
function consume(frame: Frame, value: Value, place: Site): YieldOutcome {
  handOut(frame.machine, value)
  frame.yields++
  const outcome = frame.onYield?.(value, place) ?? { kind: 'stop' }
  if (outcome.kind === 'pause') frame.paused = true
  return outcome
}

function resume(frame: Frame, x: Expr, value: Value): Value {
  const m = frame.machine
  const outcome = consume(frame, value, siteOf(frame, x))
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
