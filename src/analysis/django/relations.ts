// Relations of model instances: a foreign key read from a stored instance sends a query unless it was read before or loaded with it; the many side
// and the reverse of a foreign key are managers of the other model.
import type { ClassIr, Expr } from '../../ir/model.ts'
import type { LoadedModule } from '../../program/program.ts'
import { recordOperation } from '../machine/frames.ts'
import { libraryInstance } from '../domain/instances.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { moduleAtom } from '../language/bodies.ts'
import { ASSUMED, type Atom, type ClassAtom, type InstanceAtom, type Value } from '../domain/values.ts'
import { derives, MODEL, modelOf } from './models.ts'
import { instances, isStored, setModels } from './querysets.ts'

const RELATED_MANAGER = 'django.db.models.RelatedManager'
const FOREIGN_KEY = 'django.db.models.ForeignKey'
const MANY = 'django.db.models.ManyToManyField'
/** The slot of a relation's field that holds what it points to. */
export const TARGET = 'django:to'

function kindOf(m: Machine, field: InstanceAtom): 'one' | 'many' | null {
  const types =
    field.ext !== null ? [field.ext] : (field.cls?.mro ?? []).flatMap((b) => (b.kind === 'external' ? [b.path] : []))
  const lineage = new Set(types.flatMap((type) => m.catalogue.lineage(type)))
  return lineage.has(FOREIGN_KEY) ? 'one' : lineage.has(MANY) ? 'many' : null
}

/** A relation's field read through an instance of its model; null when the value is no relation's field. */
export function relationValue(m: Machine, frame: Frame, field: InstanceAtom, self: Atom, site: CallSite): Value | null {
  if (self.kind !== 'instance' || self.cls === null || !derives(m, self.cls, [MODEL])) return null
  const kind = kindOf(m, field)
  if (kind === null) return null
  const { name, owner } = nameOf(self.cls, field)
  const target = modelOf(m, frame, m.ops.slot(field, TARGET), owner, site) ?? m.domain.bottom
  if (kind === 'many') return m.domain.of(manager(m, frame, target, site))
  if (isStored(m, self)) fetched(m, frame, site)
  const value =
    target.atoms.length === 0 ? m.domain.unknown('untyped-parameter') : instances(m, frame, target, site.site)
  if (name !== null) m.ops.setField(self, name, value)
  return value
}

function nameOf(cls: ClassAtom, field: InstanceAtom): { readonly name: string | null; readonly owner: ClassAtom } {
  for (const base of cls.mro)
    if (base.kind === 'class')
      for (const [name, cell] of base.fields) if (cell.value.atoms.includes(field)) return { name, owner: base }
  return { name: null, owner: cls }
}

function manager(m: Machine, frame: Frame, models: Value, site: CallSite): InstanceAtom {
  const made = libraryInstance(m, frame, RELATED_MANAGER, site.site, site.resolution, null)
  setModels(m, made, models)
  return made
}

function fetched(m: Machine, frame: Frame, site: CallSite): void {
  const [row] = m.catalogue.rows(`${MODEL}.<foreign-key>`)
  if (row === undefined) return
  recordOperation(frame, {
    kind: 'operation',
    site: site.site,
    function: frame.name,
    row,
    resolution: ASSUMED,
    detached: m.detaching,
    built: null,
  })
}

/** What a relation of another model of the tree adds to this one: `shop.item_set`, `shop.items`. Null when none has that name. */
export function reverseRelation(
  m: Machine,
  frame: Frame,
  self: InstanceAtom,
  name: string,
  site: CallSite,
): Value | null {
  const cls = self.cls
  if (cls === null) return null
  const names = new Set(cls.mro.flatMap((base) => (base.kind === 'class' ? [base.cls.name] : [])))
  const owners: Atom[] = []
  let one = true
  for (const relation of relationsIn(m)) {
    if (relation.reverse !== name || !names.has(relation.target === 'self' ? relation.cls.name : relation.target))
      continue
    const cell = moduleAtom(m, relation.module.file)?.fields.get(relation.cls.name)
    owners.push(...(cell === undefined ? [] : m.store.read(cell).atoms.filter((a) => a.kind === 'class')))
    one = one && relation.single
  }
  if (owners.length === 0) return null
  const models = m.domain.union(owners)
  if (!one) return m.domain.of(manager(m, frame, models, site))
  if (isStored(m, self)) fetched(m, frame, site)
  return instances(m, frame, models, site.site)
}

interface Relation {
  readonly module: LoadedModule
  readonly cls: ClassIr
  /** last part of the name of the model it points to */
  readonly target: string
  /** the attribute it adds to that model */
  readonly reverse: string
  readonly single: boolean
}

const FIELD = /^(?:Tree)?(?:ForeignKey|OneToOneField|ManyToManyField)$|^Parental(?:Key|ManyToManyField)$/
const MAX_KEPT = 1
const kept = new Map<
  ReadonlyMap<string, LoadedModule>,
  { readonly size: number; readonly relations: readonly Relation[] }
>()

/** The relations that the loaded modules declare, read from their class bodies. */
function relationsIn(m: Machine): readonly Relation[] {
  const { modules } = m.program
  const known = kept.get(modules)
  if (known !== undefined && known.size === modules.size) return known.relations
  const relations = [...modules.values()].flatMap((module) =>
    module.ir.body.flatMap((s) => (s.k === 'class' ? declared(module, s.cls) : [])),
  )
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(modules, { size: modules.size, relations })
  return relations
}

function declared(module: LoadedModule, cls: ClassIr): Relation[] {
  return cls.body.flatMap((s) => {
    const x = s.k === 'assign' || s.k === 'ann' ? s.x : null
    if (x?.k !== 'call') return []
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
    return [{ module, cls, target, reverse, single }]
  })
}

function last(x: Expr): string | null {
  if (x.k === 'name') return x.id
  if (x.k === 'attr') return x.n
  return x.k === 'const' && typeof x.v === 'string' ? (x.v.split('.').at(-1) ?? null) : null
}
