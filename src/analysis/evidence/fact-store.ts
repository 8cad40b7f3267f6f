// Facts of entry points that were analysed before, in this run or an earlier one. The key of an entry point says what it is and what its files
// hold; beside the facts stand the answers that its analysis got from elsewhere, and they count only while those answers are still the same.
// Must stay true: facts are used again only where a new analysis would give the same ones. Whatever cannot be told is analysed again.
import { createHash } from 'node:crypto'
import type { Program } from '../../program/program.ts'
import type { EntryFacts, EntryRequest } from './facts.ts'
import type { AnalysisOptions } from '../machine/options.ts'
import { fromText, toText } from './portable.ts'
import type { Lookup } from './tracked.ts'

/** Keeps texts by key. */
export interface TextStore {
  get(key: string): string | null
  set(key: string, text: string): void
}

/** All that requests are a part of: what is imported early, and where the closures of all of them start. */
export interface Whole {
  readonly early: readonly string[]
  readonly files: readonly string[]
}

/** Entry points whose facts are not known, and what their analysis is told. */
export interface Share {
  readonly requests: readonly EntryRequest[]
  readonly whole: Whole
  readonly providers: AnalysisOptions['providers']
  readonly asking: FactStore['asking']
}

/** `settings` says with what the analysis works: configuration, profiles, catalogue. */
export interface FactStore {
  readonly texts: TextStore
  readonly settings: string
  /** facts that are known to hold here; null where a request has to be looked up or analysed */
  readonly known: (request: EntryRequest) => EntryFacts | null
  /** names of services that an entry point asks for when it runs alone, by its id */
  readonly asking: ReadonlyMap<string, readonly string[]>
  /** Has facts of these entry points found elsewhere, as texts of this store; what it does not find is analysed here. Null: nobody helps. */
  readonly ahead: ((share: Share) => Promise<void>) | null
  /** null when the requests are all that there are */
  readonly whole: Whole | null
}

/** How an analysis looks at the files of an entry point. */
export interface KeyContext {
  readonly program: Program
  readonly store: FactStore
  readonly options: AnalysisOptions
  /** says which entry points provide services of these names, and what their files hold */
  readonly providersKey: (names: readonly string[]) => string
  readonly early: ReadonlySet<string>
  /** where the entry point's closure starts */
  readonly files: readonly string[]
}

/** What an analysis asked beyond the closure of its files. */
export interface Asked {
  readonly lookups: Iterable<Lookup>
  /** files that it asked for while it ran */
  readonly wanted: readonly string[]
}

interface Conditions {
  readonly lookups: readonly Lookup[]
  readonly files: readonly string[]
  readonly key: string
  readonly services: readonly string[]
  readonly providers: string
  readonly tree: string | null
}

export function keyOf(request: EntryRequest, c: KeyContext): string {
  const parts = [
    c.store.settings,
    c.options.graph,
    // alone and among others are two analyses; what is asked beyond the first is a condition
    c.options.providers.size === 0 ? '' : c.providersKey(c.store.asking.get(request.id) ?? []),
    plain(request),
    c.program.closureKey(c.files, marked(c.early)),
  ]
  return `facts:${createHash('sha1').update(JSON.stringify(parts)).digest('base64')}`
}

/** What is to be said of the providers of services; each closure is looked at once. */
export function createProvidersKey(
  program: Program,
  { providers }: AnalysisOptions,
  early: ReadonlySet<string>,
): KeyContext['providersKey'] {
  const told = new Map<EntryRequest, string>()
  const tell = (request: EntryRequest): string => {
    const known = told.get(request) ?? `${plain(request)}\n${program.closureKey([request.file], marked(early))}`
    told.set(request, known)
    return known
  }
  return (names) => {
    if (names.length === 0) return ''
    const parts = names.map((name) => [name, (providers.get(name) ?? []).map(tell)])
    return createHash('sha1').update(JSON.stringify(parts)).digest('base64')
  }
}

/** Facts that hold here, or null. */
export async function storedFacts(key: string, request: EntryRequest, c: KeyContext): Promise<EntryFacts | null> {
  const text = c.store.texts.get(key)
  const cut = text?.indexOf('\n') ?? -1
  if (text === null || cut < 0) return null
  const conditions = conditionsIn(text.slice(0, cut))
  if (conditions === null) return null
  const { lookups, files, key: known, services, providers, tree } = conditions
  const same = ({ from, module, level, result }: Lookup): boolean =>
    JSON.stringify(c.program.resolve(from, module, level)) === JSON.stringify(result)
  if (!lookups.every(same)) return null
  await c.program.load(files)
  if (c.program.closureKey(files, marked(c.early)) !== known) return null
  if (c.providersKey(services) !== providers) return null
  if (tree !== null && (await c.program.treeKey()) !== tree) return null
  const facts = fromText(text.slice(cut + 1), request, c.program)
  return facts === null ? null : { ...facts, depends: { files, services, surveyed: tree !== null } }
}

/** Keeps the facts, if they are the same the next time. Returns them with all that they hang on. */
export async function storeFacts(key: string, facts: EntryFacts, c: KeyContext, asked: Asked): Promise<EntryFacts> {
  const { services, surveyed } = facts.depends
  const { files, lookups } = startsOf(c, services, asked)
  const complete: EntryFacts = { ...facts, depends: { files, services, surveyed } }
  // time and the depth of the JavaScript stack are not the same the next time
  if (facts.exhausted === 'time' || facts.exhausted === 'depth') return complete
  const text = toText(facts, c.program)
  if (text === null) return complete
  const conditions: Conditions = {
    lookups,
    files,
    key: c.program.closureKey(files, marked(c.early)),
    services,
    providers: c.providersKey(services),
    tree: surveyed ? await c.program.treeKey() : null,
  }
  c.store.texts.set(key, `${JSON.stringify(conditions)}\n${text}`)
  return complete
}

/** Where the closures of everything that took part start, and the look-ups that none of them answers. */
function startsOf(
  c: KeyContext,
  services: readonly string[],
  asked: Asked,
): { readonly files: readonly string[]; readonly lookups: readonly Lookup[] } {
  const providers = services.flatMap((name) => c.options.providers.get(name) ?? [])
  const found = new Set([...c.files, ...providers.map((request) => request.file), ...asked.wanted])
  const lookups: Lookup[] = []
  for (let size = -1; size !== found.size; ) {
    size = found.size
    const own = new Set(c.program.closure([...found]))
    lookups.length = 0
    for (const lookup of asked.lookups) {
      if (lookup.from !== '' && !own.has(lookup.from)) continue
      lookups.push(lookup)
      if (lookup.result.kind === 'external') continue
      for (const file of lookup.result.packages) found.add(file)
      if (lookup.result.kind === 'file') found.add(lookup.result.file)
    }
  }
  return { files: [...found].toSorted(), lookups }
}

/** Modules that are imported early count differently from the same modules imported by the entry point. */
function marked(early: ReadonlySet<string>): (file: string) => string {
  return (file) => (early.has(file) ? '!' : '')
}

/** A request as text; modules are named by their files. Requests never change, and each is asked for its text again and again. */
export function plain(request: EntryRequest): string {
  let text = PLAIN.get(request)
  if (text === undefined) {
    text = namesModules(request)
      ? JSON.stringify(request, (_key, value: unknown) =>
          typeof value === 'object' && value !== null && 'ir' in value && 'file' in value ? value.file : value,
        )
      : JSON.stringify(request)
    PLAIN.set(request, text)
  }
  return text
}

/** Whether there may be a place in the request; most have none, and are told many times faster without looking for one. */
export function namesModules({ link, keywords, setup, unlinked, causes }: EntryRequest): boolean {
  return link !== null || keywords !== null || setup !== null || unlinked.length > 0 || causes.length > 0
}

const PLAIN = new WeakMap<EntryRequest, string>()

function conditionsIn(text: string): Conditions | null {
  try {
    const found = JSON.parse(text) as Partial<Conditions> | null
    return Array.isArray(found?.lookups) && Array.isArray(found.files) && Array.isArray(found.services)
      ? (found as Conditions)
      : null
  } catch {
    return null
  }
}
