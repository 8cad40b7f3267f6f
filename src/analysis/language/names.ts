// Scopes: reading, binding and deleting names as CPython resolves them (local, enclosing functions, module, builtins).
import { unwritten } from '../machine/sites.ts'
import { builtinNamed } from '../domain/library-attributes.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import type { Cell } from '../domain/state.ts'
import { GUESSED, type Env, type Value } from '../domain/values.ts'

/** The module-level cell of a name, made on first use. */
export function moduleCell(m: Machine, env: Env, name: string): Cell {
  return m.store.cellIn(env.module.fields, name, 0)
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
  return m.store.cellIn(env.vars, name)
}

export function bind(m: Machine, env: Env, name: string, value: Value): void {
  m.store.write(bindingCell(m, env, name), value)
}

function bound(m: Machine, value: Value): Value {
  return m.domain.withoutUnbound(value)
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
export function readName(frame: Frame, name: string): Value {
  const m = frame.machine
  const cell = readingCell(m, frame.env, name)
  if (cell !== null) {
    const value = m.store.read(cell)
    const known = bound(m, value)
    if (known === value) return value
    const isLocal = !frame.module.fields.has(name) || frame.module.fields.get(name) !== cell
    frame.summary.canRaise = true
    if (isLocal) return known.atoms.length > 0 ? known : m.domain.unknown('unbound-name')
    const fallback = builtinNamed(m, name)
    if (fallback !== undefined) return m.domain.join(known, fallback)
    if (known.atoms.length > 0) return known
  }
  const builtin = builtinNamed(m, name)
  if (builtin !== undefined) return builtin
  const star = starFallback(frame, name)
  frame.summary.canRaise = true
  return star ?? m.domain.external(`?.${name}`, GUESSED, true)
}

function starFallback(frame: Frame, name: string): Value | null {
  const cell = frame.module.fields.get('*')
  return cell === undefined ? null : starName(frame, frame.machine.store.read(cell), name)
}

/** A name that only a star import of a library can have bound: of the module that the catalogue knows it from, otherwise of the last one. */
export function starName(frame: Frame, modules: Value, name: string): Value | null {
  const m = frame.machine
  const externals = modules.atoms.filter((atom) => atom.kind === 'external')
  const atom =
    externals.find((a) => {
      const path = `${a.path}.${name}`
      return m.catalogue.knows(m.catalogue.canonical(path)) || m.catalogue.rows(path).length > 0
    }) ?? externals.at(-1)
  if (atom === undefined) return null
  const site = { module: frame.module.info, p: 0, e: 0 }
  return m.ops.externalAttribute(frame, atom, name, unwritten(site, 'property'))
}
