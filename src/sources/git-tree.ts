// The files of a commit, from its tree. Symlinks (mode 120000) and submodules (160000) are not listed: they are never followed and never
// read as Python. Paths are relative to the directory in which git runs, so a subdirectory of a repository is a tree of its own.
import type { FileEntry, Link } from '../program/model.ts'
import { isMark } from '../program/marks.ts'
import { gitOutput, runGit, splitNul } from './git-process.ts'
import { isPython, nameText } from './paths.ts'

export interface TreeEntry {
  readonly mode: string
  readonly type: string
  readonly id: string
  /** bytes; 0 when the size is not known without the content */
  readonly size: number
  readonly path: string
}

/** A mode of a regular file (git: `100644`, `100755`, and `100664` of very old trees). */
export function isRegular(mode: string): boolean {
  return mode.startsWith('100')
}

/** A mode of what is never followed: a symlink or a submodule. */
export function isLeftOut(mode: string): boolean {
  return mode === '120000' || mode === '160000'
}

export interface CommitListing {
  /** every regular Python file, by path */
  readonly files: readonly FileEntry[]
  readonly marks: readonly FileEntry[]
  /** symlinks and submodules, whatever they lead to */
  readonly links: readonly Link[]
}

/** What a commit has of Python. */
export async function commitListing(directory: string, commit: string): Promise<CommitListing> {
  const sized = await runGit(directory, ['ls-tree', '-r', '-z', '-l', commit])
  // Sizes need the objects; in a partial clone some are not there, and the listing is complete without sizes as well.
  const output = sized.status === 0 ? sized.stdout : await gitOutput(directory, ['ls-tree', '-r', '-z', commit])
  const entries = splitNul(output)
    .map((record) => readEntry(record))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const regular = entries.filter(({ mode }) => isRegular(mode)).map(({ path, id, size }) => ({ path, id, size }))
  return {
    files: regular.filter(({ path }) => isPython(path)),
    marks: regular.filter(({ path }) => isMark(path)),
    links: entries.filter(({ mode }) => isLeftOut(mode)).map(({ path }) => ({ path, isDirectory: false })),
  }
}

/** What stands at one path of a commit, or null. A path that leaves the tree is nothing. */
export async function entryAt(directory: string, commit: string, path: string): Promise<TreeEntry | null> {
  const found = await runGit(directory, ['--literal-pathspecs', 'ls-tree', '-z', commit, '--', path])
  if (found.status !== 0) return null
  const entries = splitNul(found.stdout).map((record) => readEntry(record))
  return entries.find((entry) => entry.path === path) ?? null
}

/** `<mode> <type> <id>[ <size>]` TAB `<path>` (git-ls-tree, "OUTPUT FORMAT"). */
function readEntry(record: Buffer): TreeEntry {
  const tab = record.indexOf(9)
  const [mode = '', type = '', id = '', size] = record.toString('latin1', 0, tab).split(/ +/)
  const bytes = Number(size)
  return { mode, type, id, size: Number.isInteger(bytes) ? bytes : 0, path: nameText(record.subarray(tab + 1)) }
}
