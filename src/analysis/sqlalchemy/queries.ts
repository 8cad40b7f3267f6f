// Queries, statements and results of SQLAlchemy know which mapped classes they are about: what they give are instances of those, known to the session.
// Whether a call does work is the catalogue's business; only what its result is, and what a session's calls do to instances, stands here.
import { implied } from '../machine/sites.ts'
import { type LibraryCall, libraryTypes } from '../domain/instances.ts'
import { libraryInstance, madeByCall } from '../domain/instances.ts'
import { loadsOf, setLoads } from '../library/loads.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import {
  ASSUMED,
  leastSure,
  only,
  stringOf,
  type CallArgs,
  type ClassAtom,
  type ExternalAtom,
  type InstanceAtom,
  type Site,
  type Value,
} from '../domain/values.ts'
import { attach, expire, expireAll, flushed, keeps, loaded, refresh, setKeeps } from './instances.ts'
import { isOption, option, optionLoads } from './loading-options.ts'
import { keepDeclaration } from './mapping.ts'

export const QUERY = 'sqlalchemy.orm.Query'
/** What each row consists of, in order: the classes of an entity, nothing for a column. */
const ENTITIES = 'sqlalchemy:entities'
const SESSION = 'sqlalchemy:session'
/** The class of the sessions that a factory makes. */
const CLASS = 'sqlalchemy:class'

/** A class of a models module that is not in the tree. */
const OUTSIDE = /(?:^|\.)models(?:\.\w+)*\.[A-Z]\w*$/

/** `Name.query` of such a class is a query, by the convention of Flask-SQLAlchemy: assumed, as `Name.objects` is of Django's. */
export function outsideQuery(
  frame: Frame,
  { path, resolution }: ExternalAtom,
  name: string,
  site: CallSite,
): Value | null {
  if (name !== 'query' || !OUTSIDE.test(path)) return null
  const assumed = leastSure(resolution, ASSUMED)
  return frame.machine.domain.of(
    libraryInstance(frame, 'flask_sqlalchemy.query.Query', { site: site.site, resolution: assumed }),
  )
}

type Family = 'session' | 'query' | 'statement' | 'rows' | 'scalars' | 'factory'

const FAMILIES: Readonly<Record<string, Family>> = {
  'sqlalchemy.orm.Session': 'session',
  'sqlalchemy.ext.asyncio.AsyncSession': 'session',
  [QUERY]: 'query',
  'sqlalchemy.Select': 'statement',
  'sqlalchemy.Result': 'rows',
  'sqlalchemy.ext.asyncio.AsyncResult': 'rows',
  'sqlalchemy.ScalarResult': 'scalars',
  'sqlalchemy.ext.asyncio.AsyncScalarResult': 'scalars',
  'sqlalchemy.orm.sessionmaker': 'factory',
  'sqlalchemy.ext.asyncio.async_sessionmaker': 'factory',
}

function familyOf(m: Machine, object: InstanceAtom): Family | null {
  const types = libraryTypes(object)
  for (const type of types)
    for (const one of m.catalogue.lineage(type)) {
      const family = Object.hasOwn(FAMILIES, one) ? FAMILIES[one] : undefined
      if (family !== undefined) return family
    }
  return null
}

/** The classes that each row has, in order. */
function entitiesOf(m: Machine, object: InstanceAtom): readonly Value[] {
  const atom = only(m.ops.slot(object, ENTITIES))
  return atom?.kind === 'special' ? atom.parts : []
}

export function setEntities(m: Machine, object: InstanceAtom, entities: readonly Value[]): void {
  const classes = entities.map((value) => m.domain.filter(value, (a) => a.kind === 'class'))
  if (classes.some((value) => value.atoms.length > 0))
    m.ops.setSlot(object, ENTITIES, m.domain.special(ENTITIES, classes))
}

/** `Model.query`: a query property read from a class is about that class. */
export function queryOf(m: Machine, query: InstanceAtom, cls: ClassAtom): InstanceAtom {
  if (query.ext !== QUERY) return query
  const own = m.domain.intern(`query:${query.id}:${cls.id}`, () => ({ ...query, slots: new Map() })) as InstanceAtom
  setEntities(m, own, [m.domain.of(cls)])
  return own
}

/** Makes a query that a class attribute gives be about its class (`Model.query` of Flask-SQLAlchemy). */
export function aboutClass(m: Machine, made: InstanceAtom, cls: ClassAtom): void {
  if (familyOf(m, made) === 'query') setEntities(m, made, [m.domain.of(cls)])
}

/** What a call gives and does beyond its rows; `returns` is the catalogue's answer, null when it has none. */
export function sqlalchemyResult(frame: Frame, call: LibraryCall, returns: Value | null): Value | null {
  if (
    !call.path.startsWith('sqlalchemy') &&
    !call.path.startsWith('flask_sqlalchemy') &&
    !call.path.startsWith('sqlmodel')
  )
    return returns
  const m = frame.machine
  const name = call.path.slice(call.path.lastIndexOf('.') + 1)
  const made = returns === null ? [] : returns.atoms.filter((a): a is InstanceAtom => a.kind === 'instance')
  if (call.self === null) {
    for (const one of made) declare(m, one, name, call)
    return returns
  }
  if (isOption(call.self)) for (const one of made) option(m, one, call.self, call)
  switch (familyOf(m, call.self)) {
    case 'session':
      return sessionCall(frame, { call, self: call.self, name }, made) ?? returns
    case 'query':
    case 'statement':
      return builtOrLoaded(frame, { call, self: call.self, name }, made) ?? returns
    case 'rows':
    case 'scalars':
      for (const one of made) carry(m, call.self, one)
      return fromResult(frame, call.self, name, call.site.site) ?? returns
    case 'factory':
      return madeSession(frame, call, call.self, returns)
    case null:
      return returns
  }
}

/** A call of a method by its name. */
interface MethodCall {
  readonly call: LibraryCall
  readonly self: InstanceAtom
  readonly name: string
}

/** A function of the library made this. */
function declare(m: Machine, made: InstanceAtom, name: string, call: LibraryCall): void {
  keepDeclaration(m, made, call.args)
  const sessions = call.args.kw.get('class_')
  if (sessions !== undefined) m.ops.setSlot(made, CLASS, sessions)
  if (name === 'select') setEntities(m, made, call.args.pos)
  if (isOption(made)) option(m, made, null, call)
  // `scoped_session(factory)` and `async_scoped_session(factory)` give the sessions of that factory
  const factory = only(call.args.pos[0] ?? m.domain.bottom)
  if (asksToKeep(m, call.args) || (factory?.kind === 'instance' && keeps(m, factory))) setKeeps(m, made)
}

/** What a factory makes: a session of the class that it was given, which keeps what it has when the factory says so. */
function madeSession(frame: Frame, call: LibraryCall, factory: InstanceAtom, returns: Value | null): Value | null {
  const m = frame.machine
  const given = only(m.ops.slot(factory, CLASS))
  const other =
    given?.kind === 'external'
      ? madeByCall(frame, given.path, call)
      : given?.kind === 'class'
        ? m.ops.newInstance(frame, given, call.site)
        : null
  const made = other === null || returns === null ? returns : m.domain.of(other)
  for (const one of made?.atoms ?? [])
    if (one.kind === 'instance' && (keeps(m, factory) || asksToKeep(m, call.args))) setKeeps(m, one)
  return made
}

const asksToKeep = (m: Machine, args: CallArgs): boolean => args.kw.get('expire_on_commit') === m.domain.false

function carry(m: Machine, from: InstanceAtom, to: InstanceAtom): void {
  if (to === from) return
  m.ops.setSlot(to, ENTITIES, m.ops.slot(from, ENTITIES))
  m.ops.setSlot(to, SESSION, m.ops.slot(from, SESSION))
  setLoads(m, to, loadsOf(m, from))
}

const SELECTS: ReadonlySet<string> = new Set(['scalars', 'execute', 'exec', 'stream', 'stream_scalars', 'scalar'])

function sessionCall(
  frame: Frame,
  { call, self: session, name }: MethodCall,
  made: readonly InstanceAtom[],
): Value | null {
  const m = frame.machine
  const [first = m.domain.bottom] = call.args.pos
  const own = m.domain.of(session)
  const at = call.site.site
  if (name === 'query') {
    for (const query of made) {
      setEntities(m, query, call.args.pos)
      m.ops.setSlot(query, SESSION, own)
    }
  } else if (name === 'get' || name === 'get_one')
    return some(
      m,
      name,
      loaded(frame, first, { session: own, site: at, loads: optionLoads(m, call.args.kw.get('options')) }),
    )
  else if (SELECTS.has(name)) {
    const statement = only(call.args.pos[0] ?? call.args.kw.get('statement') ?? m.domain.bottom)
    if (statement?.kind !== 'instance') return null
    if (name === 'scalar') {
      const [entity] = entitiesOf(m, statement)
      return entity === undefined
        ? null
        : some(m, name, loaded(frame, entity, { session: own, site: at, loads: loadsOf(m, statement) }))
    }
    for (const result of made) {
      carry(m, statement, result)
      m.ops.setSlot(result, SESSION, own)
    }
  } else effect(frame, call, session, name)
  if (name === 'begin') for (const transaction of made) m.ops.setSlot(transaction, SESSION, own)
  return null
}

/** The end of `with session.begin():` commits, or rolls back. */
export function leaveTransaction(m: Machine, transaction: InstanceAtom, raised: boolean): void {
  if (transaction.ext !== TRANSACTION) return
  for (const session of m.ops.slot(transaction, SESSION).atoms)
    if (session.kind === 'instance') {
      if (!raised && keeps(m, session)) flushed(m, session)
      else expireAll(m, session)
    }
}
const TRANSACTION = 'sqlalchemy.orm.SessionTransaction'

/** What a session's call does to the instances that it knows. */
function effect(frame: Frame, call: LibraryCall, session: InstanceAtom, name: string): void {
  const m = frame.machine
  const [first = m.domain.bottom] = call.args.pos
  switch (name) {
    case 'add':
      attach(m, m.domain.of(session), first)
      break
    case 'add_all':
      attach(m, m.domain.of(session), m.ops.spread(frame, first, implied(call.site, 'iterate')).any)
      break
    case 'flush':
      flushed(m, session)
      break
    case 'commit':
      if (keeps(m, session)) flushed(m, session)
      else expireAll(m, session)
      break
    case 'rollback':
    case 'expire_all':
      expireAll(m, session)
      break
    case 'expire':
      expire(m, first)
      break
    case 'refresh': {
      const names = call.args.pos[1] ?? call.args.kw.get('attribute_names')
      const listed = names === undefined ? null : m.ops.spread(frame, names, implied(call.site, 'iterate')).elements
      refresh(m, first, listed?.flatMap((value) => stringOf(value) ?? []) ?? [])
      break
    }
  }
}

const REPLACING: ReadonlySet<string> = new Set(['with_entities', 'with_only_columns'])
const ADDING: ReadonlySet<string> = new Set(['add_columns', 'add_entity'])
const ONE: ReadonlySet<string> = new Set([
  'first',
  'one',
  'one_or_none',
  'get',
  'scalar',
  'first_or_404',
  'one_or_404',
  'get_or_404',
])

/** A building call of a query or a statement, or a call that evaluates a query. */
function builtOrLoaded(frame: Frame, { call, self, name }: MethodCall, made: readonly InstanceAtom[]): Value | null {
  const m = frame.machine
  for (const one of made) {
    carry(m, self, one)
    if (REPLACING.has(name)) setEntities(m, one, call.args.pos)
    if (ADDING.has(name)) setEntities(m, one, [...entitiesOf(m, self), ...call.args.pos])
    if (name === 'options')
      for (const given of call.args.pos) setLoads(m, one, [...loadsOf(m, one), ...optionLoads(m, given)])
  }
  if (ONE.has(name)) return some(m, name, rowOf(frame, self, call.site.site))
  if (name !== 'all') return null
  const row = rowOf(frame, self, call.site.site)
  return row === null ? null : m.ops.newList(frame, call.site.site, row)
}

/** Calls that give None when there is no row. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'first',
  'one_or_none',
  'get',
  'scalar',
  'fetchone',
  'scalar_one_or_none',
])

/** What a call of that name gives for a row. Null stays null: it says that the catalogue's answer stands. */
function some(m: Machine, name: string, row: Value | null): Value | null {
  if (row === null || row.atoms.length === 0) return null
  return OPTIONAL.has(name) ? m.domain.join(row, m.domain.none) : row
}

/** One row: the instance when it consists of one entity, otherwise a tuple of what it has. */
function rowOf(frame: Frame, source: InstanceAtom, site: Site): Value | null {
  const m = frame.machine
  const entities = entitiesOf(m, source)
  const [first] = entities
  if (first === undefined) return null
  const session = m.ops.slot(source, SESSION)
  const one = (models: Value): Value =>
    models.atoms.length === 0
      ? m.domain.unknown('untyped-parameter')
      : loaded(frame, models, { session, site, loads: loadsOf(m, source) })
  if (entities.length === 1 && familyOf(m, source) !== 'rows') return one(first)
  return m.ops.newList(frame, site, entities.map(one), 'tuple')
}

/** What walking over a query or a result gives, one at a time; null when it is neither, or when nothing is known about it. */
export function elementOf(frame: Frame, object: InstanceAtom, site: Site): Value | null {
  const family = familyOf(frame.machine, object)
  return family === 'query' || family === 'rows' || family === 'scalars' ? rowOf(frame, object, site) : null
}

const FIRST: ReadonlySet<string> = new Set(['first', 'one', 'one_or_none', 'fetchone'])
const SCALAR: ReadonlySet<string> = new Set(['scalar', 'scalar_one', 'scalar_one_or_none'])
const ALL: ReadonlySet<string> = new Set(['all', 'fetchall', 'fetchmany'])

function fromResult(frame: Frame, result: InstanceAtom, name: string, site: Site): Value | null {
  const m = frame.machine
  if (FIRST.has(name)) return some(m, name, rowOf(frame, result, site))
  if (SCALAR.has(name)) {
    const [entity] = entitiesOf(m, result)
    return entity === undefined
      ? null
      : some(m, name, loaded(frame, entity, { session: m.ops.slot(result, SESSION), site, loads: loadsOf(m, result) }))
  }
  const row = ALL.has(name) ? rowOf(frame, result, site) : null
  return row === null ? null : m.ops.newList(frame, site, row)
}

/** `relationship(lazy="dynamic")`: a query about what it points to. */
export function dynamicQuery(frame: Frame, classes: Value, site: Site): Value {
  const query = libraryInstance(frame, QUERY, { site, resolution: 0 })
  setEntities(frame.machine, query, [classes])
  return frame.machine.domain.of(query)
}
