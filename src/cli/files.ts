// Writing files of the user: each appears whole or not at all, and only where what stands there is what we saw.
// Must stay true: nothing is written through a symbolic link, and a file that somebody else changed meanwhile is left alone.
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { errorCode } from './policy.ts'

export type FilePath = string | Buffer

/** What stands at a path: its bytes, nothing, or something that is never written over (the reason continues a sentence). */
export type Standing =
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly mode: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly reason: string }

export function standing(path: FilePath): Standing {
  let found: Stats
  try {
    found = lstatSync(path)
  } catch (error) {
    const code = errorCode(error)
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'refused', reason: `cannot be read (${code})` }
  }
  if (found.isSymbolicLink()) return { kind: 'refused', reason: 'is a symbolic link' }
  if (!found.isFile()) return { kind: 'refused', reason: 'is not a regular file' }
  try {
    return { kind: 'file', bytes: readFileSync(path), mode: found.mode }
  } catch (error) {
    return { kind: 'refused', reason: `cannot be read (${errorCode(error)})` }
  }
}

export interface NewContent {
  readonly path: FilePath
  readonly bytes: Uint8Array
  /** what has to stand there; null: nothing */
  readonly expected: Uint8Array | null
}

/** Writes one file by renaming a complete one into its place. Answers why not, or null. */
export function replaceFile({ path, bytes, expected }: NewContent): string | null {
  const now = standing(path)
  if (now.kind === 'refused') return now.reason
  if (expected === null ? now.kind === 'file' : now.kind !== 'file' || !now.bytes.equals(expected))
    return expected === null ? 'is there already' : 'was changed meanwhile'
  const beside = besideOf(path)
  try {
    if (typeof path === 'string') mkdirSync(dirname(path), { recursive: true })
    writeFileSync(beside, bytes, { flag: 'wx' })
    if (now.kind === 'file') chmodSync(beside, now.mode)
    renameSync(beside, path)
    return null
  } catch (error) {
    rmSync(beside, { force: true })
    return `cannot be written (${errorCode(error)})`
  }
}

/** A name in the same directory, so that renaming is one step of the file system. */
function besideOf(path: FilePath): FilePath {
  const ending = `.phasegate-${process.pid}.tmp`
  return typeof path === 'string' ? path + ending : Buffer.concat([path, Buffer.from(ending)])
}
