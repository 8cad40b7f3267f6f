// Signals: `connect` and `@receiver` keep a function on the signal, `send` runs what was kept, in this entry point's order. Signals of other
// packages are objects too, one per access path; what sends them there is not known, except for what saving and deleting a model sends.
import { externalByAnnotation } from '../language/annotations.ts'
import type { LibraryCall } from '../domain/instances.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { only, type CallArgs, type InstanceAtom, type SpecialAtom, type Value } from '../domain/values.ts'

const RECEIVERS = 'django:receivers'
const SIGNAL = 'django.dispatch.Signal'

function keep(m: Machine, signal: InstanceAtom, receiver: Value, sender: Value | undefined): void {
  for (const atom of receiver.atoms)
    if (atom.kind !== 'const')
      m.ops.push(signal, RECEIVERS, m.domain.special('kept-receiver', [m.domain.of(atom), sender ?? m.domain.none]))
}

/** The signal objects that a value stands for. */
function signalsOf(m: Machine, value: Value): InstanceAtom[] {
  return m.ops.flatten(value).flatMap((atom) => {
    if (atom.kind === 'instance') return [atom]
    return atom.kind === 'external' ? [externalByAnnotation(m, atom.path)] : []
  })
}

/** `signal.connect(f, sender=...)`. */
export function connect(frame: Frame, call: LibraryCall): null {
  const signal = call.self ?? externalByAnnotation(frame.machine, call.path.slice(0, call.path.lastIndexOf('.')))
  const receiver = call.args.pos[0] ?? call.args.kw.get('receiver')
  if (receiver !== undefined) keep(frame.machine, signal, receiver, call.args.pos[1] ?? call.args.kw.get('sender'))
  return null
}

/** `@receiver(signal, sender=...)`, `@receiver([first, second])`: a decorator that keeps what it is given. */
export function receiverDecorator(frame: Frame, call: LibraryCall): Value {
  const m = frame.machine
  const signals = call.args.pos[0] ?? call.args.kw.get('signal') ?? m.domain.bottom
  return m.domain.special('receiver', [signals, call.args.kw.get('sender') ?? m.domain.none])
}

/** The decorator at work: the function is kept on every signal and comes back unchanged. */
export function keepReceiver(m: Machine, atom: SpecialAtom, args: CallArgs): Value {
  const target = args.pos[0] ?? m.domain.bottom
  for (const signal of signalsOf(m, atom.parts[0] ?? m.domain.bottom)) keep(m, signal, target, atom.parts[1])
  return target
}

/** `signal.send(sender, ...)`: every receiver that listens to this sender runs now. */
export function send(frame: Frame, call: LibraryCall): Value {
  const m = frame.machine
  const signal = call.self ?? externalByAnnotation(m, call.path.slice(0, call.path.lastIndexOf('.')))
  const sender = call.args.pos[0] ?? call.args.kw.get('sender') ?? m.domain.unknown('untyped-parameter')
  deliver(frame, signal, { ...call.args, pos: [], kw: new Map([...call.args.kw, ['sender', sender]]) }, call.site)
  return m.domain.typed('list')
}

function deliver(frame: Frame, signal: InstanceAtom, args: CallArgs, site: CallSite): void {
  const m = frame.machine
  const sender = args.kw.get('sender') ?? m.domain.none
  for (const kept of m.ops.slot(signal, RECEIVERS).atoms) {
    const [receiver, wanted] = kept.kind === 'special' ? kept.parts : []
    if (receiver === undefined || differs(wanted ?? m.domain.none, sender)) continue
    const kw = new Map([...args.kw, ['signal', m.domain.of(signal)] as const])
    const value = m.ops.call(frame, receiver, { ...args, kw }, implied(site, 'invoke'))
    if (value.atoms.some((a) => a.kind === 'generator' && a.type === 'coroutine'))
      m.ops.await(frame, value, implied(site, 'await'))
  }
}

/** A receiver that listens to one class does not hear another one. */
function differs(wanted: Value, sender: Value): boolean {
  const [one, other] = [only(wanted), only(sender)]
  // the tables between two models, each of its own field
  if (one?.kind === 'bound' && other?.kind === 'bound') return one.self !== other.self
  const [a, b] = [nameOf(wanted), nameOf(sender)]
  return a !== null && b !== null && a !== b
}

/** The name of the class that is a sender: itself, of another package, or as `"label.Name"`. */
function nameOf(value: Value): string | null {
  const atom = only(value)
  if (atom?.kind === 'class') return atom.cls.name
  if (atom?.kind === 'external') return atom.path.slice(atom.path.lastIndexOf('.') + 1)
  return atom?.kind === 'const' && typeof atom.value === 'string'
    ? atom.value.slice(atom.value.lastIndexOf('.') + 1)
    : null
}

/** The slot of a related manager that holds its relation's field. */
export const RELATION = 'django:relation'

/** What changing a relation of many sends: receivers of `m2m_changed` for this relation run. */
export function relationChanged(frame: Frame, manager: InstanceAtom, site: CallSite): void {
  const m = frame.machine
  const signal = externalByAnnotation(m, 'django.db.models.signals.m2m_changed')
  const field = m.ops.slot(manager, RELATION)
  if (field.atoms.length === 0 || m.ops.slot(signal, RECEIVERS).atoms.length === 0) return
  const sender = m.ops.getAttribute(frame, field, 'through', implied(site, 'property'))
  const kw = new Map([['sender', sender]])
  deliver(frame, signal, { pos: [], kw, restPos: null, restKw: m.domain.unknown('untyped-parameter') }, site)
}

/** What `save` and `delete` of a model send: receivers of the tree for this model run. */
export function modelSignals(frame: Frame, names: readonly string[], object: InstanceAtom, site: CallSite): void {
  const m = frame.machine
  if (object.cls === null) return
  for (const name of names) {
    const signal = externalByAnnotation(m, `django.db.models.signals.${name}`)
    if (m.ops.slot(signal, RECEIVERS).atoms.length === 0) continue
    const kw = new Map([
      ['sender', m.domain.of(object.cls)],
      ['instance', m.domain.of(object)],
    ])
    deliver(frame, signal, { pos: [], kw, restPos: null, restKw: m.domain.unknown('untyped-parameter') }, site)
  }
}

export const SIGNALS: Readonly<Record<string, (frame: Frame, call: LibraryCall) => Value | null>> = {
  [`${SIGNAL}.connect`]: connect,
  [`${SIGNAL}.send`]: send,
  [`${SIGNAL}.send_robust`]: send,
  'django.dispatch.receiver': receiverDecorator,
}
