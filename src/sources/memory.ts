// Trees that exist only in memory: for tests, scenarios and documentation samples. Same ids as git, same order as the other readers.
import { blobId } from '../program/blob-id.ts'
import type { FileEntry, SourceReader, UnreadableFile } from '../program/model.ts'
import { isMark } from '../program/marks.ts'
import { isPython } from './paths.ts'

/**
 * A reader over path → text or bytes. Files that are not Python are left out, as in every reader.
 * `commit` is what the reader says it is: null (a plain directory) unless given.
 */
export function memoryReader(
  files: Readonly<Record<string, string | Uint8Array>>,
  commit: string | null = null,
): SourceReader {
  const contents = new Map<string, Uint8Array>()
  for (const [path, content] of Object.entries(files))
    if (isPython(path) || isMark(path))
      contents.set(path, typeof content === 'string' ? Buffer.from(content, 'utf8') : content)
  const entries = [...contents]
    .map(([path, bytes]): FileEntry => ({ path, id: blobId(bytes), size: bytes.byteLength }))
    .toSorted(byPath)
  return {
    commit,
    list: () => Promise.resolve(entries.filter(({ path }) => isPython(path))),
    marks: () => Promise.resolve(entries.filter(({ path }) => isMark(path))),
    read: (asked) =>
      Promise.resolve(
        new Map<string, Uint8Array | UnreadableFile>(
          asked.map(({ path }) => [path, contents.get(path) ?? notListed(path)]),
        ),
      ),
  }
}

/** The order of every listing: by UTF-16 units of the path, the same on every machine. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

/** The answer for an entry that the reader never listed, or whose content is gone. */
export function notListed(path: string): UnreadableFile {
  return { reason: 'missing-file', message: `${path} is listed but its content is not available` }
}
