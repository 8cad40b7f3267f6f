// Scopes: reading, binding and deleting names as CPython resolves them (local, enclosing functions, module, builtins).
import type { Frame, Machine } from './machine.ts'
import type { Cell } from './state.ts'
import { GUESSED, type Env, type Value } from './values.ts'

/** The module-level cell of a name, made on first use. */
export function moduleCell(m: Machine, env: Env, name: string): Cell {
  let cell = env.module.fields.get(name)
  if (cell === undefined) {
    cell = m.store.cell(m.domain.unbound, 0)
    env.module.fields.set(name, cell)
  }
  return cell
}

/** The cell in which a name of this scope lives when it is bound here. */
export function bindingCell(m: Machine, env: Env, name: string): Cell {
  if (env.kind === 'module' || env.globals.has(name)) return moduleCell(m, env, name)
  if (env.nonlocals.has(name)) {
    for (let outer = env.parent; outer !== null; outer = outer.parent) {
      const cell = outer.vars.get(name)
      if (cell !== undefined) return cell
    }
  }
  let cell = env.vars.get(name)
  if (cell === undefined) {
    cell = m.store.cell()
    env.vars.set(name, cell)
  }
  return cell
}

export function bind(m: Machine, env: Env, name: string, value: Value): void {
  m.store.write(bindingCell(m, env, name), value)
}

function bound(m: Machine, value: Value): Value {
  return m.domain.filter(value, (atom) => atom.kind !== 'unbound')
}

/** The cell that a read of `name` refers to, or null when only builtins are left. */
export function readingCell(m: Machine, env: Env, name: string): Cell | null {
  if (env.kind !== 'module' && !env.globals.has(name)) {
    for (let scope: Env | null = env; scope !== null; scope = scope.parent) {
      const cell = scope.vars.get(name)
      // a class body falls through to the outer scopes where its own name is not bound yet
      if (cell !== undefined && (scope.kind !== 'class' || cell.value !== m.domain.unbound)) return cell
    }
  }
  return env.module.fields.get(name) ?? null
}

/** The value of a name; a name that nothing defines is an unresolved external of that name. Bottom when it is certainly unbound. */
export function readName(m: Machine, frame: Frame, name: string): Value {
  const cell = readingCell(m, frame.env, name)
  if (cell !== null) {
    const value = m.store.read(cell)
    const known = bound(m, value)
    if (known === value) return value
    const isLocal = !frame.module.fields.has(name) || frame.module.fields.get(name) !== cell
    frame.summary.canRaise = true
    if (isLocal) return known.atoms.length > 0 ? known : m.domain.unknown('unbound-name')
    const fallback = m.builtins.get(name)
    if (fallback !== undefined) return m.domain.join(known, fallback)
    if (known.atoms.length > 0) return known
  }
  const builtin = m.builtins.get(name)
  if (builtin !== undefined) return builtin
  const star = starFallback(m, frame, name)
  frame.summary.canRaise = true
  return star ?? m.domain.external(`?.${name}`, GUESSED, true)
}

/** A name that only an unresolved star import can have bound keeps that module's path. */
function starFallback(m: Machine, frame: Frame, name: string): Value | null {
  const cell = frame.module.fields.get('*')
  if (cell === undefined) return null
  for (const atom of m.store.read(cell).atoms) {
    if (atom.kind === 'external') return m.domain.external(`${atom.path}.${name}`, atom.resolution, atom.unresolved)
  }
  return null
}
