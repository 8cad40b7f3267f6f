// Classes: the body runs where it stands, bases are linearised (C3), metaclass and __init_subclass__ and __set_name__ run, decorators replace.
// What calling a class does is construction.ts.
import type { ClassIr } from '../../ir/model.ts'
import { allocate, newEnv, newFrame, newSummary, onlyCaught, recordCall, settle } from '../machine/frames.ts'
import { at, implied, siteOf } from '../machine/sites.ts'
import type { Cell } from '../domain/state.ts'
import { evaluateArguments } from '../language/arguments.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import {
  RESOLVED,
  only,
  positional,
  withReceiver,
  type Atom,
  type CallArgs,
  type ClassAtom,
  type Value,
} from '../domain/values.ts'
import { classMember, linearise, noteSubclass } from './members.ts'
import { fillPrepared, isMaker, madeBy, madeByMetaclass, preparedBy, presetNames, type Draft } from './metaclasses.ts'
import { newInstance } from './construction.ts'

export function defineClass(frame: Frame, cls: ClassIr): Value {
  const m = frame.machine
  const decorators = cls.decorators.map((x) => ({ x, value: m.ops.evaluate(frame, x) }))
  const keywords = cls.bases.filter((b) => b.n !== undefined)
  const written = evaluateArguments(
    frame,
    cls.bases.filter((b) => b.n === undefined),
  )
  const bases = resolveBases(frame, written, at(frame, cls, 'class-body'))
  const given = evaluateArguments(frame, keywords)
  const metaclass = given.kw.get('metaclass') ?? null
  const makes = metaclass !== null && isMaker(only(metaclass))
  const atom = createClass(frame, cls, bases, makes ? null : metaclass)
  const draft: Draft = { atom, given, cls, prepared: preparedBy(frame, { atom, given, cls }) }
  if (m.stopped || !bodyOver(frame, draft, fieldsOfMadeBases(written))) return m.domain.bottom
  let value = makes ? madeBy(frame, metaclass, draft) : madeByMetaclass(frame, draft)
  if (value.atoms.length === 0) return value
  if (atom.traits.has('enum')) enumMembers(frame, atom, at(frame, { p: cls.p, e: cls.ne }, 'class-body'))
  for (const { x, value: decorator } of decorators.toReversed())
    value = m.ops.decorate(frame, decorator, value, at(frame, x, 'decorator'))
  return value
}

function resolveBases(frame: Frame, args: CallArgs, site: CallSite): Atom[] {
  const m = frame.machine
  const bases: Atom[] = []
  for (const value of args.pos) {
    for (const atom of value.atoms) {
      const entries = m.ops.typeMethod(frame, atom, '__mro_entries__')
      if (entries !== null) m.ops.call(frame, entries, positional(m.domain.unknown('bases')), implied(site))
      if (atom.kind === 'class' || atom.kind === 'external' || atom.kind === 'native') bases.push(atom)
      else if (atom.kind === 'instance' && atom.ext !== null)
        bases.push(...m.domain.external(atom.ext, atom.resolution).atoms)
      else if (atom.kind === 'special' && atom.type === 'namedtuple') bases.push(atom)
      else if (atom.kind === 'unknown') bases.push(atom)
    }
  }
  return bases
}

/** Runs the class body; what its library base was given is there afterwards, where the body does not set it itself. */
function bodyOver(frame: Frame, draft: Draft, shared: ReadonlyMap<string, Cell>): boolean {
  const { atom } = draft
  for (const [name, cell] of shared) if (atom.fields.get(name) === cell) atom.fields.delete(name)
  if (!runBody(frame, draft)) return false
  for (const [name, cell] of shared) if (!atom.fields.has(name)) atom.fields.set(name, cell)
  return true
}

/** What code set on a base that a library made: `Base = declarative_base(); Base.query = …`. A class below it has it, too. */
function fieldsOfMadeBases(bases: CallArgs): ReadonlyMap<string, Cell> {
  const out = new Map<string, Cell>()
  for (const atom of bases.pos.flatMap((value) => value.atoms))
    if (atom.kind === 'instance' && atom.cls === null) for (const [name, cell] of atom.fields) out.set(name, cell)
  return out
}

function createClass(frame: Frame, cls: ClassIr, bases: readonly Atom[], metaclass: Value | null): ClassAtom {
  const m = frame.machine
  const inherited = bases.find((b): b is ClassAtom => b.kind === 'class' && b.metaclass !== null)?.metaclass ?? null
  const meta = metaclass === null ? inherited : only(metaclass)
  const key = `class${cls.p}:${bases.map((b) => b.id).join(',')}:${meta?.id ?? ''}`
  return allocate(frame, key, () => {
    const fields = new Map()
    const mro: Atom[] = []
    const traits = new Set<string>()
    for (const base of bases) if (base.kind === 'class') for (const trait of base.traits) traits.add(trait)
    for (const base of bases) {
      const trait =
        base.kind === 'external' || base.kind === 'native'
          ? BASE_TRAITS.get(base.kind === 'external' ? base.path : base.name)
          : undefined
      if (trait !== undefined) traits.add(trait)
      if (base.kind === 'external' && FORM_FIELD.test(base.path)) traits.add('unbound-field')
    }
    const env = newEnv(m, {
      kind: 'class',
      parent: enclosing(frame),
      module: frame.module,
      names: cls.locals,
      globals: cls.globals,
      nonlocals: cls.nonlocals,
    })
    const made = m.domain.make({
      kind: 'class',
      cls,
      env: { ...env, owner: null, vars: fields },
      site: siteOf(frame, { p: cls.np, e: cls.ne }),
      bases,
      mro,
      metaclass: meta,
      fields,
      traits,
    })
    mro.push(made, ...linearise(bases))
    noteSubclass(m, made)
    if (cls.locals.includes('__del__')) m.finalisers = true
    return made
  })
}

function enclosing(frame: Frame): Frame['env'] | null {
  let scope: Frame['env'] | null = frame.env
  while (scope !== null && (scope.kind === 'class' || scope.kind === 'module')) scope = scope.parent
  return scope
}

/** Fields of WTForms: called in the body of a form, they wait for a form before their constructor runs (`Field.__new__`). */
const FORM_FIELD = /^(?:wtforms|flask_wtf|wtforms_sqlalchemy|wtforms_components)\.(?:\w+\.)*(?:\w*Field|FieldList)$/

/** Library bases that change what a class does when it is built. */
const BASE_TRAITS: ReadonlyMap<string, string> = new Map([
  ['enum.Enum', 'enum'],
  ['enum.IntEnum', 'enum'],
  ['enum.StrEnum', 'enum'],
  ['enum.Flag', 'enum'],
  ['enum.IntFlag', 'enum'],
  ['django.db.models.Choices', 'enum'],
  ['django.db.models.TextChoices', 'enum'],
  ['django.db.models.IntegerChoices', 'enum'],
  ['typing.NamedTuple', 'fields'],
  ['typing_extensions.NamedTuple', 'fields'],
  ['pydantic.BaseModel', 'pydantic'],
  ['pydantic.BaseSettings', 'pydantic'],
  ['pydantic_settings.BaseSettings', 'pydantic'],
  ['sqlmodel.SQLModel', 'pydantic'],
  ['typing.Protocol', 'protocol'],
  ['msgspec.Struct', 'fields'],
])

/** The class body as a frame of its own; its names are the class's attributes. False = it certainly raises. */
function runBody(frame: Frame, draft: Draft): boolean {
  const m = frame.machine
  const { cls, atom } = draft
  const env = { ...atom.env, owner: atom }
  const summary = newSummary(m, cls.qualname, frame.module.info, atom.site)
  const inner = newFrame(m, { env, function: null, name: cls.qualname, context: frame.context, summary })
  for (const cell of atom.fields.values())
    if (cell.value !== m.domain.unbound && !frame.context.allocations.has(`class${cls.p}`))
      m.store.write(cell, m.domain.unbound)
  presetNames(m, draft)
  const { undecided } = m
  const ends = m.ops.execute(inner, cls.body)
  m.undecided = undecided
  if (ends) fillPrepared(inner, draft)
  const raised = inner.raises[0]?.exits ?? []
  if (!ends && inner.raises[0] !== undefined) settle(m, inner.raises[0], false)
  recordCall(
    frame,
    {
      kind: 'call',
      site: siteOf(frame, { p: cls.p, e: cls.ne }),
      step: 'class-body',
      callee: cls.qualname,
      target: summary,
      resolution: RESOLVED,
      detached: false,
      instead: null,
    },
    atom.id,
  )
  if (summary.canRaise || (ends && raised.length > 0)) frame.summary.canRaise = true
  if (summary.caught !== null) onlyCaught(frame, summary.caught)
  if (!ends && raised.length > 0) m.ops.raise(frame, m.domain.joinAll(raised.map((exit) => exit.value)))
  return ends || raised.length === 0
}

/** Every plain attribute of an Enum body becomes a member: its value is passed to __init__ (and __new__). */
function enumMembers(frame: Frame, atom: ClassAtom, site: CallSite): void {
  const m = frame.machine
  for (const [name, cell] of atom.fields) {
    if (name.startsWith('_')) continue
    const value = m.store.read(cell)
    if (
      value.atoms.some(
        (a) =>
          a.kind === 'function' ||
          a.kind === 'unbound' ||
          (a.kind === 'special' && a.type !== 'partial') ||
          a.kind === 'class' ||
          (a.kind === 'instance' && a.cls !== null && classMember(m, a.cls, '__get__') !== null),
      )
    )
      continue
    const spread = only(value)?.kind === 'container' ? m.ops.spread(frame, value, site).elements : null
    const args: CallArgs = spread === null ? positional(value) : positional(...spread)
    const member = newInstance(frame, atom, `enum${name}:${atom.id}`, siteOf(frame, { p: atom.cls.p, e: atom.cls.ne }))
    const init = classMember(m, atom, '__init__')
    if (init !== null) m.ops.call(frame, init, withReceiver(m.domain.of(member), args), implied(site, 'construct'))
    m.ops.setField(member, 'value', value)
    m.ops.setField(member, 'name', m.domain.constant('str', name))
    m.store.write(cell, m.domain.of(member))
  }
}
