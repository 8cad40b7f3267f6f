// Static closures: the files that a file imports, directly or not, and a key that says all that an analysis can learn from them.
// Must stay true: two closures with one key hold the same contents at the same paths, and every import in them resolves to the same files.
import { createHash } from 'node:crypto'
import { importsOf, type Imports } from './imports.ts'
import type { UnreadableFile } from './model.ts'
import type { LoadedModule } from './program.ts'
import type { Roots } from './roots.ts'

export interface Closures {
  readonly targetsOf: (path: string) => readonly string[]
  /** takes what files import from an earlier run that saw the same tree */
  readonly recall: (targets: ReadonlyMap<string, readonly string[]>) => void
  /** the files and everything they import, as far as it is loaded or missing; in order of their paths */
  readonly closure: (files: readonly string[]) => readonly string[]
  /** whether a file's own imports ask this, so that its closure's key says the answer */
  readonly answers: (from: string, module: string, level: number) => boolean
  /** `mark`: what else is to be said of a file */
  readonly key: (files: readonly string[], mark: (file: string) => string) => string
  /** files whose closure holds this one; it is one of them */
  readonly importers: (path: string) => ReadonlySet<string>
  /** closures over the same files, of which one has another content */
  readonly revised: (
    modules: ReadonlyMap<string, LoadedModule>,
    unreadable: ReadonlyMap<string, UnreadableFile>,
    path: string,
  ) => Closures
}

/** What is known of the files so far, by path. */
interface Known {
  readonly imports: Map<string, Imports>
  readonly hashes: Map<string, string>
  /** targets alone, of files that need no look otherwise */
  readonly targets: Map<string, readonly string[]>
}

export function createClosures(
  modules: ReadonlyMap<string, LoadedModule>,
  unreadable: ReadonlyMap<string, UnreadableFile>,
  roots: Roots,
  { imports, hashes, targets }: Known = { imports: new Map(), hashes: new Map(), targets: new Map() },
): Closures {
  const importsAt = (path: string): Imports => {
    let known = imports.get(path)
    if (known === undefined) {
      const module = modules.get(path)
      if (module === undefined) return NOTHING
      known = importsOf(module, roots)
      imports.set(path, known)
    }
    return known
  }
  const targetsAt = (path: string): readonly string[] => targets.get(path) ?? importsAt(path).targets
  const hashOf = (path: string): string => {
    const module = modules.get(path)
    if (module === undefined) return `${path}\0${unreadable.get(path)?.reason ?? 'not read'}`
    let known = hashes.get(path)
    if (known === undefined) {
      const parts = [path, module.id, module.name, importsAt(path).results]
      known = createHash('sha1').update(JSON.stringify(parts)).digest('base64')
      hashes.set(path, known)
    }
    return known
  }
  const closure = (start: readonly string[]): readonly string[] => {
    const seen = new Set(start)
    for (const path of seen) for (const target of targetsAt(path)) seen.add(target)
    return [...seen].toSorted()
  }
  let known: { readonly size: number; readonly reverse: ReadonlyMap<string, readonly string[]> } | null = null
  /** Who imports each file, as far as modules are loaded. */
  const reversed = (): ReadonlyMap<string, readonly string[]> => {
    // modules are added and never replaced: as many are the same ones
    if (known?.size === modules.size) return known.reverse
    const reverse = new Map<string, string[]>()
    for (const from of modules.keys())
      for (const target of targetsAt(from)) {
        const list = reverse.get(target)
        if (list === undefined) reverse.set(target, [from])
        else list.push(from)
      }
    known = { size: modules.size, reverse }
    return reverse
  }
  return {
    targetsOf: targetsAt,
    recall: (told) => {
      for (const [path, found] of told) targets.set(path, found)
    },
    closure,
    answers: (from, module, level) => importsAt(from).asked.has(`${level}:${module}`),
    key: (files, mark) => {
      const hash = createHash('sha1')
      for (const path of closure(files)) hash.update(`${hashOf(path)}${mark(path)}\n`)
      return hash.digest('base64')
    },
    importers: (path) => {
      const reverse = reversed()
      const seen = new Set([path])
      for (const file of seen) for (const from of reverse.get(file) ?? []) seen.add(from)
      return seen
    },
    revised: (others, unread, path) => {
      const kept = { imports: new Map(imports), hashes: new Map(hashes), targets: new Map(targets) }
      for (const map of Object.values(kept)) map.delete(path)
      return createClosures(others, unread, roots, kept)
    },
  }
}

const NOTHING: Imports = { targets: [], results: [], asked: new Set() }
