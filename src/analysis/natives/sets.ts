// Methods of sets. Where all elements are known, so is the result.
// Where they are not, the result may hold any of the elements, and its truth is open.
import { append, clear } from '../domain/containers.ts'
import { copied } from '../domain/copies.ts'
import { relatedSets, selection, without } from '../domain/sets.ts'
import { implied } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { only, type Value } from '../domain/values.ts'
import { each, opened } from './collections.ts'
import { argument, type Native, type NativeCall, type Natives } from './native.ts'

/** `a.union(b, …)`: a new set with the elements of all. */
const united = each((frame, atom, call) => {
  const made = copied(frame, atom, call.site)
  for (const value of call.args.pos) frame.machine.ops.extend(frame, made, value, implied(call.site, 'iterate'))
  return frame.machine.domain.of(made)
})

/** `a.intersection(b, …)` and the like: one after the other. */
const selecting = (op: string): Native =>
  each((frame, atom, call) => {
    const m = frame.machine
    const step = implied(call.site, 'iterate')
    return call.args.pos.reduce((left, right) => {
      const own = only(left)
      const given = only(right)?.kind === 'container' ? right : consumed(frame, right, call)
      return own === null ? left : selection(frame, { op, left: own, right: given }, step)
    }, m.domain.of(atom))
  })

/** What an iterable gives, as a list. */
function consumed(frame: Frame, value: Value, call: NativeCall): Value {
  const m = frame.machine
  const { elements: list, any } = m.ops.spread(frame, value, implied(call.site, 'iterate'))
  return m.ops.newList(frame, { p: call.site.site.p, e: call.site.site.e + 1 }, list ?? any)
}

const relating = (name: string): Native =>
  each((frame, atom, call) => {
    const m = frame.machine
    const given = argument(frame, call, 0)
    const other = only(given)?.kind === 'container' ? given : consumed(frame, given, call)
    const related = relatedSets(m, name, m.domain.of(atom), other)
    return related === null ? m.domain.typed('bool') : related ? m.domain.true : m.domain.false
  })

/** `remove` and `discard`; what may have been one of the elements stays possible. */
const removing = each((frame, atom, call) => {
  const m = frame.machine
  const item = argument(frame, call, 0)
  m.ops.hash(frame, item, call.site)
  if (call.name.endsWith('remove')) frame.summary.canRaise = true
  const left = without(m, m.domain.of(atom), item)
  if (left !== null) {
    clear(m, atom)
    for (const other of left) append(m, atom, other)
  } else opened(m, atom)
  return m.domain.none
})

export const SETS: Natives = {
  'set.union': united,
  'set.intersection': selecting('&'),
  'set.difference': selecting('-'),
  'set.symmetric_difference': selecting('^'),
  'set.issubset': relating('issubset'),
  'set.issuperset': relating('issuperset'),
  'set.isdisjoint': relating('isdisjoint'),
  'set.discard': removing,
  'set.remove': removing,
}
