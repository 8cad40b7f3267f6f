// The configuration after validation: every field has a value, nothing is optional that a reader would have to default.
import type { RuleId, Severity } from '../findings/model.ts'
import type { CatalogueRow } from '../catalogue/model.ts'

export type RuleSeverity = Severity | 'off'
export type FailOn = Severity | 'never'
export type OnIncomplete = 'fail' | 'warn'

export interface EntryPointPattern {
  readonly files: string
  readonly function: string | null
  readonly class: string | null
  readonly extends: string | null
  readonly methods: readonly string[]
  readonly context: string | null
}

/** `symbol` may begin with `*.` (any dotted prefix); arguments are positions or keyword names. */
export interface CallablePattern {
  readonly symbol: string
  readonly arguments: readonly (number | string)[]
}

export interface EventPattern {
  readonly subscribe: string
  readonly arguments: readonly (number | string)[]
  readonly emit: string
}

export interface Allowance {
  readonly entryPoint: string
  readonly reason: string
}

export interface Config {
  /** where it came from, for messages; null = defaults */
  readonly file: string | null
  /** profiles named by hand */
  readonly profiles: readonly string[]
  /** whether the profiles that are found in the tree are judged too; false when profiles were named (unless the base of a change detects) */
  readonly detect: boolean
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly entryPoints: readonly EntryPointPattern[]
  readonly operations: readonly CatalogueRow[]
  readonly deferrals: readonly CallablePattern[]
  readonly invokers: readonly CallablePattern[]
  readonly services: Readonly<Record<string, string>>
  readonly rules: Readonly<Partial<Record<RuleId, RuleSeverity>>>
  readonly allow: readonly Allowance[]
  readonly events: readonly EventPattern[]
  readonly baseline: string | null
  readonly failOn: FailOn | null
}

/** One entry of the baseline file. */
export interface BaselineEntry {
  readonly fingerprint: string
  readonly rule: string
  readonly reason: string
}

/** A wrong configuration or input: exit code 2, one line, no stack trace. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

/**
 * A file asked for by name (a configuration, a baseline), as any source of files answers: `refused` when something stands there that is
 * not a regular file (`reason` continues a sentence: "is a symbolic link").
 */
export type NamedFile =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly reason: string }
