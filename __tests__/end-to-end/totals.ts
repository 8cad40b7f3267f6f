// Totals of one run in every place where it tells them: report file, SARIF, job summary, annotations, outputs, check run, review body.
// All are counted from what people and programs read, none from the product's own counting.
import type { PullRequest } from '../../src/demo/state.ts'
import type { Report } from '../../src/report/json-schema.ts'
import type { Acted, Stage } from './stage.ts'

type Finding = Report['findings'][number]

interface Totals {
  readonly fresh: number
  readonly errors: number
  readonly warnings: number
  readonly notes: number
  readonly fixed: number
}

const NOTHING: Totals = { fresh: 0, errors: 0, warnings: 0, notes: 0, fixed: 0 }

/** Differences between the channels of a run that wrote a report file. */
export function totalsProblems(stage: Stage, acted: Acted, pull: PullRequest | null): string[] {
  const { report } = acted
  if (report === null) return []
  const totals = totalsOf(report)
  const told: Readonly<Record<string, Partial<Totals> | null>> = {
    outputs: { fresh: Number(acted.outputs['new-findings']), fixed: Number(acted.outputs['fixed-findings']) },
    'job summary': fromCountsLine(acted.summary),
    annotations: annotated(acted.stdout),
    SARIF: fromSarif(acted.sarif, report),
    ...onPage(stage, acted, pull),
  }
  return Object.entries(told).flatMap(([channel, found]) =>
    found === null
      ? [`${channel}: no totals`]
      : Object.entries(found).flatMap(([name, value]) =>
          value === totals[name as keyof Totals]
            ? []
            : [`${channel}: ${name} is ${value}, the report says ${totals[name as keyof Totals]}`],
        ),
  )
}

/** Without a base every finding counts; with one, what is new and what gained work. */
function isFresh(finding: Pick<Finding, 'baselineState' | 'suppression' | 'operations'>, compared: boolean): boolean {
  if (finding.suppression !== null || finding.baselineState === 'absent') return false
  if (!compared) return true
  return (
    finding.baselineState === 'new' ||
    (finding.baselineState === 'updated' && finding.operations.some((it) => it.added === true))
  )
}

function totalsOf({ findings, base }: Report): Totals {
  const fresh = findings.filter((it) => isFresh(it, base !== null))
  const of = (severity: string): number => fresh.filter((it) => it.severity === severity).length
  return {
    fresh: fresh.length,
    errors: of('error'),
    warnings: of('warning'),
    notes: of('note'),
    fixed: findings.filter((it) => it.baselineState === 'absent').length,
  }
}

/** `2 new findings (1 error, 1 warning), 3 old, 1 fixed` or `No new findings`, whatever stands around it. */
function fromCountsLine(text: string): Totals | null {
  if (/^(?:## |\*\*PhaseGate: )?No Python changed|^Analysed commit/.test(text)) return NOTHING
  const line = /^(?:(\d+)|No) (?:new )?findings?(?: \(([^)]*)\))?(?:, [^.\n]*)?\. /m.exec(text)
  if (line === null) return null
  const count = (words: string): number => Number(new RegExp(`(\\d+) ${words}`).exec(line[0])?.[1] ?? 0)
  return {
    fresh: Number(line[1] ?? 0),
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
    fixed: count('fixed'),
  }
}

/** Annotations with a place, and those that a tenth one only counts. */
function annotated(stdout: string): Partial<Totals> {
  const of = (level: string): number => {
    const lines = stdout
      .split('\n')
      .filter((line) => line.startsWith(`::${level} `) && !line.startsWith(`::${level} title=PhaseGate::`))
    return lines.reduce(
      (sum, line) => sum + Number(/ title=(\d+) more[,:]/.exec(line)?.[1] ?? / title=(\d+) more/.exec(line)?.[1] ?? 1),
      0,
    )
  }
  return { errors: of('error'), warnings: of('warning'), notes: of('notice') }
}

interface SarifResult {
  readonly baselineState?: string
  readonly suppressions: readonly unknown[]
  readonly partialFingerprints: Readonly<Record<string, string>>
}

/** SARIF does not say which operations were added, so updated findings are taken from the report by their fingerprints. */
function fromSarif(sarif: unknown, report: Report): Partial<Totals> | null {
  const results = (sarif as { runs?: { results?: SarifResult[] }[] } | null)?.runs?.[0]?.results
  if (results === undefined) return null
  const grown = new Set(
    report.findings.filter((it) => it.baselineState === 'updated' && isFresh(it, true)).map((it) => it.fingerprint),
  )
  const fresh = results.filter(({ baselineState, suppressions, partialFingerprints }) => {
    if (suppressions.length > 0 || baselineState === 'absent') return false
    if (report.base === null || baselineState === 'new') return true
    return baselineState === 'updated' && Object.values(partialFingerprints).some((it) => grown.has(it))
  })
  return { fresh: fresh.length, fixed: results.filter((it) => it.baselineState === 'absent').length }
}

/** The newest check run of the analysed commit and the newest review that is a summary, if this run could write them. */
function onPage(
  { github }: Stage,
  { report, outputs }: Acted,
  pull: PullRequest | null,
): Record<string, Totals | null> {
  const check = github
    .checkRuns(report?.head ?? '')
    .findLast((it) => outputs['check-run-url']?.endsWith(`/${it.id}`) === true)
  const checkTotals = check === undefined ? {} : { 'check run': fromCountsLine(check.summary ?? '') }
  if (pull === null || pull.headSha !== report?.head) return checkTotals
  const body = github
    .reviews(pull)
    .findLast((it) => it.author.type === 'Bot' && it.body.includes(`at \`${report.head?.slice(0, 7)}\``))?.body
  return body === undefined ? checkTotals : { ...checkTotals, review: fromCountsLine(body) }
}
