// Entry points that depend on each other through the service registry: what one registers, another one asks for by name. Every entry point runs
// once by itself; those that asked for a service of another module run again, with the modules that register it started first.
import type { Catalogue } from '../../catalogue/lookup.ts'
import type { Program } from '../../program/program.ts'
import { analyse } from '../entry.ts'
import type { EntryFacts, EntryRequest } from './facts.ts'
import type { AnalysisOptions } from '../machine/options.ts'

/** An entry point and the names of the services that it registers. */
export type Registering = Pick<EntryFacts, 'request' | 'registers'>

/** What is analysed: entry points, and functions that are looked at beside them (they provide nothing and nothing is provided for them). */
export interface Wanted {
  readonly requests: readonly EntryRequest[]
  readonly beside: readonly EntryRequest[]
  readonly known: KnownFacts
  /** entry points that are not looked at, because what they do is known: they provide what they register; both lists are in order of their ids */
  readonly others?: readonly Registering[]
}

/** Facts of entry points: of each by itself, and of those that ask for services of others as well. */
export interface LinkedFacts {
  readonly beside: readonly EntryFacts[]
  readonly alone: readonly EntryFacts[]
  /** by id, those that ran again with the services of others */
  readonly again: ReadonlyMap<string, EntryFacts>
  readonly providers: AnalysisOptions['providers']
}

/** Facts that are known to hold: of entry points by themselves, and of those that run with these providers. */
export interface KnownFacts {
  readonly alone: (request: EntryRequest) => EntryFacts | null
  readonly again: (request: EntryRequest, providers: AnalysisOptions['providers']) => EntryFacts | null
}

/** Entry points by the names of the services that they register. */
function providersOf(facts: readonly Registering[]): AnalysisOptions['providers'] {
  const out = new Map<string, EntryRequest[]>()
  for (const { request, registers } of facts)
    for (const name of registers) {
      const list = out.get(name)
      // all entry points of one module class build the same service: the first of them will do
      if (list === undefined) out.set(name, [request])
      else if (!list.some((other) => other.file === request.file && other.setup !== null && request.setup !== null))
        list.push(request)
    }
  return out
}

/** Analyses all requests. */
export async function analyseLinked(
  program: Program,
  catalogue: Catalogue,
  { requests, beside, known, others = [] }: Wanted,
  options: AnalysisOptions,
): Promise<LinkedFacts> {
  // what stands in one file is analysed in a row, because it imports the same modules
  const all = [...requests, ...beside].toSorted((a, b) => (a.file === b.file ? 0 : a.file < b.file ? -1 : 1))
  const first = await analyse(program, catalogue, all, knowing(options, known.alone))
  const byRequest = new Map(first.map((f, at) => [all[at], f]))
  const inOrder = (wanted: readonly EntryRequest[]): EntryFacts[] => wanted.flatMap((r) => byRequest.get(r) ?? [])
  const alone = inOrder(requests)
  const providers = providersOf(others.length === 0 ? alone : inOrderOfIds([...alone, ...others]))
  const asking = alone.filter(({ request, asks }) =>
    asks.some((name) => providers.get(name)?.some((provider) => provider.id !== request.id) === true),
  )
  const asks = new Map(asking.map((f) => [f.request.id, f.asks]))
  const linked = { ...knowing(options, (request) => known.again(request, providers), asks), providers }
  const again = await analyse(
    program,
    catalogue,
    asking.map((f) => f.request),
    linked,
  )
  return { alone, beside: inOrder(beside), again: new Map(again.map((f) => [f.request.id, f])), providers }
}

function inOrderOfIds(found: readonly Registering[]): readonly Registering[] {
  return found.toSorted((a, b) => (a.request.id < b.request.id ? -1 : 1))
}

function knowing(
  options: AnalysisOptions,
  known: KnownFacts['alone'],
  asking: ReadonlyMap<string, readonly string[]> = new Map(),
): AnalysisOptions {
  return { ...options, facts: options.facts === null ? null : { ...options.facts, known, asking } }
}

/** Facts of all requests, in their order. What a second run finds in the registry includes the services of others, so what is registered is the first run's. */
export function factsOf({ alone, again }: LinkedFacts): readonly EntryFacts[] {
  return alone.map((f) => {
    const later = again.get(f.request.id)
    return later === undefined ? f : { ...later, registers: f.registers }
  })
}
