// Namespaces as dictionaries: `vars(x)`, `x.__dict__`, `globals()`. Writing changes the attributes of the object; everything else is asked of a
// dictionary that holds what the namespace holds now.
import { rawMember, setInNamespace, namespaceNames } from '../objects/namespaces.ts'
import { only, stringOf, type CallArgs, type NativeAtom, type Value } from '../domain/values.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { argument, type Native, type Natives } from './native.ts'

const get: Native = (frame, call) => {
  const m = frame.machine
  const owner = only(call.self ?? m.domain.bottom)
  const name = stringOf(argument(frame, call, 0))
  if (owner === null || name === null) return m.domain.unknown('dynamic-getattr', true)
  return rawMember(m, owner, name) ?? call.args.pos[1] ?? m.domain.none
}

const update: Native = (frame, call) => {
  const m = frame.machine
  const owner = call.self ?? m.domain.bottom
  for (const source of call.args.pos)
    for (const [name, value] of m.ops.entries(frame, source, call.site).known) setInNamespace(m, owner, name, value)
  for (const [name, value] of call.args.kw) setInNamespace(m, owner, name, value)
  return m.domain.none
}

const setdefault: Native = (frame, call) => {
  const m = frame.machine
  const owner = only(call.self ?? m.domain.bottom)
  const name = stringOf(argument(frame, call, 0))
  const present = owner === null || name === null ? null : rawMember(m, owner, name)
  if (present === null && owner !== null && name !== null)
    setInNamespace(m, m.domain.of(owner), name, argument(frame, call, 1))
  return get(frame, call)
}

const pop: Native = (frame, call) => {
  const name = stringOf(argument(frame, call, 0))
  const value = get(frame, call)
  if (name !== null && call.self !== null) frame.machine.ops.deleteAttribute(frame, call.self, name, call.site)
  return value
}

export const NAMESPACES: Natives = {
  'namespace.get': get,
  'namespace.update': update,
  'namespace.setdefault': setdefault,
  'namespace.pop': pop,
}

/** A dictionary with what a namespace holds now. */
export function snapshot(frame: Frame, { self }: NativeAtom, site: CallSite): Value {
  const m = frame.machine
  const dict = m.ops.newCollection(frame, 'dict', site.site)
  const owner = only(self ?? m.domain.bottom)
  for (const name of owner === null ? [] : namespaceNames(m, owner)) {
    const value = owner === null ? null : rawMember(m, owner, name)
    if (value !== null) m.ops.collect(dict, value, m.domain.constant('str', name))
  }
  return m.domain.of(dict)
}

/** A method of a namespace that changes nothing. */
export function askSnapshot(frame: Frame, native: NativeAtom, args: CallArgs, site: CallSite): Value {
  const name = native.name.slice('namespace.'.length)
  const method = frame.machine.ops.getAttribute(frame, snapshot(frame, native, site), name, implied(site))
  return frame.machine.ops.call(frame, method, args, implied(site))
}
