// Entry points that depend on each other through the service registry: what one registers, another one asks for by name. Every entry point runs
// once by itself; those that asked for a service of another module run again, with the modules that register it started first.
import type { Catalogue } from '../../catalogue/lookup.ts'
import type { Program } from '../../program/program.ts'
import { analyse } from '../entry.ts'
import type { EntryFacts, EntryRequest } from './facts.ts'
import type { AnalysisOptions } from '../machine/machine.ts'

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

/** Facts of all requests, in their order. */
export async function analyseLinked(
  program: Program,
  catalogue: Catalogue,
  requests: readonly EntryRequest[],
  options: AnalysisOptions,
  progress: (message: string) => void,
): Promise<readonly EntryFacts[]> {
  const first = await analyse(program, catalogue, requests, options, progress)
  const providers = providersOf(first)
  const again = first.filter(({ request, asks }) =>
    asks.some((name) => providers.get(name)?.some((provider) => provider.id !== request.id) === true),
  )
  const linked = { ...options, providers }
  const second = await analyse(
    program,
    catalogue,
    again.map((f) => f.request),
    linked,
    progress,
  )
  // what a second run finds in the registry includes the services of others
  const byId = new Map(second.map((f) => [f.request.id, f]))
  return first.map((f) => withOwn(f, byId.get(f.request.id)))
}

/** What the second run found, with what the entry point itself registers. */
function withOwn(f: EntryFacts, later: EntryFacts | undefined): EntryFacts {
  return later === undefined ? f : { ...later, registers: f.registers }
}
