// Applications and where they are built: functions and methods that call the application's class (or a subclass of the tree), functions with the
// usual names of factories, and the modules that build an application, or call a factory, while they are imported.
import { filesContaining } from './content-search.ts'
import type { Expr, FunctionIr, Stmt } from '../../ir/model.ts'
import { callsIn, lastName, nodesIn } from '../../ir/nodes.ts'
import type { EntryRule } from '../../profiles/model.ts'
import type { LoadedModule, Program } from '../../program/program.ts'
import { pathMatcher as matcher } from '../../text/glob.ts'
import { definitionOf, dottedPath, functionEntry, isMainGuard, reentering } from './requests.ts'
import { serverModules } from './server-modules.ts'
import type { EntryRequest } from '../evidence/facts.ts'
import { derivedClasses, type Search } from './subclasses.ts'

type FactoryRule = Extract<EntryRule, { kind: 'factory' }>

/** What counts as building an application: dotted paths of library classes, and classes of the tree as `file::Name`. */
interface Built {
  readonly types: readonly string[]
  readonly classes: ReadonlySet<string>
  /** last names of all of them */
  readonly names: readonly string[]
}

const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

/** Entry points of applications in these files. */
export async function factoryEntries(
  search: Search,
  files: readonly string[],
  rule: FactoryRule,
): Promise<EntryRequest[]> {
  const { program } = search
  const scripts = matcher(rule.except)
  const candidates = files.filter((file) => !scripts(file))
  const derived = await derivedClasses(search, candidates, rule.types)
  const { names } = derived
  const classes = new Set(derived.classes.map(({ module, cls }) => `${module.file}::${cls.name}`))
  const built: Built = { types: rule.types, classes, names }
  const texts = [...names.map((name) => `${name}(`), ...rule.names.map((name) => `def ${name}(`)]
  const found = new Set<string>()
  for (const text of texts) for (const file of await filesContaining(search, candidates, text)) found.add(file)
  await program.read([...found])
  const out: EntryRequest[] = []
  for (const file of [...found].toSorted()) {
    const module = program.modules.get(file)
    if (module !== undefined) out.push(...(await entriesIn(search, module, rule, built)))
  }
  out.push(...(await outerFactories(search, candidates, out)))
  const isServer = matcher(rule.servers)
  const servers = candidates.filter((file) => isServer(file))
  out.push(...(await callers(search, servers, out)))
  const applications = { entries: out, builders: names }
  return [...out, ...(await serverModules(search, servers, applications))]
}

/** Functions that return what a factory gave them: what they do on the way belongs to the start as well. */
async function outerFactories(
  search: Search,
  files: readonly string[],
  entries: readonly EntryRequest[],
): Promise<EntryRequest[]> {
  const known = new Set(entries.map((e) => e.id))
  const out: EntryRequest[] = []
  let inner = entries.filter((e) => e.qualname !== null)
  for (let round = 0; round < MAX_OUTER && inner.length > 0; round++) {
    const fresh: EntryRequest[] = []
    for (const module of await modulesCalling(search, files, inner))
      for (const s of module.ir.body) {
        if (s.k !== 'def' || known.has(`${module.file}::${s.fn.name}`)) continue
        const calls = await callsOf(search.program, module, s.fn.body, new Set(inner.map((e) => e.id)))
        if (!returnsResult(s.fn, calls)) continue
        known.add(`${module.file}::${s.fn.name}`)
        const given = s.fn.params.filter((p) => p.kind === 'a' || p.kind === 'a/').map(() => 'unknown' as const)
        fresh.push(reentering(module.file, search.profile), {
          ...functionEntry(module.file, s.fn.name, search.profile, given),
          reenters: true,
        })
      }
    out.push(...fresh)
    inner = fresh.filter((e) => e.qualname !== null)
  }
  return out
}

/** Factories around factories that are followed. */
const MAX_OUTER = 3

/** The function returns one of these calls, or a variable that holds its result. */
function returnsResult(fn: FunctionIr, calls: ReadonlySet<Expr>): boolean {
  const isCall = (x: Expr | null): boolean => x !== null && x.k === 'call' && calls.has(x.f)
  const holders = new Set(
    fn.body
      .flatMap((s) => (s.k === 'assign' && isCall(s.x) ? s.targets : []))
      .flatMap((t) => (t.k === 'name' ? [t.id] : [])),
  )
  return fn.body.some((s) => s.k === 'return' && (isCall(s.x) || (s.x?.k === 'name' && holders.has(s.x.id))))
}

/** Modules in which a factory's name is called. */
async function modulesCalling(
  search: Search,
  files: readonly string[],
  factories: readonly EntryRequest[],
): Promise<LoadedModule[]> {
  const names = new Set(factories.map((e) => last(e.qualname ?? '')))
  const found = new Set<string>()
  for (const name of names) for (const file of await filesContaining(search, files, `${name}(`)) found.add(file)
  await search.program.read([...found])
  return [...found].toSorted().flatMap((file) => search.program.modules.get(file) ?? [])
}

/** The callees among a piece of code that are one of the factories. */
async function callsOf(
  program: Program,
  module: LoadedModule,
  code: readonly Stmt[],
  factories: ReadonlySet<string>,
): Promise<ReadonlySet<Expr>> {
  const names = new Set([...factories].map((id) => last(id.slice(id.indexOf('::') + 2))))
  const out = new Set<Expr>()
  for (const { f } of callsIn(code)) {
    const name = lastName(f)
    if (name === null || !names.has(name)) continue
    const path = dottedPath(f, module, code) ?? (f.k === 'name' ? name : null)
    const target = path === null ? null : await definitionOf(program, module, path)
    if (target !== null && factories.has(`${target.module.file}::${target.node.name}`)) out.add(f)
  }
  return out
}

async function entriesIn(
  search: Search,
  module: LoadedModule,
  rule: FactoryRule,
  built: Built,
): Promise<EntryRequest[]> {
  const { program, profile } = search
  const out: EntryRequest[] = []
  const applications = new Set<string>()
  let atTop = false
  for (const s of module.ir.body) {
    if (s.k === 'def' || s.k === 'class' || isMainGuard(s)) continue
    if (!(await builds(program, module, [s], built))) continue
    atTop = true
    if (s.k === 'assign') for (const t of s.targets) if (t.k === 'name') applications.add(t.id)
  }
  const add = (fn: FunctionIr, qualname: string, receiver: EntryRequest['receiver']): void => {
    const params = receiver === null && qualname === fn.name ? fn.params : fn.params.slice(1)
    const given = params.filter((p) => p.kind === 'a' || p.kind === 'a/').map(() => 'unknown' as const)
    out.push({ ...functionEntry(module.file, qualname, profile, given), receiver, reenters: true })
  }
  const makes = async (fn: FunctionIr): Promise<boolean> =>
    (rule.starting === undefined || handsOut(fn, built.names, rule.starting)) &&
    (await builds(program, module, fn.body, built))
  for (const s of module.ir.body) {
    if (s.k === 'def') {
      const { fn } = s
      const named = rule.names.includes(fn.name) && needed(fn) <= MAX_NEEDED
      if (named || returns(fn, applications) || (await makes(fn))) add(fn, fn.name, null)
    } else if (s.k === 'class')
      for (const inner of s.cls.body)
        if (inner.k === 'def' && (await makes(inner.fn)))
          add(inner.fn, `${s.cls.name}.${inner.fn.name}`, isBoundToClass(inner.fn) ? null : 'construct')
  }
  return out.length === 0 && !atTop ? [] : [reentering(module.file, profile), ...out]
}

/** A factory by name alone is given its configuration, and little else: who needs more makes an "application" of another kind. */
const MAX_NEEDED = 3

function needed(fn: FunctionIr): number {
  return fn.params.filter((p) => (p.kind === 'a' || p.kind === 'a/' || p.kind === 'k') && p.default === null).length
}

/** Modules that call a factory while they are imported: `app = create_app()` in wsgi.py or main.py. */
async function callers(
  search: Search,
  files: readonly string[],
  entries: readonly EntryRequest[],
): Promise<EntryRequest[]> {
  const factories = entries.filter((e) => e.qualname !== null)
  const ids = new Set(factories.map((e) => e.id))
  const known = new Set(entries.map((e) => e.file))
  const out: EntryRequest[] = []
  for (const module of await modulesCalling(search, files, factories)) {
    if (known.has(module.file)) continue
    const top = module.ir.body.filter((s) => s.k !== 'def' && s.k !== 'class' && !isMainGuard(s))
    const imported = [...module.ir.body.filter((s) => s.k === 'from' || s.k === 'import'), ...top]
    if ((await callsOf(search.program, module, imported, ids)).size > 0)
      out.push(reentering(module.file, search.profile))
  }
  return out
}

/** Whether statements call the application's class; imports among them count. */
async function builds(program: Program, module: LoadedModule, body: readonly Stmt[], built: Built): Promise<boolean> {
  for (const { f } of callsIn(body)) {
    const name = lastName(f)
    if (name === null) continue
    const path = dottedPath(f, module, body)
    if (path !== null && built.types.includes(path)) return true
    if (built.classes.size === 0) continue
    const target = await definitionOf(program, module, path ?? (f.k === 'name' ? name : ''))
    if (target !== null && built.classes.has(`${target.module.file}::${target.node.name}`)) return true
  }
  return false
}

/** The function returns an application that it builds, stores it outside of itself, or starts it. */
function handsOut(fn: FunctionIr, classes: readonly string[], starting: readonly string[]): boolean {
  const statements: readonly (Stmt | Expr)[] = nodesIn(fn.body)
  const isCall = (x: Expr | null): boolean => x?.k === 'call' && classes.includes(lastName(x.f) ?? '')
  const holders = new Set(
    statements.flatMap((s) => (s.k === 'assign' && isCall(s.x) ? s.targets : [])).flatMap((t) => lastName(t) ?? []),
  )
  const isApplication = (x: Expr | null): boolean => isCall(x) || (x?.k === 'name' && holders.has(x.id))
  return statements.some((s) => {
    if (s.k === 'return') return isApplication(s.x)
    if (s.k === 'assign')
      return isApplication(s.x) && s.targets.some((t) => t.k !== 'name' || fn.globals.includes(t.id))
    return s.k === 'call' && s.f.k === 'attr' && starting.includes(s.f.n) && isApplication(s.f.o)
  })
}

function returns(fn: FunctionIr, names: ReadonlySet<string>): boolean {
  return fn.body.some((s) => s.k === 'return' && s.x?.k === 'name' && names.has(s.x.id))
}

function isBoundToClass(fn: FunctionIr): boolean {
  return fn.decorators.some((d) => d.k === 'name' && (d.id === 'staticmethod' || d.id === 'classmethod'))
}
