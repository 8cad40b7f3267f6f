// The lazy iterators of the standard library (map, filter, zip, chain, views of dictionaries …).
// They call their functions element by element, when and as often as the consumer asks.
import { fork, leave, settle } from '../machine/frames.ts'
import { stabilise } from '../language/loops.ts'
import { asked } from '../language/endings.ts'
import { failure, join } from './awaiting.ts'
import type { CallSite, Frame, Machine, Target } from '../machine/machine.ts'
import { only, positional, type Atom, type SpecialAtom, type Value } from '../domain/values.ts'
import { dictValues, elements, keyValue } from '../domain/containers.ts'
import { sequence, unknownElements, type OnElement } from '../domain/sequences.ts'

/** The lazy iterators of the standard library: they call their functions element by element. */
export function iterateSpecial(
  m: Machine,
  frame: Frame,
  atom: Extract<Atom, { kind: 'special' }>,
  site: CallSite,
  on: OnElement,
): boolean {
  const over: Target = { mark: m.store.mark(), exits: [] }
  const invoked = { ...site, step: 'invoke' as const }
  const call = (f: Value | undefined, ...args: Value[]): Value =>
    f === undefined
      ? m.domain.bottom
      : // a function that raises what means "no more" ends the iteration that calls it
        asked(m, frame, { over, ending: 'StopIteration' }, () =>
          m.ops.call(frame, f, positional(...args), invoked, null),
        )
  return settle(m, over, walk(m, frame, atom, { site, call }, on))
}

interface Walk {
  readonly site: CallSite
  readonly call: (f: Value | undefined, ...args: Value[]) => Value
}

function walk(m: Machine, frame: Frame, atom: SpecialAtom, { site, call }: Walk, on: OnElement): boolean {
  const [first, second] = atom.parts
  switch (atom.type) {
    case 'map': {
      const others = atom.parts.slice(2).map((p) => m.ops.spread(frame, p, site).any)
      return m.ops.iterate(frame, second ?? m.domain.bottom, site, (x) => {
        const value = call(first, x, ...others)
        return value.atoms.length === 0 ? false : on(value)
      })
    }
    case 'starmap':
      return m.ops.iterate(frame, second ?? m.domain.bottom, site, (x) => {
        const spread = m.ops.spread(frame, x, site)
        return on(
          m.ops.call(
            frame,
            first ?? m.domain.bottom,
            {
              pos: spread.elements ?? [],
              kw: new Map(),
              restPos: spread.elements === null ? spread.any : null,
              restKw: null,
            },
            { ...site, step: 'invoke' },
            null,
          ),
        )
      })
    case 'filter':
      return m.ops.iterate(frame, second ?? m.domain.bottom, site, (x) => {
        const verdict = only(first ?? m.domain.none)?.kind === 'const' ? x : call(first, x)
        const truth = m.ops.truth(frame, verdict, site)
        if (!truth.t) return true
        return truth.f ? fork(m, frame, [() => on(x), () => true], true) : on(x)
      })
    case 'enumerate':
      return m.ops.iterate(frame, first ?? m.domain.bottom, site, (x) =>
        on(
          m.ops.newList(
            frame,
            { p: site.site.p, e: site.site.e },
            [m.domain.typed('int'), x],
            m.domain.bottom,
            'tuple',
          ),
        ),
      )
    case 'accumulate':
      return accumulated(m, frame, atom, site, on)
    case 'groupby':
      return m.ops.iterate(frame, first ?? m.domain.bottom, site, (x) => {
        const key = second === undefined || second.atoms.every((a) => a.kind === 'const') ? x : call(second, x)
        const node = { p: site.site.p, e: site.site.e }
        const group = m.ops.newList(frame, { p: node.p, e: node.e + 1 }, null, x)
        return on(m.ops.newList(frame, node, [key, group], m.domain.bottom, 'tuple'))
      })
    case 'pairwise': {
      let before: Value | null = null
      return m.ops.iterate(frame, first ?? m.domain.bottom, site, (x) => {
        const left = before
        before = x
        if (left === null) return true
        return on(m.ops.newList(frame, { p: site.site.p, e: site.site.e }, [left, x], m.domain.bottom, 'tuple'))
      })
    }
    case 'endless':
      return stabilise(m, frame, true, () => on(first ?? m.domain.bottom)) && false
    case 'zip':
    case 'zip_longest': {
      const longest = atom.type === 'zip_longest'
      const walked = atom.parts.filter(runsCode)
      if (!longest && walked.length === 1) return besides(m, frame, atom.parts, site, on)
      const lists = longest ? atom.parts.map((p) => m.ops.spread(frame, p, site)) : together(m, frame, atom.parts, site)
      const shortest = (longest ? Math.max : Math.min)(
        ...lists.map((l) => l.elements?.length ?? Number.POSITIVE_INFINITY),
      )
      const row = (i: number | null): Value =>
        m.ops.newList(
          frame,
          { p: site.site.p, e: site.site.e },
          lists.map((l) => (i === null ? l.any : (l.elements?.[i] ?? l.any))),
          m.domain.bottom,
          'tuple',
        )
      return sequence(
        m,
        frame,
        Number.isFinite(shortest) ? Array.from({ length: shortest }, (_, i) => row(i)) : null,
        row(null),
        on,
      )
    }
    case 'chain': {
      const limit = atom.names[0] === undefined || atom.names[0] === '' ? null : Number(atom.names[0])
      if (limit !== null) return limited(m, frame, first ?? m.domain.bottom, site, { limit, on })
      for (const part of atom.parts) if (!m.ops.iterate(frame, part, site, on)) return false
      return true
    }
    case 'takewhile':
      return stopping(m, frame, second ?? m.domain.bottom, site, (x, stop) => {
        const truth = m.ops.truth(frame, call(first, x), site)
        if (!truth.t) return stop()
        return truth.f ? fork(m, frame, [() => on(x), stop], true) : on(x)
      })
    case 'flatten':
      return m.ops.iterate(frame, first ?? m.domain.bottom, site, (x) => m.ops.iterate(frame, x, site, on))
    case 'items':
    case 'values':
    case 'keys':
      return dictionaryView(m, frame, atom, site, on)
    case 'sentinel':
      return untilSentinel(m, frame, second ?? m.domain.bottom, site, { ask: () => call(first), on })
    case 'future':
      // `Executor.map`: its results are waited for, and the first error comes out
      join(m, (task) => task.owner === atom)
      return !failure(m, frame, atom) && unknownElements(m, frame, on)
    default:
      return unknownElements(m, frame, on)
  }
}

/** Whether asking for elements runs code of the tree. */
function runsCode(part: Value): boolean {
  return part.atoms.some((a) => a.kind !== 'container' && a.kind !== 'const' && a.kind !== 'typed')
}

/** `zip` of one iterable that runs code and others that hold their elements: each element is asked for when the pair is. */
function besides(m: Machine, frame: Frame, parts: readonly Value[], site: CallSite, on: OnElement): boolean {
  const at = parts.findIndex(runsCode)
  const lists = parts.map((part, i) =>
    i === at ? { elements: null, any: m.domain.bottom } : m.ops.spread(frame, part, site),
  )
  const shortest = (from: number, to: number): number =>
    Math.min(...lists.slice(from, to).map((list) => list.elements?.length ?? Number.POSITIVE_INFINITY))
  const [before, after] = [shortest(0, at), shortest(at + 1, lists.length)]
  const walked = parts[at] ?? m.domain.bottom
  const source = Number.isFinite(before) ? m.domain.special('chain', [walked], [String(before)], site.site) : walked
  let index = 0
  return stopping(m, frame, source, site, (x, stop) => {
    const row = index++
    if (row >= after) return stop()
    const values = lists.map((list, i) => (i === at ? x : (list.elements?.[row] ?? list.any)))
    return on(m.ops.newList(frame, { p: site.site.p, e: site.site.e }, values, m.domain.bottom, 'tuple'))
  })
}

/** The elements of iterables that are walked in step: the first one that ends, ends them all, and those after it are not asked again. */
function together(
  m: Machine,
  frame: Frame,
  parts: readonly Value[],
  site: CallSite,
): { readonly elements: readonly Value[] | null; readonly any: Value }[] {
  let shortest = Number.POSITIVE_INFINITY
  return parts.map((part) => {
    const source = Number.isFinite(shortest) ? m.domain.special('chain', [part], [String(shortest)], site.site) : part
    const found = m.ops.spread(frame, source, site)
    shortest = Math.min(shortest, found.elements?.length ?? Number.POSITIVE_INFINITY)
    return found
  })
}

/** `accumulate(iterable, function, initial)`: the function is called from the second value on. */
function accumulated(
  m: Machine,
  frame: Frame,
  atom: Extract<Atom, { kind: 'special' }>,
  site: CallSite,
  on: OnElement,
): boolean {
  const [source, f, initial] = atom.parts
  const plain = f === undefined || f.atoms.every((a) => a.kind === 'const')
  let total: Value | null = initial === undefined || initial.atoms.length === 0 ? null : initial
  if (total !== null && !on(total)) return false
  return m.ops.iterate(frame, source ?? m.domain.bottom, site, (x) => {
    if (total === null) total = x
    else {
      const result: Value = plain
        ? m.domain.typed('object')
        : m.ops.call(frame, f, positional(total, x), { ...site, step: 'invoke' }, null)
      if (result.atoms.length === 0) return false
      total = m.loopDepth > 0 ? m.domain.join(total, result) : result
    }
    return on(total)
  })
}

/** An iteration that may end before its source does: what is left is never asked for. */
function stopping(
  m: Machine,
  frame: Frame,
  source: Value,
  site: CallSite,
  on: (element: Value, stop: () => boolean) => boolean,
): boolean {
  const target: Target = { mark: m.store.mark(), exits: [] }
  const stop = (): boolean => (leave(m, target, m.domain.bottom), false)
  return settle(
    m,
    target,
    m.ops.iterate(frame, source, site, (x) => on(x, stop)),
  )
}

/** `iter(f, sentinel)`: asks until the answer equals the sentinel. */
function untilSentinel(
  m: Machine,
  frame: Frame,
  sentinel: Value,
  site: CallSite,
  source: { readonly ask: () => Value; readonly on: OnElement },
): boolean {
  const target: Target = { mark: m.store.mark(), exits: [] }
  const stop = (): boolean => (leave(m, target, m.domain.bottom), false)
  const ends = stabilise(m, frame, true, () => {
    const value = source.ask()
    if (value.atoms.length === 0) return false
    const equal = m.ops.equal(frame, value, sentinel, { ...site, step: 'operator' })
    if (equal === true) return stop()
    return equal === null ? fork(m, frame, [() => source.on(value), stop], true) : source.on(value)
  })
  return settle(m, target, ends)
}

function limited(
  m: Machine,
  frame: Frame,
  source: Value,
  site: CallSite,
  cut: { readonly limit: number; readonly on: OnElement },
): boolean {
  let count = 0
  if (cut.limit <= 0) return true
  return stopping(m, frame, source, site, (x, stop) => {
    count++
    if (!cut.on(x)) return false
    return count < cut.limit || stop()
  })
}

function dictionaryView(
  m: Machine,
  frame: Frame,
  atom: Extract<Atom, { kind: 'special' }>,
  site: CallSite,
  on: OnElement,
): boolean {
  const owner = only(atom.parts[0] ?? m.domain.bottom)
  if (owner?.kind !== 'container') return unknownElements(m, frame, on)
  const { list, any } = dictValues(m, owner)
  const pair = (key: Value, value: Value, index: number): Value =>
    m.ops.newList(frame, { p: site.site.p, e: site.site.e + index }, [key, value], m.domain.bottom, 'tuple')
  const shape = (key: Value, value: Value, index: number): Value =>
    atom.type === 'keys' ? key : atom.type === 'values' ? value : pair(key, value, index)
  const keys = elements(m, owner).any
  const known = list === null ? null : list.map(([key, value], i) => shape(keyValue(m, key), value, i + 1))
  return sequence(
    m,
    frame,
    known,
    any.atoms.length === 0 && keys.atoms.length === 0 ? m.domain.bottom : shape(keys, any, 0),
    on,
  )
}
