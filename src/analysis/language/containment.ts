// `in`: what is asked, element by element or by key. A search ends at the first element that is certainly equal.
// Objects with an `__eq__` of their own are compared, everything else is told apart by what it is.
import { elements, isMapping, slotKey } from '../domain/containers.ts'
import { truthiness } from './narrowing.ts'
import { sameObject } from './identity.ts'
import { compare, type BinaryOperation } from './operators.ts'
import { onDefaults, withUsual } from './settings.ts'
import { askMethod, forEachAsked } from '../machine/alternatives.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { only, positional, stringOf, type ConstAtom, type ContainerAtom, type Value } from '../domain/values.ts'

export function contains(frame: Frame, test: BinaryOperation, site: CallSite): Value {
  const m = frame.machine
  const { op, left: needle, right: haystack } = test
  const negated = op === 'not in'
  let outcome: boolean | null | undefined
  forEachAsked(frame, haystack, ['__contains__', '__iter__'], (atom) => {
    const method = m.ops.typeMethod(frame, atom, '__contains__')
    let one: boolean | null = null
    if (method !== null) {
      const result = only(m.ops.call(frame, method, positional(needle), implied(site, 'operator')))
      one = result === null ? null : truthiness(result)
    } else if (atom.kind === 'instance' && atom.cls === null)
      m.ops.evaluateExternal(frame, atom, ['__contains__', '__iter__'], site)
    else if (atom.kind === 'instance' || atom.kind === 'generator')
      m.ops.iterate(
        frame,
        m.domain.of(atom),
        implied(site, 'iterate'),
        (x) => !surely(frame, compare(frame, { op: '==', left: x, right: needle }, site), site),
      )
    else if (atom.kind === 'container') one = inContainer(frame, atom, needle, site)
    else if (atom.kind === 'const' && typeof atom.value === 'string') {
      const text = stringOf(needle)
      one = text === null ? null : atom.value.includes(text)
    }
    if (!m.stopped) outcome = outcome === undefined || outcome === one ? one : null
  })
  if (outcome === null || outcome === undefined) {
    const unset = haystack.atoms.some((a) => a.kind === 'external' && a.path === 'os.environ')
    const usual = unset
      ? negated
        ? m.domain.true
        : m.domain.false
      : onDefaults([needle, haystack], ([left = needle, right = haystack]) =>
          contains(frame, { op, left, right }, site),
        )
    return withUsual(m, m.domain.typed('bool'), usual)
  }
  return outcome !== negated ? m.domain.true : m.domain.false
}

/** A key of a dictionary is hashed, a position in a sequence is asked for its `__index__`. */
export function keyed(frame: Frame, atom: ContainerAtom | ConstAtom, key: Value, site: CallSite): void {
  const m = frame.machine
  if ((atom.kind === 'container' && isMapping(atom)) || atom.type === 'set') return m.ops.hash(frame, key, site)
  const slice = only(key)
  const bounds = slice?.kind === 'special' && slice.type === 'slice' ? slice.parts : [key]
  for (const bound of bounds) askMethod(frame, bound, '__index__', site)
}

function inContainer(frame: Frame, atom: ContainerAtom, needle: Value, site: CallSite): boolean | null {
  const m = frame.machine
  if (atom.type !== 'list' && atom.type !== 'tuple') keyed(frame, atom, needle, site)
  const slot = slotKey(needle)
  const sequence = atom.type === 'list' || atom.type === 'tuple'
  if (slot === null || (sequence && compares(frame, atom)))
    return search(frame, atom, needle, site) === null ? null : true
  if (isMapping(atom)) {
    const cell = atom.known.get(slot)
    const value = cell === undefined ? m.domain.unbound : m.store.read(cell)
    if (value !== m.domain.unbound) return value.atoms.some((a) => a.kind === 'unbound') ? null : true
    return m.store.read(atom.rest).atoms.length > 0 ? null : false
  }
  const { list } = elements(m, atom)
  if (list === null) return null
  const keys = new Set(list.map((v) => slotKey(v)))
  if (keys.has(slot)) return true
  return keys.has(null) ? null : false
}

/** The first element that is certainly equal ends a search. */
function surely(frame: Frame, equal: Value, site: CallSite): boolean {
  const { t, f } = frame.machine.ops.truth(frame, equal, site)
  return t && !f
}

/** Whether an element has an `__eq__` of its own. */
function compares(frame: Frame, atom: ContainerAtom): boolean {
  return elements(frame.machine, atom).any.atoms.some(
    (a) => a.kind === 'instance' && frame.machine.ops.typeMethod(frame, a, '__eq__') !== null,
  )
}

/** Compares the elements one by one until one is certainly equal; its position, or null when that is open. */
export function search(frame: Frame, atom: ContainerAtom, needle: Value, site: CallSite): number | null {
  const { list, any } = elements(frame.machine, atom)
  if (list === null) {
    if (any.atoms.length > 0) compare(frame, { op: '==', left: any, right: needle }, site)
    return null
  }
  let open = false
  for (const [index, x] of list.entries()) {
    // the same object is found without asking `__eq__`
    if (sameObject(x, needle) === true) return open ? null : index
    const { t, f } = frame.machine.ops.truth(frame, compare(frame, { op: '==', left: x, right: needle }, site), site)
    if (t && !f) return open ? null : index
    open = open || t
  }
  return null
}
