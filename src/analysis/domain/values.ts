// Abstract values (the domain): what a Python expression can be. An atom is one possibility; a Value is a small, interned set of atoms, so that
// equality of values is identity. Mutable parts of atoms are cells (state.ts); everything else in an atom never changes after it is made.
import type { ClassIr, Expr, FunctionIr, ModuleIr } from '../../ir/model.ts'
import type { Cell } from './state.ts'

/** How sure the analysis is of a step: what is executed, a modelled assumption, or a guess by name. The numbers order them. */
export const RESOLVED = 0
export const ASSUMED = 1
export const GUESSED = 2
export type Resolution = typeof RESOLVED | typeof ASSUMED | typeof GUESSED

/** How sure it is that an object is what it is taken for; of anything else there is no doubt. */
export function resolutionOf(atom: Atom | null): Resolution {
  return atom?.kind === 'instance' ? atom.resolution : RESOLVED
}

/** A step is as sure as its least sure part. */
export function leastSure(a: Resolution, b: Resolution): Resolution {
  return a > b ? a : b
}

/** A module while it is analysed; `file` is its path, `name` its dotted name below its source root. */
export interface ModuleInfo {
  readonly file: string
  readonly name: string
  readonly isPackage: boolean
  readonly id: string
  readonly ir: ModuleIr
  readonly text: string
  /** a plain value that follows from the content alone, made once */
  readonly derive: <T>(name: string, make: (ir: ModuleIr) => T) => T
}

/** A place in a source file. */
export interface Site {
  readonly module: ModuleInfo
  readonly p: number
  readonly e: number
}

/** A scope of names at run time. `parent` is the enclosing function scope (class scopes are skipped by look-ups from inside). */
export interface Env {
  readonly vars: Map<string, Cell>
  readonly parent: Env | null
  readonly module: ModuleAtom
  readonly kind: 'module' | 'class' | 'function' | 'comprehension'
  readonly globals: ReadonlySet<string>
  readonly nonlocals: ReadonlySet<string>
  /** a closure, a coroutine or a generator keeps the variables alive after the call */
  captured: boolean
  readonly id: number
  /** for methods: the class in whose body the function stands (`super()` and `__class__`) */
  readonly owner: ClassAtom | null
}

interface AtomBase {
  readonly id: number
  /** the value that holds just this atom, made on first use */
  single: Value | null
}

export interface ConstAtom extends AtomBase {
  readonly kind: 'const'
  readonly type: string
  readonly value: string | number | boolean | null
}
/** some value of a builtin type: str, int, float, bool, bytes, list … without known content */
export interface TypedAtom extends AtomBase {
  readonly kind: 'typed'
  readonly type: string
}
export interface FunctionAtom extends AtomBase {
  readonly kind: 'function'
  readonly fn: FunctionIr
  readonly env: Env
  readonly defaults: ReadonlyMap<string, Value>
  readonly owner: ClassAtom | null
  readonly fields: Map<string, Cell>
}
export interface BoundAtom extends AtomBase {
  readonly kind: 'bound'
  readonly func: Atom
  readonly self: Atom
}
export interface ClassAtom extends AtomBase {
  readonly kind: 'class'
  readonly cls: ClassIr
  readonly env: Env
  readonly site: Site
  /** resolved bases, then the linearisation; external bases stay as atoms */
  readonly bases: readonly Atom[]
  /** the class first; changes only while the class is made */
  readonly mro: Atom[]
  readonly metaclass: Atom | null
  readonly fields: Map<string, Cell>
  /** dataclass, enum, namedtuple … : what construction does besides __init__ */
  readonly traits: Set<string>
}
export interface InstanceAtom extends AtomBase {
  readonly kind: 'instance'
  readonly cls: ClassAtom | null
  /** dotted path of a library type, when the class is not in the tree */
  readonly ext: string | null
  readonly resolution: Resolution
  readonly fields: Map<string, Cell>
  readonly site: Site | null
  /** may stand for several run-time objects: updates are weak */
  multiple: boolean
  /** the object that stands for this one where there are too many of its class: what it has not got itself, that one has */
  folded: InstanceAtom | null
  /** for lazy library values: the expression that built it, and what was called */
  readonly pending: Pending | null
  /** private cells of modelled library objects (list of callbacks, factory …) */
  readonly slots: Map<string, Cell>
}
/** A library call whose work happens when the result is awaited, entered, iterated or evaluated. */
export interface Pending {
  readonly symbol: string
  readonly args: CallArgs
  readonly site: Site
  readonly receiver: Expr | null
  /** the object whose method it is */
  readonly self: InstanceAtom | null
}
export interface ModuleAtom extends AtomBase {
  readonly kind: 'module'
  readonly info: ModuleInfo
  readonly fields: Map<string, Cell>
  /** 'new' | 'loading' | 'loaded' as constants */
  readonly state: Cell
}
/** list, tuple, set, frozenset, dict, deque, defaultdict … `known` slots by constant key or index; `rest` is everything else. */
export interface ContainerAtom extends AtomBase {
  readonly kind: 'container'
  readonly type: string
  readonly known: Map<string, Cell>
  readonly rest: Cell
  /** number of known positions for sequences as a constant, or unknown */
  readonly length: Cell
  /** keys for dictionaries that are not constants */
  readonly keys: Cell
  readonly factory: Value | null
  multiple: boolean
}
export interface GeneratorAtom extends AtomBase {
  readonly kind: 'generator'
  readonly type: 'coroutine' | 'generator' | 'asyncgen' | 'iterator'
  readonly func: FunctionAtom | null
  readonly args: ReadonlyMap<string, Value> | null
  /** a generator expression instead of a function */
  readonly comp: { readonly expr: Extract<Expr, { k: 'comp' }>; readonly env: Env; readonly first: Value } | null
  /** what an iterator object walks over: `iter(x)`, or a special like map */
  readonly source: Value | null
  readonly site: Site
  /** how often it was advanced: constant number, or unknown */
  readonly advanced: Cell
  /** what the yields of the past gave, in order: a special, or unbound */
  readonly sent: Cell
}
/** A modelled object without identity of its own: property, partial, map iterator … `parts` are its ingredients. */
export interface SpecialAtom extends AtomBase {
  readonly kind: 'special'
  readonly type: string
  readonly parts: readonly Value[]
  readonly names: readonly string[]
  readonly site: Site | null
}
/** A builtin or modelled library function; its behaviour is looked up by `name`. */
export interface NativeAtom extends AtomBase {
  readonly kind: 'native'
  readonly name: string
  readonly self: Value | null
}
/** Something of a library, by access path: `sqlalchemy.create_engine`, `requests.get()`. */
export interface ExternalAtom extends AtomBase {
  readonly kind: 'external'
  readonly path: string
  readonly resolution: Resolution
  /** imported from an in-tree package that has no such file, or a name that nothing defines */
  readonly unresolved: boolean
}
export interface UnknownAtom extends AtomBase {
  readonly kind: 'unknown'
  readonly reason: string
  readonly carriesDatabase: boolean
}
export interface SuperAtom extends AtomBase {
  readonly kind: 'super'
  readonly start: ClassAtom
  readonly self: Atom
}
/** The name is not bound (yet). */
export interface UnboundAtom extends AtomBase {
  readonly kind: 'unbound'
}

export type Atom =
  | ConstAtom
  | TypedAtom
  | FunctionAtom
  | BoundAtom
  | ClassAtom
  | InstanceAtom
  | ModuleAtom
  | ContainerAtom
  | GeneratorAtom
  | SpecialAtom
  | NativeAtom
  | ExternalAtom
  | UnknownAtom
  | SuperAtom
  | UnboundAtom

export interface Value {
  readonly id: number
  readonly atoms: readonly Atom[]
}

/** Arguments of a call after evaluation. `restPos`/`restKw`: contents of a `*x` or `**x` that is not known in full. */
export interface CallArgs {
  readonly pos: readonly Value[]
  readonly kw: ReadonlyMap<string, Value>
  readonly restPos: Value | null
  readonly restKw: Value | null
}

/** A calling context: the chain of call sites. Objects are their allocation site in a context. */
export interface Context {
  readonly id: number
  readonly parent: Context | null
  readonly children: Map<string, Context>
  readonly allocations: Map<string, Atom>
  readonly depth: number
}

/** The only atom of a value, or null. */
export function only(value: Value): Atom | null {
  return value.atoms.length === 1 ? (value.atoms[0] ?? null) : null
}

/** The string of a value that is exactly one string constant, or null. */
export function stringOf(value: Value): string | null {
  const atom = only(value)
  return atom?.kind === 'const' && atom.type === 'str' ? String(atom.value) : null
}

export const NO_ARGS: CallArgs = { pos: [], kw: new Map(), restPos: null, restKw: null }

/** The arguments of a method as its function gets them: the object first. */
export function withReceiver(self: Value, args: CallArgs): CallArgs {
  return { ...args, pos: [self, ...args.pos] }
}

export function positional(...pos: Value[]): CallArgs {
  return { pos, kw: NO_ARGS.kw, restPos: null, restKw: null }
}
