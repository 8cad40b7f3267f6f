// Iterations that end before their source does: `takewhile`, `islice`, `zip` with something shorter. What is left of the source is never asked for.
// Must stay true: how far an iteration has come is state like any other, so that paths which took fewer elements go on.
import { fork, leave, settle } from '../machine/frames.ts'
import type { CallSite, Frame, Machine, Target } from '../machine/machine.ts'
import type { Value } from '../domain/values.ts'

/**
 * Iterates until `stop` is called. Where that happens on some paths only, what the source does from there on is possible, as after a `break`.
 */
export function stopping(
  frame: Frame,
  { source, site }: { readonly source: Value; readonly site: CallSite },
  on: (element: Value, stop: () => boolean) => boolean,
): boolean {
  const m = frame.machine
  const target: Target = { mark: m.store.mark(), exits: [] }
  const stop = (): boolean => (leave(m, target, m.domain.bottom), false)
  const { may } = frame
  const { undecided } = m
  const ends = m.ops.iterate(frame, source, site, (x) => {
    frame.loops.push({ breaks: target, continues: { mark: m.store.mark(), exits: [] } })
    const goesOn = on(x, stop)
    frame.loops.pop()
    return goesOn
  })
  frame.may = may
  m.undecided = undecided
  return settle(m, target, ends)
}

/** How many elements an iteration has come to, at least and at most: paths may differ. */
interface Count {
  readonly least: number
  readonly most: number
}

/** Counts along the path: what an alternative counts, the others do not. Answers with the count, the element at hand included. */
export function counter(m: Machine): () => Count {
  const cell = m.store.cell(m.domain.constant('int', 0))
  return () => {
    const counts = m.store
      .read(cell)
      .atoms.map((atom) => (atom.kind === 'const' && typeof atom.value === 'number' ? atom.value + 1 : null))
    const known = counts.filter((count) => count !== null)
    const open = known.length < counts.length
    const next = known.map((count) => m.domain.constant('int', count))
    m.store.write(cell, open ? m.domain.typed('int') : m.domain.joinAll(next))
    return { least: open ? 1 : Math.min(...known), most: open ? Number.POSITIVE_INFINITY : Math.max(...known) }
  }
}

/** Goes on, stops, or does either, by whether a count has come to the limit. */
export function upTo(
  frame: Frame,
  limit: number,
  count: Count,
  [on, stop]: readonly [on: () => boolean, stop: () => boolean],
): boolean {
  if (count.least >= limit) return stop()
  return count.most < limit ? on() : fork(frame, [on, stop], true)
}
