// Expressions in evaluation order. Every kind of the IR has its meaning here; what has none is evaluated in parts and becomes unknown.
import type { Expr, FormatPart } from '../../ir/model.ts'
import { binary, compare, unary } from './operators.ts'
import { fork, recordNote } from '../machine/frames.ts'
import { at, callKey, written } from '../machine/sites.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { bind, readName } from './names.ts'
import { assume } from './narrowing.ts'
import { makeContainer } from '../domain/containers.ts'
import { makeDict, sliceType } from '../domain/copies.ts'
import { only, type Atom, type Value } from '../domain/values.ts'
import { comprehension } from './comprehensions.ts'
import { yieldValue } from '../suspended/yields.ts'
import { evaluateArguments } from './arguments.ts'
import { guarded } from './guards.ts'
import { EXPRESSIONS_A_LOOK } from '../machine/budgets.ts'
import { isUnusual } from './conditions.ts'
import { given, isSetting, usualOf, withUsual } from './settings.ts'

export function evaluate(frame: Frame, x: Expr): Value {
  const m = frame.machine
  const d = m.domain
  const left = --m.budget.operations
  if (left < 0) m.budget.exhausted ??= 'operations'
  else if (left % EXPRESSIONS_A_LOOK === 0 && m.options.expired()) m.budget.exhausted ??= 'time'
  if (m.stopped) return d.bottom
  switch (x.k) {
    case 'const':
      return d.constant(x.t, x.v)
    case 'name':
      return readName(frame, x.id)
    case 'attr':
      return m.ops.getAttribute(frame, m.ops.evaluate(frame, x.o), x.n, written(frame, x, 'property'))
    case 'sub':
      return m.ops.getItem(frame, m.ops.evaluate(frame, x.o), m.ops.evaluate(frame, x.i), at(frame, x, 'operator'))
    case 'slice':
      return sliceValue(frame, x)
    case 'call':
      return callExpression(frame, x)
    case 'bin':
      return binaryChain(frame, x)
    case 'un':
      return unary(frame, x)
    case 'cmp':
      return comparisonChain(frame, x)
    case 'bool':
      return shortCircuit(frame, x, 0)
    case 'if':
      return conditional(frame, x)
    case 'lambda':
      return d.of(m.ops.makeFunction(frame, x.fn))
    case 'list':
    case 'tuple':
    case 'set':
      return makeContainer(frame, x.k, x.xs, x)
    case 'dict':
      return makeDict(frame, x)
    case 'star':
      return m.ops.evaluate(frame, x.x)
    case 'comp':
      return comprehension(frame, x)
    case 'await':
      return m.ops.await(frame, m.ops.evaluate(frame, x.x), at(frame, x, 'await'))
    case 'yield':
      return yieldValue(frame, x, x.x === null ? d.none : m.ops.evaluate(frame, x.x), false)
    case 'yieldfrom':
      return yieldValue(frame, x, m.ops.evaluate(frame, x.x), true)
    case 'walrus': {
      const value = m.ops.evaluate(frame, x.x)
      let env = frame.env
      while (env.kind === 'comprehension' && env.parent !== null) env = env.parent
      bind(m, env, x.n, value)
      return value
    }
    case 'fstr':
      return formatted(frame, x)
    case 'unknown':
      for (const part of x.xs) m.ops.evaluate(frame, part)
      return d.unknown('syntax-error')
  }
}

function sliceValue(frame: Frame, x: Extract<Expr, { k: 'slice' }>): Value {
  const bounds = [x.a, x.b, x.c].map((part) => (part === null ? null : frame.machine.ops.evaluate(frame, part)))
  const [from, to] = bounds
  const objects = bounds.filter((bound) => bound !== null && bound.atoms.some((atom) => atom.kind === 'instance'))
  // who takes the slice asks them which numbers they are
  if (objects.length > 0)
    return frame.machine.domain.special(
      'slice',
      objects.filter((bound) => bound !== null),
    )
  return frame.machine.domain.typed(x.c === null ? sliceType([from ?? null, to ?? null]) : 'slice with step')
}

function callExpression(frame: Frame, x: Extract<Expr, { k: 'call' }>): Value {
  const m = frame.machine
  frame.summary.reached.add(callKey(x))
  const callee = m.ops.evaluate(frame, x.f)
  if (x.a.length === 0 && x.f.k === 'name' && x.f.id === 'super' && isNative(callee, 'super')) {
    if (m.options.graph)
      recordNote(frame, { note: 'edge', site: at(frame, x, 'call').site, text: '<builtin>.super', function: null })
    return zeroArgumentSuper(frame)
  }
  const args = evaluateArguments(frame, x.a)
  return m.ops.call(frame, callee, args, written(frame, x, 'call'))
}

function isNative(value: Value, name: string): boolean {
  const atom = only(value)
  return atom?.kind === 'native' && atom.name === name
}

/** `super()`: the class in whose body the function stands, and the first argument of that function. */
function zeroArgumentSuper(frame: Frame): Value {
  const m = frame.machine
  let env: typeof frame.env | null = frame.env
  while (env !== null && (env.owner === null || env.kind === 'comprehension')) env = env.parent
  const owner = env?.owner ?? null
  const cell = env?.vars.values().next().value // parameters come first
  if (owner === null || cell === undefined) return m.domain.unknown('unbound-name')
  const out = []
  for (const self of m.store.read(cell).atoms) {
    if (self.kind === 'unbound') continue
    out.push(...(self.kind === 'unknown' ? [self] : m.domain.superOf(owner, self).atoms))
  }
  return m.domain.union(out)
}

/** Left-deep chains (`a + b + …`) are evaluated in a loop: their depth is the author's, not the stack's. */
function binaryChain(frame: Frame, x: Extract<Expr, { k: 'bin' }>): Value {
  const chain = [x]
  let left = x.l
  while (left.k === 'bin') {
    chain.push(left)
    left = left.l
  }
  let value = frame.machine.ops.evaluate(frame, left)
  for (let i = chain.length - 1; i >= 0; i--) {
    const link = chain[i]
    if (link !== undefined)
      value = binary(
        frame,
        { op: link.op, left: value, right: frame.machine.ops.evaluate(frame, link.r) },
        at(frame, link, 'operator'),
      )
  }
  return value
}

function comparisonChain(frame: Frame, x: Extract<Expr, { k: 'cmp' }>): Value {
  const m = frame.machine
  let left = m.ops.evaluate(frame, x.l)
  let result = m.domain.true
  for (let i = 0; i < x.ops.length; i++) {
    const right = x.r[i]
    if (right === undefined) break
    const value = m.ops.evaluate(frame, right)
    const outcome = compare(frame, { op: x.ops[i] ?? '==', left, right: value }, at(frame, x, 'operator'))
    if (outcome === m.domain.false) return outcome
    result = result === m.domain.true ? outcome : m.domain.join(result, outcome)
    left = value
  }
  return result
}

/** `a and b and …`: the rest runs only where the value so far lets it. */
function shortCircuit(frame: Frame, x: Extract<Expr, { k: 'bool' }>, from: number): Value {
  const m = frame.machine
  const part = x.xs[from]
  if (part === undefined) return m.domain.none
  const value = m.ops.evaluate(frame, part)
  if (from === x.xs.length - 1) return value
  const truth = m.ops.decide(frame, part, value)
  const goesOn = x.op === 'and' ? truth.t : truth.f
  const stops = x.op === 'and' ? truth.f : truth.t
  if (!goesOn) return value
  let more = m.domain.bottom
  let kept = m.domain.bottom
  const rest = (): boolean => {
    assume(frame, part, x.op === 'and')
    more = shortCircuit(frame, x, from + 1)
    return true
  }
  if (!stops) {
    rest()
    return more
  }
  const stay = (): boolean => {
    assume(frame, part, x.op !== 'and')
    kept = keep(m, value, x.op === 'or')
    return true
  }
  guarded(frame, part, isUnusual(truth, x.op === 'and'), () => fork(frame, [rest, stay], true))
  const result = m.domain.join(more, kept)
  if (truth.usual === null) return result
  return withUsual(m, result, usualOf(truth.usual === (x.op === 'and') ? more : value))
}

function isBool(atom: Atom): boolean {
  return atom.kind === 'typed' && atom.type === 'bool'
}

/** What a value can be after its truth was tested. */
function keep(m: Machine, value: Value, truthy: boolean): Value {
  const tested =
    truthy && value.atoms.some((atom) => isSetting(atom))
      ? m.domain.join(
          m.domain.filter(value, (atom) => !isSetting(atom)),
          given(m),
        )
      : value
  const kept = m.domain.filter(tested, (atom) => {
    if (atom.kind === 'const')
      return (atom.value === null || atom.value === false || atom.value === 0 || atom.value === '') !== truthy
    return (
      truthy ||
      !(
        atom.kind === 'function' ||
        (atom.kind === 'bound' && atom.func.kind !== 'external') ||
        atom.kind === 'class' ||
        atom.kind === 'module'
      )
    )
  })
  // a bool that was tested is known
  if (!kept.atoms.some(isBool)) return kept
  const others = m.domain.filter(kept, (atom) => !isBool(atom))
  return m.domain.join(others, truthy ? m.domain.true : m.domain.false)
}

function conditional(frame: Frame, x: Extract<Expr, { k: 'if' }>): Value {
  const m = frame.machine
  const truth = m.ops.decide(frame, x.c, m.ops.evaluate(frame, x.c))
  const branch = (taken: boolean): Value => {
    assume(frame, x.c, taken)
    return m.ops.evaluate(frame, taken ? x.t : x.f)
  }
  if (!truth.t || !truth.f) return branch(truth.t)
  const results = { true: m.domain.bottom, false: m.domain.bottom }
  const either = (taken: boolean) => (): boolean => {
    results[`${taken}`] = guarded(frame, x.c, isUnusual(truth, taken), () => branch(taken))
    return true
  }
  fork(frame, [either(true), either(false)], true)
  const result = m.domain.join(results.true, results.false)
  return withUsual(m, result, truth.usual === null ? null : usualOf(results[`${truth.usual}`]))
}

function formatted(frame: Frame, x: Extract<Expr, { k: 'fstr' }>): Value {
  const m = frame.machine
  let text: string | null = ''
  const part = (piece: FormatPart): void => {
    const value = m.ops.evaluate(frame, piece.x)
    if (piece.c !== '' && !x.lazy) m.ops.format(frame, value, piece.c, at(frame, piece.x, 'operator'))
    for (const spec of piece.spec) part(spec)
    const atom = only(value)
    const known =
      atom?.kind === 'const' && piece.spec.length === 0 && (piece.c === '' || (piece.c === 'f' && atom.type === 'str'))
        ? String(atom.value)
        : null
    text =
      text === null || known === null
        ? piece.c === 'f' && atom?.kind === 'const' && atom.type === 'int' && text !== null
          ? text + String(atom.value)
          : null
        : text + known
  }
  for (const piece of x.parts) part(piece)
  return text === null || x.lazy ? m.domain.typed('str') : m.domain.constant('str', text)
}
