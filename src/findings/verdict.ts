// From findings to the verdict and the exit code. Must stay true: nothing that is new and serious passes, nothing that could not be looked
// at passes as clean, and neither old, suppressed nor guessed findings fail a check.
import type { Finding, Incomplete, Severity, Verdict } from './model.ts'

/** The lowest severity that fails, as users write it. */
export type FailingSeverity = Severity | 'never'

const RANK: Readonly<Record<Severity, number>> = { note: 0, warning: 1, error: 2 }

/**
 * Whether a finding fails the check. `compared`: two trees were compared, so only new work counts; a finding that could not be compared
 * makes the review incomplete instead.
 */
export function isFailing(finding: Finding, failOn: FailingSeverity, compared: boolean): boolean {
  if (failOn === 'never' || finding.suppression !== null || finding.confidence === 'low') return false
  if (RANK[finding.severity] < RANK[failOn]) return false
  if (finding.baselineState === null) return !compared
  return finding.baselineState === 'new' || (finding.baselineState === 'updated' && finding.newWork)
}

/** What decides besides the findings themselves. */
export interface VerdictContext {
  readonly incomplete: readonly Incomplete[]
  readonly failOn: FailingSeverity
  readonly compared: boolean
}

/** `fail` outranks `incomplete`: a violation that was found stays one, whatever else could not be read. */
export function verdictOf(findings: readonly Finding[], { incomplete, failOn, compared }: VerdictContext): Verdict {
  if (findings.some((finding) => isFailing(finding, failOn, compared))) return 'fail'
  const unknown = incomplete.some((it) => it.decides) || (compared && findings.some((it) => isIncomparable(it)))
  return unknown ? 'incomplete' : 'pass'
}

/** A finding of a comparison that the base could not be asked about. */
function isIncomparable(finding: Finding): boolean {
  return finding.baselineState === null && finding.suppression === null
}

/**
 * Exit code of `check`: 0 pass, 1 findings, 3 incomplete. With `warn` an incomplete review ends with 0 (no finding fails, or the verdict
 * would be `fail`); its verdict stays `incomplete`.
 */
export function exitCodeOf(verdict: Verdict, onIncomplete: 'fail' | 'warn'): 0 | 1 | 3 {
  if (verdict === 'incomplete') return onIncomplete === 'warn' ? 0 : 3
  return verdict === 'fail' ? 1 : 0
}
