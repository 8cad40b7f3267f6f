// collections.deque: what a list does not have. Everything else of a deque is what a list does.
// Must stay true: a deque that is not known element by element loses nothing that it may hold.
import { append, clear, elements, newContainer } from '../domain/containers.ts'
import { setBound } from '../domain/deques.ts'
import { implied } from '../machine/sites.ts'
import { only } from '../domain/values.ts'
import { each, opened } from './collections.ts'
import { argument, isNone, type Native, type Natives } from './native.ts'

const deque: Native = (frame, call) => {
  const m = frame.machine
  const atom = newContainer(frame, 'list', call.site.site)
  const source = argument(frame, call, 0, 'iterable')
  if (source.atoms.length > 0) m.ops.extend(frame, atom, source, implied(call.site, 'iterate'))
  const bound = argument(frame, call, 1, 'maxlen')
  if (bound.atoms.length > 0 && !isNone(bound)) setBound(m, atom, bound)
  return m.domain.of(atom)
}

/** Each element goes to the front, so that the last one is the first. */
const extendingLeft = each((frame, atom, call) => {
  const m = frame.machine
  const { list, any } = elements(m, atom)
  const given = m.ops.spread(frame, argument(frame, call, 0), implied(call.site, 'iterate'))
  clear(m, atom)
  if (list === null || given.elements === null || atom.multiple) {
    m.store.weaken(atom.rest, m.domain.join(any, given.any))
    m.store.write(atom.length, m.domain.typed('int'))
  } else for (const item of [...given.elements.toReversed(), ...list]) append(m, atom, item)
  return m.domain.none
})

/** `rotate(n)`: the last n elements come first. */
const rotating = each((frame, atom, call) => {
  const m = frame.machine
  const { list } = elements(m, atom)
  const by = call.args.pos.length === 0 ? m.domain.constant('int', 1).atoms[0] : only(argument(frame, call, 0))
  if (list === null || by?.kind !== 'const' || typeof by.value !== 'number' || atom.multiple) {
    opened(m, atom)
    return m.domain.none
  }
  const cut = list.length === 0 ? 0 : (((list.length - by.value) % list.length) + list.length) % list.length
  clear(m, atom)
  for (const item of [...list.slice(cut), ...list.slice(0, cut)]) append(m, atom, item)
  return m.domain.none
})

export const DEQUES: Natives = {
  'collections.deque': deque,
  'list.extendleft': extendingLeft,
  'list.rotate': rotating,
}
