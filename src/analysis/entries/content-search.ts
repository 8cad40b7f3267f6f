// Which files contain a text: asked by content, so that every content is read and searched once, however many trees hold it.
// Must stay true: equal ids mean equal contents (program/model.ts); what cannot be read has no answer and is asked again.
import type { Program } from '../../program/program.ts'

export interface ContentSearch {
  /** Whether each of the files contains the text; files that cannot be read are left out. */
  ask(program: Program, files: readonly string[], text: string): Promise<ReadonlyMap<string, boolean>>
  /** Gives the bytes back; answers stay. */
  forget(): void
}

export function createContentSearch(): ContentSearch {
  const contents = new Map<string, Uint8Array>()
  const answers = new Map<string, Map<string, boolean>>()
  return {
    ask: async (program, files, text) => {
      const known = answers.get(text) ?? new Map<string, boolean>()
      answers.set(text, known)
      const idOf = (file: string): string => program.files.get(file)?.id ?? ''
      const missing = files.filter((file) => !known.has(idOf(file)) && !contents.has(idOf(file)))
      if (missing.length > 0) for (const [file, bytes] of await program.scan(missing)) contents.set(idOf(file), bytes)
      const out = new Map<string, boolean>()
      for (const file of files) {
        const id = idOf(file)
        const bytes = contents.get(id)
        const answer = known.get(id) ?? (bytes === undefined ? null : contains(bytes, text))
        if (answer === null) continue
        known.set(id, answer)
        out.set(file, answer)
      }
      return out
    },
    forget: () => contents.clear(),
  }
}

function contains(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text)
}
