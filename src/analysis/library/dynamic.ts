// Code and classes that exist at run time only: `type(name, bases, namespace)`, `exec` and `eval` of literal text.
// Everything they do stands on the line of the call: no position points into text that is in no file.
import { implied } from '../machine/sites.ts'
import { lowerSource } from '../../ir/lower.ts'
import type { FunctionIr, ModuleIr, Stmt } from '../../ir/model.ts'
import type { Machine, CallSite, Frame } from '../machine/machine.ts'
import { type Atom, type ClassAtom, type Value, stringOf, type CallArgs, only } from '../domain/values.ts'
import { linearise, noteSubclass } from '../objects/members.ts'
import { classHooks, UNKNOWN_MEMBERS, UNNAMED } from '../objects/metaclasses.ts'
import { allocate, newEnv, newFrame } from '../machine/frames.ts'
import { setKey } from '../domain/containers.ts'
import { bind } from '../language/names.ts'
import type { NativeCall } from '../natives/native.ts'

export function flatten(m: Machine, value: Value): readonly Atom[] {
  return value.atoms.flatMap((atom) => {
    if (atom.kind !== 'container') return [atom]
    return [...atom.known.values()].flatMap((cell) => flatten(m, m.store.read(cell)))
  })
}

/** `type(name, bases, namespace)`, or the same of a metaclass. */
export function dynamicClass(frame: Frame, args: CallArgs, at: CallSite, metaclass: ClassAtom | null = null): Value {
  const m = frame.machine
  const bases = flatten(m, args.pos[1] ?? m.domain.bottom).filter(
    (b) => b.kind === 'class' || b.kind === 'external' || b.kind === 'native' || b.kind === 'unknown',
  )
  const name = stringOf(args.pos[0] ?? m.domain.bottom)
  const made = classAtRunTime(frame, { name: name ?? 'type', bases, body: [], at, metaclass })
  // one class stands for all that are made here
  if (made.cls.name !== name) made.traits.add(UNNAMED)
  if (args.pos[2]?.atoms.some((a) => a.kind === 'unknown') === true) made.traits.add(UNKNOWN_MEMBERS)
  m.ops.iterate(frame, m.domain.special('items', [args.pos[2] ?? m.domain.bottom]), at, (entry) => {
    const [key, value] = m.ops.spread(frame, entry, at).elements ?? []
    const member = key === undefined ? null : stringOf(key)
    if (member !== null && value !== undefined)
      m.ops.setAttribute(frame, { object: m.domain.of(made), name: member, value }, at)
    else made.traits.add(UNKNOWN_MEMBERS)
    return true
  })
  classHooks(frame, made, args.kw, implied(at, 'class-body'))
  return m.domain.of(made)
}

export interface RecordDraft {
  readonly name: string
  readonly fields: readonly string[]
  /** the library class that it derives from, by its path */
  readonly base: string | null
}

/** A class with generated fields: `namedtuple("N", "a b")`, `make_dataclass("N", ["a"])`. */
export function recordClass(frame: Frame, { name, fields, base }: RecordDraft, at: CallSite): Value {
  const { p, e } = at.site
  const none = { k: 'const', t: 'none', v: null, p, e } as const
  const body = fields.map(
    (id): Stmt => ({ k: 'ann', target: { k: 'name', id, p, e }, annotation: none, x: null, p, e }),
  )
  const bases = base === null ? [] : frame.machine.domain.external(base).atoms
  const made = classAtRunTime(frame, { name, bases, body, at })
  made.traits.add('fields')
  return frame.machine.domain.of(made)
}

interface ClassDraft {
  readonly name: string
  readonly bases: readonly Atom[]
  readonly body: readonly Stmt[]
  readonly at: CallSite
  readonly metaclass?: ClassAtom | null
}

function classAtRunTime(frame: Frame, { name, bases, body, at, metaclass = null }: ClassDraft): ClassAtom {
  const m = frame.machine
  const inherited = bases.find((b): b is ClassAtom => b.kind === 'class' && b.metaclass !== null)?.metaclass ?? null
  return allocate(frame, `type${at.site.p}:${bases.map((b) => b.id).join(',')}:${metaclass?.id ?? ''}`, () => {
    const mro: Atom[] = []
    const cls = {
      name,
      qualname: name,
      p: at.site.p,
      e: at.site.e,
      np: at.site.p,
      ne: at.site.e,
      bases: [],
      decorators: [],
      body,
      locals: [],
      globals: [],
      nonlocals: [],
    }
    const env = newEnv(m, { kind: 'class', parent: null, module: frame.module, names: [] })
    const atom = m.domain.make({
      kind: 'class',
      cls,
      env,
      site: at.site,
      bases,
      mro,
      metaclass: metaclass ?? inherited,
      fields: new Map(),
      traits: new Set<string>(),
    })
    mro.push(atom, ...linearise(bases))
    noteSubclass(m, atom)
    return atom
  })
}

/** `exec("…")`, `eval("…")`: literal code runs here; everything it does stands on the line of the call. */
export function executeText(frame: Frame, text: string, expression: boolean, native: NativeCall): Value {
  const m = frame.machine
  const ir = relocate(m, lowerSource(expression ? text.trim() : text), native.site.site)
  const namespace = only(native.args.pos[1] ?? native.args.kw.get('globals') ?? m.domain.bottom)
  const env =
    namespace?.kind === 'container'
      ? newEnv(m, { kind: 'function', parent: null, module: frame.module, names: ir.names })
      : frame.env
  if (namespace?.kind === 'container')
    for (const names of [m.domain.of(namespace), native.args.pos[2] ?? native.args.kw.get('locals') ?? m.domain.none])
      for (const [key, value] of m.ops.entries(frame, names).known) bind(m, env, key, value)
  const inner: Frame = newFrame(m, {
    env,
    function: frame.function,
    name: frame.name,
    context: frame.context,
    summary: frame.summary,
  })
  inner.may = frame.may
  inner.guards = frame.guards
  const first = ir.body[0]
  if (expression && ir.body.length === 1 && first?.k === 'expr') return m.ops.evaluate(inner, first.x)
  m.ops.execute(inner, ir.body)
  if (namespace?.kind === 'container')
    for (const [name, cell] of env.vars)
      if (cell.value !== m.domain.unbound) setKey(m, namespace, m.domain.constant('str', name), m.store.read(cell))
  return m.domain.none
}

/** The same code with every position moved to one place; its functions stand where they are called. */
function relocate(m: Machine, ir: ModuleIr, { p, e }: { readonly p: number; readonly e: number }): ModuleIr {
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move)
    if (value === null || typeof value !== 'object') return value
    const out: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(value))
      out[key] = key === 'p' || key === 'np' ? p : key === 'e' || key === 'ne' ? e : move(item)
    if ('params' in out && 'decorators' in out) m.textFunctions.add(out as unknown as FunctionIr)
    return out
  }
  return { ...ir, body: move(ir.body) as readonly Stmt[] }
}
