// One file that the program asks for by name (the configuration, a baseline), from a directory. A name never leads out of the tree and
// never through a link: in a checkout of somebody else's branch both would read files of the machine.
import { lstatSync, readFileSync, realpathSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { join, sep } from 'node:path'
import type { NamedFile } from '../config/model.ts'

/** Larger files are refused unread; the largest file asked for by name is a baseline. */
export const NAMED_FILE_BYTES = 16 * 1024 * 1024

/** Reads `path` below `directory`. Everything that is not a regular file inside of it is `refused` with the reason. */
export function namedFile(directory: string, path: string): NamedFile {
  if (!isInside(path)) return { kind: 'refused', reason: 'is outside of the analysed tree' }
  const full = join(directory, path)
  const found = entryAt(full)
  if (found === null) return { kind: 'absent' }
  if (found.isSymbolicLink()) return { kind: 'refused', reason: 'is a symbolic link' }
  if (found.isDirectory()) return { kind: 'refused', reason: 'is a directory' }
  if (!found.isFile()) return { kind: 'refused', reason: 'is not a regular file' }
  if (!realpathSync(full).startsWith(realpathSync(directory).replace(/[\\/]?$/, sep)))
    return { kind: 'refused', reason: 'is reached through a symbolic link' }
  if (found.size > NAMED_FILE_BYTES) return { kind: 'refused', reason: 'is too large' }
  try {
    return { kind: 'file', bytes: readFileSync(full) }
  } catch (error) {
    return { kind: 'refused', reason: `cannot be read (${errorCode(error)})` }
  }
}

/** The system's short name of an error (`EACCES`), without the path that its message repeats. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : 'unknown error'
}

/** What stands there (a link is a link), or null, also when a parent is no directory. */
export function entryAt(path: string | Buffer): Stats | null {
  try {
    return lstatSync(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null
    throw error
  }
}

/** A relative path with `/` that stays below its root. */
export function isInside(path: string): boolean {
  if (path === '' || path.startsWith('/') || path.includes('\\') || path.includes('\0') || /^[A-Za-z]:/.test(path))
    return false
  return !path.split('/').includes('..')
}
