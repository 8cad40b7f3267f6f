// Imports: the first import runs every package body on the way and the module's own body, once; in a cycle the importer sees what is bound so far.
// Which names that binds is decided here; how a body runs is bodies.ts.
import type { Stmt } from '../../ir/model.ts'
import type { ImportResult } from '../../program/program.ts'
import { at, siteOf, unwritten } from '../machine/sites.ts'
import { importTarget } from './import-targets.ts'
import { isRefused, loadedModule, placedModule } from './module-table.ts'
import { moduleAtom, moduleEnv, runModule } from './bodies.ts'
import { assignedLibrary } from '../domain/library-attributes.ts'
import { bind, moduleCell } from './names.ts'
import { attempt } from '../objects/attempts.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { positional, RESOLVED, stringOf, type ModuleAtom, type Site, type Value } from '../domain/values.ts'

/** Runs the packages and the module of a resolved import; null when nothing of it is in the tree, RAISES when a body certainly raises. */
function load(frame: Frame, result: ImportResult, site: Site): ModuleAtom | null | typeof RAISES {
  if (result.kind === 'external') return null
  for (const file of result.packages) if (!runModule(frame, file, site)) return RAISES
  if (result.kind !== 'file') return null
  if (!runModule(frame, result.file, site)) return RAISES
  attach(frame.machine, result)
  return moduleAtom(frame.machine, result.file)
}
const RAISES = 'raises'

/** A submodule becomes an attribute of its package. */
function attach(m: Machine, result: Extract<ImportResult, { kind: 'file' }>): void {
  const chain = [...result.packages, result.file]
  for (let i = 1; i < chain.length; i++) {
    const parent = moduleAtom(m, chain[i - 1] ?? '')
    const child = moduleAtom(m, chain[i] ?? '')
    const name =
      (chain[i] ?? '')
        .replace(/\/__init__\.py$|\.py$/, '')
        .split('/')
        .at(-1) ?? ''
    if (parent === null || child === null) continue
    const cell = fieldOf(m, parent, name)
    if (cell.value === m.domain.unbound) m.store.write(cell, m.domain.of(child))
  }
}

function fieldOf(m: Machine, module: ModuleAtom, name: string): ReturnType<typeof moduleCell> {
  return moduleCell(m, moduleEnv(m, module), name)
}

function namespace(m: Machine, directory: string): Value {
  return m.domain.special('package', [], [directory])
}

export function importStatement(frame: Frame, s: Extract<Stmt, { k: 'import' | 'from' }>): boolean {
  const hook = assignedLibrary(frame.machine, 'builtins.__import__', () => null)
  if (hook !== null && !askHook(frame, hook, s)) return false
  return s.k === 'import' ? importNames(frame, s) : importFrom(frame, s)
}

/** `builtins.__import__ = hook`: each import statement calls it; the import itself is told as if it called Python's own. */
function askHook(frame: Frame, hook: Value, s: Extract<Stmt, { k: 'import' | 'from' }>): boolean {
  const m = frame.machine
  const site = { ...at(frame, s, 'import'), expr: null }
  for (const name of s.k === 'import' ? s.names.map((alias) => alias.n) : [s.module])
    m.ops.call(frame, hook, positional(m.domain.constant('str', name)), site)
  return !m.stopped
}

function importNames(frame: Frame, s: Extract<Stmt, { k: 'import' }>): boolean {
  const m = frame.machine
  const from = frame.module.info.file
  for (const alias of s.names) {
    const site = siteOf(frame, alias)
    const result = importTarget(m.program, from, { module: alias.n })
    const top = alias.n.split('.')[0] ?? alias.n
    const before = placedModule(m, alias.n)
    const module = before === null ? load(frame, result, site) : null
    if (module === RAISES) return false
    const placed = before ?? placedModule(m, alias.n)
    if (placed !== null && (alias.as !== null || top === alias.n)) {
      if (!bindPlaced(frame, alias.as ?? top, placed)) return false
      continue
    }
    const value = resolved(m, result, module, alias.n)
    if (alias.as !== null || top === alias.n) bind(m, frame.env, alias.as ?? top, value)
    else {
      const first = importTarget(m.program, from, { module: top })
      bind(m, frame.env, top, resolved(m, first, first.kind === 'file' ? moduleAtom(m, first.file) : null, top))
    }
    if (result.kind === 'missing') frame.summary.canRaise = true
    if (result.kind === 'external') frame.summary.canRaise = true
  }
  return true
}

/** Binds what stands in `sys.modules` under the name that is imported; False where that is None, which ends in an error. */
function bindPlaced(frame: Frame, name: string, placed: Value): boolean {
  const m = frame.machine
  if (isRefused(frame, placed)) return false
  bind(m, frame.env, name, placed)
  return true
}

function resolved(m: Machine, result: ImportResult, module: ModuleAtom | null, name: string): Value {
  if (module !== null) return m.domain.of(module)
  if (result.kind === 'namespace') return namespace(m, result.directory)
  if (result.kind === 'external') return m.domain.external(name)
  return result.kind === 'missing'
    ? m.domain.external(name, RESOLVED, true)
    : m.domain.unknown('unresolved-import', true)
}

function importFrom(frame: Frame, s: Extract<Stmt, { k: 'from' }>): boolean {
  const from = frame.module.info.file
  const site = siteOf(frame, s)
  const names = s.names.map(({ n }) => n)
  const result = importTarget(frame.machine.program, from, { module: s.module, level: s.level, names })
  const name = result.kind === 'file' ? moduleName(frame.machine, result.file) : s.level === 0 ? s.module : null
  const before = name === null ? null : placedModule(frame.machine, name)
  const owner = before === null ? load(frame, result, site) : null
  if (owner === RAISES) return false
  const placed = before ?? (name === null ? null : placedModule(frame.machine, name))
  if (placed !== null) return importPlaced(frame, s, placed)
  if (result.kind === 'missing' || result.kind === 'external') frame.summary.canRaise = true
  for (const alias of s.names) {
    if (alias.n === '*') {
      importStar(frame, result, owner, s.module)
      continue
    }
    const value = importedName(frame, s, { result, owner, name: alias.n, site })
    if (value.atoms.length === 0) return false
    bind(frame.machine, frame.env, alias.as ?? alias.n, value)
  }
  return true
}

/** `from name import a` where something else stands in `sys.modules` under the name. */
function importPlaced(frame: Frame, s: Extract<Stmt, { k: 'from' }>, placed: Value): boolean {
  const m = frame.machine
  if (isRefused(frame, placed)) return false
  for (const alias of s.names) {
    const value = m.ops.getAttribute(frame, placed, alias.n, at(frame, s, 'property'))
    if (value.atoms.length === 0) return false
    bind(m, frame.env, alias.as ?? alias.n, value)
  }
  return true
}

function moduleName(m: Machine, file: string): string | null {
  return m.program.modules.get(file)?.name ?? null
}

interface Imported {
  readonly result: ImportResult
  readonly owner: ModuleAtom | null
  readonly name: string
  readonly site: Site
}

function importedName(frame: Frame, s: Extract<Stmt, { k: 'from' }>, imported: Imported): Value {
  const m = frame.machine
  const { owner, result, name } = imported
  // what the catalogue says about the name itself counts here too: `from django.db import connection` gives a connection
  if (result.kind === 'external') {
    const site = unwritten(imported.site, 'import')
    return m.domain.joinAll(
      m.domain
        .external(s.module)
        .atoms.map((a) => (a.kind === 'external' ? m.ops.externalAttribute(frame, a, name, site) : m.domain.of(a))),
    )
  }
  if (owner !== null) {
    const value = m.domain.withoutUnbound(m.store.read(fieldOf(m, owner, name)))
    if (value.atoms.length > 0) return value
  }
  // a package's own `__getattr__` is asked before a submodule is imported
  const own = owner === null ? null : askPackage(frame, owner, imported)
  if (own !== null && !own.missing) return own.found
  const sub = m.program.resolve(frame.module.info.file, s.module === '' ? name : `${s.module}.${name}`, s.level)
  const module = load(frame, sub.kind === 'external' ? { kind: 'missing', packages: [] } : sub, imported.site)
  if (module === RAISES) return m.domain.bottom
  if (module !== null) return m.domain.of(module)
  if (sub.kind === 'namespace') return namespace(m, sub.directory)
  if (owner !== null && own === null && isNotYetBound(frame, owner, name)) {
    m.ops.raise(frame, m.domain.native('ImportError'))
    return m.domain.bottom
  }
  if (owner !== null) {
    // a submodule that is not in the tree may be compiled or generated
    if (own === null) {
      const value = attributeOf(frame, owner, imported)
      if (value.atoms.some((a) => a.kind === 'unknown')) frame.summary.canRaise = true
      return value
    }
    frame.summary.canRaise = true
    return m.domain.join(own.found, m.domain.unknown('unresolved-import', true))
  }
  frame.summary.canRaise = true
  return result.kind === 'missing'
    ? m.domain.external(`${s.module}.${name}`, RESOLVED, true)
    : m.domain.unknown('unresolved-import', true)
}

/**
 * In a cycle of imports: the module's body is running and has not come to the statement that binds the name, so the import fails. Only where a handler
 * stands around it, and where no framework has imported modules before: a program that starts does not fail there, so the order was another one.
 */
function isNotYetBound(frame: Frame, owner: ModuleAtom, name: string): boolean {
  const m = frame.machine
  if (frame.raises.length < 2 || m.early.size > 0 || !owner.info.ir.names.includes(name)) return false
  if (stringOf(m.store.read(owner.state)) !== 'loading') return false
  return [name, '*'].every((each) => m.store.read(fieldOf(m, owner, each)) === m.domain.unbound)
}

function attributeOf(frame: Frame, owner: ModuleAtom, { name, site }: Imported): Value {
  const read = unwritten(site, 'property')
  return frame.machine.ops.getAttribute(frame, frame.machine.domain.of(owner), name, read)
}

/** What `__getattr__` of a package says to a name; null where there is none. */
function askPackage(frame: Frame, owner: ModuleAtom, imported: Imported): ReturnType<typeof attempt> | null {
  const m = frame.machine
  if (!owner.info.isPackage || m.store.read(fieldOf(m, owner, '__getattr__')) === m.domain.unbound) return null
  return attempt(frame, () => attributeOf(frame, owner, imported))
}

function importStar(frame: Frame, result: ImportResult, owner: ModuleAtom | null, module: string): void {
  const m = frame.machine
  if (owner === null) {
    addStar(frame, m.domain.external(module, RESOLVED, result.kind !== 'external'))
    return
  }
  const listed = m.store.read(fieldOf(m, owner, '__all__'))
  const names =
    listed === m.domain.unbound
      ? null
      : m.ops.spread(frame, listed, at(frame, { p: 0, e: 0 }, 'iterate')).elements?.map((v) => stringOf(v))
  const wanted =
    names === null || names === undefined || names.includes(null)
      ? [...owner.fields.keys()].filter((n) => !n.startsWith('_'))
      : names
  for (const name of wanted) {
    if (name === null || name === undefined) continue
    const value = m.store.read(fieldOf(m, owner, name))
    if (value !== m.domain.unbound) bind(m, frame.env, name, m.domain.withoutUnbound(value))
  }
  const star = owner.fields.get('*')
  if (star !== undefined && star.value !== m.domain.unbound) addStar(frame, m.store.read(star))
}

/** Several libraries may be imported by star: which of them a name comes from is asked when it is read. */
function addStar(frame: Frame, modules: Value): void {
  const m = frame.machine
  const before = frame.module.fields.get('*')
  const known = before === undefined ? m.domain.unbound : m.store.read(before)
  bind(m, frame.env, '*', known === m.domain.unbound ? modules : m.domain.join(known, modules))
}

/** `import_module("a.b")`, `__import__`: the module itself. A relative name needs the package. */
export function importByName(frame: Frame, text: string, anchor: string | null, site: Site): Value {
  const m = frame.machine
  const dots = /^\.*/.exec(text)?.[0].length ?? 0
  const from = frame.module.info.file
  let result: ImportResult
  if (dots > 0) {
    const base = anchor === null ? null : m.program.resolve(from, anchor, 0)
    const start = base?.kind === 'file' ? base.file : from
    result = m.program.resolve(start, text.slice(dots), dots)
  } else result = m.program.resolve(from, text, 0)
  const before = placedModule(m, text)
  const module = before === null ? load(frame, result, site) : null
  if (module === RAISES) return m.domain.bottom
  frame.summary.canRaise = true
  return before ?? placedModule(m, text) ?? resolved(m, result, module, text)
}

/** `sys.modules["name"]`: a module of the tree by its dotted name. */
export function moduleOf(frame: Frame, name: string | null): Value | null {
  const m = frame.machine
  if (name === null) return null
  const placed = placedModule(m, name)
  if (placed !== null) return placed
  const loaded = loadedModule(m, name)
  if (loaded !== null) return m.domain.of(loaded)
  const result = m.program.resolve(frame.module.info.file, name, 0)
  const module = result.kind === 'file' ? moduleAtom(m, result.file) : null
  return module === null ? null : m.domain.of(module)
}
