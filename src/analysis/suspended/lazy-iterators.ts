// The lazy iterators of the standard library (map, filter, zip, chain, views of dictionaries …).
// They call their functions element by element, when and as often as the consumer asks.
import { fork, leave, settle } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import { counter, stopping, upTo } from './early-ends.ts'
import { stabilise } from '../language/loops.ts'
import type { CallSite, Frame, Machine, Target } from '../machine/machine.ts'
import { failure, join } from './awaiting.ts'
import { ask, part, tuple, type Model, type Walk } from './walks.ts'
import { zipped, zippedLongest } from './zipped.ts'
import { only, positional, type SpecialAtom, type Value } from '../domain/values.ts'
import { dictValues, elements, keyValue } from '../domain/containers.ts'
import { sequence, unknownElements, type OnElement } from '../domain/sequences.ts'

/** Models of iteration by the kind of iterator. */
const ITERATIONS: ReadonlyMap<string, Model> = new Map<string, Model>([
  ['map', mapped],
  ['starmap', starMapped],
  ['filter', filtered],
  ['dropwhile', dropped],
  ['enumerate', enumerated],
  ['accumulate', accumulated],
  ['groupby', grouped],
  ['pairwise', paired],
  ['compress', compressed],
  [
    'batched',
    ({ m, frame, atom, site, on }) =>
      m.ops.iterate(frame, part(m, atom, 0), site, (x) => on(m.ops.newList(frame, site.site, x, 'tuple'))),
  ],
  ['endless', ({ m, frame, atom, on }) => stabilise(frame, true, () => on(part(m, atom, 0))) && false],
  ['zip', zipped],
  ['zip_longest', zippedLongest],
  ['merge', merged],
  ['chain', chained],
  ['takewhile', takenWhile],
  [
    'flatten',
    ({ m, frame, atom, site, on }) =>
      m.ops.iterate(frame, part(m, atom, 0), site, (inner) => m.ops.iterate(frame, inner, site, on)),
  ],
  ['items', dictionaryView],
  ['values', dictionaryView],
  ['keys', dictionaryView],
  ['sentinel', untilSentinel],
  ['future', awaited],
])

/** Gives the elements of a lazy iterator to `on`; false when the consumer, or what makes the elements, does not come to its end. */
export function iterateSpecial(frame: Frame, atom: SpecialAtom, site: CallSite, on: OnElement): boolean {
  const m = frame.machine
  const model = ITERATIONS.get(atom.type)
  if (model === undefined) return unknownElements(frame, on)
  const over: Target = { mark: m.store.mark(), exits: [] }
  return settle(m, over, model({ m, frame, atom, site, on, over }))
}

function mapped(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  const give = (...args: Value[]): boolean => {
    const value = ask(walk, part(m, atom, 0), ...args)
    return value.atoms.length === 0 ? false : on(value)
  }
  if (atom.parts.length <= 2) return m.ops.iterate(frame, part(m, atom, 1), site, (x) => give(x))
  const sources = m.domain.special('zip', atom.parts.slice(1), [], site.site)
  return m.ops.iterate(frame, sources, site, (row) => give(...(m.ops.spread(frame, row, site).elements ?? [row])))
}

function starMapped({ m, frame, atom, site, on }: Walk): boolean {
  return m.ops.iterate(frame, part(m, atom, 1), site, (x) => {
    const { elements: known, any } = m.ops.spread(frame, x, site)
    const args = { ...positional(...(known ?? [])), restPos: known === null ? any : null }
    return on(m.ops.call(frame, part(m, atom, 0), args, implied(site, 'invoke')))
  })
}

function filtered(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  const byTruth = only(atom.parts[0] ?? m.domain.none)?.kind === 'const'
  return m.ops.iterate(frame, part(m, atom, 1), site, (x) => {
    const found = m.ops.truth(frame, byTruth ? x : ask(walk, part(m, atom, 0), x), site)
    const truth = atom.names[0] === 'false' ? { t: found.f, f: found.t } : found
    if (!truth.t) return true
    return truth.f ? fork(frame, [() => on(x), () => true], true) : on(x)
  })
}

/** What comes after the first element that is kept is not looked at. */
function dropped(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  let kept = false
  return m.ops.iterate(frame, part(m, atom, 1), site, (x) => {
    if (kept) return on(x)
    const truth = m.ops.truth(frame, ask(walk, part(m, atom, 0), x), site)
    kept = !truth.t
    return truth.f && truth.t ? fork(frame, [() => on(x), () => true], true) : truth.t || on(x)
  })
}

function enumerated(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  const start = only(part(m, atom, 1))
  const isCounted = isOneByOne(m, part(m, atom, 0)) && (start === null || start.kind === 'const')
  let next = start?.kind === 'const' ? Number(start.value) : 0
  const depth = m.loopDepth
  return m.ops.iterate(frame, part(m, atom, 0), site, (x) => {
    const index = isCounted && m.loopDepth === depth ? m.domain.constant('int', next) : m.domain.typed('int')
    next++
    return on(tuple(walk, [index, x]))
  })
}

/** Whether every element comes, in order: a container or a text that is known in full. */
function isOneByOne(m: Machine, source: Value): boolean {
  const atom = only(source)
  if (atom?.kind === 'generator') return atom.source !== null && isOneByOne(m, atom.source)
  if (atom?.kind === 'container') return elements(m, atom).list !== null
  return atom?.kind === 'const' && atom.type === 'str'
}

function grouped(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  const byItself = part(m, atom, 1).atoms.every((a) => a.kind === 'const')
  return m.ops.iterate(frame, part(m, atom, 0), site, (x) => {
    const key = byItself ? x : ask(walk, part(m, atom, 1), x)
    const group = m.ops.newList(frame, { p: site.site.p, e: site.site.e + 1 }, x)
    return on(tuple(walk, [key, group]))
  })
}

function paired(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  let before: Value | null = null
  return m.ops.iterate(frame, part(m, atom, 0), site, (x) => {
    const left = before
    before = x
    return left === null ? true : on(tuple(walk, [left, x]))
  })
}

/** `compress(elements, selectors)`: those whose selector is true. */
function compressed({ m, frame, atom, site, on }: Walk): boolean {
  const pairs = m.domain.special('zip', atom.parts.slice(0, 2), [], site.site)
  return m.ops.iterate(frame, pairs, site, (pair) => {
    const [x, selector] = m.ops.spread(frame, pair, site).elements ?? []
    if (x === undefined || selector === undefined) return on(m.domain.unknown('element'))
    const truth = m.ops.truth(frame, selector, site)
    if (!truth.t) return true
    return truth.f ? fork(frame, [() => on(x), () => true], true) : on(x)
  })
}

function chained(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  const [limit = '', start = ''] = atom.names
  if (limit !== '' || start !== '')
    return limited(walk, { from: Number(start), to: limit === '' ? Number.POSITIVE_INFINITY : Number(limit) })
  for (const source of atom.parts) if (!m.ops.iterate(frame, source, site, on)) return false
  return true
}

function takenWhile(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  return stopping(frame, { source: part(m, atom, 1), site }, (x, stop) => {
    const truth = m.ops.truth(frame, ask(walk, part(m, atom, 0), x), site)
    if (!truth.t) return stop()
    return truth.f ? fork(frame, [() => on(x), stop], true) : on(x)
  })
}

/** The first elements of all iterables are there before the first of them is handed out. */
function merged(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  const [key = m.domain.none, ...sources] = atom.parts
  const handed = (x: Value): boolean => {
    if (only(key)?.kind !== 'const') ask(walk, key, x)
    return on(x)
  }
  const [single] = sources
  if (single !== undefined && sources.length === 1) return m.ops.iterate(frame, single, site, handed)
  const lists = sources.map((it) => m.ops.spread(frame, it, site))
  const known = lists.some((list) => list.elements === null) ? null : lists.flatMap((list) => list.elements ?? [])
  return sequence(frame, known, m.domain.joinAll(lists.map(({ any }) => any)), handed)
}

/** `accumulate(iterable, function, initial)`: the function is called from the second value on. */
function accumulated({ m, frame, atom, site, on }: Walk): boolean {
  const [source, f, initial] = atom.parts
  const plain = f === undefined || f.atoms.every((a) => a.kind === 'const')
  let total: Value | null = initial === undefined || initial.atoms.length === 0 ? null : initial
  if (total !== null && !on(total)) return false
  return m.ops.iterate(frame, source ?? m.domain.bottom, site, (x) => {
    if (total === null) total = x
    else {
      const result: Value = plain
        ? m.domain.typed('object')
        : m.ops.call(frame, f, positional(total, x), implied(site, 'invoke'))
      if (result.atoms.length === 0) return false
      total = m.loopDepth > 0 ? m.domain.join(total, result) : result
    }
    return on(total)
  })
}

/** `iter(f, sentinel)`: asks until the answer equals the sentinel. */
function untilSentinel(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  const target: Target = { mark: m.store.mark(), exits: [] }
  const stop = (): boolean => (leave(m, target, m.domain.bottom), false)
  const ends = stabilise(frame, true, () => {
    const value = ask(walk, part(m, atom, 0))
    if (value.atoms.length === 0) return false
    const equal = m.ops.equal(frame, value, part(m, atom, 1), implied(site, 'operator'))
    if (equal === true) return stop()
    return equal === null ? fork(frame, [() => on(value), stop], true) : on(value)
  })
  return settle(m, target, ends)
}

/** Some elements of an iterable: those before them are dropped, what comes after them is not asked for. */
function limited(walk: Walk, { from, to }: { readonly from: number; readonly to: number }): boolean {
  if (to <= 0) return true
  const { m, frame, atom, site, on } = walk
  const count = counter(m)
  return stopping(frame, { source: part(m, atom, 0), site }, (x, stop) => {
    const taken = count()
    const handedOn = from === 0 || upTo(frame, from + 1, taken, [() => true, () => on(x)])
    return (from > 0 ? handedOn : on(x)) && upTo(frame, to, taken, [() => true, stop])
  })
}

/** `Executor.map`: its results are waited for, and the first error comes out. */
function awaited({ m, frame, atom, on }: Walk): boolean {
  join(m, (task) => task.owner === atom)
  return !failure(frame, atom) && unknownElements(frame, on)
}

function dictionaryView({ m, frame, atom, site, on }: Walk): boolean {
  const owner = only(atom.parts[0] ?? m.domain.bottom)
  if (owner?.kind !== 'container') return unknownElements(frame, on)
  const { list, any } = dictValues(m, owner)
  const pair = (key: Value, value: Value, index: number): Value =>
    m.ops.newList(frame, { p: site.site.p, e: site.site.e + index }, [key, value], 'tuple')
  const shape = (key: Value, value: Value, index: number): Value =>
    atom.type === 'keys' ? key : atom.type === 'values' ? value : pair(key, value, index)
  const keys = elements(m, owner).any
  const known = list === null ? null : list.map(([key, value], i) => shape(keyValue(m, key), value, i + 1))
  return sequence(
    frame,
    known,
    any.atoms.length === 0 && keys.atoms.length === 0 ? m.domain.bottom : shape(keys, any, 0),
    on,
  )
}
