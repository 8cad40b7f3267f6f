// Parsed contents by content id: in memory for this run, behind it the cache of earlier runs. A cache entry that cannot be read is a miss.
// Base and head of one review share one store, so that an unchanged file is parsed once.
import type { IrCache } from './store.ts'
import type { ModuleIr } from '../ir/model.ts'
import type { IrStore } from '../program/program.ts'

export interface FlushableStore extends IrStore {
  flush(): void
}

export function createIrStore(cache: IrCache | null): FlushableStore {
  const memory = new Map<string, { readonly ir: ModuleIr; readonly text: string }>()
  return {
    get: (id) => {
      const known = memory.get(id)
      if (known !== undefined) return known
      const stored = cache?.get(id) ?? null
      if (stored === null) return null
      const cut = stored.indexOf('\n')
      const content = parse(stored, cut)
      if (content !== null) memory.set(id, content)
      return content
    },
    set: (id, ir, text) => {
      memory.set(id, { ir, text })
      // the IR is one line of JSON, the text follows as it is
      cache?.set(id, `${JSON.stringify(ir)}\n${text}`)
    },
    flush: () => cache?.flush(),
  }
}

function parse(stored: string, cut: number): { readonly ir: ModuleIr; readonly text: string } | null {
  try {
    return cut < 0 ? null : { ir: JSON.parse(stored.slice(0, cut)) as ModuleIr, text: stored.slice(cut + 1) }
  } catch {
    return null
  }
}
