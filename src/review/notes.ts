// What runs say about whole trees, kept for later ones: under all contents, paths, marks and settings, so that what is found was said of this
// very tree. Must stay true: what hangs on time, or on a file that could not be read, is never kept; what cannot be read was never there.
import { createHash } from 'node:crypto'
import type { TextStore } from '../analysis/evidence/fact-store.ts'
import type { Program } from '../program/program.ts'

export interface TreeNotes {
  /** what was kept under this name, with what else it hangs on; null if nothing was */
  readonly known: (what: string, program: Program, more: unknown) => Promise<unknown>
  readonly keep: (what: string, program: Program, more: unknown, value: unknown) => Promise<void>
}

interface Keeping {
  readonly texts: TextStore
  /** whether anything outlives this run */
  readonly isKept: boolean
  readonly expired: () => boolean
}

export function createTreeNotes({ texts, isKept, expired }: Keeping): TreeNotes {
  return {
    known: async (what, program, more) => (isKept ? parsed(texts.get(await keyOf(what, program, more))) : null),
    keep: async (what, program, more, value) => {
      if (isKept && program.isSteady && !expired()) texts.set(await keyOf(what, program, more), JSON.stringify(value))
    },
  }
}

async function keyOf(what: string, program: Program, more: unknown): Promise<string> {
  const parts = [program.remote, await program.treeKey(), more]
  return `${what}:${createHash('sha1').update(JSON.stringify(parts)).digest('base64')}`
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
