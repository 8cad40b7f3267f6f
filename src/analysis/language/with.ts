// with and async with: enter, body, exit. A generator-based context manager is run around the body, so that its code before and after the yield
// happens where CPython runs it; a context manager whose exit may return true continues after a raise in the body.
import type { Stmt } from '../../ir/model.ts'
import { grouped } from './error-groups.ts'
import { isSwallowed } from './entering.ts'
import { withFinally, type Leaving } from './exceptions.ts'
import { raise } from './raising.ts'
import { exitCount, fork, leave, onlyCaught, rebase, settle } from '../machine/frames.ts'
import { catchExits } from '../machine/exits.ts'
import { at, implied } from '../machine/sites.ts'
import { withDeadline } from '../suspended/deadlines.ts'
import { started } from '../suspended/detached.ts'
import type { CallSite, Frame, GeneratorRun, GuardRecord, Target } from '../machine/machine.ts'
import { only, type Atom, type Value } from '../domain/values.ts'

type With = Extract<Stmt, { k: 'with' }>

export function withStatement(frame: Frame, s: With): boolean {
  const m = frame.machine
  const item = (index: number): boolean => {
    const current = s.items[index]
    if (current === undefined) return m.ops.execute(frame, s.body)
    const manager = m.ops.evaluate(frame, current.x)
    if (manager.atoms.length === 0) return false
    return enterContext(frame, manager, { ...at(frame, current.x, 'enter'), async: s.async }, (entered) => {
      if (current.target !== null) m.ops.assign(frame, current.target, entered)
      return item(index + 1)
    })
  }
  return item(0)
}

/** A manager and the way it is entered: with what it gives, or asynchronously. */
type Entering = CallSite & { readonly async: boolean }

/** Enters a context manager, runs the body, exits. Returns whether control reaches the end of the statement. */
export function enterContext(frame: Frame, manager: Value, site: Entering, body: (entered: Value) => boolean): boolean {
  const m = frame.machine
  const single = only(manager)
  if (single?.kind === 'special' && single.type === 'contextmanager')
    return aroundGenerator(frame, single.parts[0] ?? m.domain.bottom, site, body)
  if (single?.kind === 'special' && single.type === 'deadline')
    return withDeadline(frame, single.parts[0] ?? m.domain.none, () => body(manager))
  if (manager.atoms.length > 1 && manager.atoms.some((a) => a.kind === 'special' && a.type === 'contextmanager')) {
    return fork(
      frame,
      manager.atoms.map((atom) => () => enterContext(frame, m.domain.of(atom), site, body)),
      true,
    )
  }
  const { entered, inUse } = enterEach(frame, manager, site)
  return !m.stopped && runManaged(frame, { manager, inUse, site }, () => body(entered))
}

/** What entering gives, and the managers whose `__enter__` comes to its end. */
function enterEach(
  frame: Frame,
  manager: Value,
  site: Entering,
): { readonly entered: Value; readonly inUse: readonly Atom[] } {
  const m = frame.machine
  let entered = m.domain.bottom
  const inUse: Atom[] = []
  const enter = (atom: Atom): void => {
    entered = m.domain.join(entered, m.ops.enter(frame, atom, site, site.async))
    if (!m.stopped) inUse.push(atom)
  }
  const single = only(manager)
  if (single !== null) enter(single)
  else
    fork(
      frame,
      manager.atoms.map((atom) => () => (enter(atom), true)),
      true,
    )
  return { entered, inUse }
}

interface Managed {
  readonly manager: Value
  /** the managers that were entered */
  readonly inUse: readonly Atom[]
  readonly site: Entering
}

/** Runs the block and, on every way out of it, what the managers do at their exit; goes on where they keep an error to themselves. */
function runManaged(frame: Frame, { manager, inUse, site }: Managed, block: () => boolean): boolean {
  const m = frame.machine
  let swallows = false
  let mayRaise = false
  const inside = (): boolean => {
    const before = frame.summary.canRaise
    frame.summary.canRaise = false
    const ends = block()
    mayRaise = frame.summary.canRaise
    frame.summary.canRaise ||= before
    return ends
  }
  // what the manager does with the errors that are known
  const verdicts = new Map<Value, boolean | null>()
  const exit = (leaving: Leaving): boolean => {
    let ends = false
    for (const atom of inUse) {
      const { result, rescues } = exitOne(frame, atom, { ...leaving, mayRaise }, site)
      swallows ||= rescues
      ends ||= result.atoms.length > 0
      const verdict = isSwallowed(frame, result, site)
      if (leaving.error !== null && inUse.length === 1) verdicts.set(leaving.error, verdict)
      else if (verdict !== false) swallows = true
    }
    const isGroup = manager.atoms.some((atom) => atom.kind === 'instance' && atom.ext === 'asyncio.TaskGroup')
    if (leaving.error !== null && isGroup) m.ops.raise(frame, grouped(m, leaving.error))
    return ends && !m.stopped
  }
  const swallowed = (error: Value): boolean | null => {
    const known = verdicts.get(error)
    let out: boolean | null = known === undefined ? swallows : known
    for (const atom of manager.atoms)
      if (atom.kind === 'special' && atom.type === 'suppress') out = m.ops.catches(error, atom.parts)
    return out
  }
  return goingOn(frame, site, { run: () => withFinally(frame, exit, inside), mayRaise: () => mayRaise, swallowed })
}

/** The exit of one manager: what its method gives, and whether it may keep an error of the block to itself that nobody saw raised. */
function exitOne(
  frame: Frame,
  atom: Atom,
  { mayRaise, way, error }: Leaving & { readonly mayRaise: boolean },
  site: Entering,
): { readonly result: Value; readonly rescues: boolean } {
  const m = frame.machine
  const { guards } = frame
  const { async } = site
  let result = m.domain.bottom
  let rescues = false
  let rescue: GuardRecord | undefined
  const exits = (): boolean => {
    result = m.ops.exit(frame, atom, site, { way, error, async })
    // it comes to its end only if something raised what is caught in it
    rescue = frame.guards.length > guards.length ? frame.guards.at(-1) : undefined
    return !m.stopped
  }
  // anything in the block may raise, and then the same method gets the error instead
  const fails = (): boolean => {
    frame.may++
    m.undecided++
    frame.guards = [...guards, { site: site.site, lowers: false }]
    const got = m.ops.exit(frame, atom, site, { way: 'raised', error: null, async })
    frame.guards = guards
    frame.may--
    rescues = isSwallowed(frame, got, site) !== false
    return rescues && !m.stopped
  }
  const hasMethod = atom.kind === 'instance' && (atom.cls !== null || atom.ext === 'contextlib.ExitStack')
  if (mayRaise && way !== 'raised' && hasMethod) {
    const goesOn = fork(frame, [exits, fails], false)
    frame.guards = guards
    if (goesOn && rescue !== undefined) onlyCaught(frame, rescue)
  } else exits()
  return { result, rescues }
}

interface Block {
  readonly run: () => boolean
  /** something in it may raise, for a reason that is not known; asked when it has run */
  readonly mayRaise: () => boolean
  readonly swallowed: (error: Value) => boolean | null
}

/** Runs a block; where it is left by an error that the manager swallows, control goes on after the statement. */
function goingOn(frame: Frame, site: CallSite, block: Block): boolean {
  const m = frame.machine
  const mark = m.store.mark()
  const target: Target = { mark, exits: [] }
  const outer = frame.raises.at(-1)
  const left = exitCount(frame)
  const { yields } = frame
  frame.raises.push(target)
  const ends = block.run() && !m.stopped
  frame.raises.pop()
  const anything = block.mayRaise() && block.swallowed(m.domain.unknown('exception')) !== false
  const outcomes = target.exits.map((exit) => ({ exit, swallowed: block.swallowed(exit.value) }))
  const caught = outcomes.filter(({ swallowed }) => swallowed !== false).map(({ exit }) => exit)
  if (frame.yields > yields && (anything || caught.length > 0)) frame.absorbs = true
  if (target.exits.length === 0 && (ends || !anything)) return ends
  m.stopped = false
  const normal = ends ? [m.store.collect(mark)] : anything ? [m.store.collectEver(mark)] : []
  m.store.undo(mark)
  const passed = outcomes.filter(({ swallowed }) => swallowed !== true).map(({ exit }) => exit)
  if (outer !== undefined) rebase(m, passed, outer)
  const deltas = [...caught.map((exit) => exit.delta), ...normal]
  if (deltas.length === 0) return false
  m.store.applyJoin(deltas)
  m.detached = started(caught, normal.length === 0 ? null : m.detached)
  const surely = exitCount(frame) === left && outcomes.some(({ swallowed }) => swallowed === true)
  if (!ends && !surely) onlyCaught(frame, { site: site.site, lowers: false })
  return true
}

/** Runs the generator of a `@contextmanager` function; the statement's body runs at its yield. */
function aroundGenerator(frame: Frame, generators: Value, site: CallSite, body: (entered: Value) => boolean): boolean {
  const m = frame.machine
  const generator = only(generators)
  if (generator?.kind !== 'generator') return body(m.domain.unknown('generator'))
  let entered = false
  let block: Captured = { ends: false, left: [], raised: [] }
  let mayRaise = false
  const run = m.ops.runGenerator(frame, generator, implied(site, 'enter'), (value) => {
    if (entered) return { kind: 'stop' }
    entered = true
    const raisedBefore = frame.summary.canRaise
    frame.summary.canRaise = false
    block = captured(frame, () => body(value))
    // anything in the block may raise, and then the generator's handlers run
    mayRaise = frame.summary.canRaise
    frame.summary.canRaise = mayRaise || raisedBefore
    const error = block.raised.length === 0 ? null : m.domain.joinAll(block.raised)
    if (block.ends || block.left.length > 0) return { kind: 'resume', sent: m.domain.none, mayRaise, error }
    if (error !== null) return { kind: 'raise', error }
    return mayRaise ? { kind: 'resume', sent: m.domain.none, mayRaise } : { kind: 'stop' }
  })
  // a generator that does not come to its end has raised what it was given, and its own
  if (!entered || !run.returns) return false
  for (const exit of block.left) leave(m, exit.target, exit.value)
  const raises = block.raised.length > 0
  const absorbs = run.absorbs || (raises && !block.ends && block.left.length === 0)
  const passed = block.raised.flatMap((error) => error.atoms).filter((atom) => !absorbs || cameOut(run, atom))
  if (passed.length > 0) raise(frame, m.domain.union(passed))
  if (block.ends) return true
  // the block does not come to its end: control goes on where the generator kept an error to itself
  if (!(absorbs && (raises || mayRaise))) return false
  if (block.left.length > 0 || !raises) onlyCaught(frame, { site: site.site, lowers: false })
  return true
}

function cameOut(run: GeneratorRun, atom: Atom): boolean {
  return run.raises.some((error) => error.atoms.includes(atom))
}

interface Captured {
  readonly ends: boolean
  readonly left: readonly { readonly target: Target; readonly value: Value }[]
  readonly raised: readonly Value[]
}

/** Runs the body with every abrupt exit caught; afterwards the state is the join of all ways out. */
function captured(frame: Frame, body: () => boolean): Captured {
  const m = frame.machine
  const mark = m.store.mark()
  const { ends, ways } = catchExits(frame, body)
  const left = ways.flatMap(({ way, to, caught }) =>
    way === 'raised' || to === undefined ? [] : caught.exits.map(({ value }) => ({ target: to, value })),
  )
  const raised = ways.flatMap(({ way, caught }) => (way === 'raised' ? caught.exits.map(({ value }) => value) : []))
  settle(m, { mark, exits: ways.flatMap(({ caught }) => caught.exits) }, ends)
  return { ends, left, raised }
}
