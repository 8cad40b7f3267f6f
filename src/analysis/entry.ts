// Running entry points: first the import of the module (its own phase), then the function, method or constructor that the framework calls, in one
// state. Everything an entry point did to the state is undone before the next one starts.
import type { Catalogue } from '../catalogue/lookup.ts'
import type { Program } from '../program/program.ts'
import { position } from '../text/lines.ts'
import { join } from './awaiting.ts'
import type { EntryFacts, EntryRequest, HookCalledFact, HookFact, OperationFact, UnknownFact } from './facts.ts'
import { newFrame, newSummary } from './frames.ts'
import { createMachine, MAX_CALLS, MAX_OPERATIONS } from './interpreter.ts'
import type { AnalysisOptions, CallSite, Frame, Machine, Summary } from './machine.ts'
import { moduleAtom, moduleEnv, runModule } from './modules.ts'
import {
  NO_ARGS,
  only,
  RESOLVED,
  type Atom,
  type FunctionAtom,
  type InstanceAtom,
  type ModuleAtom,
  type Site,
  type Value,
} from './values.ts'
import { explore, operationFacts, type Suppressor } from './witness.ts'

/** Rounds in which files that turned out to be needed are read and the entry points run again. */
const MAX_LOADS = 6

/** Analyses all entry points of a program. Files that only the analysis knows it needs are read between rounds. */
export async function analyse(
  program: Program,
  catalogue: Catalogue,
  requests: readonly EntryRequest[],
  options: AnalysisOptions,
  progress: (message: string) => void,
): Promise<EntryFacts[]> {
  if (requests.length === 0) return []
  await program.load([...new Set(requests.map((request) => request.file))])
  for (let round = 0; ; round++) {
    const m = createMachine(program, catalogue, options)
    const facts = requests.map((request, index) => {
      if (index % PROGRESS_STEP === PROGRESS_STEP - 1) progress(`${index + 1} of ${requests.length} entry points`)
      return runEntry(m, request)
    })
    if (m.wanted.size === 0 || round >= MAX_LOADS) return facts
    await program.load([...m.wanted])
  }
}

/** Entry points between two progress messages. */
const PROGRESS_STEP = 50

interface Roots {
  readonly imported: Summary
  readonly called: Summary | null
  readonly definition: Site | null
  readonly found: boolean
}

/** Runs one entry point and leaves the machine as it was. */
export function runEntry(m: Machine, request: EntryRequest): EntryFacts {
  const mark = m.store.mark()
  m.budget.calls = MAX_CALLS
  m.budget.operations = MAX_OPERATIONS
  m.heat.clear()
  m.contexts.clear()
  m.merged.clear()
  m.budget.exhausted = null
  m.detached = []
  m.detaching = false
  m.loopRunning = false
  m.depth = 0
  m.loopDepth = 0
  m.phaseStart = Number.POSITIVE_INFINITY
  m.running.length = 0
  m.active.clear()
  m.rootContext = { id: m.nextContext++, parent: null, children: new Map(), allocations: new Map(), depth: 0 }
  let roots: Roots
  if (m.options.expired()) {
    m.budget.exhausted = 'time'
    return collect(m, request, failed(m, request))
  }
  try {
    roots = runRoots(m, request)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // the JavaScript stack: deeper code than the machine can follow is incomplete, never clean
    m.budget.exhausted = 'depth'
    m.store.recorder = null
    roots = failed(m, request)
  }
  const facts = collect(m, request, roots)
  if (m.budget.exhausted !== null) {
    // summaries that were cut short must not be used again
    m.memo.clear()
    m.moduleMemo.clear()
  }
  m.store.undo(mark)
  return facts
}

function failed(m: Machine, request: EntryRequest): Roots {
  const module = moduleAtom(m, request.file)
  const info = module?.info ?? missingModule(request.file)
  return {
    imported: newSummary(m, '', info, { module: info, p: 0, e: 0 }),
    called: null,
    definition: module === null ? null : { module: info, p: 0, e: 0 },
    found: module !== null,
  }
}

function missingModule(file: string): ModuleAtom['info'] {
  return {
    file,
    name: file,
    isPackage: false,
    text: '',
    ir: {
      body: [],
      names: [],
      rebound: [],
      attributeStores: [],
      lazyAnnotations: false,
      suppressions: [],
      lines: [0],
      problems: [],
    },
  }
}

function rootFrame(m: Machine, module: ModuleAtom): Frame {
  const site = { module: module.info, p: 0, e: 0 }
  return newFrame(m, {
    env: moduleEnv(m, module),
    function: null,
    name: '',
    context: m.rootContext,
    summary: newSummary(m, '', module.info, site),
  })
}

function runRoots(m: Machine, request: EntryRequest): Roots {
  const module = moduleAtom(m, request.file)
  if (module === null) return failed(m, request)
  const site: Site = { module: module.info, p: 0, e: 0 }
  const importing = rootFrame(m, module)
  const result = m.program.resolve(request.file, module.info.name, 0)
  if (result.kind === 'file' && result.file === request.file)
    for (const file of result.packages) runModule(m, importing, file, site)
  runModule(m, importing, request.file, site)
  join(m, () => false)
  drain(m)
  const definition: Site = site
  if (request.qualname === null) return { imported: importing.summary, called: null, definition, found: true }
  m.phaseStart = ++m.store.clock
  const calling = rootFrame(m, module)
  const at: CallSite = { site, step: 'call', resolution: request.assumed ? 1 : RESOLVED }
  const target = resolveEntry(m, calling, request, at)
  if (target === null) return { imported: importing.summary, called: null, definition, found: false }
  const value = m.ops.call(
    calling,
    target.callee,
    {
      ...NO_ARGS,
      pos: request.arguments.map((kind) =>
        kind === 'context' ? contextValue(m, calling) : m.domain.unknown('untyped-parameter'),
      ),
    },
    at,
    null,
  )
  if (value.atoms.some((a) => a.kind === 'generator' && a.type === 'coroutine')) {
    m.loopRunning = true
    m.ops.await(calling, value, { ...at, step: 'await' })
  }
  drain(m)
  return {
    imported: importing.summary,
    called: calling.summary,
    definition: target.definition ?? definition,
    found: true,
  }
}

/** What was started and never joined runs on its own: its work is `scheduled`. */
function drain(m: Machine): void {
  for (let round = 0; round < 8 && m.detached.length > 0; round++) {
    const due = m.detached
    m.detached = []
    for (const task of due) task.run(true)
  }
  m.detached = []
}

/** The application context: one object per entry point. */
export function contextValue(m: Machine, frame: Frame): Value {
  const type = m.options.contextType
  const key = `context:${type}`
  let atom: Atom | undefined = frame.context.allocations.get(key)
  if (atom === undefined) {
    atom = m.domain.make({
      kind: 'instance',
      cls: null,
      ext: type,
      resolution: RESOLVED,
      fields: new Map(),
      site: null,
      multiple: false,
      pending: null,
      slots: new Map(),
    }) as InstanceAtom
    frame.context.allocations.set(key, atom)
  }
  return m.domain.of(atom)
}

interface Target {
  readonly callee: Value
  readonly definition: Site | null
}

/** The value that the framework calls: a module attribute, or a method of an object that it builds. */
function resolveEntry(m: Machine, frame: Frame, request: EntryRequest, at: CallSite): Target | null {
  const [first, ...rest] = (request.qualname ?? '').split('.')
  const cell = frame.module.fields.get(first ?? '')
  if (cell === undefined || m.store.read(cell) === m.domain.unbound) return null
  let value = m.domain.filter(m.store.read(cell), (a) => a.kind !== 'unbound')
  const method = rest[0]
  if (method === undefined) return { callee: value, definition: definitionOf(value) }
  const cls = only(value)
  if (cls?.kind !== 'class') return null
  if (method === '__init__')
    return { callee: value, definition: definitionOf(m.ops.getAttribute(frame, value, method, at, null)) ?? cls.site }
  const silent = rootFrame(m, frame.module)
  const made = m.ops.instantiate({ ...silent, context: frame.context }, cls, NO_ARGS, at)
  const object = only(made) ?? m.ops.newInstance(frame, cls, at)
  for (const name of request.injects)
    if (object.kind === 'instance')
      m.ops.setField(
        object,
        name,
        name === 'app_context' ? contextValue(m, frame) : m.domain.unknown('untyped-parameter'),
      )
  value = m.ops.getAttribute(frame, m.domain.of(object), method, at, null)
  return value.atoms.every((a) => a.kind === 'unknown') ? null : { callee: value, definition: definitionOf(value) }
}

function functionBehind(atom: Atom | null): FunctionAtom | null {
  if (atom === null) return null
  if (atom.kind === 'function') return atom
  if (atom.kind === 'bound') return functionBehind(atom.func)
  if (atom.kind === 'special' && atom.parts[0] !== undefined) return functionBehind(only(atom.parts[0]))
  return null
}

function definitionOf(value: Value): Site | null {
  const func = functionBehind(value.atoms[0] ?? null)
  return func === null ? null : { module: func.env.module.info, p: func.fn.np, e: func.fn.ne }
}

function collect(m: Machine, request: EntryRequest, roots: Roots): EntryFacts {
  const suppression = createSuppressor()
  const operations: OperationFact[] = []
  const summaries = new Set<Summary>()
  const phases = [
    { root: roots.imported, phase: 'import' as const },
    ...(roots.called === null ? [] : [{ root: roots.called, phase: 'phase-1' as const }]),
  ]
  for (const { root, phase } of phases) {
    const graph = explore(root, suppression)
    for (const fact of operationFacts(graph, phase, suppression))
      operations.push({ ...fact, trace: fact.trace.slice(1) })
    for (const summary of graph.summaries) summaries.add(summary)
  }
  const hidden = suppression.used().length === 0 ? [] : hiddenOperations(phases, operations)
  const called = new Set(roots.called === null ? [] : explore(roots.called, suppression).summaries)
  return {
    request,
    definition: roots.definition,
    found: roots.found,
    operations,
    hidden,
    ...notesOf(m, summaries, called),
    exhausted: m.budget.exhausted,
    files: [...new Set([...summaries].map((s) => s.module.file))].toSorted(),
    modules: [...new Set([...summaries].map((s) => s.module.name))].toSorted(),
    suppressed: suppression.used(),
  }
}

const NOTHING_HIDDEN: Suppressor = { hides: () => false }

/** What would be reported without the suppressions and is not reported with them. */
function hiddenOperations(
  phases: readonly { readonly root: Summary; readonly phase: 'import' | 'phase-1' }[],
  visible: readonly OperationFact[],
): OperationFact[] {
  const key = (fact: OperationFact): string => `${fact.phase}:${fact.site.module.file}:${fact.site.p}:${fact.site.e}`
  const seen = new Set(visible.map(key))
  return phases
    .flatMap(({ root, phase }) =>
      operationFacts(explore(root, NOTHING_HIDDEN), phase, NOTHING_HIDDEN).map((fact) => ({
        ...fact,
        trace: fact.trace.slice(1),
      })),
    )
    .filter((fact) => !seen.has(key(fact)))
}

function notesOf(
  m: Machine,
  summaries: ReadonlySet<Summary>,
  called: ReadonlySet<Summary>,
): Pick<EntryFacts, 'unknowns' | 'unread' | 'hooks' | 'hooksCalled' | 'calls' | 'edges'> {
  const unknowns = new Map<string, UnknownFact>()
  const hooks = new Map<string, HookFact>()
  const hooksCalled = new Map<string, HookCalledFact>()
  const edges = new Map<string, readonly [string, string]>()
  const unread = new Set<string>()
  let reached = 0
  let followed = 0
  const nameOf = (module: Summary['module'], qualname: string): string =>
    qualname === '' ? module.name : `${module.name}.${qualname}`
  const counted = new Set<string>()
  for (const summary of summaries) {
    const where = `${summary.module.file}::${summary.function}`
    const from = nameOf(summary.module, summary.function)
    for (const key of summary.reached)
      if (!counted.has(`${where}:${key}`)) {
        counted.add(`${where}:${key}`)
        reached++
        if (summary.followed.has(key)) followed++
      }
    for (const record of summary.records) {
      const place = `${record.site.module.file}:${record.site.p}`
      if (record.kind === 'unknown')
        unknowns.set(`${place}:${record.reason}`, { site: record.site, reason: record.reason })
      else if (record.kind === 'call' && m.options.graph && record.step !== 'class-body' && record.step !== 'import')
        edges.set(`${from}>${nameOf(record.target.module, record.callee)}`, [
          from,
          nameOf(record.target.module, record.target.function),
        ])
      else if (record.kind === 'note') {
        if (record.note === 'hook' && record.function !== null)
          hooks.set(`${place}:${record.function.id}`, {
            site: record.site,
            symbol: record.text,
            function: record.function.fn,
            module: record.function.env.module.info,
          })
        else if (record.note === 'hook-called' && called.has(summary))
          hooksCalled.set(place, { site: record.site, argument: record.argument ?? record.site, symbol: record.text })
        else if (record.note === 'unread') unread.add(record.text)
        else if (record.note === 'edge') edges.set(`${from}>${record.text}`, [from, record.text])
      }
    }
  }
  return {
    unknowns: [...unknowns.values()],
    unread: [...unread].toSorted(),
    hooks: [...hooks.values()],
    hooksCalled: [...hooksCalled.values()],
    calls: { reached, followed },
    edges: [...edges.values()],
  }
}

const DATABASE_RULES: ReadonlySet<string> = new Set([
  'database-in-phase-1',
  'database-at-import',
  'database-scheduled-in-phase-1',
  'hook-called-not-passed',
])

/** In-source suppressions as holes in the call graph; remembers which of them hid something. */
function createSuppressor(): Suppressor & { readonly used: () => EntryFacts['suppressed'] } {
  const used = new Map<string, { file: string; line: number; rule: string; reason: string }>()
  return {
    hides: (site) => {
      const { module } = site
      if (module.ir.suppressions.length === 0) return false
      const first = position(module.ir.lines, site.p).line
      const last = position(module.ir.lines, Math.max(site.p, site.e - 1)).line
      const comment = module.ir.suppressions.find(
        (s) =>
          s.target >= first && s.target <= last && s.reason !== '' && s.rules.some((rule) => DATABASE_RULES.has(rule)),
      )
      if (comment === undefined) return false
      used.set(`${module.file}:${comment.line}`, {
        file: module.file,
        line: comment.line,
        rule: comment.rules.find((rule) => DATABASE_RULES.has(rule)) ?? '',
        reason: comment.reason,
      })
      return true
    },
    used: () => [...used.values()],
  }
}
