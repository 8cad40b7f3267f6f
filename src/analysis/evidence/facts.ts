// What the analysis says about one entry point: plain facts, before any rule looks at them. Positions are offsets; rules turn them into lines.
import type { CatalogueRow } from '../../catalogue/model.ts'
import type { Expr, FunctionIr } from '../../ir/model.ts'
import type { GuardRecord, StepName } from '../machine/machine.ts'
import type { ModuleInfo, Resolution, Site } from '../domain/values.ts'

export type EntryPhase = 'import' | 'phase-1' | 'scheduled'

/** An argument that the framework gives: its context, a service of the registry, or something unknown. */
export type EntryArgument = 'context' | 'unknown' | { readonly service: string }

/** An expression of a module, evaluated among that module's names. */
export interface Written {
  readonly module: ModuleInfo
  readonly x: Expr
}

/** What the framework does before it calls a method of a module class: builds its service and registers it, then runs the steps in order. */
export interface Setup {
  readonly service: {
    readonly file: string
    readonly name: string
    readonly arguments: readonly EntryArgument[]
    readonly keywords: Written | null
    /** the decorator that says so */
    readonly link: Site
    /** that decorator, and the one that names what is injected */
    readonly causes: readonly Site[]
  } | null
  /** names under which the service is registered */
  readonly names: readonly string[]
  /** the method that a decorator adds to look services up; null without that decorator */
  readonly access: string | null
  /** methods of the first phase, in order */
  readonly steps: readonly string[]
}

/** What is to be analysed: a function or method that the framework calls, or a module body (`qualname` null). */
export interface EntryRequest {
  readonly id: string
  readonly file: string
  /** dotted name below the module; null for the module body */
  readonly qualname: string | null
  readonly profile: string
  /** name of the parameter that is the application context, where the configuration says so; otherwise `arguments` says it by position */
  readonly context: string | null
  /** how a method's object is made: the class is called without arguments first; `silent`: its constructor is an entry point of its own */
  readonly receiver: 'construct' | 'silent' | null
  /** a string link (`service_class="X"`): the place where it is written, shown as the first step */
  readonly link: Site | null
  /** attributes that the framework sets on the object before the method runs */
  readonly injects: readonly string[]
  readonly arguments: readonly EntryArgument[]
  /** further keyword arguments: a dictionary that the source spells out */
  readonly keywords: Written | null
  /** a module body whose work inside other entry points (a factory that it calls) belongs to those */
  readonly reenters: boolean
  /** what the framework does before it calls a method of a module class */
  readonly setup: Setup | null
  /** links by name that are computed, so that nobody can tell what they name */
  readonly unlinked: readonly Site[]
  /** what it gives to be entered (a context manager, a generator) is entered: a lifespan that the configuration names */
  readonly entered: boolean
  /** the entry is assumed, not certain, to be called */
  readonly assumed: boolean
  /** its file is imported before the other entry points of its profile run */
  readonly early: boolean
  /** where the framework is told to call it (decorators): places for a comment when they changed */
  readonly causes: readonly Site[]
}

export interface Step {
  readonly site: Site
  readonly kind: StepName
  /** qualified name of the function in which the call stands, '' for a module body */
  readonly function: string
  readonly module: ModuleInfo
  readonly callee: string
  readonly calleeModule: ModuleInfo
  readonly instead: string | null
}

export interface OperationFact {
  readonly site: Site
  readonly function: string
  readonly row: CatalogueRow
  readonly phase: EntryPhase
  readonly resolution: Resolution
  readonly may: boolean
  readonly trace: readonly Step[]
  readonly guards: readonly GuardRecord[]
  readonly built: Site | null
}

export interface UnknownFact {
  readonly site: Site
  readonly reason: string
}

export interface HookFact {
  readonly site: Site
  readonly symbol: string
  /** the function handed over: its module, name and offset */
  readonly module: ModuleInfo
  readonly qualname: string
  readonly p: number
  readonly definition: () => FunctionIr | null
}

export interface HookCalledFact {
  /** the registration */
  readonly site: Site
  /** the argument that should have been a function */
  readonly argument: Site
  readonly symbol: string
}

/** What facts hang on. They hold as long as the closures of these files, what they import and what is registered under these names stay as they are. */
export interface Dependencies {
  /** where the closures start, by path */
  readonly files: readonly string[]
  /** names under which entry points that register services were looked up */
  readonly services: readonly string[]
  /** the analysis went through all files of the tree, so that it hangs on each of them */
  readonly surveyed: boolean
}

export interface EntryFacts {
  readonly request: EntryRequest
  readonly depends: Dependencies
  /** definition of the entry: the function's name, or the start of the module */
  readonly definition: Site | null
  readonly found: boolean
  readonly operations: readonly OperationFact[]
  /** operations that in-source suppressions removed; empty when none did */
  readonly hidden: readonly OperationFact[]
  readonly unknowns: readonly UnknownFact[]
  /** files that an import needed and that could not be read */
  readonly unread: readonly string[]
  readonly hooks: readonly HookFact[]
  readonly hooksCalled: readonly HookCalledFact[]
  /** names that it registers services under */
  readonly registers: readonly string[]
  /** names of services that it asks for and that neither it nor the configuration knows */
  readonly asks: readonly string[]
  readonly calls: { readonly reached: number; readonly followed: number }
  /** the budget that ran out, if any, and where */
  readonly exhausted: string | null
  /** every file whose code took part */
  readonly files: readonly string[]
  /** suppression comments (file:line) that removed something */
  readonly suppressed: readonly {
    readonly file: string
    readonly line: number
    readonly rule: string
    readonly reason: string
  }[]
  /** dotted names of those files' modules */
  readonly modules: readonly string[]
  /** call edges, for `graph` */
  readonly edges: readonly (readonly [string, string])[]
}
