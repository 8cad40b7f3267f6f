// Reading an attribute of an instance that a session loaded: a relationship that did not come with it, a column that was left out, and the first
// attribute after a commit ask the database, once.
import { recordOperation } from '../machine/frames.ts'
import { isLeftOut, loadsOf, through } from '../library/loads.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { ASSUMED, type CallArgs, type InstanceAtom, type Value } from '../domain/values.ts'
import { classMember, type InstanceRead, type ObjectReceiver } from '../objects/members.ts'
import { came, isExpired, isStored, loaded, refreshed } from './instances.ts'
import { backrefTo, fieldKind, isAnnotated, isPrimaryKey, loading, nameOf, targetOf } from './mapping.ts'
import { dynamicQuery } from './queries.ts'

const BASE = 'sqlalchemy.orm.DeclarativeBase'

function recordRead(frame: Frame, what: string, site: CallSite): void {
  const [row] = frame.machine.catalogue.rows(`${BASE}.<${what}>`)
  if (row !== undefined) recordOperation(frame, row, { site: site.site, resolution: ASSUMED, built: null })
}

/** Before an attribute is looked up: one that is mapped brings everything back that a commit expired. */
export function readAgain(frame: Frame, { self, cls, name }: InstanceRead, site: CallSite): void {
  const m = frame.machine
  if (!isExpired(m, self)) return
  const mapped = classMember(m, cls, name)?.atoms.some((a) => a.kind === 'instance' && fieldKind(m, a) !== null)
  if (mapped !== true && !isAnnotated(cls, name)) return
  recordRead(frame, 'expired-attribute', site)
  refreshed(m, self)
}

/** A mapped attribute read through an instance that was loaded; null when it is no such attribute, or simply there. */
export function mappedValue(
  frame: Frame,
  field: InstanceAtom,
  { self, cls }: ObjectReceiver,
  site: CallSite,
): Value | null {
  const m = frame.machine
  if (self.kind !== 'instance' || !isStored(m, self)) return null
  const kind = fieldKind(m, field)
  const name = kind === null ? null : nameOf(m, cls, field)
  if (name === null) return null
  const read = { field, self, cls, name }
  return kind === 'relationship' ? related(frame, read, site) : column(frame, read, kind === 'deferred', site)
}

interface MappedRead extends InstanceRead {
  /** what stands on the class: `relationship()`, `Column()` */
  readonly field: InstanceAtom
}

function related(frame: Frame, read: MappedRead, site: CallSite): Value {
  const m = frame.machine
  const { field, self, cls, name } = read
  const { classes, many } = targetOf(m, cls, field)
  const how = loading(m, field)
  if (how === 'query') return dynamicQuery(frame, classes, site.site)
  if (how === 'ask' && !came(m, self, name)) recordRead(frame, 'lazy-relationship', site)
  return keep(frame, read, { classes, many }, site)
}

/** What a relationship gives is kept: it is asked for once. */
function keep(
  frame: Frame,
  { self, name }: InstanceRead,
  target: { readonly classes: Value; readonly many: boolean | null },
  site: CallSite,
): Value {
  const m = frame.machine
  const loads = through(loadsOf(m, self), name)
  const one =
    target.classes.atoms.length === 0
      ? m.domain.unknown('untyped-parameter')
      : loaded(frame, target.classes, { session: m.domain.bottom, site: site.site, loads })
  const list = (): Value => m.ops.newList(frame, site.site, one)
  const value = target.many === null ? one : target.many ? list() : one
  m.ops.setField(self, name, value)
  return value
}

function column(frame: Frame, { field, self, name }: MappedRead, deferred: boolean, site: CallSite): Value | null {
  const m = frame.machine
  const loads = loadsOf(m, self)
  const asked = loads.includes(`with:${name}`) || loads.includes('with:*') || loads.includes(`only:${name}`)
  if (isPrimaryKey(m, field) || !(isLeftOut(loads, name) || (deferred && !asked))) return null
  recordRead(frame, 'deferred-column', site)
  const value = m.domain.unknown('untyped-parameter')
  m.ops.setField(self, name, value)
  return value
}

/** What a relationship of another class adds (`backref=`); null when none has that name. */
export function backrefValue(frame: Frame, read: InstanceRead, site: CallSite): Value | null {
  const m = frame.machine
  const { self, cls, name } = read
  if (name.startsWith('_') || !isStored(m, self)) return null
  const target = backrefTo(m, cls, name)
  if (target === null) return null
  if (!came(m, self, name)) recordRead(frame, 'lazy-relationship', site)
  return keep(frame, read, target, site)
}

/** The constructor of a mapped class keeps what it is given: a relationship among it is not asked for. */
export function buildMapped(m: Machine, object: InstanceAtom, args: CallArgs): void {
  for (const [name, value] of args.kw) {
    const member = object.cls === null ? null : classMember(m, object.cls, name)
    if (member?.atoms.some((a) => a.kind === 'instance' && fieldKind(m, a) !== null) === true)
      m.ops.setField(object, name, value)
  }
}
