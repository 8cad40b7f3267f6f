// Files of a plain directory. Links are never followed (neither files nor directories, so a loop cannot trap us), and `.git`,
// `node_modules` and `__pycache__` are not part of a program. Listing only looks at names and sizes; contents are read when asked for.
import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, readdirSync, statSync } from 'node:fs'
import type { Dirent, Stats } from 'node:fs'
import { resolve } from 'node:path'
import { blobId } from '../program/blob-id.ts'
import { isMark } from '../program/marks.ts'
import type { FileEntry, Link, SourceReader, UnreadableFile } from '../program/model.ts'
import { ConfigurationError } from '../config/model.ts'
import { byPath, notListed } from './memory.ts'
import { hasEscapedBytes, isPython, nameBytes, nameText } from './paths.ts'
import { entryAt, errorCode } from './policy-file.ts'

const SKIPPED: ReadonlySet<string> = new Set(['.git', 'node_modules', '__pycache__'])

/**
 * A reader over the directory. How an entry is identified: with `stat`, by device, inode, size and time of change (fast: no file is
 * opened); with `content`, by the blob id of its bytes (every file is read once), so that equal files of two directories are recognised.
 * Either way equal ids mean equal content within one process, as long as nobody writes into the directory while it is analysed; ids
 * made by `stat` say nothing outside of this process and must not become keys of a stored cache.
 * Throws a ConfigurationError if there is no such directory.
 */
export function directoryReader(directory: string, identity: 'stat' | 'content' = 'stat'): SourceReader {
  const root = resolve(directory)
  if (!lstatSafe(root)?.isDirectory() && !isLinkToDirectory(root))
    throw new ConfigurationError(`${directory}: not a directory`)
  let listing: Listing | null = null
  const listed = (): Listing => (listing ??= listDirectory(root, identity))
  return {
    commit: null,
    list: () => Promise.resolve().then(() => listed().entries),
    marks: () => Promise.resolve().then(() => listed().marks),
    links: () => Promise.resolve().then(() => listed().links),
    read: (entries) =>
      Promise.resolve(
        new Map<string, Uint8Array | UnreadableFile>(entries.map(({ path }) => [path, readFileIn(root, path)])),
      ),
  }
}

/** The bytes of a file below `root`, or why they are not to be had. Never throws. */
export function readFileIn(root: string, path: string): Uint8Array | UnreadableFile {
  const full = systemPath(root, path)
  try {
    const found = entryAt(full)
    if (found === null) return notListed(path)
    if (!found.isFile()) return { reason: 'unreadable', message: `${path} is not a regular file` }
    return readFileSync(full)
  } catch (error) {
    return { reason: 'unreadable', message: `${path} cannot be read (${errorCode(error)})` }
  }
}

/** The path for the system: text, or bytes where the name is not UTF-8. */
export function systemPath(root: string, path: string): string | Buffer {
  return hasEscapedBytes(path) ? Buffer.concat([Buffer.from(`${root}/`), nameBytes(path)]) : `${root}/${path}`
}

interface Listing {
  readonly entries: readonly FileEntry[]
  readonly marks: readonly FileEntry[]
  readonly links: readonly Link[]
}

function listDirectory(root: string, identity: 'stat' | 'content'): Listing {
  const entries: FileEntry[] = []
  const marks: FileEntry[] = []
  const links: Link[] = []
  const waiting = ['']
  for (let prefix = waiting.pop(); prefix !== undefined; prefix = waiting.pop()) {
    for (const entry of children(root, prefix)) {
      const name = nameText(entry.name)
      const path = prefix + name
      // file systems that do not say what an entry is give neither; links give `isSymbolicLink`
      if (entry.isDirectory()) {
        if (!SKIPPED.has(name)) waiting.push(`${path}/`)
      } else if (entry.isFile() && isPython(name)) entries.push(entryOf(root, path, identity))
      else if (entry.isFile() && isMark(name)) marks.push(entryOf(root, path, identity))
      else if (entry.isSymbolicLink()) links.push({ path, isDirectory: isDirectory(systemPath(root, path)) })
    }
  }
  return { entries: entries.toSorted(byPath), marks: marks.toSorted(byPath), links: links.toSorted(byPath) }
}

/** A directory that cannot be opened is an error: a listing is complete or it is none. */
function children(root: string, prefix: string): readonly Dirent<Buffer>[] {
  const directory = prefix === '' ? root : systemPath(root, prefix.slice(0, -1))
  try {
    return readdirSync(directory, { withFileTypes: true, encoding: 'buffer' })
  } catch (error) {
    throw new ConfigurationError(`${prefix === '' ? root : prefix}: the directory cannot be read (${errorCode(error)})`)
  }
}

function entryOf(root: string, path: string, identity: 'stat' | 'content'): FileEntry {
  const found = lstatSafe(systemPath(root, path))
  const size = found?.size ?? 0
  if (identity === 'stat') return { path, id: found === null ? unreadableId(root, path) : statId(found), size }
  const bytes = readFileIn(root, path)
  return bytes instanceof Uint8Array
    ? { path, id: blobId(bytes), size: bytes.byteLength }
    : { path, id: unreadableId(root, path), size }
}

function statId(found: Stats): string {
  return `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}`
}

/** An id that nothing else has: a file that cannot be read is equal to nothing. */
export function unreadableId(root: string, path: string): string {
  return `unreadable:${createHash('sha1').update(`${root}\0${path}`).digest('hex')}`
}

/** Whether a link leads to a directory; one that leads nowhere, or round in a circle, does not. */
export function isDirectory(path: string | Buffer): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function lstatSafe(path: string | Buffer): Stats | null {
  try {
    return lstatSync(path)
  } catch {
    return null
  }
}

/** The directory that the user names may itself be a link; only what is found below is not followed. */
function isLinkToDirectory(root: string): boolean {
  try {
    readdirSync(root)
    return true
  } catch {
    return false
  }
}
