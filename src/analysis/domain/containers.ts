// Lists, tuples, sets and dictionaries with known slots: what was put in under a constant key comes out again, everything else is joined in `rest`.
import type { Expr } from '../../ir/model.ts'
import { allocate } from '../machine/frames.ts'
import { at, type Node } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { handOut } from '../suspended/renewal.ts'
import { mayHaveBeenFilled } from './disclosure.ts'
import { only, type ContainerAtom, type InstanceAtom, type Value } from './values.ts'

/** Most positions of a sequence that are kept apart. */
export const MAX_KNOWN = 64
/** Loops over at most this many known elements run once per element. */
export const MAX_UNROLLED = 12

export function newContainer(frame: Frame, type: string, node: Node, factory: Value | null = null): ContainerAtom {
  const m = frame.machine
  return allocate(frame, `${type}${node.p}:${node.e}`, () =>
    m.domain.make({
      kind: 'container',
      type,
      known: new Map(),
      rest: m.store.cell(m.domain.bottom),
      length: m.store.cell(m.domain.constant('int', 0)),
      keys: m.store.cell(m.domain.bottom),
      factory,
      multiple: false,
    }),
  )
}

/** Keys and values; otherwise elements. */
export function isMapping({ type }: ContainerAtom): boolean {
  return type === 'dict' || type === 'defaultdict'
}

/** The key under which a constant is kept, or null for what is not a constant. */
export function slotKey(value: Value): string | null {
  const atom = only(value)
  if (atom === null) return null
  if (atom.kind === 'const')
    return `${atom.type === 'bool' ? 'int' : atom.type}:${String(typeof atom.value === 'boolean' ? Number(atom.value) : atom.value)}`
  if (atom.kind === 'class' || atom.kind === 'function' || atom.kind === 'native') return `@${atom.id}`
  if (atom.kind === 'container') return atom.type === 'tuple' ? tupleKey(atom) : null
  return atom.kind === 'instance' && isKeptByIdentity(atom) ? `@${atom.id}` : null
}

/** A tuple of keys is a key; its cells never change. */
function tupleKey(atom: ContainerAtom): string | null {
  const length = only(atom.length.value)
  if (length?.kind !== 'const' || atom.rest.value.atoms.length > 0) return null
  const parts: string[] = []
  for (let i = 0; i < Number(length.value); i++) {
    const part = atom.known.get(`int:${i}`)
    const key = part === undefined ? null : slotKey(part.value)
    if (key === null) return null
    parts.push(key)
  }
  return `@(${parts.join()})`
}

/** Enumerations whose members equal nothing but themselves; members of the others equal their values. */
export const PLAIN_ENUMS: ReadonlySet<string> = new Set(['enum.Enum', 'enum.Flag', 'django.db.models.Choices'])

/** Objects that are equal to themselves only: members of plain enumerations, and objects of classes that do not say otherwise. */
function isKeptByIdentity(atom: InstanceAtom): boolean {
  const { cls } = atom
  if (
    cls === null ||
    atom.multiple ||
    cls.traits.has('dataclass') ||
    cls.traits.has('fields') ||
    cls.traits.has('pydantic')
  )
    return false
  return cls.mro.every((base) =>
    base.kind === 'class'
      ? !base.fields.has('__eq__') && !base.fields.has('__hash__')
      : base.kind === 'native'
        ? base.name === 'object'
        : base.kind === 'external' && PLAIN_ENUMS.has(base.path),
  )
}

export function makeContainer(frame: Frame, type: 'list' | 'tuple' | 'set', items: readonly Expr[], x: Expr): Value {
  const m = frame.machine
  const values: Value[] = []
  let rest: Value | null = null
  for (const item of items) {
    const value = m.ops.evaluate(frame, item)
    if (item.k === 'star') {
      const spread = m.ops.spread(frame, value, at(frame, item, 'iterate'))
      if (spread.elements !== null && rest === null) values.push(...spread.elements)
      else rest = m.domain.join(rest ?? m.domain.bottom, spread.any)
    } else if (rest === null) values.push(value)
    else rest = m.domain.join(rest, value)
    if (type === 'set') m.ops.hash(frame, value, at(frame, item, 'operator'))
  }
  if (type === 'tuple' && rest === null) return makeTuple(frame, x, values)
  const atom = newContainer(frame, type, x)
  fill(m, atom, values, rest)
  return m.domain.of(atom)
}

/** Tuples never change: equal contents at one place are one object. */
export function makeTuple(frame: Frame, node: Node, values: readonly Value[]): Value {
  const m = frame.machine
  for (const value of values) handOut(m, value)
  const key = `tuple${node.p}:${node.e}:${values.map((v) => v.id).join(',')}`
  const known = frame.context.allocations.get(key)
  if (known?.kind === 'container') {
    fill(m, known, values, null)
    return m.domain.of(known)
  }
  const atom = allocate(frame, key, () =>
    m.domain.make({
      kind: 'container',
      type: 'tuple',
      known: new Map(),
      rest: m.store.cell(m.domain.bottom),
      length: m.store.cell(m.domain.constant('int', 0)),
      keys: m.store.cell(m.domain.bottom),
      factory: null,
      multiple: false,
    }),
  )
  fill(m, atom, values, null)
  return m.domain.of(atom)
}

/** Gives a fresh sequence its elements; `rest` = further elements of unknown number. */
export function fill(m: Machine, atom: ContainerAtom, values: readonly Value[], rest: Value | null): void {
  values.forEach((value, index) => store(m, atom, index < MAX_KNOWN ? `int:${index}` : null, value))
  if (rest !== null) m.store.weaken(atom.rest, rest)
  m.store.write(
    atom.length,
    rest !== null || values.length > MAX_KNOWN || atom.multiple
      ? m.domain.typed('int')
      : m.domain.constant('int', values.length),
  )
}

function store(m: Machine, atom: ContainerAtom, key: string | null, value: Value): void {
  if (key === null) return m.store.weaken(atom.rest, value)
  const cell = m.store.cellIn(atom.known, key)
  if (atom.multiple) m.store.weaken(cell, value)
  else m.store.write(cell, value)
}

export function setKey(m: Machine, atom: ContainerAtom, key: Value, value: Value): void {
  const slot = slotKey(key)
  store(m, atom, slot, value)
  if (slot?.startsWith('@') === true) m.domain.keys.set(slot, key)
  if (slot === null) m.store.weaken(atom.keys, key)
}

/** Number of elements when it is certain. */
export function knownLength(m: Machine, atom: ContainerAtom): number | null {
  if (isMapping(atom)) {
    if (m.store.read(atom.rest).atoms.length > 0) return null
    let count = 0
    for (const cell of atom.known.values()) {
      const value = m.store.read(cell)
      if (value === m.domain.unbound) continue
      if (value.atoms.some((a) => a.kind === 'unbound')) return null
      count++
    }
    return certain(m, atom, count)
  }
  const length = only(m.store.read(atom.length))
  return length?.kind === 'const' && typeof length.value === 'number' && m.store.read(atom.rest).atoms.length === 0
    ? certain(m, atom, length.value)
    : null
}

/** Nothing is not certain after code that nobody saw. */
function certain(m: Machine, atom: ContainerAtom, count: number): number | null {
  return count === 0 && atom.type !== 'tuple' && mayHaveBeenFilled(m, atom) ? null : count
}

/** The elements in order when all are known, and their union in any case. */
export function elements(
  m: Machine,
  atom: ContainerAtom,
): { readonly list: readonly Value[] | null; readonly any: Value } {
  const length = knownLength(m, atom)
  if (isMapping(atom)) return dictKeys(m, atom, length)
  const list: Value[] = []
  let any = m.store.read(atom.rest)
  for (const cell of atom.known.values()) any = m.domain.join(any, m.domain.withoutUnbound(m.store.read(cell)))
  if (length === null || length > MAX_KNOWN) return { list: null, any }
  for (let i = 0; i < length; i++) {
    const cell = atom.known.get(`int:${i}`)
    const value = cell === undefined ? m.domain.bottom : m.domain.withoutUnbound(m.store.read(cell))
    if (value.atoms.length === 0) return { list: null, any }
    list.push(value)
  }
  return { list, any }
}

function dictKeys(
  m: Machine,
  atom: ContainerAtom,
  length: number | null,
): { readonly list: readonly Value[] | null; readonly any: Value } {
  const list: Value[] = []
  let any = m.store.read(atom.keys)
  for (const [key, cell] of atom.known) if (m.store.read(cell) !== m.domain.unbound) list.push(keyValue(m, key))
  any = m.domain.join(any, m.domain.joinAll(list))
  if (m.store.read(atom.rest).atoms.length > 0 && any.atoms.length === 0) any = m.domain.typed('object')
  return { list: length === null ? null : list, any }
}

/** The key behind a slot. */
export function keyValue(m: Machine, key: string): Value {
  if (key.startsWith('@')) return m.domain.keys.get(key) ?? m.domain.typed('object')
  const type = key.slice(0, key.indexOf(':'))
  const text = key.slice(type.length + 1)
  return m.domain.constant(type, type === 'int' || type === 'float' ? Number(text) : type === 'none' ? null : text)
}

/** The values of a dictionary, in insertion order when all keys are known. */
export function dictValues(
  m: Machine,
  atom: ContainerAtom,
): { readonly list: readonly (readonly [string, Value])[] | null; readonly any: Value } {
  const list: (readonly [string, Value])[] = []
  let any = m.store.read(atom.rest)
  for (const [key, cell] of atom.known) {
    const value = m.domain.withoutUnbound(m.store.read(cell))
    if (value.atoms.length === 0) continue
    list.push([key, value])
    any = m.domain.join(any, value)
  }
  return { list: knownLength(m, atom) === null ? null : list, any }
}

/** `container[key]`; a missing key of a defaultdict runs its factory, of a plain dictionary it raises (bottom). */
export function getKey(m: Machine, atom: ContainerAtom, key: Value, missing: () => Value): Value {
  const slot = normalise(m, atom, slotKey(key))
  const rest = m.store.read(atom.rest)
  if (slot === null) {
    const all = isMapping(atom) ? dictValues(m, atom).any : elements(m, atom).any
    return all.atoms.length > 0 && atom.factory === null ? all : m.domain.join(all, missing())
  }
  const cell = atom.known.get(slot)
  const value = cell === undefined ? m.domain.unbound : m.store.read(cell)
  const found = m.domain.withoutUnbound(value)
  const hit = m.domain.join(found, rest)
  if (value.atoms.some((a) => a.kind === 'unbound') && (atom.factory !== null || hit.atoms.length === 0)) {
    const made = missing()
    if (atom.factory !== null) store(m, atom, slot, made)
    return m.domain.join(hit, made)
  }
  return hit
}

/** What `get`, `pop` and `setdefault` give: the fallback as well unless the key is certainly there. */
export function getOr(m: Machine, atom: ContainerAtom, key: Value, fallback: Value): Value {
  const found = getKey(m, { ...atom, factory: null }, key, () => fallback)
  if (isCertainKey(m, atom, key)) return found
  return m.domain.join(
    m.domain.join(found, fallback),
    mayHaveBeenFilled(m, atom) ? m.domain.unknown('element') : fallback,
  )
}

export function isCertainKey(m: Machine, atom: ContainerAtom, key: Value): boolean {
  const slot = slotKey(key)
  const cell = slot === null ? undefined : atom.known.get(slot)
  return cell !== undefined && m.store.read(cell).atoms.every((a) => a.kind !== 'unbound')
}

/** Negative positions count from the end when the length is known. */
function normalise(m: Machine, atom: ContainerAtom, slot: string | null): string | null {
  if (slot === null || !slot.startsWith('int:-') || isMapping(atom)) return slot
  const length = knownLength(m, atom)
  return length === null ? null : `int:${length + Number(slot.slice(4))}`
}

/** `list.append`, `set.add`: one more element at the end. */
export function append(m: Machine, atom: ContainerAtom, value: Value): void {
  const length = knownLength(m, atom)
  if (length === null || length >= MAX_KNOWN || atom.multiple) {
    m.store.weaken(atom.rest, value)
    m.store.write(atom.length, m.domain.typed('int'))
    return
  }
  store(m, atom, `int:${length}`, value)
  m.store.write(atom.length, m.domain.constant('int', length + 1))
}

export function clear(m: Machine, atom: ContainerAtom): void {
  if (atom.multiple) return loosen(m, atom)
  for (const cell of atom.known.values()) if (cell.value !== m.domain.unbound) m.store.write(cell, m.domain.unbound)
  m.store.write(atom.rest, m.domain.bottom)
  m.store.write(atom.length, m.domain.constant('int', 0))
}

/** Some of what it holds went: nothing of it is certainly there any more. */
function loosen(m: Machine, atom: ContainerAtom): void {
  for (const cell of atom.known.values()) if (cell.value !== m.domain.unbound) m.store.weaken(cell, m.domain.unbound)
  m.store.write(atom.length, m.domain.typed('int'))
}

export function removeKey(m: Machine, atom: ContainerAtom, key: Value): void {
  const slot = normalise(m, atom, slotKey(key))
  const cell = slot === null ? undefined : atom.known.get(slot)
  if (atom.multiple || slot === null) loosen(m, atom)
  if (atom.multiple) return
  if (cell !== undefined && atom.type !== 'list') m.store.write(cell, m.domain.unbound)
  else if (atom.type === 'list') {
    const { any, list } = elements(m, atom)
    clear(m, atom)
    if (list !== null && slot?.startsWith('int:') === true) {
      for (const item of list.toSpliced(Number(slot.slice(4)), 1)) append(m, atom, item)
      return
    }
    m.store.weaken(atom.rest, any)
    m.store.write(atom.length, m.domain.typed('int'))
  }
}

/** Moves an entry to the end of a dictionary, or to its front; false where the key is not known. */
export function moveKey(atom: ContainerAtom, key: Value, last: boolean): boolean {
  const slot = slotKey(key)
  const cell = slot === null ? undefined : atom.known.get(slot)
  if (slot === null || cell === undefined || atom.multiple) return false
  const others = [...atom.known].filter(([other]) => other !== slot)
  atom.known.clear()
  for (const [other, value] of last ? [...others, [slot, cell] as const] : [[slot, cell] as const, ...others])
    atom.known.set(other, value)
  return true
}

/** A copy with the elements of both (`a + b`, `[*a, *b]`). */
export function concatenate(frame: Frame, left: ContainerAtom, right: Value, site: CallSite): Value | null {
  const m = frame.machine
  const spread = m.ops.spread(frame, right, site)
  const first = elements(m, left)
  const atom = newContainer(frame, left.type, site.site)
  if (first.list !== null && spread.elements !== null) fill(m, atom, [...first.list, ...spread.elements], null)
  else fill(m, atom, [], m.domain.join(first.any, spread.any))
  return m.domain.of(atom)
}
