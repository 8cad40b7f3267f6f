// Look-up in the catalogue: rows by canonical access path, members along the types that share rows, guesses by last name.
// Rows that are off by default only count when the configuration names their symbol.
import type { CatalogueRow, Moment } from './model.ts'
import { ROWS } from './rows/index.ts'
import { ALIASES, DATABASE_MODULES, KEEPING, MIRRORING, SERVICES, SHARING } from './types.ts'

export interface Catalogue {
  /** The access path under which rows are kept: aliases of modules and classes resolved, longest prefix first. */
  canonical(path: string): string
  /** Rows of exactly this access path. */
  rows(symbol: string): readonly CatalogueRow[]
  /** Rows of a member of a type, found on the type itself or on one whose rows it shares; null when nothing is known. */
  member(type: string, name: string): readonly CatalogueRow[] | null
  /** The access path that a type's member is another name of, because the type mirrors a module; null when it mirrors none that has rows for it. */
  mirrored(type: string, name: string): string | null
  /** The type, and those whose rows it shares, nearest first. */
  lineage(type: string): readonly string[]
  /** Rows about a name on a receiver that did not resolve: `?.name`, `?.metadata.create_all`. `path` is the dotted text as written. */
  guesses(path: string): readonly CatalogueRow[]
  /** The type holds or gives a connection to a database. */
  isDatabaseType(type: string): boolean
  /** The module, class or package has rows below it. */
  knows(path: string): boolean
  /** The package only stores the functions that its calls are given, where no row says otherwise. */
  keeps(path: string): boolean
  readonly services: ReadonlyMap<string, string>
  readonly databaseModules: ReadonlySet<string>
}

const NONE: readonly CatalogueRow[] = []
const KEEPING_PACKAGES: ReadonlySet<string> = new Set(KEEPING)

/** Rows, arranged for the questions that are asked of them. */
interface Shelf {
  readonly index: ReadonlyMap<string, readonly CatalogueRow[]>
  readonly guessed: readonly CatalogueRow[]
  readonly databaseTypes: ReadonlySet<string>
  readonly prefixes: ReadonlySet<string>
}

function shelve(rows: readonly CatalogueRow[]): Shelf {
  const index = new Map<string, CatalogueRow[]>()
  const databaseTypes = new Set<string>()
  const prefixes = new Set<string>()
  for (const row of rows) {
    const symbol = canonicalPath(row.symbol)
    const list = index.get(symbol)
    if (list === undefined) index.set(symbol, [row])
    else list.push(row)
    if (row.role === 'operation' && row.symbol.includes('.'))
      databaseTypes.add(canonicalPath(row.symbol.slice(0, row.symbol.lastIndexOf('.'))))
    for (let end = row.symbol.lastIndexOf('.'); end > 0; end = row.symbol.lastIndexOf('.', end - 1))
      prefixes.add(row.symbol.slice(0, end))
  }
  return { index, guessed: rows.filter((row) => row.symbol.startsWith('?.')), databaseTypes, prefixes }
}

let shippedOnce: Shelf | undefined

/** The rows that count when no configuration says anything: the same for every review, so arranged once, by the first that asks. */
function shipped(): Shelf {
  shippedOnce ??= shelve(ROWS.filter((row) => row.default !== 'off'))
  return shippedOnce
}

function canonicalPath(path: string): string {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const alias = Object.hasOwn(ALIASES, path.slice(0, end)) ? ALIASES[path.slice(0, end)] : undefined
    if (alias !== undefined) return alias + path.slice(end)
  }
  return path
}

/** The shipped catalogue with further rows (of the configuration) in front. */
export function createCatalogue(
  extra: readonly CatalogueRow[] = [],
  services: Readonly<Record<string, string>> = {},
): Catalogue {
  const cache = new Map<string, string>()
  const canonical = (path: string): string => {
    let known = cache.get(path)
    if (known === undefined) cache.set(path, (known = canonicalPath(path)))
    return known
  }
  const named = new Set(extra.map((row) => row.symbol))
  const usual = shipped()
  const [first, last] = [shelve(extra), shelve(ROWS.filter((row) => row.default === 'off' && named.has(row.symbol)))]
  const shelves = [first, usual, last]
  const joined = new Map(
    [...first.index.keys(), ...last.index.keys()].map((key) => [
      key,
      shelves.flatMap((it) => it.index.get(key) ?? NONE),
    ]),
  )
  const index = (symbol: string): readonly CatalogueRow[] | undefined => joined.get(symbol) ?? usual.index.get(symbol)
  const wildcard = extra.filter((row) => row.symbol.startsWith('*.'))
  const guessed = [...usual.guessed, ...last.guessed]
  const lineages = new Map<string, readonly string[]>()
  const lineage = (type: string): readonly string[] => {
    const known = lineages.get(type)
    if (known !== undefined) return known
    const out = [canonical(type)]
    lineages.set(type, out)
    for (const next of out)
      for (const shared of Object.hasOwn(SHARING, next) ? (SHARING[next] ?? []) : [])
        if (!out.includes(shared)) out.push(shared)
    return out
  }
  const knows = (path: string): boolean => shelves.some((shelf) => shelf.prefixes.has(canonical(path)))
  return {
    canonical,
    lineage,
    rows: (symbol) => {
      const path = canonical(symbol)
      const exact = index(path) ?? index(`${path.slice(0, Math.max(0, path.lastIndexOf('.')))}.*`) ?? NONE
      const suffix = wildcard.filter((row) => symbol.endsWith(row.symbol.slice(1)))
      return suffix.length === 0 ? exact : [...exact, ...suffix]
    },
    member: (type, name) => {
      for (const candidate of lineage(type)) {
        const rows = index(`${candidate}.${name}`) ?? index(`${candidate}.*`)
        if (rows !== undefined) return rows
      }
      const suffix = wildcard.filter((row) => `${type}.${name}`.endsWith(row.symbol.slice(1)))
      return suffix.length > 0 ? suffix : null
    },
    mirrored: (type, name) => {
      const modules = lineage(type).flatMap((t) => (Object.hasOwn(MIRRORING, t) ? (MIRRORING[t] ?? []) : []))
      const path = modules
        .map((module) => canonical(`${module}.${name}`))
        .find((p) => index(p) !== undefined || knows(p))
      return path ?? null
    },
    guesses: (path) => [
      ...guessed.filter((row) => `.${path}`.endsWith(row.symbol.slice(1)) && isFrom(row, path)),
      ...guessed.filter((row) => row.symbol.endsWith('.<evaluating-method>') && isEvaluating(path, row.symbol, index)),
    ],
    isDatabaseType: (type) => lineage(type).some((t) => usual.databaseTypes.has(t) || last.databaseTypes.has(t)),
    knows,
    keeps: (path) => KEEPING_PACKAGES.has(path.slice(0, path.includes('.') ? path.indexOf('.') : path.length)),
    services: new Map(Object.entries({ ...SERVICES, ...services })),
    databaseModules: new Set(DATABASE_MODULES),
  }
}

/** Whether a part of the path before the name is one from which the row wants the name to come. */
function isFrom({ predicate = [] }: CatalogueRow, path: string): boolean {
  const parts = path.split('.').slice(0, -1)
  return predicate.every(
    (it) => !('receiver' in it) || it.test !== 'from' || parts.some((part) => (it.value as string[]).includes(part)),
  )
}

/** `Item.objects.count`: the method that a manager evaluates with, on a receiver that did not resolve. */
function isEvaluating(
  path: string,
  symbol: string,
  index: (symbol: string) => readonly CatalogueRow[] | undefined,
): boolean {
  const owner = symbol.slice(1, symbol.lastIndexOf('.') + 1)
  const cut = `.${path}`.lastIndexOf(owner)
  const method = cut < 0 ? '' : `.${path}`.slice(cut + owner.length)
  if (method === '' || method.includes('.')) return false
  return ['django.db.models.Manager', 'django.db.models.QuerySet'].some((type) =>
    (index(`${type}.${method}`) ?? NONE).some((row) => row.role === 'operation' && row.when === 'call'),
  )
}

/** Rows of one moment. */
export function at(rows: readonly CatalogueRow[], when: Moment): CatalogueRow[] {
  return rows.filter((row) => row.when === when)
}

/** The row is about work of the database. Rows of kind `none` are there to say that a call which looks like it does none. */
export function isWork(row: CatalogueRow): boolean {
  return row.role === 'operation' && row.kind !== 'none'
}

/** The types that the result may have. */
export function returnedTypes({ returns }: CatalogueRow): readonly string[] {
  return returns === undefined ? [] : typeof returns === 'string' ? [returns] : returns
}
