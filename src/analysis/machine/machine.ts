// The abstract machine's parts and the operations its rooms call on each other. The operations are a record filled in by interpreter.ts, so that
// expressions, statements, calls and library models can use one another without importing one another.
import type { Catalogue } from '../../catalogue/lookup.ts'
import type { CatalogueRow } from '../../catalogue/model.ts'
import type { Expr, FunctionIr, Stmt } from '../../ir/model.ts'
import type { ActiveCall, BodyEntry, MemoEntry } from './memo.ts'
import type { Operations } from './operations.ts'
import type { Contextual } from '../suspended/contexts.ts'
import type { Departure } from '../suspended/departures.ts'
import type { Detached, Progress, Wait } from './started.ts'
import type { AnalysisOptions } from './options.ts'
import type { Cell, Delta, Gathered, Store } from '../domain/state.ts'
import type { TrackedProgram } from '../evidence/tracked.ts'
import type { StoredAttributes } from '../objects/stored-attributes.ts'
import type { Domain } from '../domain/domain.ts'
import type {
  Atom,
  ContainerAtom,
  Context,
  Env,
  FunctionAtom,
  GeneratorAtom,
  InstanceAtom,
  ModuleAtom,
  ModuleInfo,
  Resolution,
  Site,
  Value,
} from '../domain/values.ts'

export type StepName =
  | 'call'
  | 'construct'
  | 'await'
  | 'enter'
  | 'iterate'
  | 'property'
  | 'operator'
  | 'import'
  | 'decorator'
  | 'default'
  | 'class-body'
  | 'invoke'

export interface GuardRecord {
  readonly site: Site
  /** the condition is a flag of the tree or the environment that is off unless somebody sets it, or names one worker command */
  readonly lowers: boolean
}

/** A database operation seen while one function body ran. */
export interface OperationRecord {
  readonly kind: 'operation'
  readonly site: Site
  readonly function: string
  readonly row: CatalogueRow
  may: boolean
  resolution: Resolution
  guards: readonly GuardRecord[]
  readonly detached: boolean
  /** where a lazy value was built, when the work happens elsewhere */
  readonly built: Site | null
}

/** A call (or implicit call) of code in the tree. */
export interface CallRecord {
  readonly kind: 'call'
  readonly site: Site
  readonly step: StepName
  readonly callee: string
  readonly target: Summary
  may: boolean
  resolution: Resolution
  guards: readonly GuardRecord[]
  readonly detached: boolean
  /** the call is the argument of a registration that wants a function: `setup_method=setup_module()` */
  readonly instead: string | null
}

export interface UnknownRecord {
  readonly kind: 'unknown'
  readonly site: Site
  readonly reason: string
}

/** A fact besides operations: a hook registration, a service, a call that leaves the tree. */
export interface NoteRecord {
  readonly kind: 'note'
  readonly note: 'hook' | 'hook-called' | 'edge' | 'unread' | 'service'
  readonly site: Site
  readonly text: string
  /** the function handed over, for hooks */
  readonly function: FunctionAtom | null
  /** the argument in question, for hooks that were called */
  readonly argument?: Site
}

export type Record_ = OperationRecord | CallRecord | UnknownRecord | NoteRecord

/** What running one function with given arguments in a given state did. Shared between call sites, entry points and phases. */
export interface Summary {
  /** tells summaries apart: one function has several, for different arguments */
  readonly id: number
  readonly function: string
  readonly module: ModuleInfo
  readonly site: Site
  readonly records: Record_[]
  readonly seen: Map<string, Record_>
  /** call sites reached, and those whose callee was known */
  readonly reached: Set<number>
  readonly followed: Set<number>
  result: Value
  returns: boolean
  raises: readonly Value[]
  /** the state in which explicit raises leave, relative to the start; null when nothing raises */
  raiseDelta: Delta | null
  /** what was started and not joined where explicit raises leave */
  raiseDetached: readonly Detached[]
  /** something in it may raise by itself: library code, attributes of unknown objects (explicit raises are in `raises`) */
  canRaise: boolean
  suspends: boolean
  /** it came to a wait that takes real time */
  waits: Wait | null
  /** what runs now ran before and is told already: a generator on its way to the yield at which it waited */
  silent: boolean
  /** how often it lets the event loop have its turn, as far as that is counted */
  turns: number
  /** it comes to its end only if something raised what this `try` catches; null = also in other ways */
  caught: GuardRecord | null
  /** the statement of the body that was the last one to leave it before its end */
  left: Stmt | null
  complete: boolean
}

export interface Exit {
  readonly delta: Delta
  readonly value: Value
  /** what was started and not joined when control left */
  readonly detached: readonly Detached[]
  /** of an error: the state with which the next one like it is joined */
  readonly gathered?: Gathered
}

/** A loop, try or function that collects abrupt exits; `mark` is the trail position its deltas are relative to. */
export interface Target {
  readonly mark: number
  readonly exits: Exit[]
}

export interface LoopTarget {
  readonly breaks: Target
  readonly continues: Target
}

/** What a `yield` does: hands the value to the consumer. 'stop' = the consumer takes no more; 'close' = it left for good. */
export type YieldOutcome =
  /** `mayRaise`: the consumer may raise instead, for a reason that nobody knows, or one of `error` */
  | { readonly kind: 'resume'; readonly sent: Value; readonly mayRaise?: boolean; readonly error?: Value | null }
  | { readonly kind: 'stop' }
  /** the consumer has what it asked for and may come back: nothing is cleaned up yet */
  | { readonly kind: 'pause' }
  | { readonly kind: 'raise'; readonly error: Value }

/** What became of a generator that was run. `returns`: its body may come to its end. `absorbs`: also where an error was raised at a yield. */
export interface GeneratorRun {
  readonly value: Value
  readonly returns: boolean
  readonly raises: readonly Value[]
  readonly absorbs: boolean
}

export interface Frame {
  /** what runs it: a frame never leaves its machine */
  readonly machine: Machine
  readonly env: Env
  readonly module: ModuleAtom
  readonly function: FunctionAtom | null
  /** qualified name below the module, '' for a module body */
  readonly name: string
  readonly context: Context
  readonly summary: Summary
  readonly mark: number
  returns: Target
  /** innermost try first to catch explicit raises; [0] is the function itself */
  readonly raises: Target[]
  readonly loops: LoopTarget[]
  /** >0: what runs now runs on some paths only */
  may: number
  /** branches between the frame's start and now: a return there needs a snapshot */
  branches: number
  guards: GuardRecord[]
  readonly onYield: ((value: Value, site: Site) => YieldOutcome) | null
  readonly async: boolean
  /** code of a text has no lines: all of it stands where it was called */
  readonly standsAt: Site | null
  /** what the running handlers caught, innermost last: a bare `raise` */
  readonly handling: Value[]
  /** conditions that were undecided when an alternative left early: guards of what comes after */
  readonly undecided: GuardRecord[]
  /** a generator that waits at a yield: its `finally` blocks run when it is closed or dropped, if ever */
  paused: boolean
  /** how often it came to a yield */
  yields: number
  /** an error that is raised at one of its yields may end here */
  absorbs: boolean
  /** of a generator: the ways by which its consumer left at the last yield */
  departures: readonly Departure[]
}

export interface Budget {
  /** calls still to be analysed */
  calls: number
  /** expressions still to be evaluated */
  operations: number
  exhausted: string | null
}

/** Everything one analysis run needs. `ops` ties the rooms together. */
export interface Machine {
  readonly domain: Domain
  readonly store: Store
  readonly program: TrackedProgram
  /** somebody went through all files of the program */
  surveyed: boolean
  /** names of services whose providers were looked up */
  asked: Set<string>
  readonly catalogue: Catalogue
  readonly modules: Map<string, ModuleAtom>
  /** the cells that tell whether a module was imported */
  readonly moduleStates: Set<Cell>
  /** what code put into `sys.modules`, by name */
  readonly placedModules: Map<string, Cell>
  /** functions of executed text: they have no lines of their own */
  readonly textFunctions: WeakSet<FunctionIr>
  /** functions that a decorator of a library got: what it hands to them when they are called is its own affair */
  readonly decoratedElsewhere: WeakSet<FunctionIr>
  readonly wanted: Set<string>
  /** files that are imported before other entry points run, and are entry points themselves: importing them again tells nothing new */
  readonly early: ReadonlySet<string>
  readonly budget: Budget
  readonly options: AnalysisOptions
  /** what follows until `moduleMemo` belongs to one entry point, or to one module body: a body is evaluated as if nothing else had run */
  memo: Map<FunctionAtom, Map<string, MemoEntry[]>>
  readonly moduleMemo: Map<ModuleAtom, BodyEntry[]>
  /** how often each body was run in this entry point because it had run on some paths only */
  readonly runsOnOthers: Map<ModuleAtom, number>
  /** how often each body was run in this entry point at all, and what it did the last time */
  readonly bodyRuns: Map<ModuleAtom, { readonly runs: number; readonly last: BodyEntry }>
  readonly moduleEnvs: Map<ModuleAtom, Env>
  readonly attributes: StoredAttributes
  /** results of cached functions, by wrapper and arguments */
  readonly cached: Map<string, Cell>
  /** how `runpy` runs the next module body: its name, and names that it is given; None otherwise */
  readonly runAs: Cell
  /** what was assigned to attributes of libraries, by access path */
  readonly libraryAttributes: Map<string, Cell>
  /** attributes that were stored on errors of builtin classes */
  readonly errorFields: Map<Atom, Map<string, Cell>>
  /** implementations registered with singledispatch functions */
  readonly registries: Map<Atom, Map<Atom, Cell>>
  active: Map<FunctionAtom, ActiveCall[]>
  /** how often each function was analysed */
  heat: Map<FunctionIr, number>
  /** argument lists with which each function was entered */
  contexts: Map<FunctionAtom, Set<string>>
  merged: Map<FunctionAtom, ReadonlyMap<string, Value>>
  rootContext: Context
  readonly builtins: Map<string, Value>
  readonly ops: Operations
  /** started and not yet joined work, in order; a cell-like list that branches restore */
  detached: readonly Detached[]
  loopRunning: boolean
  /** True once nest_asyncio has let event loops run inside each other */
  readonly nestedLoops: Cell
  /** how far Django's application registry is (django/registry.ts) */
  readonly registryStage: Cell
  /** written where code ran that is not known (a computed import, `exec` of a computed text): it may have filled registries */
  readonly unseenCode: Cell
  /** work that runs now was only started by the entry point */
  detaching: boolean
  /** inside an expression: a callee certainly raised, nothing that follows is evaluated before a statement, branch or handler begins */
  stopped: boolean
  readonly contextual: Contextual
  /** tasks that gave control to the event loop themselves */
  readonly slow: Set<Atom>
  /** tasks that come to their end only where something raised and was caught, with the `try` */
  readonly rescued: Map<Atom, GuardRecord>
  /** tasks that ended in the turn of the event loop that was let in last: who waits for them has not been told yet */
  readonly fresh: Set<Atom>
  /** errors of tasks and futures, raised where somebody asks for their result */
  readonly failures: Map<Atom, Cell>
  /** what tasks and futures came to, given to whoever waits for them */
  readonly results: Map<Atom, Cell>
  /** entry points that are being run, for themselves or for a service that they register */
  readonly providing: Set<string>
  /** how far the running task is, and what its next wait does (started-work.ts) */
  progress: Progress
  /** seconds after which the running block is cancelled; None where it has all the time in the world */
  readonly deadline: Cell
  /** the consumer of a generator asks for one element only */
  pausing: boolean
  /** exits since the consumer of a generator began with an element; null where there is none */
  departures: Departure[] | null
  /** generators whose bodies run now */
  running: GeneratorAtom[]
  /** some class has `__del__`: what variables held is looked at when a function is left */
  finalisers: boolean
  /** the outermost loop or generator that runs: how many are inside each other, where on the trail it began, which one it is */
  region: { depth: number; mark: number; serial: number }
  nextRegion: number
  /** the region in which an object was made; objects that may be under way outside of cells; what stands for those of earlier rounds */
  readonly madeIn: Map<Atom, number>
  readonly handedOut: Set<Atom>
  readonly renewedAt: Map<Atom, number>
  readonly older: Map<Atom, InstanceAtom | ContainerAtom>
  /** position in the loops that run once per element, since none of those that run to a fixpoint tells them apart */
  unrolled: string
  depth: number
  /** the largest depth since this was set: what a module body needs */
  deepest: number
  /** undecided branches and rounds of loops around the running code, of all callers */
  undecided: number
  /** counts branches and loops: tells whether something ran in a straight line */
  turns: number
  /** loops around the running code, of all callers */
  loopDepth: number
  /** clock when the entry point itself began: what was written since is decided by the path */
  phaseStart: number
  nextEnv: number
  nextContext: number
}

/** The outcome of a condition, and which way it goes when every setting has its default (null = nobody knows). */
export interface Decision {
  readonly t: boolean
  readonly f: boolean
  readonly usual: boolean | null
}

/** How an implicit or explicit call is shown on the trace. */
export interface CallSite {
  readonly site: Site
  readonly step: StepName
  readonly resolution: Resolution
  readonly instead?: string | null
  /** the call or read as it is written; null where the language or a library implies it */
  readonly expr: Expr | null
  /** a framework makes the call: what it hands over is not known in full */
  readonly open?: boolean
}
