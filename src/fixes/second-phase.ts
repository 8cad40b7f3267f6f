// What a module already says about its second phase: the function it registers, the id it registers under, and the call that would
// register another. Everything is read from the code; what it does not say is not made up.
// Must stay true: a registration that is written here means the same function at run time as the one that it names.
import { definitionIn } from '../ir/lookup.ts'
import type { Expr, FunctionIr, Stmt } from '../ir/model.ts'
import type { Profile } from '../profiles/model.ts'
import type { LoadedModule } from '../program/program.ts'
import { type Call, callsIn, dottedName } from '../ir/nodes.ts'
import { readsOf } from './names.ts'

export type SecondPhase = NonNullable<Profile['secondPhase']>

/** An entry point that gets the application context as its only argument. */
export interface Entry {
  readonly module: LoadedModule
  readonly fn: FunctionIr
  /** the parameter that is the context */
  readonly context: string
  readonly phase: SecondPhase
}

/** The entry point `FILE::function`, or null: methods have no hook of their own, and a rebound context is no context. */
export function entryOf(id: string, module: LoadedModule, profile: Profile): Entry | null {
  const qualname = id.slice(id.indexOf('::') + 2)
  const fn = id.includes('::') && !qualname.includes('.') ? definitionIn(module.ir, qualname) : null
  const context = fn !== null && 'params' in fn ? fn.params[0]?.n : undefined
  if (profile.secondPhase === null || fn === null || !('params' in fn) || context === undefined) return null
  if (fn.generator || !module.ir.body.some((s) => s.k === 'def' && s.fn === fn)) return null
  return { module, fn, context, phase: profile.secondPhase }
}

/** Calls of the registration on the context, in the entry's own text. */
function registrations({ fn, context, phase }: Entry): Call[] {
  return callsIn(fn.body).filter((call) => dottedName(call.f) === `${context}.${phase.registration}`)
}

function argumentOf(call: Call, keyword: string, position: number): Expr | null {
  const named = call.a.find((a) => a.n === keyword)
  if (named !== undefined) return named.x
  const at = call.a[position]
  return at === undefined || at.n !== undefined || at.s !== undefined ? null : at.x
}

export type Hooked =
  /** nothing is registered */
  | { readonly kind: 'none' }
  /** one function of this module is, once */
  | { readonly kind: 'function'; readonly fn: FunctionIr; readonly name: string }
  /** something else is, or several */
  | { readonly kind: 'other' }

export function hookedIn(entry: Entry): Hooked {
  const calls = registrations(entry)
  const [call] = calls
  if (call === undefined) return mentions(entry) ? { kind: 'other' } : { kind: 'none' }
  const hook = argumentOf(call, entry.phase.hookKeyword, 1)
  if (calls.length > 1 || hook?.k !== 'name' || entry.fn.locals.includes(hook.id)) return { kind: 'other' }
  const fn = functionNamed(entry.module, hook.id)
  return fn === null ? { kind: 'other' } : { kind: 'function', fn, name: hook.id }
}

/** The registration is spoken of in a way that is not understood (an alias, getattr, a helper). */
function mentions({ module, fn, phase }: Entry): boolean {
  return module.text.slice(fn.p, fn.e).includes(phase.registration)
}

/** A function that is defined once, at the top of the module, and never rebound. */
export function functionNamed(module: LoadedModule, name: string): FunctionIr | null {
  const all = module.ir.body.flatMap((s) => (s.k === 'def' && s.fn.name === name ? [s.fn] : []))
  const [fn] = all
  const elsewhere = module.ir.body.some((s) => s.k !== 'def' && bindsName(s, name))
  return fn === undefined || all.length > 1 || elsewhere || module.ir.rebound.includes(name) ? null : fn
}

function bindsName(s: Stmt, name: string): boolean {
  if (s.k === 'class') return s.cls.name === name
  if (s.k === 'import' || s.k === 'from') return s.names.some(({ n, as }) => (as ?? n) === name || n === '*')
  if (s.k === 'assign') return s.targets.some((t) => readsOf(t).has(name))
  return (s.k === 'if' || s.k === 'try' || s.k === 'with' || s.k === 'for' || s.k === 'while') && mayBind(s, name)
}

function mayBind(s: Stmt, name: string): boolean {
  const inner = Object.values(s).flatMap((value: unknown) => (Array.isArray(value) ? (value as Stmt[]) : []))
  return inner.some(
    (it) => typeof it === 'object' && it !== null && 'k' in it && (bindsName(it, name) || definesName(it, name)),
  )
}

function definesName(s: Stmt, name: string): boolean {
  return s.k === 'def' && s.fn.name === name
}

/** The framework calls the hook with the context and nothing else: exactly one argument has to fit. */
export function takesContext(fn: FunctionIr): boolean {
  const [first, ...rest] = fn.params
  const fits = first !== undefined && (first.kind === 'a' || first.kind === 'a/')
  return (
    fits &&
    !fn.generator &&
    fn.decorators.length === 0 &&
    rest.every((p) => p.default !== null || p.kind === '*' || p.kind === '**')
  )
}

/** The module's id as an expression that means the same wherever it stands in the entry point, or null. */
function moduleId(entry: Entry): string | null {
  const { module, fn, context } = entry
  const local = (x: Expr): boolean => [...readsOf(x)].some((name) => fn.locals.includes(name))
  for (const call of callsIn(fn.body)) {
    const path = dottedName(call.f)
    if (path === null || !path.startsWith(`${context}.register_`)) continue
    const named = call.a.find((a) => a.n === entry.phase.moduleKeyword)
    if (named !== undefined && (named.x.k === 'const' || named.x.k === 'name') && !local(named.x))
      return module.text.slice(named.x.p, named.x.e)
  }
  const constant = module.ir.body.some(
    (s) => s.k === 'assign' && s.targets.some((t) => t.k === 'name' && t.id === 'MODULE_ID') && s.x.k === 'const',
  )
  if (constant && !fn.locals.includes('MODULE_ID')) return 'MODULE_ID'
  const folders = /(?:^|\/)modules\/(.+)\/[^/]+$/.exec(module.file)?.[1] ?? /([^/]+)\/[^/]+$/.exec(module.file)?.[1]
  return folders === undefined || !/^[\w./-]+$/.test(folders) ? null : `"${folders.replaceAll('/', '.')}"`
}

/** The call that registers a function of this name, or null when the module's id is not known. */
export function registrationOf(entry: Entry, name: string): string | null {
  const id = moduleId(entry)
  const { context, phase } = entry
  return id === null
    ? null
    : `${context}.${phase.registration}(${phase.moduleKeyword}=${id}, ${phase.hookKeyword}=${name})`
}
