// contextvars and threading.local: what is kept for a context or a thread (suspended/contexts.ts).
// A variable that nothing has set gives its default.
import { addLocal, addVariable, currentContext, inContext, type ContextValues } from '../suspended/contexts.ts'
import { only, type InstanceAtom, type Value } from '../domain/values.ts'
import type { Machine } from '../machine/machine.ts'
import { argument, type Native, type NativeCall, type Natives } from './native.ts'
import { runWithRest } from './kept-calls.ts'

const selfOf = (call: NativeCall): InstanceAtom | null => {
  const self = call.self === null ? null : only(call.self)
  return self?.kind === 'instance' ? self : null
}

const variable: Native = (frame, call) => {
  const m = frame.machine
  const made = m.ops.modelled(frame, 'contextvars.ContextVar', call)
  const self = only(made)
  if (self?.kind !== 'instance') return made
  m.ops.setSlot(self, 'default', call.args.kw.get('default') ?? m.domain.bottom)
  addVariable(m, self)
  return made
}

const set: Native = (frame, call) => {
  const m = frame.machine
  const self = selfOf(call)
  if (self === null) return m.domain.unknown('token')
  const before = m.ops.slot(self, 'value')
  m.ops.setSlot(self, 'value', argument(frame, call, 0))
  return m.domain.special('token', [before])
}

const get: Native = (frame, call) => {
  const m = frame.machine
  const self = selfOf(call)
  if (self === null) return m.domain.unknown('element')
  const value = m.ops.slot(self, 'value')
  if (value.atoms.length > 0) return value
  const fallback = call.args.pos[0] ?? m.ops.slot(self, 'default')
  return fallback.atoms.length > 0 ? fallback : m.domain.unknown('element')
}

const reset: Native = (frame, call) => {
  const m = frame.machine
  const self = selfOf(call)
  const token = only(argument(frame, call, 0))
  if (self !== null)
    m.ops.setSlot(
      self,
      'value',
      token?.kind === 'special' ? (token.parts[0] ?? m.domain.bottom) : m.domain.unknown('element'),
    )
  return m.domain.none
}

/** A copy of what is set now. */
const copy: Native = (frame, call) => {
  const m = frame.machine
  const made = m.ops.modelled(frame, 'contextvars.Context', call)
  const self = only(made)
  if (self?.kind === 'instance') keep(m, self, currentContext(m))
  return made
}

/** A context that code refers to holds what each variable is set to in a slot of the variable's name. */
function keep(m: Machine, context: InstanceAtom, values: ContextValues): void {
  for (const owner of m.contextual.variables) {
    const cell = owner.slots.get('value')
    if (cell !== undefined) m.ops.setSlot(context, `variable ${owner.id}`, values.get(cell) ?? m.domain.bottom)
  }
}

function kept(m: Machine, context: InstanceAtom): ContextValues {
  const out = new Map<NonNullable<ReturnType<InstanceAtom['slots']['get']>>, Value>()
  for (const owner of m.contextual.variables) {
    const cell = owner.slots.get('value')
    if (cell !== undefined) out.set(cell, m.ops.slot(context, `variable ${owner.id}`))
  }
  return out
}

/** `Context().run(f, …)`: calls it, and keeps what it sets. */
const run: Native = (frame, call) => {
  const m = frame.machine
  const context = selfOf(call)
  if (context === null) return runWithRest(frame, call)
  let value = m.domain.bottom
  const after = inContext(m, kept(m, context), () => {
    value = runWithRest(frame, call)
  })
  keep(m, context, after)
  return value
}

const local: Native = (frame, call) => {
  const made = frame.machine.ops.modelled(frame, 'threading.local', call)
  for (const atom of made.atoms) if (atom.kind === 'instance') addLocal(frame.machine, atom)
  return made
}

export const CONTEXTS: Natives = {
  'contextvars.ContextVar': variable,
  'contextvars.ContextVar.set': set,
  'contextvars.ContextVar.get': get,
  'contextvars.ContextVar.reset': reset,
  'contextvars.copy_context': copy,
  'contextvars.Context': (frame, call) => frame.machine.ops.modelled(frame, 'contextvars.Context', call),
  'contextvars.Context.run': run,
  'threading.local': local,
}
