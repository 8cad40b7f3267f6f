// Names of attributes that code of an entry point's files stores on any object: a module constant of such a name may be changed from outside.
// Each asked name is a cell, so that summaries remember what they were told; the names are those of the entry point's own closure, never of others.
import type { Domain } from '../domain/domain.ts'
import type { Cell, Store } from '../domain/state.ts'

export interface StoredAttributes {
  /** begins an entry point; undone with everything else that it writes */
  readonly begin: (names: ReadonlySet<string>) => void
  readonly has: (name: string) => boolean
}

export function storedAttributes(domain: Domain, store: Store): StoredAttributes {
  const cells = new Map<string, Cell>()
  let current: ReadonlySet<string> = new Set()
  const valueOf = (name: string): Cell['value'] => (current.has(name) ? domain.true : domain.false)
  return {
    begin: (names) => {
      current = names
      for (const [name, cell] of cells) if (cell.value !== valueOf(name)) cell.value = valueOf(name)
    },
    has: (name) => {
      let cell = cells.get(name)
      if (cell === undefined) {
        cell = store.cell(valueOf(name), 0)
        cells.set(name, cell)
      }
      return store.read(cell) === domain.true
    },
  }
}
