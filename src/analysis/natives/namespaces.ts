// Namespaces as dictionaries: `vars(x)`, `x.__dict__`, `globals()`. Writing changes the attributes of the object; everything else is asked of a
// dictionary that holds what the namespace holds now.
import { rawMember, setInNamespace, namespaceNames } from '../objects/namespaces.ts'
import { only, stringOf, type CallArgs, type NativeAtom, type Value } from '../domain/values.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { argument, type Native, type Natives } from './native.ts'

const get: Native = (m, _frame, call) => {
  const owner = only(call.self ?? m.domain.bottom)
  const name = stringOf(argument(m, call, 0))
  if (owner === null || name === null) return m.domain.unknown('dynamic-getattr', true)
  return rawMember(m, owner, name) ?? call.args.pos[1] ?? m.domain.none
}

const update: Native = (m, frame, call) => {
  const owner = call.self ?? m.domain.bottom
  for (const source of call.args.pos)
    for (const [name, value] of m.ops.entries(frame, source, call.site).known) setInNamespace(m, owner, name, value)
  for (const [name, value] of call.args.kw) setInNamespace(m, owner, name, value)
  return m.domain.none
}

const setdefault: Native = (m, frame, call) => {
  const owner = only(call.self ?? m.domain.bottom)
  const name = stringOf(argument(m, call, 0))
  const present = owner === null || name === null ? null : rawMember(m, owner, name)
  if (present === null && owner !== null && name !== null)
    setInNamespace(m, m.domain.of(owner), name, argument(m, call, 1))
  return get(m, frame, call)
}

const pop: Native = (m, frame, call) => {
  const name = stringOf(argument(m, call, 0))
  const value = get(m, frame, call)
  if (name !== null && call.self !== null) m.ops.deleteAttribute(frame, call.self, name, call.site)
  return value
}

export const NAMESPACES: Natives = {
  'namespace.get': get,
  'namespace.update': update,
  'namespace.setdefault': setdefault,
  'namespace.pop': pop,
}

/** A dictionary with what a namespace holds now. */
export function snapshot(m: Machine, frame: Frame, { self }: NativeAtom, site: CallSite): Value {
  const dict = m.ops.newCollection(frame, 'dict', { p: site.site.p, e: site.site.e })
  const owner = only(self ?? m.domain.bottom)
  for (const name of owner === null ? [] : namespaceNames(m, owner)) {
    const value = owner === null ? null : rawMember(m, owner, name)
    if (value !== null) m.ops.collect(dict, value, m.domain.constant('str', name))
  }
  return m.domain.of(dict)
}

/** A method of a namespace that changes nothing. */
export function askSnapshot(m: Machine, frame: Frame, native: NativeAtom, args: CallArgs, site: CallSite): Value {
  const name = native.name.slice('namespace.'.length)
  const method = m.ops.getAttribute(frame, snapshot(m, frame, native, site), name, site, null)
  return m.ops.call(frame, method, args, site, null)
}
