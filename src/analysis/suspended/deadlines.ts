// Blocks that are cancelled when their time is over: `wait_for(work, seconds)`, `async with asyncio.timeout(seconds)`. Only waits take time here.
// Must stay true: a wait is cut short only where both durations are known; several short waits never add up to a long one.
import { rebase } from '../machine/frames.ts'
import { started } from './detached.ts'
import type { Exit, Frame, Target } from '../machine/machine.ts'
import { only, type Value } from '../domain/values.ts'

/** Runs a block that has so many seconds. Where it is cancelled because they are over, it ends in a TimeoutError. Returns whether it comes to its end. */
export function withDeadline(frame: Frame, seconds: Value, run: () => boolean): boolean {
  const m = frame.machine
  const around = m.store.read(m.deadline)
  const limit = shorter(around, seconds)
  if (limit === around) return run()
  const target: Target = { mark: m.store.mark(), exits: [] }
  m.store.write(m.deadline, limit)
  frame.raises.push(target)
  const ends = run() && !m.stopped
  frame.raises.pop()
  m.store.write(m.deadline, around)
  if (target.exits.length === 0) return ends
  const ended = ends ? m.store.collect(target.mark) : null
  const { detached } = m
  m.store.undo(target.mark)
  const outer = frame.raises.at(-1)
  if (outer !== undefined)
    rebase(
      m,
      target.exits.map((exit) => ({ ...exit, value: timedOut(frame, exit) })),
      outer,
    )
  if (ended !== null) m.store.apply(ended)
  m.detached = ended === null ? started(target.exits, null) : detached
  return ends
}

/** The time that is over first; what is not known takes no part. */
function shorter(around: Value, seconds: Value): Value {
  const [a, b] = [only(around), only(seconds)]
  if (b?.kind !== 'const' || typeof b.value !== 'number') return around
  return a?.kind === 'const' && typeof a.value === 'number' && a.value <= b.value ? around : seconds
}

function timedOut(frame: Frame, { value }: Exit): Value {
  const { domain } = frame.machine
  return domain.joinAll(
    value.atoms.map((atom) =>
      atom.kind === 'external' && atom.path === 'asyncio.CancelledError'
        ? domain.external('asyncio.TimeoutError')
        : domain.of(atom),
    ),
  )
}
