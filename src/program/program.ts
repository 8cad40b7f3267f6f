// One program per commit: the files of the tree, how imports resolve to them, and the modules that were loaded. Files are read on demand, in
// batches, each parsed once per content. A missing import is a value with a reason, never an exception.
import { lowerModule } from '../ir/lower.ts'
import type { ModuleIr } from '../ir/model.ts'
import { blobId } from './blob-id.ts'
import { importTargets } from './imports.ts'
import type { FileEntry, SourceReader, UnreadableFile } from './model.ts'
import { createRoots, type Roots } from './roots.ts'

export interface LoadedModule {
  readonly file: string
  readonly name: string
  readonly isPackage: boolean
  readonly ir: ModuleIr
  readonly text: string
}

export type ImportResult =
  /** a file of the tree; `packages` are the `__init__.py` files that run before it, outermost first */
  | { readonly kind: 'file'; readonly file: string; readonly packages: readonly string[] }
  /** a directory without `__init__.py` (PEP 420) */
  | { readonly kind: 'namespace'; readonly directory: string; readonly packages: readonly string[] }
  /** its first part is in the tree, the rest is not */
  | { readonly kind: 'missing'; readonly packages: readonly string[] }
  | { readonly kind: 'external' }

/** Keeps the IR of a content across programs and runs. */
export interface IrStore {
  get(id: string): { readonly ir: ModuleIr; readonly text: string } | null
  set(id: string, ir: ModuleIr, text: string): void
}

export interface Program {
  readonly commit: string | null
  readonly remote: boolean
  readonly files: ReadonlyMap<string, FileEntry>
  readonly modules: ReadonlyMap<string, LoadedModule>
  readonly unreadable: ReadonlyMap<string, UnreadableFile>
  readonly parsed: number
  readonly reused: number
  resolve(from: string, module: string, level: number): ImportResult
  moduleName(file: string): string
  /** Reads and lowers these files and everything they import, in batches. */
  load(files: readonly string[]): Promise<void>
  /** Reads and lowers these files only. */
  read(files: readonly string[]): Promise<void>
  /** These files and everything that they import, as far as it was loaded or is missing; in order of their paths. */
  closure(files: readonly string[]): readonly string[]
  /** Bytes of files without lowering them (for a scan by content). */
  scan(files: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>
}

/** A git blob id identifies its content for ever; any other id only within its reader, so the bytes are hashed. */
function contentId(entry: FileEntry, bytes: Uint8Array): string {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(entry.id) ? entry.id : blobId(bytes)
}

/** Opens a program over a reader. The listing is complete or `list` throws. */
export async function openProgram(reader: SourceReader, store: IrStore): Promise<Program> {
  const entries = await reader.list()
  const files = new Map(entries.map((entry) => [entry.path, entry]))
  const roots: Roots = createRoots([...files.keys()])
  const modules = new Map<string, LoadedModule>()
  const unreadable = new Map<string, UnreadableFile>()
  const stats = { parsed: 0, reused: 0 }

  const add = (entry: FileEntry, content: { readonly ir: ModuleIr; readonly text: string }): void => {
    modules.set(entry.path, {
      file: entry.path,
      name: roots.moduleName(entry.path),
      isPackage: entry.path.endsWith('__init__.py'),
      ir: content.ir,
      text: content.text,
    })
  }
  const lowered = (entry: FileEntry, bytes: Uint8Array): { readonly ir: ModuleIr; readonly text: string } => {
    const id = contentId(entry, bytes)
    const known = id === entry.id ? null : store.get(id)
    if (known !== null) {
      stats.reused++
      return known
    }
    const made = lowerModule(bytes)
    stats.parsed++
    store.set(id, made.ir, made.text)
    return made
  }
  const read = async (wanted: readonly string[]): Promise<void> => {
    const missing: FileEntry[] = []
    for (const path of wanted) {
      const entry = files.get(path)
      if (entry === undefined || modules.has(path) || unreadable.has(path)) continue
      const known = store.get(entry.id)
      if (known === null) missing.push(entry)
      else {
        stats.reused++
        add(entry, known)
      }
    }
    if (missing.length === 0) return
    const contents = await reader.read(missing)
    for (const entry of missing) {
      const bytes = contents.get(entry.path)
      if (bytes === undefined)
        unreadable.set(entry.path, { reason: 'missing-file', message: 'its content is not available' })
      else if (!(bytes instanceof Uint8Array)) unreadable.set(entry.path, bytes)
      else add(entry, lowered(entry, bytes))
    }
  }
  const targets = new Map<string, readonly string[]>()
  const targetsOf = (path: string): readonly string[] => {
    let known = targets.get(path)
    if (known === undefined) {
      const module = modules.get(path)
      if (module === undefined) return []
      known = importTargets(module, roots)
      targets.set(path, known)
    }
    return known
  }
  return {
    commit: reader.commit,
    remote: reader.remote ?? false,
    files,
    modules,
    unreadable,
    get parsed() {
      return stats.parsed
    },
    get reused() {
      return stats.reused
    },
    resolve: (from, module, level) => roots.resolve(from, module, level),
    moduleName: (file) => roots.moduleName(file),
    read,
    load: async (start) => {
      const seen = new Set<string>()
      let frontier = [...start]
      while (frontier.length > 0) {
        await read(frontier)
        const next = new Set<string>()
        for (const path of frontier) {
          seen.add(path)
          for (const target of targetsOf(path)) if (!seen.has(target)) next.add(target)
        }
        frontier = [...next]
      }
    },
    closure: (start) => {
      const seen = new Set(start)
      for (const path of seen) for (const target of targetsOf(path)) seen.add(target)
      return [...seen].toSorted()
    },
    scan: async (paths) => {
      const contents = await reader.read(paths.flatMap((path) => files.get(path) ?? []))
      return new Map(
        [...contents].flatMap(([path, bytes]) => (bytes instanceof Uint8Array ? [[path, bytes] as const] : [])),
      )
    },
  }
}
