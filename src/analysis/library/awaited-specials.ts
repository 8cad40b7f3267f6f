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
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { positional, type SpecialAtom, type Value } from '../domain/values.ts'
import { waitFor as waitForTime } from '../suspended/started-work.ts'
import { close, resume } from '../suspended/resumption.ts'

export function awaitSpecial(frame: Frame, atom: SpecialAtom, site: CallSite): Value {
  const m = frame.machine
  const [first, second] = atom.parts
  switch (atom.type) {
    case 'awaitable':
      return first ?? m.domain.none
    case 'sleep':
      return slept(frame, atom) ? (first ?? m.domain.none) : m.domain.bottom
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
      const value = m.ops.call(frame, first ?? m.domain.bottom, positional(), implied(site, 'invoke'))
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

/** `asyncio.sleep`: of some length time passes, or the task is left there; false: what follows does not run now. */
function slept(frame: Frame, atom: SpecialAtom): boolean {
  const m = frame.machine
  const [length, seconds] = atom.names
  if (length !== 'time') {
    m.ops.suspend(frame, length === 'zero' ? ONE_TURN : undefined)
    return true
  }
  frame.summary.suspends = true
  if (m.waits === 'pass') m.ops.suspend(frame)
  return waitForTime(frame, { seconds: Number(seconds), task: null })
}

/** Waits for all its parts: what the only one comes to, or nobody knows which of them. */
function awaitedParts(frame: Frame, atom: SpecialAtom, site: CallSite): Value {
  const m = frame.machine
  const [count, time] = atom.names
  const one = count === 'one'
  let out = m.domain.bottom
  contained(frame, !one, () => {
    for (const part of atom.parts) {
      const value = (): Value => m.ops.await(frame, part, site)
      out = m.domain.join(out, time === 'limited' ? perhapsAsTask(frame, value) : value())
    }
  })
  if (one) return out
  m.ops.suspend(frame, ONE_TURN)
  return m.domain.unknown('task')
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
