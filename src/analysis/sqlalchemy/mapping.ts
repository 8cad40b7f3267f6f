// Mapped classes of SQLAlchemy as their class bodies declare them: which attribute is a column, which a relationship, what a relationship points to,
// and what it adds to the other class. Nothing runs here; names are resolved over the loaded modules as the mapper's registry does.
import type { ClassIr, Expr } from '../../ir/model.ts'
import type { LoadedModule } from '../../program/program.ts'
import { moduleAtom } from '../language/bodies.ts'
import type { Machine } from '../machine/machine.ts'
import { only, stringOf, type CallArgs, type ClassAtom, type InstanceAtom, type Value } from '../domain/values.ts'

/** What a call in the body of a mapped class declares. */
export type FieldKind = 'relationship' | 'column' | 'deferred'

const RELATIONSHIP = /^(?:sqlalchemy\.orm\.(?:relationship|dynamic_loader)|sqlmodel\.Relationship)\(\)$/
const COLUMN =
  /^(?:sqlalchemy\.(?:Column|orm\.(?:mapped_column|column_property|synonym|composite))|sqlmodel\.Field)\(\)$/
const DEFERRED = 'sqlalchemy.orm.deferred()'
const TARGET = 'sqlalchemy:to'
const OPTIONS = 'sqlalchemy:options'

export function fieldKind(m: Machine, field: InstanceAtom): FieldKind | null {
  if (field.ext === null) return null
  if (RELATIONSHIP.test(field.ext)) return 'relationship'
  if (field.ext === DEFERRED) return 'deferred'
  return COLUMN.test(field.ext) ? (optionsOf(m, field).includes('deferred') ? 'deferred' : 'column') : null
}

/** The call of a mapped class's body keeps what decides later: target and loading of a relationship, `deferred` and `primary_key` of a column. */
export function keepDeclaration(m: Machine, field: InstanceAtom, args: CallArgs): void {
  if (fieldKind(m, field) === null) return
  const target = args.pos[0] ?? args.kw.get('argument')
  if (target !== undefined) m.ops.setSlot(field, TARGET, target)
  const options = ['lazy', 'uselist', 'primary_key', 'deferred'].flatMap((name) => {
    const atom = only(args.kw.get(name) ?? m.domain.bottom)
    return atom?.kind !== 'const' || (atom.value === false && name !== 'uselist' && name !== 'lazy')
      ? []
      : [name === 'lazy' || name === 'uselist' ? `${name}=${String(atom.value)}` : name]
  })
  if (options.length > 0) m.ops.setSlot(field, OPTIONS, m.domain.special(OPTIONS, [], options))
}

const optionsOf = (m: Machine, field: InstanceAtom): readonly string[] => {
  const atom = only(m.ops.slot(field, OPTIONS))
  return atom?.kind === 'special' ? atom.names : []
}

export const isPrimaryKey = (m: Machine, field: InstanceAtom): boolean => optionsOf(m, field).includes('primary_key')

/** How reading a relationship loads it: `ask` sends a query, `there` was loaded with the instance (or is never loaded), `query` gives a query. */
export function loading(m: Machine, field: InstanceAtom): 'ask' | 'there' | 'query' {
  const lazy = optionsOf(m, field).find((one) => one.startsWith('lazy='))
  if (lazy === 'lazy=dynamic' || lazy === 'lazy=write_only' || field.ext?.includes('dynamic_loader') === true)
    return 'query'
  return lazy === undefined || lazy === 'lazy=select' || lazy === 'lazy=true' ? 'ask' : 'there'
}

/** The name of a mapped attribute in its class, or null. */
export function nameOf(m: Machine, cls: ClassAtom, field: InstanceAtom): string | null {
  for (const base of cls.mro)
    if (base.kind === 'class')
      for (const [name, cell] of base.fields) if (m.store.read(cell).atoms.includes(field)) return name
  return null
}

/** The name that the call at this place is bound to in a class body: `User.addresses` as an argument has no other trace of its name. */
export function boundName(m: Machine, field: InstanceAtom): string | null {
  const { site } = field
  const module = site === null ? undefined : m.program.modules.get(site.module.file)
  for (const s of module?.ir.body ?? [])
    if (s.k === 'class')
      for (const { name, x } of assignments(s.cls)) if (x?.p === site?.p && x?.e === site?.e) return name
  return null
}

interface Assignment {
  readonly name: string
  readonly x: Expr | null
  readonly annotation: Expr | null
}

function assignments(cls: ClassIr): readonly Assignment[] {
  return cls.body.flatMap((s) => {
    const place = s.k === 'assign' ? s.targets[0] : s.k === 'ann' ? s.target : undefined
    if (place?.k !== 'name') return []
    return [
      {
        name: place.id,
        x: s.k === 'assign' || s.k === 'ann' ? s.x : null,
        annotation: s.k === 'ann' ? s.annotation : null,
      },
    ]
  })
}

/** A column that has an annotation alone: `name: Mapped[str]`, and the fields of SQLModel. */
export function isAnnotated(cls: ClassAtom, name: string): boolean {
  return cls.mro.some(
    (base) =>
      base.kind === 'class' &&
      assignments(base.cls).some(
        (one) =>
          one.name === name &&
          one.annotation !== null &&
          (base.traits.has('pydantic') ||
            /^(?:Mapped|DynamicMapped|WriteOnlyMapped)$/.test(headOf(one.annotation) ?? '')),
      ),
  )
}

const headOf = (x: Expr): string | null =>
  x.k === 'sub' ? headOf(x.o) : x.k === 'attr' ? x.n : x.k === 'name' ? x.id : null

/** What a relationship points to, and whether it is a collection (null: not known). */
export function targetOf(
  m: Machine,
  owner: ClassAtom,
  field: InstanceAtom,
): { readonly classes: Value; readonly many: boolean | null } {
  const given = m.ops.slot(field, TARGET)
  const written = annotationOf(owner, boundName(m, field))
  const text = stringOf(given)?.split('.').at(-1) ?? (given.atoms.length === 0 ? written.name : null)
  const classes = text === null ? m.domain.filter(given, (a) => a.kind === 'class') : classesNamed(m, owner, text)
  if (optionsOf(m, field).includes('uselist=false')) return { classes, many: false }
  if (written.many !== null) return { classes, many: written.many }
  return { classes, many: classes.atoms.length === 0 ? null : !pointsTo(owner, classes) }
}

/** Of `X | None` the side that names a type. */
const open = (x: Expr): Expr => (x.k === 'bin' ? (x.l.k === 'const' && x.l.v === null ? x.r : x.l) : x)

const COLLECTION = /^(?:list|List|set|Set|Sequence|Collection)$/

/** `Mapped[list["Address"]]`, `Optional["Address"]`, `list["Address"]`: the name of the class, and whether it is a collection. */
function annotationOf(
  owner: ClassAtom,
  name: string | null,
): { readonly name: string | null; readonly many: boolean | null } {
  const found = owner.mro
    .flatMap((base) => (base.kind === 'class' ? assignments(base.cls) : []))
    .find((one) => one.name === name)
  if (name === null || found?.annotation === undefined || found.annotation === null) return { name: null, many: null }
  let many = false
  let inner: Expr = found.annotation
  for (inner = open(inner); inner.k === 'sub'; inner = open(inner.i)) many ||= COLLECTION.test(headOf(inner) ?? '')
  if (inner.k !== 'const' || typeof inner.v !== 'string') return { name: headOf(inner), many }
  const text = /(?:(\w+)\[)?["']?(?:\w+\.)*(\w+)["']?\]?$/.exec(inner.v)
  return { name: text?.[2] ?? null, many: many || COLLECTION.test(text?.[1] ?? '') }
}

/** Mapped classes of that name: of the same module, otherwise of any module that was loaded. */
function classesNamed(m: Machine, owner: ClassAtom, name: string): Value {
  const own = owner.env.module.fields.get(name)
  const here = own === undefined ? m.domain.bottom : m.domain.filter(m.store.read(own), (a) => a.kind === 'class')
  if (here.atoms.length > 0) return here
  return m.domain.joinAll(
    [...m.program.modules.values()]
      .filter((module) => module.ir.body.some((s) => s.k === 'class' && s.cls.name === name))
      .map((module) => {
        const cell = moduleAtom(m, module.file)?.fields.get(name)
        return cell === undefined ? m.domain.bottom : m.domain.filter(m.store.read(cell), (a) => a.kind === 'class')
      }),
  )
}

/** The class has a foreign key to the table of one of these: the relationship is its side with one. */
function pointsTo(owner: ClassAtom, classes: Value): boolean {
  const tables = new Set(classes.atoms.flatMap((a) => (a.kind === 'class' ? [tableOf(a.cls)] : [])))
  return owner.mro.some(
    (base) =>
      base.kind === 'class' &&
      assignments(base.cls).some(({ x }) => {
        const key = x === null ? null : foreignKey(x)
        return key !== null && tables.has(key)
      }),
  )
}

/** The name of its table: declared, or made of the class's name as Flask-SQLAlchemy and SQLModel do. */
function tableOf(cls: ClassIr): string {
  const named = assignments(cls).find(({ name }) => name === '__tablename__')?.x
  if (named?.k === 'const' && typeof named.v === 'string') return named.v
  return cls.name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()
}

/** The table that a column's foreign key names. */
function foreignKey(x: Expr): string | null {
  if (x.k !== 'call') return null
  if (headOf(x.f) === 'ForeignKey' || x.a.some((a) => a.n === 'foreign_key')) {
    const to = x.a.find((a) => a.n === 'foreign_key')?.x ?? x.a[0]?.x
    return to?.k === 'const' && typeof to.v === 'string' ? (to.v.split('.').at(-2) ?? null) : null
  }
  for (const { x: inner } of x.a) {
    const key = foreignKey(inner)
    if (key !== null) return key
  }
  return null
}

/** A relationship of another class that adds an attribute to this one (`backref=`), and the class that declares it. */
export function backrefTo(
  m: Machine,
  cls: ClassAtom,
  name: string,
): { readonly classes: Value; readonly many: boolean } | null {
  const names = new Set(cls.mro.flatMap((base) => (base.kind === 'class' ? [base.cls.name] : [])))
  for (const { module, owner, to, added } of backrefsIn(m)) {
    if (added !== name || !names.has(to)) continue
    const cell = moduleAtom(m, module.file)?.fields.get(owner.name)
    const classes =
      cell === undefined ? m.domain.bottom : m.domain.filter(m.store.read(cell), (a) => a.kind === 'class')
    const [declaring] = classes.atoms
    if (declaring?.kind === 'class') return { classes, many: pointsTo(declaring, m.domain.of(cls)) }
  }
  return null
}

interface Backref {
  readonly module: LoadedModule
  readonly owner: ClassIr
  readonly to: string
  readonly added: string
}

const backrefs = new WeakMap<LoadedModule, readonly Backref[]>()

function backrefsIn(m: Machine): readonly Backref[] {
  return [...m.program.modules.values()].flatMap((module) => {
    const known = backrefs.get(module)
    if (known !== undefined) return known
    const found = module.ir.body.flatMap((s) => (s.k === 'class' ? declaredIn(module, s.cls) : []))
    backrefs.set(module, found)
    return found
  })
}

function declaredIn(module: LoadedModule, owner: ClassIr): Backref[] {
  return assignments(owner).flatMap(({ x }) => {
    if (x?.k !== 'call' || headOf(x.f) !== 'relationship') return []
    const given = x.a.find((a) => a.n === 'backref')?.x
    const name = given?.k === 'call' ? given.a[0]?.x : given
    const target = x.a.find((a) => a.n === undefined && a.s === undefined)?.x
    const to = target?.k === 'const' ? String(target.v).split('.').at(-1) : target === undefined ? null : headOf(target)
    if (name?.k !== 'const' || typeof name.v !== 'string' || to === undefined || to === null) return []
    return [{ module, owner, to, added: name.v }]
  })
}
