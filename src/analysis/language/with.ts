// with and async with: enter, body, exit. A generator-based context manager is run around the body, so that its code before and after the yield
// happens where CPython runs it; a context manager whose exit may return true continues after a raise in the body.
import type { Stmt } from '../../ir/model.ts'
import { raise, withFinally, type Way } from './exceptions.ts'
import { at, fork, leave, rebase, settle } from '../machine/frames.ts'
import { started } from '../suspended/detached.ts'
import type { CallSite, Exit, Frame, Machine, Target } from '../machine/machine.ts'
import { only, type Atom, type Value } from '../domain/values.ts'

type With = Extract<Stmt, { k: 'with' }>

export function withStatement(m: Machine, frame: Frame, s: With): boolean {
  const item = (index: number): boolean => {
    const current = s.items[index]
    if (current === undefined) return m.ops.execute(frame, s.body)
    const manager = m.ops.evaluate(frame, current.x)
    if (manager.atoms.length === 0) return false
    return enterContext(m, frame, manager, { ...at(frame, current.x, 'enter') }, s.async, (entered) => {
      if (current.target !== null) m.ops.assign(frame, current.target, entered)
      return item(index + 1)
    })
  }
  return item(0)
}

/** Enters a context manager, runs the body, exits. Returns whether control reaches the end of the statement. */
export function enterContext(
  m: Machine,
  frame: Frame,
  manager: Value,
  site: CallSite,
  async: boolean,
  body: (entered: Value) => boolean,
): boolean {
  const single = only(manager)
  if (single?.kind === 'special' && single.type === 'contextmanager')
    return aroundGenerator(m, frame, single.parts[0] ?? m.domain.bottom, site, body)
  if (manager.atoms.length > 1 && manager.atoms.some((a) => a.kind === 'special' && a.type === 'contextmanager')) {
    return fork(
      m,
      frame,
      manager.atoms.map((atom) => () => enterContext(m, frame, m.domain.of(atom), site, async, body)),
      true,
    )
  }
  let entered = m.domain.bottom
  const enter = (atom: Atom): void => {
    entered = m.domain.join(entered, m.ops.enter(frame, atom, site, async))
  }
  if (single !== null) enter(single)
  else
    fork(
      m,
      frame,
      manager.atoms.map((atom) => () => (enter(atom), true)),
      true,
    )
  if (m.stopped) return false
  let swallows = false
  const before = frame.summary.canRaise
  frame.summary.canRaise = false
  const exit = (way: Way): boolean => {
    let ends = false
    const mayRaise = way === 'ended' && frame.summary.canRaise
    frame.summary.canRaise ||= before
    for (const atom of manager.atoms) {
      const result = m.ops.exit(frame, atom, site, async, way)
      // anything in the block may raise, and then the same method gets the error
      if (mayRaise && !m.stopped && atom.kind === 'instance' && atom.cls !== null)
        m.ops.maybe(frame, site.site, () => {
          const other = m.ops.exit(frame, atom, site, async, 'raised')
          if (other.atoms.length > 0 && m.ops.truth(frame, other, site).t && isDefinite(other)) swallows = true
        })
      ends = ends || result.atoms.length > 0
      if (result.atoms.length > 0 && m.ops.truth(frame, result, site).t && isDefinite(result)) swallows = true
    }
    return ends && !m.stopped
  }
  const suppressed = (error: Value): boolean | null => {
    let out: boolean | null = swallows
    for (const atom of manager.atoms)
      if (atom.kind === 'special' && atom.type === 'suppress') out = m.ops.catches(frame, error, atom.parts)
    return out
  }
  return swallowing(m, frame, () => withFinally(m, frame, exit, () => body(entered)), suppressed)
}

/** `__exit__` results that can be true on purpose: a constant, or a computed bool. */
function isDefinite(result: Value): boolean {
  return result.atoms.some(
    (a) => (a.kind === 'const' && a.value !== null && a.value !== false) || (a.kind === 'typed' && a.type === 'bool'),
  )
}

/** Runs the body; explicit raises that the manager swallows continue after the statement. */
function swallowing(
  m: Machine,
  frame: Frame,
  body: () => boolean,
  swallowed: (error: Value) => boolean | null,
): boolean {
  const mark = m.store.mark()
  const target: Target = { mark, exits: [] }
  const outer = frame.raises.at(-1)
  frame.raises.push(target)
  const ends = body() && !m.stopped
  frame.raises.pop()
  if (target.exits.length === 0) return ends
  m.stopped = false
  const caught: Exit[] = []
  const passed: Exit[] = []
  for (const exit of target.exits) {
    const outcome = swallowed(exit.value)
    if (outcome !== false) caught.push(exit)
    if (outcome !== true) passed.push(exit)
  }
  const normal = ends ? m.store.collect(mark) : null
  m.store.undo(mark)
  if (outer !== undefined) rebase(m, passed, outer)
  const deltas = caught.map((exit) => exit.delta)
  if (normal !== null) deltas.push(normal)
  if (deltas.length === 0) return false
  m.store.applyJoin(deltas)
  m.detached = started(caught, normal === null ? [] : m.detached)
  return true
}

/** Runs the generator of a `@contextmanager` function; the statement's body runs at its yield. */
function aroundGenerator(
  m: Machine,
  frame: Frame,
  generators: Value,
  site: CallSite,
  body: (entered: Value) => boolean,
): boolean {
  const generator = only(generators)
  if (generator?.kind !== 'generator') return body(m.domain.unknown('generator'))
  let entered = false
  let ends = false
  const left: { readonly target: Target; readonly value: Value }[] = []
  const raisedOut: Value[] = []
  let generatorRaises = false
  const finished = m.ops.runGenerator(frame, generator, { ...site, step: 'enter' }, (value) => {
    if (entered) return { kind: 'stop' }
    entered = true
    const raisedBefore = frame.summary.canRaise
    frame.summary.canRaise = false
    const outcome = captured(m, frame, () => body(value))
    // anything in the block may raise, and then the generator's handlers run
    generatorRaises = frame.summary.canRaise
    frame.summary.canRaise = generatorRaises || raisedBefore
    ends = outcome.ends
    left.push(...outcome.left)
    if (!ends && left.length === 0 && outcome.raised.length > 0)
      return { kind: 'raise', error: m.domain.joinAll(outcome.raised) }
    raisedOut.push(...outcome.raised)
    return !ends && left.length === 0 && outcome.raised.length === 0
      ? { kind: 'stop' }
      : { kind: 'resume', sent: m.domain.none, mayRaise: generatorRaises || outcome.raised.length > 0 }
  })
  if (!entered) return false
  if (finished.returns) for (const exit of left) leave(m, exit.target, exit.value)
  if (raisedOut.length > 0) raise(m, frame, m.domain.joinAll(raisedOut))
  // a generator that handled the body's raise ends normally: control goes on after the statement
  return finished.returns && (ends || (left.length === 0 && raisedOut.length === 0))
}

interface Captured {
  readonly ends: boolean
  readonly left: readonly { readonly target: Target; readonly value: Value }[]
  readonly raised: readonly Value[]
}

/** Runs the body with every abrupt exit caught; afterwards the state is the join of all ways out. */
function captured(m: Machine, frame: Frame, body: () => boolean): Captured {
  const mark = m.store.mark()
  const inner = (): Target => ({ mark, exits: [] })
  const saved = { returns: frame.returns, loop: frame.loops.at(-1) }
  const returns = inner()
  const raises = inner()
  const breaks = inner()
  const continues = inner()
  frame.returns = returns
  frame.raises.push(raises)
  if (saved.loop !== undefined) frame.loops[frame.loops.length - 1] = { breaks, continues }
  const ends = body() && !m.stopped
  frame.returns = saved.returns
  frame.raises.pop()
  if (saved.loop !== undefined) frame.loops[frame.loops.length - 1] = saved.loop
  const pairs: [Target, Target | undefined][] = [
    [returns, saved.returns],
    [breaks, saved.loop?.breaks],
    [continues, saved.loop?.continues],
  ]
  const left = pairs.flatMap(([from, to]) =>
    to === undefined ? [] : from.exits.map((exit) => ({ target: to, value: exit.value })),
  )
  const all: Target = { mark, exits: [returns, raises, breaks, continues].flatMap((t) => t.exits) }
  settle(m, all, ends)
  return { ends, left, raised: raises.exits.map((exit) => exit.value) }
}
