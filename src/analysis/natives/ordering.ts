// heapq and bisect: what is kept in order comes out again, and elements are compared when CPython has two of them to compare.
// Which elements are compared is not followed; that any are is certain only where the list's length is known.
import { implied } from '../machine/sites.ts'
import { append, clear, elements } from '../domain/containers.ts'
import { compare } from '../language/operators.ts'
import type { ContainerAtom, Value } from '../domain/values.ts'
import { only } from '../domain/values.ts'
import type { Frame } from '../machine/machine.ts'
import { iteratorOf } from '../suspended/generators.ts'
import { argument, invoke, isNone, type Native, type NativeCall, type Natives } from './native.ts'

/** Compares `left` with `right` as often as the list is long enough for it: `least` elements or more. */
function comparing(
  frame: Frame,
  call: NativeCall,
  list: { readonly length: number | null; readonly least: number },
  ...[left, right]: readonly [Value, Value]
): void {
  const run = (): void => {
    compare(frame, { op: '<', left, right }, implied(call.site, 'operator'))
  }
  if (list.length === null) frame.machine.ops.maybe(frame, run)
  else if (list.length >= list.least) run()
}

/** heapq on a list: what is pushed comes out again, in an order that is not followed. */
const heap =
  (name: 'push' | 'pop' | 'both'): Native =>
  (frame, call) => {
    const m = frame.machine
    let out = m.domain.bottom
    for (const atom of argument(frame, call, 0).atoms) {
      if (atom.kind !== 'container') continue
      const before = elements(m, atom)
      const length = before.list?.length ?? null
      const pushed = argument(frame, call, 1)
      if (name !== 'pop') comparing(frame, call, { length, least: 1 }, pushed, before.any)
      // one element is left behind without a look at it
      else comparing(frame, call, { length, least: 3 }, before.any, before.any)
      if (name !== 'pop') append(m, atom, pushed)
      if (name !== 'push') out = m.domain.join(out, takenFrom(frame, atom))
    }
    return name === 'push' ? m.domain.none : out.atoms.length > 0 ? out : m.domain.unknown('element')
  }

function takenFrom(frame: Frame, heaped: ContainerAtom): Value {
  const m = frame.machine
  const { list, any } = elements(m, heaped)
  if (list === null || heaped.multiple) return any
  clear(m, heaped)
  if (list.length > 1) {
    m.store.weaken(heaped.rest, any)
    m.store.write(heaped.length, m.domain.typed('int'))
  }
  return any
}

const heapify: Native = (frame, call) => {
  const m = frame.machine
  for (const atom of argument(frame, call, 0).atoms) {
    if (atom.kind !== 'container') continue
    const { list, any } = elements(m, atom)
    comparing(frame, call, { length: list?.length ?? null, least: 2 }, any, any)
  }
  return m.domain.none
}

/** nlargest, nsmallest: the key function runs for each element, and keys are compared. */
const extremes: Native = (frame, call) => {
  const m = frame.machine
  const key = call.args.kw.get('key') ?? m.domain.none
  let any = m.domain.bottom
  let count = 0
  const { turns } = m
  m.ops.iterate(frame, argument(frame, call, 1), implied(call.site, 'iterate'), (x) => {
    any = m.domain.join(any, isNone(key) ? x : invoke(frame, key, [x], call))
    count++
    return true
  })
  const wanted = only(argument(frame, call, 0))
  const single = wanted?.kind === 'const' && wanted.value === 1
  const op = single && call.name.endsWith('nlargest') ? '>' : '<'
  const run = (): void => {
    compare(frame, { op, left: any, right: any }, implied(call.site, 'operator'))
  }
  if (m.turns !== turns) m.ops.maybe(frame, run)
  else if (count > 1) run()
  return m.ops.newList(frame, call.site.site, any)
}

/** bisect: the key function runs for elements that are looked at; `insort` makes the key of what it inserts as well. */
const bisecting: Native = (frame, call) => {
  const m = frame.machine
  const key = call.args.kw.get('key') ?? m.domain.none
  const keyOf = (x: Value): Value => (isNone(key) ? x : invoke(frame, key, [x], call))
  const inserts = call.name.includes('insort')
  const given = argument(frame, call, 1)
  const needle = inserts ? keyOf(given) : given
  const { elements: list, any } = m.ops.spread(frame, argument(frame, call, 0), call.site)
  const visit = (x: Value): void => {
    const value = keyOf(x)
    const [left, right] = call.name.endsWith('_left') ? [value, needle] : [needle, value]
    compare(frame, { op: '<', left, right }, implied(call.site, 'operator'))
  }
  if (list === null) m.ops.maybe(frame, () => visit(any))
  else if (list.length > 0 && list.every((x) => x === list[0])) visit(any)
  else if (list.length === 1) visit(list[0] ?? any)
  else if (list.length > 1) m.ops.maybe(frame, () => visit(any))
  if (!inserts) return m.domain.typed('int')
  for (const atom of argument(frame, call, 0).atoms) if (atom.kind === 'container') append(m, atom, given)
  return m.domain.none
}

/** `merge(a, b, key=f)`: nothing is asked for before the first element is. */
const merging: Native = (frame, call) => {
  const { domain } = frame.machine
  const key = call.args.kw.get('key') ?? domain.none
  const sources = call.args.restPos === null ? call.args.pos : [...call.args.pos, call.args.restPos]
  return iteratorOf(frame, domain.special('merge', [key, ...sources], [], call.site.site), call.site.site)
}

export const ORDERING: Natives = {
  'heapq.heappush': heap('push'),
  'heapq.heappop': heap('pop'),
  'heapq.heappushpop': heap('both'),
  'heapq.heapreplace': heap('both'),
  'heapq.heapify': heapify,
  'heapq.merge': merging,
  'heapq.nlargest': extremes,
  'heapq.nsmallest': extremes,
  ...Object.fromEntries(
    ['bisect', 'bisect_left', 'bisect_right', 'insort', 'insort_left', 'insort_right'].map((name) => [
      `bisect.${name}`,
      bisecting,
    ]),
  ),
}
