// The trees that `check` looks at: a directory, two directories, or two commits of a repository (the head may be the working tree).
// The base of two commits is their merge base, so that a branch is not blamed for what its base gained meanwhile.
import { readFileSync, statSync } from 'node:fs'
import { ConfigurationError } from '../config/model.ts'
import type { ChangeSet } from '../diff/model.ts'
import type { SourceReader } from '../program/model.ts'
import { directoryChangeSet } from '../sources/changes.ts'
import { directoryReader, systemPath } from '../sources/directory.ts'
import { openGitRepository, type GitRepository } from '../sources/git.ts'
import { namedFile } from '../sources/policy-file.ts'
import { invalidUtf8 } from '../text/decode.ts'
import type { CheckArguments } from './arguments.ts'
import { merged, type AskFile as FileAt } from '../config/files.ts'

export interface Trees {
  readonly head: SourceReader
  readonly base: SourceReader | null
  readonly changes: ChangeSet | null
  /** where the head's files lie on the disk; null for a commit */
  readonly root: string | null
  readonly headFile: FileAt
  readonly baseFile: FileAt | null
  /** a line of a file of the head, for the terminal */
  readonly text: (file: string) => string | null
  readonly close: () => void
}

/** Thrown when two commits have no common ancestor: nothing can be compared. */
export class IncompleteError extends Error {
  override readonly name = 'IncompleteError'
}

export async function openTrees(args: CheckArguments): Promise<Trees> {
  const stat = statSync(args.path, { throwIfNoEntry: false })
  if (stat === undefined) throw new ConfigurationError(`${args.path}: no such file or directory`)
  if (!stat.isDirectory()) throw new ConfigurationError(`${args.path}: not a directory`)
  if (args.base !== null) return openRevisions(args, args.base)
  if (args.baseDirectory !== null) {
    const base = args.baseDirectory
    return {
      ...directory(args.path),
      base: directoryReader(base, 'content'),
      head: directoryReader(args.path, 'content'),
      changes: await directoryChangeSet(base, args.path),
      baseFile: (path) => Promise.resolve(namedFile(base, path)),
    }
  }
  return directory(args.path)
}

function directory(path: string): Trees {
  return {
    head: directoryReader(path),
    base: null,
    changes: null,
    root: path,
    headFile: (name) => Promise.resolve(namedFile(path, name)),
    baseFile: null,
    text: (file) => readLocal(path, file),
    close: () => undefined,
  }
}

function readLocal(root: string, file: string): string | null {
  try {
    const bytes = readFileSync(systemPath(root, file))
    return invalidUtf8(bytes) < 0 ? bytes.toString('utf8') : null
  } catch {
    return null
  }
}

/** A revision that is not there is not always mistyped: it may not have been fetched. */
async function resolved(repository: GitRepository, revision: string): Promise<string> {
  try {
    return await repository.resolve(revision)
  } catch (error) {
    const shallow = error instanceof ConfigurationError && (await repository.isShallow())
    repository.close()
    if (!shallow) throw error
    throw new ConfigurationError(`${error.message} (the clone is shallow: fetch it, or clone with more history)`)
  }
}

async function openRevisions(args: CheckArguments, revision: string): Promise<Trees> {
  const repository = await openGitRepository(args.path)
  const tip = await resolved(repository, revision)
  const head = args.head === null ? null : await resolved(repository, args.head)
  const current = head ?? (await repository.headCommit()) ?? tip
  const merge = await repository.mergeBase(tip, current)
  if (merge === null) {
    const shallow = (await repository.isShallow()) ? ' (the clone is shallow: fetch more history)' : ''
    repository.close()
    throw new IncompleteError(
      `${revision} and ${args.head ?? 'the working tree'} have no common ancestor${shallow}: nothing can be compared`,
    )
  }
  const fileAt =
    (commit: string | null): FileAt =>
    (path) =>
      repository.file(commit, path)
  const reader = head === null ? repository.workTreeReader() : repository.commitReader(head)
  return {
    head: reader,
    base: repository.commitReader(merge),
    changes: await repository.changeSet(merge, head),
    root: head === null ? repository.directory : null,
    headFile: merge === tip ? fileAt(head) : merged(fileAt(head), fileAt(tip), fileAt(merge)),
    baseFile: fileAt(tip),
    text: (file) => (head === null ? readLocal(repository.directory, file) : null),
    close: () => repository.close(),
  }
}
