// Writes report files: below the workspace only, never through a symlink. A path that is not allowed is a mistake in the workflow (exit 2);
// a file that cannot be written is a failure of the run (exit 3), because somebody relies on it.
import { closeSync, constants, lstatSync, mkdirSync, openSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { ConfigurationError } from '../config/model.ts'
import { codeOf } from './event-file.ts'
import type { Environment } from './inputs.ts'

export interface OutputFile {
  /** the input that names it */
  readonly input: string
  /** as given */
  readonly path: string
}

/** The absolute path for an output file. Throws a ConfigurationError if it is not below the workspace. */
export function placeInWorkspace({ input, path }: OutputFile, env: Environment): string {
  const root = env['GITHUB_WORKSPACE'] ?? ''
  if (root === '')
    throw new ConfigurationError(`input ${input}: GITHUB_WORKSPACE is not set, so there is no place for a file`)
  const target = resolve(root, path)
  if (!isInside(root, target)) throw new ConfigurationError(`input ${input}: the path is outside of the workspace`)
  // every directory on the way may be a link that leads out
  for (let at = dirname(target); isInside(root, at); at = dirname(at)) {
    const kind = kindOf(at)
    if (kind === 'link' && !isInside(realpathSync(root), realOf(at, input)))
      throw new ConfigurationError(`input ${input}: the path leads out of the workspace through a symlink`)
    if (kind === 'file') throw new ConfigurationError(`input ${input}: a part of the path is a file`)
  }
  const kind = kindOf(target)
  if (kind === 'directory') throw new ConfigurationError(`input ${input}: the path is a directory`)
  if (kind === 'link') throw new ConfigurationError(`input ${input}: the path is a symlink`)
  return target
}

/** The absolute path for a directory; null for none. Throws a ConfigurationError if it is not below the workspace. */
export function directoryInWorkspace(input: string, path: string | null, env: Environment): string | null {
  // judged by a file in it: so the directory itself may be there, and no link on the way leads out
  return path === null ? null : dirname(placeInWorkspace({ input, path: join(path, 'entry') }, env))
}

/** Why the file could not be written, or null. */
export function writeOutput(target: string, { input }: OutputFile, text: string): string | null {
  try {
    mkdirSync(dirname(target), { recursive: true })
    const descriptor = openSync(
      target,
      constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW,
    )
    try {
      writeFileSync(descriptor, text)
    } finally {
      closeSync(descriptor)
    }
    return null
  } catch (error) {
    return `input ${input}: the file could not be written (${codeOf(error)})`
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith('../') && !way.startsWith('..\\') && !isAbsolute(way)
}

function kindOf(path: string): 'missing' | 'file' | 'directory' | 'link' {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return 'missing'
  if (found.isSymbolicLink()) return 'link'
  return found.isDirectory() ? 'directory' : 'file'
}

function realOf(path: string, input: string): string {
  try {
    return realpathSync(path)
  } catch {
    throw new ConfigurationError(`input ${input}: the path contains a symlink that leads nowhere`)
  }
}

/** The path as outputs show it: relative to the workspace. */
export function shownPath(target: string, env: Environment): string {
  return join(relative(env['GITHUB_WORKSPACE'] ?? '', target))
}
