// Objects of library types that the models make (SimpleNamespace and the like), and names looked up by a computed key.
// One object per place of the call: the same allocation is found again in every round.
import { allocate } from '../machine/frames.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { RESOLVED, type Atom, type Value, only, stringOf } from './values.ts'
import type { NativeCall } from '../natives/native.ts'
import { rawMember, setField } from '../objects/namespaces.ts'

export function library(frame: Frame, type: string, at: CallSite): Extract<Atom, { kind: 'instance' }> {
  return allocate(frame, `obj${at.site.module.file}:${at.site.p}:${type}`, () =>
    frame.machine.domain.make({
      kind: 'instance',
      cls: null,
      ext: type,
      resolution: RESOLVED,
      fields: new Map(),
      site: at.site,
      multiple: false,
      folded: null,
      pending: null,
      slots: new Map(),
    }),
  )
}

export function modelled(frame: Frame, type: string, native: NativeCall): Value {
  return frame.machine.domain.of(library(frame, type, native.site))
}

export function namespaceObject(frame: Frame, native: NativeCall): Value {
  const object = library(frame, 'types.SimpleNamespace', native.site)
  for (const [name, value] of native.args.kw) setField(frame.machine, object, name, value)
  return frame.machine.domain.of(object)
}

export function namespaceItem(m: Machine, owner: Value | null, key: Value): Value {
  const name = stringOf(key)
  const atom = owner === null ? null : only(owner)
  if (name === null || atom === null) return m.domain.unknown('dynamic-getattr', true)
  return rawMember(m, atom, name) ?? m.builtins.get(name) ?? m.domain.unknown('attribute')
}
