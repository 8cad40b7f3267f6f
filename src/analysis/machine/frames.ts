// Frames, branches and records: the bookkeeping of structured evaluation. A branch runs in place on the store, is collected and undone, and the
// branches that end normally are joined; abrupt exits wait as deltas at their target.
import type {
  CallRecord,
  Exit,
  Frame,
  GuardRecord,
  Machine,
  NoteRecord,
  OperationRecord,
  Summary,
  Target,
} from './machine.ts'
import type { Detached } from './started.ts'
import type { CatalogueRow } from '../../catalogue/model.ts'
import { parted, started, states } from '../suspended/detached.ts'
import { renew } from '../suspended/renewal.ts'
import type { Delta } from '../domain/state.ts'
import {
  type Atom,
  type ClassAtom,
  type Context,
  type Env,
  type FunctionAtom,
  type ModuleAtom,
  type ModuleInfo,
  type Site,
  type Value,
} from '../domain/values.ts'

const NO_NAMES: ReadonlySet<string> = new Set()

export function newSummary(m: Machine, name: string, module: ModuleInfo, site: Site): Summary {
  return {
    id: m.nextEnv++,
    function: name,
    module,
    site,
    records: [],
    seen: new Map(),
    reached: new Set(),
    followed: new Set(),
    result: m.domain.bottom,
    returns: false,
    raises: [],
    raiseDelta: null,
    raiseDetached: [],
    canRaise: false,
    suspends: false,
    waits: null,
    silent: false,
    turns: 0,
    caught: null,
    left: null,
    complete: true,
  }
}

interface FrameDraft
  extends Pick<Frame, 'env' | 'function' | 'name' | 'context' | 'summary'>,
    Partial<Pick<Frame, 'onYield' | 'async' | 'standsAt'>> {}

export function newFrame(m: Machine, draft: FrameDraft): Frame {
  const mark = m.store.mark()
  // named one by one: spreading a record here costs more than everything else that a call needs
  return {
    machine: m,
    env: draft.env,
    function: draft.function,
    name: draft.name,
    context: draft.context,
    summary: draft.summary,
    module: draft.env.module,
    mark,
    onYield: draft.onYield ?? null,
    async: draft.async ?? false,
    standsAt: draft.standsAt ?? null,
    returns: { mark, exits: [] },
    raises: [{ mark, exits: [] }],
    loops: [],
    may: 0,
    branches: 0,
    guards: [],
    handling: [],
    undecided: [],
    paused: false,
    yields: 0,
    absorbs: false,
    departures: [],
  }
}

interface EnvDraft {
  readonly kind: Env['kind']
  readonly parent: Env | null
  readonly module: ModuleAtom
  readonly names: readonly string[]
  readonly globals?: readonly string[]
  readonly nonlocals?: readonly string[]
  readonly owner?: ClassAtom | null
}

export function newEnv(m: Machine, draft: EnvDraft): Env {
  const vars = new Map<string, ReturnType<typeof m.store.cell>>()
  for (const name of draft.names) vars.set(name, m.store.cell())
  return {
    vars,
    kind: draft.kind,
    parent: draft.parent,
    module: draft.module,
    captured: false,
    id: m.nextEnv++,
    owner: draft.owner ?? null,
    globals: draft.globals === undefined || draft.globals.length === 0 ? NO_NAMES : new Set(draft.globals),
    nonlocals: draft.nonlocals === undefined || draft.nonlocals.length === 0 ? NO_NAMES : new Set(draft.nonlocals),
  }
}

/** The scope of one call of a function, its parameters bound. */
export function functionEnv(m: Machine, func: FunctionAtom, args: ReadonlyMap<string, Value>): Env {
  const { fn } = func
  const env = newEnv(m, {
    kind: 'function',
    parent: func.env.kind === 'module' ? null : func.env,
    module: func.env.module,
    names: fn.locals,
    globals: fn.globals,
    nonlocals: fn.nonlocals,
    owner: func.owner,
  })
  for (const [name, value] of args) {
    const cell = env.vars.get(name)
    if (cell !== undefined) m.store.write(cell, value)
  }
  return env
}

export function childContext(m: Machine, parent: Context, key: string): Context {
  let child = parent.children.get(key)
  if (child === undefined) {
    child = { id: m.nextContext++, parent, children: new Map(), allocations: new Map(), depth: parent.depth + 1 }
    parent.children.set(key, child)
  }
  return child
}

/** Objects of one allocation site in one context that are told apart, where code runs again in a straight line. */
const MAX_COPIES = 4

/**
 * The object of an allocation site in the frame's context. Where the site is run again by a loop to a fixpoint, or by a generator that is started
 * over, it is renewed, or stands for several from then on; otherwise the first few are objects of their own.
 */
export function allocate<T extends Atom>(frame: Frame, key: string, make: () => T): T {
  const m = frame.machine
  const { allocations } = frame.context
  const first = allocations.get(key)
  if (first !== undefined && first.kind !== 'instance' && first.kind !== 'container') return first as T
  const looping = m.region.depth > 0
  const place = looping && first !== undefined ? key + m.unrolled : key
  let found = allocations.get(place)
  for (let copy = 1; found !== undefined && copy < MAX_COPIES; copy++) {
    if (found.kind !== 'instance' && found.kind !== 'container') return found as T
    // what this loop made itself it makes anew; what was made before it is another object, but for a generator that is started over
    if (looping ? m.madeIn.get(found) === m.region.serial || m.running.length > 0 : copy === 1 && found.multiple) break
    found = allocations.get(`${place}#${copy}`)
    if (found === undefined) return made(m, allocations, `${place}#${copy}`, make())
  }
  if (found === undefined) return made(m, allocations, place, make())
  if (found.kind !== 'instance' && found.kind !== 'container') return found as T
  if (!looping || !renew(m, found)) found.multiple = true
  return found as T
}

/** A new object of a place; one that a loop makes belongs to it. */
function made<T extends Atom>(m: Machine, allocations: Map<string, Atom>, place: string, atom: T): T {
  allocations.set(place, atom)
  if (m.region.depth > 0) m.madeIn.set(atom, m.region.serial)
  return atom
}

/** Leaves to a collecting construct: remembers the state relative to its mark. */
export function leave(m: Machine, target: Target, value: Value): void {
  m.departures?.push({ target, index: target.exits.length })
  target.exits.push({ delta: m.store.collect(target.mark), value, detached: m.detached })
}

/** Joins the exits that arrived at a target with the normal end; the store is left in the joined state. Returns whether anything arrives. */
export function settle(m: Machine, target: Target, normal: boolean): boolean {
  if (target.exits.length === 0) return normal
  const deltas = target.exits.map((exit) => exit.delta)
  if (normal) deltas.push(m.store.collect(target.mark))
  m.store.undo(target.mark)
  m.store.applyJoin(deltas)
  m.stopped = false
  m.detached = started(target.exits, normal ? m.detached : null)
  return true
}

/** The same exits relative to an outer mark. The store must stand at `inner` (nothing written since). */
export function rebase(m: Machine, exits: readonly Exit[], outer: Target): void {
  const before = m.store.collect(outer.mark)
  for (const exit of exits) {
    const delta = new Map(before)
    for (const [cell, value] of exit.delta) delta.set(cell, value)
    outer.exits.push({ delta, value: exit.value, detached: exit.detached })
  }
}

/** Ways out of the function and its loops by return, break and continue so far. */
export function exitCount(frame: Frame): number {
  let count = frame.returns.exits.length
  for (const loop of frame.loops) count += loop.breaks.exits.length + loop.continues.exits.length
  return count
}

/** With those of a consumer that left while the frame's generator was at a yield. */
const allExits = (frame: Frame): number => exitCount(frame) + (frame.machine.departures?.length ?? 0)
/**
 * Runs alternatives from the same state and joins those that end normally. `undecided`: more than one of them may be taken, so what they do
 * happens on some paths only; and when one of them leaves the function or loop, so does what comes after.
 */
export function fork(frame: Frame, alternatives: readonly (() => boolean)[], undecided: boolean): boolean {
  const m = frame.machine
  if (m.stopped) return false
  if (alternatives.length === 1 && !undecided) return alternatives[0]?.() ?? true
  m.turns++
  const detachedBefore = m.detached
  const deltas: Delta[] = []
  const tasks: (readonly Detached[])[] = []
  const exits = allExits(frame)
  const may = frame.may
  frame.branches++
  const { undecided: around, progress } = m
  const { mode, came, left } = progress
  let reached: typeof progress.mode | null = null
  for (const alternative of alternatives) {
    const mark = m.store.mark()
    progress.mode = mode
    progress.came = came
    m.undecided = undecided ? around + 1 : around
    m.detached = detachedBefore
    frame.may = undecided ? may + 1 : may
    const ends = alternative()
    const stopped = m.stopped
    m.stopped = false
    if (ends && !stopped) {
      if (progress.mode !== mode) reached = progress.mode
      deltas.push(m.store.collect(mark))
      tasks.push(m.detached)
    }
    m.store.undo(mark)
  }
  frame.branches--
  // an alternative that left for good makes what comes after conditional, until the function (or the loop) ends
  progress.mode = reached ?? mode
  if (progress.left !== left && deltas.length > 0) progress.partly = true
  const isOpen = undecided && (allExits(frame) > exits || progress.left !== left)
  m.undecided = isOpen ? around + 1 : around
  frame.may = isOpen ? may + 1 : may
  m.detached = detachedBefore
  m.stopped = deltas.length === 0
  if (m.stopped) return false
  const before = tasks.some((list) => list !== detachedBefore) ? states(deltas) : []
  m.store.applyJoin(deltas)
  m.detached = parted(tasks, detachedBefore, before)
  return true
}

/** What follows happens only if something raised what a `try` catches: it is possible, until the function (or the loop) ends. */
export function onlyCaught(frame: Frame, guard: GuardRecord): void {
  frame.may++
  // who waits for a task from here on does so on some paths only; the branch, loop or call around takes this back
  frame.machine.undecided++
  frame.guards = [...frame.guards, guard]
  if (frame.branches === 0 && frame.returns.exits.length === 0) frame.summary.caught = guard
}

function sameGuards(frame: Frame): readonly GuardRecord[] {
  return frame.guards.length === 0 ? NO_GUARDS : [...frame.guards]
}
const NO_GUARDS: readonly GuardRecord[] = []

/** Database work of a row of the catalogue, here and now: of what runs, or of what was only started when the machine is detaching. */
export function recordOperation(
  frame: Frame,
  row: CatalogueRow,
  draft: Pick<OperationRecord, 'site' | 'resolution' | 'built'>,
): void {
  const key = `o${draft.site.p}:${draft.site.e}:${frame.machine.detaching}:${row.symbol}`
  const place = {
    function: frame.name,
    detached: frame.machine.detaching,
    may: frame.may > 0,
    guards: sameGuards(frame),
  }
  record(frame, key, { kind: 'operation', row, ...draft, ...place })
}

export function recordCall(frame: Frame, draft: Omit<CallRecord, 'may' | 'guards'>, id: number): void {
  // the same function called here with other arguments is another step: it may do other things
  const key = `c${draft.site.p}:${draft.site.e}:${id}:${draft.target.id}:${draft.detached}:${draft.step}`
  record(frame, key, { ...draft, may: frame.may > 0, guards: sameGuards(frame) })
}

function record(frame: Frame, key: string, fresh: OperationRecord | CallRecord): void {
  const { mode } = frame.machine.progress
  if (frame.summary.silent || mode === 'resume' || mode === 'cancel') return
  const seen = frame.summary.seen.get(key)
  if (seen === undefined) {
    frame.summary.seen.set(key, fresh)
    frame.summary.records.push(fresh)
  } else if (seen.kind === 'operation' || seen.kind === 'call') {
    // the same place again: certain beats possible, unguarded beats guarded, resolved beats assumed
    seen.may = seen.may && fresh.may
    if (fresh.guards.length < seen.guards.length) seen.guards = fresh.guards
    if (fresh.resolution < seen.resolution) seen.resolution = fresh.resolution
  }
}

export function recordUnknown(frame: Frame, site: Site, reason: string): void {
  const key = `u${site.p}:${reason}`
  if (frame.summary.seen.has(key)) return
  const fresh = { kind: 'unknown', site, reason } as const
  frame.summary.seen.set(key, fresh)
  frame.summary.records.push(fresh)
}

export function recordNote(frame: Frame, draft: Omit<NoteRecord, 'kind'>): void {
  const key = `n${draft.note}:${draft.site.module.file}:${draft.site.p}:${draft.text}:${draft.function?.id ?? ''}`
  if (frame.summary.seen.has(key)) return
  const fresh: NoteRecord = { kind: 'note', ...draft }
  frame.summary.seen.set(key, fresh)
  frame.summary.records.push(fresh)
}

/** A callee gave control to the event loop. */
export function noteSuspension(frame: Frame, callee: Summary): void {
  frame.summary.suspends = true
  frame.summary.turns += callee.turns
  if (callee.waits !== null) frame.summary.waits = callee.waits
}
