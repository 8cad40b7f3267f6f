// Entry points that depend on each other through the service registry: what one registers, another one asks for by name. Every entry point runs
// once by itself; those that asked for a service of another module run again, with the modules that register it started first.
import type { Catalogue } from '../catalogue/lookup.ts'
import type { Program } from '../program/program.ts'
import { analyse } from './entry.ts'
import type { EntryFacts, EntryRequest } from './facts.ts'
import type { AnalysisOptions } from './machine.ts'

/** Entry points by the names of the services that they register. */
function providersOf(facts: readonly EntryFacts[]): AnalysisOptions['providers'] {
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

/**
 * Facts of all requests, in their order. `kept` are facts that another tree already gave and that hold here by their files; they are given up
 * where a service that they ask for is made by something else here.
 */
export async function analyseLinked(
  program: Program,
  catalogue: Catalogue,
  requests: readonly EntryRequest[],
  kept: readonly EntryFacts[],
  options: AnalysisOptions,
  progress: (message: string) => void,
): Promise<readonly EntryFacts[]> {
  const known = new Map(kept.map((f) => [f.request.id, f]))
  const fresh = await analyse(
    program,
    catalogue,
    requests.filter((r) => !known.has(r.id)),
    options,
    progress,
  )
  const byId = new Map([...kept, ...fresh].map((f) => [f.request.id, f]))
  const providers = providersOf(requests.flatMap((r) => byId.get(r.id) ?? []))
  const isFresh = (id: string): boolean => !known.has(id)
  const again = requests.filter((request) => {
    const asks = byId.get(request.id)?.asks.filter((name) => providers.has(name)) ?? []
    const others = asks.flatMap((name) => (providers.get(name) ?? []).filter((p) => p.id !== request.id))
    return others.length > 0 && (isFresh(request.id) || others.some((p) => isFresh(p.id)))
  })
  for (const second of await analyse(program, catalogue, again, { ...options, providers }, progress)) {
    const first = byId.get(second.request.id)
    // what a second run finds in the registry includes the services of others
    byId.set(second.request.id, { ...second, registers: first?.registers ?? [] })
  }
  return requests.flatMap((r) => byId.get(r.id) ?? [])
}

/** Facts that may be kept: nothing that they ask for is made by an entry point whose own facts are not kept. */
export function independent(kept: readonly EntryFacts[], all: readonly EntryFacts[]): EntryFacts[] {
  const providers = providersOf(all)
  let out = [...kept]
  for (;;) {
    const ids = new Set(out.map((f) => f.request.id))
    const next = out.filter((f) => f.asks.every((name) => (providers.get(name) ?? []).every((p) => ids.has(p.id))))
    if (next.length === out.length) return next
    out = next
  }
}
