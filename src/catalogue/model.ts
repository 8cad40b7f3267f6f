// The catalogue is data: what each library call does to a database and when. One row per access path and moment.
// Field meanings: docs/catalogue.md. Rows are shipped as JSON (rows/), the configuration adds rows of the same shape.

export type OperationKind = 'query' | 'session' | 'connection' | 'model' | 'schema' | 'migration' | 'transaction'
export type Moment = 'call' | 'awaited' | 'entered' | 'iterated' | 'evaluated'
export type Role =
  | 'operation'
  | 'builder'
  | 'free'
  | 'invoker'
  | 'forcer'
  | 'deferral'
  | 'wrapper'
  | 'registry'
  | 'importer'
export type Sends = 'nothing' | 'pending' | 'connection' | 'statement'
export type Timing = 'now' | 'iterated' | 'scheduled' | 'thread' | 'process' | 'later' | 'exit'

/** A condition on an argument, the receiver or a library's version; all of a row's conditions must hold. */
export type Condition =
  | {
      readonly argument: readonly (number | string | null)[]
      readonly test: string
      readonly value?: unknown
      readonly absent?: boolean
      /** an argument whose type is not known counts as possible only when its name matches this expression */
      readonly named?: string
    }
  | { readonly receiver: 'name' | 'import'; readonly test: string; readonly value?: unknown }
  | { readonly library: string; readonly test: 'below' | 'at-least'; readonly value: string }
  | { readonly any: readonly (Condition | readonly Condition[])[] }

export interface CatalogueRow {
  readonly package: string
  readonly symbol: string
  readonly kind: OperationKind | 'none'
  readonly when: Moment
  readonly role: Role
  readonly sends?: Sends
  readonly returns?: string | readonly string[]
  readonly predicate?: readonly Condition[]
  readonly arguments?: readonly (number | string)[]
  readonly timing?: Timing
  /** access path of the type that an invoker gives its callables as their first argument */
  readonly passes?: string
  /** a deferral keeps its callables on the receiver under this name; an invoker runs what its argument has kept under it */
  readonly event?: string
  readonly iter?: 'eager' | 'lazy'
  readonly raises?: 'running-loop'
  readonly certainty?: 'may' | 'guess'
  readonly default?: 'off'
  readonly evidence: string
  readonly note?: string
}
