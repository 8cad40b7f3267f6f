// One count for every channel: which findings are new, old, fixed, suppressed or not comparable. Nobody else counts findings.
import type { Incomplete, PlacedFinding, Review, Severity } from '../findings/model.ts'

/** Every finding of a review is in exactly one of these lists, in the review's order. */
export interface Sorted {
  /** what the reader has to look at: new work; without a base every finding that is not suppressed */
  readonly fresh: readonly PlacedFinding[]
  /** there before: unchanged, moved, or changed without new work */
  readonly old: readonly PlacedFinding[]
  readonly fixed: readonly PlacedFinding[]
  readonly suppressed: readonly PlacedFinding[]
  /** a base was given but could not be read far enough to say whether these are new */
  readonly notComparable: readonly PlacedFinding[]
}

export interface Totals {
  readonly fresh: number
  readonly old: number
  readonly fixed: number
  readonly suppressed: number
  readonly notComparable: number
  /** of the fresh ones, by severity */
  readonly errors: number
  readonly warnings: number
  readonly notes: number
  /** of the fresh ones: name-based guesses, which never fail a check */
  readonly lowConfidence: number
  readonly notFollowed: number
  readonly incomplete: number
  /** a module is a file in which an entry point is looked up */
  readonly modules: number
  readonly modulesAnalysed: number
  readonly entryPoints: number
  readonly callsReached: number
  readonly callsFollowed: number
}

export function isNewWork(finding: PlacedFinding): boolean {
  return finding.baselineState === 'new' || (finding.baselineState === 'updated' && finding.newWork)
}

/** `not-followed` is never a finding of a report: it has its own list. */
export function sortFindings(review: Review): Sorted {
  const lists = { fresh: [], old: [], fixed: [], suppressed: [], notComparable: [] } satisfies Record<
    keyof Sorted,
    PlacedFinding[]
  >
  const sorted: Record<keyof Sorted, PlacedFinding[]> = lists
  for (const finding of review.findings)
    if (finding.rule !== 'not-followed') sorted[placeOf(finding, review.compared)].push(finding)
  return sorted
}

function placeOf(finding: PlacedFinding, compared: boolean): keyof Sorted {
  if (finding.baselineState === 'absent') return 'fixed'
  if (finding.suppression !== null) return 'suppressed'
  if (!compared) return 'fresh'
  if (finding.baselineState === null) return 'notComparable'
  return isNewWork(finding) ? 'fresh' : 'old'
}

export function countTotals(review: Review): Totals {
  const { fresh, old, fixed, suppressed, notComparable } = sortFindings(review)
  const severe = (severity: Severity): number => fresh.filter((f) => f.severity === severity).length
  const files = new Set(review.entryPoints.map((e) => e.file))
  const cut = new Set(review.entryPoints.filter((e) => e.state === 'incomplete').map((e) => e.file))
  const sum = (of: 'reached' | 'followed'): number => review.entryPoints.reduce((n, e) => n + e.calls[of], 0)
  return {
    fresh: fresh.length,
    old: old.length,
    fixed: fixed.length,
    suppressed: suppressed.length,
    notComparable: notComparable.length,
    errors: severe('error'),
    warnings: severe('warning'),
    notes: severe('note'),
    lowConfidence: fresh.filter((f) => f.confidence === 'low').length,
    notFollowed: review.notFollowed.length,
    incomplete: review.incomplete.length,
    modules: files.size,
    modulesAnalysed: files.size - cut.size,
    entryPoints: review.entryPoints.length,
    callsReached: sum('reached'),
    callsFollowed: sum('followed'),
  }
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note']
const CONFIDENCES: readonly string[] = ['high', 'medium', 'low']

function rank(finding: PlacedFinding): number {
  return SEVERITIES.indexOf(finding.severity) * CONFIDENCES.length + CONFIDENCES.indexOf(finding.confidence)
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Worst first: severity, then confidence, then place; stable on every machine. */
export function worstFirst(findings: readonly PlacedFinding[]): PlacedFinding[] {
  return findings.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      order(a.location.file, b.location.file) ||
      a.location.line - b.location.line ||
      order(a.entryPoint, b.entryPoint) ||
      order(a.rule, b.rule),
  )
}

/** What keeps the verdict from being one: incompleteness that decides, in the review's order. */
export function decisive(review: Review): readonly Incomplete[] {
  return review.incomplete.filter((i) => i.decides)
}
