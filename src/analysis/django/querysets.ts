// Managers and query sets know their model: what they give are instances of it, and a manager or query set that the tree defines stays itself
// through every building call. Whether a call does work is the catalogue's business; only what its result is stands here.
import type { CatalogueRow } from '../../catalogue/model.ts'
import { newInstance } from '../objects/construction.ts'
import { libraryInstance, type LibraryCall, instanceDraft } from '../domain/instances.ts'
import { implied } from '../machine/sites.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { classMember } from '../objects/members.ts'
import { NO_ARGS, type Atom, type ClassAtom, type InstanceAtom, type Site, type Value } from '../domain/values.ts'
import { runDefaults } from './defaults.ts'
import { hasRelation, loadsOf, setLoads, type Loads } from '../library/loads.ts'
import { combined, isEmpty, loadsAfter } from './loading.ts'
import { derives, MODEL } from './models.ts'
import { modelSignals } from './signals.ts'

export const QUERYSET = 'django.db.models.QuerySet'
export const MANAGER = 'django.db.models.Manager'
const RELATED = 'django.db.models.RelatedManager'
const SETS = [QUERYSET, MANAGER, RELATED, 'django.db.models.RawQuerySet']

/** The slot that holds the model classes of a manager or query set. */
const MODELS = 'django:model'
/** Set on query sets whose elements are no instances (`values`). */
const PLAIN = 'django:plain'
/** Set on instances that came from the database. */
const STORED = 'django:stored'

const PLAIN_BUILDERS: ReadonlySet<string> = new Set(['values', 'values_list', 'dates', 'datetimes'])
/** Calls whose result is one instance; the second kind gives it with a flag. */
const ONE = /^a?(?:get|first|last|earliest|latest|create)$|^create_(?:user|superuser)$/
const PAIR = /^a?(?:get_or_create|update_or_create)$/
const MANY = /^a?(?:bulk_create|bulk_update)$/

/** The instance is a manager or a query set, of Django or of a class of the tree that derives from them. */
export function isSet(m: Machine, object: InstanceAtom): boolean {
  if (object.ext !== null) return m.catalogue.lineage(object.ext).some((type) => SETS.includes(type))
  return object.cls !== null && derives(m, object.cls, SETS)
}

/** A query set that was evaluated as a whole keeps what it got: evaluating it again sends nothing. */
const FETCHED = 'django:fetched'
const FILLING: ReadonlySet<string> = new Set(['__iter__', '__bool__', '__len__', '__contains__'])

/** Whether evaluating the query set this way is answered from what it kept; otherwise notes that it keeps it from now on. */
export function isKept(m: Machine, object: InstanceAtom, names: readonly string[]): boolean {
  if (!isSet(m, object)) return false
  if (isEmpty(loadsOf(m, object)) || isAhead(m, object)) return true
  if (object.multiple) return false
  const cell = object.slots.get(FETCHED)
  if (cell !== undefined && m.store.read(cell) === m.domain.true) return true
  if (names.some((name) => FILLING.has(name))) m.ops.setSlot(object, FETCHED, m.domain.true)
  return false
}

/** `none()`: there is nothing to walk over. */
export function isWithoutRows(m: Machine, object: InstanceAtom): boolean {
  return isSet(m, object) && isEmpty(loadsOf(m, object))
}

export function modelsOf(m: Machine, object: InstanceAtom): Value {
  return m.ops.slot(object, MODELS)
}

export function setModels(m: Machine, object: InstanceAtom, models: Value): void {
  if (models.atoms.length > 0) m.ops.push(object, MODELS, models)
}

export function isStored(m: Machine, object: InstanceAtom): boolean {
  return m.ops.slot(object, STORED).atoms.length > 0
}

/** Fields given to a constructor are there: a relation among them is not fetched. */
export function keepGiven(m: Machine, object: InstanceAtom, given: ReadonlyMap<string, Value>): void {
  for (const [name, value] of given) if (!name.includes('__')) m.ops.setField(object, name, value)
}

/** The instance remembers what a relation gave, or is fetched with it: `instance.tags` after `prefetch_related("tags")`. */
export function setAhead(m: Machine, manager: InstanceAtom, owner: InstanceAtom, name: string): void {
  if (hasRelation(loadsOf(m, owner), name)) m.ops.setSlot(manager, AHEAD, m.domain.true)
}
const AHEAD = 'django:ahead'

const isAhead = (m: Machine, object: InstanceAtom): boolean => m.ops.slot(object, AHEAD).atoms.length > 0

/** Calls that a query set without rows answers itself, and those that one answers that has its rows; what they answer. */
const UNASKED = /^(?:count|exists|first|last|update|delete|in_bulk|contains|explain)$/
const COUNTED = /^(?:count|exists|contains)$/
export function keptAnswer(m: Machine, call: LibraryCall): Value | null {
  const self = call.self
  const name = call.path.slice(call.path.lastIndexOf('.') + 1)
  if (self === null || !UNASKED.test(name) || !isSet(m, self)) return null
  if (!isEmpty(loadsOf(m, self)))
    return COUNTED.test(name) && isKept(m, self, []) ? m.domain.typed(name === 'count' ? 'int' : 'bool') : null
  if (name === 'exists' || name === 'contains') return m.domain.false
  return name === 'count' || name === 'update' ? m.domain.constant('int', 0) : m.domain.none
}

/** A manager read from a model class: the class's own copy of what the class body (or a base's) made. */
export function managerOf(m: Machine, manager: InstanceAtom, cls: ClassAtom): InstanceAtom {
  if (!isSet(m, manager)) return manager
  const own = m.domain.intern(`manager:${manager.id}:${cls.id}`, () =>
    instanceDraft({ ...manager, pending: null }),
  ) as InstanceAtom
  setModels(m, own, m.domain.of(cls))
  return own
}

/** Before a manager of the tree does anything it asks its own `get_queryset`: that runs, and its result says what is built. */
function baseSet(frame: Frame, call: LibraryCall, name: string): Value | null {
  const m = frame.machine
  const self = call.self
  if (self?.cls === undefined || self.cls === null || name === 'get_queryset' || !derives(m, self.cls, [MANAGER]))
    return null
  const own = classMember(m, self.cls, 'get_queryset')
  if (own === null) return null
  const value = m.ops.call(frame, m.domain.boundTo(own, self), NO_ARGS, implied(call.site))
  const made = m.domain.filter(value, (a) => a.kind === 'instance')
  return made.atoms.length > 0 ? made : null
}

/** What a manager's or query set's call gives, when the catalogue's answer can be said more exactly; null leaves that answer. */
export function setResult(frame: Frame, call: LibraryCall, rows: readonly CatalogueRow[]): Value | null {
  const m = frame.machine
  const self = call.self
  if (self === null || !isSet(m, self)) return null
  const name = call.path.slice(call.path.lastIndexOf('.') + 1)
  const base = baseSet(frame, call, name)
  if (rows.some((row) => row.when === 'call' && row.returns === QUERYSET)) return built(frame, call, base, name)
  const models = modelsOf(m, self)
  if (models.atoms.length === 0 || m.ops.slot(self, PLAIN).atoms.length > 0) return null
  const one = (): Value => instances(frame, models, call.site.site, loadsOf(m, self))
  if (ONE.test(name) || PAIR.test(name)) {
    const made = one()
    if (/create/.test(name)) created(frame, made, call)
    // no row, no instance
    if (name === 'first' || name === 'last') return m.domain.join(made, m.domain.none)
    if (ONE.test(name)) return name.startsWith('a') ? null : made
    return name.startsWith('a') ? null : m.ops.newList(frame, call.site.site, [made, m.domain.typed('bool')], 'tuple')
  }
  return MANY.test(name) && !name.startsWith('a') ? m.ops.newList(frame, call.site.site, one()) : null
}

function built(frame: Frame, call: LibraryCall, base: Value | null, name: string): Value {
  const m = frame.machine
  const self = call.self
  const sources = base === null ? (self === null ? [] : [self]) : base.atoms
  return m.domain.joinAll(
    sources.map((source) => {
      // what `get_queryset` built has the model of its manager
      if (self !== null && source !== self && source.kind === 'instance') setModels(m, source, modelsOf(m, self))
      const made = derivedSet(frame, call.site.site, source, name)
      if (source.kind === 'instance' && made.kind === 'instance' && made !== source) {
        setLoads(m, made, loadsAfter(m, loadsOf(m, source), name, call.args))
        // `instance.relation.all()` of what was fetched ahead
        if (name === 'all' && isAhead(m, source)) m.ops.setSlot(made, AHEAD, m.domain.true)
      }
      return m.domain.of(made)
    }),
  )
}

/** A slice of a query set: lazy like it, and evaluated on its own. */
export function partOf(frame: Frame, source: InstanceAtom, site: Site): Atom {
  const made = derivedSet(frame, site, source, '')
  if (made.kind === 'instance' && made !== source) setLoads(frame.machine, made, loadsOf(frame.machine, source))
  return made
}

/** `a | b`: a query set of its own, as lazy as both. */
export function combination(frame: Frame, source: InstanceAtom, site: Site): Atom {
  const made = derivedSet(frame, site, source, '')
  if (made.kind === 'instance' && made !== source)
    setLoads(frame.machine, made, combined(loadsOf(frame.machine, source)))
  return made
}

/** The query set that a building call gives: of the same class of the tree, or Django's own. `name` is the building call. */
function derivedSet(frame: Frame, site: Site, source: Atom, name: string): Atom {
  const m = frame.machine
  if (source.kind !== 'instance') return source
  const custom = source.cls !== null && derives(m, source.cls, [QUERYSET]) ? source.cls : null
  const made =
    custom === null
      ? libraryInstance(frame, QUERYSET, { site, resolution: source.resolution })
      : newInstance(frame, custom, `qs${site.module.file}:${site.p}:${site.e}:${custom.id}`, site)
  if (made === source) return made
  const models = modelsOf(m, source)
  setModels(m, made, models)
  if (PLAIN_BUILDERS.has(name) || m.ops.slot(source, PLAIN).atoms.length > 0) m.ops.setSlot(made, PLAIN, m.domain.true)
  return made
}

/** Elements of a query set that knows its model. */
export function elementsOf(frame: Frame, object: InstanceAtom, site: Site): Value | null {
  const m = frame.machine
  if (!isSet(m, object) || m.ops.slot(object, PLAIN).atoms.length > 0) return null
  const models = modelsOf(m, object)
  if (models.atoms.length === 0) return null
  return instances(frame, models, site, loadsOf(m, object))
}

/** Instances that a query gave, with what it loaded. */
export function instances(frame: Frame, models: Value, site: Site, loads: Loads): Value {
  const m = frame.machine
  const made: Value[] = []
  for (const model of models.atoms) {
    // a model of Django itself, whose class is not in the tree
    if (model.kind === 'external')
      made.push(frame.machine.domain.of(libraryInstance(frame, model.path, { site, resolution: model.resolution })))
    if (model.kind !== 'class') continue
    const object = newInstance(frame, model, `row${site.module.file}:${site.p}:${site.e}:${model.id}`, site)
    m.ops.setSlot(object, STORED, m.domain.true)
    setLoads(m, object, loads)
    made.push(m.domain.of(object))
  }
  return m.domain.joinAll(made)
}

/** `create` builds the instance, and calls `save`, the model's own or Django's, which sends its signals. */
function created(frame: Frame, objects: Value, call: LibraryCall): void {
  const m = frame.machine
  const at = call.site
  for (const object of objects.atoms)
    if (object.kind === 'instance') {
      runDefaults(frame, object, call.args, at)
      // what `get_or_create` was asked for may have been found
      if (!PAIR.test(call.path.slice(call.path.lastIndexOf('.') + 1))) keepGiven(m, object, call.args.kw)
    }
  for (const object of objects.atoms) {
    if (object.kind !== 'instance' || object.cls === null) continue
    const own = classMember(m, object.cls, 'save')
    if (own === null) modelSignals(frame, ['pre_save', 'post_save'], object, at)
    else if (derives(m, object.cls, [MODEL]))
      m.ops.call(frame, m.domain.boundTo(own, object), NO_ARGS, implied(at, 'invoke'))
  }
}
