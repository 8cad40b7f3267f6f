// External suppressions: the baseline file and the configuration's `allow`. A suppressed finding stays in the report and says so.
// In-source suppressions are holes in the call graph and were applied before (analysis).
import type { RawFinding } from './model.ts'

export interface KnownFinding {
  readonly fingerprint: string
  readonly reason: string
}

export interface AllowedEntry {
  readonly entryPoint: string
  readonly reason: string
}

/** Marks findings that the baseline lists, or whose entry point may use the database. */
export function applyExternal(findings: readonly RawFinding[], baseline: readonly KnownFinding[], allow: readonly AllowedEntry[]): readonly RawFinding[] {
  const known = new Map(baseline.map((entry) => [entry.fingerprint, entry.reason]))
  const allowed = new Map(allow.map((entry) => [entry.entryPoint, entry.reason]))
  return findings.map((finding) => {
    if (finding.suppression !== null) return finding
    const reason = known.get(finding.fingerprint) ?? (finding.operations.length > 0 ? allowed.get(finding.entryPoint) : undefined)
    return reason === undefined ? finding : { ...finding, suppression: { kind: 'external', reason } }
  })
}

/** Baseline entries that match no finding any more. */
export function staleEntries<T extends KnownFinding>(findings: readonly RawFinding[], baseline: readonly T[]): readonly T[] {
  const present = new Set(findings.map((finding) => finding.fingerprint))
  return baseline.filter((entry) => !present.has(entry.fingerprint))
}
