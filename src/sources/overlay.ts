// One tree seen through a few replaced files: used to verify a suggested edit before it is offered, without touching the tree below.
// The result is no commit any more, so it does not claim to be one.
import type { FileEntry, SourceReader, UnreadableFile } from '../program/model.ts'
import { blobId } from './blob-id.ts'
import { byPath } from './memory.ts'
import { isPython } from './paths.ts'

/** `files`: path → new content, or null for a removed file. Files that are not Python are ignored. Paths need not exist below. */
export function overlayReader(
  below: SourceReader,
  files: ReadonlyMap<string, string | Uint8Array | null>,
): SourceReader {
  const replaced = new Map<string, Uint8Array | null>()
  for (const [path, content] of files)
    if (isPython(path)) replaced.set(path, typeof content === 'string' ? Buffer.from(content, 'utf8') : content)

  const list = async (): Promise<readonly FileEntry[]> => {
    const kept = (await below.list()).filter((entry) => !replaced.has(entry.path))
    const added = [...replaced].flatMap(([path, bytes]) =>
      bytes === null ? [] : [{ path, id: blobId(bytes), size: bytes.byteLength }],
    )
    return [...kept, ...added].toSorted(byPath)
  }
  const read = async (entries: readonly FileEntry[]): Promise<ReadonlyMap<string, Uint8Array | UnreadableFile>> => {
    const found = new Map(await below.read(entries.filter((entry) => !replaced.has(entry.path))))
    for (const { path } of entries) {
      const bytes = replaced.get(path)
      if (bytes === null) found.set(path, { reason: 'missing-file', message: `${path} was removed` })
      else if (bytes !== undefined) found.set(path, bytes)
    }
    return found
  }
  return { commit: null, list, read }
}
