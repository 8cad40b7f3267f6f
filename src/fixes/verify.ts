// A suggestion is only shown when it works: the edited tree is analysed again, the finding has to be gone and nothing new may have come.
// The reader below serves the head with one file replaced; everything else comes from where it came before.
import type { FileEntry, SourceReader } from '../program/model.ts'

/** The same tree with the content of one file replaced. */
export function replacing(reader: SourceReader, path: string, text: string): SourceReader {
  const bytes = new TextEncoder().encode(text)
  const edited = (entry: FileEntry): FileEntry =>
    entry.path === path ? { ...entry, id: `edited:${entry.id}`, size: bytes.length } : entry
  return {
    ...reader,
    list: async () => (await reader.list()).map((entry) => edited(entry)),
    read: async (entries) => {
      const others = await reader.read(entries.filter((entry) => entry.path !== path))
      return entries.some((entry) => entry.path === path) ? new Map([...others, [path, bytes] as const]) : others
    },
  }
}
