// Entry-point requests, and the names that a module's imports give to things, without running anything.
// Shared by the ways in which entry points are found.
import { definitionIn, flattened } from '../../ir/lookup.ts'
import type { ClassIr, Expr, FunctionIr, Stmt } from '../../ir/model.ts'
import { dottedName } from '../../ir/nodes.ts'
import type { LoadedModule, Program } from '../../program/program.ts'
import type { EntryArgument, EntryRequest } from '../evidence/facts.ts'

/** The body of a module as an entry point. */
export function moduleEntry(file: string, profile: string, early = false): EntryRequest {
  return {
    id: file,
    file,
    qualname: null,
    profile,
    context: null,
    receiver: null,
    link: null,
    injects: [],
    arguments: [],
    entered: false,
    assumed: false,
    early,
    causes: [],
    keywords: null,
    setup: null,
    reenters: false,
    unlinked: [],
  }
}

/** The body of a module; what it reaches only through another entry point belongs to that one. */
export function reentering(file: string, profile: string): EntryRequest {
  return { ...moduleEntry(file, profile), reenters: true }
}

/** `if __name__ == "__main__":` does not run when the module is imported. */
export function isMainGuard(s: Stmt): boolean {
  return s.k === 'if' && s.c.k === 'cmp' && s.c.l.k === 'name' && s.c.l.id === '__name__'
}

export function functionEntry(
  file: string,
  qualname: string,
  profile: string,
  args: readonly EntryArgument[],
): EntryRequest {
  return {
    ...moduleEntry(file, profile),
    id: `${file}::${qualname}`,
    qualname,
    context: null,
    arguments: args,
  }
}

/** The dotted access path of a name or attribute, through the module's own imports, or those of `scope` (a function's statements). */
export function dottedPath(x: Expr, module: LoadedModule, scope: readonly Stmt[] = []): string | null {
  if (x.k === 'attr') {
    const owner = dottedPath(x.o, module, scope)
    return owner === null ? null : `${owner}.${x.n}`
  }
  return x.k === 'name' ? (pathIn(x.id, scope) ?? importedPath(x.id, module)) : null
}

/** What a module-level import binds a name to, or an assignment of an imported name; a name of the module itself for `A = B`. */
export function importedPath(name: string, module: LoadedModule): string | null {
  return pathIn(name, module.ir.body)
}

/** Assignments of names to names that are followed. */
const MAX_ALIASES = 3

function pathIn(name: string, statements: readonly Stmt[], depth = 0): string | null {
  let out: string | null = null
  for (const s of flattened(statements)) {
    if (s.k === 'import') {
      for (const alias of s.names)
        if ((alias.as ?? alias.n.split('.')[0]) === name) out = alias.as === null ? name : alias.n
    } else if (s.k === 'from') {
      for (const alias of s.names) if ((alias.as ?? alias.n) === name) out = pathFrom(s, alias.n)
    } else if (s.k === 'assign' && depth < MAX_ALIASES && s.targets.some((t) => t.k === 'name' && t.id === name)) {
      const [root = '', ...rest] = dottedName(s.x)?.split('.') ?? []
      const owner = root === '' || root === name ? null : pathIn(root, statements, depth + 1)
      if (owner !== null) out = [owner, ...rest].join('.')
      else if (rest.length === 0 && root !== '' && root !== name) out = root
    }
  }
  return out
}

/** What a name means that a `from` statement imports: `a.b.NAME`, `..b.NAME`; `.NAME` for `from . import NAME`. */
function pathFrom({ level, module }: Extract<Stmt, { k: 'from' }>, name: string): string {
  return `${'.'.repeat(level)}${module}${module === '' ? '' : '.'}${name}`
}

/** A function or class at the top of a module. */
export interface Definition {
  readonly module: LoadedModule
  readonly node: FunctionIr | ClassIr
}

/** A class at the top of a module. */
export interface ClassPlace {
  readonly module: LoadedModule
  readonly cls: ClassIr
}

/** Re-exports followed from one module to the next. */
const MAX_REEXPORTS = 6

/** The function or class of the tree that a dotted path of a module stands for, over its own names and imports; null when it is none. */
export async function definitionOf(
  program: Program,
  from: LoadedModule,
  path: string,
  depth = 0,
): Promise<Definition | null> {
  return path.includes('.') ? definitionAt(program, from.file, path, depth) : topLevel(program, from, path, depth)
}

/** The same for a path with a dot, as the file `from` would import it; '' for what every file can import. */
export async function definitionAt(
  program: Program,
  from: string,
  path: string,
  depth = 0,
): Promise<Definition | null> {
  const target = targetOf(program, from, path)
  if (target === null || target.file === from) return null
  await program.read([target.file])
  const module = program.modules.get(target.file)
  return module === undefined ? null : topLevel(program, module, target.name, depth)
}

/** The file of the tree, and the name in it, that a dotted path means in the file `from`: `a.b.NAME`, `..b.NAME`, `.NAME`; null outside of the tree. */
export function targetOf(
  program: Pick<Program, 'resolve'>,
  from: string,
  path: string,
): { readonly file: string; readonly name: string } | null {
  const level = /^\.*/.exec(path)?.[0].length ?? 0
  const dotted = path.slice(level)
  const cut = dotted.lastIndexOf('.')
  if (level === 0 && cut < 0) return null
  const target = program.resolve(from, cut < 0 ? '' : dotted.slice(0, cut), level)
  return target.kind === 'file' ? { file: target.file, name: dotted.slice(cut + 1) } : null
}

async function topLevel(
  program: Program,
  module: LoadedModule,
  name: string,
  depth: number,
): Promise<Definition | null> {
  const own = definitionIn(module.ir, name)
  if (own !== null) return { module, node: own }
  if (depth > MAX_REEXPORTS) return null
  const path = importedPath(name, module)
  if (path !== null) return path === name ? null : definitionOf(program, module, path, depth + 1)
  for (const s of flattened(module.ir.body)) {
    if (s.k !== 'from' || s.names[0]?.n !== '*') continue
    const starred = await definitionAt(program, module.file, pathFrom(s, name), depth + 1)
    if (starred !== null) return starred
  }
  return null
}

/** Base classes followed upwards; chains of frameworks have one or two. */
const MAX_BASES = 6

/** The class of the tree that an expression of a module names, over imports and re-exports. */
export async function classNamed(program: Program, from: LoadedModule, x: Expr): Promise<ClassPlace | null> {
  const path = dottedPath(x, from) ?? (x.k === 'name' ? x.id : null)
  return path === null ? null : classOf(await definitionOf(program, from, path))
}

/** The class that a definition is. */
export function classOf(definition: Definition | null): ClassPlace | null {
  return definition === null || 'params' in definition.node ? null : { module: definition.module, cls: definition.node }
}

/** A class and its bases in the tree, nearest first. */
export async function lineageOf(program: Program, place: ClassPlace): Promise<ClassPlace[]> {
  const out = [place]
  for (const { module, cls } of out) {
    if (out.length > MAX_BASES) break
    for (const base of cls.bases) {
      const target = base.n === undefined ? await classNamed(program, module, base.x) : null
      if (target !== null && !out.some((c) => c.cls === target.cls)) out.push(target)
    }
  }
  return out
}
