// Classes: the body runs where it stands, bases are linearised (C3), metaclass and __init_subclass__ and __set_name__ run, decorators replace.
// Construction follows type.__call__: metaclass __call__, __new__, __init__ along the method resolution order, then what dataclasses add.
import type { ClassIr, Expr } from '../ir/model.ts'
import { allocate, at, newEnv, newFrame, newSummary, recordCall, settle, siteOf } from './frames.ts'
import { evaluateArguments } from './expressions.ts'
import type { CallSite, Frame, Machine } from './machine.ts'
import {
  only,
  positional,
  RESOLVED,
  type Atom,
  type CallArgs,
  type ClassAtom,
  type InstanceAtom,
  type Value,
} from './values.ts'

export function defineClass(m: Machine, frame: Frame, cls: ClassIr): Value {
  const decorators = cls.decorators.map((x) => ({ x, value: m.ops.evaluate(frame, x) }))
  const keywords = cls.bases.filter((b) => b.n !== undefined)
  const bases = resolveBases(
    m,
    frame,
    evaluateArguments(
      m,
      frame,
      cls.bases.filter((b) => b.n === undefined),
    ),
    at(frame, cls, 'class-body'),
  )
  const given = evaluateArguments(m, frame, keywords)
  const atom = createClass(m, frame, cls, bases, given.kw.get('metaclass') ?? null)
  runBody(m, frame, cls, atom)
  afterCreation(m, frame, atom, given, cls)
  let value = m.domain.of(atom)
  for (const { x, value: decorator } of decorators.toReversed())
    value = m.ops.decorate(frame, decorator, value, at(frame, x, 'decorator'))
  return value
}

function resolveBases(m: Machine, frame: Frame, args: CallArgs, site: CallSite): Atom[] {
  const bases: Atom[] = []
  for (const value of args.pos) {
    for (const atom of value.atoms) {
      const entries = m.ops.typeMethod(frame, atom, '__mro_entries__')
      if (entries !== null) m.ops.call(frame, entries, positional(m.domain.unknown('bases')), site, null)
      if (atom.kind === 'class' || atom.kind === 'external' || atom.kind === 'native') bases.push(atom)
      else if (atom.kind === 'instance' && atom.ext !== null)
        bases.push(...m.domain.external(atom.ext, atom.resolution).atoms)
      else if (atom.kind === 'special' && atom.type === 'namedtuple') bases.push(atom)
      else if (atom.kind === 'unknown') bases.push(atom)
    }
  }
  return bases
}

function createClass(
  m: Machine,
  frame: Frame,
  cls: ClassIr,
  bases: readonly Atom[],
  metaclass: Value | null,
): ClassAtom {
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
    return made
  })
}

function enclosing(frame: Frame): Frame['env'] | null {
  let scope: Frame['env'] | null = frame.env
  while (scope !== null && (scope.kind === 'class' || scope.kind === 'module')) scope = scope.parent
  return scope
}

/** Library bases that change what a class does when it is built. */
const BASE_TRAITS: ReadonlyMap<string, string> = new Map([
  ['enum.Enum', 'enum'],
  ['enum.IntEnum', 'enum'],
  ['enum.StrEnum', 'enum'],
  ['enum.Flag', 'enum'],
  ['enum.IntFlag', 'enum'],
  ['typing.NamedTuple', 'fields'],
  ['typing_extensions.NamedTuple', 'fields'],
  ['pydantic.BaseModel', 'pydantic'],
  ['pydantic.BaseSettings', 'pydantic'],
  ['pydantic_settings.BaseSettings', 'pydantic'],
  ['sqlmodel.SQLModel', 'pydantic'],
  ['typing.Protocol', 'protocol'],
  ['msgspec.Struct', 'fields'],
])

/** C3 linearisation (The Python 2.3 Method Resolution Order, python.org); contradictory bases fall back to depth first without repeats. */
export function linearise(bases: readonly Atom[]): Atom[] {
  const sequences: Atom[][] = [...bases.map((b) => (b.kind === 'class' ? [...b.mro] : [b])), [...bases]]
  const out: Atom[] = []
  while (sequences.some((s) => s.length > 0)) {
    const heads = sequences.filter((s) => s.length > 0).map((s) => s[0])
    const head = heads.find((h) => !sequences.some((s) => s.indexOf(h as Atom) > 0))
    if (head === undefined) {
      for (const rest of sequences.flat()) if (!out.includes(rest)) out.push(rest)
      return out
    }
    out.push(head)
    for (const s of sequences) if (s[0] === head) s.shift()
  }
  return out
}

/** The class body as a frame of its own; its names are the class's attributes. */
function runBody(m: Machine, frame: Frame, cls: ClassIr, atom: ClassAtom): void {
  const env = { ...atom.env, owner: atom }
  const summary = newSummary(m, cls.qualname, frame.module.info, atom.site)
  const inner = newFrame(m, { env, function: null, name: cls.qualname, context: frame.context, summary })
  const prepare = atom.metaclass === null ? null : m.ops.typeMethod(frame, atom, '__prepare__')
  if (prepare !== null) m.ops.call(frame, prepare, positional(), at(frame, cls, 'class-body'), null)
  for (const cell of atom.fields.values())
    if (cell.value !== m.domain.unbound && !frame.context.allocations.has(`class${cls.p}`))
      m.store.write(cell, m.domain.unbound)
  const ends = m.ops.execute(inner, cls.body)
  settle(m, inner.returns, ends)
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
  if (summary.canRaise) frame.summary.canRaise = true
}

/** What type.__new__ and type.__init__ trigger: __set_name__ of attributes, __init_subclass__ of the parents, the metaclass's own methods, enum members. */
function afterCreation(m: Machine, frame: Frame, atom: ClassAtom, given: CallArgs, cls: ClassIr): void {
  const site = at(frame, { p: cls.p, e: cls.ne }, 'class-body')
  const self = m.domain.of(atom)
  const kw = new Map([...given.kw].filter(([name]) => name !== 'metaclass'))
  for (const method of ['__new__', '__init__']) {
    const found = atom.metaclass?.kind === 'class' ? classMember(m, atom.metaclass, method) : null
    if (found !== null)
      m.ops.call(
        frame,
        found,
        {
          pos: [self, m.domain.typed('str'), m.domain.typed('tuple'), m.domain.typed('dict')],
          kw,
          restPos: null,
          restKw: null,
        },
        site,
        null,
      )
  }
  for (const [name, cell] of atom.fields) {
    for (const value of m.store.read(cell).atoms) {
      const hook =
        value.kind === 'instance' && value.cls !== null ? m.ops.typeMethod(frame, value, '__set_name__') : null
      if (hook !== null) m.ops.call(frame, hook, positional(self, m.domain.constant('str', name)), site, null)
    }
  }
  const hook = memberAfter(m, atom, atom, '__init_subclass__')
  if (hook !== null) {
    for (const candidate of hook.atoms) {
      const target =
        candidate.kind === 'special' && candidate.type === 'classmethod'
          ? (candidate.parts[0] ?? hook)
          : m.domain.of(candidate)
      m.ops.call(frame, target, { pos: [self], kw, restPos: null, restKw: null }, site, null)
    }
  }
  if (atom.traits.has('enum')) enumMembers(m, frame, atom, site)
}

/** Every plain attribute of an Enum body becomes a member: its value is passed to __init__ (and __new__). */
function enumMembers(m: Machine, frame: Frame, atom: ClassAtom, site: CallSite): void {
  for (const [name, cell] of atom.fields) {
    if (name.startsWith('_')) continue
    const value = m.store.read(cell)
    if (
      value.atoms.some(
        (a) => a.kind === 'function' || a.kind === 'unbound' || a.kind === 'special' || a.kind === 'class',
      )
    )
      continue
    const spread = only(value)?.kind === 'container' ? m.ops.spread(frame, value, site).elements : null
    const args: CallArgs = spread === null ? positional(value) : positional(...spread)
    const member = newInstance(
      m,
      frame,
      atom,
      `enum${name}:${atom.id}`,
      siteOf(frame, { p: atom.cls.p, e: atom.cls.ne }),
    )
    const init = classMember(m, atom, '__init__')
    if (init !== null)
      m.ops.call(
        frame,
        init,
        { ...args, pos: [m.domain.of(member), ...args.pos] },
        { ...site, step: 'construct' },
        null,
      )
    m.ops.setField(member, 'value', value)
    m.ops.setField(member, 'name', m.domain.constant('str', name))
    m.store.write(cell, m.domain.of(member))
  }
}

/** The raw attribute of a class along its method resolution order (no descriptor runs), or null. External bases end the search with null. */
export function classMember(m: Machine, cls: ClassAtom, name: string): Value | null {
  for (const base of cls.mro) {
    if (base.kind !== 'class') continue
    const cell = base.fields.get(name)
    if (cell === undefined || cell.value === m.domain.unbound) continue
    return m.domain.filter(m.store.read(cell), (a) => a.kind !== 'unbound')
  }
  return null
}

/** The attribute that comes after `start` in the receiver's method resolution order: what `super()` finds. */
export function memberAfter(m: Machine, receiver: ClassAtom, start: ClassAtom, name: string): Value | null {
  const from = receiver.mro.indexOf(start)
  for (const base of receiver.mro.slice(from + 1)) {
    if (base.kind !== 'class') continue
    const cell = base.fields.get(name)
    if (cell === undefined || cell.value === m.domain.unbound) continue
    return m.domain.filter(m.store.read(cell), (a) => a.kind !== 'unbound')
  }
  return null
}

export function newInstance(
  m: Machine,
  frame: Frame,
  cls: ClassAtom,
  key: string,
  site: CallSite['site'],
): InstanceAtom {
  return allocate(frame, key, () =>
    m.domain.make({
      kind: 'instance',
      cls,
      ext: null,
      resolution: RESOLVED,
      fields: new Map(),
      site,
      multiple: false,
      pending: null,
      slots: new Map(),
    }),
  )
}

/** Calls a class. */
export function instantiate(m: Machine, frame: Frame, cls: ClassAtom, args: CallArgs, site: CallSite): Value {
  const at = { ...site, step: site.step === 'call' ? ('construct' as const) : site.step }
  const metaCall = cls.metaclass?.kind === 'class' ? classMember(m, cls.metaclass, '__call__') : null
  if (metaCall !== null) return m.ops.call(frame, metaCall, { ...args, pos: [m.domain.of(cls), ...args.pos] }, at, null)
  return construct(m, frame, cls, args, at)
}

/** `type.__call__`: __new__, then __init__ when __new__ gave an instance of the class. */
export function construct(m: Machine, frame: Frame, cls: ClassAtom, args: CallArgs, site: CallSite): Value {
  if (cls.traits.has('enum') && args.pos.length === 1)
    return m.domain.joinAll(
      [...cls.fields.values()].map((c) =>
        m.domain.filter(m.store.read(c), (a) => a.kind === 'instance' && a.cls === cls),
      ),
    )
  const custom = classMember(m, cls, '__new__')
  let made: Value
  if (custom === null)
    made = m.domain.of(newInstance(m, frame, cls, `i${site.site.module.file}:${site.site.p}:${cls.id}`, site.site))
  else {
    const target = m.domain.joinAll(
      custom.atoms.map((a) =>
        a.kind === 'special' && a.type === 'staticmethod' ? (a.parts[0] ?? custom) : m.domain.of(a),
      ),
    )
    made = m.ops.call(frame, target, { ...args, pos: [m.domain.of(cls), ...args.pos] }, site, null)
    if (made.atoms.length === 0) return made
  }
  let out = m.domain.bottom
  for (const object of made.atoms) {
    if (object.kind === 'unknown' && custom !== null) {
      // __new__ ended in something unknown (object.__new__ of a library base): still an instance as far as anybody can tell
      out = m.domain.join(
        out,
        initialise(
          m,
          frame,
          newInstance(m, frame, cls, `i${site.site.module.file}:${site.site.p}:${cls.id}`, site.site),
          cls,
          args,
          site,
        ),
      )
    } else if (object.kind === 'instance' && object.cls?.mro.includes(cls) === true)
      out = m.domain.join(out, initialise(m, frame, object, object.cls, args, site))
    else out = m.domain.join(out, m.domain.of(object))
  }
  return out
}

function initialise(
  m: Machine,
  frame: Frame,
  object: InstanceAtom,
  cls: ClassAtom,
  args: CallArgs,
  site: CallSite,
): Value {
  const init = classMember(m, cls, '__init__')
  if (init !== null) {
    const result = m.ops.call(frame, init, { ...args, pos: [m.domain.of(object), ...args.pos] }, site, null)
    if (result.atoms.length === 0) return result
  } else if (cls.traits.has('dataclass') || cls.traits.has('fields') || cls.traits.has('pydantic'))
    m.ops.generatedInit(frame, object, cls, args, site)
  else {
    for (const base of cls.mro) if (base.kind === 'external') m.ops.constructBase(frame, object, base.path, args, site)
  }
  return m.domain.of(object)
}

/** Names of annotated fields of a class body in order, with the class they belong to (bases first). */
export function annotatedFields(
  cls: ClassAtom,
): { readonly name: string; readonly annotation: Expr; readonly value: Expr | null; readonly owner: ClassAtom }[] {
  const out = new Map<string, { name: string; annotation: Expr; value: Expr | null; owner: ClassAtom }>()
  for (const base of cls.mro.toReversed()) {
    if (base.kind !== 'class') continue
    for (const s of base.cls.body)
      if (s.k === 'ann' && s.target.k === 'name')
        out.set(s.target.id, { name: s.target.id, annotation: s.annotation, value: s.x, owner: base })
  }
  return [...out.values()]
}
