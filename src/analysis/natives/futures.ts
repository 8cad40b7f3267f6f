// Futures that code of the tree makes and fills itself: `loop.create_future()`, `asyncio.Future()`, `concurrent.futures.Future()`.
// What was set comes out of `await` and `result()`; callbacks run when it is set (those of asyncio in the next turn of the loop), or at once when it was.
import { implied } from '../machine/sites.ts'
import { contained, start } from '../suspended/awaiting.ts'
import type { Frame } from '../machine/machine.ts'
import { positional, type InstanceAtom, type Value } from '../domain/values.ts'
import { argument, type Native, type NativeCall, type Natives } from './native.ts'

const ASYNC = 'asyncio.Future'
const THREADED = 'concurrent.futures.Future'

const selves = (call: NativeCall): InstanceAtom[] =>
  (call.self?.atoms ?? []).filter((atom): atom is InstanceAtom => atom.kind === 'instance')

function callBack(frame: Frame, future: InstanceAtom, f: Value, call: NativeCall): void {
  const m = frame.machine
  const run = (inner: Frame): Value =>
    m.ops.call(inner, f, positional(m.domain.of(future)), implied(call.site, 'invoke'))
  // an error in a callback is logged and forgotten
  if (future.ext !== ASYNC) contained(frame, true, () => run(frame))
  else start(frame, { key: `set${call.site.site.p}:${future.id}:${f.id}`, loop: true, owner: null, holds: [f], run })
}

const setting =
  (slot: 'value' | 'error'): Native =>
  (frame, call) => {
    const { ops, domain } = frame.machine
    for (const future of selves(call)) {
      ops.setSlot(future, slot, argument(frame, call, 0))
      for (const f of ops.slot(future, 'callbacks').atoms) callBack(frame, future, domain.of(f), call)
      ops.setSlot(future, 'callbacks', domain.bottom)
    }
    return domain.none
  }

const adding: Native = (frame, call) => {
  const { ops, domain } = frame.machine
  const f = argument(frame, call, 0)
  for (const future of selves(call))
    if (isSet(frame, future)) callBack(frame, future, f, call)
    else ops.push(future, 'callbacks', f)
  return domain.none
}

function isSet(frame: Frame, future: InstanceAtom): boolean {
  return ['value', 'error'].some((slot) => frame.machine.ops.slot(future, slot).atoms.length > 0)
}

/** The result, or the error that was set; unknown where neither was seen. */
function outcome(frame: Frame, future: InstanceAtom): Value {
  const { ops, domain } = frame.machine
  const [value, error] = [ops.slot(future, 'value'), ops.slot(future, 'error')]
  if (error.atoms.length > 0 && value.atoms.length === 0) {
    ops.raise(frame, error)
    return domain.bottom
  }
  if (error.atoms.length > 0) frame.summary.canRaise = true
  return value.atoms.length > 0 ? value : domain.unknown('task')
}

/** `await future`: control goes to the loop only when nothing is set yet. Null for other objects. */
export function awaitFuture(frame: Frame, atom: InstanceAtom): Value | null {
  if (atom.ext !== ASYNC) return null
  if (!isSet(frame, atom)) frame.machine.ops.suspend(frame)
  return outcome(frame, atom)
}

const result: Native = (frame, call) => {
  const { domain } = frame.machine
  const futures = selves(call)
  return futures.length === 0 ? domain.unknown('task') : domain.joinAll(futures.map((future) => outcome(frame, future)))
}

const made =
  (type: string): Native =>
  (frame, call) =>
    frame.machine.ops.modelled(frame, type, call)

const methods = (type: string): Natives => ({
  [type]: made(type),
  [`${type}.set_result`]: setting('value'),
  [`${type}.set_exception`]: setting('error'),
  [`${type}.add_done_callback`]: adding,
  [`${type}.result`]: result,
})

export const FUTURES: Natives = {
  ...methods(ASYNC),
  ...methods(THREADED),
  'asyncio.AbstractEventLoop.create_future': made(ASYNC),
}
