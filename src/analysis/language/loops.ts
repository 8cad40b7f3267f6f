// Loops: the body runs until the state at its head no longer changes; `break`, `continue` and `else` as Python has them.
// A loop that still changes after the last round is cut off with the joined state so far.
import type { Expr, Stmt } from '../../ir/model.ts'
import type { Frame, LoopTarget, Machine, Target } from '../machine/machine.ts'
import { only, type Value } from '../domain/values.ts'
import { mergeDetached } from '../machine/summaries.ts'
import { leave, onlyCaught, settle } from '../machine/frames.ts'
import { MAX_UNROLLED } from '../domain/containers.ts'
import { at } from '../machine/sites.ts'
import { alive, guarded } from './guards.ts'
import { enterRegion, leaveRegion } from '../suspended/renewal.ts'
import { assume } from './narrowing.ts'
import { isUnusual } from './conditions.ts'

/** Rounds after which a loop that still changes is cut off; the joined state so far is kept. */
export const MAX_ROUNDS = 4

/** Runs a loop body until the state at its head is stable; `first` = the body certainly runs once. */
export function stabilise(frame: Frame, first: boolean, step: () => boolean): boolean {
  const m = frame.machine
  if (m.stopped) return false
  enterRegion(m)
  const goesOn = !first || (step() && !m.stopped)
  if (goesOn) fixpoint(frame, step)
  leaveRegion(m)
  return goesOn
}

function fixpoint(frame: Frame, step: () => boolean): void {
  const m = frame.machine
  m.turns++
  const may = frame.may
  // a loop inside of loops is run again with every round of the outer one: it needs fewer rounds of its own
  const rounds = Math.max(1, MAX_ROUNDS - 2 * m.loopDepth)
  const { undecided } = m
  m.loopDepth++
  for (let round = 0; round < rounds; round++) {
    const mark = m.store.mark()
    const detached = m.detached
    frame.branches++
    m.undecided = undecided + 1
    frame.may = may + 1
    const normal = step() && !m.stopped
    m.undecided = undecided
    m.stopped = false
    frame.may = may
    frame.branches--
    const delta = normal ? m.store.collect(mark) : new Map()
    m.store.undo(mark)
    const changed = [...delta].filter(([cell, value]) => m.domain.join(cell.value, value) !== cell.value)
    m.detached = mergeDetached(detached, m.detached)
    if (changed.length === 0) break
    for (const [cell, value] of changed) m.store.write(cell, settled(m, m.domain.join(cell.value, value), round))
  }
  m.loopDepth--
}

/** What still changes in the second round is counted or collected: its constants become their types. */
function settled(m: Machine, value: Value, round: number): Value {
  if (round === 0) return value
  return value.atoms.some((a) => a.kind === 'const' && a.type !== 'none')
    ? m.domain.joinAll(
        value.atoms.map((a) => (a.kind === 'const' && a.type !== 'none' ? m.domain.typed(a.type) : m.domain.of(a))),
      )
    : value
}

/** Collects `break` and `continue` of one loop around `run`; restores the frame's certainty afterwards. */
export function loop(
  frame: Frame,
  run: (body: (statements: readonly Stmt[]) => boolean) => boolean,
  orelse: readonly Stmt[],
): boolean {
  const m = frame.machine
  const breaks = { mark: m.store.mark(), exits: [] }
  const may = frame.may
  const guards = frame.guards
  const returns = frame.returns.exits.length
  const { caught } = frame.summary
  const { undecided } = m
  const normal = run((statements) => {
    const target: LoopTarget = { breaks, continues: { mark: m.store.mark(), exits: [] } }
    frame.loops.push(target)
    const ends = m.ops.execute(frame, statements)
    frame.loops.pop()
    return settle(m, target.continues, ends)
  })
  const left = frame.returns.exits.length > returns ? 1 : 0
  frame.may = may + left
  frame.guards = guards
  m.undecided = undecided + left
  if (frame.summary.caught !== null && frame.summary.caught !== caught) onlyCaught(frame, frame.summary.caught)
  const certain = breaks.exits.length === 0
  if (!certain && normal && orelse.length > 0) frame.may++
  const finished = normal && m.ops.execute(frame, orelse)
  if (!certain && normal && orelse.length > 0) frame.may--
  return settle(m, breaks, finished)
}

export function whileStatement(frame: Frame, s: Extract<Stmt, { k: 'while' }>): boolean {
  const m = frame.machine
  return loop(
    frame,
    (body) => {
      let truth = m.ops.decide(frame, s.c, m.ops.evaluate(frame, s.c))
      if (!truth.t) return true
      // after a round with which the condition is certainly over, the state is that of the round, not the one at the loop's head
      const over: Target = { mark: m.store.mark(), exits: [] }
      let ends = truth.f
      const round = (): boolean => {
        assume(frame, s.c, true)
        if (!body(s.body)) return false
        truth = m.ops.decide(frame, s.c, m.ops.evaluate(frame, s.c))
        if (!truth.t && !m.stopped) leave(m, over, m.domain.none)
        else if (truth.f) ends = true
        return truth.t
      }
      if (!counted(frame, s.c, round)) return settle(m, over, false)
      const stable = truth.f
        ? guarded(frame, s.c, isUnusual(truth, true), () => stabilise(frame, false, round))
        : stabilise(frame, true, round)
      if (ends) assume(frame, s.c, false)
      return settle(m, over, ends && stable)
    },
    s.orelse,
  )
}

const COUNTERS: ReadonlySet<Expr['k']> = new Set(['name', 'attr'])

/**
 * Rounds whose condition compares something with a number, and is decided: they run one by one, as the elements of a list do. False where the loop
 * certainly is over with one of them.
 */
function counted(frame: Frame, condition: Expr, round: () => boolean): boolean {
  const m = frame.machine
  const [bound] = condition.k === 'cmp' ? condition.r : []
  if (
    condition.k !== 'cmp' ||
    !COUNTERS.has(condition.l.k) ||
    condition.r.length > 1 ||
    bound?.k !== 'const' ||
    typeof bound.v !== 'number'
  )
    return true
  const counter = (): Value => m.ops.evaluate(frame, condition.l)
  let before = counter()
  for (let i = 0; i < MAX_UNROLLED && only(before)?.kind === 'const' && isDecided(frame, condition); i++) {
    if (!round()) return false
    const now = counter()
    if (now === before) break
    before = now
  }
  return true
}

function isDecided(frame: Frame, condition: Expr): boolean {
  const truth = frame.machine.ops.decide(frame, condition, frame.machine.ops.evaluate(frame, condition))
  return truth.t && !truth.f
}

export function forStatement(frame: Frame, s: Extract<Stmt, { k: 'for' }>): boolean {
  const m = frame.machine
  const iterable = m.ops.evaluate(frame, s.iter)
  if (m.stopped || !alive(iterable, s.iter)) return false
  return loop(
    frame,
    (body) =>
      m.ops.iterate(frame, iterable, at(frame, s.iter, s.async ? 'await' : 'iterate'), (element) => {
        m.ops.assign(frame, s.target, element)
        return body(s.body)
      }),
    s.orelse,
  )
}
