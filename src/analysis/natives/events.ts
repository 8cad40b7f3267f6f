// Events of asyncio and threading: whether they are set, and what waiting for one that is not does.
// An event that somebody else may hold is set or not: only what was certainly done to it is known.
import type { Frame } from '../machine/machine.ts'
import { only, type Value } from '../domain/values.ts'
import { argument, isNone, type Native, type NativeCall, type Natives } from './native.ts'

const SLOT = 'set'

const making =
  (type: string): Native =>
  (frame, call) => {
    const { ops, domain } = frame.machine
    const made = ops.modelled(frame, type, call)
    for (const atom of made.atoms) if (atom.kind === 'instance') ops.setSlot(atom, SLOT, domain.false)
    return made
  }

/** `set()` and `clear()` */
const turning =
  (value: boolean): Native =>
  (frame, call) => {
    const { ops, domain } = frame.machine
    for (const atom of call.self?.atoms ?? [])
      if (atom.kind === 'instance')
        if (call.self?.atoms.length === 1) ops.setSlot(atom, SLOT, value ? domain.true : domain.false)
        else ops.push(atom, SLOT, value ? domain.true : domain.false)
    return domain.none
  }

/** What is known of it: True, False, or some bool. */
function flagOf(frame: Frame, call: NativeCall): Value {
  const { ops, domain } = frame.machine
  const self = only(call.self ?? domain.bottom)
  const flag = self?.kind === 'instance' ? ops.slot(self, SLOT) : domain.bottom
  return only(flag)?.kind === 'const' ? flag : domain.typed('bool')
}

const isSet: Native = (frame, call) => {
  const { domain } = frame.machine
  const flag = flagOf(frame, call)
  return flag === domain.false && !isOwn(frame, call) ? domain.typed('bool') : flag
}

/** The event was made while the entry point, or the body of this module, runs: nobody else has had it. */
function isOwn(frame: Frame, call: NativeCall): boolean {
  const m = frame.machine
  const self = only(call.self ?? m.domain.bottom)
  const stamp = self?.kind === 'instance' ? self.slots.get(SLOT)?.stamp : undefined
  if (stamp === undefined) return false
  return m.phaseStart === Number.POSITIVE_INFINITY ? stamp > frame.module.state.stamp : stamp >= m.phaseStart
}

/** What is awaited until the object is there (suspended/awaited-objects.ts). */
export const awaiting =
  (what: 'event' | 'element' | 'lock'): Native =>
  (frame, call) =>
    frame.machine.domain.special('object', [call.self ?? frame.machine.domain.bottom], [what], call.site.site)

/** `Event().wait(timeout)` of threading: gives whether it is set. */
const blocking: Native = (frame, call) => {
  const timeout = argument(frame, call, 0, 'timeout')
  if (timeout.atoms.length === 0 || isNone(timeout)) return frame.machine.domain.true
  return isSet(frame, call)
}

export const EVENTS: Natives = {
  'asyncio.Event': making('asyncio.Event'),
  'asyncio.Event.set': turning(true),
  'asyncio.Event.clear': turning(false),
  'asyncio.Event.is_set': isSet,
  'asyncio.Event.wait': awaiting('event'),
  'threading.Event': making('threading.Event'),
  'threading.Event.set': turning(true),
  'threading.Event.clear': turning(false),
  'threading.Event.is_set': isSet,
  'threading.Event.wait': blocking,
}
