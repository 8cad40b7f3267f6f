// Generators that are driven by hand: what send(), throw() and close() do at the yield where a generator waits. A generator is replayed from its
// start with what it was sent so far, so that the code after a yield sees the value that the caller gave.
import { contained } from './awaiting.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { nextElement } from '../language/iteration.ts'
import { atEachPlace, FINISHED, handedOut, replayed } from './replay.ts'
import { only, type Atom, type GeneratorAtom, type Value } from '../domain/values.ts'

/** `generator.send(value)`, `throw(error)`: the yield where it waits gives the value, and it runs on to the next one. */
export function resume(frame: Frame, iterator: Atom, site: CallSite, sent: Value): ReturnType<typeof nextElement> {
  if (iterator.kind !== 'generator') return nextElement(frame, iterator, site)
  const { domain } = frame.machine
  let value = domain.bottom
  let exhausted = false
  atEachPlace(frame, iterator, () => {
    const step = resumeFrom(frame, iterator, site, sent)
    value = domain.join(value, step.value)
    exhausted ||= step.exhausted
    return true
  })
  return { value, exhausted }
}

function resumeFrom(
  frame: Frame,
  iterator: GeneratorAtom,
  site: CallSite,
  sent: Value,
): ReturnType<typeof nextElement> {
  const m = frame.machine
  const at = handedOut(m, iterator)
  const error = only(sent)
  if (at === 0 && error?.kind === 'special' && error.type === 'thrown') {
    // nothing of the body ran yet: the error comes back at once
    m.ops.raise(frame, error.parts[0] ?? m.domain.unknown('exception'))
    m.store.write(iterator.advanced, m.domain.constant('int', FINISHED))
    return { value: m.domain.bottom, exhausted: false }
  }
  if (at > 0) remember(m, iterator, at - 1, sent)
  return nextElement(frame, iterator, site)
}

function remember(m: Machine, generator: GeneratorAtom, index: number, sent: Value): void {
  const history = only(m.store.read(generator.sent))
  const parts = history?.kind === 'special' ? [...history.parts] : []
  while (parts.length < index) parts.push(m.domain.none)
  m.store.write(generator.sent, m.domain.special('sent', [...parts.slice(0, index), sent]))
}

/** `generator.close()`: GeneratorExit at the yield where it waits; one that has not started does nothing. */
export function close(frame: Frame, iterator: Atom, site: CallSite): void {
  if (iterator.kind !== 'generator' || iterator.source !== null) return
  atEachPlace(frame, iterator, () => (closeAt(frame, iterator, site), true))
}

function closeAt(frame: Frame, iterator: GeneratorAtom, site: CallSite): void {
  const m = frame.machine
  const at = handedOut(m, iterator)
  if (at > 0 && at !== FINISHED) {
    let index = 0
    contained(frame, true, () => {
      m.ops.runGenerator(frame, iterator, site, () => {
        const current = index++
        if (current < at - 1) return replayed(m, iterator, current)
        return current === at - 1 ? { kind: 'raise', error: m.domain.native('GeneratorExit') } : { kind: 'stop' }
      })
    })
  }
  m.store.write(iterator.advanced, m.domain.constant('int', FINISHED))
}
