// The end of objects: `__del__` runs when the last name of an object goes away, at `del` or when the function whose variable held it is left.
// Whether anything else holds the object is read off the cells that were written; what is kept anywhere is not finalised (nobody says when it will be).
import { contained } from '../suspended/awaiting.ts'
import { implied, unwritten } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { classMember } from './members.ts'
import { OVER } from '../suspended/renewal.ts'
import type { Cell } from '../domain/state.ts'
import { only, positional, type Atom, type Env, type InstanceAtom, type Value } from '../domain/values.ts'

/** A reference that goes: `del x`, rebinding `x`, an expression whose value nobody takes. The last one ends the object. */
export function finalise(frame: Frame, value: Value, site: CallSite): void {
  const m = frame.machine
  const atom = only(value)
  if (!m.finalisers || atom?.kind !== 'instance' || atom.cls === null || atom.multiple) return
  if (!isFinalised(m, atom)) return
  if (!isHeld(m, { target: atom, env: frame.env, names: NO_NAME }, new Set())) runFinaliser(frame, atom, site)
}
/** Variables are cells like any other here. */
const NO_NAME = /(?!)/

/** What leaving a function does to the objects that only its variables hold. `result`: what the caller gets. */
export function finaliseLocals(frame: Frame, result: Value): void {
  const m = frame.machine
  if (!m.finalisers || frame.env.kind !== 'function') return
  const { env } = frame
  const site = unwritten(frame.summary.site, 'operator')
  const may = frame.may
  // every way out comes by here: as certain as that the object was made
  if (frame.summary.caught === null) frame.may = 0
  for (const [atom, certain] of candidates(frame)) {
    if (isKept(m, env, atom, result)) continue
    const run = (): void => runFinaliser(frame, atom, site)
    if (certain) run()
    else m.ops.maybe(frame, site.site, run)
  }
  frame.may = may
}

/** Objects with `__del__` in variables that are not parameters, and whether a variable certainly holds them. */
function candidates(frame: Frame): ReadonlyMap<InstanceAtom, boolean> {
  const given = new Set(frame.function?.fn.params.map((param) => param.n))
  const out = new Map<InstanceAtom, boolean>()
  for (const [name, cell] of frame.env.vars) {
    if (given.has(name)) continue
    const value = frame.machine.store.read(cell)
    for (const atom of value.atoms)
      if (atom.kind === 'instance' && isFinalised(frame.machine, atom))
        out.set(atom, out.get(atom) === true || only(value) === atom)
  }
  return out
}

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
  for (const callback of m.ops.slot(atom, AT_THE_END).atoms)
    contained(frame, true, () => m.ops.callAtom(frame, callback, positional(), implied(site, 'invoke')))
  if (atom.slots.has(AT_THE_END)) m.ops.setSlot(atom, AT_THE_END, m.domain.bottom)
}

/** Whether anything but the variables of this call (and of calls that are over) holds the object. */
function isKept(m: Machine, env: Env, target: InstanceAtom, result: Value): boolean {
  const names = [...env.vars].filter(([, cell]) => cell.value.atoms.includes(target)).map(([name]) => name)
  const held: Held = { target, env, names: new RegExp(`\\b(?:${names.join('|')})\\b`) }
  if (holds(result, held, 0)) return true
  return isHeld(m, held, new Set<Cell>(env.vars.values()))
}

function isHeld(m: Machine, held: Held, own: ReadonlySet<Cell>): boolean {
  for (const cell of m.store.written())
    if (!own.has(cell) && cell.birth !== OVER && holds(cell.value, held, 0)) return true
  return false
}

interface Held {
  readonly target: InstanceAtom
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
