// Conditions of catalogue rows: three-valued, because an argument may be unknown. For rows about unresolved receivers unknown counts as not met.
import type { CatalogueRow, Condition } from '../../catalogue/model.ts'
import type { Expr } from '../../ir/model.ts'
import { lastName } from '../../ir/nodes.ts'
import type { Machine } from '../machine/machine.ts'
import type { Atom, CallArgs, Value } from '../domain/values.ts'

export interface CallFacts {
  readonly args: CallArgs
  readonly expr: Expr | null
  /** the receiver was imported from (or is a name of) something that does not resolve */
  readonly unresolved: boolean
}

/** Whether a row applies: true, false, or null when that is open. */
export function applies(m: Machine, row: CatalogueRow, facts: CallFacts): boolean | null {
  const out = allOf(row.predicate ?? [], (condition) => holds(m, condition, facts))
  return row.symbol.startsWith('?') && out === null ? false : out
}

/** Whether a test holds for all: what is open decides only where nothing is certainly not so. */
function allOf<T>(items: readonly T[], test: (item: T) => boolean | null): boolean | null {
  let out: boolean | null = true
  for (const item of items) {
    const one = test(item)
    if (one === false) return false
    if (one === null) out = null
  }
  return out
}

/** Whether a test holds for one at least. */
function anyOf<T>(items: readonly T[], test: (item: T) => boolean | null): boolean | null {
  const none = allOf(items, (item) => negated(test(item)))
  return negated(none)
}

const negated = (answer: boolean | null): boolean | null => (answer === null ? null : !answer)

function holds(m: Machine, c: Condition, facts: CallFacts): boolean | null {
  if ('any' in c)
    return anyOf(c.any, (option) =>
      Array.isArray(option)
        ? allOf(option as readonly Condition[], (one) => holds(m, one, facts))
        : holds(m, option as Condition, facts),
    )
  if ('library' in c) return null
  if ('receiver' in c) {
    // from which module it comes was asked when the row was looked up
    if (c.receiver === 'import') return c.test === 'from' || facts.unresolved
    const name = receiverName(facts.expr)
    return name !== null && new RegExp(String(c.value), 'i').test(name)
  }
  const value = argumentOf(facts.args, c.argument)
  if (value === null) return mayBeGiven(facts.args, c.argument) ? null : (c.absent ?? false)
  const verdict = testValue(m, value, c.test, c.value)
  if (verdict !== null || c.named === undefined) return verdict
  const written = argumentExpression(facts.expr, c.argument)
  const name = written === null ? null : lastName(written.k === 'call' ? written.f : written)
  return name !== null && new RegExp(c.named, 'i').test(name) ? null : false
}

/** What a call expression says for the first of these arguments that it has. */
export function argumentExpression(expr: Expr | null, where: readonly (number | string | null)[]): Expr | null {
  if (expr?.k !== 'call') return null
  const plain = expr.a.filter((a) => a.n === undefined && a.s === undefined)
  for (const place of where) {
    const found = typeof place === 'number' ? plain[place] : expr.a.find((a) => a.n === place)
    if (found !== undefined) return found.x
  }
  return null
}

/** Whether `*args` or `**kwargs` of unknown length may hold the argument. */
function mayBeGiven({ restPos, restKw }: CallArgs, where: readonly (number | string | null)[]): boolean {
  return (
    (restPos !== null && where.some((place) => typeof place === 'number')) ||
    (restKw !== null && where.some((place) => typeof place === 'string'))
  )
}

function argumentOf(args: CallArgs, where: readonly (number | string | null)[]): Value | null {
  for (const place of where) {
    const value = typeof place === 'number' ? args.pos[place] : place === null ? undefined : args.kw.get(place)
    if (value !== undefined) return value
  }
  return null
}

/** The last name of the receiver of a call expression: `engine` in `self.engine.connect()`, the function's own name for plain calls. */
export function receiverName(expr: Expr | null): string | null {
  const callee = expr?.k === 'call' ? expr.f : expr
  if (callee === null || callee === undefined) return null
  const receiver = callee.k === 'attr' ? callee.o : callee
  const inner = receiver.k === 'call' ? receiver.f : receiver
  return lastName(inner)
}

function testValue(m: Machine, value: Value, test: string, expected: unknown): boolean | null {
  const outcomes = new Set(value.atoms.map((atom) => testAtom(m, atom, test, expected)))
  const [first] = outcomes
  return outcomes.size === 1 && first !== undefined ? first : null
}

function testAtom(m: Machine, atom: Atom, test: string, expected: unknown): boolean | null {
  const constant = atom.kind === 'const' ? atom.value : undefined
  switch (test) {
    case 'present':
      return constant === null ? false : atom.kind === 'unknown' ? null : true
    case 'is':
      return constant === undefined ? null : constant === expected
    case 'not':
      return constant === undefined ? null : constant !== expected
    case 'in':
      return constant === undefined ? null : Array.isArray(expected) && expected.includes(constant)
    case 'greater-than':
      return typeof constant === 'number' ? constant > Number(expected) : null
    case 'type':
      return Array.isArray(expected) ? anyOf(expected, (type) => isType(m, atom, String(type))) : null
    default:
      return null
  }
}

const SQL =
  /^\s*(?:select|insert|update|delete|create|drop|alter|with|pragma|truncate|begin|commit|rollback|set|show|explain|vacuum|analyze|replace|merge|grant|call|attach|lock)\b/i

function isType(m: Machine, atom: Atom, type: string): boolean | null {
  if (type === 'SQL string')
    return atom.kind === 'const'
      ? typeof atom.value === 'string' && SQL.test(atom.value)
      : atom.kind === 'unknown' || atom.kind === 'external'
        ? null
        : false
  if (type === 'int')
    return atom.kind === 'const' || atom.kind === 'typed' ? atom.type === 'int' : atom.kind === 'unknown' ? null : false
  if (type.startsWith('slice'))
    return atom.kind === 'typed'
      ? atom.type === type || (type === 'slice' && atom.type.startsWith('slice'))
      : atom.kind === 'unknown'
        ? null
        : false
  if (type.endsWith('()')) {
    const name = type.slice(0, -2)
    const path =
      atom.kind === 'instance'
        ? (atom.pending?.symbol ?? atom.ext)
        : atom.kind === 'external'
          ? atom.path.replace(/\(\).*$/, '')
          : null
    if (path === null) return atom.kind === 'unknown' ? null : false
    return path === name || path.endsWith(`.${name}`) || path.replace(/\(\).*$/, '').endsWith(`.${name}`)
  }
  if (atom.kind === 'instance') {
    if (atom.ext !== null) return m.catalogue.canonical(atom.ext) === m.catalogue.canonical(type)
    return (
      atom.cls?.mro.some(
        (b) => b.kind === 'external' && m.catalogue.canonical(b.path) === m.catalogue.canonical(type),
      ) ?? false
    )
  }
  return atom.kind === 'unknown' || atom.kind === 'external' ? null : false
}
