// Which names a piece of Python reads and binds, so that it can be moved without losing one. Scopes are those of the language: functions,
// lambdas and comprehensions keep their own names, class bodies hide theirs from the functions inside.
// Must stay true: a name that is read is never missed; one too many only means that nothing is suggested.
import type { ClassIr, Expr, FormatPart, FunctionIr, ModuleIr, Pattern, Stmt } from '../ir/model.ts'

export interface Names {
  /** read in the statements' own scope or by functions inside of it */
  readonly reads: ReadonlySet<string>
  /** bound in their own scope */
  readonly writes: ReadonlySet<string>
  /** `return`, `yield`, `global`, `nonlocal`, a `break` out of them: such statements cannot be moved */
  readonly bound: boolean
  /** `await`, `async for`, `async with` */
  readonly awaits: boolean
}

interface Walk {
  readonly reads: Set<string>
  readonly writes: Set<string>
  bound: boolean
  awaits: boolean
  /** names of the comprehensions around */
  readonly hidden: readonly string[]
  /** inside a loop of the statements: `break` stays inside */
  loops: number
}

function opened(): Walk {
  return { reads: new Set(), writes: new Set(), bound: false, awaits: false, hidden: [], loops: 0 }
}

export function namesOf(statements: readonly Stmt[]): Names {
  const walk = opened()
  block(statements, walk)
  return walk
}

/** Names that one expression reads. */
export function readsOf(x: Expr): ReadonlySet<string> {
  const walk = opened()
  expression(x, walk)
  return walk.reads
}

/** Names that no scope of the file binds: builtins, and mistakes. */
export function unboundNames(ir: ModuleIr): ReadonlySet<string> {
  const { reads } = namesOf(ir.body)
  const known = new Set(ir.names)
  return new Set([...reads].filter((name) => !known.has(name)))
}

function block(statements: readonly Stmt[], walk: Walk): void {
  for (const s of statements) statement(s, walk)
}

function expressions(list: readonly (Expr | null)[], walk: Walk): void {
  for (const x of list) if (x !== null) expression(x, walk)
}

function loop(body: readonly Stmt[], walk: Walk): void {
  walk.loops++
  block(body, walk)
  walk.loops--
}

function statement(s: Stmt, walk: Walk): void {
  switch (s.k) {
    case 'expr':
      return expression(s.x, walk)
    case 'assign':
      expression(s.x, walk)
      return s.targets.forEach((target) => store(target, walk))
    case 'aug':
      expressions([s.x, s.target], walk)
      return store(s.target, walk)
    case 'ann':
      expressions([s.annotation, s.x], walk)
      return store(s.target, walk)
    case 'del':
      expressions(s.targets, walk)
      return s.targets.forEach((target) => store(target, walk))
    case 'return':
      walk.bound = true
      return expressions([s.x], walk)
    case 'raise':
      return expressions([s.x, s.from], walk)
    case 'assert':
      return expressions([s.x, s.message], walk)
    case 'if':
      expression(s.c, walk)
      block(s.t, walk)
      return block(s.f, walk)
    case 'while':
      expression(s.c, walk)
      loop(s.body, walk)
      return block(s.orelse, walk)
    case 'for':
      walk.awaits ||= s.async
      expression(s.iter, walk)
      store(s.target, walk)
      loop(s.body, walk)
      return block(s.orelse, walk)
    case 'with':
      walk.awaits ||= s.async
      for (const { x, target } of s.items) {
        expression(x, walk)
        if (target !== null) store(target, walk)
      }
      return block(s.body, walk)
    case 'try':
      return attempt(s, walk)
    case 'match':
      expression(s.x, walk)
      for (const { pattern, guard, body } of s.cases) {
        matched(pattern, walk)
        expressions([guard], walk)
        block(body, walk)
      }
      return
    case 'def':
      return definition(s.fn, walk)
    case 'class':
      return classBody(s.cls, walk)
    case 'import':
      return s.names.forEach(({ n, as }) => walk.writes.add(as ?? n.split('.')[0] ?? n))
    case 'from':
      return s.names.forEach(({ n, as }) => walk.writes.add(as ?? n))
    case 'global':
    case 'nonlocal':
      walk.bound = true
      return
    case 'break':
    case 'continue':
      walk.bound ||= walk.loops === 0
      return
    case 'pass':
      return
    case 'typealias':
      walk.writes.add(s.n)
      return
    case 'unknown':
      walk.bound = true
      return expressions(s.xs, walk)
    default:
      return s satisfies never
  }
}

function attempt(s: Extract<Stmt, { k: 'try' }>, walk: Walk): void {
  block(s.body, walk)
  for (const handler of s.handlers) {
    expressions([handler.type], walk)
    if (handler.n !== null) walk.writes.add(handler.n)
    block(handler.body, walk)
  }
  block(s.orelse, walk)
  block(s.final, walk)
}

function definition(fn: FunctionIr, walk: Walk): void {
  expressions(fn.decorators, walk)
  walk.writes.add(fn.name)
  closure(fn, walk)
}

/** What a function needs from outside: its defaults and annotations, and the free names of its body. */
function closure(fn: FunctionIr, walk: Walk): void {
  expressions([...fn.params.flatMap((p) => [p.default, p.annotation]), fn.returns], walk)
  const inner = opened()
  block(fn.body, inner)
  const own = new Set(fn.locals)
  for (const name of inner.reads) if (!own.has(name)) read(name, walk)
  for (const name of fn.nonlocals) {
    read(name, walk)
    walk.writes.add(name)
  }
}

function classBody(cls: ClassIr, walk: Walk): void {
  expressions([...cls.decorators, ...cls.bases.map(({ x }) => x)], walk)
  walk.writes.add(cls.name)
  const body = opened()
  block(
    cls.body.filter((s) => s.k !== 'def' && s.k !== 'class'),
    body,
  )
  const own = new Set(cls.locals)
  for (const name of body.reads) if (!own.has(name)) read(name, walk)
  for (const s of cls.body) {
    const nested = opened()
    if (s.k === 'def' || s.k === 'class') statement(s, nested)
    for (const name of nested.reads) read(name, walk)
  }
}

function read(name: string, walk: Walk): void {
  if (!walk.hidden.includes(name)) walk.reads.add(name)
}

/** A target: names are bound, everything else (`x.y`, `x[0]`) is read. */
function store(target: Expr, walk: Walk): void {
  if (target.k === 'name') walk.writes.add(target.id)
  else if (target.k === 'list' || target.k === 'tuple') target.xs.forEach((x) => store(x, walk))
  else if (target.k === 'star') store(target.x, walk)
  else expression(target, walk)
}

function expression(x: Expr, walk: Walk): void {
  switch (x.k) {
    case 'const':
      return
    case 'name':
      return read(x.id, walk)
    case 'attr':
      return expression(x.o, walk)
    case 'sub':
      return expressions([x.o, x.i], walk)
    case 'slice':
      return expressions([x.a, x.b, x.c], walk)
    case 'call':
      return expressions([x.f, ...x.a.map((argument) => argument.x)], walk)
    case 'bin':
      return expressions([x.l, x.r], walk)
    case 'un':
    case 'star':
      return expression(x.x, walk)
    case 'cmp':
      return expressions([x.l, ...x.r], walk)
    case 'bool':
    case 'list':
    case 'tuple':
    case 'set':
      return expressions(x.xs, walk)
    case 'if':
      return expressions([x.c, x.t, x.f], walk)
    case 'lambda':
      return closure(x.fn, walk)
    case 'dict':
      return expressions(
        x.xs.flatMap(({ key, value }) => [key, value]),
        walk,
      )
    case 'comp':
      return comprehension(x, walk)
    case 'await':
      walk.awaits = true
      return expression(x.x, walk)
    case 'yield':
    case 'yieldfrom':
      walk.bound = true
      return expressions([x.x], walk)
    case 'walrus':
      walk.writes.add(x.n)
      return expression(x.x, walk)
    case 'fstr':
      return formatted(x.parts, walk)
    case 'unknown':
      walk.bound = true
      return expressions(x.xs, walk)
    default:
      return x satisfies never
  }
}

function formatted(parts: readonly FormatPart[], walk: Walk): void {
  for (const { x, spec } of parts) {
    expression(x, walk)
    formatted(spec, walk)
  }
}

/** The first iterable is evaluated outside; the targets are names of the comprehension only (Reference, "Displays"). */
function comprehension(x: Extract<Expr, { k: 'comp' }>, walk: Walk): void {
  const [first] = x.clauses
  if (first !== undefined) expression(first.iter, walk)
  const targets = opened()
  for (const { target } of x.clauses) store(target, targets)
  const inner: Walk = { ...walk, hidden: [...walk.hidden, ...targets.writes] }
  for (const { target, iter, ifs, async } of x.clauses) {
    inner.awaits ||= async
    if (iter !== first?.iter) expression(iter, inner)
    const parts = opened()
    store(target, parts)
    for (const name of parts.reads) read(name, inner)
    expressions(ifs, inner)
  }
  expressions([x.x, x.value], inner)
  walk.awaits ||= inner.awaits
  walk.bound ||= inner.bound
}

function matched(pattern: Pattern, walk: Walk): void {
  switch (pattern.k) {
    case 'value':
      return expression(pattern.x, walk)
    case 'capture':
    case 'rest':
      if (pattern.n !== null) walk.writes.add(pattern.n)
      return
    case 'as':
      walk.writes.add(pattern.n)
      return matched(pattern.pattern, walk)
    case 'or':
    case 'sequence':
      return pattern.xs.forEach((x) => matched(x, walk))
    case 'mapping':
      for (const { key, value } of pattern.xs) {
        expression(key, walk)
        matched(value, walk)
      }
      if (pattern.rest !== null) walk.writes.add(pattern.rest)
      return
    case 'class':
      expression(pattern.cls, walk)
      pattern.xs.forEach((x) => matched(x, walk))
      return pattern.kw.forEach(({ x }) => matched(x, walk))
    case 'unknown':
      walk.bound = true
      return
    default:
      return pattern satisfies never
  }
}
