// Module bodies: run once on a path, and used again by other entry points where what the body read is as it was.
// Must stay true: an entry says everything that running the body does and costs, and nothing that its first importer did reaches into it.
import { started } from '../suspended/detached.ts'
import {
  childContext,
  fork,
  newFrame,
  newSummary,
  onlyCaught,
  recordCall,
  recordNote,
  settle,
} from '../machine/frames.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { currentBooks, emptyBooks, wholeBudget, type BodyEntry } from '../machine/memo.ts'
import { asOnOtherPaths, clear, keep, reused } from './body-entries.ts'
import { leaveByError, leftBehind } from './body-errors.ts'
import { bind } from './names.ts'
import { OVER } from '../suspended/renewal.ts'
import { mergeDetached } from '../machine/summaries.ts'
import type { Imports, Recorder } from '../domain/state.ts'
import { RESOLVED, only, type Env, type ModuleAtom, type Site } from '../domain/values.ts'

/** The module object of a file; null when the file was not read (it is noted and read before the next round). */
export function moduleAtom(m: Machine, file: string): ModuleAtom | null {
  const known = m.modules.get(file)
  if (known !== undefined) return known
  const info = m.program.modules.get(file)
  if (info === undefined) {
    if (m.program.files.has(file) && !m.program.unreadable.has(file)) m.wanted.add(file)
    return null
  }
  const atom = m.domain.make({ kind: 'module', info, fields: new Map(), state: m.store.cell(m.domain.unbound, 0) })
  m.modules.set(file, atom)
  m.moduleStates.add(atom.state)
  return atom
}

export function moduleEnv(m: Machine, module: ModuleAtom): Env {
  let env = m.moduleEnvs.get(module)
  if (env === undefined) {
    env = {
      vars: new Map(),
      parent: null,
      module,
      kind: 'module',
      globals: new Set(),
      nonlocals: new Set(),
      captured: true,
      id: m.nextEnv++,
      owner: null,
    }
    m.moduleEnvs.set(module, env)
  }
  return env
}

/** Runs the body of a module unless it has run (or is running) on this path. Returns false when its body certainly raises. */
export function runModule(frame: Frame, file: string, site: Site, told = !frame.machine.early.has(file)): boolean {
  const m = frame.machine
  const module = moduleAtom(m, file)
  if (module === null) {
    if (m.program.unreadable.has(file)) recordNote(frame, { note: 'unread', site, text: file, function: null })
    return true
  }
  // what a part of a body depends on is said by that part
  const state = isPart(frame) && isUnbound(m, module) ? m.domain.unbound : m.store.read(module.state)
  if (state !== m.domain.unbound) {
    // imported on some paths so far: on the others it runs now, and after this import it has run on all of them
    const ran = m.domain.withoutUnbound(state)
    if (ran !== state) {
      const onOthers = (): boolean => (runBody(frame, { module, site, told }, ranElsewhere(m, module)), true)
      const before = (): boolean => (decided(m, file, true), true)
      fork(frame, [onOthers, before], true)
    }
    return true
  }
  return runBody(frame, { module, site, told })
}

/** How often a body is run in an entry point for paths on which it has not run, although it has on others. */
const MAX_RUNS_ON_OTHERS = 4

/** What a body did on another path and does on this one as well, its changes made; null = it has to run, not having run on this path. */
function ranElsewhere(m: Machine, module: ModuleAtom): BodyEntry | null {
  const start = m.store.mark()
  decided(m, module.info.file, false)
  const around = m.store.recorder
  const held = reused(m, module, around) ?? reused(m, module, around, asOnOtherPaths)
  if (held !== null) {
    m.store.span(start, held)
    return held
  }
  const runs = (m.runsOnOthers.get(module) ?? 0) + 1
  m.runsOnOthers.set(module, runs)
  const known = runs > MAX_RUNS_ON_OTHERS ? m.moduleMemo.get(module)?.[0] : undefined
  if (known === undefined) return null
  m.store.undo(start)
  decided(m, module.info.file, true)
  m.store.applyParts(known)
  return known
}

function isUnbound(m: Machine, module: ModuleAtom): boolean {
  return module.state.value === m.domain.unbound
}

/** Whether what is imported here runs in the straight line of a module body: nothing takes it back or joins it before the body ends. */
function isPart(frame: Frame): boolean {
  const straight = frame.branches === 0 && frame.raises.length === 1 && frame.loops.length === 0
  return straight && frame.env.kind === 'module' && importsOf(frame.machine) !== null
}

/** Where the parts of the body that runs are named; null in a function. */
function importsOf(m: Machine): Imports | null {
  return m.store.recorder?.imports ?? null
}

/** On this path the module has run, and so has what it imports; or it has not, and neither has what was imported on the same paths as it. */
function decided(m: Machine, file: string, hasRun: boolean): void {
  for (const path of m.program.closure([file])) {
    const cell = m.modules.get(path)?.state
    const state = cell === undefined ? m.domain.unbound : m.store.read(cell)
    if (cell === undefined || state === m.domain.unbound) continue
    const ran = m.domain.withoutUnbound(state)
    if (ran !== state) m.store.write(cell, hasRun ? ran : m.domain.unbound)
  }
}

interface Importing {
  readonly module: ModuleAtom
  readonly site: Site
  /** what the body does belongs to this import; otherwise it ran before, for an entry point of its own */
  readonly told: boolean
}

/** `known`: what the body did on another path, and has done here as well. */
function runBody(frame: Frame, { module, site, told }: Importing, known: BodyEntry | null = null): boolean {
  const m = frame.machine
  const before = m.detaching
  m.detaching = false
  const entry =
    known ??
    (isPart(frame) ? runPart(frame, module, told) : runOrReuse(frame, { module, around: m.store.recorder, told }))
  const { summary } = entry
  m.detaching = before
  if (told)
    recordCall(
      frame,
      {
        kind: 'call',
        site,
        step: 'import',
        callee: module.info.name,
        target: summary,
        resolution: RESOLVED,
        detached: before,
        instead: null,
      },
      module.id,
    )
  // it ran before and did not raise: nothing would run now if it had
  if (!told) return true
  if (summary.canRaise || (summary.returns && summary.raises.length > 0)) frame.summary.canRaise = true
  if (summary.caught !== null) onlyCaught(frame, summary.caught)
  if (!summary.returns && summary.raises.length > 0) m.ops.raise(frame, m.domain.joinAll(summary.raises))
  return summary.returns || summary.raises.length === 0
}

/** How often a body is run in an entry point in surroundings that differ each time: one that is reloaded again and again. */
const MAX_RUNS = 4

interface Running {
  readonly module: ModuleAtom
  /** whose summary depends on what the body reads */
  readonly around: Recorder | null
  readonly told: boolean
}

/** Runs a body, or makes the changes of an entry of it that holds here. */
function runOrReuse(frame: Frame, { module, around, told }: Running): BodyEntry {
  const m = frame.machine
  const start = m.store.mark()
  const before = m.bodyRuns.get(module)
  const runs = (before?.runs ?? 0) + 1
  const entry =
    reused(m, module, around) ??
    (before !== undefined && runs > MAX_RUNS
      ? repeated(m, before.last)
      : alone(m, () => evaluateBody(m, module, around)))
  m.bodyRuns.set(module, { runs, last: entry })
  if (told && entry.summary.raiseDelta !== null) leaveByError(frame, entry, start)
  m.store.span(start, entry)
  return entry
}

/** A body does once more what it did the last time. */
function repeated(m: Machine, last: BodyEntry): BodyEntry {
  m.store.applyParts(last)
  m.detached = mergeDetached(m.detached, last.detached)
  return last
}

/** Runs a body inside of another one, whose entry names it. */
function runPart(frame: Frame, module: ModuleAtom, told: boolean): BodyEntry {
  const m = frame.machine
  const imports = importsOf(m)
  imports?.parts.push(...m.store.parts(imports.from))
  const begin = ++m.store.clock
  const entry = runOrReuse(frame, { module, around: m.store.recorder?.outer ?? null, told })
  if (imports === null) return entry
  imports.times.push(begin, m.store.clock++)
  imports.ran.push(entry)
  imports.reads = new Map()
  imports.parts.push(entry, { reads: imports.reads })
  imports.from = m.store.mark()
  return entry
}

/**
 * Runs a body with books and a budget of its own: what the importer has analysed so far, its loops and its generators do not reach into a module, so that
 * the body's entry is the same whoever imports it first.
 */
function alone<T>(m: Machine, run: () => T): T {
  const books = currentBooks(m)
  const budget = { ...m.budget }
  Object.assign(m, emptyBooks())
  Object.assign(m.budget, wholeBudget())
  const result = run()
  const { surveyed, asked } = m
  const { exhausted } = m.budget
  Object.assign(m, books)
  Object.assign(m.budget, budget)
  m.surveyed ||= surveyed
  for (const name of asked) m.asked.add(name)
  m.budget.exhausted ??= exhausted
  return result
}

/** The module as it is when its body begins: nothing bound but what Python puts there, and what `runpy` was given. */
function enterModule(frame: Frame, module: ModuleAtom): void {
  const { machine: m, env } = frame
  m.store.read(module.state)
  m.store.write(module.state, m.domain.constant('str', 'loading'))
  clear(m, module)
  const asked = only(m.store.read(m.runAs))
  const [runName, given] = asked?.kind === 'special' ? asked.parts : []
  const own = m.domain.constant('str', module.info.name)
  bind(m, env, '__name__', runName === undefined || runName.atoms.length === 0 ? own : runName)
  bind(m, env, '__file__', m.domain.typed('str'))
  if (given === undefined) return
  // the name is that of this body, not of those that it imports
  m.store.write(m.runAs, m.domain.none)
  for (const [name, value] of m.ops.entries(frame, given).known) bind(m, env, name, value)
}

/** Runs a body one call deeper. `depth`: how many calls it nests. */
function runNested(m: Machine, run: () => boolean): { readonly ends: boolean; readonly depth: number } {
  const { deepest, undecided } = m
  m.depth++
  m.deepest = m.depth
  const ends = run()
  m.depth--
  m.undecided = undecided
  const depth = m.deepest - m.depth
  m.deepest = Math.max(m.deepest, deepest)
  return { ends, depth }
}

/** Evaluates a module body from here; the entry can be used again by any entry point that imports it in the same surroundings. */
function evaluateBody(m: Machine, module: ModuleAtom, around: Recorder | null): BodyEntry {
  const { info } = module
  const summary = newSummary(m, '', info, { module: info, p: 0, e: 0 })
  const start = m.store.mark()
  const before = new Set(m.detached)
  const outer = m.store.recorder
  const imports: Imports = { ran: [], parts: [], from: start, reads: new Map(), times: [] }
  const recorder: Recorder = {
    start: ++m.store.clock,
    firstAtom: m.domain.nextId,
    reads: new Map(),
    renamed: OVER,
    outer: around,
    imports,
  }
  m.store.recorder = recorder
  const frame = newFrame(m, {
    env: moduleEnv(m, module),
    function: null,
    name: '',
    context: childContext(m, m.rootContext, `module:${info.file}`),
    summary,
  })
  enterModule(frame, module)
  const { ends, depth } = runNested(m, () => m.ops.execute(frame, info.ir.body))
  summary.returns = settle(m, frame.returns, ends)
  summary.raises = frame.raises[0]?.exits.map((exit) => exit.value) ?? []
  if (!summary.returns && frame.raises[0] !== undefined) settle(m, frame.raises[0], false)
  // what was started goes on where the body raises
  m.detached = mergeDetached(m.detached, started(frame.raises[0]?.exits ?? [], null))
  // a module whose body raised is not kept: the next import runs it again
  m.store.write(module.state, summary.returns ? m.domain.constant('str', 'loaded') : m.domain.unbound)
  m.store.recorder = outer
  if (outer !== null) outer.renamed = Math.min(outer.renamed, recorder.renamed)
  // where the body ends in an error, its imports are part of what is joined there
  const named = m.store.names(imports.ran)
  const entry: BodyEntry = {
    module,
    parts: [
      { reads: recorder.reads },
      ...(named ? [...imports.parts, ...m.store.parts(imports.from)] : m.store.parts(start)),
    ],
    ran: new Set(named ? imports.ran : []),
    summary,
    detached: m.detached.filter((task) => !before.has(task)),
    exhausted: m.budget.exhausted,
    surveyed: m.surveyed,
    asked: m.asked,
    depth,
  }
  if (summary.returns) summary.raiseDelta = leftBehind(m, entry, frame.raises[0]?.exits ?? [], start)
  if (named) keep(m, entry)
  return entry
}
