// What fails a check: the one place where severity, confidence, state and completeness become a verdict and an exit code.
// Must stay true: low confidence and suppressed findings never fail, and something incomplete is never green by accident.
import type { Finding, Incomplete, Severity, Verdict } from './model.ts'

export type Threshold = Severity | 'never'

const RANK: Readonly<Record<Severity, number>> = { note: 0, warning: 1, error: 2 }

/** At or above the threshold, sure enough, not suppressed, and (with a base) new. */
export function isFailing(finding: Finding, failOn: Threshold, compared: boolean): boolean {
  if (failOn === 'never' || finding.suppression !== null || finding.confidence === 'low' || RANK[finding.severity] < RANK[failOn]) return false
  if (!compared) return true
  return finding.baselineState === 'new' || (finding.baselineState === 'updated' && finding.newWork)
}

/** 1 wins over 3: findings decide before incompleteness. */
export function verdictOf(findings: readonly Finding[], incomplete: readonly Incomplete[], failOn: Threshold, compared: boolean): Verdict {
  if (findings.some((finding) => isFailing(finding, failOn, compared))) return 'fail'
  return incomplete.some((i) => i.decides) ? 'incomplete' : 'pass'
}

export interface ExitRules {
  readonly failOn: Threshold
  readonly compared: boolean
  readonly onIncomplete: 'fail' | 'warn'
}

/** 0 nothing to object, 1 findings, 3 incomplete (0 with `--on-incomplete warn`). */
export function exitCodeOf(findings: readonly Finding[], incomplete: readonly Incomplete[], rules: ExitRules): 0 | 1 | 3 {
  const verdict = verdictOf(findings, incomplete, rules.failOn, rules.compared)
  if (verdict === 'fail') return 1
  return verdict === 'incomplete' && rules.onIncomplete === 'fail' ? 3 : 0
}
