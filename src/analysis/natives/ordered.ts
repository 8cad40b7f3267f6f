// Dictionaries as a sequence of entries: popitem, and move_to_end of an OrderedDict.
// The order is known where it changes in a straight line only.
import { dictValues, moveKey, removeKey } from '../domain/containers.ts'
import { only } from '../domain/values.ts'
import { each, isTrue } from './collections.ts'
import { argument, type Natives } from './native.ts'

/** `popitem()`: the last entry, `popitem(last=False)` of an OrderedDict the first. */
const poppedItem = each((frame, atom, call) => {
  const m = frame.machine
  const { list, any } = dictValues(m, atom)
  const node = call.site.site
  const entry = list?.at(argument(frame, call, 0, 'last') === m.domain.false ? 0 : -1)
  const key = entry === undefined ? null : m.ops.keyValue(entry[0])
  if (entry === undefined || key === null || atom.multiple)
    return m.ops.newList(frame, node, [m.domain.unknown('element'), any], 'tuple')
  removeKey(m, atom, key)
  return m.ops.newList(frame, node, [key, entry[1]], 'tuple')
})

/** `move_to_end(key, last)` of an OrderedDict; the order is known only where it changes in a straight line. */
const moved = each((frame, atom, call) => {
  const m = frame.machine
  const last = only(argument(frame, call, 1, 'last'))
  const isKnown = call.args.pos.length + call.args.kw.size < 2 || last?.kind === 'const'
  frame.summary.canRaise = true
  if (
    !isKnown ||
    m.undecided > 0 ||
    m.loopDepth > 0 ||
    !moveKey(atom, argument(frame, call, 0), last?.kind !== 'const' || isTrue(m.domain.of(last)))
  )
    m.store.weaken(atom.rest, dictValues(m, atom).any)
  return m.domain.none
})

export const ORDERED: Natives = {
  'dict.popitem': poppedItem,
  'dict.move_to_end': moved,
}
