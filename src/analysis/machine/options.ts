// What one analysis is told beside the program and its entry points: the names that a profile or the configuration gives a meaning, and its limits.
// Nothing here changes while it runs.
import type { FactStore } from '../evidence/fact-store.ts'
import type { EntryRequest } from '../evidence/facts.ts'

export interface AnalysisOptions {
  readonly contextType: string
  readonly services: ReadonlyMap<string, string>
  /** entry points that register a service, by its name */
  readonly providers: ReadonlyMap<string, readonly EntryRequest[]>
  readonly invokers: readonly { readonly symbol: string; readonly arguments: readonly (number | string)[] }[]
  readonly deferrals: readonly { readonly symbol: string; readonly arguments: readonly (number | string)[] }[]
  readonly events: readonly {
    readonly subscribe: string
    readonly arguments: readonly (number | string)[]
    readonly emit: string
  }[]
  /** records calls of builtins and libraries too, for `graph` */
  readonly graph: boolean
  /** facts of earlier analyses; null: everything is analysed */
  readonly facts: FactStore | null
  /** the time of the whole run is over */
  readonly expired: () => boolean
  /** told from time to time how far it is */
  readonly progress: (message: string) => void
}
