// Relations of model instances: a foreign key read from a stored instance sends a query unless it was read before or loaded with it; the many side
// and the reverse of a foreign key are managers of the other model.
import type { ClassIr, Expr } from '../../ir/model.ts'
import type { LoadedModule } from '../../program/program.ts'
import { recordOperation } from '../machine/frames.ts'
import { libraryInstance, libraryTypes } from '../domain/instances.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { moduleAtom } from '../language/bodies.ts'
import { ASSUMED, type Atom, type ClassAtom, type InstanceAtom, type Value } from '../domain/values.ts'
import { derives, MODEL, modelOf } from './models.ts'
import { hasRelation, isLeftOut, loadsOf, setLoads, through } from '../library/loads.ts'
import { RELATION } from './signals.ts'
import { instances, isStored, setAhead, setModels } from './querysets.ts'

const RELATED_MANAGER = 'django.db.models.RelatedManager'
const FOREIGN_KEY = 'django.db.models.ForeignKey'
const MANY = 'django.db.models.ManyToManyField'
const GENERIC_KEY = 'django.contrib.contenttypes.fields.GenericForeignKey'
const GENERIC_RELATION = 'django.contrib.contenttypes.fields.GenericRelation'
/** The slot of a relation's field that holds what it points to. */
export const TARGET = 'django:to'

/** `generic`: a foreign key to any model. */
type Kind = 'one' | 'generic' | 'many' | 'column'

function kindOf(m: Machine, field: InstanceAtom): Kind | null {
  const types = libraryTypes(field)
  const lineage = new Set(types.flatMap((type) => m.catalogue.lineage(type)))
  if (lineage.has(FOREIGN_KEY)) return 'one'
  if (lineage.has(GENERIC_KEY)) return 'generic'
  if (lineage.has(MANY) || lineage.has(GENERIC_RELATION)) return 'many'
  return types.some((type) => COLUMN.test(type)) ? 'column' : null
}
const COLUMN = /^django\..*\.\w+Field$/

/** A field read through an instance of its model, when that is more than the value of a column; null when it is not. */
export function relationValue(frame: Frame, field: InstanceAtom, self: Atom, site: CallSite): Value | null {
  const m = frame.machine
  if (self.kind !== 'instance' || self.cls === null || !derives(m, self.cls, [MODEL])) return null
  const kind = kindOf(m, field)
  if (kind === null) return null
  const { name, owner } = nameOf(self.cls, field)
  if (kind === 'column') return name === null ? null : deferred(frame, self, name, site)
  const target = modelOf(frame, m.ops.slot(field, TARGET), owner, site) ?? m.domain.bottom
  if (kind === 'many') {
    const made = manager(frame, target, site)
    m.ops.setSlot(made, RELATION, m.domain.of(field))
    if (name !== null) setAhead(m, made, self, name)
    return m.domain.of(made)
  }
  const loads = loadsOf(m, self)
  const joined = name !== null && hasRelation(loads, name)
  // an instance that was not stored yet has its own keys
  const asked = isStored(m, self) || (name !== null && hasKey(m, self, name))
  if (asked && !joined) recordRead(frame, FOREIGN_KEY_ROW, site)
  const known = kind === 'one' && target.atoms.length > 0
  const value = known
    ? instances(frame, target, site.site, name === null ? [] : through(loads, name))
    : m.domain.unknown('untyped-parameter')
  if (name !== null && (asked || joined)) m.ops.setField(self, name, value)
  return value
}

/** `Order(customer_id=1)`: the key is there, the instance is not. */
function hasKey(m: Machine, self: InstanceAtom, name: string): boolean {
  const cell = self.fields.get(`${name}_id`)
  return (
    cell !== undefined && m.store.read(cell).atoms.some((a) => a.kind !== 'unbound' && a !== m.domain.none.atoms[0])
  )
}

/** A column that `only` or `defer` left out is fetched when it is read, once. */
function deferred(frame: Frame, self: InstanceAtom, name: string, site: CallSite): Value | null {
  const m = frame.machine
  if (!isStored(m, self) || !isLeftOut(loadsOf(m, self), name)) return null
  recordRead(frame, DEFERRED_ROW, site)
  const value = m.domain.unknown('untyped-parameter')
  m.ops.setField(self, name, value)
  return value
}

/** `refresh_from_db` reads the columns again, and forgets what relations had given. */
export function forgetRelations(m: Machine, self: InstanceAtom): void {
  setLoads(m, self, [])
  for (const base of self.cls?.mro ?? [])
    for (const [name, cell] of base.kind === 'class' ? base.fields : []) {
      const relation = m.store.read(cell).atoms.some((a) => a.kind === 'instance' && kindOf(m, a) === 'one')
      const own = relation ? self.fields.get(name) : undefined
      if (own !== undefined) m.store.write(own, m.domain.unbound)
    }
}

function nameOf(cls: ClassAtom, field: InstanceAtom): { readonly name: string | null; readonly owner: ClassAtom } {
  for (const base of cls.mro)
    if (base.kind === 'class')
      for (const [name, cell] of base.fields) if (cell.value.atoms.includes(field)) return { name, owner: base }
  return { name: null, owner: cls }
}

function manager(frame: Frame, models: Value, site: CallSite): InstanceAtom {
  const made = libraryInstance(frame, RELATED_MANAGER, { site: site.site, resolution: site.resolution })
  setModels(frame.machine, made, models)
  return made
}

const FOREIGN_KEY_ROW = `${MODEL}.<foreign-key>`
const DEFERRED_ROW = `${MODEL}.<deferred-field>`

function recordRead(frame: Frame, symbol: string, site: CallSite): void {
  const [row] = frame.machine.catalogue.rows(symbol)
  if (row === undefined) return
  recordOperation(frame, row, { site: site.site, resolution: ASSUMED, built: null })
}

/** What a relation of another model of the tree adds to this one: `shop.item_set`, `shop.items`. Null when none has that name. */
export function reverseRelation(frame: Frame, self: InstanceAtom, name: string, site: CallSite): Value | null {
  const m = frame.machine
  const cls = self.cls
  if (cls === null) return null
  const names = new Set(cls.mro.flatMap((base) => (base.kind === 'class' ? [base.cls.name] : [])))
  const owners: Atom[] = []
  let one = true
  // what is reached through the reverse side knows where it came from
  const back = new Set<string>()
  for (const relation of relationsIn(m)) {
    if (relation.reverse !== name || !names.has(relation.target === 'self' ? relation.cls.name : relation.target))
      continue
    const cell = moduleAtom(m, relation.module.file)?.fields.get(relation.cls.name)
    owners.push(...(cell === undefined ? [] : m.store.read(cell).atoms.filter((a) => a.kind === 'class')))
    one = one && relation.single
    back.add(relation.many ? '' : relation.field)
  }
  if (owners.length === 0) return null
  const models = m.domain.union(owners)
  const known = [...back].every((field) => field !== '') ? [...back].map((field) => `join:${field}`) : []
  if (!one) {
    const made = manager(frame, models, site)
    setLoads(m, made, known)
    setAhead(m, made, self, name)
    return m.domain.of(made)
  }
  const loads = loadsOf(m, self)
  if (isStored(m, self) && !hasRelation(loads, name)) recordRead(frame, FOREIGN_KEY_ROW, site)
  const value = instances(frame, models, site.site, [...known, ...through(loads, name)])
  if (isStored(m, self)) m.ops.setField(self, name, value)
  return value
}

interface Relation {
  readonly module: LoadedModule
  readonly cls: ClassIr
  /** last part of the name of the model it points to */
  readonly target: string
  /** the attribute it adds to that model */
  readonly reverse: string
  readonly single: boolean
  readonly many: boolean
  /** its name in the model that declares it */
  readonly field: string
}

const FIELD = /^(?:Tree)?(?:ForeignKey|OneToOneField|ManyToManyField)$|^Parental(?:Key|ManyToManyField)$/
/** The relations of a program's modules, as many as were loaded when they were read. */
const KNOWN = new WeakMap<
  ReadonlyMap<string, LoadedModule>,
  { readonly size: number; readonly relations: readonly Relation[] }
>()

/** The relations that the loaded modules declare, read from their class bodies. */
function relationsIn(m: Machine): readonly Relation[] {
  const { modules } = m.program
  const known = KNOWN.get(modules)
  if (known !== undefined && known.size === modules.size) return known.relations
  const relations = [...modules.values()].flatMap((module) =>
    module.ir.body.flatMap((s) => (s.k === 'class' ? declared(module, s.cls) : [])),
  )
  KNOWN.set(modules, { size: modules.size, relations })
  return relations
}

function declared(module: LoadedModule, cls: ClassIr): Relation[] {
  return cls.body.flatMap((s) => {
    const x = s.k === 'assign' || s.k === 'ann' ? s.x : null
    const place = s.k === 'assign' ? s.targets[0] : s.k === 'ann' ? s.target : undefined
    if (x?.k !== 'call' || place?.k !== 'name') return []
    const field = last(x.f)
    if (field === null || !FIELD.test(field)) return []
    const to = x.a.find((a) => a.n === 'to')?.x ?? x.a.find((a) => a.n === undefined && a.s === undefined)?.x
    const target = to === undefined ? null : last(to)
    const related = x.a.find((a) => a.n === 'related_name')?.x
    const given = related?.k === 'const' && typeof related.v === 'string' ? related.v : null
    if (target === null || given?.endsWith('+') === true) return []
    const lower = cls.name.toLowerCase()
    const single = field === 'OneToOneField'
    const reverse = given?.replaceAll('%(class)s', lower) ?? (single ? lower : `${lower}_set`)
    return [{ module, cls, target, reverse, single, many: /Many/.test(field), field: place.id }]
  })
}

function last(x: Expr): string | null {
  if (x.k === 'name') return x.id
  if (x.k === 'attr') return x.n
  return x.k === 'const' && typeof x.v === 'string' ? (x.v.split('.').at(-1) ?? null) : null
}
