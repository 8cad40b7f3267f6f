// Methods of containers that look up, take out or put in one element: what they give where the key may be there or not.
// Must stay true: the fallback is given as well unless the key is certainly there.
import {
  append,
  clear,
  elements,
  getKey,
  getOr,
  isCertainKey,
  isMapping,
  removeKey,
  setKey,
  slotKey,
} from '../domain/containers.ts'
import { only } from '../domain/values.ts'
import { each, opened } from './collections.ts'
import { argument, type Natives } from './native.ts'

const get = each((frame, atom, call) => {
  const m = frame.machine
  m.ops.hash(frame, argument(frame, call, 0), call.site)
  const fallback = call.args.pos[1] ?? call.args.kw.get('default') ?? m.domain.none
  return getOr(m, atom, argument(frame, call, 0), fallback)
})

const setdefault = each((frame, atom, call) => {
  const m = frame.machine
  const key = argument(frame, call, 0)
  m.ops.hash(frame, key, call.site)
  const fallback = call.args.pos[1] ?? m.domain.none
  const value = getOr(m, atom, key, fallback)
  // afterwards the key is there; an unknown one adds to what is under unknown keys
  if (!isCertainKey(m, atom, key)) setKey(m, atom, key, slotKey(key) === null ? fallback : value)
  return value
})

const pop = each((frame, atom, call) => {
  const m = frame.machine
  if (!isMapping(atom)) {
    const { list, any } = elements(m, atom)
    const given = only(argument(frame, call, 0))
    const asked = call.name.endsWith('popleft') ? 0 : given === null ? -1 : given.kind === 'const' ? given.value : null
    const item = typeof asked === 'number' ? list?.at(asked) : undefined
    if (list === null || typeof asked !== 'number' || item === undefined || atom.multiple) return any
    if (atom.type === 'set' && list.length > 1) return (opened(m, atom), any)
    clear(m, atom)
    for (const other of list.toSpliced(asked, 1)) append(m, atom, other)
    return item
  }
  const key = argument(frame, call, 0)
  const value = getOr(m, atom, key, call.args.pos[1] ?? m.domain.bottom)
  removeKey(m, atom, key)
  return value.atoms.length > 0 ? value : m.domain.unknown('element')
})

export const KEYED: Natives = {
  'list.pop': pop,
  'list.popleft': pop,
  'set.pop': pop,
  'dict.pop': pop,
  'dict.get': get,
  'dict.setdefault': setdefault,
  'dict.__getitem__': each((frame, atom, call) =>
    getKey(frame.machine, atom, argument(frame, call, 0), () => frame.machine.domain.bottom),
  ),
}
