// Which statements have to move together: those that do the work, what only they need, and what needs them. And whether the rest of the
// function means the same without them.
// Must stay true: a name is never read where it is not bound any more, and an order that could matter makes the move `unsafe` or none.
import type { Expr, FunctionIr, Stmt } from '../ir/model.ts'
import { callsIn, dottedName } from '../ir/nodes.ts'
import { namesOf, readsOf, type Names } from './names.ts'

export interface Slice {
  /** in source order */
  readonly moved: readonly Stmt[]
  /** statements that the moved ones need as well as the rest: repeated there (imports, constants) */
  readonly copied: readonly Stmt[]
  /** names that the destination has to get from the registry: name → the key under which the rest registers it */
  readonly fetched: ReadonlyMap<string, Expr>
  /** no statement that stays could see the difference */
  readonly independent: boolean
}

interface Known {
  readonly statement: Stmt
  readonly names: Names
}

/** Most statements that are moved; a larger part of a function is somebody's decision, not a suggestion. */
const MOST_MOVED = 12

/** `block`: the function's statements; `seeds`: those that do the work; `context`: the parameter that both functions have. */
export function sliceOf(fn: FunctionIr, block: readonly Stmt[], seeds: readonly Stmt[], context: string): Slice | null {
  const all = block.map((statement): Known => ({ statement, names: namesOf([statement]) }))
  const moved = new Set(all.filter((k) => seeds.includes(k.statement)))
  const copied = new Set<Known>()
  /** moved because the work needs what they bind; whatever else needs it would have to follow, so nothing may */
  const pulled = new Set<Known>()
  const fetched = new Map<string, Expr>()
  const own = new Set(fn.locals)
  for (let before = -1; before !== moved.size + copied.size + fetched.size; ) {
    before = moved.size + copied.size + fetched.size
    for (const name of namesNeeded([...moved, ...copied], own, context)) {
      if (fetched.has(name)) continue
      const from = producers(all, name)
      const [producer] = from
      if (producer === undefined || from.length > 1) return null
      if (moved.has(producer) || copied.has(producer)) continue
      const key = registeredUnder(all, name, context)
      if (key !== null && [...readsOf(key)].every((n) => !own.has(n))) fetched.set(name, key)
      else if (isRepeatable(producer.statement, own)) copied.add(producer)
      else {
        moved.add(producer)
        pulled.add(producer)
      }
    }
    for (const known of all)
      if (!moved.has(known) && [...moved].some((m) => !pulled.has(m) && dependsOn(known, m, fetched))) moved.add(known)
    if (moved.size > MOST_MOVED) return null
  }
  if (all.some((k) => !moved.has(k) && [...pulled].some((m) => dependsOn(k, m, fetched)))) return null
  for (const known of copied)
    if (!all.some((k) => !moved.has(k) && k !== known && shares(k.names.reads, known.names.writes))) {
      copied.delete(known)
      moved.add(known)
    }
  const ordered = all.filter((k) => moved.has(k))
  if (ordered.some((k) => !canMove(k, context))) return null
  const first = all.findIndex((k) => moved.has(k))
  const later = all.slice(first).filter((k) => !moved.has(k))
  const locals = new Set(ordered.flatMap((k) => [...k.names.reads]).filter((n) => own.has(n) && n !== context))
  return {
    moved: ordered.map((k) => k.statement),
    copied: all.filter((k) => copied.has(k)).map((k) => k.statement),
    fetched,
    independent: later.every((k) => isRegistration(k, context, locals)),
  }
}

function namesNeeded(part: readonly Known[], own: ReadonlySet<string>, context: string): Set<string> {
  return new Set(part.flatMap((k) => [...k.names.reads]).filter((name) => own.has(name) && name !== context))
}

/** Every statement of the block that binds the name (parameters have none, so they are never found). */
function producers(all: readonly Known[], name: string): Known[] {
  return all.filter((k) => k.names.writes.has(name))
}

function shares(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((name) => b.has(name))
}

function dependsOn(later: Known, moved: Known, fetched: ReadonlyMap<string, Expr>): boolean {
  const bound = [...moved.names.writes].filter((name) => !fetched.has(name))
  return bound.some((name) => later.names.reads.has(name))
}

/** An import, or a constant: the same value whenever and however often it runs. */
function isRepeatable(s: Stmt, own: ReadonlySet<string>): boolean {
  if (s.k === 'import') return true
  if (s.k === 'from') return s.names.every(({ n }) => n !== '*')
  return s.k === 'assign' && s.targets.every((t) => t.k === 'name') && isConstant(s.x, own)
}

function isConstant(x: Expr, own: ReadonlySet<string>): boolean {
  if (x.k === 'const') return true
  if (x.k === 'tuple') return x.xs.every((it) => isConstant(it, own))
  if (x.k === 'fstr') return x.parts.every((part) => part.spec.length === 0 && isConstant(part.x, own))
  return x.k === 'name' && !own.has(x.id)
}

/** The key of `context.register_service(key, name)` among these statements; null unless there is exactly one. */
function registeredUnder(all: readonly Known[], name: string, context: string): Expr | null {
  const keys = all
    .flatMap(({ statement }) => (statement.k === 'expr' && statement.x.k === 'call' ? [statement.x] : []))
    .filter((call) => dottedName(call.f) === `${context}.register_service`)
    .flatMap((call) => {
      const [key, value] = call.a
      const plain = key !== undefined && value !== undefined && key.n === undefined && key.s === undefined
      return plain && value.x.k === 'name' && value.x.id === name ? [key.x] : []
    })
  const [key] = keys
  return keys.length === 1 && key !== undefined && (key.k === 'const' || key.k === 'fstr' || key.k === 'name')
    ? key
    : null
}

/** Runs of their own event loop cannot be started from a hook that runs in one. */
const OWN_LOOP = /(?:^|\.)(?:run|run_until_complete|run_forever|run_sync)$/

function canMove({ statement, names }: Known, context: string): boolean {
  if (names.bound || statement.k === 'def' || statement.k === 'class' || names.writes.has(context)) return false
  return callsIn(statement).every((call) => {
    const path = dottedName(call.f) ?? (call.f.k === 'attr' ? call.f.n : '')
    return !path.startsWith(`${context}.register`) && !path.startsWith(`${context}.add_`) && !OWN_LOOP.test(path)
  })
}

const LOGS = /^(?:logging|logger|log|_logger|LOGGER|LOG|print|self\.logger)(?:\.\w+)*$/

/** What may run before the moved work as well as after it: registrations, log lines, constructors, definitions, the end. */
function isRegistration({ statement, names }: Known, context: string, locals: ReadonlySet<string>): boolean {
  if (statement.k === 'def' || statement.k === 'class' || statement.k === 'import' || statement.k === 'from')
    return true
  if (!['expr', 'assign', 'ann', 'return', 'pass'].includes(statement.k)) return false
  const registers = callsIn(statement).every((call) => {
    const path = dottedName(call.f)
    if (path === null) return false
    return path.startsWith(`${context}.`) || LOGS.test(path) || /^[A-Z]\w*$/.test(path.split('.').at(-1) ?? '')
  })
  const touches = [...names.reads].filter((name) => locals.has(name))
  return registers && touches.every((name) => onlyHandsOver(statement, name, context))
}

/** The statement reads the name only to register the object. */
function onlyHandsOver(statement: Stmt, name: string, context: string): boolean {
  return (
    statement.k === 'expr' &&
    statement.x.k === 'call' &&
    (dottedName(statement.x.f) ?? '').startsWith(`${context}.register`) &&
    statement.x.a.some(({ x }) => x.k === 'name' && x.id === name)
  )
}
