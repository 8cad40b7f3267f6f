// What context variables and attributes of `threading.local` hold for code that runs in a context of its own: a task has a copy of the one in which
// it was made, a thread begins with an empty one. What such code sets is gone for everybody else when it is over.
import type { Cell } from '../domain/state.ts'
import { setSlot, slot } from '../domain/slots.ts'
import type { InstanceAtom, Value } from '../domain/values.ts'
import type { Machine } from '../machine/machine.ts'

/** What context variables hold; one that is not named is not set. */
export type ContextValues = ReadonlyMap<Cell, Value>

/** A thread's first context. */
export const EMPTY_CONTEXT: ContextValues = new Map()

/** Variables of contexts, and objects whose attributes belong to one thread, as far as code has made any. */
export interface Contextual {
  readonly variables: Set<InstanceAtom>
  readonly locals: Set<InstanceAtom>
}

/** The slot of a context variable that holds its value. */
const VALUE = 'value'
/** Slots of a `threading.local` object: written where it is made, and true while another thread than the first one runs. */
const MADE = 'made'
const ELSEWHERE = 'elsewhere'

/** Takes note of a context variable. */
export function addVariable(m: Machine, variable: InstanceAtom): void {
  setSlot(m, variable, VALUE, m.domain.bottom)
  m.contextual.variables.add(variable)
}

/** Takes note of an object whose attributes each thread has for itself. */
export function addLocal(m: Machine, local: InstanceAtom): void {
  setSlot(m, local, MADE, m.domain.true)
  m.contextual.locals.add(local)
}

/** Whether nobody but the code that was seen can have set attributes of the object in this thread. */
export function isFresh(m: Machine, local: InstanceAtom): boolean {
  if (slot(m, local, ELSEWHERE) === m.domain.true) return true
  const cell = local.slots.get(MADE)
  return cell !== undefined && m.store.read(cell) === m.domain.true && cell.stamp >= m.phaseStart
}

const variableCells = (m: Machine): Cell[] =>
  [...m.contextual.variables].flatMap((variable) => variable.slots.get(VALUE) ?? [])

/** What is set now. */
export function currentContext(m: Machine): ContextValues {
  return m.contextual.variables.size === 0
    ? EMPTY_CONTEXT
    : new Map(variableCells(m).map((cell) => [cell, m.store.read(cell)]))
}

/** Runs something in a context; answers with what the context holds afterwards. */
export function inContext(m: Machine, values: ContextValues, run: () => void): ContextValues {
  if (m.contextual.variables.size === 0) {
    run()
    return currentContext(m)
  }
  const before = currentContext(m)
  enter(m, values)
  run()
  const after = currentContext(m)
  enter(m, before)
  return after
}

function enter(m: Machine, values: ContextValues): void {
  for (const cell of variableCells(m)) {
    const value = values.get(cell) ?? m.domain.bottom
    if (cell.value !== value) m.store.write(cell, value)
  }
}

/** Runs something in another thread, which has seen none of the objects whose attributes belong to one thread. */
export function inThread(m: Machine, run: () => void): void {
  const locals = [...m.contextual.locals]
  const fields = (): Cell[] => locals.flatMap((local) => [...local.fields.values()])
  const before = new Map(fields().map((cell) => [cell, m.store.read(cell)]))
  const around = locals.map((local) => slot(m, local, ELSEWHERE))
  for (const cell of before.keys()) m.store.write(cell, m.domain.unbound)
  for (const local of locals) setSlot(m, local, ELSEWHERE, m.domain.true)
  run()
  for (const cell of fields()) m.store.write(cell, before.get(cell) ?? m.domain.unbound)
  locals.forEach((local, index) => setSlot(m, local, ELSEWHERE, around[index] ?? m.domain.bottom))
}
