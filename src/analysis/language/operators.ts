// Operators: constants are computed, in-tree classes run their dunder methods, everything else is a value of a plausible type.
import type { Expr } from '../../ir/model.ts'
import { repeated, united } from '../domain/copies.ts'
import { comparedSets, selection, SELECTS } from '../domain/sets.ts'
import { forEachAsked } from '../machine/alternatives.ts'
import { at, implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { rawMember } from '../objects/namespaces.ts'
import { generatedFields } from '../objects/records.ts'
import { only, positional, stringOf, type Atom, type Value } from '../domain/values.ts'
import { sameObject } from './identity.ts'
import { onDefaults, usualTruth, withUsual } from './settings.ts'

/** The word between the underscores of an operator's method: `+` is `__add__`, `__radd__`, `__iadd__`. */
export const OPERATOR_NAMES: ReadonlyMap<string, string> = new Map([
  ['+', 'add'],
  ['-', 'sub'],
  ['*', 'mul'],
  ['/', 'truediv'],
  ['//', 'floordiv'],
  ['%', 'mod'],
  ['**', 'pow'],
  ['@', 'matmul'],
  ['<<', 'lshift'],
  ['>>', 'rshift'],
  ['&', 'and'],
  ['^', 'xor'],
  ['|', 'or'],
])
const COMPARE: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['==', ['__eq__', '__eq__']],
  ['!=', ['__ne__', '__ne__']],
  ['<', ['__lt__', '__gt__']],
  ['>', ['__gt__', '__lt__']],
  ['<=', ['__le__', '__ge__']],
  ['>=', ['__ge__', '__le__']],
])
/** Longest string that constant folding builds. */
const MAX_TEXT = 4096

/** `left op right`, of an operator or of a comparison. */
export interface BinaryOperation<Left = Value> {
  readonly op: string
  readonly left: Left
  readonly right: Value
}

export function binary(frame: Frame, { op, left, right }: BinaryOperation, site: CallSite): Value {
  const m = frame.machine
  const a = only(left)
  const b = only(right)
  if (a?.kind === 'const' && b?.kind === 'const') return fold(m, op, a, b)
  if (op === '%' && left.atoms.every((atom) => isText(atom))) {
    percent(frame, left, right, site)
    return m.domain.typed('str')
  }
  const name = OPERATOR_NAMES.get(op) ?? 'add'
  const out: Value[] = []
  forEachAsked(frame, left, [`__${name}__`], (x) => {
    const dunder = overridden(frame, x, right, `__r${name}__`) ? null : m.ops.typeMethod(frame, x, `__${name}__`)
    const own = dunder === null ? null : m.ops.call(frame, dunder, positional(right), implied(site, 'operator'))
    if (own !== null && (own.atoms.length === 0 || !own.atoms.some(declines))) {
      out.push(own)
      return
    }
    const combined = combination(frame, { op, left: x, right }, site)
    if (combined !== null) {
      out.push(combined)
      return
    }
    const answer = own === null ? m.domain.bottom : m.domain.filter(own, (atom) => !declines(atom))
    const reflected = reflection(frame, right, { name: `__r${name}__`, operand: x }, site)
    out.push(m.domain.join(answer, reflected ?? operatorResult(m, op, x, right)))
  })
  return m.domain.joinAll(out)
}

/** `NotImplemented`: the other operand is asked. */
function declines(atom: Atom): boolean {
  return atom.kind === 'typed' && atom.type === 'NotImplementedType'
}

/** An operand of a subclass that reflects the operator itself is asked first (data model, 3.3.8). */
function overridden(frame: Frame, x: Atom, right: Value, name: string): boolean {
  const m = frame.machine
  const left = m.ops.classOf(x)
  const y = only(right)
  const other = y === null ? null : m.ops.classOf(y)
  if (left === null || other === null || y === null || other === left || !other.mro.includes(left)) return false
  const method = m.ops.typeMethod(frame, y, name)
  return method !== null && method !== m.ops.typeMethod(frame, x, name)
}

/** A method of the right operand that gets the left one. */
interface Reflected {
  readonly name: string
  readonly operand: Atom
}

function reflection(frame: Frame, right: Value, { name, operand }: Reflected, site: CallSite): Value | null {
  const m = frame.machine
  let reflected: Value | null = null
  forEachAsked(frame, right, [name], (y) => {
    const method = m.ops.typeMethod(frame, y, name)
    if (method !== null)
      reflected = m.domain.join(
        reflected ?? m.domain.bottom,
        m.ops.call(frame, method, positional(m.domain.of(operand)), implied(site, 'operator')),
      )
  })
  return reflected
}

/** Sums, unions and repetitions of containers. */
function combination(frame: Frame, operation: BinaryOperation<Atom>, site: CallSite): Value | null {
  const { op, left, right } = operation
  if (op === '+') return left.kind === 'container' ? frame.machine.ops.concatenate(frame, left, right, site) : null
  if (left.kind === 'container' && SELECTS.has(op)) return selection(frame, { op, left, right }, site)
  if (op === '|' || op === '&' || op === '^') return united(frame, operation, site)
  if (op !== '*') return null
  const other = only(right)
  return (
    repeated(frame, left, right, site) ??
    (other === null ? null : repeated(frame, other, frame.machine.domain.of(left), site))
  )
}

/** `text % values`: the parts of a tuple one by one. */
function percent(frame: Frame, left: Value, right: Value, site: CallSite): void {
  const m = frame.machine
  const keys = [...(stringOf(left) ?? '').matchAll(/%\((\w+)\)/g)].map(([, key]) => m.domain.constant('str', key ?? ''))
  // `'%(key)s' % object` asks the object for its keys
  forEachAsked(frame, right, ['__str__', '__repr__', '__getitem__'], (atom) => {
    if (keys.length > 0 && m.ops.typeMethod(frame, atom, '__getitem__') !== null)
      for (const key of keys) m.ops.format(frame, m.ops.getItem(frame, m.domain.of(atom), key, site), 's', site)
    else if (atom.kind === 'container' && atom.type !== 'list' && atom.type !== 'set')
      m.ops.iterate(
        frame,
        atom.type === 'tuple' ? m.domain.of(atom) : m.domain.special('values', [m.domain.of(atom)]),
        site,
        (part) => (m.ops.format(frame, part, 's', site), true),
      )
    else m.ops.format(frame, m.domain.of(atom), 's', site)
  })
}

function isText(atom: Atom): boolean {
  return (atom.kind === 'const' || atom.kind === 'typed') && (atom.type === 'str' || atom.type === 'bytes')
}

function operatorResult(m: Machine, op: string, x: Atom, right: Value): Value {
  if (x.kind === 'external' || x.kind === 'unknown') return m.domain.of(x)
  if (x.kind === 'instance') return x.ext === null ? m.domain.unknown('operator') : m.domain.of(x)
  // unions of types (`str | None`) evaluate to a type object: keep the class
  if (op === '|' && (x.kind === 'class' || x.kind === 'native')) return m.domain.join(m.domain.of(x), right)
  if (x.kind === 'const' || x.kind === 'typed')
    return m.domain.typed(
      x.type === 'bool' ? 'int' : x.type === 'int' && op === '/' ? 'float' : x.type === 'none' ? 'object' : x.type,
    )
  if (x.kind === 'container') return m.domain.of(x)
  return m.domain.unknown('operator')
}

function fold(m: Machine, op: string, a: Extract<Atom, { kind: 'const' }>, b: Extract<Atom, { kind: 'const' }>): Value {
  const x = a.value
  const y = b.value
  if (typeof x === 'number' && typeof y === 'number') {
    const number = arithmetic(op, x, y)
    if (number !== null && Number.isSafeInteger(number)) return m.domain.constant('int', number)
    return m.domain.typed(op === '/' || a.type === 'float' || b.type === 'float' ? 'float' : 'int')
  }
  if (typeof x === 'string' && typeof y === 'string' && op === '+' && x.length + y.length <= MAX_TEXT)
    return m.domain.constant(a.type, x + y)
  if (
    typeof x === 'string' &&
    op === '%' &&
    typeof y === 'string' &&
    x.split('%s').length === 2 &&
    !x.replace('%s', '').includes('%')
  )
    return m.domain.constant(
      'str',
      x.replace('%s', () => y),
    )
  return m.domain.typed(a.type === 'none' ? 'object' : a.type)
}

function arithmetic(op: string, x: number, y: number): number | null {
  switch (op) {
    case '+':
      return x + y
    case '-':
      return x - y
    case '*':
      return x * y
    case '//':
      return y === 0 ? null : Math.floor(x / y)
    case '%':
      return y === 0 ? null : x - y * Math.floor(x / y)
    default:
      return null
  }
}

export function unary(frame: Frame, x: Extract<Expr, { k: 'un' }>): Value {
  const value = frame.machine.ops.evaluate(frame, x.x)
  return x.op === 'not'
    ? logicalNot(frame, value, at(frame, x.x, 'operator'))
    : unaryOperation(frame, x.op, value, at(frame, x, 'operator'))
}

/** `not value` */
export function logicalNot(frame: Frame, value: Value, site: CallSite): Value {
  const m = frame.machine
  const truth = m.ops.truth(frame, value, site)
  if (!truth.t || !truth.f) return truth.t ? m.domain.false : m.domain.true
  const usual = usualTruth(value)
  return withUsual(m, m.domain.typed('bool'), usual === null ? null : usual ? m.domain.false : m.domain.true)
}

/** `-value`, `+value`, `~value` */
export function unaryOperation(frame: Frame, op: string, value: Value, site: CallSite): Value {
  const m = frame.machine
  const name = op === '-' ? '__neg__' : op === '+' ? '__pos__' : '__invert__'
  const out: Value[] = []
  forEachAsked(frame, value, [name], (atom) => {
    if (atom.kind === 'const' && typeof atom.value === 'number' && op !== '~')
      out.push(m.domain.constant(atom.type, op === '-' ? -atom.value : atom.value))
    else {
      const method = m.ops.typeMethod(frame, atom, name)
      out.push(
        method === null ? operatorResult(m, op, atom, m.domain.bottom) : m.ops.call(frame, method, positional(), site),
      )
    }
  })
  return m.domain.joinAll(out)
}

/** One comparison; the result is a constant where it is certain. */
export function compare(frame: Frame, comparison: BinaryOperation, site: CallSite): Value {
  const m = frame.machine
  const { op, left, right } = comparison
  if (op === 'is' || op === 'is not') return identity(m, left, right, op === 'is not')
  if (op === 'in' || op === 'not in') return m.ops.contains(frame, comparison, site)
  const [method, reflected] = COMPARE.get(op) ?? ['__eq__', '__eq__']
  let ran = comparedParts(frame, comparison, site)
  if (ran !== null) return ran
  forEachAsked(frame, left, [method, '__eq__'], (x) => {
    const dunder =
      m.ops.typeMethod(frame, x, method) ?? (op === '!=' ? m.ops.typeMethod(frame, x, '__eq__') : derived(frame, x, op))
    const own = dunder === null ? null : m.ops.call(frame, dunder, positional(right), implied(site, 'operator'))
    const asked = own === null || own.atoms.some(declines)
    const other = asked ? reflection(frame, right, { name: reflected, operand: x }, site) : null
    if (own === null && other === null) return
    const answer = own === null ? m.domain.bottom : m.domain.filter(own, (atom) => !declines(atom))
    // where both decline, objects are compared by identity
    const last = other ?? (asked ? m.domain.typed('bool') : m.domain.bottom)
    ran = m.domain.joinAll([ran ?? m.domain.bottom, answer, last])
  })
  if (ran !== null) return ran
  const sets = comparedSets(m, op, left, right)
  if (sets !== null) return sets ? m.domain.true : m.domain.false
  const a = comparedAs(m, only(left))
  const b = comparedAs(m, only(right))
  if (a?.kind === 'const' && b?.kind === 'const') return constants(m, op, a, b)
  if (op === '==' || op === '!=') {
    const same = sameObject(left, right)
    if (same !== null) return same === (op === '==') ? m.domain.true : m.domain.false
  }
  const usual = onDefaults([left, right], ([x = left, y = right]) => compare(frame, { op, left: x, right: y }, site))
  return withUsual(m, m.domain.typed('bool'), usual)
}

/** A member of an enumeration of numbers or texts compares as its value. */
function comparedAs(m: Machine, atom: Atom | null): Atom | null {
  if (atom?.kind !== 'instance' || atom.cls?.traits.has('enum') !== true) return atom
  const isPlain = atom.cls.mro.some(
    (base) =>
      (base.kind === 'external' && (base.path === 'enum.IntEnum' || base.path === 'enum.StrEnum')) ||
      (base.kind === 'native' && (base.name === 'int' || base.name === 'str')),
  )
  const value = isPlain ? rawMember(m, atom, 'value') : null
  return value === null ? atom : only(value)
}

/** `total_ordering`: the comparison that the class does define. */
function derived(frame: Frame, x: Atom, op: string): Value | null {
  if (op === '==' || frame.machine.ops.classOf(x)?.traits.has('ordered') !== true) return null
  for (const name of ['__lt__', '__le__', '__gt__', '__ge__']) {
    const method = frame.machine.ops.typeMethod(frame, x, name)
    if (method !== null) return method
  }
  return null
}

/** Keys of `cmp_to_key`, and dataclasses, which compare field by field. Null for everything else. */
function comparedParts(frame: Frame, { op, left, right }: BinaryOperation, site: CallSite): Value | null {
  const m = frame.machine
  const x = only(left)
  const y = only(right)
  const step = implied(site, 'operator')
  if (x?.kind === 'special' && x.type === 'compared' && y?.kind === 'special' && y.type === 'compared') {
    const args = positional(x.parts[1] ?? m.domain.bottom, y.parts[1] ?? m.domain.bottom)
    m.ops.call(frame, x.parts[0] ?? m.domain.bottom, args, step)
    return m.domain.typed('bool')
  }
  if (x?.kind !== 'instance' || y?.kind !== 'instance' || x.cls === null || x.cls !== y.cls || x === y) return null
  if (op !== '==' && op !== '!=' && !x.cls.traits.has('ordered fields')) return null
  const mine = generatedFields(m, x, '__eq__')
  const theirs = generatedFields(m, y, '__eq__')
  if (mine === null || theirs === null) return null
  mine.forEach((value, index) => {
    const other = theirs[index]
    if (other === undefined) return
    const { f } = m.ops.truth(frame, compare(frame, { op: '==', left: value, right: other }, site), site)
    if (f && op !== '==' && op !== '!=') compare(frame, { op, left: value, right: other }, site)
  })
  return m.domain.typed('bool')
}

function constants(
  m: Machine,
  op: string,
  a: Extract<Atom, { kind: 'const' }>,
  b: Extract<Atom, { kind: 'const' }>,
): Value {
  const x = typeof a.value === 'boolean' ? Number(a.value) : a.value
  const y = typeof b.value === 'boolean' ? Number(b.value) : b.value
  const truth = (holds: boolean): Value => (holds ? m.domain.true : m.domain.false)
  if (op === '==') return truth(x === y && (a.type === b.type || typeof x === 'number'))
  if (op === '!=') return truth(!(x === y && (a.type === b.type || typeof x === 'number')))
  if (x === null || y === null || typeof x !== typeof y) return m.domain.typed('bool')
  if (op === '<') return truth(x < y)
  if (op === '>') return truth(x > y)
  return truth(op === '<=' ? x <= y : x >= y)
}

function identity(m: Machine, left: Value, right: Value, negated: boolean): Value {
  const same = sameObject(left, right)
  if (same === null) {
    const usual = onDefaults([left, right], ([x = left, y = right]) => identity(m, x, y, negated))
    return withUsual(m, m.domain.typed('bool'), usual)
  }
  return same !== negated ? m.domain.true : m.domain.false
}
