// Functions: making them (decorators, defaults and annotations run at the definition), binding arguments, running bodies, and using summaries again.
import type { FunctionIr, Parameter } from '../ir/model.ts'
import { annotationValue, externalByAnnotation } from './annotations.ts'
import { fill, newContainer } from './containers.ts'
import { at, childContext, newEnv, newFrame, newSummary, recordCall, recordOperation } from './frames.ts'
import { applies } from './predicates.ts'
import { alike, complete, HEAT_EVALUATIONS, HOT, mergeDetached, remember, reusable, WARM } from './summaries.ts'
import type { ActiveCall, CallSite, Frame, Machine, Summary } from './machine.ts'
import type { Recorder } from './state.ts'
import { type CallArgs, type FunctionAtom, type Value } from './values.ts'

/** Summaries of one function before its arguments are no longer told apart. */
export const MAX_CONTEXTS = 32
/** How often one function may be entered on the current path with different arguments before they are widened. */
const MAX_RECURSION = 3
/** How often one function may be entered on the current path at all. */
const MAX_NESTED = 8
/** Rounds until a recursive function's result is taken as it is. */
const MAX_ROUNDS = 4
/** Depth of Python calls the machine follows; deeper is reported as incomplete. A JavaScript stack of 984 KB holds more than this. */
export const MAX_DEPTH = 160

/** A function value: defaults and annotations are evaluated here and now, decorators by `define`. */
export function makeFunction(m: Machine, frame: Frame, fn: FunctionIr): FunctionAtom {
  const defaults = new Map<string, Value>()
  for (const param of fn.params) if (param.default !== null) defaults.set(param.n, m.ops.evaluate(frame, param.default))
  if (!frame.module.info.ir.lazyAnnotations) {
    for (const param of fn.params) if (param.annotation !== null) m.ops.evaluate(frame, param.annotation)
    if (fn.returns !== null) m.ops.evaluate(frame, fn.returns)
  }
  let scope: typeof frame.env | null = frame.env
  for (let outer: Frame['env'] | null = frame.env; outer !== null && !outer.captured; outer = outer.parent)
    outer.captured = true
  while (scope !== null && (scope.kind === 'class' || scope.kind === 'module')) scope = scope.parent
  const owner = frame.env.kind === 'class' ? frame.env.owner : null
  const env = scope ?? moduleScope(m, frame)
  const key = `f${fn.p}:${fn.qualname}:${[...defaults.values()].map((v) => v.id).join(',')}:${env.id}`
  const found = frame.context.allocations.get(key)
  if (found?.kind === 'function') return found
  const made = m.domain.make({ kind: 'function', fn, env, defaults, owner, fields: new Map() })
  frame.context.allocations.set(key, made)
  return made
}

function moduleScope(m: Machine, frame: Frame): Frame['env'] {
  return m.ops.moduleEnv(frame.module)
}

/** Executes a `def`: the function through its decorators, the innermost first. */
export function define(m: Machine, frame: Frame, fn: FunctionIr): Value {
  const decorators = fn.decorators.map((x) => ({ x, value: m.ops.evaluate(frame, x) }))
  let value = m.domain.of(makeFunction(m, frame, fn))
  for (const { x, value: decorator } of decorators.toReversed()) {
    value = m.ops.decorate(frame, decorator, value, at(frame, x, 'decorator'))
  }
  return value
}

/** Parameters to values. What the call does not give is the default; what is then still open is unknown, or its annotation's type. */
export function bindArguments(
  m: Machine,
  frame: Frame,
  func: FunctionAtom,
  args: CallArgs,
  site: CallSite,
): Map<string, Value> {
  const bound = new Map<string, Value>()
  const { params } = func.fn
  const named = params.filter((p) => p.kind === 'a/' || p.kind === 'a')
  const used = new Set<string>()
  named.forEach((param, index) => {
    const given = args.pos[index] ?? (param.kind === 'a' ? args.kw.get(param.n) : undefined)
    if (args.kw.has(param.n) && param.kind === 'a') used.add(param.n)
    bound.set(param.n, openArgument(m, func, param, given, args))
  })
  for (const param of params) {
    if (param.kind === 'k') {
      used.add(param.n)
      bound.set(param.n, openArgument(m, func, param, args.kw.get(param.n), { ...args, restPos: null }))
    } else if (param.kind === '*') {
      const tuple = newContainer(m, frame, 'tuple', { p: site.site.p, e: func.id })
      fill(m, tuple, args.pos.slice(named.length), args.restPos)
      bound.set(param.n, m.domain.of(tuple))
    } else if (param.kind === '**') {
      const dict = newContainer(m, frame, 'dict', { p: site.site.p, e: func.id })
      for (const [name, value] of args.kw)
        if (!used.has(name)) m.ops.collect(dict, value, m.domain.constant('str', name))
      if (args.restKw !== null) m.store.weaken(dict.rest, args.restKw)
      bound.set(param.n, m.domain.of(dict))
    }
  }
  return bound
}

function openArgument(
  m: Machine,
  func: FunctionAtom,
  param: Parameter,
  given: Value | undefined,
  args: CallArgs,
): Value {
  let value = given ?? func.defaults.get(param.n) ?? null
  if (given === undefined && (args.restPos !== null || args.restKw !== null)) {
    for (const rest of [args.restPos, args.restKw])
      if (rest !== null) value = value === null ? rest : m.domain.join(value, rest)
  }
  if (value === null || isOpen(value)) {
    const typed = param.annotation === null ? null : annotationValue(m, func.env, param.annotation)
    if (typed !== null)
      return value === null
        ? typed
        : m.domain.join(
            m.domain.filter(value, (a) => a.kind !== 'unknown'),
            typed,
          )
  }
  return value ?? m.domain.unknown('untyped-parameter')
}

function isOpen(value: Value): boolean {
  return value.atoms.some((a) => a.kind === 'unknown' && a.reason === 'untyped-parameter')
}

/** Calls a function of the tree: a coroutine or generator object for those, its result otherwise. */
export function callFunction(m: Machine, frame: Frame, func: FunctionAtom, args: CallArgs, site: CallSite): Value {
  const declared = declaredOperation(m, frame, func, 'call', args, site)
  if (declared !== null) return declared
  const bound = bindArguments(m, frame, func, args, site)
  if (func.fn.generator || func.fn.async) {
    const type = func.fn.generator ? (func.fn.async ? 'asyncgen' : 'generator') : 'coroutine'
    return m.ops.suspended(frame, func, bound, type, site)
  }
  return runFunction(m, frame, func, bound, site)
}

/** Whose rows speak of functions that stand in the tree. */
const DECLARING: ReadonlySet<string> = new Set(['(configuration)', 'modular_python_framework'])

/**
 * A function of the tree that the catalogue (or the configuration) lists as a database operation: calling it is the operation, its body is not
 * looked into. Null when no row speaks of it.
 */
export function declaredOperation(
  m: Machine,
  frame: Frame,
  func: FunctionAtom,
  when: 'call' | 'awaited',
  args: CallArgs,
  site: CallSite,
): Value | null {
  const path = func.env.module.info.name === '' ? func.fn.qualname : `${func.env.module.info.name}.${func.fn.qualname}`
  let out: Value | null = null
  for (const row of m.catalogue.rows(path)) {
    // the source of a library is followed like any other code; only what the configuration or the framework declares is taken at its word
    if (
      !DECLARING.has(row.package) ||
      row.role !== 'operation' ||
      row.kind === 'none' ||
      row.when !== when ||
      applies(m, row, { args, expr: null, unresolved: false }) === false
    )
      continue
    recordOperation(frame, {
      kind: 'operation',
      site: site.site,
      function: frame.name,
      row,
      resolution: site.resolution,
      detached: m.detaching,
      built: null,
    })
    frame.summary.canRaise = true
    out =
      typeof row.returns === 'string'
        ? m.domain.of(externalByAnnotation(m, row.returns))
        : m.domain.unknown('operation')
  }
  return out
}

function argumentKey(m: Machine, func: FunctionAtom, bound: ReadonlyMap<string, Value>): string {
  let key = m.loopRunning ? 'r' : ''
  for (const param of func.fn.params) key += `,${bound.get(param.n)?.id ?? ''}`
  return key
}

/** Runs the body of a function (also of a coroutine that is awaited) and records the step that led there. */
export function runFunction(
  m: Machine,
  frame: Frame,
  func: FunctionAtom,
  bound: ReadonlyMap<string, Value>,
  site: CallSite,
): Value {
  // only the step that starts detached work is marked: what that work does inside is as usual
  const detached = m.detaching
  m.detaching = false
  const value = enterFunction(m, frame, func, bound, { ...site, detached })
  m.detaching = detached
  return value
}

interface DetachableSite extends CallSite {
  readonly detached: boolean
}

function enterFunction(
  m: Machine,
  frame: Frame,
  func: FunctionAtom,
  bound: ReadonlyMap<string, Value>,
  site: DetachableSite,
): Value {
  let args = bound
  let active = m.active.get(func)
  if (active === undefined) {
    active = []
    m.active.set(func, active)
  }
  const heat = m.heat.get(func.fn) ?? 0
  if (active.length >= MAX_RECURSION || heat >= WARM) args = widenArguments(m, bound)
  args = mergeContexts(m, func, args)
  const key = argumentKey(m, func, args)
  const first = active[0]
  const inFlight = first === undefined ? 0 : (first.evaluationsLeft - m.budget.operations) / HEAT_EVALUATIONS
  // a recursion that became expensive is not entered again with yet other arguments
  const running =
    active.find((a) => a.key === key) ?? (inFlight >= HOT || active.length >= MAX_NESTED ? active.at(-1) : undefined)
  if (running !== undefined) {
    running.recursive = true
    note(frame, func, running.summary, site)
    frame.summary.canRaise = true
    return running.summary.result
  }
  const known = reusable(m, func, key, heat >= HOT) ?? (heat >= HOT ? alike(m, func, args) : null)
  if (known !== null) {
    m.store.apply(known.delta)
    m.detached = mergeDetached(m.detached, known.detached)
    note(frame, func, known.summary, site)
    return finish(m, frame, known.summary)
  }
  if (m.depth >= MAX_DEPTH || m.budget.calls <= 0) {
    m.budget.exhausted ??= m.depth >= MAX_DEPTH ? 'depth' : 'calls'
    return m.domain.unknown('budget')
  }
  const summary = analyse(m, frame, func, { args, key, active }, site)
  note(frame, func, summary, site)
  return finish(m, frame, summary)
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
  const merged = m.merged.get(func)
  if (merged === undefined) {
    const fresh = new Map(args)
    m.merged.set(func, fresh)
    return fresh
  }
  for (const [name, value] of args) merged.set(name, m.domain.join(merged.get(name) ?? m.domain.bottom, value))
  return new Map(merged)
}

function finish(m: Machine, frame: Frame, summary: Summary): Value {
  if (summary.canRaise) frame.summary.canRaise = true
  if (summary.suspends) m.ops.suspend(frame)
  if (!summary.returns && summary.raises.length > 0) m.ops.raise(frame, m.domain.joinAll(summary.raises))
  return summary.returns ? summary.result : m.domain.bottom
}

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

/** Constants become their type when a function calls itself with ever new ones. */
function widenArguments(m: Machine, bound: ReadonlyMap<string, Value>): Map<string, Value> {
  const out = new Map<string, Value>()
  for (const [name, value] of bound) {
    out.set(
      name,
      m.domain.joinAll(
        value.atoms.map((a) => (a.kind === 'const' && a.type !== 'none' ? m.domain.typed(a.type) : m.domain.of(a))),
      ),
    )
  }
  return out
}

interface Pending {
  readonly args: ReadonlyMap<string, Value>
  readonly key: string
  readonly active: ActiveCall[]
}

function analyse(m: Machine, frame: Frame, func: FunctionAtom, call: Pending, site: CallSite): Summary {
  const { info } = func.env.module
  const name = func.fn.qualname
  const summary = newSummary(m, name, info, { module: info, p: func.fn.np, e: func.fn.ne })
  const entry: ActiveCall = { key: call.key, summary, recursive: false, evaluationsLeft: m.budget.operations }
  call.active.push(entry)
  const detachedBefore = m.detached
  const outer = m.store.recorder
  m.store.clock++
  const firstAtom = m.domain.nextId
  const recorder: Recorder = { start: m.store.clock, firstAtom, reads: new Map() }
  m.store.recorder = recorder
  const start = m.store.mark()
  m.budget.calls--
  const evaluationsLeft = m.budget.operations
  m.depth++
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = summary.result
    entry.recursive = false
    if (round > 0) m.store.undo(start)
    body(m, frame, func, call.args, { summary, site })
    if (!entry.recursive || summary.result === before) break
  }
  m.depth--
  m.heat.set(func.fn, (m.heat.get(func.fn) ?? 0) + 1 + (evaluationsLeft - m.budget.operations) / HEAT_EVALUATIONS)
  call.active.pop()
  m.store.recorder = outer
  if (outer !== null)
    for (const [cell, value] of recorder.reads)
      if (cell.birth < outer.start && cell.stamp < outer.start && !outer.reads.has(cell)) outer.reads.set(cell, value)
  if (!entry.recursive || call.active.length === 0)
    remember(m, func, call.key, { recorder, start, firstAtom, summary, detachedBefore, args: call.args })
  return summary
}

function body(
  m: Machine,
  frame: Frame,
  func: FunctionAtom,
  args: ReadonlyMap<string, Value>,
  run: { readonly summary: Summary; readonly site: CallSite },
): void {
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
  const context = childContext(
    m,
    frame.context,
    `${run.site.site.module.file}:${run.site.site.p}:${func.fn.p}:${func.env.module.info.file}`,
  )
  const inner = newFrame(m, { env, function: func, name: fn.qualname, context, summary: run.summary, async: fn.async })
  const ends = fn.name === '<lambda>' ? lambdaBody(m, inner, func) : m.ops.execute(inner, fn.body)
  complete(m, inner, ends)
}

function lambdaBody(m: Machine, inner: Frame, func: FunctionAtom): boolean {
  return m.ops.execute(inner, func.fn.body)
}
