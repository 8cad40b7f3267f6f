// Objects of library types that the models make (SimpleNamespace and the like), and names looked up by a computed key.
// One object per place of the call: the same allocation is found again in every round.
import { allocate } from '../machine/frames.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { RESOLVED, type Atom, type Value, only, stringOf } from './values.ts'
import type { NativeCall } from '../natives/native.ts'
import { rawMember, setField } from '../objects/namespaces.ts'

export function library(m: Machine, frame: Frame, type: string, at: CallSite): Extract<Atom, { kind: 'instance' }> {
  return allocate(m, frame, `obj${at.site.module.file}:${at.site.p}:${type}`, () =>
    m.domain.make({
      kind: 'instance',
      cls: null,
      ext: type,
      resolution: RESOLVED,
      fields: new Map(),
      site: at.site,
      multiple: false,
      pending: null,
      slots: new Map(),
    }),
  )
}

export function modelled(m: Machine, frame: Frame, type: string, native: NativeCall): Value {
  return m.domain.of(library(m, frame, type, native.site))
}

export function namespaceObject(m: Machine, frame: Frame, native: NativeCall): Value {
  const object = library(m, frame, 'types.SimpleNamespace', native.site)
  for (const [name, value] of native.args.kw) setField(m, object, name, value)
  return m.domain.of(object)
}

export function namespaceItem(m: Machine, owner: Value | null, key: Value): Value {
  const name = stringOf(key)
  const atom = owner === null ? null : only(owner)
  if (name === null || atom === null) return m.domain.unknown('dynamic-getattr', true)
  return rawMember(m, atom, name) ?? m.builtins.get(name) ?? m.domain.unknown('attribute')
}
