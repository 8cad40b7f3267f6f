// One program per commit: the files of the tree, how imports resolve to them, and the modules that were loaded. Files are read on demand, in
// batches, each parsed once per content. A missing import is a value with a reason, never an exception.
import { createHash } from 'node:crypto'
import { loweredContent, type ModuleContent, type ReleasableContent } from '../ir/content.ts'
import type { ModuleIr } from '../ir/model.ts'
import { blobId, isContentId } from './blob-id.ts'
import { createClosures, type Closures } from './closure.ts'
import type { FileEntry, SourceReader, UnreadableFile } from './model.ts'
import { createRoots, type Roots } from './roots.ts'

export interface LoadedModule {
  readonly file: string
  readonly name: string
  readonly isPackage: boolean
  /** names the content for ever: git's blob id of its bytes */
  readonly id: string
  readonly ir: ModuleIr
  readonly text: string
  readonly derive: ModuleContent['derive']
}

export type ImportResult =
  /** a file of the tree; `packages` are the `__init__.py` files that run before it, outermost first */
  | { readonly kind: 'file'; readonly file: string; readonly packages: readonly string[] }
  /** a directory without `__init__.py` (PEP 420) */
  | { readonly kind: 'namespace'; readonly directory: string; readonly packages: readonly string[] }
  /** its first part is in the tree, the rest is not */
  | { readonly kind: 'missing'; readonly packages: readonly string[] }
  | { readonly kind: 'external' }

/** Keeps contents across programs and runs. */
export interface IrStore {
  get(id: string): ModuleContent | null
  set(id: string, content: ReleasableContent): unknown
  /** Gives up the statements of all contents; they come back when somebody asks for them. */
  release(): void
}

export interface Program {
  readonly commit: string | null
  readonly remote: boolean
  readonly reader: SourceReader
  readonly files: ReadonlyMap<string, FileEntry>
  /** files beside Python that decide what a framework loads */
  readonly marks: ReadonlyMap<string, FileEntry>
  readonly modules: ReadonlyMap<string, LoadedModule>
  readonly unreadable: ReadonlyMap<string, UnreadableFile>
  readonly parsed: number
  resolve(from: string, module: string, level: number): ImportResult
  moduleName(file: string): string
  /** Reads and lowers these files and everything they import, in batches. */
  load(files: readonly string[]): Promise<void>
  /** As `load`, as far as contents are known without lowering them; says whether that was all. */
  loadKnown(files: readonly string[]): Promise<boolean>
  /** Reads and lowers these files only. */
  read(files: readonly string[]): Promise<void>
  /** These files and everything that they import, as far as it was loaded or is missing; in order of their paths. */
  closure(files: readonly string[]): readonly string[]
  /** Says all that an analysis can learn from a closure: contents, paths and what its imports stand for. `mark`: what else there is to say of a file. */
  closureKey(files: readonly string[], mark: (file: string) => string): string
  /** Whether the key of a closure that holds `from` says what this look-up finds. */
  answers(from: string, module: string, level: number): boolean
  /** Tells what files import, as it was found out of the same tree before: their closures need no content. */
  recall(targets: ReadonlyMap<string, readonly string[]>): void
  /** Files that a loaded file imports. */
  targetsOf(file: string): readonly string[]
  /** Says everything about the tree: all paths and all contents, marks included. Reads what it has to. */
  treeKey(): Promise<string>
  /** Names the content of a file or a mark for ever; null where that is not known (yet). */
  contentId(file: string): string | null
  /** false when a file could not be read, or had another content than before: the next run may find another tree */
  readonly isSteady: boolean
  /** Gives memory back; nothing is lost. */
  release(): void
  /** Files whose closure holds this one, as far as they are loaded; it is one of them. */
  importers(path: string): ReadonlySet<string>
  /** The same tree through a reader in which the content of this file is another one. What is known of the other files is kept. */
  revised(reader: SourceReader, path: string): Promise<Program>
  /** Bytes of files without lowering them (for a scan by content). */
  scan(files: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>
}

/** Opens a program over a reader. The listing is complete or `list` throws. */
export async function openProgram(reader: SourceReader, store: IrStore): Promise<Program> {
  const files = new Map((await reader.list()).map((entry) => [entry.path, entry]))
  const marks = new Map(((await reader.marks?.()) ?? []).map((entry) => [entry.path, entry]))
  const roots = createRoots([...files.keys()])
  const modules = new Map<string, LoadedModule>()
  const unreadable = new Map<string, UnreadableFile>()
  const closures = createClosures(modules, unreadable, roots)
  return programOver({
    reader,
    store,
    files,
    marks,
    roots,
    modules,
    unreadable,
    closures,
    stats: { parsed: 0, unsteady: 0 },
    ids: new Map(),
  })
}

/** A program under way: what was listed, and what was read so far. */
interface Opened {
  readonly reader: SourceReader
  readonly store: IrStore
  readonly files: ReadonlyMap<string, FileEntry>
  readonly marks: ReadonlyMap<string, FileEntry>
  readonly roots: Roots
  readonly modules: Map<string, LoadedModule>
  readonly unreadable: Map<string, UnreadableFile>
  readonly closures: Closures
  /** `unsteady`: reads that gave no bytes, or others than before */
  readonly stats: { parsed: number; unsteady: number }
  /** ids of contents by ids of the listing that name a content within this process only */
  readonly ids: Map<string, string>
}

function programOver(opened: Opened): Program {
  const { reader, files, marks, roots, modules, unreadable, stats } = opened
  const { closure, answers, key, importers, recall, targetsOf } = opened.closures
  let treeKey: Promise<string> | null = null
  return {
    commit: reader.commit,
    remote: reader.remote ?? false,
    reader,
    files,
    marks,
    modules,
    unreadable,
    get parsed() {
      return stats.parsed
    },
    resolve: (from, module, level) => roots.resolve(from, module, level),
    moduleName: (file) => roots.moduleName(file),
    read: (wanted) => readFiles(opened, wanted),
    load: async (start) => {
      await walk(opened, start, async (paths) => {
        await readFiles(opened, paths)
        return true
      })
    },
    loadKnown: (start) => walk(opened, start, (paths) => readKnown(opened, paths)),
    closure,
    answers,
    closureKey: key,
    recall,
    targetsOf,
    treeKey: () => (treeKey ??= wholeKey(opened)),
    contentId: (file) => contentId(opened, files.get(file) ?? marks.get(file)),
    get isSteady() {
      return stats.unsteady === 0
    },
    release: () => opened.store.release(),
    importers,
    revised: (other, path) => revised(opened, other, path),
    scan: (paths) => scanned(opened, paths),
  }
}

/** From files to what they import, level by level, until `read` says that it is not worth to go on; says whether it came to the end. */
async function walk(
  { closures }: Opened,
  start: readonly string[],
  read: (paths: readonly string[]) => Promise<boolean>,
): Promise<boolean> {
  const seen = new Set<string>()
  for (let frontier = [...start]; frontier.length > 0; ) {
    if (!(await read(frontier))) return false
    const next = new Set<string>()
    for (const path of frontier) {
      seen.add(path)
      for (const target of closures.targetsOf(path)) if (!seen.has(target)) next.add(target)
    }
    frontier = [...next]
  }
  return true
}

async function revised(before: Opened, reader: SourceReader, path: string): Promise<Program> {
  const entry = (await reader.list()).find((listed) => listed.path === path)
  const files = new Map(before.files)
  if (entry !== undefined) files.set(path, entry)
  const [modules, unreadable] = [new Map(before.modules), new Map(before.unreadable)]
  unreadable.delete(path)
  const closures = before.closures.revised(modules, unreadable, path)
  const [stats, ids] = [{ parsed: 0, unsteady: 0 }, new Map(before.ids)]
  const opened = { ...before, reader, files, modules, unreadable, closures, stats, ids }
  if (entry !== undefined) accept(opened, entry, (await reader.read([entry])).get(path))
  return programOver(opened)
}

function add({ modules, roots }: Opened, { path }: FileEntry, id: string, content: ModuleContent): void {
  modules.set(path, {
    file: path,
    name: roots.moduleName(path),
    isPackage: path.endsWith('__init__.py'),
    id,
    get ir() {
      return content.ir
    },
    derive: content.derive,
    get text() {
      return content.text
    },
  })
}

/** What a reader answered for a file: its bytes, or why there are none. */
function accept(opened: Opened, entry: FileEntry, answer: Uint8Array | UnreadableFile | undefined): void {
  const { store, stats, unreadable } = opened
  if (!(answer instanceof Uint8Array)) {
    stats.unsteady++
    unreadable.set(entry.path, answer ?? { reason: 'missing-file', message: 'its content is not available' })
    return
  }
  const id = identified(opened, entry, answer)
  const known = id === entry.id ? null : store.get(id)
  if (known !== null) {
    add(opened, entry, id, known)
    return
  }
  const made = loweredContent(answer)
  stats.parsed++
  store.set(id, made)
  add(opened, entry, id, made)
}

/** The id of a content for ever, from the id of the listing and the bytes. */
function identified({ ids, stats }: Opened, entry: FileEntry, bytes: Uint8Array): string {
  if (isContentId(entry.id)) return entry.id
  const id = blobId(bytes)
  const before = ids.get(entry.id)
  if (before !== undefined && before !== id) stats.unsteady++
  ids.set(entry.id, id)
  return id
}

function contentId({ ids }: Opened, entry: FileEntry | undefined): string | null {
  if (entry === undefined) return null
  return isContentId(entry.id) ? entry.id : (ids.get(entry.id) ?? null)
}

/** Adds what the store knows; what is left has to be read. */
function unknownOf(opened: Opened, wanted: readonly string[]): FileEntry[] {
  const { files, modules, unreadable, store, ids } = opened
  return wanted.flatMap((path) => {
    const entry = files.get(path)
    if (entry === undefined || modules.has(path) || unreadable.has(path)) return []
    const id = ids.get(entry.id) ?? entry.id
    const known = store.get(id)
    if (known === null) return [entry]
    add(opened, entry, id, known)
    return []
  })
}

async function readFiles(opened: Opened, wanted: readonly string[]): Promise<void> {
  const missing = unknownOf(opened, wanted)
  if (missing.length === 0) return
  const contents = await opened.reader.read(missing)
  for (const entry of missing) accept(opened, entry, contents.get(entry.path))
}

/** Reads what has to be read to tell whether it is known; whether all of it was. */
async function readKnown(opened: Opened, wanted: readonly string[]): Promise<boolean> {
  const missing = unknownOf(opened, wanted)
  if (missing.some(({ id }) => isContentId(id) || opened.ids.has(id))) return false
  if (missing.length === 0) return true
  for (const [path, bytes] of await opened.reader.read(missing)) {
    const entry = opened.files.get(path)
    if (entry === undefined || !(bytes instanceof Uint8Array)) return false
    identified(opened, entry, bytes)
  }
  return unknownOf(opened, wanted).length === 0
}

async function scanned(opened: Opened, paths: readonly string[]): Promise<Map<string, Uint8Array>> {
  const { reader, files, marks, ids, stats } = opened
  const entries = paths.flatMap((path) => files.get(path) ?? marks.get(path) ?? [])
  const contents = await reader.read(entries)
  const found = new Map<string, Uint8Array>()
  for (const entry of entries) {
    const bytes = contents.get(entry.path)
    if (bytes instanceof Uint8Array) {
      // what is said of a content must be said of these bytes
      if (ids.has(entry.id)) identified(opened, entry, bytes)
      found.set(entry.path, bytes)
    } else stats.unsteady++
  }
  return found
}

/** Files whose bytes are in memory at once while a tree is named. */
const NAMED_AT_ONCE = 500

async function wholeKey(opened: Opened): Promise<string> {
  const entries = [...opened.files.values(), ...opened.marks.values()]
  const unnamed = entries.filter((entry) => contentId(opened, entry) === null)
  for (let from = 0; from < unnamed.length; from += NAMED_AT_ONCE) {
    const some = unnamed.slice(from, from + NAMED_AT_ONCE)
    const contents = await opened.reader.read(some)
    for (const entry of some) {
      const bytes = contents.get(entry.path)
      if (bytes instanceof Uint8Array) identified(opened, entry, bytes)
      else opened.stats.unsteady++
    }
  }
  const hash = createHash('sha1')
  for (const entry of entries) hash.update(`${entry.path}\0${contentId(opened, entry) ?? 'unreadable'}\n`)
  return hash.digest('base64')
}
