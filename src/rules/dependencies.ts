// What a call path hangs on besides its own steps, by names: the imports, assignments, constants, defaults, bases and small functions that the
// expressions and conditions along the path mention, and what those mention in turn. A change to one of them can bring old work within reach.
// Must stay true: a binding is listed only if a chain of names leads from the path to it, so nothing unrelated is ever blamed.
import type { ClassIr, FunctionIr, ModuleIr, Stmt } from '../ir/model.ts'
import type { RawFinding } from '../findings/model.ts'
import type { LoadedModule, Program } from '../program/program.ts'
import type { SourceRange } from '../text/position.ts'
import { bindingsOf, exits, headerOf, usesIn, type Use } from './bindings.ts'
import { blocksOf, definitionIn, flattened } from '../ir/lookup.ts'
import { headRange, rangeOf } from './places.ts'
import { registrationsOf, servicesIn } from './registrations.ts'

export interface Dependencies {
  /** statements and headers that bind what the path uses, nearest to the operation first */
  readonly bindings: readonly SourceRange[]
  /** whole functions and classes: those of the path nearest to the operation first, then what they use */
  readonly definitions: readonly SourceRange[]
}

/** Names followed for one finding; a path that mentions more has its causes among the first. */
const MAX_NAMES = 400

interface Wanted extends Use {
  readonly module: LoadedModule
  /** qualified name of the function or class in which the name is looked up, '' for the module */
  readonly scope: string
}

interface Search {
  readonly program: Program
  readonly seen: Set<string>
  readonly queue: Wanted[]
  /** how many of the queue were looked up */
  followed: number
  readonly bindings: SourceRange[]
  readonly definitions: SourceRange[]
  /** classes on the way, by file and name, with the attributes that the path asks objects for */
  readonly classes: Map<string, { readonly module: LoadedModule; readonly cls: ClassIr }>
  readonly attributes: Set<string>
  /** services that the path asks for by name */
  readonly services: Set<string>
}

export function dependenciesOf(finding: RawFinding, program: Program): Dependencies {
  const search: Search = {
    program,
    seen: new Set(),
    queue: [],
    followed: 0,
    bindings: [],
    definitions: [],
    classes: new Map(),
    attributes: new Set(),
    services: new Set(),
  }
  for (const point of pointsOf(finding)) addPoint(search, point)
  if (finding.operations.length === 0) addEntry(search, finding.entryPoint)
  followAll(search)
  // what the framework finds under the name of the entry point is farthest from the operation
  addEntryName(search, finding.entryPoint)
  followAll(search)
  const bindings = [...search.bindings, ...registrationsOf(program, search.services)]
  return { bindings, definitions: search.definitions }
}

function followAll(search: Search): void {
  while (search.followed < Math.min(search.queue.length, MAX_NAMES)) {
    const wanted = search.queue[search.followed++]
    if (wanted !== undefined) resolve(search, wanted)
  }
}

interface Point {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly function: string
}

function pointsOf({ operations, trace, workFunction }: RawFinding): Point[] {
  const name = workFunction.includes('::') ? workFunction.slice(workFunction.indexOf('::') + 2) : ''
  return [...operations.map((it) => ({ ...it, function: name })), ...trace.toReversed()]
}

/** What a rule without work misses is missing in the entry point: a registration that was deleted stood there. */
function addEntry(search: Search, entryPoint: string): void {
  const [file = '', name = ''] = entryPoint.split('::')
  const module = search.program.modules.get(file)
  const definition = module === undefined || name === '' ? null : definitionIn(module.ir, name)
  if (module !== undefined && definition !== null) addDefinition(search, module, definition)
}

/** The decorators of the entry point decide what the framework calls, and so does an import under its name. */
function addEntryName(search: Search, entryPoint: string): void {
  const [file = '', name = ''] = entryPoint.split('::')
  const module = search.program.modules.get(file)
  if (module === undefined || name === '') return
  const definition = definitionIn(module.ir, name)
  const [first = '', ...attributes] = name.split('.')
  if (definition === null) return use(search, module, '', [{ name: first, attributes }])
  for (const { p, e } of definition.decorators) search.bindings.push(rangeOf({ module, p, e }))
  const start = Math.min(definition.p, ...definition.decorators.map(({ p }) => p))
  search.definitions.push(rangeOf({ module, p: start, e: definition.ne }))
  use(search, module, '', usesIn(definition.decorators))
}

/** The statement in which a step stands, the conditions around it, and those before it that leave early. */
function addPoint(search: Search, point: Point): void {
  const module = search.program.modules.get(point.file)
  if (module === undefined) return
  const definition = point.function === '' ? null : definitionIn(module.ir, point.function)
  if (definition !== null) {
    addDefinition(search, module, definition)
    addOwner(search, module, point.function)
    if ('params' in definition) use(search, module, point.function, headerUses(definition))
  }
  const offset = (module.ir.lines[point.line - 1] ?? 0) + point.column - 1
  const visit = (body: readonly Stmt[]): void => {
    for (const s of body) {
      const holds = s.p <= offset && offset < s.e
      if (holds || (s.e <= offset && exits(s))) useStatement(search, { module, scope: point.function, statement: s })
      if (holds) for (const block of blocksOf(s)) visit(block)
    }
  }
  visit(definition?.body ?? module.ir.body)
}

function addDefinition(search: Search, module: LoadedModule, definition: FunctionIr | ClassIr): void {
  const key = `definition ${module.file} ${definition.qualname}`
  if (search.seen.has(key)) return
  search.seen.add(key)
  const start = Math.min(definition.p, ...definition.decorators.map(({ p }) => p))
  search.definitions.push(rangeOf({ module, p: start, e: definition.e }))
}

/** The class of a method: its attributes decide what `self.…` means. */
function addOwner(search: Search, module: LoadedModule, qualname: string): void {
  const cut = qualname.lastIndexOf('.')
  const owner = cut < 0 ? null : definitionIn(module.ir, qualname.slice(0, cut))
  if (owner !== null && 'bases' in owner) addClass(search, module, owner)
}

function addClass(search: Search, module: LoadedModule, cls: ClassIr): void {
  const key = `${module.file} ${cls.qualname}`
  if (search.classes.has(key)) return
  search.classes.set(key, { module, cls })
  addDefinition(search, module, cls)
  search.bindings.push(rangeOf({ module, p: cls.np, e: cls.ne }))
  for (const part of [...cls.decorators, ...cls.bases.map(({ x }) => x)])
    search.bindings.push(rangeOf({ module, p: part.p, e: part.e }))
  const scope = cls.qualname.split('.').slice(0, -1).join('.')
  use(search, module, scope, usesIn([cls.bases, cls.decorators]))
  for (const name of search.attributes) findAttribute(search, { module, cls, name })
}

function headerUses({ decorators, params }: FunctionIr): Use[] {
  return usesIn([decorators, params.map((it) => it.default)])
}

function use(search: Search, module: LoadedModule, scope: string, uses: readonly Use[]): void {
  for (const it of uses) {
    for (const attribute of it.attributes) addAttribute(search, attribute)
    const key = `${module.file} ${scope} ${it.name} ${it.attributes[0] ?? ''}`
    if (search.seen.has(key)) continue
    search.seen.add(key)
    search.queue.push({ ...it, module, scope })
  }
}

function addAttribute(search: Search, name: string): void {
  if (search.attributes.has(name)) return
  search.attributes.add(name)
  for (const { module, cls } of search.classes.values()) findAttribute(search, { module, cls, name })
}

interface ClassAttribute {
  readonly module: LoadedModule
  readonly cls: ClassIr
  readonly name: string
}

/** `name = …` in the class body, and `self.name = …` in its methods. A method of that name is followed where the path calls it. */
function findAttribute(search: Search, { module, cls, name }: ClassAttribute): void {
  for (const s of cls.body) {
    if (s.k !== 'def' && bindingsOf(s).some((it) => it.name === name))
      bound(search, { module, scope: cls.qualname, statement: s })
    if (s.k !== 'def') continue
    for (const inner of flattened(s.fn.body))
      if (inner.k === 'assign' && inner.targets.some((it) => it.k === 'attr' && it.o.k === 'name' && it.n === name))
        bound(search, { module, scope: s.fn.qualname, statement: inner })
  }
}

interface Bound {
  readonly module: LoadedModule
  readonly scope: string
  readonly statement: Stmt
}

function bound(search: Search, { module, scope, statement }: Bound): void {
  const key = `bound ${module.file} ${statement.p}`
  if (search.seen.has(key)) return
  search.seen.add(key)
  search.bindings.push(headRange(module, statement))
  useStatement(search, { module, scope, statement })
}

/** What a statement evaluates itself. */
function useStatement(search: Search, { module, scope, statement }: Bound): void {
  const header = headerOf(statement)
  for (const service of servicesIn(header)) search.services.add(service)
  use(search, module, scope, usesIn(header))
}

/** Looks a name up as Python does: in its function, in those around it, in the module. */
function resolve(search: Search, wanted: Wanted): void {
  const { module } = wanted
  for (const scope of scopesOf(module.ir, wanted.scope)) {
    const statements = flattened(scope.body)
    const named = statements.filter((s) => bindingsOf(s).some(({ name }) => name === wanted.name))
    const found = named.length > 0 ? named : statements.filter((s) => bindingsOf(s).some(({ name }) => name === '*'))
    for (const statement of found) follow(search, wanted, { module, scope: scope.qualname, statement })
    if (found.length > 0 || scope.parameters.includes(wanted.name)) return
  }
}

interface Scope {
  readonly qualname: string
  readonly body: readonly Stmt[]
  readonly parameters: readonly string[]
}

/** Class bodies are seen from inside themselves only. */
function scopesOf(ir: ModuleIr, qualname: string): Scope[] {
  const scopes: Scope[] = []
  for (let name = qualname; name !== ''; name = name.split('.').slice(0, -1).join('.')) {
    const definition = definitionIn(ir, name)
    if (definition === null || ('bases' in definition && name !== qualname)) continue
    const parameters = 'params' in definition ? definition.params.map(({ n }) => n) : []
    scopes.push({ qualname: name, body: definition.body, parameters })
  }
  return [...scopes, { qualname: '', body: ir.body, parameters: [] }]
}

function follow(search: Search, wanted: Wanted, at: Bound): void {
  const { module, statement } = at
  switch (statement.k) {
    case 'import':
    case 'from':
      return followImport(search, wanted, at)
    case 'def':
      return followFunction(search, module, statement.fn)
    case 'class':
      return addClass(search, module, statement.cls)
    default:
      return bound(search, at)
  }
}

/** A function that a condition or an argument calls: its header, and every statement of its body. */
function followFunction(search: Search, module: LoadedModule, fn: FunctionIr): void {
  const isNew = !search.seen.has(`definition ${module.file} ${fn.qualname}`)
  addDefinition(search, module, fn)
  use(search, module, fn.qualname, headerUses(fn))
  for (const decorator of fn.decorators) search.bindings.push(rangeOf({ module, p: decorator.p, e: decorator.e }))
  // what stands on the path itself is followed from its steps
  if (isNew) for (const statement of flattened(fn.body)) bound(search, { module, scope: fn.qualname, statement })
}

function followImport(search: Search, wanted: Wanted, { module, statement: s }: Bound): void {
  if (s.k !== 'import' && s.k !== 'from') return
  for (const alias of s.names) {
    const name = alias.as ?? (s.k === 'import' ? (alias.n.split('.')[0] ?? '') : alias.n)
    if (name !== wanted.name && alias.n !== '*') continue
    search.bindings.push(rangeOf({ module, p: alias.n === '*' ? s.p : alias.p, e: alias.n === '*' ? s.e : alias.e }))
    if (s.k === 'import') followModule(search, module, { path: alias.n, level: 0, name: wanted.attributes[0] })
    else {
      followModule(search, module, {
        path: s.module,
        level: s.level,
        name: alias.n === '*' ? wanted.name : alias.n,
      })
      const path = s.module === '' ? alias.n : `${s.module}.${alias.n}`
      followModule(search, module, { path, level: s.level, name: wanted.attributes[0] })
    }
  }
}

interface ModuleName {
  readonly path: string
  readonly level: number
  /** looked up in that module */
  readonly name: string | undefined
}

function followModule(search: Search, from: LoadedModule, { path, level, name }: ModuleName): void {
  if (name === undefined) return
  const result = search.program.resolve(from.file, path, level)
  const target = result.kind === 'file' ? search.program.modules.get(result.file) : undefined
  if (target !== undefined) use(search, target, '', [{ name, attributes: [] }])
}
