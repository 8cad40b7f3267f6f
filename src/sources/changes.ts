// The change between two trees that are read through the port: what git would say, for a working tree or plain directories.
// Only contents decide: equal ids are equal files, and different ids are compared byte by byte before a file counts as changed.
// The hunks are ours, so the host may draw them elsewhere: anchors are `unknown`.
import { hunksOf } from '../diff/hunks.ts'
import type { ChangeSet, ChangedFile } from '../diff/model.ts'
import type { FileEntry, SourceReader } from '../program/model.ts'
import { directoryReader } from './directory.ts'
import { renamesBetween } from './similarity.ts'
import type { NamedText } from './similarity.ts'

/** What changed from `baseDirectory` to `headDirectory`; throws a ConfigurationError if one of them cannot be listed. */
export function directoryChangeSet(baseDirectory: string, headDirectory: string): Promise<ChangeSet> {
  return changesBetween(directoryReader(baseDirectory, 'content'), directoryReader(headDirectory, 'content'))
}

/** What changed between two trees. Files that cannot be read on one side count as changed, without hunks. */
export async function changesBetween(base: SourceReader, head: SourceReader): Promise<ChangeSet> {
  const [before, after] = [indexed(await base.list()), indexed(await head.list())]
  const removed = [...before.values()].filter((entry) => !after.has(entry.path))
  const added = [...after.values()].filter((entry) => !before.has(entry.path))
  const kept = [...after.values()].filter((entry) => {
    const old = before.get(entry.path)
    return old !== undefined && old.id !== entry.id
  })
  const oldOf = (entry: FileEntry): FileEntry[] => {
    const old = before.get(entry.path)
    return old === undefined ? [] : [old]
  }
  const oldTexts = await texts(base, [...removed, ...kept.flatMap(oldOf)])
  const newTexts = await texts(head, [...added, ...kept])
  const renames = renamesBetween(named(removed, oldTexts), named(added, newTexts))
  const sources = new Set(renames.values())

  const files: ChangedFile[] = kept
    .filter((entry) => !areEqual(oldTexts.get(entry.path), newTexts.get(entry.path)))
    .map(({ path }) =>
      changed({ path, previousPath: path, status: 'modified' }, oldTexts.get(path), newTexts.get(path)),
    )
  for (const { path } of added) {
    const from = renames.get(path) ?? null
    const old = from === null ? '' : oldTexts.get(from)
    const status = from === null ? 'added' : 'renamed'
    files.push(changed({ path, previousPath: from, status }, old, newTexts.get(path)))
  }
  for (const { path } of removed)
    if (!sources.has(path)) files.push(changed({ path, previousPath: path, status: 'removed' }, oldTexts.get(path), ''))
  return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) }
}

function indexed(entries: readonly FileEntry[]): ReadonlyMap<string, FileEntry> {
  return new Map(entries.map((entry) => [entry.path, entry]))
}

/** Contents, one character per byte: hunks count LF, which no encoding of Python source changes. */
async function texts(reader: SourceReader, entries: readonly FileEntry[]): Promise<ReadonlyMap<string, string>> {
  if (entries.length === 0) return new Map()
  const found = new Map<string, string>()
  for (const [path, bytes] of await reader.read(entries))
    if (bytes instanceof Uint8Array)
      found.set(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
  return found
}

function named(entries: readonly FileEntry[], contents: ReadonlyMap<string, string>): readonly NamedText[] {
  return entries.flatMap(({ path, id }) => {
    const text = contents.get(path)
    return text === undefined ? [] : [{ path, id, text }]
  })
}

function areEqual(old: string | undefined, now: string | undefined): boolean {
  return old !== undefined && old === now
}

function changed(file: Named, old: string | undefined, now: string | undefined): ChangedFile {
  const hunks = old === undefined || now === undefined ? [] : hunksOf(old, now)
  return { ...file, hunks, anchoring: 'unknown' }
}

type Named = Pick<ChangedFile, 'path' | 'previousPath' | 'status'>
