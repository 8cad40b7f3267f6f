// A suggestion is only shown when it works: the edited tree is analysed again, the finding has to be gone and nothing new may have come.
// Here is what the edit alone has to satisfy, and the reader that serves the head with files replaced.
import type { ModuleIr } from '../ir/model.ts'
import { lowerModule } from '../ir/lower.ts'
import { blobId } from '../program/blob-id.ts'
import type { FileEntry, SourceReader } from '../program/model.ts'
import { unboundNames } from './names.ts'

/** The same tree with the contents of some files replaced. */
export function replacing(reader: SourceReader, texts: ReadonlyMap<string, string>): SourceReader {
  const bytes = new Map([...texts].map(([path, text]) => [path, new TextEncoder().encode(text)]))
  const edited = (entry: FileEntry): FileEntry => {
    const content = bytes.get(entry.path)
    return content === undefined ? entry : { ...entry, id: blobId(content), size: content.length }
  }
  return {
    ...reader,
    list: async () => (await reader.list()).map((entry) => edited(entry)),
    read: async (entries) => {
      const others = await reader.read(entries.filter((entry) => !bytes.has(entry.path)))
      const own = entries.flatMap(({ path }) => {
        const content = bytes.get(path)
        return content === undefined ? [] : [[path, content] as const]
      })
      return new Map([...others, ...own])
    },
  }
}

/** Whether the edited text is Python, and reads no name that nothing binds any more. */
export function isSound(text: string, before: ModuleIr): boolean {
  const { ir } = lowerModule(new TextEncoder().encode(text))
  if (ir.problems.length > before.problems.length) return false
  const known = unboundNames(before)
  return [...unboundNames(ir)].every((name) => known.has(name))
}
