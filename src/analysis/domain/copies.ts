// Containers made of containers: slices, repetitions, copies, unions. What is known position by position stays known in the copy.
// A copy is an object of its own: what is added to it later is not in the original.
import type { BinaryOperation } from '../language/operators.ts'
import { append, clear, dictValues, elements, fill, isMapping, keyValue, newContainer, setKey } from './containers.ts'
import type { Expr } from '../../ir/model.ts'
import { combination, isSet } from '../django/querysets.ts'
import { at, implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { only, type Atom, type ContainerAtom, type Value } from './values.ts'

/** Longest sequence that a repetition builds element by element. */
const MAX_REPEATED = 64

/** The type of a slice object with constant bounds says what they are: `slice 1:`. Null when it is no such slice. */
export function sliceBounds(key: Value): { readonly from: number; readonly to: number | undefined } | null {
  const atom = only(key)
  const found = atom?.kind === 'typed' ? /^slice (-?\d*):(-?\d*)$/.exec(atom.type) : null
  if (found === null) return null
  return { from: found[1] === '' ? 0 : Number(found[1]), to: found[2] === '' ? undefined : Number(found[2]) }
}

export function isSlice(key: Atom | null): boolean {
  return (key?.kind === 'typed' && key.type.startsWith('slice')) || (key?.kind === 'special' && key.type === 'slice')
}

/** The type name of `[a:b]`; only whole numbers and absent bounds are kept. */
export function sliceType(bounds: readonly (Value | null)[]): string {
  const texts = bounds.map((bound) => {
    if (bound === null) return ''
    const atom = only(bound)
    if (atom?.kind === 'const' && atom.type === 'none') return ''
    return atom?.kind === 'const' && typeof atom.value === 'number' ? String(atom.value) : null
  })
  return texts.includes(null) ? 'slice' : `slice ${texts[0] ?? ''}:${texts[1] ?? ''}`
}

/** `sequence[a:b]`: a new sequence with the chosen elements. */
export function sliced(frame: Frame, atom: ContainerAtom, key: Value, site: CallSite): Value {
  const { list, any } = elements(frame.machine, atom)
  const bounds = sliceBounds(key)
  const chosen = list === null || bounds === null ? null : list.slice(bounds.from, bounds.to)
  return frame.machine.ops.newList(frame, site.site, chosen ?? any, atom.type === 'tuple' ? 'tuple' : 'list')
}

/** `xs[a:b] = iterable`: consumes it. */
export function assignSlice(
  frame: Frame,
  atom: ContainerAtom,
  { key, value }: { readonly key: Value; readonly value: Value },
  site: CallSite,
): void {
  const m = frame.machine
  const bounds = sliceBounds(key)
  const given = m.ops.spread(frame, value, implied(site, 'iterate'))
  const { list } = elements(m, atom)
  if (list === null || given.elements === null || bounds === null || atom.multiple) {
    m.store.weaken(atom.rest, given.any)
    m.store.write(atom.length, m.domain.typed('int'))
    return
  }
  const before = list.slice(0, bounds.from)
  const replaced = [
    ...before,
    ...given.elements,
    ...list.slice(before.length + list.slice(bounds.from, bounds.to).length),
  ]
  clear(m, atom)
  for (const item of replaced) append(m, atom, item)
}

/** `xs * n`. Null when this is no repetition of a sequence. */
export function repeated(frame: Frame, atom: Atom, times: Value, site: CallSite): Value | null {
  if (atom.kind !== 'container' || (atom.type !== 'list' && atom.type !== 'tuple')) return null
  const { list, any } = elements(frame.machine, atom)
  const count = only(times)
  const known =
    list !== null &&
    count?.kind === 'const' &&
    typeof count.value === 'number' &&
    count.value * list.length <= MAX_REPEATED
      ? Array.from({ length: Math.max(0, count.value) }, () => list).flat()
      : null
  return frame.machine.ops.newList(frame, site.site, known ?? any, atom.type)
}

/** A container of its own with the same content. */
export function copied(frame: Frame, atom: ContainerAtom, site: CallSite): ContainerAtom {
  const m = frame.machine
  const made = newContainer(frame, atom.type, site.site, atom.factory)
  if (isMapping(atom)) {
    mergeInto(m, made, atom)
    return made
  }
  const { list, any } = elements(m, atom)
  fill(m, made, list ?? [], list === null ? any : null)
  return made
}

/** The entries of one dictionary, put into another. */
export function mergeInto(m: Machine, target: ContainerAtom, source: ContainerAtom): void {
  const { list, any } = dictValues(m, source)
  for (const [key, cell] of source.known) {
    const value = m.store.read(cell)
    if (value === m.domain.unbound) continue
    const bound = m.domain.withoutUnbound(value)
    if (bound === value) setKey(m, target, keyValue(m, key), bound)
    else setKey(m, target, keyValue(m, key), m.domain.join(bound, m.domain.unbound))
  }
  if (list === null) {
    m.store.weaken(target.rest, any)
    m.store.weaken(target.keys, m.store.read(source.keys))
  }
}

/** `a | b` of dictionaries and sets, and query sets, which combine to a new one that is as lazy. Null for anything else. */
export function united(frame: Frame, { op, left, right }: BinaryOperation<Atom>, site: CallSite): Value | null {
  const m = frame.machine
  if (left.kind === 'instance' && isSet(m, left)) return m.domain.of(combination(frame, left, site.site))
  if (op !== '|') return null
  if (left.kind !== 'container' || !(isMapping(left) || left.type === 'set')) return null
  const made = copied(frame, left, site)
  for (const atom of right.atoms) {
    if (atom.kind !== 'container') m.store.weaken(made.rest, m.domain.unknown('element'))
    else if (isMapping(atom)) mergeInto(m, made, atom)
    else m.ops.extend(frame, made, m.domain.of(atom), site)
  }
  return m.domain.of(made)
}

/** A dictionary display: entries and `**mapping` in order. */
export function makeDict(frame: Frame, x: Extract<Expr, { k: 'dict' }>): Value {
  const m = frame.machine
  const atom = newContainer(frame, 'dict', x)
  for (const item of x.xs) {
    if (item.key === null) pour(frame, atom, m.ops.evaluate(frame, item.value), at(frame, item.value, 'iterate'))
    else {
      const key = m.ops.evaluate(frame, item.key)
      m.ops.hash(frame, key, at(frame, item.key, 'operator'))
      setKey(m, atom, key, m.ops.evaluate(frame, item.value))
    }
  }
  return m.domain.of(atom)
}

/** The entries of a mapping, whatever it is, into a dictionary. */
export function pour(frame: Frame, target: ContainerAtom, value: Value, site: CallSite): void {
  const m = frame.machine
  const single = only(value)
  if (single?.kind === 'container' && isMapping(single)) return mergeInto(m, target, single)
  const given = m.ops.entries(frame, value, site)
  for (const [key, item] of given.known) setKey(m, target, m.domain.constant('str', key), item)
  if (!given.exact) m.store.weaken(target.rest, given.any)
}
