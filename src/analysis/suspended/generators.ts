// Suspended calls: coroutines, generators, asynchronous generators and generator expressions. Nothing of them runs until something forces it.
import { MAX_DEPTH } from '../machine/budgets.ts'
import { runClauses } from '../language/comprehensions.ts'
import {
  allocate,
  childContext,
  functionEnv,
  newFrame,
  newSummary,
  noteSuspension,
  onlyCaught,
  recordCall,
} from '../machine/frames.ts'
import { declaredOperation } from '../library/declared.ts'
import { runFunction } from '../machine/functions.ts'
import { complete } from '../machine/summaries.ts'
import { departing } from './departures.ts'
import { handedOut } from './replay.ts'
import { enterRegion, handOut, leaveRegion } from './renewal.ts'
import type { CallSite, Frame, GeneratorRun, Machine } from '../machine/machine.ts'
import { NO_ARGS, only, type FunctionAtom, type GeneratorAtom, type Site, type Value } from '../domain/values.ts'

/** The name of a generator expression, as CPython has it. */
export const GENERATOR_EXPRESSION = '<genexpr>'

/** The object that calling an async or generator function gives. */
export function suspended(frame: Frame, func: FunctionAtom, args: ReadonlyMap<string, Value>, site: CallSite): Value {
  const m = frame.machine
  const type = func.fn.generator ? (func.fn.async ? 'asyncgen' : 'generator') : 'coroutine'
  const key = `susp${site.site.module.file}:${site.site.p}:${func.id}:${[...args.values()].map((v) => v.id).join(',')}`
  return m.domain.of(
    started(
      m,
      allocate(frame, key, () =>
        m.domain.make({
          kind: 'generator',
          type,
          func,
          args,
          comp: null,
          source: null,
          site: site.site,
          advanced: m.store.cell(),
          sent: m.store.cell(),
        }),
      ),
    ),
  )
}

/** A generator made at this place is at its start, also when the place made one before. */
function started(m: Machine, generator: GeneratorAtom): GeneratorAtom {
  m.store.write(generator.advanced, m.domain.constant('int', 0))
  if (generator.sent.value !== m.domain.unbound) m.store.write(generator.sent, m.domain.unbound)
  return generator
}

/** An iterator over something: `iter(x)`, `map(f, x)`. */
export function iteratorOf(frame: Frame, source: Value, site: Site): Value {
  const m = frame.machine
  const single = only(source)
  if (single?.kind === 'generator') return source
  return m.domain.of(
    started(
      m,
      allocate(frame, `iter${site.p}:${source.id}`, () =>
        m.domain.make({
          kind: 'generator',
          type: 'iterator',
          func: null,
          args: null,
          comp: null,
          source,
          site,
          advanced: m.store.cell(),
          sent: m.store.cell(),
        }),
      ),
    ),
  )
}

/** How often one generator function may run inside of itself: each time may make a new generator object. */
const MAX_NESTED = 8

/** Runs the body of a generator; `onYield` is the consumer. */
export function runGenerator(
  frame: Frame,
  generator: GeneratorAtom,
  site: CallSite,
  onYield: NonNullable<Frame['onYield']>,
): GeneratorRun {
  const m = frame.machine
  const name =
    generator.func?.fn.qualname ?? (frame.name === '' ? GENERATOR_EXPRESSION : `${frame.name}.${GENERATOR_EXPRESSION}`)
  const info = generator.func?.env.module.info ?? generator.comp?.env.module.info ?? frame.module.info
  if (m.depth >= MAX_DEPTH || nested(m, generator))
    return { value: m.domain.unknown('recursion-cap'), returns: true, raises: [], absorbs: false }
  const origin =
    generator.func === null ? generator.site : { module: info, p: generator.func.fn.np, e: generator.func.fn.ne }
  const summary = newSummary(m, name, info, origin)
  const env = generator.comp?.env ?? generatorEnv(m, generator)
  const context = childContext(m, frame.context, `gen${site.site.module.file}:${site.site.p}:${generator.id}`)
  let stopped = false
  const behind = generator.source === null ? handedOut(m, generator) : 0
  let yields = 0
  const given: Value[] = []
  summary.silent = behind > 0
  const consumer = (value: Value, place: Site): ReturnType<typeof onYield> => {
    // what the consumer does inside an uncertain part of the generator is uncertain too
    const inc = inner.may > 0 ? 1 : 0
    const { guards } = frame
    const around = guards.length + inner.guards.length
    frame.may += inc
    frame.guards = [...guards, ...inner.guards]
    const { outcome, departures } = departing(m, () => onYield(value, place))
    if (outcome.kind === 'stop') inner.departures = departures
    frame.guards = [...guards, ...frame.guards.slice(around)]
    frame.may -= inc
    summary.silent = ++yields < behind
    if (outcome.kind === 'resume' && outcome.error !== undefined && outcome.error !== null) given.push(outcome.error)
    if (!m.stopped) return outcome
    // the consumer raised: the generator is left where it is
    stopped = true
    m.stopped = false
    return { kind: 'stop' }
  }
  const inner: Frame = newFrame(m, {
    env,
    function: generator.func,
    name,
    context,
    summary,
    onYield: consumer,
    async: generator.func?.fn.async ?? false,
    standsAt: generator.func !== null && m.textFunctions.has(generator.func.fn) ? site.site : null,
  })
  const detached = m.detaching
  m.detaching = false
  const { undecided } = m
  m.depth++
  if (m.depth > m.deepest) m.deepest = m.depth
  m.running.push(generator)
  enterRegion(m)
  const around = m.departures
  m.departures ??= []
  if (generator.comp === null) complete(inner, m.ops.execute(inner, generator.func?.fn.body ?? []))
  else generatorExpression(inner, generator)
  m.departures = around
  m.stopped = stopped
  leaveRegion(m)
  m.running.pop()
  m.depth--
  m.undecided = undecided
  recordCall(
    frame,
    {
      kind: 'call',
      site: site.site,
      step: site.step,
      callee: name,
      target: summary,
      resolution: site.resolution,
      detached,
      instead: null,
    },
    generator.func?.id ?? generator.id,
  )
  m.detaching = detached
  if (summary.canRaise) frame.summary.canRaise = true
  if (summary.suspends) noteSuspension(frame, summary)
  if (summary.caught !== null) onlyCaught(frame, summary.caught)
  if (summary.returns && summary.raises.some((error) => !given.includes(error))) frame.summary.canRaise = true
  if (!summary.returns && summary.raises.length > 0) m.ops.raise(frame, m.domain.joinAll(summary.raises))
  return { value: summary.result, returns: summary.returns, raises: summary.raises, absorbs: inner.absorbs }
}

function nested(m: Machine, generator: GeneratorAtom): boolean {
  let itself = 0
  let code = 0
  for (const other of m.running) {
    if (other === generator) itself++
    if (generator.func === null ? other.comp?.expr === generator.comp?.expr : other.func?.fn === generator.func.fn)
      code++
  }
  return itself >= 2 || code >= MAX_NESTED
}

function generatorExpression(inner: Frame, generator: GeneratorAtom): void {
  const m = inner.machine
  const { comp } = generator
  if (comp === null) return
  let open = true
  runClauses(inner, comp.expr.clauses, comp.first, (frame) => {
    const value = m.ops.evaluate(frame, comp.expr.x)
    handOut(m, value)
    const outcome = inner.onYield?.(value, { module: inner.module.info, p: comp.expr.x.p, e: comp.expr.x.e })
    if (outcome?.kind === 'resume') return true
    open = false
    return false
  })
  const { stopped } = m
  m.stopped = false
  complete(inner, open && !stopped)
}

function generatorEnv(m: Machine, generator: GeneratorAtom): Frame['env'] {
  const { func, args } = generator
  if (func === null) throw new Error('a generator without function or expression')
  return functionEnv(m, func, args ?? new Map())
}

/** Awaits a coroutine: its body runs like that of a plain function, with a summary. */
export function runCoroutine(frame: Frame, coroutine: GeneratorAtom, site: CallSite, inLoop = true): Value {
  const m = frame.machine
  if (coroutine.func === null || coroutine.args === null) return m.domain.unknown('generator')
  const declared = declaredOperation(
    frame,
    coroutine.func,
    { when: 'awaited', args: NO_ARGS },
    { ...site, site: coroutine.site },
  )
  if (declared !== null) {
    m.ops.suspend(frame)
    return declared
  }
  const loop = m.loopRunning
  m.loopRunning = inLoop
  const value = runFunction(frame, coroutine.func, coroutine.args, site)
  m.loopRunning = loop
  return value
}
