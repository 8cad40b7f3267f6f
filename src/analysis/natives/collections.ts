// Builtin containers and strings: constructors consume, methods store and hand out what was stored.
import { append, clear, dictValues, elements, getKey, newContainer, removeKey, setKey } from '../containers.ts'
import { compare } from '../operators.ts'
import { only, type ContainerAtom, type Value } from '../values.ts'
import { argument, consuming, invoke, isNone, typed, type Native, type NativeCall, type Natives } from './native.ts'
import type { Frame, Machine } from '../machine.ts'

const containersOf = (call: NativeCall): ContainerAtom[] =>
  (call.self?.atoms ?? []).filter((a): a is ContainerAtom => a.kind === 'container')

const building =
  (type: string): Native =>
  (m, frame, call) => {
    const source = argument(m, call, 0)
    const atom = newContainer(m, frame, type, { p: call.site.site.p, e: call.site.site.e })
    if (source.atoms.length > 0) m.ops.extend(frame, atom, source, { ...call.site, step: 'iterate' })
    if (type === 'set') m.ops.hash(frame, elements(m, atom).any, call.site)
    if (type === 'tuple') {
      const { list } = elements(m, atom)
      if (list !== null)
        return m.ops.newList(frame, { p: call.site.site.p, e: call.site.site.e }, list, m.domain.bottom, 'tuple')
    }
    return m.domain.of(atom)
  }

const dict =
  (type: string, factory: boolean): Native =>
  (m, frame, call) => {
    const atom = newContainer(
      m,
      frame,
      type,
      { p: call.site.site.p, e: call.site.site.e + (factory ? argument(m, call, 0).id : 0) },
      factory ? argument(m, call, 0) : null,
    )
    const source = argument(m, call, factory ? 1 : 0)
    if (source.atoms.length > 0) update(m, frame, atom, source, call)
    for (const [key, value] of call.args.kw) setKey(m, atom, m.domain.constant('str', key), value)
    if (call.args.restKw !== null) m.store.weaken(atom.rest, call.args.restKw)
    return m.domain.of(atom)
  }

function update(m: Machine, frame: Frame, atom: ContainerAtom, source: Value, call: NativeCall): void {
  const single = only(source)
  if (single?.kind === 'container' && (single.type === 'dict' || single.type === 'defaultdict')) {
    const entries = m.ops.entries(frame, source)
    for (const [key, cell] of single.known) {
      const value = m.domain.filter(m.store.read(cell), (a) => a.kind !== 'unbound')
      if (value.atoms.length > 0 && !key.startsWith('@')) setKey(m, atom, m.ops.keyValue(key), value)
    }
    if (!entries.exact) m.store.weaken(atom.rest, entries.any)
    return
  }
  m.ops.iterate(frame, source, { ...call.site, step: 'iterate' }, (pair) => {
    const { elements: parts, any } = m.ops.spread(frame, pair, call.site)
    setKey(m, atom, parts?.[0] ?? any, parts?.[1] ?? any)
    return true
  })
}

const each =
  (run: (m: Machine, frame: Frame, atom: ContainerAtom, call: NativeCall) => Value | undefined): Native =>
  (m, frame, call) => {
    let out = m.domain.bottom
    for (const atom of containersOf(call)) out = m.domain.join(out, run(m, frame, atom, call) ?? m.domain.none)
    return out.atoms.length > 0 ? out : m.domain.unknown('container')
  }

const adding = each((m, frame, atom, call) => {
  const value = argument(m, call, 0)
  if (atom.type === 'set') m.ops.hash(frame, value, call.site)
  append(m, atom, value)
  return m.domain.none
})
/** `insert(position, x)`, `appendleft(x)`: later elements move. */
const inserting = each((m, _frame, atom, call) => {
  const front = call.name.endsWith('appendleft')
  const value = argument(m, call, front ? 0 : 1)
  const position = front ? m.domain.constant('int', 0).atoms[0] : only(argument(m, call, 0))
  const { list } = elements(m, atom)
  if (list === null || atom.multiple || position?.kind !== 'const' || typeof position.value !== 'number') {
    append(m, atom, value)
    if (list !== null) m.store.weaken(atom.rest, m.domain.join(value, elements(m, atom).any))
    return m.domain.none
  }
  clear(m, atom)
  for (const item of list.toSpliced(position.value, 0, value)) append(m, atom, item)
  return m.domain.none
})
const extending = each((m, frame, atom, call) => {
  for (const value of call.args.pos) m.ops.extend(frame, atom, value, { ...call.site, step: 'iterate' })
  return m.domain.none
})
const combining = each((m, frame, atom, call) => {
  for (const value of call.args.pos)
    m.ops.iterate(frame, value, { ...call.site, step: 'iterate' }, (x) => (m.store.weaken(atom.rest, x), true))
  return m.domain.of(atom)
})

const get = each((m, frame, atom, call) => {
  m.ops.hash(frame, argument(m, call, 0), call.site)
  const fallback = call.args.pos[1] ?? call.args.kw.get('default') ?? m.domain.none
  return getKey(m, { ...atom, factory: null }, argument(m, call, 0), () => fallback)
})

const setdefault = each((m, frame, atom, call) => {
  const key = argument(m, call, 0)
  m.ops.hash(frame, key, call.site)
  const fallback = call.args.pos[1] ?? m.domain.none
  const value = getKey(m, atom, key, () => fallback)
  if (value === fallback) setKey(m, atom, key, fallback)
  return value
})

const pop = each((m, _frame, atom, call) => {
  if (atom.type !== 'dict' && atom.type !== 'defaultdict') {
    const { list, any } = elements(m, atom)
    const last = list?.at(-1)
    const first = only(argument(m, call, 0))
    if (
      list === null ||
      list.length === 0 ||
      (first !== null && !(first.kind === 'const' && (first.value === -1 || first.value === 0)))
    )
      return any
    const value = first?.kind === 'const' && first.value === 0 ? (list[0] ?? any) : (last ?? any)
    const rest = first?.kind === 'const' && first.value === 0 ? list.slice(1) : list.slice(0, -1)
    if (atom.multiple) return any
    clear(m, atom)
    for (const item of rest) append(m, atom, item)
    return value
  }
  const key = argument(m, call, 0)
  const value = getKey(m, { ...atom, factory: null }, key, () => call.args.pos[1] ?? m.domain.bottom)
  removeKey(m, atom, key)
  return value.atoms.length > 0 ? value : m.domain.unknown('element')
})

const view =
  (kind: string): Native =>
  (m, _frame, call) =>
    m.domain.joinAll((call.self?.atoms ?? []).map((a) => m.domain.special(kind, [m.domain.of(a)])))

/** Each element is compared with the one before it. */
export function ordering(m: Machine, frame: Frame, op: '<' | '>', call: NativeCall): (x: Value) => void {
  let before: Value | null = null
  return (x) => {
    if (before !== null) compare(m, frame, op, x, before, { ...call.site, step: 'operator' })
    before = x
  }
}

const sort = each((m, frame, atom, call) => {
  const key = call.args.kw.get('key')
  const { list, any } = elements(m, atom)
  const order = ordering(m, frame, '<', call)
  m.ops.iterate(frame, m.domain.of(atom), call.site, (x) => {
    order(key === undefined || isNone(key) ? x : invoke(m, frame, key, [x], call))
    return true
  })
  if (list !== null && list.length > 1) {
    clear(m, atom)
    m.store.weaken(atom.rest, any)
    m.store.write(atom.length, m.domain.typed('int'))
  }
  return m.domain.none
})

const join: Native = (m, frame, call) => {
  m.ops.iterate(frame, argument(m, call, 0), { ...call.site, step: 'iterate' }, () => true)
  return m.domain.typed('str')
}

const formatting: Native = (m, frame, call) => {
  for (const value of [...call.args.pos, ...call.args.kw.values()]) m.ops.format(frame, value, 'f', call.site)
  return m.domain.typed('str')
}

/** String methods whose result on a constant is certain. */
const folding =
  (compute: (s: string, ...args: string[]) => string | boolean | null): Native =>
  (m, _frame, call) => {
    const self = only(call.self ?? m.domain.bottom)
    const args = call.args.pos
      .map((v) => only(v))
      .map((a) => (a?.kind === 'const' && a.type === 'str' ? String(a.value) : null))
    const result =
      self?.kind === 'const' && self.type === 'str' && !args.includes(null)
        ? compute(String(self.value), ...args.map(String))
        : null
    if (typeof result === 'boolean') return result ? m.domain.true : m.domain.false
    return result === null ? m.domain.typed('str') : m.domain.constant('str', result)
  }
const testing =
  (compute: (s: string, arg: string) => boolean): Native =>
  (m, frame, call) => {
    const value = folding((s, arg) => (arg === undefined ? null : compute(s, arg)))(m, frame, call)
    return only(value)?.kind === 'typed' ? m.domain.typed('bool') : value
  }

export const COLLECTIONS: Natives = {
  list: building('list'),
  tuple: building('tuple'),
  set: building('set'),
  frozenset: building('set'),
  'collections.deque': building('list'),
  bytearray: consuming('bytes', 0),
  dict: dict('dict', false),
  'collections.OrderedDict': dict('dict', false),
  'collections.defaultdict': dict('defaultdict', true),
  'collections.Counter': consuming('dict', 0),
  'collections.ChainMap': typed('dict'),
  'dict.fromkeys': consuming('dict', 0),
  'list.append': adding,
  'list.insert': inserting,
  'list.appendleft': inserting,
  'set.add': adding,
  'list.extend': extending,
  'list.extendleft': extending,
  'set.update': extending,
  'set.union': combining,
  'set.intersection': combining,
  'set.difference': combining,
  'set.symmetric_difference': combining,
  'set.issubset': consuming('bool', 0),
  'set.issuperset': consuming('bool', 0),
  'list.pop': pop,
  'list.popleft': pop,
  'set.pop': pop,
  'dict.pop': pop,
  'list.sort': sort,
  'list.remove': typed('object'),
  'set.discard': typed('object'),
  'set.remove': typed('object'),
  'list.index': typed('int'),
  'list.count': typed('int'),
  'list.reverse': each((m, _frame, atom) => {
    const { list } = elements(m, atom)
    if (list !== null && !atom.multiple) {
      clear(m, atom)
      for (const item of list.toReversed()) append(m, atom, item)
    }
    return m.domain.none
  }),
  'list.clear': each((m, _frame, atom) => (clear(m, atom), m.domain.none)),
  'set.clear': each((m, _frame, atom) => (clear(m, atom), m.domain.none)),
  'dict.clear': each((m, _frame, atom) => {
    for (const cell of atom.known.values()) m.store.write(cell, m.domain.unbound)
    clear(m, atom)
    return m.domain.none
  }),
  'list.copy': each((m, _frame, atom) => m.domain.of(atom)),
  'dict.copy': each((m, _frame, atom) => m.domain.of(atom)),
  'set.copy': each((m, _frame, atom) => m.domain.of(atom)),
  'dict.get': get,
  'dict.setdefault': setdefault,
  'dict.items': view('items'),
  'dict.values': view('values'),
  'dict.keys': view('keys'),
  'dict.update': each((m, frame, atom, call) => {
    const source = argument(m, call, 0)
    if (source.atoms.length > 0) update(m, frame, atom, source, call)
    for (const [key, value] of call.args.kw) setKey(m, atom, m.domain.constant('str', key), value)
    return m.domain.none
  }),
  'dict.__getitem__': each((m, _frame, atom, call) => getKey(m, atom, argument(m, call, 0), () => m.domain.bottom)),
  'dict.popitem': each((m, _frame, atom) => dictValues(m, atom).any),
  'str.join': join,
  'bytes.join': join,
  'str.format': formatting,
  'str.format_map': typed('str'),
  'str.lower': folding((s) => s.toLowerCase()),
  'str.upper': folding((s) => s.toUpperCase()),
  'str.strip': folding((s, chars) => (chars === undefined ? s.trim() : null)),
  'str.startswith': testing((s, p) => s.startsWith(p)),
  'str.endswith': testing((s, p) => s.endsWith(p)),
  'str.replace': folding((s, a, b) => (a === undefined || b === undefined ? null : s.replaceAll(a, () => b))),
  'str.removeprefix': folding((s, p) => (p === undefined ? null : s.startsWith(p) ? s.slice(p.length) : s)),
  'str.removesuffix': folding((s, p) => (p === undefined ? null : s.endsWith(p) ? s.slice(0, s.length - p.length) : s)),
  'str.split': typed('list'),
  'str.splitlines': typed('list'),
  'str.encode': typed('bytes'),
  'bytes.decode': typed('str'),
  'str.isidentifier': typed('bool'),
  'str.isdigit': typed('bool'),
  'str.find': typed('int'),
  'str.count': typed('int'),
}
