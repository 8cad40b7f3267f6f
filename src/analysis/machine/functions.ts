// Calling functions of the tree: contexts, recursion, running bodies, and using summaries again.
// How functions are made is definitions.ts, how arguments meet parameters is arguments.ts.
import { childContext, functionEnv, newFrame, noteSuspension, newSummary, onlyCaught, recordCall } from './frames.ts'
import {
  HEAT_EVALUATIONS,
  HOT,
  WARM,
  alike,
  complete,
  heatOf,
  mergeDetached,
  remember,
  reusable,
  transferred,
  widened,
  type Reuse,
} from './summaries.ts'
import type { CallSite, Frame, Machine, Summary } from './machine.ts'
import type { ActiveCall } from './memo.ts'
import type { Delta, Recorder } from '../domain/state.ts'
import type { CallArgs, FunctionAtom, Value } from '../domain/values.ts'
import { declaredOperation } from '../library/declared.ts'
import { raise } from '../language/raising.ts'
import { MAX_DEPTH } from './budgets.ts'
import { codeOf } from '../objects/definitions.ts'
import { bindArguments } from '../language/arguments.ts'
import { refuse, refusesArguments } from '../language/refusals.ts'
import { OVER } from '../suspended/renewal.ts'
import { passWait, progressKey } from '../suspended/started-work.ts'

/** Summaries of one function before its arguments are no longer told apart. */
export const MAX_CONTEXTS = 32
/** How often one function may be entered on the current path with different arguments before they are widened. */
const MAX_RECURSION = 3
/** How often one function may be entered on the current path at all. */
const MAX_NESTED = 8
/** Rounds until a recursive function's result is taken as it is. */
const MAX_ROUNDS = 4

/** Calls a function of the tree: a coroutine or generator object for those, its result otherwise. */
export function callFunction(frame: Frame, called: FunctionAtom, args: CallArgs, site: CallSite): Value {
  const func = codeOf(frame.machine, called)
  const declared = declaredOperation(frame, func, { when: 'call', args }, site)
  if (declared !== null) return declared
  if (refusesArguments(frame.machine, func, args, site)) return refuse(frame, 'TypeError')
  const bound = bindArguments(frame, func, args, site)
  if (func.fn.generator || func.fn.async) return frame.machine.ops.suspended(frame, func, bound, site)
  return runFunction(frame, func, bound, site)
}

function argumentKey(m: Machine, func: FunctionAtom, bound: ReadonlyMap<string, Value>): string {
  let key = m.loopRunning ? 'r' : ''
  if (m.progress.mode !== 'pass') key += progressKey(m)
  for (const param of func.fn.params) key += `,${bound.get(param.n)?.id ?? ''}`
  return key
}

/** Runs the body of a function (also of a coroutine that is awaited) and records the step that led there. */
export function runFunction(
  frame: Frame,
  func: FunctionAtom,
  bound: ReadonlyMap<string, Value>,
  site: CallSite,
): Value {
  const m = frame.machine
  // only the step that starts detached work is marked: what that work does inside is as usual
  const detached = m.detaching
  m.detaching = false
  const value = enterFunction(frame, func, bound, { ...site, detached })
  m.detaching = detached
  return value
}

interface DetachableSite extends CallSite {
  readonly detached: boolean
}

function enterFunction(
  frame: Frame,
  func: FunctionAtom,
  bound: ReadonlyMap<string, Value>,
  site: DetachableSite,
): Value {
  const m = frame.machine
  let args = bound
  let active = m.active.get(func)
  if (active === undefined) {
    active = []
    m.active.set(func, active)
  }
  const heat = heatOf(m, func.fn)
  if (active.length >= MAX_RECURSION || heat >= WARM) args = widenArguments(m, bound)
  args = mergeContexts(m, func, args)
  const text = m.textFunctions.has(func.fn)
  const key = argumentKey(m, func, args) + (text ? `@${site.site.module.file}:${site.site.p}` : '')
  const first = active[0]
  const inFlight = first === undefined ? 0 : (first.evaluationsLeft - m.budget.operations) / HEAT_EVALUATIONS
  // a recursion that became expensive is not entered again: the call under way answers for yet other arguments as well
  const mostNested = heat >= HOT || inFlight >= HOT ? 1 : MAX_NESTED
  const same = active.find((a) => a.key === key)
  const running = same ?? (active.length >= mostNested ? active.at(-1) : undefined)
  if (running !== undefined) {
    running.recursive = true
    if (same === undefined) running.args = joinedArguments(m, running.args, widenArguments(m, args))
    note(frame, func, running.summary, site)
    frame.summary.canRaise = true
    return running.summary.result
  }
  const known = reusable(m, func, key, heat >= HOT) ?? (heat >= HOT ? alike(m, func, args) : null)
  if (known !== null) return useAgain(frame, { func, args }, known, site)
  if (m.depth >= MAX_DEPTH || m.budget.calls <= 0) {
    m.budget.exhausted ??= m.depth >= MAX_DEPTH ? 'depth' : 'calls'
    return m.domain.unknown('budget')
  }
  const start = m.store.mark()
  const before = new Set(m.detached)
  const summary = analyse(frame, func, { args, key, active }, site)
  note(frame, func, summary, site)
  const value = finish(frame, summary, { start, detached: [] })
  // another caller has started other work before
  if (summary.raiseDetached.length > 0)
    summary.raiseDetached = summary.raiseDetached.filter((task) => !before.has(task))
  return value
}

interface Entered {
  readonly func: FunctionAtom
  readonly args: ReadonlyMap<string, Value>
}

/** Does what a summary says that the call does. */
function useAgain(frame: Frame, { func, args }: Entered, { entry, exact }: Reuse, site: DetachableSite): Value {
  const m = frame.machine
  const { summary } = entry
  if (summary.suspends) m.ops.suspend(frame, summary.turns)
  passWait(m, summary)
  const before = m.detached
  const start = m.store.mark()
  m.store.apply(entry.delta)
  const result = exact ? summary.result : transferred(m, entry, args)
  m.detached = mergeDetached(m.detached, entry.detached)
  note(frame, func, summary, site)
  finish(frame, summary, { start, detached: before })
  return summary.returns ? result : m.domain.bottom
}

/** From MAX_CONTEXTS different argument lists on, a function is analysed with the union of what it gets. */
function mergeContexts(m: Machine, func: FunctionAtom, args: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  const key = argumentKey(m, func, args)
  let known = m.contexts.get(func)
  if (known === undefined) {
    known = new Set()
    m.contexts.set(func, known)
  }
  if (known.size < MAX_CONTEXTS || known.has(key)) {
    known.add(key)
    return args
  }
  // a summary keeps the arguments that it was made for: they do not grow with what is merged later
  const joined = joinedArguments(m, m.merged.get(func) ?? args, args)
  m.merged.set(func, joined)
  return joined
}

interface Before {
  /** the trail's position before what the call did to the state */
  readonly start: number
  /** what was under way then, as far as the summary does not say it */
  readonly detached: Machine['detached']
}

/** What a call means for its caller. */
function finish(frame: Frame, summary: Summary, { start, detached: before }: Before): Value {
  const m = frame.machine
  if (summary.canRaise) frame.summary.canRaise = true
  // tasks were let in where the callee suspended, before those that it started afterwards
  if (summary.suspends) noteSuspension(frame, summary)
  if (summary.caught !== null) onlyCaught(frame, summary.caught)
  // on some path the running task was left in it
  if (m.progress.left !== null && summary.returns) {
    frame.may++
    m.undecided++
  }
  const error = m.domain.joinAll(summary.raises)
  const { detached } = m
  if (!summary.returns) {
    m.detached = mergeDetached(m.detached, summary.raiseDetached)
    if (summary.raises.length > 0) raise(frame, error)
    m.stopped = true
    return m.domain.bottom
  }
  if (summary.raises.length === 0) return summary.result
  const normal = m.store.collect(start)
  m.store.undo(start)
  m.store.apply(summary.raiseDelta ?? NO_CHANGE)
  m.detached = mergeDetached(before, summary.raiseDetached)
  raise(frame, error)
  m.detached = detached
  m.store.undo(start)
  m.store.apply(normal)
  return summary.result
}
const NO_CHANGE: Delta = new Map()

function note(frame: Frame, func: FunctionAtom, target: Summary, site: DetachableSite): void {
  recordCall(
    frame,
    {
      kind: 'call',
      site: site.site,
      step: site.step,
      callee: target.function,
      target,
      resolution: site.resolution,
      detached: site.detached,
      instead: site.instead ?? null,
    },
    func.id,
  )
}

function widenArguments(m: Machine, bound: ReadonlyMap<string, Value>): Map<string, Value> {
  return new Map([...bound].map(([name, value]) => [name, widened(m, value)]))
}

/** The first arguments with what the others add; the same map where that is nothing. */
function joinedArguments(
  m: Machine,
  args: ReadonlyMap<string, Value>,
  others: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  const joined = new Map(args)
  for (const [name, value] of others) joined.set(name, m.domain.join(joined.get(name) ?? m.domain.bottom, value))
  return [...joined].some(([name, value]) => args.get(name) !== value) ? joined : args
}

interface Pending {
  readonly args: ReadonlyMap<string, Value>
  readonly key: string
  readonly active: ActiveCall[]
}

function analyse(frame: Frame, func: FunctionAtom, call: Pending, site: CallSite): Summary {
  const m = frame.machine
  const { info } = func.env.module
  const name = func.fn.qualname
  const summary = newSummary(m, name, info, { module: info, p: func.fn.np, e: func.fn.ne })
  const { key, args } = call
  const entry: ActiveCall = { key, summary, args, recursive: false, evaluationsLeft: m.budget.operations }
  call.active.push(entry)
  const detachedBefore = m.detached
  const outer = m.store.recorder
  m.store.clock++
  const firstAtom = m.domain.nextId
  const recorder: Recorder = { start: m.store.clock, firstAtom, reads: new Map(), renamed: OVER, outer, imports: null }
  m.store.recorder = recorder
  const start = m.store.mark()
  m.budget.calls--
  const evaluationsLeft = m.budget.operations
  const { undecided } = m
  m.depth++
  if (m.depth > m.deepest) m.deepest = m.depth
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = { result: summary.result, args: entry.args }
    entry.recursive = false
    if (round > 0) m.store.undo(start)
    body(frame, func, entry.args, { summary, site })
    if (!entry.recursive || (summary.result === before.result && entry.args === before.args)) break
  }
  m.depth--
  m.undecided = undecided
  m.heat.set(func.fn, (m.heat.get(func.fn) ?? 0) + 1 + (evaluationsLeft - m.budget.operations) / HEAT_EVALUATIONS)
  call.active.pop()
  m.store.recorder = outer
  if (outer !== null) outer.renamed = Math.min(outer.renamed, recorder.renamed)
  if (!entry.recursive || call.active.length === 0)
    remember(m, func, key, { recorder, start, firstAtom, summary, detachedBefore, args: entry.args })
  return summary
}

function body(
  frame: Frame,
  func: FunctionAtom,
  args: ReadonlyMap<string, Value>,
  run: { readonly summary: Summary; readonly site: CallSite },
): void {
  const m = frame.machine
  const { fn } = func
  const env = functionEnv(m, func, args)
  const context = childContext(
    m,
    frame.context,
    `${run.site.site.module.file}:${run.site.site.p}:${func.fn.p}:${func.env.module.info.file}`,
  )
  const standsAt = m.textFunctions.has(fn) ? run.site.site : null
  const { summary } = run
  const inner = newFrame(m, { env, function: func, name: fn.qualname, context, summary, async: fn.async, standsAt })
  complete(inner, m.ops.execute(inner, fn.body))
}
