// Library objects in expressions: their attributes, members of library base classes, what with, for, await and truth tests do to them.
import type { Construction } from '../objects/construction.ts'
import { setSlot } from '../domain/slots.ts'
import { recordOperation } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import { isFresh } from '../suspended/contexts.ts'
import { refuse } from '../language/refusals.ts'
import { stabilise } from '../language/loops.ts'
import { isWork, returnedTypes } from '../../catalogue/lookup.ts'
import { KNOWN_CALL, libraryInstance, libraryTypes } from '../domain/instances.ts'
import { force } from './forcing.ts'
import { assignedLibrary } from '../domain/library-attributes.ts'
import { callLibrary } from './library.ts'
import { constantOf } from './library-constants.ts'
import { formShown } from '../django/forms.ts'
import { buildModel, djangoMember, isDjangoCall } from '../django/calls.ts'
import { modelByFields, outsideModel } from '../django/outside-models.ts'
import { outsideQuery } from '../sqlalchemy/queries.ts'
import { buildMapped } from '../sqlalchemy/attributes.ts'
import { aboutClass, elementOf } from '../sqlalchemy/queries.ts'
import { registryFlag } from '../django/registry.ts'
import { SETTINGS_OBJECT, settingValue } from '../django/settings.ts'
import { elementsOf, isKept, isSet, isWithoutRows, partOf, setModels } from '../django/querysets.ts'
import { awaitFuture } from '../natives/futures.ts'
import { NATIVES } from '../natives/table.ts'
import { applies } from './predicates.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import {
  ASSUMED,
  GUESSED,
  RESOLVED,
  leastSure,
  resolutionOf,
  NO_ARGS,
  type Atom,
  type CallArgs,
  type ClassAtom,
  type ExternalAtom,
  type InstanceAtom,
  type Resolution,
  type Value,
} from '../domain/values.ts'

export function externalAttribute(
  frame: Frame,
  atom: ExternalAtom | InstanceAtom,
  name: string,
  site: CallSite,
): Value {
  const m = frame.machine
  if (atom.kind === 'external') {
    const own = (): Value => ownAttribute(frame, atom, name, site)
    return assignedLibrary(m, `${atom.path}.${name}`, own) ?? own()
  }
  const field = atom.fields.get(name)
  if (field !== undefined && m.store.read(field) !== m.domain.unbound)
    return m.domain.withoutUnbound(m.store.read(field))
  if (m.contextual.locals.has(atom) && isFresh(m, atom)) return refuse(frame, 'AttributeError')
  return externalMember(frame, { type: atom.ext ?? '', self: atom, name }, site) ?? unknownMember(m, atom, name)
}

/** What a library itself has under the name. */
function ownAttribute(frame: Frame, atom: ExternalAtom, name: string, site: CallSite): Value {
  const m = frame.machine
  const builtin = atom.path === 'builtins' ? m.builtins.get(name) : undefined
  if (builtin !== undefined) return builtin
  const constant = constantOf(m, atom.path, name) ?? registryFlag(m, atom.path, name)
  if (constant !== null) return constant
  return (
    evaluatedRow(frame, `${atom.path}.${name}`, atom, implied(site)) ??
    (atom.path === SETTINGS_OBJECT ? settingValue(m, name) : null) ??
    outsideModel(frame, atom, name, site) ??
    outsideQuery(frame, atom, name, site) ??
    m.domain.external(`${atom.path}.${name}`, atom.resolution, atom.unresolved)
  )
}

/** A member without a row. Of the application context it is silent; of anything else it keeps its path. */
function unknownMember(m: Machine, atom: InstanceAtom, name: string): Value {
  const path = `${atom.ext ?? ''}.${name}`
  return m.domain.bound(m.domain.external(path, atom.resolution).atoms[0] ?? atom, atom)
}

/** A member of a library type and the object (or the class below it) through which it is read. */
export interface LibraryRead {
  readonly type: string
  readonly self: Atom
  readonly name: string
}

/** The member of a library type, read through an instance (of the type or of an in-tree subclass). Null when nothing is known about it. */
export function externalMember(frame: Frame, read: LibraryRead, site: CallSite): Value | null {
  const m = frame.machine
  const { type, self, name } = read
  const path = `${m.catalogue.canonical(type)}.${name}`
  const resolution = resolutionOf(self)
  const own = self.kind === 'instance' ? djangoMember(frame, { type, self, name }, site) : null
  if (own !== null) return own
  const rows = m.catalogue.member(type, name)
  if (rows === null && !Object.hasOwn(NATIVES, path) && !isDjangoCall(path)) {
    const mirrored = m.catalogue.mirrored(type, name)
    const manager = modelByFields(frame, self, name, site)
    if (manager !== null) return manager
    return mirrored === null ? dynamicMember(frame, read, site) : m.domain.external(mirrored, resolution)
  }
  const evaluated = rows?.filter((row) => row.when === 'evaluated') ?? []
  for (const row of evaluated) {
    if (applies(m, row, { args: NO_ARGS, expr: site.expr, unresolved: false }) === false) continue
    if (isWork(row))
      recordOperation(frame, row, {
        site: site.site,
        resolution: row.certainty === 'may' ? leastSure(resolution, ASSUMED) : resolution,
        built: null,
      })
    if (rows !== null && rows.length > evaluated.length) break
    const types = returnedTypes(row)
    if (types.length > 0)
      return m.domain.joinAll(
        types.map((t) => {
          const made = libraryInstance(frame, t, { site: site.site, resolution })
          if (self.kind === 'class' && isSet(m, made)) setModels(m, made, m.domain.of(self))
          if (self.kind === 'class') aboutClass(m, made, self)
          return m.domain.of(made)
        }),
      )
    return m.domain.external(path, resolution)
  }
  if (self.kind === 'class' && Object.hasOwn(NATIVES, path)) return m.domain.native(path, m.domain.of(self))
  const owner = rows?.[0]?.symbol.slice(0, rows[0].symbol.lastIndexOf('.'))
  const canonical = owner === undefined ? path : `${m.catalogue.canonical(owner)}.${name}`
  return m.domain.bound(
    m.domain.external(Object.hasOwn(NATIVES, path) ? path : canonical, resolution).atoms[0] ?? self,
    self,
  )
}

/** A name that the type makes up at run time, as pymongo's `database.users` is a collection: the row of its `__getattr__` says what it gives. */
function dynamicMember(frame: Frame, { type, self, name }: LibraryRead, site: CallSite): Value | null {
  if (name.startsWith('_')) return null
  const row = frame.machine.catalogue
    .member(type, '__getattr__')
    ?.find((r) => r.when === 'evaluated' && r.returns !== undefined)
  if (typeof row?.returns !== 'string') return null
  const resolution = resolutionOf(self)
  return frame.machine.domain.of(libraryInstance(frame, row.returns, { site: site.site, resolution }))
}

function evaluatedRow(frame: Frame, path: string, atom: ExternalAtom, site: CallSite): Value | null {
  const m = frame.machine
  for (const row of m.catalogue.rows(path)) {
    if (
      row.when !== 'evaluated' ||
      applies(m, row, { args: NO_ARGS, expr: site.expr, unresolved: atom.unresolved }) === false
    )
      continue
    if (isWork(row)) recordOperation(frame, row, { site: site.site, resolution: atom.resolution, built: null })
    if (typeof row.returns !== 'string') continue
    const made = libraryInstance(frame, row.returns, { site: site.site, resolution: atom.resolution })
    // `User.objects`: the manager of a model that is not in the tree
    if (isSet(m, made)) setModels(m, made, m.domain.external(path.slice(0, path.lastIndexOf('.')), atom.resolution))
    return m.domain.of(made)
  }
  return null
}

/** A function of a library, or a method and the object or class that it is called on. */
export interface ExternalCallee {
  readonly atom: ExternalAtom
  readonly self: InstanceAtom | ClassAtom | null
}

export function callExternal(frame: Frame, { atom, self }: ExternalCallee, args: CallArgs, site: CallSite): Value {
  const owner = atom.path.slice(0, Math.max(0, atom.path.lastIndexOf('.')))
  const unresolved = atom.unresolved || (!frame.machine.catalogue.knows(owner) && !atom.path.includes('()'))
  return callLibrary(frame, {
    path: frame.machine.catalogue.canonical(atom.path),
    self: self?.kind === 'instance' ? self : null,
    owner: self?.kind === 'class' ? self : null,
    args,
    site,
    resolution: Math.max(
      site.resolution,
      atom.resolution === GUESSED ? RESOLVED : atom.resolution,
      resolutionOf(self),
    ) as Resolution,
    unresolved,
    missing: atom.unresolved && !atom.path.startsWith('?.') && !atom.path.includes('()'),
  })
}

/** Calls an instance whose class (or base) is external: `factory()`, `session()`. */
export function callInstance(frame: Frame, atom: InstanceAtom, args: CallArgs, site: CallSite): Value {
  const types = libraryTypes(atom)
  const call = { ...KNOWN_CALL, args, site, resolution: leastSure(site.resolution, atom.resolution) }
  for (const type of types) {
    const native = `${frame.machine.catalogue.canonical(type)}.__call__`
    if (frame.machine.catalogue.member(type, '__call__') === null && !Object.hasOwn(NATIVES, native)) continue
    return callLibrary(frame, { ...call, path: native, self: atom })
  }
  return callLibrary(frame, { ...call, path: types[0] ?? 'object', unresolved: types[0] === undefined })
}

export function awaitExternal(frame: Frame, atom: InstanceAtom, site: CallSite): Value {
  const given = awaitFuture(frame, atom)
  if (given !== null) return given
  const value = force(frame, atom, { when: 'awaited', names: ['__await__'], site: site.site })
  frame.machine.ops.suspend(frame)
  return value ?? frame.machine.domain.external(atom.ext ?? '', atom.resolution)
}

export function enterExternal(frame: Frame, atom: InstanceAtom | ExternalAtom, site: CallSite): Value {
  const m = frame.machine
  if (atom.kind === 'external') return m.domain.external(atom.path, atom.resolution, atom.unresolved)
  const value = force(frame, atom, { when: 'entered', names: ['__enter__', '__aenter__'], site: site.site })
  if (value === null) return m.domain.of(atom)
  return value.atoms.every((a) => a.kind === 'external') ? m.domain.of(atom) : value
}

export function iterateExternal(
  frame: Frame,
  atom: InstanceAtom | ExternalAtom,
  site: CallSite,
  on: (element: Value) => boolean,
): boolean {
  const m = frame.machine
  let element: Value = m.domain.external(
    `${atom.kind === 'external' ? atom.path : (atom.ext ?? '')}[]`,
    atom.resolution,
  )
  if (atom.kind === 'instance') {
    if (isWithoutRows(m, atom)) return true
    const value = isKept(m, atom, ['__iter__'])
      ? null
      : force(frame, atom, { when: 'iterated', names: ['__iter__', '__aiter__'], site: site.site })
    element =
      elementsOf(frame, atom, site.site) ??
      elementOf(frame, atom, site.site) ??
      (value !== null && value.atoms.some((a) => a.kind === 'instance') ? value : element)
  }
  return stabilise(frame, false, () => on(element))
}

/** `iter(x)`, `map(f, x)`: values whose `__iter__` executes do so now; the others with their first element. */
export function startExternal(frame: Frame, atom: InstanceAtom, site: CallSite): void {
  const rows = frame.machine.catalogue.member(atom.ext ?? '', '__iter__') ?? []
  if (rows.some((row) => row.iter === 'eager') && !isKept(frame.machine, atom, ['__iter__']))
    force(frame, atom, { when: 'iterated', names: ['__iter__'], site: site.site })
}

export function evaluateExternal(frame: Frame, atom: InstanceAtom, names: readonly string[], site: CallSite): void {
  formShown(frame, atom, names, site)
  if (!isKept(frame.machine, atom, names)) force(frame, atom, { when: 'evaluated', names, site: site.site })
}

export function externalItem(frame: Frame, atom: InstanceAtom, key: Value, site: CallSite): Value {
  const m = frame.machine
  const stored = atom.slots.get(`item:${key.id}`)
  if (stored !== undefined && m.store.read(stored) !== m.domain.unbound)
    return m.domain.withoutUnbound(m.store.read(stored))
  const kept = isKept(m, atom, []) ? elementsOf(frame, atom, site.site) : null
  if (kept !== null) return kept
  const types = libraryTypes(atom)
  const rows = types.flatMap((type) => m.catalogue.member(type, '__getitem__') ?? [])
  for (const row of rows) {
    if (applies(m, row, { args: { ...NO_ARGS, pos: [key] }, expr: null, unresolved: false }) === false) continue
    if (isWork(row)) recordOperation(frame, row, { site: site.site, resolution: atom.resolution, built: atom.site })
    if (typeof row.returns === 'string')
      return m.domain.of(libraryInstance(frame, row.returns, { site: site.site, resolution: atom.resolution }))
    const element = row.role === 'operation' ? elementsOf(frame, atom, site.site) : null
    if (element !== null) return element
  }
  // a part of a query set is a query set
  if (isSet(m, atom) && key.atoms.every((a) => a.kind === 'typed' && a.type.startsWith('slice')))
    return m.domain.of(partOf(frame, atom, site.site))
  return m.domain.external(`${atom.ext ?? ''}[]`, atom.resolution)
}

export function setExternalItem(m: Machine, atom: InstanceAtom, key: Value, value: Value): void {
  setSlot(m, atom, `item:${key.id}`, value)
}

/** What constructing an in-tree subclass of a library type does by itself (a subclass of Session opens a session). */
export function constructBase(frame: Frame, path: string, { object, args, site }: Construction): void {
  const m = frame.machine
  const native = `${path}.__init__`
  buildModel(frame, object, args, site)
  buildMapped(m, object, args)
  if (Object.hasOwn(NATIVES, native))
    NATIVES[native]?.(frame, { name: native, self: m.domain.of(object), args, site: implied(site) })
  for (const row of m.catalogue.rows(path)) {
    const isDone = row.when === 'call' && isWork(row)
    if (isDone && applies(m, row, { args, expr: null, unresolved: false }) !== false)
      recordOperation(frame, row, { site: site.site, resolution: RESOLVED, built: null })
  }
}
