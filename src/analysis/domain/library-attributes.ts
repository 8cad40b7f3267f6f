// What code of the tree assigned to modules and classes of libraries: `builtins.print = traced`, `sys.excepthook = report`, `json.dumps = faster`.
// Each name is a cell, so that branches undo it; who reads the attribute, or the builtin name, gets what was assigned last.
import type { Machine } from '../machine/machine.ts'
import type { Value } from './values.ts'

/** Assigns an attribute by its access path. `weak`: another object may be meant. What is not known replaces nothing. */
export function assignLibrary(m: Machine, path: string, value: Value, weak: boolean): void {
  if (value.atoms.some((atom) => atom.kind === 'unknown')) return
  // summaries that read the library's own attribute do not say so
  if (!m.libraryAttributes.has(path)) m.memo.clear()
  const cell = m.store.cellIn(m.libraryAttributes, path, 0)
  if (weak) m.store.weaken(cell, value)
  else m.store.write(cell, value)
}

/** What was assigned under an access path, `rest` where that happened on some paths only; null when nothing was. */
export function assignedLibrary(m: Machine, path: string, rest: () => Value | null): Value | null {
  const cell = m.libraryAttributes.size === 0 ? undefined : m.libraryAttributes.get(path)
  const value = cell === undefined ? m.domain.unbound : m.store.read(cell)
  if (value === m.domain.unbound) return null
  const assigned = m.domain.withoutUnbound(value)
  return assigned === value ? assigned : m.domain.join(assigned, rest() ?? m.domain.bottom)
}

/** The value of a builtin name: what the tree put into `builtins`, otherwise Python's own. */
export function builtinNamed(m: Machine, name: string): Value | undefined {
  const own = m.builtins.get(name)
  return assignedLibrary(m, `builtins.${name}`, () => own ?? null) ?? own
}
