// Implicit protocol calls: truth, containment, indexing, formatting, hashing, deletion. In-tree classes run their methods, library values their rows.
import { classMember } from '../objects/members.ts'
import { keyed } from './containment.ts'
import {
  append,
  dictValues,
  elements,
  getKey,
  isMapping,
  knownLength,
  removeKey,
  setKey,
  slotKey,
} from '../domain/containers.ts'
import { assignSlice, isSlice, pour, sliceBounds, sliced } from '../domain/copies.ts'
import { askMethod, forEachAsked, joinEach } from '../machine/alternatives.ts'
import { implied } from '../machine/sites.ts'
import { namespaceNames, rawMember } from '../objects/namespaces.ts'
import { mayHaveBeenFilled } from '../domain/disclosure.ts'
import { moduleOf } from './modules.ts'
import { forgetModule, placeModule } from './module-table.ts'
import { generatedFields } from '../objects/records.ts'
import { truthiness } from './narrowing.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import {
  only,
  positional,
  stringOf,
  type Atom,
  type ClassAtom,
  type ContainerAtom,
  type InstanceAtom,
  type Value,
} from '../domain/values.ts'
import { isSetting, setting } from './settings.ts'

/** What is asked for the truth of an object, in this order. */
const TRUTH = ['__bool__', '__len__']

/** Truth of a value; in-tree classes run `__bool__`, else `__len__`. */
export function truth(frame: Frame, value: Value, site: CallSite): { readonly t: boolean; readonly f: boolean } {
  let t = false
  let f = false
  forEachAsked(frame, value, TRUTH, (atom) => {
    const one = truthOf(frame, atom, site)
    if (frame.machine.stopped) return
    t = t || one !== false
    f = f || one !== true
  })
  return t || f ? { t, f } : { t: true, f: true }
}

function truthOf(frame: Frame, atom: Atom, site: CallSite): boolean | null {
  const m = frame.machine
  if (atom.kind === 'container') {
    const length = knownLength(m, atom)
    return length === null ? null : length > 0
  }
  if (atom.kind === 'special') return isSetting(atom) || atom.type === 'field' ? null : true
  if (atom.kind === 'instance') {
    if (atom.cls === null) {
      m.ops.evaluateExternal(frame, atom, ['__bool__', '__len__'], site)
      return atom.ext === m.options.contextType ? true : null
    }
    const asked = askedTruth(frame, atom, site)
    if (asked !== undefined) return asked
    return atom.cls.mro.some((b) => b.kind === 'external' || b.kind === 'unknown') ? null : true
  }
  // a class is true unless its metaclass says otherwise
  if (atom.kind === 'class') {
    const asked = askedTruth(frame, atom, site)
    return asked === undefined ? true : asked
  }
  return truthiness(atom)
}

/** What `__bool__`, else `__len__`, of the type of an object says: null when that is open, undefined when the type has neither. */
function askedTruth(frame: Frame, atom: InstanceAtom | ClassAtom, site: CallSite): boolean | null | undefined {
  const m = frame.machine
  for (const name of TRUTH) {
    const method = m.ops.typeMethod(frame, atom, name)
    if (method === null) continue
    const constant = only(m.ops.call(frame, method, positional(), implied(site, 'operator')))
    return constant === null ? null : truthiness(constant)
  }
  return undefined
}

export function getItem(frame: Frame, object: Value, key: Value, site: CallSite): Value {
  return joinEach(frame, object, (atom) => itemOf(frame, atom, key, site))
}

function itemOf(frame: Frame, atom: Atom, key: Value, site: CallSite): Value {
  const m = frame.machine
  const method = m.ops.typeMethod(frame, atom, '__getitem__')
  if (method !== null) return m.ops.call(frame, method, positional(key), implied(site, 'operator'))
  switch (atom.kind) {
    case 'container':
      return containerItem(frame, atom, key, site)
    case 'class':
      return classItem(frame, atom, key, site)
    case 'native':
      if (atom.name.endsWith('.__dict__')) return m.ops.namespaceItem(atom, key)
      return m.domain.of(atom)
    case 'external':
      if (atom.path === 'sys.modules') return moduleOf(frame, stringOf(key)) ?? m.domain.unknown('dynamic-import', true)
      if (atom.path === 'os.environ') return setting(m, m.domain.bottom)
      return m.domain.external(`${atom.path}[]`, atom.resolution, atom.unresolved)
    case 'instance':
      return instanceItem(frame, atom, key, site)
    case 'special':
      return m.ops.specialItem(frame, atom, site)
    case 'const':
      keyed(frame, atom, key, site)
      return textItem(m, atom, key)
    case 'typed':
      return m.domain.typed(atom.type === 'str' ? 'str' : 'object')
    case 'generator':
      return m.domain.unknown('element')
    default:
      return m.domain.of(atom)
  }
}

/** An element or an entry; a missing key of a defaultdict runs its factory, of a plain dictionary it raises. */
function containerItem(frame: Frame, atom: ContainerAtom, key: Value, site: CallSite): Value {
  const m = frame.machine
  keyed(frame, atom, key, site)
  const slice = only(key)
  if (isSlice(slice)) return sliced(frame, atom, key, site)
  frame.summary.canRaise = true
  const { factory } = atom
  const made = (): Value =>
    factory === null ? m.domain.bottom : m.ops.call(frame, factory, positional(), implied(site, 'invoke'))
  const value = getKey(m, atom, key, made)
  if (value.atoms.length > 0) return value
  const isMissing = isMapping(atom) && slotKey(key) !== null && !atom.multiple && !mayHaveBeenFilled(m, atom)
  if (!isMissing) return m.domain.unknown('element')
  m.ops.raise(frame, m.domain.native('KeyError'))
  return value
}

/** `Colour["RED"]`, `Box[int]`: what the class says of it, or its library base; the class itself where nobody does. */
function classItem(frame: Frame, atom: ClassAtom, key: Value, site: CallSite): Value {
  const m = frame.machine
  if (atom.traits.has('enum')) return enumItem(frame, atom, key, site)
  const getter = classMember(m, atom, '__class_getitem__')
  if (getter !== null) return m.ops.call(frame, getter, positional(m.domain.of(atom), key), implied(site, 'operator'))
  for (const base of atom.mro) {
    if (base.kind !== 'external') continue
    // peewee's `User[1]` queries; `List[int]` of typing is the class
    const read = { type: base.path, self: atom, name: '__class_getitem__' }
    const item = m.ops.externalMember(frame, read, implied(site))
    if (item !== null) return item
  }
  return m.domain.of(atom)
}

/** `Colour["RED"]`: the member of that name; any member where the name is not known. */
function enumItem(frame: Frame, cls: ClassAtom, key: Value, site: CallSite): Value {
  const name = stringOf(key)
  if (name === null) return frame.machine.ops.spread(frame, frame.machine.domain.of(cls), site).any
  return frame.machine.ops.getAttribute(frame, frame.machine.domain.of(cls), name, implied(site, 'property'))
}

/** A character or a slice of a text. */
function textItem(m: Machine, atom: Extract<Atom, { kind: 'const' }>, key: Value): Value {
  if (atom.type !== 'str') return m.domain.typed('object')
  const letters = Array.from(String(atom.value))
  const bounds = sliceBounds(key)
  if (bounds !== null) return m.domain.constant('str', letters.slice(bounds.from, bounds.to).join(''))
  const position = only(key)
  const letter =
    position?.kind === 'const' && typeof position.value === 'number' ? letters.at(position.value) : undefined
  return letter === undefined ? m.domain.typed('str') : m.domain.constant('str', letter)
}

/** Items of library objects and of subclasses of dict: what was stored, otherwise `__missing__`. */
function instanceItem(frame: Frame, atom: InstanceAtom, key: Value, site: CallSite): Value {
  const m = frame.machine
  m.ops.hash(frame, key, site)
  const absent = m.ops.typeMethod(frame, atom, '__missing__')
  if (absent === null || atom.slots.has(`item:${key.id}`)) return m.ops.externalItem(frame, atom, key, site)
  let made = m.domain.bottom
  m.ops.maybe(frame, () => {
    made = m.ops.call(frame, absent, positional(key), implied(site, 'operator'))
  })
  return m.domain.join(made, m.ops.externalItem(frame, atom, key, site))
}

/** `object[key] = value` */
export interface ItemWrite {
  readonly object: Value
  readonly key: Value
  readonly value: Value
}

export function setItem(frame: Frame, { object, key, value }: ItemWrite, site: CallSite): void {
  const m = frame.machine
  forEachAsked(frame, object, ['__setitem__'], (atom) => {
    const method = m.ops.typeMethod(frame, atom, '__setitem__')
    if (method !== null) m.ops.call(frame, method, positional(key, value), implied(site, 'operator'))
    else if (atom.kind === 'container') {
      keyed(frame, atom, key, site)
      const slice = only(key)
      if (isSlice(slice)) assignSlice(frame, atom, { key, value }, site)
      else if (object.atoms.length > 1) m.store.weaken(atom.rest, value)
      else setKey(m, atom, key, value)
    } else if (atom.kind === 'native' && atom.name.endsWith('.__dict__')) m.ops.setNamespaceItem(atom, key, value)
    else if (atom.kind === 'external' && atom.path === 'builtins.__dict__')
      m.ops.setAttribute(frame, { object: m.domain.external('builtins'), name: stringOf(key) ?? '', value }, site)
    else if (atom.kind === 'external' && atom.path === 'sys.modules') placeModule(m, stringOf(key) ?? '', value)
    else if (atom.kind === 'instance') m.ops.setExternalItem(atom, key, value)
  })
}

export function deleteItem(frame: Frame, object: Value, key: Value, site: CallSite): void {
  const m = frame.machine
  forEachAsked(frame, object, ['__delitem__'], (atom) => {
    const method = m.ops.typeMethod(frame, atom, '__delitem__')
    if (method !== null) m.ops.call(frame, method, positional(key), implied(site, 'operator'))
    else if (atom.kind === 'container') {
      keyed(frame, atom, key, site)
      removeKey(m, atom, key)
    } else if (atom.kind === 'external' && atom.path === 'sys.modules') forgetModule(m, stringOf(key) ?? '')
  })
}

/** Formatting a value: `__format__`, `__str__` or `__repr__` of in-tree classes; a lazy library value may execute. */
export function format(frame: Frame, value: Value, conversion: string, site: CallSite): void {
  const order =
    conversion === 'r' || conversion === 'a'
      ? ['__repr__']
      : conversion === 's'
        ? ['__str__', '__repr__']
        : ['__format__', '__str__', '__repr__']
  forEachAsked(frame, value, order, (atom) => {
    formatOne(frame, atom, order, site)
  })
}

function formatOne(frame: Frame, atom: Atom, order: readonly string[], site: CallSite): void {
  const m = frame.machine
  if (atom.kind === 'container') {
    for (const part of elements(m, atom).list ?? []) format(frame, part, 'r', site)
    if (atom.type === 'dict') for (const [, part] of dictValues(m, atom).list ?? []) format(frame, part, 'r', site)
    return
  }
  if (atom.kind !== 'instance' && atom.kind !== 'class') return
  if (atom.kind === 'instance' && atom.cls === null) return m.ops.evaluateExternal(frame, atom, order, site)
  const name = order.find((one) => m.ops.typeMethod(frame, atom, one) !== null)
  const method = name === undefined ? null : m.ops.typeMethod(frame, atom, name)
  if (method !== null) {
    const args = name === '__format__' ? positional(m.domain.typed('str')) : positional()
    m.ops.call(frame, method, args, implied(site, 'operator'))
    return
  }
  const fields = atom.kind === 'class' ? null : generatedFields(m, atom, '__repr__')
  for (const part of fields ?? []) format(frame, part, 'r', site)
  // what a base from a library does
  if (atom.kind === 'instance') m.ops.evaluateExternal(frame, atom, order, site)
}

export function hash(frame: Frame, value: Value, site: CallSite): void {
  askMethod(frame, value, '__hash__', site)
}

/** `a += b` on a list, `list.extend`, `set.update`, `list(x)`: consumes the right side. */
export function extend(frame: Frame, atom: ContainerAtom, value: Value, site: CallSite): void {
  const m = frame.machine
  if (atom.type === 'dict') {
    return pour(frame, atom, value, site)
  }
  const { elements: list, any } = m.ops.spread(frame, value, implied(site, 'iterate'))
  if (list !== null) for (const item of list) append(m, atom, item)
  else {
    m.store.weaken(atom.rest, any)
    m.store.write(atom.length, m.domain.typed('int'))
  }
}

/** Entries of a mapping with string keys, for `**x` and `{**x}`. */
export function entries(
  frame: Frame,
  value: Value,
  site: CallSite | null,
): { readonly known: ReadonlyMap<string, Value>; readonly any: Value; readonly exact: boolean } {
  const m = frame.machine
  const known = new Map<string, Value>()
  const single = only(value)
  if (single?.kind === 'container' && single.type !== 'list') {
    const { list, any } = dictValues(m, single)
    for (const [key, item] of list ?? []) if (key.startsWith('str:')) known.set(key.slice(4), item)
    return { known, any, exact: list !== null }
  }
  if (single?.kind === 'native' && single.name.endsWith('.__dict__')) {
    const owner = only(single.self ?? m.domain.bottom)
    for (const name of owner === null ? [] : namespaceNames(m, owner)) {
      const member = owner === null ? null : rawMember(m, owner, name)
      if (member !== null) known.set(name, member)
    }
    return { known, any: m.domain.joinAll(known.values()), exact: true }
  }
  return { known, any: site === null ? m.domain.unknown('element') : asMapping(frame, value, site), exact: false }
}

/** `**object`: its `keys()`, then `object[key]` for each of them. */
function asMapping(frame: Frame, value: Value, site: CallSite): Value {
  const m = frame.machine
  let any = m.domain.unknown('element')
  for (const atom of value.atoms) {
    const keys = atom.kind === 'instance' ? m.ops.typeMethod(frame, atom, 'keys') : null
    if (keys === null) continue
    const names = m.ops.call(frame, keys, positional(), implied(site, 'iterate'))
    m.ops.iterate(frame, names, site, (key) => {
      any = m.domain.join(any, m.ops.getItem(frame, m.domain.of(atom), key, implied(site, 'operator')))
      return true
    })
  }
  return any
}
