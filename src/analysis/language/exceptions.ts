// try, except, else, finally and raise. Any call may raise, so a handler starts from every state the body passed through and what it does is
// possible, never certain; a `finally` runs on every way out.
import type { Stmt } from '../../ir/model.ts'
import { exitCount, fork, leave, onlyCaught, rebase, settle } from '../machine/frames.ts'
import { catchExits, type CaughtWay } from '../machine/exits.ts'
import { siteOf } from '../machine/sites.ts'
import { cleaningUp } from '../suspended/departures.ts'
import { started } from '../suspended/detached.ts'
import type { Exit, Frame, Machine, Target } from '../machine/machine.ts'
import { catches } from './error-classes.ts'
import { groupArms } from './exception-groups.ts'
import { runHandler, type Arm, type Try, type TryState } from './raising.ts'
import type { Delta } from '../domain/state.ts'
import type { Atom, Value } from '../domain/values.ts'

export function tryStatement(frame: Frame, s: Try): boolean {
  if (s.final.length === 0) return guardedBody(frame, s)
  return withFinally(frame, s.final, () => guardedBody(frame, s))
}

function guardedBody(frame: Frame, s: Try): boolean {
  const m = frame.machine
  if (s.handlers.length === 0) return m.ops.execute(frame, s.body) && m.ops.execute(frame, s.orelse)
  const mark = m.store.mark()
  const target: Target = { mark, exits: [] }
  const mayRaiseBefore = frame.summary.canRaise
  const { yields } = frame
  frame.summary.canRaise = false
  frame.raises.push(target)
  const ends = m.ops.execute(frame, s.body)
  m.stopped = false
  frame.raises.pop()
  const implicit = frame.summary.canRaise || mightRaise(s.body)
  frame.summary.canRaise = frame.summary.canRaise || mayRaiseBefore
  const completed = ends ? m.store.collect(mark) : null
  const ever = implicit ? m.store.collectEver(mark) : null
  // a module that was imported by the end of the body stays imported: what raised came after
  if (ever !== null) for (const cell of m.moduleStates) if (ever.has(cell)) ever.set(cell, cell.value)
  m.store.undo(mark)
  return arms(frame, s, {
    completed,
    ever,
    explicit: target.exits,
    detached: m.detached,
    yielded: frame.yields > yields,
  })
}

/** Runs else and handlers from the states they start in, and joins what ends normally. */
function arms(frame: Frame, s: Try, state: TryState): boolean {
  const m = frame.machine
  const alternatives: (() => boolean)[] = []
  if (state.completed !== null) {
    const delta = state.completed
    alternatives.push(() => {
      m.store.apply(delta)
      m.detached = state.detached
      return m.ops.execute(frame, s.orelse)
    })
  }
  const tried = s.star ? groupArms(frame, s, state) : handlerArms(frame, s, state)
  if (tried.length === 0) return alternatives[0] === undefined ? false : alternatives[0]()
  return handled(frame, s, alternatives, tried)
}

/** What each handler may get: of the errors of the body, one handler gets each. What none gets goes on to those around. */
function handlerArms(frame: Frame, s: Try, state: TryState): Arm[] {
  const m = frame.machine
  const raised = state.explicit.map((exit): Raised => ({ exit, value: exit.value }))
  let uncaught = raised
  const tail: (Omit<Arm, 'sure'> & { readonly surely: readonly Exit[] })[] = []
  for (const handler of s.handlers) {
    const classes = handler.type === null ? null : m.ops.evaluate(frame, handler.type)
    const answer = (atom: Atom): boolean | null => catches(m, m.domain.of(atom), classes)
    const only = (keep: (atom: Atom) => boolean) => (value: Value) => m.domain.filter(value, keep)
    const caught = remaining(
      uncaught,
      only((atom) => answer(atom) !== false),
    )
    uncaught = remaining(
      uncaught,
      only((atom) => answer(atom) !== true),
    )
    if (caught.length === 0 && state.ever === null) continue
    const surely = caught.filter(({ value }) => value.atoms.some((atom) => answer(atom) === true))
    // the body always raises, and always what this handler catches
    const must =
      state.completed === null &&
      surely.length > 0 &&
      surely.length === raised.length &&
      surely.every(({ exit, value }) => value === exit.value && value.atoms.every((atom) => answer(atom) === true))
    const run = (): boolean => {
      const exits = caught.map(({ exit }) => exit)
      const starts: Delta[] = exits.map((exit) => exit.delta)
      if (state.ever !== null) starts.push(state.ever)
      m.store.applyJoin(starts)
      m.detached = started(exits, state.ever === null ? null : state.detached)
      const explicit = m.domain.joinAll(caught.map(({ value }) => value))
      const error = state.ever === null ? explicit : m.domain.join(explicit, m.domain.unknown('exception'))
      const left = exitCount(frame)
      const ends = runHandler(frame, handler, error)
      if (state.yielded && (ends || exitCount(frame) > left)) frame.absorbs = true
      return ends
    }
    tail.push({ must, surely: surely.map(({ exit }) => exit), run })
  }
  const outer = frame.raises.at(-1)
  const passed = uncaught.map(({ exit, value }) => ({ ...exit, value }))
  if (outer !== undefined && passed.length > 0) rebase(m, passed, outer)
  // one of the errors of a call may come from a handler for the unexpected: they count where all of them are caught
  const open = new Set(uncaught.map(({ exit }) => exit))
  const isSure = (exits: readonly Exit[]): boolean => exits.some((exit) => !open.has(exit))
  return tail.map(({ must, surely, run }): Arm => ({ must, sure: isSure(surely), run }))
}

/** An exit by an error, with those of its possible errors that are looked at: the ones that a handler gets, or that none has caught so far. */
interface Raised {
  readonly exit: Exit
  readonly value: Value
}

/** What `left` leaves of each error; an exit whose error is not known at all stays. */
function remaining(raised: readonly Raised[], left: (value: Value) => Value): Raised[] {
  return raised
    .map(({ exit, value }): Raised => ({ exit, value: left(value) }))
    .filter(({ exit, value }) => value.atoms.length > 0 || exit.value.atoms.length === 0)
}

/** The body's own way out stays certain; handlers are possible, but for one that catches what the body always raises. */
function handled(frame: Frame, s: Try, alternatives: readonly (() => boolean)[], tail: readonly Arm[]): boolean {
  const may = frame.may
  const guards = frame.guards
  const caughtHere = { site: siteOf(frame, { p: s.p, e: s.p + 3 }), lowers: false }
  let comesThrough = false
  const possible = tail.map(({ must, sure, run }) => (): boolean => {
    frame.may = must ? may : may + 1
    frame.guards = must ? guards : [...guards, caughtHere]
    const depth = frame.guards.length
    const ends = run()
    comesThrough = comesThrough || (sure && ends && frame.guards.length === depth)
    frame.guards = guards
    frame.may = may
    return ends
  })
  const body = alternatives.map((run) => (): boolean => {
    const through = run()
    // an `else` that only goes on where something was caught inside of it does not come through by itself
    comesThrough = comesThrough || (through && frame.guards.length === guards.length)
    return through
  })
  const ends = fork(frame, [...body, ...possible], false)
  frame.may = may
  frame.guards = guards
  // a handler that returns does not make the rest uncertain: "must" speaks of paths on which nothing raises
  if (ends && !comesThrough) {
    // the body cannot come to its end by itself: what follows happens only if something raised what a handler catches
    onlyCaught(frame, caughtHere)
  }
  return ends
}

/** Whether a block contains anything that can raise by itself. In-tree calls and imports report through canRaise; this looks at the rest. */
function mightRaise(body: readonly Stmt[]): boolean {
  const text = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(text)
    if (value === null || typeof value !== 'object') return false
    const kind = 'k' in value ? value.k : ''
    if (
      kind === 'attr' ||
      kind === 'sub' ||
      kind === 'bin' ||
      kind === 'await' ||
      kind === 'unknown' ||
      kind === 'for' ||
      kind === 'with'
    )
      return true
    if (kind === 'lambda' || kind === 'def') return false
    return Object.values(value).some(text)
  }
  return body.some((s) =>
    s.k === 'expr' && s.x.k === 'call' && s.x.f.k === 'name' ? s.x.a.some((a) => text(a.x)) : text(s),
  )
}

/** How a block was left: at its end, by return or break, by an error that was raised in it, or in a way that is not known. */
export type Way = CaughtWay['way'] | 'ended' | 'open'

/** How a block is left that has something to do at its end. */
export interface Leaving {
  readonly way: Way
  /** what was raised in it, where it was left by an error that is known */
  readonly error: Value | null
}

/** Runs `body`, then `final` on every way out: once for the normal end, once for all abrupt ones. */
export function withFinally(
  frame: Frame,
  final: readonly Stmt[] | ((leaving: Leaving) => boolean),
  body: () => boolean,
): boolean {
  const m = frame.machine
  const runFinal = typeof final === 'function' ? final : (): boolean => m.ops.execute(frame, final)
  const mark = m.store.mark()
  const { ends, ways } = catchExits(frame, body)
  m.stopped = false
  const abrupt = ways.filter(({ caught }) => caught.exits.length > 0)
  if (abrupt.length === 0) return ends ? runFinal({ way: 'ended', error: null }) : neverLeft(frame, runFinal)
  const normal = ends ? m.store.collect(mark) : null
  const detached = m.detached
  m.store.undo(mark)
  // what is done only for an error is possible where the block is left in other ways, too
  const others = ends || abrupt.some(({ way }) => way !== 'raised') ? 1 : 0
  const branches: (() => boolean)[] = abrupt.map(({ way, to, caught }) => (): boolean => {
    settle(m, caught, false)
    const value = m.domain.joinAll(caught.exits.map((exit) => exit.value))
    const isRaised = way === 'raised'
    frame.may += isRaised ? others : 0
    const goesOn = runFinal({ way, error: isRaised ? value : null })
    frame.may -= isRaised ? others : 0
    if (goesOn && to !== undefined) leave(m, to, value)
    return false
  })
  const withNormal =
    normal === null
      ? branches
      : [
          (): boolean => {
            m.store.apply(normal)
            m.detached = detached
            return runFinal({ way: 'ended', error: null })
          },
          ...branches,
        ]
  return fork(frame, withNormal, false)
}

/** What `final` does for a body that comes to no end at all: an endless loop, a callee that always raises, a generator that waits. */
function neverLeft(frame: Frame, final: (leaving: Leaving) => boolean): boolean {
  const m = frame.machine
  // a task that is left at a wait has not come to it yet
  if (m.progress.left !== null) return false
  // a generator that waits, and that a module holds, waits until the program ends
  if (frame.paused && isHeldByModule(m, m.running.at(-1))) return false
  // it still may run
  const may = frame.may
  if (frame.paused) frame.may = may + 1
  cleaningUp(frame, m.running.at(-1), () => final({ way: 'open', error: null }))
  frame.may = may
  return false
}

function isHeldByModule(m: Machine, generator: Atom | undefined): boolean {
  if (generator === undefined) return false
  for (const { fields } of m.modules.values())
    for (const { value } of fields.values()) if (value.atoms.includes(generator)) return true
  return false
}
