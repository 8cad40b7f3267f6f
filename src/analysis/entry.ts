// Running entry points: first the import of the module (its own phase), then the function, method or constructor that the framework calls, in one
// state. Everything an entry point did to the state is undone before the next one starts.
import type { Catalogue } from '../catalogue/lookup.ts'
import { noProgress } from './machine/started.ts'
import { importsIn } from '../ir/lookup.ts'
import { lowerSource } from '../ir/lower.ts'
import type { Program } from '../program/program.ts'
import type { EntryFacts, EntryRequest } from './evidence/facts.ts'
import {
  createProvidersKey,
  keyOf,
  storeFacts,
  storedFacts,
  type Asked,
  type KeyContext,
  type Whole,
} from './evidence/fact-store.ts'
import { newSummary, onlyCaught, recordUnknown } from './machine/frames.ts'
import { implied, unwritten } from './machine/sites.ts'
import { emptyBooks, wholeBudget } from './machine/memo.ts'
import { createMachine } from './machine/interpreter.ts'
import type { CallSite, Frame, Machine } from './machine/machine.ts'
import type { AnalysisOptions } from './machine/options.ts'
import { runLater } from './suspended/started-work.ts'
import { moduleAtom, runModule } from './language/bodies.ts'
import { ASSUMED, RESOLVED, type ModuleAtom, type Site, type Value } from './domain/values.ts'
import { started } from './suspended/detached.ts'
import { mergeDetached } from './machine/summaries.ts'
import { collect, type Roots } from './evidence/evidence.ts'
import { enterStage, leaveStage } from './django/registry.ts'
import { rootFrame } from './entries/startup.ts'
import { storesIn } from './objects/stored-attributes.ts'
import { entryArguments, resolveEntry } from './entries/targets.ts'

/** Rounds in which files that turned out to be needed are read and an entry point is run again. */
const MAX_LOADS = 6
/** Values and objects of one machine; a new one gives the memory of earlier entry points back and evaluates shared modules once more. */
const MAX_ATOMS_MADE = 100_000
/** Where one entry point makes that many, as many more are kept: otherwise shared modules would be evaluated for every entry point. */
const SHARING = 4
/** However large that one was: at about a kilobyte each, with what refers to them, these fill a gigabyte (measured on udata). */
const MAX_ATOMS_SHARED = 1_000_000
/** Entry points between two progress messages. */
const PROGRESS_STEP = 50

/** Analyses all entry points of a program, each as if it were the only one. Files are read when the first entry point needs them. */
export async function analyse(
  program: Program,
  catalogue: Catalogue,
  requests: readonly EntryRequest[],
  options: AnalysisOptions,
): Promise<EntryFacts[]> {
  const knownFor = (request: EntryRequest): EntryFacts | null => options.facts?.known(request) ?? null
  const unknown = requests.filter((request) => knownFor(request) === null)
  const whole = options.facts?.whole ?? {
    early: requests.flatMap((request) => (request.early ? [request.file] : [])),
    files: [...new Set(unknown.flatMap((request) => startingFiles(program, request)))],
  }
  const early = new Set(whole.early)
  const loadAll = (): Promise<void> => program.load(whole.files)
  // one question for many files where each costs a request
  if (program.remote) await loadAll()
  const shared = { program, options, early, providersKey: createProvidersKey(program, options, early) }
  const runner = createRunner(program, () => createMachine(program, catalogue, options, early), loadAll)
  const ready = await helped(unknown, { ...shared, whole })
  const facts: EntryFacts[] = []
  for (const request of requests) {
    let found = ready.get(request) ?? knownFor(request)
    if (found === null) {
      const files = startingFiles(program, request)
      // without time nothing is analysed any more, and the entry point's own file is enough to say so
      await (options.expired() ? program.read(files) : program.load(files))
      const context = options.facts === null ? null : { ...shared, store: options.facts, files }
      const key = context === null ? '' : keyOf(request, context)
      found = context === null ? null : await storedFacts(key, request, context)
      if (found === null) {
        const ran = await runner.run(request, files)
        found = context === null ? ran.facts : await storeFacts(key, ran.facts, context, ran)
        runner.rest()
      }
    }
    facts.push(found)
    if (facts.length % PROGRESS_STEP === 0) options.progress(`${facts.length} of ${requests.length} entry points`)
  }
  return facts
}

/** Has facts that are not known looked for ahead; returns those that are. Nothing is lowered here before others have had their turn. */
async function helped(
  requests: readonly EntryRequest[],
  shared: Omit<KeyContext, 'store' | 'files'> & { readonly whole: Whole },
): Promise<ReadonlyMap<EntryRequest, EntryFacts>> {
  const { program, options, whole } = shared
  const ready = new Map<EntryRequest, EntryFacts>()
  const store = options.facts
  if (store?.ahead === null || store === null) return ready
  const lookUp = async (request: EntryRequest): Promise<void> => {
    const context = { ...shared, store, files: startingFiles(program, request) }
    const isKnown = await program.loadKnown(context.files)
    const facts = isKnown ? await storedFacts(keyOf(request, context), request, context) : null
    if (facts !== null) ready.set(request, facts)
  }
  for (const request of requests) {
    if (options.expired()) return ready
    await lookUp(request)
  }
  const open = requests.filter((request) => !ready.has(request))
  await store.ahead({ requests: open, whole, providers: options.providers, asking: store.asking })
  // what was found in time counts, even when there is no time left
  for (const request of open) await lookUp(request)
  return ready
}

interface Runner {
  run(request: EntryRequest, files: readonly string[]): Promise<Asked & { readonly facts: EntryFacts }>
  /** Between two entry points: gives memory back when there is much of it. */
  rest(): void
}

/** Runs entry points on one machine until something has to be read or the machine has grown too large. */
function createRunner(program: Program, fresh: () => Machine, loadAll: () => Promise<void>): Runner {
  let m = fresh()
  let isAllLoaded = program.remote
  /** most that one entry point has made; and how many there were before the present one */
  let most = 0
  let before = 0
  const renew = (): void => {
    m = fresh()
    before = 0
  }
  return {
    run: async (request, files) => {
      const wanted: string[] = []
      let facts = runEntry(m, request, files)
      for (let round = 0; round < MAX_LOADS; round++) {
        const surveys = m.surveyed && !isAllLoaded
        if (m.wanted.size === 0 && !surveys) break
        // who goes through the files goes through those of all entry points, whatever ran before
        if (surveys) await loadAll()
        isAllLoaded ||= surveys
        wanted.push(...m.wanted)
        await program.load([...m.wanted])
        renew()
        facts = runEntry(m, request, [...files, ...wanted])
      }
      return { facts, wanted, lookups: m.program.lookups() }
    },
    rest: () => {
      most = Math.max(most, m.domain.nextId - before)
      before = m.domain.nextId
      if (m.wanted.size > 0) renew()
      else if (m.domain.nextId > Math.max(MAX_ATOMS_MADE, Math.min(most * SHARING, MAX_ATOMS_SHARED))) {
        renew()
        program.release()
      }
    },
  }
}

/** The entry point's file and the packages that are imported before it. */
function startingFiles(program: Program, { file }: EntryRequest): string[] {
  const own = program.resolve(file, program.moduleName(file), 0)
  return own.kind === 'file' && own.file === file ? [...own.packages, file] : [file]
}

/** Runs one entry point and leaves the machine as it was. `files`: where its closure starts. */
export function runEntry(m: Machine, request: EntryRequest, files: readonly string[] = [request.file]): EntryFacts {
  const mark = m.store.mark()
  reset(m, request)
  m.attributes.begin(storesIn(m.program, m.program.closure(files)))
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
  m.store.undo(mark)
  return facts
}

/** Nothing of the entry point before is left but the entries of module bodies. */
function reset(m: Machine, request: EntryRequest): void {
  Object.assign(m, emptyBooks())
  Object.assign(m.budget, wholeBudget())
  m.detached = []
  m.stopped = false
  m.detaching = false
  m.progress = noProgress()
  m.depth = 0
  m.deepest = 0
  m.undecided = 0
  m.madeIn.clear()
  m.handedOut.clear()
  m.renewedAt.clear()
  m.older.clear()
  m.slow.clear()
  m.rescued.clear()
  m.runsOnOthers.clear()
  m.bodyRuns.clear()
  m.fresh.clear()
  m.phaseStart = Number.POSITIVE_INFINITY
  m.providing.clear()
  m.providing.add(request.id)
  m.rootContext = { id: m.nextContext++, parent: null, children: new Map(), allocations: new Map(), depth: 0 }
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
  const ir = lowerSource('')
  return { file, name: file, isPackage: false, id: '', text: '', ir, derive: (_name, make) => make(ir) }
}

function runRoots(m: Machine, request: EntryRequest): Roots {
  const module = moduleAtom(m, request.file)
  if (module === null) return failed(m, request)
  const site: Site = { module: module.info, p: 0, e: 0 }
  enterStage(m, request)
  const importing = rootFrame(m, module)
  const result = m.program.resolve(request.file, module.info.name, 0)
  const packages = result.kind === 'file' && result.file === request.file ? result.packages : []
  const imported =
    packages.every((file) => runModule(importing, file, site)) && runModule(importing, request.file, site, true)
  m.stopped = false
  if (!imported) noteEnd(importing)
  drain(m)
  // a body that certainly raises leaves nothing that could be called
  if (request.qualname === null || !imported)
    return { imported: importing.summary, called: null, definition: site, found: true }
  m.phaseStart = ++m.store.clock
  const calling = rootFrame(m, module)
  if (importing.summary.caught !== null) onlyCaught(calling, importing.summary.caught)
  const at: CallSite = { ...unwritten(site, 'call', request.assumed ? ASSUMED : RESOLVED), open: true }
  const target = resolveEntry(calling, request, at)
  if (target === null) return { imported: importing.summary, called: null, definition: site, found: false }
  // what came from elsewhere and cannot be seen is said where it was imported
  const [first, last] = importSites(module, request.qualname)
  const definition = target.definition ?? last ?? site
  const start = { ...at, site: (target.definition === null ? last : first) ?? site }
  const args = entryArguments(calling, request, target.callee, start)
  let value = m.ops.call(calling, target.callee, args, start)
  if (value.atoms.some((a) => a.kind === 'generator' && a.type === 'coroutine')) {
    m.loopRunning = true
    value = m.ops.await(calling, value, implied(start, 'await'))
  }
  if (request.entered) enterGiven(calling, value, start)
  if (value.atoms.length === 0) noteEnd(calling)
  m.stopped = false
  // what a path that ends in an error has started and not joined goes on; other paths may have joined it
  m.detached = mergeDetached(
    started(calling.raises[0]?.exits ?? [], value.atoms.length > 0 ? m.detached : null),
    m.detached,
  )
  drain(m)
  return { imported: importing.summary, called: calling.summary, definition, found: true }
}

/** The first and the last place where a module imports what is called: after the first, others stand in for it. */
function importSites({ info }: ModuleAtom, qualname: string): [Site | undefined, Site | undefined] {
  const sites = importsIn(info.ir, qualname.split('.')[0] ?? '').map(({ p, e }) => ({ module: info, p, e }))
  return [sites[0], sites.at(-1)]
}

/** Runs what a lifespan does before its yield; what stands behind it runs when the application ends. */
function enterGiven(frame: Frame, value: Value, at: CallSite): void {
  const { ops } = frame.machine
  for (const atom of value.atoms) {
    // calling a plain generator function runs nothing of it
    if (atom.kind === 'generator' && atom.type === 'asyncgen') ops.next(frame, atom, implied(at, 'enter'))
    else if (atom.kind === 'special' && atom.type === 'contextmanager')
      ops.enter(frame, atom, implied(at, 'enter'), true)
  }
}

/** What the framework calls never comes to its end: where it leaves is said, because what stands behind that place is not looked at. */
function noteEnd(root: Frame): void {
  const last = root.summary.records.findLast((record) => record.kind === 'call')
  const target = last?.kind === 'call' ? last.target : null
  // where the budget ended nothing came to its end, and the entry point is incomplete
  if (target === null || target.returns || target.left === null || root.machine.budget.exhausted !== null) return
  recordUnknown(root, { module: target.module, p: target.left.p, e: target.left.e }, 'never-returns')
}

/** Rounds in which work that runs later may start more that runs later: a timer that sets itself again never ends by itself. */
const MAX_DRAINS = 8

/** What was started and never joined runs on its own: its work is `scheduled`. */
function drain(m: Machine): void {
  const stage = m.store.read(m.registryStage)
  leaveStage(m)
  for (let round = 0; round < MAX_DRAINS && m.detached.length > 0; round++) {
    const due = m.detached
    m.detached = []
    for (const task of due) runLater(m, task)
  }
  m.detached = []
  m.store.write(m.registryStage, stage)
}
