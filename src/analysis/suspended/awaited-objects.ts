// Events, queues and locks of asyncio: whether what somebody waits for is there, and how who waits lets others in until it is.
// What is in them is kept in slots, so that every path has its own.
import { setSlot, slot } from '../domain/slots.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { only, type InstanceAtom, type Value } from '../domain/values.ts'
import { ONE_TURN, suspend, UNKNOWN_TURNS } from './awaiting.ts'
import { isThere, LOCKED, waitFor } from './started-work.ts'

/** Waits for an object. A task that was let in is left there; everybody else lets others in. Returns whether the code after it runs now. */
export function awaitObject(frame: Frame, object: InstanceAtom): boolean {
  const m = frame.machine
  for (let turn = 0; turn < UNKNOWN_TURNS && m.progress.mode === 'pass' && !isThere(m, object); turn++)
    suspend(frame, ONE_TURN)
  if (m.progress.mode === 'pass' && isThere(m, object)) return true
  frame.summary.suspends = true
  return waitFor(frame, { seconds: Number.POSITIVE_INFINITY, task: null, event: object })
}

/** `await lock.acquire()`, `async with lock`. One that is free does not give control away. */
export function acquire(frame: Frame, lock: InstanceAtom): boolean {
  const m = frame.machine
  if (!isThere(m, lock) && !awaitObject(frame, lock)) return false
  setSlot(m, lock, LOCKED, m.domain.true)
  return true
}

export function release(m: Machine, lock: InstanceAtom): void {
  setSlot(m, lock, LOCKED, m.domain.false)
}

/** Takes what was put into queues. */
export function takeFrom(m: Machine, queues: Value | null): Value {
  let value = m.domain.bottom
  for (const queue of queues?.atoms ?? []) {
    if (queue.kind !== 'instance') continue
    value = m.domain.join(value, slot(m, queue, 'items'))
    const size = only(slot(m, queue, 'size'))
    const count = size?.kind === 'const' && typeof size.value === 'number' ? size.value : 0
    if (count > 0) setSlot(m, queue, 'size', m.domain.constant('int', count - 1))
  }
  return value.atoms.length > 0 ? value : m.domain.unknown('element')
}
