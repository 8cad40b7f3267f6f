// Where generated code stands, and what may stand there: modules, blocks, names, probe sites and unknown conditions of one program.
// Definitions that a template needs are written before the statement that uses them, locally or at the top of some module.
import type { Random } from './random.ts'

/** A module of the program. `head` holds imports, `top` its body. Modules import only those made after them, so there are no cycles by accident. */
export interface Module {
  readonly file: string
  readonly name: string
  readonly index: number
  /** other modules may import it */
  readonly open: boolean
  readonly head: Set<string>
  readonly top: string[]
}

export interface Place {
  readonly module: Module
  readonly out: string[]
  readonly kind: 'module' | 'function'
  /** `await` is allowed here */
  readonly async: boolean
  /** an event loop runs when this code runs */
  readonly running: boolean
  /** code that must not give control to the event loop */
  readonly quiet: boolean
  /** the name under which the application context is visible */
  readonly ctx: string | null
}

export type Sort = 'stmt' | 'expr' | 'fn' | 'fn1' | 'gen' | 'cm' | 'coro' | 'agen' | 'acm' | 'cls' | 'deco'

/** Composes one sort of thing from others. `make` answers with an expression (statements write lines and answer ''). */
export interface Template {
  readonly name: string
  readonly sort: Sort
  readonly weight: number
  readonly when?: (p: Place, g: Generator) => boolean
  readonly make: (g: Generator, p: Place, depth: number) => string
}

/** The state of one program while it is made. */
export interface Generator {
  readonly random: Random
  readonly modules: Module[]
  readonly features: Set<string>
  readonly asynchronous: boolean
  name(prefix: string): string
  /** an unused probe site as an expression */
  leaf(p: Place): string
  /** a condition: unknown, or a constant that an analyser can decide */
  condition(p: Place): string
  unknown(p: Place): string
  some(sort: Sort, p: Place, depth: number): string
  /** one to three statements */
  statements(p: Place, depth: number): void
}

export const FIRST_TAG = 1001
const INDENT = '    '

export function line(p: Place, text: string): void {
  p.out.push(...text.split('\n'))
}

export function need(p: Place, statement: string): void {
  p.module.head.add(statement)
}

/** A compound statement: its header and what `fill` writes, or `pass`. */
export function block(p: Place, header: string, fill: (inner: Place) => void, changes: Partial<Place> = {}): void {
  const out: string[] = []
  fill({ ...p, ...changes, out })
  p.out.push(
    ...header.split('\n'),
    ...(out.length === 0 ? ['pass'] : out).map((text) => (text === '' ? '' : INDENT + text)),
  )
}

/** Code that stands where await is not allowed (a lambda, a comprehension), with its definitions before the statement. */
export function plain(p: Place): Place {
  return { ...p, async: false }
}

export interface Definition {
  readonly params?: string
  readonly decorators?: readonly string[]
  readonly async?: boolean
  readonly prefix?: string
  /** a coroutine that a task runs must not suspend */
  readonly quiet?: boolean
  /** the parameter that is the context */
  readonly ctx?: string | null
  /** where the definition must stand; by chance otherwise */
  readonly where?: 'here' | 'top'
}

/** Defines a function near or far and answers how the place calls it. Decorators are expressions that the definition's own place can see. */
export function define(g: Generator, p: Place, d: Definition, fill: (inner: Place, name: string) => void): string {
  const name = g.name(d.prefix ?? 'f')
  const home = d.where === 'here' ? p : d.where === 'top' || g.random.chance(0.5) ? topPlace(g, p) : p
  const decorators = (d.decorators ?? []).map((text) => `@${text}\n`).join('')
  const header = `${decorators}${d.async === true ? 'async ' : ''}def ${name}(${d.params ?? ''}):`
  const ctx = d.ctx ?? (home === p ? p.ctx : null)
  block(home, header, (inner) => fill(inner, name), {
    kind: 'function',
    async: d.async ?? false,
    running: g.asynchronous,
    quiet: d.quiet ?? p.quiet,
    ctx,
  })
  return home === p ? name : refer(g, p, home.module, name)
}

/** The top of this module or of one that this module may import. */
export function topPlace(g: Generator, p: Place): Place {
  const { random } = g
  const others = g.modules.filter((m) => m.open && m.index > p.module.index)
  const module = others.length > 0 && random.chance(0.4) ? random.pick(others) : p.module
  return { module, out: module.top, kind: 'module', async: false, running: false, quiet: p.quiet, ctx: null }
}

/** How a place says a name of another module. */
export function refer(g: Generator, p: Place, module: Module, name: string): string {
  if (module === p.module) return name
  const { random } = g
  const style = random.below(7)
  const last = module.name.slice(module.name.lastIndexOf('.') + 1)
  const parent = module.name.slice(0, Math.max(0, module.name.lastIndexOf('.')))
  const local = p.kind === 'function' && random.chance(0.25)
  const add = (text: string): void => {
    if (local) line(p, text)
    else need(p, text)
    g.features.add(local ? 'local-import' : 'import')
  }
  if (style === 0 && !local) {
    add(`import ${module.name}`)
    return `${module.name}.${name}`
  }
  if (style === 1) {
    const alias = g.name('mod')
    add(`import ${module.name} as ${alias}`)
    return `${alias}.${name}`
  }
  if (style === 2) {
    const alias = g.name(name)
    add(`from ${module.name} import ${name} as ${alias}`)
    return alias
  }
  if (style === 3 && parent !== '' && !local) {
    add(`from ${parent} import ${last}`)
    return `${last}.${name}`
  }
  if (style === 4 && !local) {
    g.features.add('star-import')
    need(p, `from ${module.name} import *`)
    return name
  }
  const seen = local ? g.name(name) : name
  add(`from ${module.name} import ${name}${local ? ` as ${seen}` : ''}`)
  return seen
}

export interface ClassDraft {
  readonly bases?: string
  readonly decorators?: readonly string[]
  readonly prefix?: string
  readonly where?: 'here' | 'top'
}

/** Defines a class near or far; `fill` writes its body into a place whose own definitions go to the class's surroundings. */
export function defineClass(g: Generator, p: Place, d: ClassDraft, fill: (body: ClassBody) => void): string {
  const name = g.name(d.prefix ?? 'C')
  const home = d.where === 'here' || (d.where !== 'top' && g.random.chance(0.4)) ? p : topPlace(g, p)
  const out: string[] = []
  fill({
    name,
    home,
    out,
    method: (header, write, decorators = []) => method(g, { home, out }, { header, decorators }, write),
    put: (text) => out.push(text),
  })
  for (const text of d.decorators ?? []) home.out.push(`@${text}`)
  home.out.push(
    `class ${name}${d.bases === undefined ? '' : `(${d.bases})`}:`,
    ...(out.length === 0 ? ['pass'] : out).map((text) => INDENT + text),
  )
  return home === p ? name : refer(g, p, home.module, name)
}

export interface ClassBody {
  readonly name: string
  /** where the class statement stands: expressions of the body are made for this place */
  readonly home: Place
  readonly out: string[]
  method(header: string, write: (inner: Place) => void, decorators?: readonly string[]): void
  put(text: string): void
}

function method(
  g: Generator,
  c: { readonly home: Place; readonly out: string[] },
  m: { readonly header: string; readonly decorators: readonly string[] },
  write: (inner: Place) => void,
): void {
  const at: Place = { ...c.home, out: c.out }
  const header = [...m.decorators.map((text) => `@${text}`), m.header].join('\n')
  block(at, header, write, {
    kind: 'function',
    async: m.header.startsWith('async '),
    running: g.asynchronous,
    ctx: c.home.kind === 'function' ? c.home.ctx : null,
  })
}

/** A module that nothing imports by itself, as the place of its body. */
export function freshModule(g: Generator, file: string, name: string): Place {
  const module = {
    file,
    name,
    index: Number.MAX_SAFE_INTEGER,
    open: false,
    head: new Set<string>(),
    top: [] as string[],
  }
  g.modules.push(module)
  return { module, out: module.top, kind: 'module', async: false, running: false, quiet: true, ctx: null }
}
