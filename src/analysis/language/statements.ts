// Statements: structured execution with exits normal, return, raise, break and continue. `execute` answers whether control reaches the end.
import type { Expr, Stmt } from '../../ir/model.ts'
import { augmentedValue } from './augmenting.ts'
import { fork, leave } from '../machine/frames.ts'
import { at, siteOf } from '../machine/sites.ts'
import { alive, guarded } from './guards.ts'
import type { Frame } from '../machine/machine.ts'
import { bind, bindingCell } from './names.ts'
import { assume } from './narrowing.ts'
import { matchStatement } from './patterns.ts'
import { tryStatement } from './exceptions.ts'
import { madeError, setOrigin } from '../objects/error-attributes.ts'
import { withStatement } from './with.ts'
import { NO_ARGS, type Value } from '../domain/values.ts'
import { forStatement, whileStatement } from './loops.ts'
import { isUnusual } from './conditions.ts'
import type { Decision } from '../machine/machine.ts'

export function execute(frame: Frame, body: readonly Stmt[]): boolean {
  const m = frame.machine
  if (m.stopped) return false
  for (const statement of body) {
    if (m.budget.exhausted !== null) return false
    const ends = statementOf(frame, statement)
    const stopped = m.stopped
    m.stopped = false
    if (!ends || stopped) {
      // enclosing statements come after the ones inside of them: what stays is a statement of the body itself
      frame.summary.left = statement
      return false
    }
  }
  return true
}

function statementOf(frame: Frame, s: Stmt): boolean {
  const m = frame.machine
  switch (s.k) {
    case 'expr': {
      const value = m.ops.evaluate(frame, s.x)
      if (m.finalisers && !m.stopped) m.ops.finalise(frame, value, at(frame, s.x, 'operator'))
      return alive(value, s.x)
    }
    case 'assign':
      return assignment(frame, s)
    case 'aug':
      return augmented(frame, s)
    case 'ann':
      return annotated(frame, s)
    case 'del':
      for (const target of s.targets) remove(frame, target)
      return true
    case 'return':
      returnStatement(frame, s)
      return false
    case 'raise':
      raiseStatement(frame, s)
      return false
    case 'assert':
      return assertion(frame, s)
    case 'if':
      return ifStatement(frame, s)
    case 'while':
      return whileStatement(frame, s)
    case 'for':
      return forStatement(frame, s)
    case 'with':
      return withStatement(frame, s)
    case 'try':
      return tryStatement(frame, s)
    case 'match':
      return matchStatement(frame, s)
    case 'def':
      return bindMade(frame, s.fn.name, m.ops.define(frame, s.fn))
    case 'class':
      return bindMade(frame, s.cls.name, m.ops.defineClass(frame, s.cls))
    case 'import':
    case 'from':
      return m.ops.importStatement(frame, s)
    case 'break':
    case 'continue': {
      const loop = frame.loops.at(-1)
      if (loop !== undefined) leave(m, s.k === 'break' ? loop.breaks : loop.continues, m.domain.bottom)
      return false
    }
    case 'global':
    case 'nonlocal':
    case 'pass':
      return true
    case 'typealias':
      bind(m, frame.env, s.n, m.domain.typed('type'))
      return true
    case 'unknown':
      for (const part of s.xs) m.ops.evaluate(frame, part)
      return true
  }
}

function assignment(frame: Frame, s: Extract<Stmt, { k: 'assign' }>): boolean {
  const m = frame.machine
  const value = m.ops.evaluate(frame, s.x)
  if (m.stopped || !alive(value, s.x)) return false
  const [name] = s.targets
  const before = m.finalisers && name?.k === 'name' ? m.store.read(bindingCell(m, frame.env, name.id)) : null
  for (const target of s.targets) m.ops.assign(frame, target, value)
  if (before !== null && !m.stopped) m.ops.finalise(frame, before, at(frame, s, 'operator'))
  return true
}

function returnStatement(frame: Frame, s: Extract<Stmt, { k: 'return' }>): void {
  const m = frame.machine
  const value = s.x === null ? m.domain.none : m.ops.evaluate(frame, s.x)
  if (!m.stopped && (s.x === null || alive(value, s.x))) leave(m, frame.returns, value)
}

function raiseStatement(frame: Frame, s: Extract<Stmt, { k: 'raise' }>): void {
  const m = frame.machine
  const handled = frame.handling.at(-1) ?? null
  const error = s.x === null ? (handled ?? m.domain.unknown('exception')) : m.ops.evaluate(frame, s.x)
  const cause = s.from === null ? null : m.ops.evaluate(frame, s.from)
  if (m.stopped) return
  const raised = instantiated(frame, error, s)
  if (m.stopped) return
  if (s.x !== null) setOrigin(frame, raised, cause, handled)
  raiseKnown(frame, raised)
}

/** Binds what a definition made; where a decorator or the class body certainly raises there is nothing to bind. */
function bindMade(frame: Frame, name: string, made: Value): boolean {
  if (made.atoms.length === 0) return false
  bind(frame.machine, frame.env, name, made)
  return true
}

function augmented(frame: Frame, s: Extract<Stmt, { k: 'aug' }>): boolean {
  const m = frame.machine
  const current = m.ops.evaluate(frame, s.target)
  const value = m.ops.evaluate(frame, s.x)
  const operation = { op: s.op.replace(/=$/, ''), left: current, right: value }
  const made = augmentedValue(frame, operation, at(frame, s, 'operator'))
  if (m.stopped) return false
  m.ops.assign(frame, s.target, made)
  return true
}

/** Annotations of module and class variables are evaluated, those of local variables are not (PEP 526). */
function annotated(frame: Frame, s: Extract<Stmt, { k: 'ann' }>): boolean {
  const m = frame.machine
  const evaluated = frame.env.kind !== 'function' && !frame.module.info.ir.lazyAnnotations
  if (s.x !== null) {
    const value = m.ops.evaluate(frame, s.x)
    if (m.stopped || !alive(value, s.x)) return false
    m.ops.assign(frame, s.target, m.ops.annotate(frame, value, s.annotation))
  }
  if (evaluated) m.ops.evaluate(frame, s.annotation)
  return true
}

function remove(frame: Frame, target: Expr): void {
  const m = frame.machine
  if (target.k === 'name') {
    const cell = bindingCell(m, frame.env, target.id)
    const value = m.store.read(cell)
    m.store.write(cell, m.domain.unbound)
    m.ops.finalise(frame, value, at(frame, target, 'operator'))
  } else if (target.k === 'attr')
    m.ops.deleteAttribute(frame, m.ops.evaluate(frame, target.o), target.n, at(frame, target, 'property'))
  else if (target.k === 'sub')
    m.ops.deleteItem(
      frame,
      m.ops.evaluate(frame, target.o),
      m.ops.evaluate(frame, target.i),
      at(frame, target, 'operator'),
    )
  else if (target.k === 'tuple' || target.k === 'list') for (const part of target.xs) remove(frame, part)
}

/**
 * Raises what is known of an error. A handler that passes on what some call raised is like no handler at all: that is said once, as "this code can
 * raise", wherever the error comes from.
 */
function raiseKnown(frame: Frame, error: Value): void {
  const known = frame.machine.domain.filter(error, (a) => a.kind !== 'unknown' || a.reason !== 'exception')
  if (known !== error) frame.summary.canRaise = true
  if (known.atoms.length > 0) frame.machine.ops.raise(frame, known)
}

/** `raise Problem`: a class is called without arguments. */
function instantiated(frame: Frame, error: Value, s: Stmt): Value {
  const m = frame.machine
  return m.domain.joinAll(
    error.atoms.map((a) =>
      a.kind === 'class'
        ? m.ops.instantiate(frame, a, NO_ARGS, at(frame, s, 'construct'))
        : madeError(m, a, siteOf(frame, s)),
    ),
  )
}

function assertion(frame: Frame, s: Extract<Stmt, { k: 'assert' }>): boolean {
  const m = frame.machine
  const truth = m.ops.decide(frame, s.x, m.ops.evaluate(frame, s.x))
  if (!truth.t && s.message !== null) m.ops.evaluate(frame, s.message)
  else if (truth.f && s.message !== null)
    fork(frame, [() => (m.ops.evaluate(frame, s.message ?? s.x), false), () => true], true)
  frame.summary.canRaise = frame.summary.canRaise || truth.f
  if (m.stopped) return false
  if (!truth.t) {
    m.ops.raise(frame, m.domain.native('AssertionError'))
    return false
  }
  assume(frame, s.x, true)
  return true
}

function ifStatement(frame: Frame, s: Extract<Stmt, { k: 'if' }>): boolean {
  // an `elif` chain is a chain of else branches with one statement: walk it without recursion where conditions are decided
  let current = s
  for (;;) {
    const truth = frame.machine.ops.decide(frame, current.c, frame.machine.ops.evaluate(frame, current.c))
    if (truth.t && truth.f) return undecidedIf(frame, current, truth)
    assume(frame, current.c, truth.t)
    if (truth.t) return execute(frame, current.t)
    const next = current.f[0]
    if (current.f.length === 1 && next?.k === 'if') current = next
    else return execute(frame, current.f)
  }
}

function undecidedIf(frame: Frame, s: Extract<Stmt, { k: 'if' }>, decision: Decision): boolean {
  const goesOn = { true: false, false: false }
  const branch = (taken: boolean) => (): boolean => {
    assume(frame, s.c, taken)
    // what the opposite branch does is guarded by the negation: the same text says it well enough
    const normal = guarded(frame, s.c, isUnusual(decision, taken), () => execute(frame, taken ? s.t : s.f))
    goesOn[`${taken}`] ||= normal
    return normal
  }
  const before = frame.returns.exits.length
  const normal = fork(frame, [branch(true), branch(false)], true)
  if (normal && frame.returns.exits.length > before)
    frame.guards = [
      ...frame.guards,
      { site: siteOf(frame, s.c), lowers: goesOn.true !== goesOn.false && isUnusual(decision, goesOn.true) },
    ]
  return normal
}
