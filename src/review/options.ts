// What the analysis is told, made from configuration and profiles in one place: whoever analyses a tree, here or in another thread, is told the same.
import type { FactStore, TextStore } from '../analysis/evidence/fact-store.ts'
import type { AnalysisOptions } from '../analysis/machine/options.ts'
import type { CatalogueRow } from '../catalogue/model.ts'
import type { Config } from '../config/model.ts'
import type { Profile } from '../profiles/model.ts'

interface Given {
  readonly profiles: readonly Profile[]
  readonly config: Config
  readonly texts: TextStore
  readonly expired: () => boolean
  readonly progress: (message: string) => void
}

/** Options of an analysis that knows nothing yet. */
export function analysisOptions({
  profiles,
  config,
  texts,
  expired,
  progress,
}: Given): AnalysisOptions & { facts: FactStore } {
  const settings = JSON.stringify([profiles.map((p) => p.id), config])
  return {
    facts: { texts, settings, known: () => null, asking: new Map(), ahead: null, whole: null },
    contextType: profiles.find((p) => p.contextType !== '')?.contextType ?? 'core.app_context.AppContext',
    services: new Map(Object.entries(config.services)),
    providers: new Map(),
    graph: false,
    expired,
    progress,
    invokers: [...config.invokers, ...profiles.flatMap((p) => p.invokers)],
    deferrals: [...config.deferrals, ...profiles.flatMap((p) => p.deferrals)],
    events: config.events,
  }
}

/** Rows of the catalogue besides the shipped ones. */
export function catalogueRows(profiles: readonly Profile[], { operations }: Config): readonly CatalogueRow[] {
  return [...operations, ...profiles.flatMap((p) => p.operations)]
}
