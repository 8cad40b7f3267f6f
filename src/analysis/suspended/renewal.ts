// Objects that a loop makes anew in every round. The object of the round that runs now is told apart from those of the rounds before, for which one
// other object stands ("recency"): where the state still holds the old one it is renamed, then the place's object starts empty again.
// Only cells can be renamed. An object that may be under way outside of cells (a result, an element that is walked) stays one for all rounds.
import type { Machine } from '../machine/machine.ts'
import type { Cell } from '../domain/state.ts'
import type { Atom, ContainerAtom, InstanceAtom, Value } from '../domain/values.ts'

/** Cells written since the outermost loop began among which the names of an object are searched. */
const MAX_SEARCHED = 4000

/** The birth of a variable whose call is over: nothing reads it any more. */
export const OVER = Number.POSITIVE_INFINITY

/** A loop or a generator begins to run; `end` tells when it is over. */
export function enterRegion(m: Machine): void {
  if (m.region.depth++ > 0) return
  m.region.mark = m.store.mark()
  m.region.serial = m.nextRegion++
}

export function leaveRegion(m: Machine): void {
  m.region.depth--
}

/** A value leaves the call that made it, or is walked: its objects may be under way outside of cells from now on. */
export function handOut(m: Machine, value: Value): void {
  if (m.region.depth === 0) return
  for (const atom of value.atoms) handOutAtom(m, atom)
}

function handOutAtom(m: Machine, atom: Atom): void {
  if (atom.kind === 'instance' || atom.kind === 'container') m.handedOut.add(atom)
  else if (atom.kind === 'bound') handOutAtom(m, atom.self)
  else if (atom.kind === 'special') for (const part of atom.parts) for (const inner of part.atoms) handOutAtom(m, inner)
}

/** Makes the object of a place a new one. False = it cannot be told apart from the one before. */
export function renew(m: Machine, found: InstanceAtom | ContainerAtom): boolean {
  if (found.multiple || m.handedOut.has(found) || m.madeIn.get(found) !== m.region.serial) return false
  if (m.failures.has(found) || (found.kind === 'instance' && found.cls === null)) return false
  const started = m.detached.some(({ owner, holds }) => owner === found || holds.some((value) => heldBy(value, found)))
  const names = started ? null : namesOf(m, found)
  if (names === null) return false
  const older = olderOf(m, found)
  m.renewedAt.set(found, m.store.clock)
  for (const cell of names) {
    touch(m, cell)
    m.store.write(cell, renamed(m, cell.value, found, older))
  }
  if (found.kind === 'instance') moveFields(m, found.fields, (older as InstanceAtom).fields)
  else moveContents(m, found, older as ContainerAtom)
  return true
}

/** The cells that hold an object; null when something holds it that cannot be renamed. */
function namesOf(m: Machine, found: Atom): Set<Cell> | null {
  const cells = m.store.written()
  if (cells.length - m.region.mark > MAX_SEARCHED) return null
  const out = new Set<Cell>()
  for (let i = m.region.mark; i < cells.length; i++) {
    const cell = cells[i]
    if (cell === undefined || cell.birth === OVER || out.has(cell)) continue
    for (const atom of cell.value.atoms) {
      // what is older than the object was made without it
      if (atom.id < found.id) continue
      if (atom === found || (atom.kind === 'bound' && atom.self === found)) out.add(cell)
      else if (mentions(atom, found, 0)) return null
    }
  }
  return out
}

function heldBy(value: Value, found: Atom, depth = 0): boolean {
  for (const atom of value.atoms) if (atom.id >= found.id && mentions(atom, found, depth)) return true
  return false
}

const DEEPEST = 4

/** Whether an immutable part of an atom holds the object. */
function mentions(atom: Atom, found: Atom, depth: number): boolean {
  if (atom === found) return true
  const within = (value: Value): boolean => heldBy(value, found, depth + 1)
  switch (atom.kind) {
    case 'bound':
      return depth >= DEEPEST || mentions(atom.self, found, depth + 1) || mentions(atom.func, found, depth + 1)
    case 'special':
      return depth >= DEEPEST || atom.parts.some(within)
    case 'function':
      return [...atom.defaults.values()].some(within)
    case 'generator':
      return (
        depth >= DEEPEST ||
        [...(atom.args?.values() ?? []), ...present(atom.source), ...present(atom.comp?.first)].some(within)
      )
    case 'native':
      return atom.self !== null && (depth >= DEEPEST || within(atom.self))
    case 'super':
      return atom.self === found
    case 'container':
      return atom.factory !== null && (depth >= DEEPEST || within(atom.factory))
    case 'instance':
      return (
        atom.pending !== null &&
        (depth >= DEEPEST || [...atom.pending.args.pos, ...atom.pending.args.kw.values()].some(within))
      )
    default:
      return false
  }
}

function present(value: Value | null | undefined): readonly Value[] {
  return value === null || value === undefined ? [] : [value]
}

/** The one object for all earlier rounds. */
function olderOf(m: Machine, found: InstanceAtom | ContainerAtom): InstanceAtom | ContainerAtom {
  const known = m.older.get(found)
  if (known !== undefined) return known
  const { id: _, single: __, ...draft } = found
  const older =
    draft.kind === 'instance'
      ? m.domain.make({ ...draft, fields: new Map(), slots: new Map(), multiple: true })
      : m.domain.make({
          ...draft,
          known: new Map(),
          rest: m.store.cell(m.domain.bottom),
          length: m.store.cell(m.domain.bottom),
          keys: m.store.cell(m.domain.bottom),
          multiple: true,
        })
  m.older.set(found, older)
  return older
}

function renamed(m: Machine, value: Value, found: Atom, older: Atom): Value {
  return m.domain.union(
    value.atoms.flatMap((atom) => {
      if (atom === found) return [older]
      return atom.kind === 'bound' && atom.self === found ? m.domain.bound(atom.func, older).atoms : [atom]
    }),
  )
}

/** A summary that renames what is outside of its call holds for that state only. */
function touch(m: Machine, cell: Cell): void {
  const { recorder } = m.store
  if (recorder !== null) recorder.renamed = Math.min(recorder.renamed, Math.max(cell.birth, cell.stamp))
}

function moveFields(m: Machine, from: Map<string, Cell>, to: Map<string, Cell>): void {
  for (const [name, cell] of from) move(m, cell, m.store.cellIn(to, name, 0), m.domain.unbound)
}

function moveContents(m: Machine, from: ContainerAtom, to: ContainerAtom): void {
  moveFields(m, from.known, to.known)
  move(m, from.rest, to.rest, m.domain.bottom)
  move(m, from.keys, to.keys, m.domain.bottom)
  m.store.read(from.length)
  m.store.write(from.length, m.domain.constant('int', 0))
  m.store.write(to.length, m.domain.typed('int'))
}

function move(m: Machine, from: Cell, to: Cell, initial: Value): void {
  const value = m.store.read(from)
  if (value === initial) return
  m.store.weaken(to, value)
  m.store.write(from, initial)
}
