// Entry-point requests, and the names that a module's imports give to things, without running anything.
// Shared by the ways in which entry points are found.
import type { ClassIr, Expr, FunctionIr, Stmt } from '../../ir/model.ts'
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

/** What a module-level import binds a name to. */
export function importedPath(name: string, module: LoadedModule): string | null {
  return pathIn(name, module.ir.body)
}

function pathIn(name: string, statements: readonly Stmt[]): string | null {
  let out: string | null = null
  const visit = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (s.k === 'import')
        for (const alias of s.names)
          if ((alias.as ?? alias.n.split('.')[0]) === name) out = alias.as === null ? name : alias.n
      if (s.k === 'from')
        for (const alias of s.names)
          if ((alias.as ?? alias.n) === name) out = `${'.'.repeat(s.level)}${s.module}.${alias.n}`
      if (s.k === 'if') visit([...s.t, ...s.f])
      if (s.k === 'try') visit([...s.body, ...s.handlers.flatMap((h) => h.body)])
      if (s.k === 'with') visit(s.body)
    }
  }
  visit(statements)
  return out
}

/** A function or class at the top of a module. */
export interface Definition {
  readonly module: LoadedModule
  readonly node: FunctionIr | ClassIr
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
  if (!path.includes('.')) return topLevel(program, from, path, depth)
  const target = targetOf(program, from.file, path)
  if (target === null || target.file === from.file) return null
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
  const own = module.ir.body
    .flatMap((s): (ClassIr | FunctionIr)[] => {
      if (s.k === 'class' && s.cls.name === name) return [s.cls]
      return s.k === 'def' && s.fn.name === name ? [s.fn] : []
    })
    .at(-1)
  if (own !== undefined) return { module, node: own }
  const path = importedPath(name, module)
  return path === null || path === name || depth > MAX_REEXPORTS ? null : definitionOf(program, module, path, depth + 1)
}
