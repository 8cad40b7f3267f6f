// `zip` and `zip_longest`: several iterables in step. Where only one of them runs code, each of its elements is asked for when the pair is.
// Must stay true: iterables that run code and are not walked one by one here are walked in the order of CPython's first round.
import { counter, stopping, upTo } from './early-ends.ts'
import { part, tuple, type Walk } from './walks.ts'
import { sequence } from '../domain/sequences.ts'
import type { Value } from '../domain/values.ts'

/** `zip(a, b, …)` */
export function zipped(walk: Walk): boolean {
  const { parts } = walk.atom
  return parts.filter(runsCode).length === 1 ? besides(walk) : rows(walk, together(walk), Math.min)
}

/** `zip_longest(a, b, …)` */
export function zippedLongest(walk: Walk): boolean {
  const { m, frame, atom, site } = walk
  if (atom.parts.filter(runsCode).length === 1) return longestBesides(walk)
  const lists = atom.parts.map((p) => m.ops.spread(frame, p, site))
  return rows(walk, lists, Math.max)
}

type Elements = { readonly elements: readonly Value[] | null; readonly any: Value }

/** Tuples of what stands at one place of each list; `length` chooses how many of them there are. */
function rows(walk: Walk, lists: readonly Elements[], length: (...lengths: number[]) => number): boolean {
  const { frame, on } = walk
  const count = length(...lists.map((l) => l.elements?.length ?? Number.POSITIVE_INFINITY))
  const row = (i: number | null): Value =>
    tuple(
      walk,
      lists.map((l) => (i === null ? l.any : (l.elements?.[i] ?? l.any))),
    )
  const known = Number.isFinite(count) ? Array.from({ length: count }, (_, i) => row(i)) : null
  return sequence(frame, known, row(null), on)
}

/** Whether asking for elements runs code of the tree. */
function runsCode(source: Value): boolean {
  return source.atoms.some((a) => a.kind !== 'container' && a.kind !== 'const' && a.kind !== 'typed')
}

/** `zip` of one iterable that runs code and others that hold their elements: each element is asked for when the pair is. */
function besides(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  const at = atom.parts.findIndex(runsCode)
  const lists = atom.parts.map(
    (it, i): Elements => (i === at ? { elements: null, any: m.domain.bottom } : m.ops.spread(frame, it, site)),
  )
  const shortest = (from: number, to: number): number =>
    Math.min(...lists.slice(from, to).map((list) => list.elements?.length ?? Number.POSITIVE_INFINITY))
  const [before, after] = [shortest(0, at), shortest(at + 1, lists.length)]
  const walked = part(m, atom, at)
  const source = Number.isFinite(before) ? m.domain.special('chain', [walked], [String(before)], site.site) : walked
  const count = counter(m)
  return stopping(frame, { source, site }, (x, stop) => {
    const taken = count()
    const row = taken.least === taken.most ? taken.least - 1 : -1
    const handOn = (): boolean =>
      on(
        tuple(
          walk,
          lists.map((list, i) => (i === at ? x : (list.elements?.[row] ?? list.any))),
        ),
      )
    return upTo(frame, after + 1, taken, [handOn, stop])
  })
}

/** `zip_longest` of one iterable that runs code and others that hold their elements. */
function longestBesides(walk: Walk): boolean {
  const { m, frame, atom, site, on } = walk
  const at = atom.parts.findIndex(runsCode)
  const lists = atom.parts.map((it, i) => (i === at ? null : m.ops.spread(frame, it, site)))
  const rowOf = (index: number, x: Value): Value =>
    tuple(
      walk,
      lists.map((list) => (list === null ? x : (list.elements?.[index] ?? list.any))),
    )
  const count = counter(m)
  const ends = m.ops.iterate(frame, part(m, atom, at), site, (x) => {
    const taken = count()
    return on(rowOf(taken.least === taken.most ? taken.least - 1 : -1, x))
  })
  const longest = Math.max(0, ...lists.map((list) => (list === null ? 0 : (list.elements?.length ?? Infinity))))
  if (!ends || longest === 0) return ends
  const { least, most } = count()
  const isKnown = least === most && Number.isFinite(longest)
  const left = isKnown ? Array.from({ length: Math.max(0, longest - least + 1) }, (_, i) => least - 1 + i) : null
  const rest = (index: number): Value => rowOf(index, m.domain.none)
  return sequence(frame, left?.map((index) => rest(index)) ?? null, rest(-1), on)
}

/** The elements of iterables that are walked in step: the first one that ends, ends them all, and those after it are not asked again. */
function together({ m, frame, atom, site }: Walk): Elements[] {
  let shortest = Number.POSITIVE_INFINITY
  return atom.parts.map((it) => {
    const source = Number.isFinite(shortest) ? m.domain.special('chain', [it], [String(shortest)], site.site) : it
    const found = m.ops.spread(frame, source, site)
    shortest = Math.min(shortest, found.elements?.length ?? Number.POSITIVE_INFINITY)
    return found
  })
}
