// Summaries of function bodies: when one may be used again (what it read is as it was), and how many are kept.
// A function that is analysed very often is told apart by the code it can run, no longer by its data.
import { settle } from './frames.ts'
import { started } from '../suspended/detached.ts'
import { handOut, OVER } from '../suspended/renewal.ts'
import type { FunctionIr } from '../../ir/model.ts'
import { MAX_OPERATIONS } from './budgets.ts'
import type { Exit, Frame, Machine, Summary } from './machine.ts'
import type { MemoEntry } from './memo.ts'
import type { Delta, Recorder } from '../domain/state.ts'
import type { Atom, ContainerAtom, FunctionAtom, Value } from '../domain/values.ts'

/** Joins the ways out of a body into its summary. */
export function complete(inner: Frame, ends: boolean): void {
  const m = inner.machine
  const { summary } = inner
  let result = ends ? m.domain.join(summary.result, m.domain.none) : summary.result
  for (const exit of inner.returns.exits) result = m.domain.join(result, exit.value)
  const returns = settle(m, inner.returns, ends)
  summary.result = result
  summary.returns = returns
  const raised = inner.raises[0]
  summary.raises = raised === undefined ? [] : raised.exits.map((exit) => exit.value)
  summary.raiseDelta = null
  summary.raiseDetached = raised === undefined ? [] : started(raised.exits, null)
  if (raised !== undefined && raised.exits.length > 0) {
    if (!returns) settle(m, raised, false)
    else summary.raiseDelta = joined(m, raised.exits, inner)
  }
  handOut(m, result)
  for (const error of summary.raises) handOut(m, error)
  m.ops.finaliseLocals(inner, result, false)
  if (inner.env.kind === 'function' && !inner.env.captured)
    for (const cell of inner.env.vars.values()) cell.birth = OVER
}

/** The join of the states in which errors leave a call that also returns, relative to its start; the store is left as it is. */
function joined(m: Machine, exits: readonly Exit[], inner: Frame): Delta {
  const { mark } = inner
  const normal = m.store.collect(mark)
  m.store.undo(mark)
  m.store.applyJoin(exits.map((exit) => exit.delta))
  // what the variables hold here goes when the error is over
  m.ops.finaliseLocals(inner, m.domain.joinAll(exits.map((exit) => exit.value)), true)
  const out = m.store.collect(mark)
  m.store.undo(mark)
  m.store.apply(normal)
  return out
}

/** A summary that is used again. */
export interface Reuse {
  readonly entry: MemoEntry
  /** it is of the same data; otherwise only of the same code, and what it says of data is of other data */
  readonly exact: boolean
}

/** A summary that holds here, or null. */
export function reusable(m: Machine, func: FunctionAtom, key: string, hot: boolean): Reuse | null {
  for (const entry of m.memo.get(func)?.get(key) ?? []) {
    let valid = true
    let exact = true
    for (const [cell, value] of entry.reads) {
      if (cell.value === value) continue
      exact = false
      if (hot && entry.summary.returns && sameCode(cell.value, value)) continue
      valid = false
      break
    }
    if (!valid || (!hot && entry.escapes && entry.uses >= 0 && entry.uses < FRESH_COPIES)) {
      if (valid) entry.uses++
      continue
    }
    for (const cell of entry.reads.keys()) m.store.read(cell)
    // one object for several callers from now on
    share(entry)
    return { entry, exact }
  }
  return null
}

function share({ objects }: MemoEntry): void {
  for (const atom of objects) if (atom.kind === 'instance' || atom.kind === 'container') atom.multiple = true
}

/** Evaluations that count like one more analysis of the function. */
export const HEAT_EVALUATIONS = 1000
/** From this many analyses on, a function's constants are told apart by type only. */
export const WARM = 12
/** From this many on, a summary is used again although data differ, as long as no code (functions, objects of other classes) does. */
export const HOT = 40
/** Evaluations in one entry point or module body from which on fewer analyses of a function are "very often": in proportion to all that it has cost. */
const EXPENSIVE = 100_000

/** How often a function was analysed, in the measure of `WARM` and `HOT`. */
export function heatOf(m: Machine, fn: FunctionIr): number {
  const spent = MAX_OPERATIONS - m.budget.operations
  return (m.heat.get(fn) ?? 0) * Math.max(1, spent / EXPENSIVE)
}

/**
 * For a function that was analysed very often: a summary whose arguments run the same code, whatever objects they are. One that always raises says
 * nothing about other data.
 */
export function alike(m: Machine, func: FunctionAtom, args: ReadonlyMap<string, Value>): Reuse | null {
  for (const entries of m.memo.get(func)?.values() ?? []) {
    for (const entry of entries) {
      if (!entry.summary.returns) continue
      const same = [...args].every(([name, value]) => sameCode(value, entry.args.get(name) ?? value))
      if (same && [...entry.reads].every(([cell, value]) => cell.value === value || sameCode(cell.value, value)))
        return { entry, exact: false }
    }
  }
  return null
}

/** Constants become their type: of a summary for other data, and where a function calls itself with ever new ones. */
export function widened(m: Machine, value: Value): Value {
  return m.domain.joinAll(
    value.atoms.map((a) => (a.kind === 'const' && a.type !== 'none' ? m.domain.typed(a.type) : m.domain.of(a))),
  )
}

/** The objects of this call get what the summary's call did to its own, as far as that can be said of other data; gives the result. */
export function transferred(m: Machine, entry: MemoEntry, args: ReadonlyMap<string, Value>): Value {
  const stands = new Map<Atom, Atom>()
  for (const [name, value] of args)
    for (const atom of value.atoms)
      for (const other of entry.args.get(name)?.atoms ?? [])
        if (atom !== other && atom.kind === 'instance' && other.kind === 'instance' && other.cls === atom.cls)
          if (!value.atoms.includes(other)) stands.set(other, atom)
  const here = (value: Value): Value =>
    m.domain.joinAll(widened(m, value).atoms.map((a) => m.domain.of(stands.get(a) ?? a)))
  for (const [other, atom] of stands) {
    if (other.kind !== 'instance' || atom.kind !== 'instance') continue
    for (const [name, cell] of other.fields) {
      const written = entry.delta.get(cell)
      if (written === undefined || written === m.domain.unbound) continue
      const own = atom.fields.get(name)
      const before = own === undefined ? m.domain.unbound : m.store.read(own)
      const after = here(written)
      m.ops.setField(atom, name, before === m.domain.unbound ? after : m.domain.join(before, after))
    }
  }
  share(entry)
  return here(entry.summary.result)
}

/** Whether two values can run the same code: equal but for constants, objects of the same classes, and containers of such. */
function sameCode(now: Value, then: Value): boolean {
  return now.atoms.every((atom) =>
    atom.kind === 'container'
      ? then.atoms.some((other) => other === atom || (other.kind === 'container' && holdsSameCode(atom, other)))
      : runsAs(atom, then.atoms),
  )
}

/** Whether a thing, not a container, can do nothing that none of the others can. */
function runsAs(atom: Atom, others: readonly Atom[]): boolean {
  return others.some(
    (other) =>
      other === atom ||
      (isData(atom) && (other.kind === 'unknown' || (isData(other) && isNothing(other) === isNothing(atom)))) ||
      // too many to be told apart are as many once more, but not one of them
      (atom.kind === 'unknown' && other.kind === 'unknown') ||
      (atom.kind === 'instance' && other.kind === 'instance' && other.cls === atom.cls && other.ext === atom.ext),
  )
}

function isData(atom: Atom): boolean {
  return atom.kind === 'const' || atom.kind === 'typed' || atom.kind === 'unbound'
}

/** What code asks for before it makes, takes or imports a thing: nothing runs as something does. */
function isNothing(atom: Atom): boolean {
  return atom.kind === 'unbound' || (atom.kind === 'const' && atom.type === 'none')
}

/** A container of things that can do what those in the other one can; containers within are not looked into. */
function holdsSameCode(container: ContainerAtom, other: ContainerAtom): boolean {
  return container === other || everyHeld(container, (atom) => isInside(atom) || !everyHeld(other, isNot(atom)))
}

const isInside = (atom: Atom): boolean => atom.kind === 'container' || isData(atom)
const isNot =
  (atom: Atom) =>
  (other: Atom): boolean =>
    !runsAs(atom, [other])

/** Looks at what a container holds until something does not fit; most containers of much-analysed code hold nothing but data. */
function everyHeld(container: ContainerAtom, fits: (atom: Atom) => boolean): boolean {
  for (const { value } of container.known.values()) if (!value.atoms.every(fits)) return false
  return container.rest.value.atoms.every(fits)
}

/** Summaries kept for the same arguments in different surroundings. */
const MAX_STATES = 8
/** A factory is run again this often, so that its callers get objects of their own, before its summary is shared. */
const FRESH_COPIES = 24

export interface Finished {
  readonly recorder: Recorder
  readonly start: number
  readonly firstAtom: number
  readonly summary: Summary
  readonly detachedBefore: Machine['detached']
  readonly args: ReadonlyMap<string, Value>
}

/** Keeps what a call did for the next one. */
export function remember(m: Machine, func: FunctionAtom, key: string, run: Finished): void {
  let byKey = m.memo.get(func)
  if (byKey === undefined) {
    byKey = new Map()
    m.memo.set(func, byKey)
  }
  const entries = byKey.get(key) ?? []
  if (entries.length >= MAX_STATES) return
  const delta = m.store.collect(run.start)
  // it renamed objects of its surroundings: another state would need others
  if (run.recorder.renamed < run.recorder.start) return
  const isNew = (a: Value['atoms'][number]): boolean =>
    (a.id >= run.firstAtom && isObject(a)) || (m.renewedAt.get(a) ?? 0) >= run.recorder.start
  let escapes = run.summary.result.atoms.some(isNew)
  if (!escapes)
    for (const [cell, value] of delta) if (cell.birth < run.recorder.start && value.atoms.some(isNew)) escapes = true
  const objects = escapes
    ? [...new Set([run.summary.result, ...delta.values()].flatMap((value) => value.atoms.filter(isNew)))]
    : []
  if (escapes && entries.some((entry) => entry.escapes && entry.uses < FRESH_COPIES)) return
  const before = new Set(run.detachedBefore)
  // it joined work that somebody else had started: another call would not
  if (run.detachedBefore.some((task) => !m.detached.includes(task))) return
  entries.push({
    args: run.args,
    reads: run.recorder.reads,
    delta,
    summary: run.summary,
    detached: m.detached.filter((task) => !before.has(task)),
    escapes,
    objects,
    uses: 0,
  })
  byKey.set(key, entries)
}

function isObject(atom: Value['atoms'][number]): boolean {
  return (
    atom.kind === 'instance' ||
    atom.kind === 'container' ||
    atom.kind === 'function' ||
    atom.kind === 'generator' ||
    atom.kind === 'class' ||
    atom.kind === 'bound'
  )
}

export function mergeDetached(a: Machine['detached'], b: Machine['detached']): Machine['detached'] {
  if (b.length === 0 || a === b) return a
  return [...new Map([...a, ...b].map((task) => [task.key, task])).values()]
}
