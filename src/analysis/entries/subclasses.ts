// Classes that derive from a framework's base, over imports, aliases and other classes of the tree, without running anything.
// The search starts from files that mention a base's name and widens with the classes it finds.
import type { ClassIr } from '../../ir/model.ts'
import type { LoadedModule, Program } from '../../program/program.ts'
import type { ContentSearch } from './content-search.ts'
import { dottedPath, functionEntry, moduleEntry, targetOf } from './requests.ts'
import type { EntryRequest } from '../evidence/facts.ts'

export type Containing = (
  program: Program,
  files: readonly string[],
  text: string,
  search: ContentSearch,
) => Promise<string[]>

export interface Search {
  readonly program: Program
  readonly search: ContentSearch
  readonly profile: string
}

export interface Found {
  readonly module: LoadedModule
  readonly cls: ClassIr
  /** qualified in-tree base classes, nearest first */
  readonly bases: readonly Found[]
}

/** Rounds in which classes found so far are looked for as bases. */
const MAX_ROUNDS = 4

export async function subclasses(
  search: Search,
  files: readonly string[],
  bases: readonly string[],
  methods: readonly string[],
  containing: Containing,
): Promise<EntryRequest[]> {
  const found = await derivedClasses(search, files, bases, containing)
  return found.flatMap((entry) => requestsFor(entry, methods, search.profile))
}

/** Classes of the tree that derive from one of the bases, over other classes of the tree. */
export async function derivedClasses(
  search: Search,
  files: readonly string[],
  bases: readonly string[],
  containing: Containing,
): Promise<readonly Found[]> {
  const { program } = search
  const found = new Map<string, Found>()
  let names = new Set(bases.map((base) => base.slice(base.search(/[^.*]*$/))))
  const seen = new Set<string>()
  // the bases themselves, where they stand in the tree
  await program.read(bases.flatMap((base) => inTree(program, '', base)?.split('::')[0] ?? []))
  for (let round = 0; round < MAX_ROUNDS && names.size > 0; round++) {
    const hits = new Set<string>()
    for (const name of names) for (const file of await containing(program, files, name, search.search)) hits.add(file)
    for (const name of names) seen.add(name)
    await program.read([...hits])
    const fresh = new Set<string>()
    for (const file of [...hits].toSorted()) {
      const module = program.modules.get(file)
      if (module === undefined) continue
      for (const s of module.ir.body) {
        const key = s.k === 'class' ? `${file}::${s.cls.name}` : ''
        if (s.k !== 'class' || found.has(key)) continue
        const parents = parentsOf(program, module, s.cls, bases, found)
        if (parents === null) continue
        found.set(key, { module, cls: s.cls, bases: parents })
        if (!seen.has(s.cls.name)) fresh.add(s.cls.name)
      }
    }
    names = fresh
  }
  return [...found.values()]
}

/** In-tree ancestors when the class derives from one of the bases; null when it does not. */
function parentsOf(
  program: Program,
  module: LoadedModule,
  cls: ClassIr,
  bases: readonly string[],
  found: ReadonlyMap<string, Found>,
): Found[] | null {
  let derives = false
  const out: Found[] = []
  for (const base of cls.bases) {
    const local = base.x.k === 'name' ? found.get(`${module.file}::${base.x.id}`) : undefined
    if (local !== undefined) {
      out.push(local, ...local.bases)
      derives = true
      continue
    }
    const path = dottedPath(base.x, module)
    if (path === null) continue
    const target = inTree(program, module.file, path)
    const known = target === null ? undefined : found.get(target)
    if (bases.includes(path) || (target === null && matchesPattern(bases, path))) {
      derives = true
      // a base that stands in the tree brings its own methods
      const own = target === null ? null : baseInTree(program, target)
      if (own !== null && known === undefined) out.push(own)
    }
    if (known !== undefined) {
      out.push(known, ...known.bases)
      derives = true
    }
  }
  return derives ? out : null
}

/** A base of another package whose path looks like one of the patterns: `*.apps.*Config`. */
function matchesPattern(bases: readonly string[], path: string): boolean {
  return bases.some((base) => {
    if (!base.includes('*')) return false
    const parts = base.split('*').map((part) => part.replaceAll('.', '\\.'))
    return new RegExp(`^${parts.join('.*')}$`).test(path)
  })
}

function baseInTree(program: Program, target: string): Found | null {
  const [file = '', name = ''] = target.split('::')
  const module = program.modules.get(file)
  const cls = module?.ir.body.flatMap((s) => (s.k === 'class' && s.cls.name === name ? [s.cls] : [])).at(-1)
  return module === undefined || cls === undefined ? null : { module, cls, bases: [] }
}

function inTree(program: Program, from: string, path: string): string | null {
  const target = targetOf(program, from, path)
  return target === null ? null : `${target.file}::${target.name}`
}

function requestsFor(entry: Found, methods: readonly string[], profile: string): EntryRequest[] {
  const { module, cls } = entry
  const lineage = [entry, ...entry.bases]
  const defined = methods.filter((method) =>
    lineage.some((c) => c.cls.body.some((s) => s.k === 'def' && s.fn.name === method)),
  )
  // work of a constructor that is an entry point itself is told there
  const silent = defined.includes('__init__')
  return [
    moduleEntry(module.file, profile),
    ...defined.map((method) => methodRequest(module.file, cls.name, method, { profile, silent })),
  ]
}

interface Building {
  readonly profile: string
  readonly silent: boolean
}

function methodRequest(file: string, cls: string, method: string, { profile, silent }: Building): EntryRequest {
  const request = functionEntry(file, `${cls}.${method}`, profile, method === 'ready' ? [] : ['context'])
  return { ...request, receiver: silent ? 'silent' : 'construct' }
}
