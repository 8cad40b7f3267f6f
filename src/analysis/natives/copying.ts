// Copying and pickling: objects are asked how they are taken apart, and put together again. Containers and fields are followed a few levels deep.
// Must stay true: an object is asked for one hook only, the first one that it has.
import { forEachOf } from '../machine/alternatives.ts'
import { elements, isMapping } from '../domain/containers.ts'
import { copied } from '../domain/copies.ts'
import { implied, unwritten } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { only, positional, type Atom, type InstanceAtom, type Value } from '../domain/values.ts'
import { argument, isNone, type Native, type NativeCall, type Natives } from './native.ts'

/** Levels of containers and objects that a copy or a dump is followed into. */
const MAX_DEPTH = 4
const placeless = (frame: Frame): NativeCall['site'] => unwritten(frame.summary.site, 'operator')

export function methodOf(frame: Frame, atom: Atom, names: readonly string[]): Value | null {
  for (const name of names) {
    const method = atom.kind === 'instance' ? frame.machine.ops.typeMethod(frame, atom, name) : null
    if (method !== null) return method
  }
  return null
}

/** Visits every object in a value, containers and fields included; `visit` says whether that was all of it. */
export function walkObjects(frame: Frame, value: Value, visit: (atom: Atom) => boolean, depth = 0): void {
  const m = frame.machine
  if (depth > MAX_DEPTH) return
  forEachOf(frame, value, (atom) => {
    if (visit(atom)) return
    if (atom.kind === 'container') {
      walkObjects(frame, elements(m, atom).any, visit, depth + 1)
      if (isMapping(atom))
        m.ops.iterate(frame, m.domain.special('values', [m.domain.of(atom)]), placeless(frame), (x) => {
          walkObjects(frame, x, visit, depth + 1)
          return true
        })
    } else if (atom.kind === 'instance' && atom.cls !== null)
      for (const cell of atom.fields.values()) walkObjects(frame, m.store.read(cell), visit, depth + 1)
  })
}

const REDUCING = ['__reduce_ex__', '__reduce__']

/** How objects without a hook of their own are taken apart, and for a copy put together again: `__setstate__` gets a state that is not empty. */
function stateHandedOver(frame: Frame, atom: InstanceAtom, call: NativeCall): void {
  const m = frame.machine
  if (call.name.startsWith('pickle.')) m.ops.evaluateExternal(frame, atom, ['__reduce__'], call.site)
  if (atom.cls === null) return
  const taking = m.ops.typeMethod(frame, atom, '__getstate__')
  const state =
    taking === null ? m.domain.typed('dict') : m.ops.call(frame, taking, positional(), implied(call.site, 'operator'))
  const isEmpty = taking === null ? atom.fields.size === 0 : isNone(state)
  if (call.name.startsWith('copy.') && !isEmpty) takeState(frame, atom, state, call)
}

function takeState(frame: Frame, atom: Atom, state: Value, call: NativeCall): void {
  const giving = methodOf(frame, atom, ['__setstate__'])
  if (giving !== null) frame.machine.ops.call(frame, giving, positional(state), implied(call.site, 'operator'))
}

/** What `__reduce__` answers, put together again: the callable in it with its arguments, then the state. */
function rebuilt(frame: Frame, reduced: Value, call: NativeCall): Value | null {
  const m = frame.machine
  const answer = only(reduced)
  const parts = answer?.kind === 'container' ? elements(m, answer).list : null
  const [make, args, state] = parts ?? []
  if (make === undefined || args === undefined) return null
  const { elements: given, any } = m.ops.spread(frame, args, call.site)
  const made = m.ops.call(
    frame,
    make,
    { ...positional(...(given ?? [])), restPos: given === null ? any : null },
    implied(call.site, 'invoke'),
  )
  if (state !== undefined && !isNone(state)) for (const atom of made.atoms) takeState(frame, atom, state, call)
  return made
}

/** Asks every object in the argument for one of the hooks; answers with what they gave. */
function asked(frame: Frame, hooks: readonly string[], call: NativeCall): readonly Value[] {
  const m = frame.machine
  const answers: Value[] = []
  walkObjects(frame, argument(frame, call, 0), (atom) => {
    const method = methodOf(frame, atom, hooks)
    if (method === null) {
      if (atom.kind === 'instance') stateHandedOver(frame, atom, call)
      return false
    }
    const args = hooks[0] === '__deepcopy__' ? positional(m.domain.typed('dict')) : positional()
    const answer = m.ops.call(frame, method, args, implied(call.site, 'operator'))
    if (call.name === 'copy.deepcopy') rebuilt(frame, answer, call)
    answers.push(answer)
    return true
  })
  return answers
}

const copying: Native = (frame, call) => {
  const m = frame.machine
  const copies: Value[] = []
  forEachOf(frame, argument(frame, call, 0), (atom) => {
    copies.push(copyOf(frame, atom, call))
  })
  return m.domain.joinAll(copies)
}

function copyOf(frame: Frame, atom: Atom, call: NativeCall): Value {
  const m = frame.machine
  if (atom.kind === 'instance' && atom.cls === null)
    m.ops.evaluateExternal(frame, atom, ['__copy__', '__reduce__'], call.site)
  const own = methodOf(frame, atom, ['__copy__'])
  const reducing = own === null ? methodOf(frame, atom, REDUCING) : null
  const step = implied(call.site, 'operator')
  if (own !== null) m.ops.call(frame, own, positional(), step)
  else if (reducing !== null) {
    const made = rebuilt(frame, m.ops.call(frame, reducing, positional(m.domain.constant('int', 4)), step), call)
    if (made !== null) return made
  } else if (atom.kind === 'instance') stateHandedOver(frame, atom, call)
  return atom.kind === 'container' ? m.domain.of(copied(frame, atom, call.site)) : m.domain.of(atom)
}

/** `asdict(x)`: a deep copy of every field. */
export const fieldsCopied: Native = (frame, call) => {
  asked(frame, ['__deepcopy__', ...REDUCING], call)
  return frame.machine.domain.typed('dict')
}

const deepCopying: Native = (frame, call) => {
  const { domain } = frame.machine
  asked(frame, ['__deepcopy__', ...REDUCING], call)
  return domain.joinAll(
    argument(frame, call, 0).atoms.map((atom) =>
      domain.of(atom.kind === 'container' ? copied(frame, atom, call.site) : atom),
    ),
  )
}

/** Bytes that stand for objects: what they are, and what they said of how they are put together. */
const dumping: Native = (frame, call) => {
  const { domain } = frame.machine
  const answers = asked(frame, REDUCING, call)
  if (call.name.endsWith('dump')) return domain.none
  return domain.special('pickled', [argument(frame, call, 0), ...answers], [], call.site.site)
}

const loading: Native = (frame, call) => {
  const m = frame.machine
  let out = m.domain.bottom
  for (const atom of argument(frame, call, 0).atoms) {
    if (atom.kind !== 'special' || atom.type !== 'pickled') {
      out = m.domain.join(out, m.domain.external(`${call.name}()`))
      continue
    }
    const [value = m.domain.bottom, ...answers] = atom.parts
    const made = answers.map((answer) => rebuilt(frame, answer, call))
    walkObjects(frame, value, (inner) => {
      if (methodOf(frame, inner, REDUCING) !== null) return true
      if (inner.kind === 'instance' && inner.fields.size > 0) takeState(frame, inner, m.domain.typed('dict'), call)
      return false
    })
    const whole = made.length === 1 && only(value)?.kind === 'instance' ? made[0] : null
    out = m.domain.join(out, whole ?? value)
  }
  return out
}

export const COPYING: Natives = {
  'copy.copy': copying,
  'copy.deepcopy': deepCopying,
  'pickle.dumps': dumping,
  'pickle.dump': dumping,
  'pickle.loads': loading,
}
