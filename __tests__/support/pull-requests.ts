// Pull requests as data: two trees and what a review of the change has to say. Used with the pipeline alone and with the built Action.
import { readFileSync } from 'node:fs'
import type { Report } from '../../src/report/json-schema.ts'
import type { Files } from './review-files.ts'

export interface ExpectedFinding {
  /** null: any */
  readonly entry: string | null
  /** `file:line`; one of them is enough; none: a rule without database work */
  readonly operations: readonly string[]
}

export interface PullRequestCase {
  readonly id: string
  readonly title: string
  readonly base: Files
  readonly head: Files
  readonly expect: {
    readonly verdict: readonly string[]
    /** `placement`: where the comment may stand */
    readonly new?: readonly (ExpectedFinding & { readonly placement: readonly string[] })[]
    readonly fixed?: readonly ExpectedFinding[]
    readonly unchanged?: readonly ExpectedFinding[]
  }
}

export function pullRequestCases(): readonly PullRequestCase[] {
  const file = new URL('../scenarios/pull-requests.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: PullRequestCase[] }).cases
}

type Found = Pick<
  Report['findings'][number],
  'severity' | 'entryPoint' | 'baselineState' | 'operations' | 'placement' | 'suppression'
>

/** What is missing, misplaced or too much, one line each. */
export function pullRequestDifferences({ expect }: PullRequestCase, findings: readonly Found[]): string[] {
  const serious = findings.filter((it) => it.severity !== 'note' && it.suppression === null)
  const fresh = serious.filter(isFresh)
  const gone = serious.filter((it) => it.baselineState === 'absent')
  const old = serious.filter((it) => !isFresh(it) && it.baselineState !== 'absent')
  const wanted = expect.new ?? []
  return [
    ...missing('new', wanted, fresh),
    ...missing('fixed', expect.fixed ?? [], gone),
    ...missing('unchanged', expect.unchanged ?? [], old),
    ...(fresh.length > wanted.length ? [`${fresh.length} new instead of ${wanted.length}`] : []),
    ...(gone.length > (expect.fixed ?? []).length ? [`${gone.length} fixed`] : []),
    ...wanted.flatMap((it) => misplaced(it, fresh)),
  ]
}

function isFresh({ baselineState, operations }: Found): boolean {
  return baselineState === 'new' || (baselineState === 'updated' && operations.some(({ added }) => added === true))
}

function matches({ entry, operations }: ExpectedFinding, found: Found): boolean {
  const places = new Set(found.operations.map(({ file, line }) => `${file}:${line}`))
  const isThere = operations.length === 0 ? places.size === 0 : operations.some((place) => places.has(place))
  return (entry === null || found.entryPoint === entry) && isThere
}

function missing(kind: string, wanted: readonly ExpectedFinding[], found: readonly Found[]): string[] {
  return wanted
    .filter((it) => !found.some((other) => matches(it, other)))
    .map((it) => `missing ${kind}: ${JSON.stringify(it)}`)
}

function misplaced(
  wanted: ExpectedFinding & { readonly placement: readonly string[] },
  found: readonly Found[],
): string[] {
  const placement = found.find((it) => matches(wanted, it))?.placement ?? null
  if (placement === null) return [`no place: ${JSON.stringify(wanted)}`]
  const at =
    placement.kind === 'summary'
      ? 'summary'
      : placement.kind === 'file'
        ? placement.path
        : `${placement.path}:${placement.line}`
  return wanted.placement.includes(at) ? [] : [`placed at ${at}: ${JSON.stringify(wanted)}`]
}
