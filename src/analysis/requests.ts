// Entry-point requests, and the names that a module's imports give to things, without running anything.
// Shared by the ways in which entry points are found.
import type { Expr, Stmt } from '../ir/model.ts'
import type { LoadedModule } from '../program/program.ts'
import type { EntryArgument, EntryRequest } from './facts.ts'

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
    assumed: false,
    early,
    causes: [],
    keywords: null,
    setup: null,
    unlinked: [],
  }
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

/** The dotted access path of a name or attribute, through the module's own imports. */
export function dottedPath(x: Expr, module: LoadedModule): string | null {
  if (x.k === 'attr') {
    const owner = dottedPath(x.o, module)
    return owner === null ? null : `${owner}.${x.n}`
  }
  return x.k === 'name' ? importedPath(x.id, module) : null
}

/** What a module-level import binds a name to. */
export function importedPath(name: string, module: LoadedModule): string | null {
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
    }
  }
  visit(module.ir.body)
  return out
}
