// Methods of objects that Python makes itself: generators, coroutines, futures, namespaces, threads' constructors, dataclass construction.
import { forEachOf } from '../machine/alternatives.ts'
import { implied } from '../machine/sites.ts'
import { failure, join, resultOf } from '../suspended/awaiting.ts'
import { runCoroutine } from '../suspended/generators.ts'
import { stopIteration, stoppedWith, thrown } from '../suspended/replay.ts'
import { close, resume } from '../suspended/resumption.ts'
import { storedOnError } from '../objects/error-attributes.ts'
import { only } from '../domain/values.ts'
import { keepTarget } from './threads.ts'
import { argument, type Native, type Natives } from './native.ts'

const advance: Native = (frame, call) => {
  const m = frame.machine
  let out = m.domain.bottom
  let exhausted = false
  const given = argument(frame, call, 0)
  const sent = call.name.endsWith('throw') ? thrown(m, given) : call.name.endsWith('send') ? given : m.domain.none
  forEachOf(frame, call.self ?? m.domain.bottom, (atom) => {
    const step = resume(frame, atom, implied(call.site, 'iterate'), sent)
    out = m.domain.join(out, step.value)
    exhausted = exhausted || step.exhausted
  })
  if (out.atoms.length === 0 && exhausted && !m.stopped) m.ops.raise(frame, stopIteration(m, call.self?.atoms ?? []))
  return out
}

/** `coroutine.send(None)` runs the body up to its first suspension; a body that never suspends ends in StopIteration. */
const send: Native = (frame, call) => {
  const m = frame.machine
  const before = frame.summary.suspends
  frame.summary.suspends = false
  // no event loop runs because of it
  let value = m.domain.bottom
  forEachOf(frame, call.self ?? m.domain.bottom, (atom) => {
    if (atom.kind === 'generator')
      value = m.domain.join(value, runCoroutine(frame, atom, implied(call.site, 'await'), m.loopRunning))
    else m.ops.await(frame, m.domain.of(atom), implied(call.site, 'await'))
  })
  const suspended = frame.summary.suspends
  frame.summary.suspends = before || suspended
  if (m.stopped) return m.domain.bottom
  if (suspended) return m.domain.unknown('await')
  m.ops.raise(frame, stoppedWith(m, value))
  return m.domain.bottom
}

const result: Native = (frame, call) => {
  const m = frame.machine
  join(m, (t) => t.owner !== null && (call.self?.atoms.includes(t.owner) ?? false))
  const owner = only(call.self ?? m.domain.bottom)
  if (owner === null) return m.domain.unknown('task')
  return failure(frame, owner) ? m.domain.bottom : resultOf(m, owner)
}

/** `future.exception()`: waits like `result()`, and gives the error in which the work certainly ended; otherwise there may be one. */
const errorOf: Native = (frame, call) => {
  const m = frame.machine
  const { domain } = m
  join(m, (t) => t.owner !== null && (call.self?.atoms.includes(t.owner) ?? false))
  const owner = only(call.self ?? domain.bottom)
  const cell = owner === null ? undefined : m.failures.get(owner)
  const error = cell === undefined ? domain.unbound : m.store.read(cell)
  if (error.atoms.some((atom) => atom.kind === 'unbound')) return domain.join(domain.none, domain.unknown('exception'))
  return domain.joinAll(
    error.atoms.map((atom) =>
      atom.kind === 'native' ? domain.special('exception', [], [atom.name]) : domain.of(atom),
    ),
  )
}

const asyncNext: Native = (frame, call) => {
  const m = frame.machine
  const given = argument(frame, call, 0)
  const sent = call.name.endsWith('athrow') ? thrown(m, given) : call.name.endsWith('asend') ? given : m.domain.none
  return m.domain.special('anext', [call.self ?? m.domain.bottom, sent], [], call.site.site)
}
const closing: Native = (frame, call) => {
  forEachOf(frame, call.self ?? frame.machine.domain.bottom, (atom) => {
    close(frame, atom, implied(call.site, 'iterate'))
  })
  return frame.machine.domain.none
}
const threadInit: Native = (frame, call) => {
  for (const self of call.self?.atoms ?? []) if (self.kind === 'instance') keepTarget(frame, self, call, false)
  return frame.machine.domain.none
}
/** `error.add_note(text)`: notes are a list that is made with the first of them. */
const addNote: Native = (frame, call) => {
  const m = frame.machine
  const self = call.self ?? m.domain.bottom
  const known = m.domain.joinAll(self.atoms.map((atom) => storedOnError(m, atom, '__notes__')))
  const notes = known.atoms.length > 0 ? known : m.ops.newList(frame, call.site.site, [])
  for (const list of notes.atoms) if (list.kind === 'container') m.ops.collect(list, argument(frame, call, 0), null)
  m.ops.setAttribute(frame, { object: self, name: '__notes__', value: notes }, implied(call.site, 'property'))
  return m.domain.none
}
const nothing: Native = (frame) => frame.machine.domain.none

export const OBJECTS: Natives = {
  'generator.__next__': advance,
  'generator.send': advance,
  'generator.throw': advance,
  'generator.close': closing,
  'generator.__iter__': (frame, call) => call.self ?? frame.machine.domain.none,
  'iterator.__next__': advance,
  'coroutine.send': send,
  'coroutine.__await__': (frame, call) => call.self ?? frame.machine.domain.none,
  'coroutine.close': nothing,
  'coroutine.throw': nothing,
  'asyncgen.__anext__': asyncNext,
  'asyncgen.asend': asyncNext,
  'asyncgen.athrow': asyncNext,
  'asyncgen.aclose': (frame, call) =>
    frame.machine.domain.special('aclose', [call.self ?? frame.machine.domain.bottom], [], call.site.site),
  'asyncgen.__aiter__': (frame, call) => call.self ?? frame.machine.domain.none,
  'future.result': result,
  'future.exception': errorOf,
  'threading.Thread.__init__': threadInit,
  'multiprocessing.Process.__init__': threadInit,
  nothing,
  'exception.add_note': addNote,
  'exception.with_traceback': (frame, call) => call.self ?? frame.machine.domain.none,
  'function.__get__': (frame, call) =>
    frame.machine.domain.joinAll(
      (call.self?.atoms ?? []).flatMap((f) =>
        argument(frame, call, 0).atoms.map((self) =>
          self.kind === 'const' ? frame.machine.domain.of(f) : frame.machine.domain.bound(f, self),
        ),
      ),
    ),
  'function.__call__': (frame, call) =>
    frame.machine.ops.call(frame, call.self ?? frame.machine.domain.bottom, call.args, implied(call.site)),
}
