// Look-up in the catalogue: rows by canonical access path, members along the types that share rows, guesses by last name.
// Rows that are off by default only count when the configuration names their symbol.
import type { CatalogueRow, Moment } from './model.ts'
import { ROWS } from './rows/index.ts'
import { ALIASES, DATABASE_MODULES, SERVICES, SHARING } from './types.ts'

export interface Catalogue {
  /** The access path under which rows are kept: aliases of modules and classes resolved, longest prefix first. */
  canonical(path: string): string
  /** Rows of exactly this access path. */
  rows(symbol: string): readonly CatalogueRow[]
  /** Rows of a member of a type, found on the type itself or on one whose rows it shares; null when nothing is known. */
  member(type: string, name: string): readonly CatalogueRow[] | null
  /** The type, and those whose rows it shares, nearest first. */
  lineage(type: string): readonly string[]
  /** Rows about a name on a receiver that did not resolve: `?.name`, `?.metadata.create_all`. `path` is the dotted text as written. */
  guesses(path: string): readonly CatalogueRow[]
  /** The type holds or gives a connection to a database. */
  isDatabaseType(type: string): boolean
  /** The module, class or package has rows below it. */
  knows(path: string): boolean
  readonly services: ReadonlyMap<string, string>
  readonly databaseModules: ReadonlySet<string>
}

function bySymbol(rows: readonly CatalogueRow[], canonical: (path: string) => string): Map<string, CatalogueRow[]> {
  const out = new Map<string, CatalogueRow[]>()
  for (const row of rows) {
    const symbol = canonical(row.symbol)
    const list = out.get(symbol)
    if (list === undefined) out.set(symbol, [row])
    else list.push(row)
  }
  return out
}

/** The shipped catalogue with further rows (of the configuration) in front. */
export function createCatalogue(
  extra: readonly CatalogueRow[] = [],
  services: Readonly<Record<string, string>> = {},
): Catalogue {
  const cache = new Map<string, string>()
  const canonical = (path: string): string => {
    const known = cache.get(path)
    if (known !== undefined) return known
    let out = path
    for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
      const alias = Object.hasOwn(ALIASES, path.slice(0, end)) ? ALIASES[path.slice(0, end)] : undefined
      if (alias === undefined) continue
      out = alias + path.slice(end)
      break
    }
    cache.set(path, out)
    return out
  }
  const named = new Set(extra.map((row) => row.symbol))
  const active = ROWS.filter((row) => row.default !== 'off' || named.has(row.symbol))
  const index = bySymbol([...extra, ...active], canonical)
  const wildcard = extra.filter((row) => row.symbol.startsWith('*.'))
  const guessed = active.filter((row) => row.symbol.startsWith('?.'))
  const databaseTypes = new Set<string>()
  for (const row of active)
    if (row.role === 'operation' && row.symbol.includes('.'))
      databaseTypes.add(canonical(row.symbol.slice(0, row.symbol.lastIndexOf('.'))))
  const prefixes = new Set<string>()
  for (const row of [...extra, ...active])
    for (let end = row.symbol.lastIndexOf('.'); end > 0; end = row.symbol.lastIndexOf('.', end - 1))
      prefixes.add(row.symbol.slice(0, end))
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
  return {
    canonical,
    lineage,
    rows: (symbol) => {
      const path = canonical(symbol)
      const exact = index.get(path) ?? index.get(`${path.slice(0, Math.max(0, path.lastIndexOf('.')))}.*`) ?? []
      const suffix = wildcard.filter((row) => symbol.endsWith(row.symbol.slice(1)))
      return suffix.length === 0 ? exact : [...exact, ...suffix]
    },
    member: (type, name) => {
      for (const candidate of lineage(type)) {
        const rows = index.get(`${candidate}.${name}`) ?? index.get(`${candidate}.*`)
        if (rows !== undefined) return rows
      }
      const suffix = wildcard.filter((row) => `${type}.${name}`.endsWith(row.symbol.slice(1)))
      return suffix.length > 0 ? suffix : null
    },
    guesses: (path) => [
      ...guessed.filter((row) => `.${path}`.endsWith(row.symbol.slice(1))),
      ...guessed.filter((row) => row.symbol.endsWith('.<evaluating-method>') && isEvaluating(path, row.symbol, index)),
    ],
    isDatabaseType: (type) => lineage(type).some((t) => databaseTypes.has(t)),
    knows: (path) => prefixes.has(canonical(path)),
    services: new Map(Object.entries({ ...SERVICES, ...services })),
    databaseModules: new Set(DATABASE_MODULES),
  }
}

/** `Item.objects.count`: the method that a manager evaluates with, on a receiver that did not resolve. */
function isEvaluating(path: string, symbol: string, index: ReadonlyMap<string, readonly CatalogueRow[]>): boolean {
  const owner = symbol.slice(1, symbol.lastIndexOf('.') + 1)
  const cut = `.${path}`.lastIndexOf(owner)
  const method = cut < 0 ? '' : `.${path}`.slice(cut + owner.length)
  if (method === '' || method.includes('.')) return false
  return ['django.db.models.Manager', 'django.db.models.QuerySet'].some((type) =>
    (index.get(`${type}.${method}`) ?? []).some((row) => row.role === 'operation' && row.when === 'call'),
  )
}

/** Rows of one moment. */
export function at(rows: readonly CatalogueRow[], when: Moment): CatalogueRow[] {
  return rows.filter((row) => row.when === when)
}
