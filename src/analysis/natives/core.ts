// Builtins about objects: attributes, types, truth, conversion, iteration. Their effects are the protocol methods they call.
import { plainAttribute } from '../attributes.ts'
import { iteratorOf } from '../generators.ts'
import { isInstanceOf } from '../narrowing.ts'
import { nextElement, startIteration } from '../iteration.ts'
import { construct } from '../construction.ts'
import { recordUnknown } from '../frames.ts'
import { only, positional, stringOf, type Value } from '../values.ts'
import { argument, consuming, invoke, typed, type Native, type Natives } from './native.ts'

/** str(), int(), bool(), len() … call the matching dunder of in-tree classes. */
const converting =
  (type: string, ...dunders: string[]): Native =>
  (m, frame, call) => {
    const value = argument(m, call, 0)
    const atom = only(value)
    if (type === 'str' && atom?.kind === 'const' && (atom.type === 'str' || atom.type === 'int'))
      return m.domain.constant('str', String(atom.value))
    if (type === 'int' && atom?.kind === 'const' && atom.type === 'int') return value
    if (type === 'bool' && value.atoms.length > 0) {
      const truth = m.ops.truth(frame, value, call.site)
      return truth.t && truth.f ? m.domain.typed('bool') : truth.t ? m.domain.true : m.domain.false
    }
    for (const x of value.atoms) {
      if (x.kind === 'instance' && x.cls === null) m.ops.evaluateExternal(frame, x, dunders, call.site)
      for (const dunder of dunders) {
        const method = m.ops.typeMethod(frame, x, dunder)
        if (method === null) continue
        m.ops.call(frame, method, positional(), { ...call.site, step: 'operator' }, null)
        break
      }
    }
    if ((type === 'int' || type === 'float') && (atom?.kind !== 'const' || atom.type === 'str'))
      frame.summary.canRaise = true
    return m.domain.typed(type)
  }

const getattr: Native = (m, frame, call) => {
  const object = argument(m, call, 0)
  const name = argument(m, call, 1)
  const fallback = call.args.pos[2] ?? null
  const names = name.atoms.map((a) => (a.kind === 'const' && a.type === 'str' ? String(a.value) : null))
  if (names.includes(null) || names.length === 0) {
    const carries = object.atoms.some(
      (a) => a.kind === 'class' || a.kind === 'module' || (a.kind === 'instance' && a.cls !== null),
    )
    if (carries) recordUnknown(frame, call.site.site, 'dynamic-getattr')
    return m.domain.unknown('dynamic-getattr', carries)
  }
  const found = m.domain.joinAll(
    names.map((n) => m.ops.getAttribute(frame, object, n ?? '', { ...call.site, step: 'property' }, call.expr)),
  )
  const missing = found.atoms.some(
    (a) => a.kind === 'unknown' && (a.reason === 'attribute' || a.reason === 'unresolved-import'),
  )
  if (!missing || fallback === null) return found
  return m.domain.join(
    m.domain.filter(
      found,
      (a) => !(a.kind === 'unknown' && (a.reason === 'attribute' || a.reason === 'unresolved-import')),
    ),
    fallback,
  )
}

const hasattr: Native = (m, frame, call) => {
  const name = stringOf(argument(m, call, 1))
  if (name === null) return m.domain.typed('bool')
  const value = m.ops.getAttribute(frame, argument(m, call, 0), name, { ...call.site, step: 'property' }, call.expr)
  const known = value.atoms.every(
    (a) => a.kind === 'function' || a.kind === 'bound' || a.kind === 'const' || a.kind === 'class',
  )
  const absent =
    value.atoms.every((a) => a.kind === 'unknown' && a.reason === 'attribute') &&
    argument(m, call, 0).atoms.every(
      (a) => a.kind === 'instance' && a.cls !== null && !a.multiple && a.cls.mro.every((b) => b.kind === 'class'),
    )
  return value.atoms.length === 0
    ? m.domain.false
    : known
      ? m.domain.true
      : absent
        ? m.domain.false
        : m.domain.typed('bool')
}

const setattr: Native = (m, frame, call) => {
  const name = stringOf(argument(m, call, 1))
  if (name !== null) m.ops.setAttribute(frame, argument(m, call, 0), name, argument(m, call, 2), call.site)
  return m.domain.none
}

const isinstance: Native = (m, _frame, call) => {
  const types = m.ops.flatten(argument(m, call, 1))
  const outcomes = new Set(argument(m, call, 0).atoms.map((atom) => isInstanceOf(m, atom, types)))
  if (outcomes.size !== 1) return m.domain.typed('bool')
  const [outcome] = outcomes
  return outcome === null || outcome === undefined ? m.domain.typed('bool') : outcome ? m.domain.true : m.domain.false
}

const issubclass: Native = (m, _frame, call) => {
  const cls = only(argument(m, call, 0))
  const types = m.ops.flatten(argument(m, call, 1))
  if (cls?.kind !== 'class' || types.some((t) => t.kind !== 'class')) return m.domain.typed('bool')
  return types.some((t) => cls.mro.includes(t)) ? m.domain.true : m.domain.false
}

const callable: Native = (m, frame, call) => {
  const outcomes = new Set(
    argument(m, call, 0).atoms.map((a) => {
      if (
        a.kind === 'function' ||
        a.kind === 'bound' ||
        a.kind === 'class' ||
        a.kind === 'native' ||
        a.kind === 'special'
      )
        return true
      if (a.kind === 'const' || a.kind === 'container' || a.kind === 'generator' || a.kind === 'module') return false
      return a.kind === 'instance' && a.cls !== null ? m.ops.typeMethod(frame, a, '__call__') !== null : null
    }),
  )
  const [outcome] = outcomes
  return outcomes.size !== 1 || outcome === null || outcome === undefined
    ? m.domain.typed('bool')
    : outcome
      ? m.domain.true
      : m.domain.false
}

const iter: Native = (m, frame, call) => {
  const value = argument(m, call, 0)
  if (call.args.pos.length > 1)
    return iteratorOf(m, frame, m.domain.special('sentinel', [value], [], call.site.site), call.site.site)
  const started = startIteration(m, frame, value, { ...call.site, step: 'iterate' })
  return only(started)?.kind === 'instance' ? started : iteratorOf(m, frame, started, call.site.site)
}

const next: Native = (m, frame, call) => {
  let out = m.domain.bottom
  let exhausted = false
  for (const atom of argument(m, call, 0).atoms) {
    const step = nextElement(m, frame, atom, { ...call.site, step: 'iterate' })
    out = m.domain.join(out, step.value)
    exhausted = exhausted || step.exhausted
  }
  if (exhausted && call.args.pos[1] !== undefined) return m.domain.join(out, call.args.pos[1])
  if (exhausted) frame.summary.canRaise = true
  if (out.atoms.length === 0 && exhausted) m.ops.raise(frame, m.domain.native('StopIteration'))
  return out
}

const anext: Native = (m, frame, call) =>
  m.domain.special('anext', [argument(m, call, 0)], [], frame === null ? null : call.site.site)

const type: Native = (m, frame, call) => {
  if (call.args.pos.length >= 3) return m.ops.dynamicClass(frame, call.args, call.site)
  return m.domain.joinAll(
    argument(m, call, 0).atoms.map((a) => {
      const cls = m.ops.classOf(a)
      if (cls !== null) return m.domain.of(cls)
      return a.kind === 'const' || a.kind === 'typed' || a.kind === 'container'
        ? m.domain.native(a.type)
        : m.domain.unknown('type')
    }),
  )
}

const superCall: Native = (m, _frame, call) => {
  const cls = only(argument(m, call, 0))
  return cls?.kind === 'class'
    ? m.domain.joinAll(argument(m, call, 1).atoms.map((a) => m.domain.superOf(cls, a)))
    : m.domain.unknown('super')
}

/** `super().__init__()` and the like where the tree has no further class: object's and type's own methods. */
const superObject =
  (name: string): Native =>
  (m, frame, call) => {
    const self = only(call.self ?? m.domain.bottom)
    if (name === '__new__') {
      const cls = only(argument(m, call, 0))
      return cls?.kind === 'class'
        ? m.domain.of(m.ops.newInstance(frame, cls, call.site))
        : m.domain.unknown('instance')
    }
    if (name === '__call__' && self?.kind === 'class')
      return construct(m, frame, self, call.args, { ...call.site, step: 'construct' })
    if (name === '__getattribute__' && self?.kind === 'instance' && self.cls !== null) {
      const attribute = stringOf(argument(m, call, 0))
      return attribute === null
        ? m.domain.unknown('dynamic-getattr')
        : plainAttribute(m, frame, self, self.cls, attribute, { ...call.site, step: 'property' }, null)
    }
    if (name === '__setattr__' && self?.kind === 'instance') {
      const attribute = stringOf(argument(m, call, 0))
      if (attribute !== null) m.ops.setField(self, attribute, argument(m, call, 1))
    }
    if (name === '__iter__' || name === '__enter__') return call.self ?? m.domain.none
    return name === '__init__' || name === '__setattr__' || name === '__init_subclass__' || name === '__exit__'
      ? m.domain.none
      : m.domain.unknown('object')
  }

const property: Native = (m, _frame, call) =>
  m.domain.special('property', [
    argument(m, call, 0, 'fget'),
    argument(m, call, 1, 'fset'),
    argument(m, call, 2, 'fdel'),
  ])
const wrapping =
  (kind: string): Native =>
  (m, _frame, call) =>
    m.domain.special(kind, [argument(m, call, 0)])

const lazy =
  (kind: string, starts: number): Native =>
  (m, frame, call) => {
    const pos = [...call.args.pos]
    if (call.args.restPos !== null) pos.push(call.args.restPos)
    for (let i = starts; i < pos.length; i++)
      pos[i] = startIteration(m, frame, pos[i] ?? m.domain.bottom, { ...call.site, step: 'iterate' })
    return iteratorOf(m, frame, m.domain.special(kind, pos, [], call.site.site), call.site.site)
  }

const keyed: Native = (m, frame, call) => {
  const key = call.args.kw.get('key')
  const many = call.args.pos.length > 1
  let any = many ? m.domain.joinAll(call.args.pos) : m.domain.bottom
  const visit = (x: Value): boolean => {
    any = m.domain.join(any, x)
    if (key !== undefined) invoke(m, frame, key, [x], call)
    return true
  }
  if (many) for (const x of call.args.pos) visit(x)
  else m.ops.iterate(frame, argument(m, call, 0), { ...call.site, step: 'iterate' }, visit)
  const fallback = call.args.kw.get('default')
  return fallback === undefined ? any : m.domain.join(any, fallback)
}

const sorted: Native = (m, frame, call) =>
  m.ops.newList(frame, { p: call.site.site.p, e: call.site.site.e }, null, keyed(m, frame, call))

/** any() and all() stop at the first element that decides. */
const deciding =
  (stopsAt: boolean): Native =>
  (m, frame, call) => {
    let open = false
    let decided = false
    m.ops.iterate(frame, argument(m, call, 0), { ...call.site, step: 'iterate' }, (x) => {
      const truth = m.ops.truth(frame, x, call.site)
      open = open || (truth.t && truth.f)
      if ((stopsAt ? truth.t : truth.f) && !(truth.t && truth.f)) decided = true
      return !decided
    })
    return open ? m.domain.typed('bool') : decided === stopsAt ? m.domain.true : m.domain.false
  }

const print: Native = (m, frame, call) => {
  for (const value of [...call.args.pos, ...(call.args.restPos === null ? [] : [call.args.restPos])])
    m.ops.format(frame, value, 'f', call.site)
  return m.domain.none
}

export const CORE: Natives = {
  getattr,
  hasattr,
  setattr,
  isinstance,
  issubclass,
  callable,
  iter,
  next,
  anext,
  type,
  print,
  property,
  sorted,
  super: superCall,
  delattr: (m, frame, call) => {
    const name = stringOf(argument(m, call, 1))
    if (name !== null) m.ops.deleteAttribute(frame, argument(m, call, 0), name, call.site)
    return m.domain.none
  },
  aiter: (m, _frame, call) => argument(m, call, 0),
  classmethod: wrapping('classmethod'),
  staticmethod: wrapping('staticmethod'),
  str: converting('str', '__str__', '__repr__'),
  repr: converting('str', '__repr__'),
  ascii: converting('str', '__repr__'),
  format: converting('str', '__format__', '__str__', '__repr__'),
  int: converting('int', '__int__', '__index__'),
  float: converting('float', '__float__'),
  bool: converting('bool', '__bool__', '__len__'),
  complex: converting('complex', '__complex__'),
  len: converting('int', '__len__'),
  abs: converting('int', '__abs__'),
  round: converting('int', '__round__'),
  hash: converting('int', '__hash__'),
  bytes: converting('bytes', '__bytes__', '__iter__'),
  hex: converting('str', '__index__'),
  oct: converting('str', '__index__'),
  bin: converting('str', '__index__'),
  dir: converting('list', '__dir__'),
  divmod: converting('tuple', '__divmod__'),
  pow: converting('int', '__pow__'),
  map: lazy('map', 1),
  filter: lazy('filter', 1),
  enumerate: lazy('enumerate', 0),
  zip: lazy('zip', 0),
  'itertools.chain': (m, frame, call) =>
    iteratorOf(m, frame, m.domain.special('chain', call.args.pos, [], call.site.site), call.site.site),
  'itertools.chain.from_iterable': lazy('flatten', 0),
  'itertools.islice': lazy('chain', 0),
  'itertools.starmap': lazy('starmap', 1),
  'itertools.cycle': lazy('chain', 0),
  'itertools.tee': lazy('chain', 0),
  'itertools.filterfalse': lazy('filter', 1),
  'itertools.takewhile': lazy('filter', 1),
  'itertools.dropwhile': lazy('filter', 1),
  'itertools.zip_longest': lazy('zip', 0),
  'itertools.accumulate': lazy('passing', 0),
  'itertools.groupby': lazy('passing', 0),
  'itertools.count': typed('object'),
  'itertools.repeat': (m, frame, call) =>
    m.ops.newList(frame, { p: call.site.site.p, e: call.site.site.e }, null, argument(m, call, 0)),
  'itertools.product': consuming('list', 0, 1, 2),
  'itertools.permutations': consuming('list', 0),
  'itertools.combinations': consuming('list', 0),
  'itertools.combinations_with_replacement': consuming('list', 0),
  reversed: (m, frame, call) => {
    for (const atom of argument(m, call, 0).atoms) {
      const method = m.ops.typeMethod(frame, atom, '__reversed__')
      if (method !== null) return m.ops.call(frame, method, positional(), { ...call.site, step: 'iterate' }, null)
    }
    return iteratorOf(m, frame, m.domain.special('chain', [argument(m, call, 0)], [], call.site.site), call.site.site)
  },
  min: keyed,
  max: keyed,
  sum: (m, frame, call) => {
    let total = call.args.pos[1] ?? m.domain.constant('int', 0)
    m.ops.iterate(frame, argument(m, call, 0), { ...call.site, step: 'iterate' }, (x) => {
      for (const atom of x.atoms) {
        const add = m.ops.typeMethod(frame, atom, '__radd__') ?? m.ops.typeMethod(frame, atom, '__add__')
        if (add !== null) total = m.ops.call(frame, add, positional(total), { ...call.site, step: 'operator' }, null)
      }
      return true
    })
    return m.domain.typed('int')
  },
  any: deciding(true),
  all: deciding(false),
  id: typed('int'),
  ord: typed('int'),
  chr: typed('str'),
  input: typed('str'),
  slice: typed('slice'),
  memoryview: typed('bytes'),
  range: (m, frame, call) => {
    const [a, b, c] = call.args.pos
      .map((v) => only(v))
      .map((x) => (x?.kind === 'const' && typeof x.value === 'number' ? x.value : null))
    const from = call.args.pos.length > 1 ? a : 0
    const to = call.args.pos.length > 1 ? b : a
    const known = typeof from === 'number' && typeof to === 'number' && c === undefined
    const count = known ? Math.max(0, to - from) : null
    return m.ops.newList(
      frame,
      { p: call.site.site.p, e: call.site.site.e },
      count !== null && count <= 12
        ? Array.from({ length: count }, (_, i) => m.domain.constant('int', (from ?? 0) + i))
        : null,
      m.domain.typed('int'),
    )
  },
  open: (m, frame) => {
    frame.summary.canRaise = true
    return m.domain.external('io.open()')
  },
  object: (m, frame, call) => m.ops.plainObject(frame, call.site),
  'super.__init__': superObject('__init__'),
  'super.__new__': superObject('__new__'),
  'super.__call__': superObject('__call__'),
  'super.__getattribute__': superObject('__getattribute__'),
  'super.__setattr__': superObject('__setattr__'),
  'super.__init_subclass__': superObject('__init_subclass__'),
  'super.__enter__': superObject('__enter__'),
  'super.__exit__': superObject('__exit__'),
  'super.__iter__': superObject('__iter__'),
  'object.__new__': superObject('__new__'),
  'type.__new__': superObject('__new__'),
  'object.__init__': superObject('__init__'),
  'object.__setattr__': (m, _frame, call) => {
    const self = only(argument(m, call, 0))
    const name = stringOf(argument(m, call, 1))
    if (self?.kind === 'instance' && name !== null) m.ops.setField(self, name, argument(m, call, 2))
    return m.domain.none
  },
  'object.__getattribute__': (m, frame, call) => {
    const self = only(argument(m, call, 0))
    const name = stringOf(argument(m, call, 1))
    return self?.kind === 'instance' && self.cls !== null && name !== null
      ? plainAttribute(m, frame, self, self.cls, name, call.site, null)
      : m.domain.unknown('dynamic-getattr')
  },
  'type.__call__': (m, frame, call) => {
    const cls = only(argument(m, call, 0))
    return cls?.kind === 'class'
      ? construct(m, frame, cls, { ...call.args, pos: call.args.pos.slice(1) }, { ...call.site, step: 'construct' })
      : m.domain.unknown('instance')
  },
}
