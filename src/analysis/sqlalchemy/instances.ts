// Instances of mapped classes that a session knows: what came with them, and when what they have is no longer valid.
// After a commit, a rollback or `expire()` the first attribute that is read asks the database again.
import { hasRelation, loadsOf, setLoads, type Loads } from '../library/loads.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { newInstance } from '../objects/construction.ts'
import type { InstanceAtom, Site, Value } from '../domain/values.ts'
import { fieldKind } from './mapping.ts'

/** Set on instances that have a row in the database. */
const STORED = 'sqlalchemy:stored'
/** Set on instances whose attributes have to be read again. */
const EXPIRED = 'sqlalchemy:expired'
/** The instances that a session knows. */
const KNOWN = 'sqlalchemy:known'
/** Set on sessions, and on what makes them, that expire nothing when they commit. */
const KEEPS = 'sqlalchemy:keeps'

export const isStored = (m: Machine, object: InstanceAtom): boolean =>
  object.slots.has(STORED) && m.ops.slot(object, STORED).atoms.length > 0

export const isExpired = (m: Machine, object: InstanceAtom): boolean =>
  object.slots.has(EXPIRED) && m.ops.slot(object, EXPIRED) === m.domain.true

/** Its columns were read. */
export function refreshed(m: Machine, object: InstanceAtom): void {
  if (object.slots.has(EXPIRED)) m.ops.setSlot(object, EXPIRED, m.domain.false)
}

/** The session that a query runs in, where, and what the query loads besides. */
interface Loading {
  readonly session: Value
  readonly site: Site
  readonly loads: Loads
}

/** Instances that a query gave, with what it loaded, known to its session. */
export function loaded(frame: Frame, models: Value, { session, site, loads }: Loading): Value {
  const m = frame.machine
  const made: Value[] = []
  for (const model of models.atoms) {
    if (model.kind !== 'class') continue
    const object = newInstance(frame, model, `mapped${site.module.file}:${site.p}:${site.e}:${model.id}`, site)
    m.ops.setSlot(object, STORED, m.domain.true)
    m.ops.setSlot(object, EXPIRED, m.domain.false)
    setLoads(m, object, loads)
    made.push(m.domain.of(object))
  }
  const objects = m.domain.joinAll(made)
  attach(m, session, objects)
  return objects
}

/** `session.add(x)`: the session knows the object from now on. */
export function attach(m: Machine, session: Value, objects: Value): void {
  const known = m.domain.filter(objects, (a) => a.kind === 'instance' && a.cls !== null)
  if (known.atoms.length === 0) return
  for (const atom of known.atoms) if (atom.kind === 'instance') prepare(m, atom)
  for (const atom of session.atoms) if (atom.kind === 'instance') m.ops.push(atom, KNOWN, known)
}

/** What is asked of an object later is there from the start: a summary remembers only what it read. */
function prepare(m: Machine, object: InstanceAtom): void {
  if (!object.slots.has(STORED)) m.ops.setSlot(object, STORED, m.domain.bottom)
  if (!object.slots.has(EXPIRED)) m.ops.setSlot(object, EXPIRED, m.domain.false)
}

/** `flush()`: what was added has its row now. */
export function flushed(m: Machine, session: InstanceAtom): void {
  for (const atom of m.ops.slot(session, KNOWN).atoms)
    if (atom.kind === 'instance' && !isStored(m, atom)) m.ops.setSlot(atom, STORED, m.domain.true)
}

/** `commit()`, `rollback()` and `expire_all()`. */
export function expireAll(m: Machine, session: InstanceAtom): void {
  expire(m, m.ops.slot(session, KNOWN))
}

/** What the objects have is not valid any more, what relationships gave included. */
export function expire(m: Machine, objects: Value): void {
  for (const atom of objects.atoms) {
    if (atom.kind !== 'instance' || atom.cls === null) continue
    m.ops.setSlot(atom, STORED, m.domain.true)
    m.ops.setSlot(atom, EXPIRED, m.domain.true)
    forgetRelations(m, atom)
  }
}

/** `refresh(x)`: the columns, and the relationships that are named. */
export function refresh(m: Machine, objects: Value, names: readonly string[]): void {
  for (const atom of objects.atoms) {
    if (atom.kind !== 'instance' || atom.cls === null) continue
    m.ops.setSlot(atom, STORED, m.domain.true)
    refreshed(m, atom)
    if (names.length === 0) forgetRelations(m, atom)
    setLoads(m, atom, [...loadsOf(m, atom), ...names.map((name) => `join:${name}`)])
  }
}

/** Relationships are loaded anew when they are read next. */
function forgetRelations(m: Machine, self: InstanceAtom): void {
  setLoads(
    m,
    self,
    loadsOf(m, self).filter((one) => !one.startsWith('join:')),
  )
  for (const base of self.cls?.mro ?? [])
    for (const [name, cell] of base.kind === 'class' ? base.fields : []) {
      const relation = cell.value.atoms.some((a) => a.kind === 'instance' && fieldKind(m, a) === 'relationship')
      const own = relation ? self.fields.get(name) : undefined
      if (own !== undefined) m.store.write(own, m.domain.unbound)
    }
}

export const came = (m: Machine, object: InstanceAtom, name: string): boolean => hasRelation(loadsOf(m, object), name)

/** A session made with `expire_on_commit=False`, or by a factory that was. */
export const keeps = (m: Machine, session: InstanceAtom): boolean => m.ops.slot(session, KEEPS).atoms.length > 0

export function setKeeps(m: Machine, object: InstanceAtom): void {
  m.ops.setSlot(object, KEEPS, m.domain.true)
}
