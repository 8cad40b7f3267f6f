// Findings that meet: the same place, rule and operations, reached from several entry points. They share one comment.
import type { PlacedFinding } from '../findings/model.ts'
import { worstFirst } from '../report/totals.ts'
import type { Fact } from './facts.ts'
import type { DraftComment } from './model.ts'

export type InlinePlacement = DraftComment['placement']

export interface Group {
  readonly placement: InlinePlacement
  /** never empty, ascending by entry point */
  readonly facts: readonly Fact[]
}

export function inlinePlacement({ placement }: PlacedFinding): InlinePlacement | null {
  return placement === null || placement.kind === 'summary' ? null : placement
}

/** Equal for findings whose work is the same. */
export function workKey({ rule, operations }: PlacedFinding): string {
  return JSON.stringify([rule, operations.map(({ file, line, column, symbol }) => [file, line, column, symbol])])
}

/** Equal for findings that belong into one comment. */
export function meetingKey(finding: PlacedFinding): string {
  return JSON.stringify([finding.placement, workKey(finding)])
}

/** Worst group first. Facts without a place on the diff must be left out before. */
export function groupFacts(facts: readonly Fact[]): Group[] {
  const groups = new Map<string, Fact[]>()
  const byFinding = new Map(facts.map((fact) => [fact.finding, fact]))
  for (const finding of worstFirst(facts.map((fact) => fact.finding))) {
    const fact = byFinding.get(finding)
    if (fact === undefined) continue
    const key = meetingKey(finding)
    groups.set(key, [...(groups.get(key) ?? []), fact])
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members
    const placement = first === undefined ? null : inlinePlacement(first.finding)
    return placement === null ? [] : [{ placement, facts: sorted(members) }]
  })
}

export function sorted(facts: readonly Fact[]): Fact[] {
  return facts.toSorted((a, b) => (a.finding.entryPoint < b.finding.entryPoint ? -1 : 1))
}
