// Objects of the standard library that keep a callable for later (weakref, sched, timeit), and functions that only pass a call on.
// What is kept stays in slots of the object, with its arguments, until the method that runs it is called.
import { implied } from '../machine/sites.ts'
import { callAtEnd } from '../objects/finalising.ts'
import { only, positional } from '../domain/values.ts'
import { argument, isNone, making, type Native, type Natives } from './native.ts'

/** A callable that is kept in a slot of the object, with its arguments. */
const keeping =
  (type: string, at: number, slot: string): Native =>
  (frame, call) => {
    const m = frame.machine
    const made = call.self ?? m.ops.modelled(frame, type, call)
    const [f, ...pos] = call.args.pos.slice(at)
    for (const atom of made.atoms)
      if (atom.kind === 'instance' && f !== undefined)
        m.ops.push(
          atom,
          slot,
          m.domain.special(
            'partial',
            [f, ...pos, ...call.args.kw.values()],
            [String(pos.length), ...call.args.kw.keys()],
          ),
        )
    return made
  }
/** Calls what such a slot holds. */
const calling =
  (slot: string): Native =>
  (frame, call) => {
    const m = frame.machine
    let out = m.domain.none
    for (const atom of call.self?.atoms ?? [])
      if (atom.kind === 'instance') {
        const { atoms } = m.ops.slot(atom, slot)
        const kept = atoms.filter((f) => f.kind !== 'const')
        const run = (): void => {
          for (const f of kept) out = m.ops.callAtom(frame, f, positional(), implied(call.site, 'invoke'))
        }
        // on some paths it was detached
        if (kept.length < atoms.length && kept.length > 0) m.ops.maybe(frame, run)
        else run()
      }
    return out
  }

/** `weakref.ref(object, callback)`: calling it gives the object; the callback gets the reference when the object is gone. */
const weakReference: Native = (frame, call) => {
  const m = frame.machine
  const reference = m.domain.special('nullary', [argument(frame, call, 0)])
  const callback = call.args.pos[1]
  if (callback !== undefined && !isNone(callback))
    callAtEnd(m, argument(frame, call, 0), m.domain.special('partial', [callback, reference], ['1']))
  return reference
}

/** `timeit.Timer(statement, setup)`: what is no text is called by `timeit`, `repeat` and `autorange`. */
const timer: Native = (frame, call) => {
  const m = frame.machine
  const made = m.ops.modelled(frame, 'timeit.Timer', call)
  const statements = [argument(frame, call, 1, 'setup'), argument(frame, call, 0, 'stmt')]
  for (const atom of made.atoms)
    for (const statement of statements)
      if (atom.kind === 'instance' && only(statement)?.kind !== 'const') m.ops.push(atom, 'statements', statement)
  return made
}

/** `Trace().runfunc(f, *args)`: calls it with the rest. */
export const runWithRest: Native = (frame, call) =>
  frame.machine.ops.call(
    frame,
    argument(frame, call, 0),
    { ...call.args, pos: call.args.pos.slice(1) },
    implied(call.site, 'invoke'),
  )

const detach: Native = (frame, call) => {
  for (const atom of call.self?.atoms ?? [])
    if (atom.kind === 'instance') frame.machine.ops.setSlot(atom, 'callback', frame.machine.domain.none)
  return frame.machine.domain.none
}

export const KEPT_CALLS: Natives = {
  'weakref.finalize': (frame, call) => {
    const made = keeping('weakref.finalize', 1, 'callback')(frame, call)
    callAtEnd(frame.machine, argument(frame, call, 0), made)
    return made
  },
  // what was called or detached does not run any more
  'weakref.finalize.__call__': (frame, call) => {
    const result = calling('callback')(frame, call)
    detach(frame, call)
    return result
  },
  'weakref.finalize.detach': detach,
  'weakref.ref': weakReference,
  'weakref.WeakMethod': weakReference,
  'weakref.proxy': (frame, call) => argument(frame, call, 0),
  'timeit.Timer': timer,
  'timeit.Timer.timeit': calling('statements'),
  'timeit.Timer.repeat': calling('statements'),
  'timeit.Timer.autorange': calling('statements'),
  'trace.Trace': making('trace.Trace'),
  'trace.Trace.runfunc': runWithRest,
  'operator.call': runWithRest,
  'sched.scheduler': making('sched.scheduler'),
  'sched.scheduler.enter': keeping('sched.scheduler', 2, 'actions'),
  'sched.scheduler.enterabs': keeping('sched.scheduler', 2, 'actions'),
  'sched.scheduler.run': calling('actions'),
}
