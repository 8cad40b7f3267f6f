// Awaiting modelled objects: tasks, futures, what is gathered or waited for, sleeping, asynchronous iterators.
// A result is what the work came to; control goes to the event loop as often as CPython gives it away.
import {
  contained,
  failure,
  join,
  ONE_TURN,
  perhapsAsTask,
  resultOf,
  TASK_TURNS,
  waitFor,
} from '../suspended/awaiting.ts'
import { currentContext, inContext, inThread } from '../suspended/contexts.ts'
import { withDeadline } from '../suspended/deadlines.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { positional, type Atom, type SpecialAtom, type Value } from '../domain/values.ts'
import { acquire, awaitObject, takeFrom } from '../suspended/awaited-objects.ts'
import { isThere, waitFor as waitForTime } from '../suspended/started-work.ts'
import { close, resume } from '../suspended/resumption.ts'

export function awaitSpecial(frame: Frame, atom: SpecialAtom, site: CallSite): Value {
  const m = frame.machine
  const [first, second] = atom.parts
  switch (atom.type) {
    case 'awaitable':
      return first ?? m.domain.none
    case 'sleep':
      return slept(frame, atom)
    case 'object':
      return thereAt(frame, atom, first?.atoms[0])
    case 'task':
    case 'future': {
      if (atom.type === 'task') waitFor(frame, [atom], TASK_TURNS)
      else {
        join(m, (t) => t.owner === atom)
        m.ops.suspend(frame)
      }
      return failure(frame, atom) ? m.domain.bottom : resultOf(m, atom)
    }
    case 'gathered':
      return gathered(frame, atom, site)
    case 'awaitable-of':
      return awaitedParts(frame, atom, site)
    case 'to-thread': {
      let value = m.domain.bottom
      const run = (): void => {
        value = m.ops.call(frame, first ?? m.domain.bottom, positional(), implied(site, 'invoke'))
      }
      inThread(m, () => inContext(m, currentContext(m), run))
      m.ops.suspend(frame)
      return value
    }
    case 'anext':
      return m.domain.joinAll(
        (first ?? m.domain.bottom).atoms.map(
          (a) => resume(frame, a, implied(site, 'await'), second ?? m.domain.none).value,
        ),
      )
    case 'aclose':
      for (const a of first?.atoms ?? []) close(frame, a, implied(site, 'await'))
      return m.domain.none
    default:
      m.ops.suspend(frame)
      return m.domain.unknown('await')
  }
}

/** `wait_for(work, seconds)` */
function limited(frame: Frame, { parts }: SpecialAtom, site: CallSite): Value {
  const m = frame.machine
  const [work = m.domain.bottom, seconds = m.domain.none] = parts
  return perhapsAsTask(frame, () => {
    let out = m.domain.bottom
    const ends = withDeadline(frame, seconds, () => {
      out = m.ops.await(frame, work, site)
      return !m.stopped
    })
    if (!ends) m.stopped = true
    return ends ? out : m.domain.bottom
  })
}

/** Waits for all its parts: what the only one comes to, or nobody knows which of them. */
function awaitedParts(frame: Frame, atom: SpecialAtom, site: CallSite): Value {
  const m = frame.machine
  const [count, time] = atom.names
  if (time === 'limited') return limited(frame, atom, site)
  const one = count === 'one'
  let out = m.domain.bottom
  contained(frame, !one, () => {
    for (const part of atom.parts) out = m.domain.join(out, m.ops.await(frame, part, site))
  })
  if (one) return out
  m.ops.suspend(frame, ONE_TURN)
  return m.domain.unknown('task')
}

/** `sleep(seconds)`, and waits for what is not known. A task that was let in is left there; everybody else lets others in. */
function slept(frame: Frame, { parts, names }: SpecialAtom): Value {
  const m = frame.machine
  const [result = m.domain.none] = parts
  const [kind, time] = names
  const passes = m.progress.mode === 'pass'
  frame.summary.suspends = true
  if (passes || kind === undefined) m.ops.suspend(frame, kind === 'zero' ? ONE_TURN : undefined)
  if (kind === undefined || (passes && kind === 'zero')) return result
  const seconds = kind === 'zero' ? 0 : Number(time)
  return waitForTime(frame, { seconds, task: null, event: null }) ? result : m.domain.bottom
}

/** Waits for an event, for an element of a queue, or for a lock. */
function thereAt(frame: Frame, { names }: SpecialAtom, object: Atom | undefined): Value {
  const m = frame.machine
  if (object?.kind !== 'instance') {
    m.ops.suspend(frame)
    return m.domain.unknown('await')
  }
  if (names[0] === 'lock') return acquire(frame, object) ? m.domain.true : m.domain.bottom
  if (!isThere(m, object) && !awaitObject(frame, object)) return m.domain.bottom
  return names[0] === 'element' ? takeFrom(m, m.domain.of(object)) : m.domain.true
}

/** What was gathered, in order; with `return_exceptions` each may be an error instead. A single one (`shield`) gives its own result. */
function gathered(frame: Frame, atom: SpecialAtom, site: CallSite): Value {
  const m = frame.machine
  const values: Value[] = []
  const kept = atom.names.includes('exceptions')
  contained(frame, kept, () => {
    for (const part of atom.parts) values.push(m.ops.await(frame, part, site))
  })
  if (m.stopped) return m.domain.bottom
  // gathering nothing is done at once
  if (values.length > 0) m.ops.suspend(frame, ONE_TURN)
  if (atom.names.includes('one')) return values[0] ?? m.domain.unknown('task')
  const given = kept ? values.map((value) => m.domain.join(value, m.domain.unknown('exception'))) : values
  return m.ops.newList(frame, site.site, atom.names.includes('many') ? m.domain.joinAll(given) : given)
}
