// A git repository as a source of trees: listing, blobs, merge base and changes, through plumbing only. PATH may be a subdirectory; then
// every path is relative to it, and what lies outside of it does not exist. Wrong revisions and directories are ConfigurationErrors.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigurationError } from '../config/model.ts'
import type { NamedFile } from '../config/model.ts'
import type { ChangeSet } from '../diff/model.ts'
import type { FileEntry, SourceReader, UnreadableFile } from '../program/model.ts'
import { changesBetween } from './changes.ts'
import { commitChanges } from './git-changes.ts'
import { openObjects } from './git-objects.ts'
import type { GitObjects } from './git-objects.ts'
import { runGit } from './git-process.ts'
import type { GitAnswer } from './git-process.ts'
import { commitListing, entryAt, isRegular, type CommitListing } from './git-tree.ts'
import { workTreeReader } from './git-worktree.ts'
import { notListed } from './memory.ts'
import { NAMED_FILE_BYTES, isInside, namedFile } from './policy-file.ts'

export interface GitRepository {
  /** absolute path of PATH */
  readonly directory: string
  /** The commit id of a revision (a tag is followed); a ConfigurationError naming the revision if there is none. */
  readonly resolve: (revision: string) => Promise<string>
  /** The commit id of HEAD, or null before the first commit. */
  readonly headCommit: () => Promise<string | null>
  /** The best common ancestor of two commits, or null if there is none (also when a shallow clone does not reach it). */
  readonly mergeBase: (a: string, b: string) => Promise<string | null>
  /** Whether history was cut off: then a missing merge base may only be out of reach. */
  readonly isShallow: () => Promise<boolean>
  readonly commitReader: (commit: string) => SourceReader
  /** A ConfigurationError if the repository is bare. */
  readonly workTreeReader: () => SourceReader
  /** What changed from a commit to another one, or to the working tree (`head` null). */
  readonly changeSet: (base: string, head: string | null) => Promise<ChangeSet>
  /** One file by name, from a commit or from the working tree (`commit` null). */
  readonly file: (commit: string | null, path: string) => Promise<NamedFile>
  /** Ends the process that reads objects. Answers that are still awaited become "missing". */
  readonly close: () => void
}

/** Opens the repository that holds `path`. ConfigurationError: no such directory, not a git repository, git is not installed. */
export async function openGitRepository(path: string): Promise<GitRepository> {
  const directory = resolve(path)
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new ConfigurationError(`${path}: no such directory`)
  const opened = await startedGit(directory)
  if (opened.status !== 0) throw new ConfigurationError(`${path}: not a git repository`)
  const bare = opened.stdout.toString('latin1').trim() !== 'true'
  const objects = openObjects(directory)
  const commitReader = (commit: string): SourceReader => readerOf(directory, objects, commit)
  const workTree = (): SourceReader => {
    if (bare) throw new ConfigurationError(`${path}: the repository has no working tree, so a head revision is needed`)
    return workTreeReader(directory, objects)
  }
  return {
    directory,
    resolve: async (revision) => {
      const id = await commitId(directory, revision)
      if (id === null) throw new ConfigurationError(`${revision}: no such revision in this repository`)
      return id
    },
    headCommit: () => commitId(directory, 'HEAD'),
    mergeBase: async (a, b) => {
      const found = await runGit(directory, ['merge-base', a, b])
      return found.status === 0 ? found.stdout.toString('latin1').trim() : null
    },
    isShallow: async () => {
      const found = await runGit(directory, ['rev-parse', '--is-shallow-repository'])
      return found.stdout.toString('latin1').trim() === 'true'
    },
    commitReader,
    workTreeReader: workTree,
    changeSet: (base, head) =>
      head === null
        ? changesBetween(commitReader(base), workTree())
        : commitChanges(directory, objects, { base, head }),
    file: (commit, name) =>
      commit === null
        ? Promise.resolve(namedFile(directory, name))
        : committedFile(directory, objects, { commit, name }),
    close: objects.close,
  }
}

/** Asks the first question; that git cannot be started at all is a matter of the machine and named as such. */
async function startedGit(directory: string): Promise<GitAnswer> {
  try {
    return await runGit(directory, ['rev-parse', '--is-inside-work-tree'])
  } catch {
    throw new ConfigurationError('git could not be started: is it installed and on the PATH?')
  }
}

/** A revision that begins with `-` would be an option; no ref and no commit id does. */
async function commitId(directory: string, revision: string): Promise<string | null> {
  if (revision === '' || revision.startsWith('-') || /[\0\n]/.test(revision)) return null
  const found = await runGit(directory, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`])
  return found.status === 0 ? found.stdout.toString('latin1').trim() : null
}

function readerOf(directory: string, objects: GitObjects, commit: string): SourceReader {
  let listing: Promise<CommitListing> | null = null
  const listed = (): Promise<CommitListing> => (listing ??= commitListing(directory, commit))
  const read = async (entries: readonly FileEntry[]): Promise<ReadonlyMap<string, Uint8Array | UnreadableFile>> => {
    const blobs = await objects.blobs(entries.map((entry) => entry.id))
    return new Map(entries.map(({ path, id }) => [path, blobs.get(id) ?? notListed(path)]))
  }
  return {
    commit,
    list: async () => (await listed()).files,
    marks: async () => (await listed()).marks,
    links: async () => (await listed()).links,
    read,
  }
}

async function committedFile(
  directory: string,
  objects: GitObjects,
  { commit, name }: { readonly commit: string; readonly name: string },
): Promise<NamedFile> {
  if (!isInside(name)) return { kind: 'refused', reason: 'is outside of the analysed tree' }
  const entry = await entryAt(directory, commit, name)
  if (entry === null) return { kind: 'absent' }
  if (entry.mode === '120000') return { kind: 'refused', reason: 'is a symbolic link' }
  if (entry.type === 'tree') return { kind: 'refused', reason: 'is a directory' }
  if (!isRegular(entry.mode)) return { kind: 'refused', reason: 'is a submodule' }
  const bytes = (await objects.blobs([entry.id])).get(entry.id)
  if (bytes === undefined) return { kind: 'refused', reason: 'cannot be read: its content is not available' }
  return bytes.byteLength > NAMED_FILE_BYTES ? { kind: 'refused', reason: 'is too large' } : { kind: 'file', bytes }
}
