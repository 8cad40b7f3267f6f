// Reading an attribute where an AttributeError has an answer of its own: `hasattr`, `getattr` with a default, `__getattribute__` before
// `__getattr__`. Other errors go on to whoever catches them.
import { rebase } from '../machine/frames.ts'
import { started } from '../suspended/detached.ts'
import type { Frame, Target } from '../machine/machine.ts'
import type { Value } from '../domain/values.ts'

/** `found`: bottom where the reading never comes to its end. `missing`: it may end in an AttributeError. */
export function attempt(frame: Frame, read: () => Value): { readonly found: Value; readonly missing: boolean } {
  const m = frame.machine
  const target: Target = { mark: m.store.mark(), exits: [] }
  frame.raises.push(target)
  const value = read()
  frame.raises.pop()
  const found = m.stopped ? m.domain.bottom : value
  if (target.exits.length === 0) return { found, missing: false }
  const attributeError = m.domain.native('AttributeError')
  const caught = target.exits.filter((exit) => m.ops.catches(exit.value, [attributeError]) !== false)
  const others = target.exits.filter((exit) => !caught.includes(exit))
  const ended = m.stopped ? null : m.store.collect(target.mark)
  m.store.undo(target.mark)
  const outer = frame.raises.at(-1)
  if (outer !== undefined) rebase(m, others, outer)
  m.store.applyJoin([...caught.map((exit) => exit.delta), ...(ended === null ? [] : [ended])])
  m.detached = started(caught, ended === null ? [] : m.detached)
  m.stopped = caught.length === 0 && ended === null
  return { found, missing: caught.length > 0 }
}
