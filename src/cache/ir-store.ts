// Contents by content id: in memory for this run, behind it the cache of earlier runs, which keeps heads and texts. A cache entry that cannot be
// read is a miss. Base and head of one review share one store, so that an unchanged file is parsed once.
import type { IrCache } from './store.ts'
import { foundContent, storedContent, type ReleasableContent, type StoredHead } from '../ir/content.ts'
import type { IrStore } from '../program/program.ts'

/** A content as it goes from one thread to another. */
export interface FoundContent {
  readonly id: string
  readonly head: StoredHead
  readonly text: string
}

export interface FlushableStore extends IrStore {
  /** contents that were lowered here, each named once */
  news(): FoundContent[]
  /** Takes a content that another thread lowered, if it is not known here. */
  readonly adopt: (found: FoundContent) => void
  /** how many contents were adopted */
  readonly adopted: number
  /** other texts by key, kept in the same way */
  readonly texts: { get(key: string): string | null; set(key: string, text: string): void }
  flush(): void
  /** Says that contents of earlier runs took part without being taken out: what was found out about them was enough. */
  readonly reused: (ids: readonly string[]) => void
  /** how many contents came from the cache of earlier runs, each once */
  readonly taken: number
}

export function createIrStore(cache: IrCache | null): FlushableStore {
  const memory = new Map<string, ReleasableContent>()
  const texts = new Map<string, string>()
  const told = new Set<string>()
  const taken = new Set<string>()
  let adopted = 0
  const get = (id: string): ReleasableContent | null => {
    const known = memory.get(id)
    if (known !== undefined) return known
    const stored = cache?.cut(id) ?? null
    if (stored === null) return null
    // most contents of a run that is much like an earlier one are only there, so nothing of them is decoded before somebody looks
    const content = storedContent(() => headIn(stored.first()), stored.rest)
    memory.set(id, content)
    taken.add(id)
    return content
  }
  return {
    get,
    news: () =>
      [...memory].flatMap(([id, content]) => {
        const head = told.has(id) ? null : content.news()
        told.add(id)
        return head === null ? [] : [{ id, head, text: content.text }]
      }),
    adopt: ({ id, head, text }) => {
      if (get(id) !== null) return
      memory.set(id, foundContent(head, text))
      adopted++
    },
    get adopted() {
      return adopted
    },
    set: (id, content) => memory.set(id, content),
    texts: {
      get: (key) => texts.get(key) ?? cache?.get(key) ?? null,
      set: (key, text) => {
        texts.set(key, text)
        cache?.set(key, text)
      },
    },
    release: () => {
      for (const content of memory.values()) content.release()
    },
    flush: () => {
      if (cache === null) return
      for (const [id, content] of memory) {
        const head = content.news()
        // the head is one line of JSON, the text follows as it is
        if (head !== null) cache.set(id, `${JSON.stringify(head)}\n${content.text}`)
      }
      cache.flush()
    },
    reused: (ids) => {
      for (const id of ids) if (!memory.has(id)) taken.add(id)
    },
    get taken() {
      return taken.size
    },
  }
}

function headIn(line: string): StoredHead | null {
  try {
    const head = JSON.parse(line) as Partial<StoredHead> | null
    return Array.isArray(head?.imports) ? (head as StoredHead) : null
  } catch {
    return null
  }
}
