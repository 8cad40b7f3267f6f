// The end of objects: `__del__` runs when the last name of an object goes away, at `del` or when the function whose variable held it is left.
// Whether anything else holds the object is read off the cells that were written; what is kept anywhere is not finalised (nobody says when it will be).
import { contained } from '../suspended/awaiting.ts'
import { implied, unwritten } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { classMember } from './members.ts'
import { OVER } from '../suspended/renewal.ts'
import type { Cell } from '../domain/state.ts'
import {
  only,
  positional,
  type Atom,
  type ContainerAtom,
  type Env,
  type InstanceAtom,
  type Site,
  type Value,
} from '../domain/values.ts'

/** A reference that goes: `del x`, rebinding `x`, an expression whose value nobody takes. The last one ends the object. */
export function finalise(frame: Frame, value: Value, site: CallSite): void {
  const m = frame.machine
  const atom = only(value)
  if (!m.finalisers || atom === null) return
  if (atom.kind === 'container' && !atom.multiple) return finaliseContents(frame, atom, site)
  if (atom.kind !== 'instance' || atom.cls === null || atom.multiple) return
  if (!isFinalised(m, atom)) return
  if (!isHeld(m, { target: atom, env: frame.env, names: NO_NAME }, new Set())) runFinaliser(frame, atom, site)
}
/** A container that nothing holds any more: what only it holds goes with it. */
function finaliseContents(frame: Frame, container: ContainerAtom, site: CallSite): void {
  const m = frame.machine
  if (!holdsFinalised(m, container, 0)) return
  if (isHeld(m, { target: container, env: frame.env, names: NO_NAME }, new Set())) return
  const cells = contentsOf(container)
  const own = new Set(cells.map(([cell]) => cell))
  for (const [cell, isPlace] of cells) {
    const value = m.store.read(cell)
    for (const atom of value.atoms) {
      if (atom.kind !== 'instance' || !isFinalised(m, atom)) continue
      if (isHeld(m, { target: atom, env: frame.env, names: NO_NAME }, own)) continue
      const run = (): void => runFinaliser(frame, atom, site)
      if (isPlace && only(value) === atom) run()
      else m.ops.maybe(frame, run)
    }
  }
}

/** Variables are cells like any other here. */
const NO_NAME = /(?!)/

/** What leaving a function does to the objects that only its variables hold. `result`: what the caller gets. `possible`: other paths leave in other ways. */
export function finaliseLocals(frame: Frame, result: Value, possible: boolean): void {
  const m = frame.machine
  if (!m.finalisers || frame.env.kind !== 'function') return
  const { env } = frame
  const site = unwritten(frame.summary.site, 'operator')
  const may = frame.may
  // every way out comes by here: as certain as that the object was made
  if (frame.summary.caught === null) frame.may = 0
  const leaving = leavingWith(frame, result)
  for (const [atom, { certain, names }] of leaving.objects) {
    if (isKept(m, { target: atom, env, names: anyOf(names) }, result, leaving.own)) continue
    const run = (): void => runFinaliser(frame, atom, site)
    if (certain && !possible) run()
    else m.ops.maybe(frame, run)
  }
  frame.may = may
}

/** What goes away with the variables of a call. */
interface Leaving {
  /** objects with something to do at their end; whether a variable certainly holds them, by itself or in what it holds; these variables */
  readonly objects: ReadonlyMap<InstanceAtom, { readonly certain: boolean; readonly names: readonly string[] }>
  /** the variables, and the contents of what nothing but them holds */
  readonly own: ReadonlySet<Cell>
}

/** Looks through the variables that are not parameters, and through containers and objects that only they hold. */
function leavingWith(frame: Frame, result: Value): Leaving {
  const m = frame.machine
  const { env } = frame
  const given = new Set(frame.function?.fn.params.map((param) => param.n))
  const objects = new Map<InstanceAtom, { certain: boolean; names: string[] }>()
  const own = new Set<Cell>(env.vars.values())
  const visit = (name: string, cell: Cell, certain: boolean, depth: number): void => {
    const value = m.store.read(cell)
    for (const atom of value.atoms) {
      const sure = certain && only(value) === atom
      if (atom.kind === 'instance' && isFinalised(m, atom)) {
        const known = objects.get(atom)
        objects.set(atom, { certain: sure || known?.certain === true, names: [...(known?.names ?? []), name] })
      }
      if (depth >= DEEPEST || !isOwner(atom) || !holdsFinalised(m, atom, depth) || isCyclic(atom, [])) continue
      if (isKept(m, { target: atom, env, names: anyOf([name]) }, result, own)) continue
      for (const [inner, isPlace] of contentsOf(atom)) {
        own.add(inner)
        visit(name, inner, sure && isPlace, depth + 1)
      }
    }
  }
  for (const [name, cell] of env.vars) if (!given.has(name)) visit(name, cell, true, 0)
  return { objects, own }
}

type Owner = InstanceAtom | ContainerAtom

function isOwner(atom: Atom): atom is Owner {
  return !(atom.kind !== 'container' && atom.kind !== 'instance') && !atom.multiple
}

/** The cells of what an object holds, and whether each is one place of it. */
function contentsOf(atom: Owner): readonly (readonly [Cell, boolean])[] {
  const places = [...(atom.kind === 'instance' ? atom.fields : atom.known).values()].map(
    (cell) => [cell, true] as const,
  )
  return atom.kind === 'instance' ? places : [...places, [atom.rest, false], [atom.keys, false]]
}

function holdsFinalised(m: Machine, atom: Owner, depth: number): boolean {
  return contentsOf(atom).some(([{ value }]) =>
    value.atoms.some(
      (inner) =>
        (inner.kind === 'instance' && isFinalised(m, inner)) ||
        (depth + 1 < DEEPEST && isOwner(inner) && holdsFinalised(m, inner, depth + 1)),
    ),
  )
}

/** Objects that hold each other wait for the garbage collector. */
function isCyclic(atom: Owner, around: readonly Atom[]): boolean {
  const path = [...around, atom]
  return contentsOf(atom).some(([{ value }]) =>
    value.atoms.some((inner) => {
      if (path.includes(inner) || (inner.kind === 'bound' && path.includes(inner.self))) return true
      return path.length < DEEPEST && isOwner(inner) && isCyclic(inner, path)
    }),
  )
}

const anyOf = (names: readonly string[]): RegExp => new RegExp(`\\b(?:${names.join('|')})\\b`)

/** What `weakref.ref(object, f)` and `weakref.finalize(object, f)` keep for the end of an object. */
const AT_THE_END = 'at the end'

/** Keeps a callable for the end of the objects. */
export function callAtEnd(m: Machine, objects: Value, callback: Value): void {
  for (const atom of objects.atoms) if (atom.kind === 'instance') m.ops.push(atom, AT_THE_END, callback)
  m.finalisers = true
}

function isFinalised(m: Machine, atom: InstanceAtom): boolean {
  if (atom.cls === null) return false
  return classMember(m, atom.cls, '__del__') !== null || m.ops.slot(atom, AT_THE_END).atoms.length > 0
}

/** An error in `__del__` or a callback is printed and forgotten. */
function runFinaliser(frame: Frame, atom: InstanceAtom, site: CallSite): void {
  const m = frame.machine
  const method = m.ops.typeMethod(frame, atom, '__del__')
  const step = implied(site, 'operator')
  if (method !== null) contained(frame, true, () => m.ops.call(frame, method, positional(), step))
  for (const callback of m.ops.slot(atom, AT_THE_END).atoms) {
    // nothing stands where an object ends: the code of a text stands where the text does
    const place = textOf(m, callback) ?? site.site
    contained(frame, true, () =>
      m.ops.callAtom(frame, callback, positional(), implied({ ...site, site: place }, 'invoke')),
    )
  }
  if (atom.slots.has(AT_THE_END)) m.ops.setSlot(atom, AT_THE_END, m.domain.bottom)
}

/** Where the text of a function stands that `eval` or `exec` made; null for others. */
function textOf(m: Machine, callback: Atom | null): Site | null {
  if (callback?.kind === 'special') return textOf(m, only(callback.parts[0] ?? m.domain.bottom))
  if (callback?.kind === 'instance') return textOf(m, only(m.ops.slot(callback, 'callback')))
  const f = callback
  if (f?.kind !== 'function' || !m.textFunctions.has(f.fn)) return null
  return { module: f.env.module.info, p: f.fn.p, e: f.fn.e }
}

/** Whether anything but what goes away with this call (and with calls that are over) holds the object. */
function isKept(m: Machine, held: Held, result: Value, own: ReadonlySet<Cell>): boolean {
  return holds(result, held, 0) || isHeld(m, held, own)
}

function isHeld(m: Machine, held: Held, own: ReadonlySet<Cell>): boolean {
  for (const cell of m.store.written())
    if (!own.has(cell) && cell.birth !== OVER && holds(cell.value, held, 0)) return true
  return false
}

interface Held {
  readonly target: Atom
  /** the scope whose variables go away, and which of them hold the object: a closure over one of those keeps it */
  readonly env: Env
  readonly names: RegExp
}

/** Containers and fields are cells of their own; this looks through what has none. */
function holds(value: Value, held: Held, depth: number): boolean {
  return value.atoms.some((atom) => atomHolds(atom, held, depth))
}

const DEEPEST = 4

function atomHolds(atom: Atom, held: Held, depth: number): boolean {
  if (atom === held.target) return true
  if (depth >= DEEPEST) return false
  switch (atom.kind) {
    case 'bound':
      return atomHolds(atom.self, held, depth + 1) || atomHolds(atom.func, held, depth + 1)
    case 'special':
      // a weak reference keeps nothing alive
      return atom.type !== 'nullary' && atom.parts.some((part) => holds(part, held, depth + 1))
    case 'function':
      return closesOver(atom.env, held) && held.names.test(atom.env.module.info.text.slice(atom.fn.p, atom.fn.e))
    case 'generator':
      return [...(atom.args?.values() ?? []), ...(atom.source === null ? [] : [atom.source])].some((part) =>
        holds(part, held, depth + 1),
      )
    case 'native':
      return atom.self !== null && holds(atom.self, held, depth + 1)
    default:
      return false
  }
}

function closesOver(from: Env, held: Held): boolean {
  for (let env: Env | null = from; env !== null; env = env.parent) if (env === held.env) return true
  return false
}
