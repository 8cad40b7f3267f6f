// Handlers of signals: `signal.signal` keeps one for each signal and gives back the one before; a signal that the process raises itself runs it at once.
// Signals from outside come whenever they come: nothing of a handler that is only set runs in Phase 1.
import { lastName } from '../../ir/nodes.ts'
import { assignedLibrary, assignLibrary } from '../domain/library-attributes.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { only, type Value } from '../domain/values.ts'
import { argument, invoke, type Native, type NativeCall, type Natives } from './native.ts'

/** Under which path the handler of a signal is kept; null when it is not known which signal is meant. */
function handlerPath(signal: Value): string | null {
  const atom = only(signal)
  if (atom?.kind === 'external') return `signal handler.${atom.path}`
  return atom?.kind === 'const' ? `signal handler.${String(atom.value)}` : null
}

function handlerOf(m: Machine, signal: Value): Value {
  const path = handlerPath(signal)
  const none = m.domain.unknown('signal')
  return path === null ? none : (assignedLibrary(m, path, () => none) ?? none)
}

const setHandler: Native = (frame, call) => {
  const m = frame.machine
  const signal = argument(frame, call, 0)
  const before = handlerOf(m, signal)
  const path = handlerPath(signal)
  if (path !== null) assignLibrary(m, path, argument(frame, call, 1), false)
  return before
}

function raised(frame: Frame, signal: Value, call: NativeCall): Value {
  const m = frame.machine
  const handler = m.domain.filter(handlerOf(m, signal), (atom) => atom.kind !== 'unknown' && atom.kind !== 'external')
  if (handler.atoms.length > 0) invoke(frame, handler, [m.domain.typed('int'), m.domain.unknown('frame')], call)
  return m.domain.none
}

/** `os.kill(os.getpid(), signal)`: the process itself; another one is none of our business. */
const kill: Native = (frame, call) => {
  const written = call.site.expr?.k === 'call' ? call.site.expr.a[0]?.x : undefined
  const isOwn = written?.k === 'call' && lastName(written.f) === 'getpid'
  return isOwn ? raised(frame, argument(frame, call, 1), call) : frame.machine.domain.none
}

export const SIGNALS: Natives = {
  'signal.signal': setHandler,
  'signal.getsignal': (frame, call) => handlerOf(frame.machine, argument(frame, call, 0)),
  'signal.raise_signal': (frame, call) => raised(frame, argument(frame, call, 0), call),
  'os.kill': kill,
}
