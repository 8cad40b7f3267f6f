// Imports: the first import runs every package body on the way and the module's own body, once; in a cycle the importer sees what is bound so far.
import type { Stmt } from '../ir/model.ts'
import type { ImportResult } from '../program/program.ts'
import { mergeDetached } from './summaries.ts'
import { childContext, newFrame, onlyCaught, newSummary, recordCall, recordNote, settle, siteOf } from './frames.ts'
import { bind, moduleCell } from './names.ts'
import type { Frame, Machine, MemoEntry, Summary } from './machine.ts'
import { RESOLVED, stringOf, type Env, type ModuleAtom, type Site, type Value } from './values.ts'

/** The module object of a file; null when the file was not read (it is noted and read before the next round). */
export function moduleAtom(m: Machine, file: string): ModuleAtom | null {
  const known = m.modules.get(file)
  if (known !== undefined) return known
  const info = m.program.modules.get(file)
  if (info === undefined) {
    if (m.program.files.has(file) && !m.program.unreadable.has(file)) m.wanted.add(file)
    return null
  }
  const atom = m.domain.make({ kind: 'module', info, fields: new Map(), state: m.store.cell(m.domain.unbound, 0) })
  m.modules.set(file, atom)
  for (const name of info.ir.attributeStores) m.storedAttributes.add(name)
  return atom
}

export function moduleEnv(m: Machine, module: ModuleAtom): Env {
  let env = m.moduleEnvs.get(module)
  if (env === undefined) {
    env = {
      vars: new Map(),
      parent: null,
      module,
      kind: 'module',
      globals: new Set(),
      nonlocals: new Set(),
      captured: true,
      id: m.nextEnv++,
      owner: null,
    }
    m.moduleEnvs.set(module, env)
  }
  return env
}

/** Runs the body of a module unless it has run (or is running) on this path. Returns false when its body certainly raises. */
export function runModule(m: Machine, frame: Frame, file: string, site: Site, told = !m.early.has(file)): boolean {
  const module = moduleAtom(m, file)
  if (module === null) {
    if (m.program.unreadable.has(file)) recordNote(frame, { note: 'unread', site, text: file, function: null })
    return true
  }
  const state = m.store.read(module.state)
  if (state !== m.domain.unbound) {
    // imported on some paths so far: on the others it runs now
    if (state.atoms.some((a) => a.kind === 'unbound'))
      m.ops.maybe(frame, site, () => runBody(m, frame, module, site, told))
    return true
  }
  return runBody(m, frame, module, site, told)
}

/** `told`: what the body does belongs to this import. Otherwise it ran before, for an entry point of its own. */
function runBody(m: Machine, frame: Frame, module: ModuleAtom, site: Site, told: boolean): boolean {
  const before = m.detaching
  m.detaching = false
  const known = reusable(m, module)
  let summary: Summary
  if (known !== null) {
    m.store.apply(known.delta)
    m.detached = mergeDetached(m.detached, known.detached)
    summary = known.summary
  } else summary = evaluateBody(m, module)
  m.detaching = before
  if (told)
    recordCall(
      frame,
      {
        kind: 'call',
        site,
        step: 'import',
        callee: module.info.name,
        target: summary,
        resolution: RESOLVED,
        detached: before,
        instead: null,
      },
      module.id,
    )
  if (summary.canRaise || (summary.returns && summary.raises.length > 0)) frame.summary.canRaise = true
  if (summary.caught !== null) onlyCaught(frame, summary.caught)
  if (!summary.returns && summary.raises.length > 0) m.ops.raise(frame, m.domain.joinAll(summary.raises))
  return summary.returns || summary.raises.length === 0
}

function reusable(m: Machine, module: ModuleAtom): MemoEntry | null {
  for (const entry of m.moduleMemo.get(module) ?? []) {
    let valid = true
    for (const [cell, value] of entry.reads) if (cell.value !== value) valid = false
    if (!valid) continue
    for (const cell of entry.reads.keys()) m.store.read(cell)
    return entry
  }
  return null
}

/** Evaluates a module body from here; the summary can be used again by any entry point that imports it in the same surroundings. */
export function evaluateBody(m: Machine, module: ModuleAtom): Summary {
  const { info } = module
  const summary = newSummary(m, '', info, { module: info, p: 0, e: 0 })
  const start = m.store.mark()
  const before = new Set(m.detached)
  const outer = m.store.recorder
  m.store.clock++
  const recorder = { start: m.store.clock, firstAtom: m.domain.nextId, reads: new Map() }
  m.store.recorder = recorder
  m.store.read(module.state)
  m.store.write(module.state, m.domain.constant('str', 'loading'))
  for (const cell of module.fields.values()) if (cell.value !== m.domain.unbound) m.store.write(cell, m.domain.unbound)
  const frame = newFrame(m, {
    env: moduleEnv(m, module),
    function: null,
    name: '',
    context: childContext(m, m.rootContext, `module:${info.file}`),
    summary,
  })
  bind(m, frame.env, '__name__', m.domain.constant('str', info.name))
  bind(m, frame.env, '__file__', m.domain.typed('str'))
  const loop = m.loopRunning
  m.loopRunning = false
  m.depth++
  const ends = m.ops.execute(frame, info.ir.body)
  m.depth--
  m.loopRunning = loop
  summary.returns = settle(m, frame.returns, ends)
  summary.raises = frame.raises[0]?.exits.map((exit) => exit.value) ?? []
  if (!summary.returns && frame.raises[0] !== undefined) settle(m, frame.raises[0], false)
  // a module whose body raised is not kept: the next import runs it again
  m.store.write(module.state, summary.returns ? m.domain.constant('str', 'loaded') : m.domain.unbound)
  m.store.recorder = outer
  if (outer !== null)
    for (const [cell, value] of recorder.reads)
      if (cell.birth < outer.start && cell.stamp < outer.start && !outer.reads.has(cell)) outer.reads.set(cell, value)
  const memo = m.moduleMemo.get(module) ?? []
  if (memo.length < MAX_BODIES)
    memo.push({
      args: NO_ARGUMENTS,
      reads: recorder.reads,
      delta: m.store.collect(start),
      summary,
      detached: m.detached.filter((task) => !before.has(task)),
      escapes: false,
      objects: [],
      uses: 0,
    })
  m.moduleMemo.set(module, memo)
  return summary
}
const NO_ARGUMENTS: ReadonlyMap<string, Value> = new Map()
/** Summaries kept per module body for different surroundings. */
const MAX_BODIES = 6

/** Runs the packages and the module of a resolved import; null when nothing of it is in the tree, RAISES when a body certainly raises. */
function load(m: Machine, frame: Frame, result: ImportResult, site: Site): ModuleAtom | null | typeof RAISES {
  if (result.kind === 'external') return null
  for (const file of result.packages) if (!runModule(m, frame, file, site)) return RAISES
  if (result.kind !== 'file') return null
  if (!runModule(m, frame, result.file, site)) return RAISES
  attach(m, result)
  return moduleAtom(m, result.file)
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

export function importStatement(m: Machine, frame: Frame, s: Extract<Stmt, { k: 'import' | 'from' }>): boolean {
  return s.k === 'import' ? importNames(m, frame, s) : importFrom(m, frame, s)
}

function importNames(m: Machine, frame: Frame, s: Extract<Stmt, { k: 'import' }>): boolean {
  const from = frame.module.info.file
  for (const alias of s.names) {
    const site = siteOf(frame, alias)
    const result = m.program.resolve(from, alias.n, 0)
    const top = alias.n.split('.')[0] ?? alias.n
    const module = load(m, frame, result, site)
    if (module === RAISES) return false
    const value = resolved(m, result, module, alias.n)
    if (alias.as !== null || top === alias.n) bind(m, frame.env, alias.as ?? top, value)
    else {
      const first = m.program.resolve(from, top, 0)
      bind(m, frame.env, top, resolved(m, first, first.kind === 'file' ? moduleAtom(m, first.file) : null, top))
    }
    if (result.kind === 'missing') frame.summary.canRaise = true
    if (result.kind === 'external') frame.summary.canRaise = true
  }
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

function importFrom(m: Machine, frame: Frame, s: Extract<Stmt, { k: 'from' }>): boolean {
  const from = frame.module.info.file
  const site = siteOf(frame, s)
  const result = m.program.resolve(from, s.module, s.level)
  const owner = load(m, frame, result, site)
  if (owner === RAISES) return false
  if (result.kind === 'missing' || result.kind === 'external') frame.summary.canRaise = true
  for (const alias of s.names) {
    if (alias.n === '*') {
      importStar(m, frame, result, owner, s.module)
      continue
    }
    const value = importedName(m, frame, s, { result, owner, name: alias.n, site })
    if (value.atoms.length === 0) return false
    bind(m, frame.env, alias.as ?? alias.n, value)
  }
  return true
}

interface Imported {
  readonly result: ImportResult
  readonly owner: ModuleAtom | null
  readonly name: string
  readonly site: Site
}

function importedName(m: Machine, frame: Frame, s: Extract<Stmt, { k: 'from' }>, at: Imported): Value {
  const { owner, result, name } = at
  // what the catalogue says about the name itself counts here too: `from django.db import connection` gives a connection
  if (result.kind === 'external') {
    const site = { site: at.site, step: 'import', resolution: RESOLVED } as const
    return m.domain.joinAll(
      m.domain
        .external(s.module)
        .atoms.map((a) =>
          a.kind === 'external' ? m.ops.externalAttribute(frame, a, name, site, null) : m.domain.of(a),
        ),
    )
  }
  if (owner !== null) {
    const value = m.domain.filter(m.store.read(fieldOf(m, owner, name)), (a) => a.kind !== 'unbound')
    if (value.atoms.length > 0) return value
  }
  const sub = m.program.resolve(frame.module.info.file, s.module === '' ? name : `${s.module}.${name}`, s.level)
  const module = load(m, frame, sub.kind === 'external' ? { kind: 'missing', packages: [] } : sub, at.site)
  if (module === RAISES) return m.domain.bottom
  if (module !== null) return m.domain.of(module)
  if (sub.kind === 'namespace') return namespace(m, sub.directory)
  if (owner !== null)
    return m.ops.getAttribute(
      frame,
      m.domain.of(owner),
      name,
      { site: at.site, step: 'property', resolution: RESOLVED },
      null,
    )
  frame.summary.canRaise = true
  return result.kind === 'missing'
    ? m.domain.external(`${s.module}.${name}`, RESOLVED, true)
    : m.domain.unknown('unresolved-import', true)
}

function importStar(m: Machine, frame: Frame, result: ImportResult, owner: ModuleAtom | null, module: string): void {
  if (owner === null) {
    bind(m, frame.env, '*', m.domain.external(module, RESOLVED, result.kind !== 'external'))
    return
  }
  const listed = m.store.read(fieldOf(m, owner, '__all__'))
  const names =
    listed === m.domain.unbound
      ? null
      : m.ops
          .spread(frame, listed, { site: siteOf(frame, { p: 0, e: 0 }), step: 'iterate', resolution: RESOLVED })
          .elements?.map((v) => stringOf(v))
  const wanted =
    names === null || names === undefined || names.includes(null)
      ? [...owner.fields.keys()].filter((n) => !n.startsWith('_'))
      : names
  for (const name of wanted) {
    if (name === null || name === undefined) continue
    const value = m.store.read(fieldOf(m, owner, name))
    if (value !== m.domain.unbound)
      bind(
        m,
        frame.env,
        name,
        m.domain.filter(value, (a) => a.kind !== 'unbound'),
      )
  }
  const star = owner.fields.get('*')
  if (star !== undefined && star.value !== m.domain.unbound) bind(m, frame.env, '*', m.store.read(star))
}

/** `import_module("a.b")`, `__import__`: the module itself. A relative name needs the package. */
export function importByName(m: Machine, frame: Frame, text: string, anchor: string | null, site: Site): Value {
  const dots = /^\.*/.exec(text)?.[0].length ?? 0
  const from = frame.module.info.file
  let result: ImportResult
  if (dots > 0) {
    const base = anchor === null ? null : m.program.resolve(from, anchor, 0)
    const start = base?.kind === 'file' ? base.file : from
    result = m.program.resolve(start, text.slice(dots), dots)
  } else result = m.program.resolve(from, text, 0)
  const module = load(m, frame, result, site)
  if (module === RAISES) return m.domain.bottom
  frame.summary.canRaise = true
  return resolved(m, result, module, text)
}

/** `sys.modules["name"]`: a module of the tree by its dotted name. */
export function moduleOf(m: Machine, frame: Frame, name: string | null): Value | null {
  if (name === null) return null
  for (const module of m.modules.values())
    if (module.info.name === name && m.store.read(module.state) !== m.domain.unbound) return m.domain.of(module)
  const result = m.program.resolve(frame.module.info.file, name, 0)
  const module = result.kind === 'file' ? moduleAtom(m, result.file) : null
  return module === null ? null : m.domain.of(module)
}
