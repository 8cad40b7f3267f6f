// Iteration: who is asked for elements, when, and how often. Known short sequences run once per element, in order; everything else to a fixpoint.
import { classMember } from '../objects/members.ts'
import { MAX_UNROLLED, elements } from '../domain/containers.ts'
import { forEachAsked } from '../machine/alternatives.ts'
import { fork, leave, settle } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import { asked } from './endings.ts'
import { stabilise } from './loops.ts'
import type { CallSite, Frame, Machine, Target } from '../machine/machine.ts'
import {
  only,
  positional,
  type ClassAtom,
  type Atom,
  type GeneratorAtom,
  type InstanceAtom,
  type Value,
} from '../domain/values.ts'
import { atEachPlace, FINISHED, handedOut, keepResult, replayed } from '../suspended/replay.ts'
import { sequence, unknownElements, type OnElement } from '../domain/sequences.ts'
import { iterateSpecial } from '../suspended/lazy-iterators.ts'

/** Runs `on` for each element. Returns whether the iteration may come to its end (false: every path left the loop). */
export function iterate(frame: Frame, iterable: Value, site: CallSite, on: OnElement): boolean {
  const single = only(iterable)
  if (single !== null) return iterateAtom(frame, single, site, on)
  const atoms = iterable.atoms.filter((a) => a.kind !== 'unbound' && !(a.kind === 'const' && a.type === 'none'))
  return fork(
    frame,
    atoms.map((atom) => () => iterateAtom(frame, atom, site, on)),
    atoms.length > 1,
  )
}

function iterateAtom(frame: Frame, atom: Atom, site: CallSite, on: OnElement): boolean {
  const m = frame.machine
  switch (atom.kind) {
    case 'container': {
      const { list, any } = elements(m, atom)
      return sequence(frame, list, any, on)
    }
    case 'const':
      if (atom.type !== 'str' && atom.type !== 'bytes') return unknownElements(frame, on)
      if (atom.type === 'bytes') return stabilise(frame, atom.value !== '', () => on(m.domain.typed('int')))
      return sequence(
        frame,
        Array.from(String(atom.value), (letter) => m.domain.constant('str', letter)),
        m.domain.typed('str'),
        on,
      )
    case 'generator':
      return iterateGenerator(frame, atom, site, on)
    case 'special':
      return iterateSpecial(frame, atom, site, on)
    case 'instance':
      return atom.cls === null ? m.ops.iterateExternal(frame, atom, site, on) : iterateInstance(frame, atom, site, on)
    case 'class':
      return iterateClass(frame, atom, site, on)
    case 'external':
      return m.ops.iterateExternal(frame, atom, site, on)
    case 'native': {
      if (!atom.name.endsWith('.__dict__')) return unknownElements(frame, on)
      const names = [...m.ops.entries(frame, m.domain.of(atom)).known.keys()].map((name) =>
        m.domain.constant('str', name),
      )
      return sequence(frame, names, m.domain.typed('str'), on)
    }
    default:
      return unknownElements(frame, on)
  }
}

function iterateGenerator(frame: Frame, atom: GeneratorAtom, site: CallSite, on: OnElement): boolean {
  return atEachPlace(frame, atom, () => iterateRest(frame, atom, site, on))
}

function iterateRest(frame: Frame, atom: GeneratorAtom, site: CallSite, on: OnElement): boolean {
  const m = frame.machine
  if (atom.source !== null) return iterate(frame, atom.source, site, skipping(m, atom, on))
  const behind = handedOut(m, atom)
  if (behind === FINISHED) return true
  let index = 0
  const run = m.ops.runGenerator(frame, atom, site, (value) => {
    const current = index++
    if (current < behind || on(value)) return replayed(m, atom, current)
    return { kind: m.pausing ? 'pause' : 'stop' }
  })
  if (run.returns && only(run.value) !== m.domain.none.atoms[0]) keepResult(m, atom, run.value)
  return run.returns
}

/** Elements that `next()` took before are not handed out again. */
function skipping(m: Machine, atom: GeneratorAtom, on: OnElement): OnElement {
  let skip = handedOut(m, atom)
  return (value) => (skip > 0 ? (skip--, true) : on(value))
}

function iterateInstance(frame: Frame, atom: InstanceAtom, site: CallSite, on: OnElement): boolean {
  const m = frame.machine
  const asynchronous = site.step === 'await'
  const starter = m.ops.typeMethod(frame, atom, asynchronous ? '__aiter__' : '__iter__')
  const step = implied(site, 'iterate')
  if (starter !== null) {
    const iterator = m.ops.call(frame, starter, positional(), step)
    if (iterator.atoms.length === 0) return false
    if (only(iterator) !== atom && iterator.atoms.every((a) => a.kind !== 'instance' || a.cls === null))
      return iterate(frame, iterator, site, on)
    return advance(frame, iterator, site, on)
  }
  const item = walksItself(atom.cls) ? null : m.ops.typeMethod(frame, atom, '__getitem__')
  if (item !== null) return indexed(frame, item, step, on)
  if (atom.cls !== null && atom.cls.mro.some((b) => b.kind === 'external'))
    return m.ops.iterateExternal(frame, atom, site, on)
  return unknownElements(frame, on)
}

/** Bases with an `__iter__` of their own, which asks no `__getitem__`; that of the abstract sequences does. */
const WALKED: ReadonlySet<string> = new Set(
  'dict list tuple set frozenset str bytes collections.UserDict collections.OrderedDict collections.defaultdict collections.Counter collections.deque collections.ChainMap'.split(
    ' ',
  ),
)

function walksItself(cls: ClassAtom | null): boolean {
  return cls?.mro.some((b) => WALKED.has(b.kind === 'native' ? b.name : b.kind === 'external' ? b.path : '')) ?? false
}

/** Objects with `__getitem__` only: asked for 0, then for the numbers that follow. */
function indexed(frame: Frame, item: Value, site: CallSite, on: OnElement): boolean {
  const m = frame.machine
  let index = m.domain.constant('int', 0)
  const ask = (): Value => {
    const element = m.ops.call(frame, item, positional(index), implied(site))
    index = m.domain.typed('int')
    return element
  }
  return asking(frame, 'IndexError', ask, on)
}

/** Objects with `__next__`: asked once for certain, then until stable. */
function advance(frame: Frame, iterator: Value, site: CallSite, on: OnElement): boolean {
  const m = frame.machine
  const asynchronous = site.step === 'await'
  const ask = (): Value => {
    let element = m.domain.bottom
    for (const object of iterator.atoms) {
      const next = m.ops.typeMethod(frame, object, asynchronous ? '__anext__' : '__next__')
      let value =
        next === null ? m.domain.unknown('element') : m.ops.call(frame, next, positional(), implied(site, 'iterate'))
      if (asynchronous) value = m.ops.await(frame, value, site)
      element = m.domain.join(element, value)
    }
    return element
  }
  return asking(frame, asynchronous ? 'StopAsyncIteration' : 'StopIteration', ask, on)
}

/** Asks for elements until the error that means "no more" is raised; any other error goes on its way. */
function asking(frame: Frame, ending: string, ask: () => Value, on: OnElement): boolean {
  const m = frame.machine
  const over: Target = { mark: m.store.mark(), exits: [] }
  const ends = stabilise(frame, true, () => {
    const element = asked(frame, { over, ending }, ask)
    return !m.stopped && element.atoms.length > 0 && on(element)
  })
  return settle(m, over, ends)
}

function iterateClass(frame: Frame, atom: Extract<Atom, { kind: 'class' }>, site: CallSite, on: OnElement): boolean {
  const m = frame.machine
  const starter = atom.metaclass?.kind === 'class' ? classMember(m, atom.metaclass, '__iter__') : null
  if (starter !== null)
    return iterate(frame, m.ops.call(frame, starter, positional(m.domain.of(atom)), implied(site, 'iterate')), site, on)
  if (!atom.traits.has('enum')) return unknownElements(frame, on)
  const members = [...atom.fields.values()]
    .map((c) => m.domain.filter(m.store.read(c), (a) => a.kind === 'instance' && a.cls === atom))
    .filter((v) => v.atoms.length > 0)
  return sequence(frame, members, m.domain.joinAll(members), on)
}

/** Only the start of an iteration: `iter(x)`, `map(f, x)`, the first iterable of a generator expression. */
export function startIteration(frame: Frame, iterable: Value, site: CallSite): Value {
  const m = frame.machine
  let out = m.domain.bottom
  forEachAsked(frame, iterable, ['__iter__'], (atom) => {
    if (atom.kind === 'instance' && atom.cls !== null) {
      const starter = m.ops.typeMethod(frame, atom, '__iter__')
      if (starter !== null) {
        out = m.domain.join(out, m.ops.call(frame, starter, positional(), implied(site, 'iterate')))
        return
      }
    }
    if (atom.kind === 'instance') m.ops.startExternal(frame, atom, site)
    out = m.domain.join(out, m.domain.of(atom))
  })
  return out
}

/** Every element of an iterable: in order where that is certain, and their union. Runs the iteration. */
export function spread(
  frame: Frame,
  iterable: Value,
  site: CallSite,
): { readonly elements: readonly Value[] | null; readonly any: Value } {
  const m = frame.machine
  const single = only(iterable)
  if (single?.kind === 'container') {
    const { list, any } = elements(m, single)
    return { elements: list, any }
  }
  const { undecided } = m
  const { may } = frame
  const list: Value[] = []
  let inOrder = true
  let any = m.domain.bottom
  iterate(frame, iterable, site, (element) => {
    if (m.undecided > undecided || frame.may > may) inOrder = false
    if (list.length <= MAX_UNROLLED) list.push(element)
    any = m.domain.join(any, element)
    return true
  })
  return { elements: inOrder && list.length <= MAX_UNROLLED ? list : null, any }
}

interface Next {
  readonly value: Value
  readonly exhausted: boolean
}

/** `next(it)`: runs up to the next element. Bottom with `false` = certainly exhausted. */
export function nextElement(frame: Frame, iterator: Atom, site: CallSite): Next {
  if (iterator.kind !== 'generator') return elementAfter(frame, iterator, site)
  const { domain } = frame.machine
  let value = domain.bottom
  let exhausted = false
  atEachPlace(frame, iterator, () => {
    const step = elementAfter(frame, iterator, site)
    value = domain.join(value, step.value)
    exhausted ||= step.exhausted
    return true
  })
  return { value, exhausted }
}

function elementAfter(frame: Frame, iterator: Atom, site: CallSite): Next {
  const m = frame.machine
  if (iterator.kind === 'instance' && iterator.cls !== null) {
    const next = m.ops.typeMethod(frame, iterator, '__next__')
    if (next !== null)
      return { value: m.ops.call(frame, next, positional(), implied(site, 'iterate')), exhausted: false }
  }
  const target: Target = { mark: m.store.mark(), exits: [] }
  const { pausing } = m
  const exhausted = iterateAtom(frame, iterator, site, (element) => {
    leave(m, target, element)
    m.pausing = true
    return false
  })
  m.pausing = pausing
  settle(m, target, exhausted && target.exits.length === 0)
  if (iterator.kind === 'generator') {
    const taken = only(m.store.read(iterator.advanced))
    m.store.write(
      iterator.advanced,
      taken?.kind === 'const' && typeof taken.value === 'number'
        ? m.domain.constant('int', taken.value + 1)
        : m.domain.typed('int'),
    )
  }
  return { value: m.domain.joinAll(target.exits.map((exit) => exit.value)), exhausted }
}
