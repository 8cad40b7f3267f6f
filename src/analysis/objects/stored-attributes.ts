// Names of attributes that code of an entry point's files stores on any object: a module constant of such a name may be changed from outside.
// Each asked name is a cell, so that summaries remember what they were told; the names are those of the entry point's own closure, never of others.
import type { Domain } from '../domain/domain.ts'
import type { Cell, Store } from '../domain/state.ts'
import type { ModuleInfo } from '../domain/values.ts'
import type { TrackedProgram } from '../evidence/tracked.ts'

export interface StoredAttributes {
  /** begins an entry point; undone with everything else that it writes */
  readonly begin: (names: ReadonlySet<string>) => void
  /** whether code stores an attribute of that name on the module, or on something that is not known */
  readonly has: (module: ModuleInfo, name: string) => boolean
  /** the same for the module that this one has the name from */
  readonly hasImported: (module: ModuleInfo, name: string) => boolean
}

/** What these files store: names of attributes, those of modules with the module's file. */
export function storesIn(program: Pick<TrackedProgram, 'modules' | 'resolve'>, files: readonly string[]): Set<string> {
  const out = new Set<string>()
  for (const file of files) {
    const ir = program.modules.get(file)?.ir
    for (const name of ir?.attributeStores ?? []) out.add(name)
    for (const { level, module, name } of ir?.moduleStores ?? []) {
      const owner = program.resolve(file, module, level)
      out.add(owner.kind === 'file' ? inModule(owner.file, name) : name)
      out.add(inModule(ANY, name))
    }
  }
  return out
}

/** Stands for all modules. */
const ANY = '*'
const inModule = (file: string, name: string): string => `${file}:${name}`

export function storedAttributes(domain: Domain, store: Store): StoredAttributes {
  const cells = new Map<string, Cell>()
  let current: ReadonlySet<string> = new Set()
  const valueOf = (name: string): Cell['value'] => (current.has(name) ? domain.true : domain.false)
  const told = (name: string): boolean => {
    let cell = cells.get(name)
    if (cell === undefined) {
      cell = store.cell(valueOf(name), 0)
      cells.set(name, cell)
    }
    return store.read(cell) === domain.true
  }
  return {
    begin: (names) => {
      current = names
      for (const [name, cell] of cells) if (cell.value !== valueOf(name)) cell.value = valueOf(name)
    },
    has: ({ file }, name) => told(name) || told(inModule(file, name)),
    hasImported: ({ ir }, name) =>
      ir.imports.some(({ names }) => names?.some((n) => n === name || n === '*') === true) &&
      (told(name) || told(inModule(ANY, name))),
  }
}
