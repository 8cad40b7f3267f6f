// Suppressions that stand outside of the source: entries of the baseline file, and entry points that the configuration allows. They mark
// findings; nothing is dropped. What suppresses nothing is named, so that it can be removed.
import type { Finding, Suppression } from './model.ts'

export interface AcceptedFinding {
  readonly fingerprint: string
  readonly reason: string
}

export interface AllowedEntryPoint {
  readonly entryPoint: string
  readonly reason: string
}

export interface External<B extends AcceptedFinding> {
  readonly baseline: readonly B[]
  readonly allow: readonly AllowedEntryPoint[]
}

export interface Suppressed<B extends AcceptedFinding> {
  readonly findings: readonly Finding[]
  /** entries of the baseline file that no finding of the head has */
  readonly stale: readonly B[]
  /** allowances for entry points that do not exist */
  readonly unusedAllowances: readonly AllowedEntryPoint[]
}

/**
 * `entryPoints`: ids of all entry points that were analysed; an allowance for one that is clean is in use. A suppression in the source
 * takes precedence, then an allowance, then the baseline. Findings that are gone stay as they are.
 */
export function suppressExternally<B extends AcceptedFinding>(
  findings: readonly Finding[],
  { baseline, allow }: External<B>,
  entryPoints: readonly string[],
): Suppressed<B> {
  const accepted = new Map(baseline.map((entry) => [entry.fingerprint, entry.reason]))
  const allowed = new Map(allow.map((entry) => [entry.entryPoint, entry.reason]))
  const current = findings.filter((finding) => finding.baselineState !== 'absent')
  const present = new Set(current.map((finding) => finding.fingerprint))
  const known = new Set([...entryPoints, ...current.map((finding) => finding.entryPoint)])
  const external = (finding: Finding): Suppression | null => {
    const reason = allowed.get(finding.entryPoint) ?? accepted.get(finding.fingerprint)
    return reason === undefined ? null : { kind: 'external', reason }
  }
  return {
    findings: findings.map((finding) => {
      if (finding.baselineState === 'absent' || finding.suppression !== null) return finding
      const suppression = external(finding)
      return suppression === null ? finding : { ...finding, suppression }
    }),
    stale: baseline.filter((entry) => !present.has(entry.fingerprint)),
    unusedAllowances: allow.filter((entry) => !known.has(entry.entryPoint)),
  }
}
