// One commit as a SourceReader, read through the API alone: no checkout, nothing executed. The listing is complete before the reader
// exists. A batch with room left is filled with files from nearby, because the next import most likely asks for them.
import type { FileEntry, SourceReader, UnreadableFile } from '../program/model.ts'
import { isMark } from '../program/marks.ts'
import type { Outcome } from '../publish/model.ts'
import { BATCH_OBJECTS, type BlobRef, type BlobStore } from './blobs.ts'
import type { GitHubClient, RepositoryName } from './client.ts'
import { readTree, type TreeEntry } from './trees.ts'

export interface CommitReader extends SourceReader {
  readonly commit: string
  /** any entry of the tree, also directories, symlinks and submodules; null if the path is free */
  readonly entry: (path: string) => TreeEntry | null
  /** bytes of a regular file */
  readonly content: (entry: TreeEntry) => Promise<Uint8Array | UnreadableFile>
  /** regular `.py` files, in the tree's order */
  readonly python: readonly FileEntry[]
  /** names that look like Python and are symlinks or submodules: never followed */
  readonly skipped: readonly TreeEntry[]
}

/** A file above this size is not worth being read on suspicion. */
const COMPANION_BYTES = 60_000

/** Reads the listing of a commit. */
export async function openCommit(
  client: GitHubClient,
  repository: RepositoryName,
  store: BlobStore,
  sha: string,
): Promise<Outcome<CommitReader>> {
  const listing = await readTree(client, repository, sha)
  if (!listing.ok) return listing
  const reader = commitReader(sha, listing.value, store)
  offerArchive(reader, listing.value, store)
  return { ok: true, value: reader }
}

/** Bytes of a whole tree up to which its archive is worth fetching, and the part of it that has to be Python. */
const ARCHIVE_BYTES = 60_000_000
const PYTHON_SHARE = 0.3

function offerArchive({ commit, python }: CommitReader, entries: readonly TreeEntry[], store: BlobStore): void {
  const bytes = entries.reduce((sum, { size }) => sum + size, 0)
  const needed = python.reduce((sum, { size }) => sum + size, 0)
  if (bytes > ARCHIVE_BYTES || needed < bytes * PYTHON_SHARE) return
  store.offer({ commit, wanted: new Set(python.map(({ id }) => id)), entries: entries.length, bytes })
}

function commitReader(commit: string, entries: readonly TreeEntry[], store: BlobStore): CommitReader {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]))
  const named = entries.filter((entry) => entry.path.endsWith('.py'))
  const python = named
    .filter(({ kind }) => kind === 'file')
    .map(({ path, id, size }): FileEntry => ({ path, id, size }))
  const skipped = named.filter(({ kind }) => kind === 'symlink' || kind === 'submodule')
  return {
    commit,
    remote: true,
    python,
    skipped,
    links: async () =>
      entries
        .filter(({ kind }) => kind === 'symlink' || kind === 'submodule')
        .map(({ path }) => ({ path, isDirectory: false })),
    entry: (path) => byPath.get(path) ?? null,
    content: async (entry) =>
      (await store.read([entry])).get(entry.id) ?? { reason: 'missing-file', message: 'not found' },
    list: async () => python,
    marks: async () =>
      entries
        .filter(({ kind, path }) => kind === 'file' && isMark(path))
        .map(({ path, id, size }) => ({ path, id, size })),
    read: async (asked) => {
      const contents = await store.read(withCompanions(asked, asked, python, store))
      return new Map(
        asked.map(({ path, id }) => [
          path,
          contents.get(id) ?? { reason: 'missing-file' as const, message: 'not found' },
        ]),
      )
    },
  }
}

/**
 * The contents asked for, and as many unread neighbours of `near` from `all` as the last request has room for. A failure shows when a
 * content is asked for by itself.
 */
export function withCompanions(
  wanted: readonly BlobRef[],
  near: readonly FileEntry[],
  all: readonly FileEntry[],
  store: BlobStore,
): readonly BlobRef[] {
  const missing = new Set(wanted.map(({ id }) => id).filter((id) => !store.has(id)))
  const room = (BATCH_OBJECTS - (missing.size % BATCH_OBJECTS)) % BATCH_OBJECTS
  if (missing.size === 0 || room === 0) return wanted
  const places = new Set(near.flatMap(({ path }) => directoriesOf(path)))
  const candidates = all.filter(({ id, size }) => size <= COMPANION_BYTES && !missing.has(id) && !store.has(id))
  const depth = new Map(
    candidates.map((file) => [file, directoriesOf(file.path).findLastIndex((it) => places.has(it))]),
  )
  const nearest = candidates.toSorted((a, b) => (depth.get(b) ?? 0) - (depth.get(a) ?? 0))
  return [...wanted, ...nearest.slice(0, room)]
}

/** `a/b/c.py` stands in ``, `a` and `a/b`. */
function directoriesOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return ['', ...parts.map((_, at) => parts.slice(0, at + 1).join('/'))]
}
