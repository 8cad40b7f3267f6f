// Builtin containers and strings: constructors consume, methods store and hand out what was stored.
import { fork } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import { append, clear, elements, isMapping, newContainer, setKey } from '../domain/containers.ts'
import { keepBound } from '../domain/deques.ts'
import { copied, mergeInto } from '../domain/copies.ts'
import { compare } from '../language/operators.ts'
import { search } from '../language/containment.ts'
import { only, type ContainerAtom, type Value } from '../domain/values.ts'
import { argument, consuming, invoke, isNone, type Native, type NativeCall, type Natives } from './native.ts'
import type { Frame, Machine } from '../machine/machine.ts'

const containersOf = (call: NativeCall): ContainerAtom[] =>
  (call.self?.atoms ?? []).filter((a): a is ContainerAtom => a.kind === 'container')

const building =
  (type: string): Native =>
  (frame, call) => {
    const m = frame.machine
    const source = argument(frame, call, 0)
    const atom = newContainer(frame, type, call.site.site)
    if (source.atoms.length > 0) m.ops.extend(frame, atom, source, implied(call.site, 'iterate'))
    if (type === 'set') m.ops.hash(frame, elements(m, atom).any, call.site)
    if (type === 'tuple') {
      const { list } = elements(m, atom)
      if (list !== null) return m.ops.newList(frame, call.site.site, list, 'tuple')
    }
    return m.domain.of(atom)
  }

const dict =
  (type: string, factory: boolean): Native =>
  (frame, call) => {
    const m = frame.machine
    const atom = newContainer(
      frame,
      type,
      { p: call.site.site.p, e: call.site.site.e + (factory ? argument(frame, call, 0).id : 0) },
      factory ? argument(frame, call, 0) : null,
    )
    const source = argument(frame, call, factory ? 1 : 0)
    if (source.atoms.length > 0) update(frame, atom, source, call)
    for (const [key, value] of call.args.kw) setKey(m, atom, m.domain.constant('str', key), value)
    if (call.args.restKw !== null) m.store.weaken(atom.rest, call.args.restKw)
    return m.domain.of(atom)
  }

/** Puts the entries of a mapping, or of an iterable of pairs, into a dictionary. */
export function update(frame: Frame, atom: ContainerAtom, source: Value, call: NativeCall): void {
  const m = frame.machine
  const single = only(source)
  if (single?.kind === 'container' && isMapping(single)) {
    mergeInto(m, atom, single)
    return
  }
  if (single?.kind === 'native') {
    for (const [name, value] of m.ops.entries(frame, source).known)
      setKey(m, atom, m.domain.constant('str', name), value)
    return
  }
  m.ops.iterate(frame, source, implied(call.site, 'iterate'), (pair) => {
    const { elements: parts, any } = m.ops.spread(frame, pair, call.site)
    setKey(m, atom, parts?.[0] ?? any, parts?.[1] ?? any)
    return true
  })
}

/** How often each element comes; what was not counted came 0 times. */
const counter: Native = (frame, call) => {
  const m = frame.machine
  const none = m.domain.special('nullary', [m.domain.constant('int', 0)])
  const atom = newContainer(frame, 'defaultdict', call.site.site, none)
  const source = argument(frame, call, 0)
  const single = only(source)
  if (single?.kind === 'container' && isMapping(single)) update(frame, atom, source, call)
  else if (source.atoms.length > 0)
    m.ops.iterate(frame, source, implied(call.site, 'iterate'), (key) => {
      m.ops.hash(frame, key, call.site)
      setKey(m, atom, key, m.domain.typed('int'))
      return true
    })
  for (const [key, value] of call.args.kw) setKey(m, atom, m.domain.constant('str', key), value)
  return m.domain.of(atom)
}

/** A method of a container, for each that its owner may be: it runs on one of them only, so what it does to each happens on some paths. */
export const each =
  (run: (frame: Frame, atom: ContainerAtom, call: NativeCall) => Value | undefined): Native =>
  (frame, call) => {
    const m = frame.machine
    let out = m.domain.bottom
    const atoms = containersOf(call)
    if (atoms.length === 0) return m.domain.unknown('container')
    const alternatives = atoms.map((atom) => () => {
      out = m.domain.join(out, run(frame, atom, call) ?? m.domain.none)
      return true
    })
    fork(frame, alternatives, atoms.length > 1)
    return out.atoms.length > 0 ? out : m.domain.unknown('container')
  }

const adding = each((frame, atom, call) => {
  const m = frame.machine
  const value = argument(frame, call, 0)
  if (atom.type === 'set') m.ops.hash(frame, value, call.site)
  append(m, atom, value)
  keepBound(m, atom, 'front')
  return m.domain.none
})
/** `insert(position, x)`, `appendleft(x)`: later elements move. */
const inserting = each((frame, atom, call) => {
  const m = frame.machine
  const front = call.name.endsWith('appendleft')
  const value = argument(frame, call, front ? 0 : 1)
  const position = front ? m.domain.constant('int', 0).atoms[0] : only(argument(frame, call, 0))
  const { list } = elements(m, atom)
  if (list === null || atom.multiple || position?.kind !== 'const' || typeof position.value !== 'number') {
    append(m, atom, value)
    if (list !== null) m.store.weaken(atom.rest, m.domain.join(value, elements(m, atom).any))
    return m.domain.none
  }
  clear(m, atom)
  for (const item of list.toSpliced(position.value, 0, value)) append(m, atom, item)
  keepBound(m, atom, 'end')
  return m.domain.none
})
const extending = each((frame, atom, call) => {
  for (const value of call.args.pos) frame.machine.ops.extend(frame, atom, value, implied(call.site, 'iterate'))
  return frame.machine.domain.none
})
/** Any of the elements may be gone. */
export function opened(m: Machine, atom: ContainerAtom): void {
  const { any } = elements(m, atom)
  clear(m, atom)
  m.store.weaken(atom.rest, any)
  m.store.write(atom.length, m.domain.typed('int'))
}

/** `index`, `count` and `remove` compare the elements; the first one that is certainly equal is known. */
const finding = (name: 'index' | 'count' | 'remove'): Native =>
  each((frame, atom, call) => {
    const m = frame.machine
    const needle = argument(frame, call, 0)
    const { list, any } = elements(m, atom)
    if (name === 'count') {
      for (const x of list ?? [any])
        if (x.atoms.length > 0) compare(frame, { op: '==', left: x, right: needle }, implied(call.site, 'operator'))
      return m.domain.typed('int')
    }
    const position = search(frame, atom, needle, implied(call.site, 'operator'))
    frame.summary.canRaise = true
    if (name === 'index') return position === null ? m.domain.typed('int') : m.domain.constant('int', position)
    if (atom.multiple || list === null) return m.domain.none
    clear(m, atom)
    if (position !== null) for (const item of list.toSpliced(position, 1)) append(m, atom, item)
    else {
      m.store.weaken(atom.rest, any)
      m.store.write(atom.length, m.domain.typed('int'))
    }
    return m.domain.none
  })

const view =
  (kind: string): Native =>
  (frame, call) =>
    frame.machine.domain.joinAll(
      (call.self?.atoms ?? []).map((a) => frame.machine.domain.special(kind, [frame.machine.domain.of(a)])),
    )

/** Each element is compared with the one before it. */
export function ordering(frame: Frame, op: '<' | '>', call: NativeCall): (x: Value) => void {
  let before: Value | null = null
  return (x) => {
    if (before !== null) compare(frame, { op, left: x, right: before }, implied(call.site, 'operator'))
    before = x
  }
}

const sort = each((frame, atom, call) => {
  const m = frame.machine
  const key = call.args.kw.get('key')
  const { list, any } = elements(m, atom)
  const order = ordering(frame, '<', call)
  const keys: Value[] = []
  m.ops.iterate(frame, m.domain.of(atom), call.site, (x) => {
    const value = key === undefined || isNone(key) ? x : invoke(frame, key, [x], call)
    keys.push(value)
    order(value)
    return true
  })
  const arranged = list === null || atom.multiple ? null : inOrder(list, keys, call)
  if (arranged !== null) {
    clear(m, atom)
    for (const item of arranged) append(m, atom, item)
  } else if (list !== null && list.length > 1) {
    clear(m, atom)
    m.store.weaken(atom.rest, any)
    m.store.write(atom.length, m.domain.typed('int'))
  }
  return m.domain.none
})

/** The elements in the order of their keys, where all of them are constants of one type. */
export function inOrder(list: readonly Value[], keys: readonly Value[], call: NativeCall): readonly Value[] | null {
  const reverse = call.args.kw.get('reverse')
  const constants = keys.map((key) => only(key))
  const [first] = constants
  if (
    list.length !== keys.length ||
    first?.kind !== 'const' ||
    (reverse !== undefined && only(reverse)?.kind !== 'const')
  )
    return list.length === 0 ? list : null
  const pairs: { readonly key: number | string; readonly item: Value }[] = []
  for (const [index, atom] of constants.entries()) {
    const item = list[index]
    if (item === undefined || atom?.kind !== 'const' || atom.type !== first.type) return null
    if (typeof atom.value !== 'number' && typeof atom.value !== 'string') return null
    pairs.push({ key: atom.value, item })
  }
  const down = reverse !== undefined && isTrue(reverse)
  pairs.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key === down ? 1 : -1))
  return pairs.map(({ item }) => item)
}

export function isTrue(value: Value): boolean {
  const atom = only(value)
  return atom?.kind === 'const' && atom.value !== false && atom.value !== 0 && atom.value !== null
}

/** `clear()`: what only the container held goes. */
const emptying = each((frame, atom, call) => {
  const m = frame.machine
  const held = m.finalisers ? [...atom.known.values()].map((cell) => m.store.read(cell)) : []
  clear(m, atom)
  for (const value of held) m.ops.finalise(frame, value, implied(call.site, 'operator'))
  return m.domain.none
})

export const COLLECTIONS: Natives = {
  list: building('list'),
  tuple: building('tuple'),
  set: building('set'),
  frozenset: building('set'),
  // nothing ends while it is in use: the weak collections are collections
  'weakref.WeakSet': building('set'),
  'weakref.WeakKeyDictionary': dict('dict', false),
  'weakref.WeakValueDictionary': dict('dict', false),
  bytearray: consuming('bytes', 0),
  dict: dict('dict', false),
  'collections.OrderedDict': dict('dict', false),
  'collections.defaultdict': dict('defaultdict', true),
  'collections.Counter': counter,
  'dict.fromkeys': (frame, call) => {
    const m = frame.machine
    const atom = newContainer(frame, 'dict', call.site.site)
    m.ops.iterate(frame, argument(frame, call, 0), implied(call.site, 'iterate'), (key) => {
      m.ops.hash(frame, key, call.site)
      setKey(m, atom, key, call.args.pos[1] ?? m.domain.none)
      return true
    })
    return m.domain.of(atom)
  },
  'list.append': adding,
  'list.insert': inserting,
  'list.appendleft': inserting,
  'set.add': adding,
  'list.extend': extending,
  'set.update': extending,
  'list.sort': sort,
  'list.remove': finding('remove'),
  'list.index': finding('index'),
  'list.count': finding('count'),
  'list.reverse': each((frame, atom) => {
    const m = frame.machine
    const { list } = elements(m, atom)
    if (list !== null && !atom.multiple) {
      clear(m, atom)
      for (const item of list.toReversed()) append(m, atom, item)
    }
    return m.domain.none
  }),
  'list.clear': emptying,
  'set.clear': emptying,
  'dict.clear': emptying,
  'list.copy': each((frame, atom, call) => frame.machine.domain.of(copied(frame, atom, call.site))),
  'dict.copy': each((frame, atom, call) => frame.machine.domain.of(copied(frame, atom, call.site))),
  'set.copy': each((frame, atom, call) => frame.machine.domain.of(copied(frame, atom, call.site))),
  'dict.items': view('items'),
  'dict.values': view('values'),
  'dict.keys': view('keys'),
  'dict.update': each((frame, atom, call) => {
    const m = frame.machine
    const source = argument(frame, call, 0)
    if (source.atoms.length > 0) update(frame, atom, source, call)
    for (const [key, value] of call.args.kw) setKey(m, atom, m.domain.constant('str', key), value)
    return m.domain.none
  }),
}
