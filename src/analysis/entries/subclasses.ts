// Classes that derive from a framework's base, over imports, aliases and other classes of the tree, without running anything.
// The search starts from files that mention a base's name and widens with the classes it finds.
import { flattened } from '../../ir/lookup.ts'
import { lastName } from '../../ir/nodes.ts'
import type { ClassIr } from '../../ir/model.ts'
import type { LoadedModule, Program } from '../../program/program.ts'
import { filesContaining, type Searchable } from './content-search.ts'
import {
  classNamed,
  classOf,
  definitionAt,
  dottedPath,
  functionEntry,
  lineageOf,
  moduleEntry,
  targetOf,
  type ClassPlace,
} from './requests.ts'
import type { EntryRequest } from '../evidence/facts.ts'

export interface Search extends Searchable {
  readonly profile: string
}

/** Rounds in which classes found so far are looked for as bases. */
const MAX_ROUNDS = 4

export async function subclasses(
  search: Search,
  files: readonly string[],
  bases: readonly string[],
  methods: readonly string[],
): Promise<EntryRequest[]> {
  const { classes } = await derivedClasses(search, files, bases)
  const requests: EntryRequest[] = []
  // one after the other: a file that several of them derive from is read once
  for (const place of classes) requests.push(...(await requestsFor(search, place, methods)))
  return requests
}

interface Family {
  readonly bases: readonly string[]
  /** the bases themselves, where they stand in the tree */
  readonly roots: ReadonlySet<string>
  /** names by which one of the family may be mentioned */
  readonly names: Set<string>
  readonly found: Map<string, ClassPlace>
}

export interface Derived {
  readonly classes: readonly ClassPlace[]
  /** names by which the bases and these classes are mentioned, those included under which a package hands them on */
  readonly names: readonly string[]
}

/** Classes of the tree that derive from one of the bases, over other classes of the tree. */
export async function derivedClasses(
  search: Search,
  files: readonly string[],
  bases: readonly string[],
): Promise<Derived> {
  const { program } = search
  const family: Family = { bases, roots: await placesOf(program, bases), names: new Set(), found: new Map() }
  const open = new Set<string>()
  let names = bases.map((base) => base.slice(base.search(/[^.*]*$/)))
  for (let round = 0; round < MAX_ROUNDS && names.length > 0; round++) {
    for (const name of new Set(names)) {
      for (const file of await filesContaining(search, files, name)) open.add(file)
      family.names.add(name)
    }
    await program.read([...open])
    const modules = [...open].toSorted().flatMap((file) => program.modules.get(file) ?? [])
    await join(program, modules, family)
    const known = [...family.found.values()].map(({ cls }) => cls.name)
    names = [...known, ...modules.flatMap((module) => renamed(module, family))].filter((it) => !family.names.has(it))
  }
  return { classes: [...family.found.values()], names: [...family.names] }
}

/** Where the bases stand that are classes of the tree. */
async function placesOf(program: Program, bases: readonly string[]): Promise<ReadonlySet<string>> {
  const places = await Promise.all(
    bases.map(async (base) => (base.includes('*') ? null : classOf(await definitionAt(program, '', base)))),
  )
  return new Set(places.flatMap((place) => (place === null ? [] : [keyOf(place)])))
}

function keyOf({ module, cls }: ClassPlace): string {
  return `${module.file}::${cls.qualname}`
}

/** Adds the classes of some modules that derive from one of the family. A class may stand before its base in the order of files. */
async function join(program: Program, modules: readonly LoadedModule[], family: Family): Promise<void> {
  for (let before = -1; before < family.found.size; ) {
    before = family.found.size
    for (const module of modules)
      for (const cls of topClasses(module)) {
        const place = { module, cls }
        if (!family.found.has(keyOf(place)) && (await derives(program, place, family)))
          family.found.set(keyOf(place), place)
      }
  }
}

function topClasses(module: LoadedModule): readonly ClassIr[] {
  return module.derive('classes at the top', ({ body }) =>
    flattened(body).flatMap((s) => (s.k === 'class' ? [s.cls] : [])),
  )
}

/** Names under which a package hands on a class of the family. */
function renamed({ isPackage, ir }: LoadedModule, { names }: Family): string[] {
  if (!isPackage) return []
  const aliases = flattened(ir.body).flatMap((s) => (s.k === 'from' ? s.names : []))
  return aliases.flatMap(({ n, as }) => (as !== null && names.has(n) ? [as] : []))
}

async function derives(program: Program, { module, cls }: ClassPlace, family: Family): Promise<boolean> {
  for (const { x, n: keyword } of cls.bases) {
    if (keyword !== undefined) continue
    const path = dottedPath(x, module)
    if (path !== null && family.bases.includes(path)) return true
    const name = path === null ? lastName(x) : path.slice(path.lastIndexOf('.') + 1)
    if (path !== null && matchesPattern(family.bases, path) && targetOf(program, module.file, path) === null)
      return true
    // only what is called like one of the family is looked up
    const base = name !== null && family.names.has(name) ? await classNamed(program, module, x) : null
    if (base !== null && (family.roots.has(keyOf(base)) || family.found.has(keyOf(base)))) return true
  }
  return false
}

/** A base of another package whose path looks like one of the patterns: `*.apps.*Config`. */
function matchesPattern(bases: readonly string[], path: string): boolean {
  return bases.some((base) => {
    if (!base.includes('*')) return false
    const parts = base.split('*').map((part) => part.replaceAll('.', '\\.'))
    return new RegExp(`^${parts.join('.*')}$`).test(path)
  })
}

/** The entry points of one class: the body of its module, and the methods that it or a base of the tree defines. */
async function requestsFor(
  { program, profile }: Search,
  place: ClassPlace,
  methods: readonly string[],
): Promise<EntryRequest[]> {
  const { module, cls } = place
  const lineage = await lineageOf(program, place)
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
