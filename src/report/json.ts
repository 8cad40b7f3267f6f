// `--format json`: the whole review as one object, in the order of the published schema. Nothing is dropped, nothing internal is added.
// Its text is safe for a log: what is invisible, and what a runner would obey, is written as a JSON escape; the values stay the same.
import type { PlacedFinding, Review } from '../findings/model.ts'
import type { Report } from './json-schema.ts'
import { redact } from './redact.ts'

type ReportFinding = Report['findings'][number]
type ReportedRule = ReportFinding['rule']

export function renderJson(review: Review, toolVersion: string): string {
  return serialise(toReport(review, toolVersion))
}

/** The report as a value: what `renderJson` prints. */
export function toReport(review: Review, toolVersion: string): Report {
  const safe = redact(review)
  return {
    schemaVersion: 1,
    tool: { name: 'phasegate', version: toolVersion },
    verdict: safe.verdict,
    base: safe.base,
    head: safe.head,
    entryPoints: safe.entryPoints.map(({ id, file, line, name, profile, state, calls }) => {
      return { id, file, line, name, profile, state, calls: { reached: calls.reached, followed: calls.followed } }
    }),
    findings: safe.findings.flatMap((f) => (f.rule === 'not-followed' ? [] : [toFinding(f, f.rule, safe.compared)])),
    notFollowed: safe.notFollowed.map(({ file, line, entryPoint, text, reason }) => ({
      file,
      line,
      entryPoint,
      text,
      reason,
    })),
    incomplete: safe.incomplete.map(({ file, line, reason, entryPoints }) => ({
      file,
      line,
      reason,
      entryPoints: [...entryPoints],
    })),
    suppressionsAdded: safe.suppressionsAdded.map(({ file, line, rules, reason }) => ({
      file,
      line,
      rules: [...rules],
      reason,
    })),
    configurationChanged: safe.configurationChanged,
    stats: {
      files: safe.stats.files,
      parsed: safe.stats.parsed,
      fromCache: safe.stats.fromCache,
      milliseconds: safe.stats.milliseconds,
    },
  }
}

function toFinding(finding: PlacedFinding, rule: ReportedRule, compared: boolean): ReportFinding {
  const { location } = finding
  return {
    rule,
    severity: finding.severity,
    confidence: finding.confidence,
    fingerprint: finding.fingerprint,
    baselineState: finding.baselineState,
    movedFrom: finding.movedFrom,
    phase: finding.phase,
    entryPoint: finding.entryPoint,
    message: finding.message,
    operations: finding.operations.map((operation) => toOperation(operation, compared)),
    trace: finding.trace.map((s) => {
      return {
        file: s.file,
        line: s.line,
        column: s.column,
        function: s.function,
        kind: s.kind,
        callee: s.callee,
        text: s.text,
      }
    }),
    guards: finding.guards.map(({ file, line, column, text }) => ({ file, line, column, text })),
    placement: toPlacement(finding),
    suggestion: toSuggestion(finding),
    suppression:
      finding.suppression === null ? null : { kind: finding.suppression.kind, reason: finding.suppression.reason },
    ...(finding.operations.length === 0
      ? { location: { file: location.file, line: location.line, column: location.column } }
      : {}),
  }
}

function toOperation(o: PlacedFinding['operations'][number], compared: boolean): ReportFinding['operations'][number] {
  const { file, line, column, endLine, endColumn, symbol, kind, text, added } = o
  const shape = { file, line, column, endLine, endColumn, symbol, kind, text }
  return compared && added !== null ? { ...shape, added } : shape
}

function toPlacement({ placement }: PlacedFinding): ReportFinding['placement'] {
  if (placement === null) return null
  if (placement.kind === 'file') return { kind: 'file', path: placement.path }
  if (placement.kind === 'summary') return { kind: 'summary', reason: placement.reason }
  const { path, side, line } = placement
  return placement.kind === 'line'
    ? { kind: 'line', path, side, line }
    : { kind: 'range', path, side, startLine: placement.startLine, line }
}

function toSuggestion({ suggestion }: PlacedFinding): ReportFinding['suggestion'] {
  if (suggestion === null) return null
  const { path, startLine, endLine, replacement, disposition, title, patch } = suggestion
  return { path, startLine, endLine, replacement, disposition, title, patch }
}

// What JSON.stringify leaves as it is (it escapes C0 and lone surrogates): format characters, separators, C1, blank letters.
const INVISIBLE_IN_JSON = /[\p{Cf}\p{Zl}\p{Zp}\x7f-\x9f\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu

function escapes(found: string): string {
  const units = found.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'))
  return units.map((digits) => `\\u${digits}`).join('')
}

/** Two-space JSON ending in LF. Invisible characters and `##[` become escapes, which every JSON parser undoes. */
export function serialise(value: unknown): string {
  const json = JSON.stringify(value, null, 2).replace(INVISIBLE_IN_JSON, escapes).replaceAll('##[', '##\\u005b')
  return `${json}\n`
}
