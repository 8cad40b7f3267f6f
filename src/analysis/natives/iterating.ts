// Builtins that iterate: iter() and next(), lazy iterators (also of itertools), sorted(), min(), any() and the like.
// A lazy one starts the iteration and runs nothing else; an eager one runs to its end, or to the element that decides.
import { askMethod, forEachOf } from '../machine/alternatives.ts'
import { stopIteration } from '../suspended/replay.ts'
import { iteratorOf } from '../suspended/generators.ts'
import { elements } from '../domain/containers.ts'
import { binary } from '../language/operators.ts'
import { nextElement, startIteration } from '../language/iteration.ts'
import { implied } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { only, positional, type Atom, type Value } from '../domain/values.ts'
import { inOrder, ordering } from './collections.ts'
import { argument, invoke, isNone, type Native, type NativeCall, type Natives } from './native.ts'

/** Most elements of `repeat(x, n)` and `range(n)` that are told apart. */
const MAX_REPEATED = 13
/** Most iterators of one `tee` that are told apart. */
const MAX_TEES = 20
const SEQUENCES: ReadonlySet<string> = new Set(['list', 'tuple'])

const iter: Native = (frame, call) => {
  const m = frame.machine
  const value = argument(frame, call, 0)
  if (call.args.pos.length > 1)
    return iteratorOf(
      frame,
      m.domain.special('sentinel', [value, argument(frame, call, 1)], [], call.site.site),
      call.site.site,
    )
  const started = startIteration(frame, value, implied(call.site, 'iterate'))
  return only(started)?.kind === 'instance' ? started : iteratorOf(frame, started, call.site.site)
}

const next: Native = (frame, call) => {
  const m = frame.machine
  let out = m.domain.bottom
  let exhausted = false
  forEachOf(frame, argument(frame, call, 0), (atom) => {
    const step = nextElement(frame, atom, implied(call.site, 'iterate'))
    out = m.domain.join(out, step.value)
    exhausted = exhausted || step.exhausted
  })
  if (exhausted && call.args.pos[1] !== undefined) return m.domain.join(out, call.args.pos[1])
  if (exhausted) frame.summary.canRaise = true
  if (out.atoms.length === 0 && exhausted) m.ops.raise(frame, stopIteration(m, argument(frame, call, 0).atoms))
  return out
}

const anext: Native = (frame, call) =>
  frame.machine.domain.special('anext', [argument(frame, call, 0)], [], call.site.site)

export const lazy =
  (kind: string, starts: number, ...names: readonly string[]): Native =>
  (frame, call) => {
    const pos = [...call.args.pos]
    if (call.args.restPos !== null) pos.push(call.args.restPos)
    for (let i = starts; i < pos.length; i++)
      pos[i] = startIteration(frame, pos[i] ?? frame.machine.domain.bottom, implied(call.site, 'iterate'))
    return iteratorOf(frame, frame.machine.domain.special(kind, pos, names, call.site.site), call.site.site)
  }

/** A lazy iterator over the first argument; `parts` follow it. */
function lazyOver(frame: Frame, call: NativeCall, kind: string, parts: readonly Value[]): Value {
  const source = startIteration(frame, argument(frame, call, 0, 'iterable'), implied(call.site, 'iterate'))
  return iteratorOf(frame, frame.machine.domain.special(kind, [source, ...parts], [], call.site.site), call.site.site)
}

/** min, max, sorted: keys are made and compared in order. */
const keyed: Native = (frame, call) => {
  const m = frame.machine
  const order = ordering(frame, call.name === 'max' ? '>' : '<', call)
  const key = call.args.kw.get('key')
  const many = call.args.pos.length > 1
  const seen: Value[] = []
  const keys: Value[] = []
  const visit = (x: Value): boolean => {
    const value = key === undefined || isNone(key) ? x : invoke(frame, key, [x], call)
    seen.push(x)
    keys.push(value)
    order(value)
    return true
  }
  const turns = m.turns
  if (many) for (const x of call.args.pos) visit(x)
  else m.ops.iterate(frame, argument(frame, call, 0), implied(call.site, 'iterate'), visit)
  const arranged = m.turns === turns ? inOrder(seen, keys, call) : null
  const any = m.domain.joinAll(seen)
  if (call.name === 'sorted') return m.ops.newList(frame, call.site.site, arranged ?? any)
  const best = call.name === 'max' ? arranged?.at(-1) : arranged?.[0]
  if (best !== undefined) return best
  const fallback = call.args.kw.get('default')
  return fallback === undefined ? any : m.domain.join(any, fallback)
}

/** any() and all() stop at the first element that decides. */
const deciding =
  (stopsAt: boolean): Native =>
  (frame, call) => {
    const m = frame.machine
    let open = false
    let decided = false
    m.ops.iterate(frame, argument(frame, call, 0), implied(call.site, 'iterate'), (x) => {
      const truth = m.ops.truth(frame, x, call.site)
      open = open || (truth.t && truth.f)
      if ((stopsAt ? truth.t : truth.f) && !(truth.t && truth.f)) decided = true
      return !decided
    })
    return open ? m.domain.typed('bool') : decided === stopsAt ? m.domain.true : m.domain.false
  }

const wholeNumber = (atom: Atom | null): string =>
  atom?.kind === 'const' && typeof atom.value === 'number' ? String(atom.value) : ''

/** `islice(x, stop)`, `islice(x, start, stop)`: the elements after the last one are never asked for. */
const islice: Native = (frame, call) => {
  const m = frame.machine
  const source = startIteration(frame, argument(frame, call, 0), implied(call.site, 'iterate'))
  const { length } = call.args.pos
  const start = length > 2 ? only(argument(frame, call, 1)) : null
  const stop = only(argument(frame, call, length > 2 ? 2 : 1))
  // with a step, how many there are is left open
  const limit = length < 4 ? wholeNumber(stop) : ''
  return iteratorOf(
    frame,
    m.domain.special('chain', [source], [limit, wholeNumber(start)], call.site.site),
    call.site.site,
  )
}

/** `tee(x, n)`: iterators over one source; what they took is not told apart. */
const tee: Native = (frame, call) => {
  const m = frame.machine
  const source = startIteration(frame, argument(frame, call, 0), implied(call.site, 'iterate'))
  const count = only(call.args.pos[1] ?? m.domain.constant('int', 2))
  const copies =
    count?.kind === 'const' && typeof count.value === 'number' && count.value >= 0 && count.value < MAX_TEES
      ? Array.from({ length: count.value }, () => iteratorOf(frame, source, call.site.site))
      : null
  return m.ops.newList(frame, call.site.site, copies ?? iteratorOf(frame, source, call.site.site), 'tuple')
}

const repeat: Native = (frame, call) => {
  const x = argument(frame, call, 0)
  const times = only(argument(frame, call, 1, 'times'))
  const count =
    times?.kind === 'const' && typeof times.value === 'number' && times.value < MAX_REPEATED ? times.value : null
  const known = count === null ? null : Array.from({ length: Math.max(0, count) }, () => x)
  return frame.machine.ops.newList(frame, call.site.site, known ?? x)
}

const reversed: Native = (frame, call) => {
  const m = frame.machine
  let own = m.domain.bottom
  forEachOf(frame, argument(frame, call, 0), (atom) => {
    const method = m.ops.typeMethod(frame, atom, '__reversed__')
    if (method !== null)
      own = m.domain.join(own, m.ops.call(frame, method, positional(), implied(call.site, 'iterate')))
    else if (atom.kind === 'instance') m.ops.evaluateExternal(frame, atom, ['__len__'], call.site)
  })
  if (own.atoms.length > 0 || m.stopped) return own
  const given = only(argument(frame, call, 0))
  const list = given?.kind === 'container' && SEQUENCES.has(given.type) ? elements(m, given).list : null
  const source = list === null ? argument(frame, call, 0) : m.ops.newList(frame, call.site.site, list.toReversed())
  return iteratorOf(frame, m.domain.special('chain', [source], [], call.site.site), call.site.site)
}

const sum: Native = (frame, call) => {
  const m = frame.machine
  const depth = m.loopDepth
  const site = implied(call.site, 'operator')
  let total = call.args.pos[1] ?? call.args.kw.get('start') ?? m.domain.constant('int', 0)
  m.ops.iterate(frame, argument(frame, call, 0), implied(call.site, 'iterate'), (x) => {
    const added = binary(frame, { op: '+', left: total, right: x }, site)
    total = m.loopDepth > depth ? m.domain.join(total, added) : added
    return true
  })
  // what is not known is taken for a number
  const isKnown = total.atoms.every((a) => a.kind === 'container' || a.kind === 'const' || a.kind === 'instance')
  return isKnown ? total : m.domain.typed('int')
}

const range: Native = (frame, call) => {
  const m = frame.machine
  for (const bound of call.args.pos) askMethod(frame, bound, '__index__', call.site)
  const [a, b, c] = call.args.pos
    .map((v) => only(v))
    .map((x) => (x?.kind === 'const' && typeof x.value === 'number' ? x.value : null))
  const from = call.args.pos.length > 1 ? a : 0
  const to = call.args.pos.length > 1 ? b : a
  const known = typeof from === 'number' && typeof to === 'number' && c === undefined
  const count = known ? Math.max(0, to - from) : null
  const numbers =
    count !== null && count < MAX_REPEATED
      ? Array.from({ length: count }, (_, i) => m.domain.constant('int', (from ?? 0) + i))
      : m.domain.typed('int')
  return m.ops.newList(frame, call.site.site, numbers)
}

export const ITERATING: Natives = {
  iter,
  next,
  anext,
  sorted: keyed,
  aiter: (frame, call) => argument(frame, call, 0),
  map: lazy('map', 1),
  filter: lazy('filter', 1),
  enumerate: (frame, call) => lazyOver(frame, call, 'enumerate', [argument(frame, call, 1, 'start')]),
  zip: lazy('zip', 0),
  'itertools.chain': (frame, call) =>
    iteratorOf(frame, frame.machine.domain.special('chain', call.args.pos, [], call.site.site), call.site.site),
  'itertools.chain.from_iterable': lazy('flatten', 0),
  'itertools.islice': islice,
  'itertools.starmap': lazy('starmap', 1),
  'itertools.cycle': lazy('chain', 0),
  'itertools.tee': tee,
  'itertools.filterfalse': lazy('filter', 1, 'false'),
  'itertools.takewhile': lazy('takewhile', 1),
  'itertools.dropwhile': lazy('dropwhile', 1),
  'itertools.zip_longest': lazy('zip_longest', 0),
  'itertools.accumulate': (frame, call) =>
    lazyOver(frame, call, 'accumulate', [
      argument(frame, call, 1, 'func'),
      call.args.kw.get('initial') ?? frame.machine.domain.bottom,
    ]),
  'itertools.groupby': (frame, call) => lazyOver(frame, call, 'groupby', [argument(frame, call, 1, 'key')]),
  'itertools.pairwise': (frame, call) => lazyOver(frame, call, 'pairwise', []),
  'itertools.count': (frame, call) =>
    iteratorOf(frame, frame.machine.domain.special('endless', [frame.machine.domain.typed('int')]), call.site.site),
  'itertools.repeat': repeat,
  reversed,
  min: keyed,
  max: keyed,
  sum,
  any: deciding(true),
  all: deciding(false),
  range,
}
