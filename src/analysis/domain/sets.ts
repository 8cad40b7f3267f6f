// Sets whose elements are all known: what their operators and comparisons give. Everything else is open.
// Elements are equal where their slots are (containers.ts).
import { elements, slotKey } from './containers.ts'
import type { BinaryOperation } from '../language/operators.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { only, type Atom, type Value } from './values.ts'

/** Operators of sets whose result holds some elements of the operands, perhaps none. */
export const SELECTS: ReadonlySet<string> = new Set(['&', '-', '^'])

const SETS: ReadonlySet<string> = new Set(['set'])
const ITERABLES: ReadonlySet<string> = new Set(['set', 'list', 'tuple', 'dict'])

/** The elements by what they are equal to; null where that is not known of all of them. Numbers of different types may be equal. */
function known(m: Machine, value: Value, types: ReadonlySet<string> = SETS): ReadonlyMap<string, Value> | null {
  const atom = only(value)
  if (atom?.kind !== 'container' || !types.has(atom.type) || atom.multiple) return null
  const out = new Map<string, Value>()
  for (const item of elements(m, atom).list ?? [null]) {
    const key = item === null ? null : slotKey(item)
    if (item === null || key === null || key.startsWith('float:')) return null
    out.set(key, item)
  }
  return out
}

/** `a & b`, `a - b`, `a ^ b`: the elements that are chosen, or any of the operands' where that is open. */
export function selection(frame: Frame, { op, left, right }: BinaryOperation<Atom>, site: CallSite): Value {
  const m = frame.machine
  const own = m.domain.of(left)
  const [mine, theirs] = [known(m, own), known(m, right, ITERABLES)]
  const node = site.site
  if (mine !== null && theirs !== null) {
    const chosen = [...mine].filter(([key]) => theirs.has(key) === (op === '&')).map(([, item]) => item)
    if (op === '^') chosen.push(...[...theirs].filter(([key]) => !mine.has(key)).map(([, item]) => item))
    return m.ops.newList(frame, node, chosen, 'set')
  }
  const { any } = m.ops.spread(frame, op === '^' ? m.domain.join(own, right) : own, site)
  return m.ops.newList(frame, node, any, 'set')
}

/** `a <= b` and the like of two sets; null where that is open, or where they are no sets. */
export function comparedSets(m: Machine, op: string, left: Value, right: Value): boolean | null {
  const [mine, theirs] = [known(m, left), known(m, right)]
  if (mine === null || theirs === null) return null
  const within = [...mine.keys()].every((key) => theirs.has(key))
  switch (op) {
    case '==':
      return within && mine.size === theirs.size
    case '!=':
      return !(within && mine.size === theirs.size)
    case '<=':
      return within
    case '<':
      return within && mine.size < theirs.size
    case '>=':
    case '>':
      return comparedSets(m, op === '>=' ? '<=' : '<', right, left)
    default:
      return null
  }
}

/** `a.issubset(x)`, `a.issuperset(x)`, `a.isdisjoint(x)`: the other side may be any iterable; null where the answer is open. */
export function relatedSets(m: Machine, name: string, left: Value, right: Value): boolean | null {
  const [mine, theirs] = [known(m, left), known(m, right, ITERABLES)]
  if (mine === null || theirs === null) return null
  const [inner, outer] = name === 'issuperset' ? [theirs, mine] : [mine, theirs]
  return name === 'isdisjoint'
    ? [...mine.keys()].every((key) => !theirs.has(key))
    : [...inner.keys()].every((key) => outer.has(key))
}

/** `a.remove(x)`, `a.discard(x)`: what is left; null where it is not known whether `x` is one of the elements. */
export function without(m: Machine, set: Value, item: Value): readonly Value[] | null {
  const elementsOf = known(m, set)
  const key = slotKey(item)
  if (elementsOf === null || key === null || key.startsWith('float:')) return null
  return [...elementsOf].filter(([other]) => other !== key).map(([, value]) => value)
}
