// One iteration over a lazy iterator of the standard library: what it iterates over, whom it asks, who takes its elements.
// Must stay true: a function is called when the consumer asks for the element that needs it.
import { asked } from '../language/endings.ts'
import { implied } from '../machine/sites.ts'
import type { OnElement } from '../domain/sequences.ts'
import type { CallSite, Frame, Machine, Target } from '../machine/machine.ts'
import { positional, type SpecialAtom, type Value } from '../domain/values.ts'

/** One iteration over a lazy iterator. */
export interface Walk {
  readonly m: Machine
  readonly frame: Frame
  readonly atom: SpecialAtom
  readonly site: CallSite
  /** what the consumer does with an element; false: it does not come back for the next one */
  readonly on: OnElement
  /** where the iteration ends early: a function that raises what means "no more" ends it */
  readonly over: Target
}

export type Model = (walk: Walk) => boolean

/** A part of the iterator; bottom where it has none. */
export function part(m: Machine, atom: SpecialAtom, at: number): Value {
  return atom.parts[at] ?? m.domain.bottom
}

/** Calls a function of the iterator, most often its first part. */
export function ask({ m, frame, site, over }: Walk, f: Value, ...args: Value[]): Value {
  return asked(frame, { over, ending: 'StopIteration' }, () =>
    m.ops.call(frame, f, positional(...args), implied(site, 'invoke')),
  )
}

/** A tuple that the iterator makes. */
export function tuple({ m, frame, site }: Walk, parts: readonly Value[]): Value {
  return m.ops.newList(frame, site.site, parts, 'tuple')
}
