// The job summary: the complete report for people, shown on the run's page also when nothing else may be written.
import type { PlacedFinding, Review } from '../findings/model.ts'
import { JOB_SUMMARY_BUDGET, fit } from './budget.ts'
import type { ReportContext } from './context.ts'
import { type Markdown, NOTHING, codeCell, details, join, md, table, text } from './markdown.ts'
import { callPathChart } from './mermaid.ts'
import { findingBody } from './narrative.ts'
import { plural } from './phrase.ts'
import { redact } from './redact.ts'
import {
  closingSections,
  findingsTable,
  foldedFinding,
  openingSections,
  section,
  suppressedList,
  titleSection,
} from './sections.ts'
import { sortFindings, worstFirst } from './totals.ts'

const TABLE_ROWS = 200
const TOLD_IN_FULL = 100
const ENTRY_ROWS = 300
const CUT = md`This summary was cut at the size that a runner accepts; the report file has all of it.`

/** Markdown for the run's page; at most 900 KiB. */
export function renderJobSummary(review: Review, context: ReportContext): string {
  const safe = redact(review)
  const { fresh, old, fixed, suppressed, notComparable } = sortFindings(safe)
  const ordered = worstFirst(fresh)
  const body = join(
    [
      titleSection(safe, context),
      ...openingSections(safe),
      section(safe.compared ? 'New findings' : 'Findings', findingsTable(ordered, context, TABLE_ROWS)),
      told(ordered, context),
      section('Not comparable with the base', findingsTable(worstFirst(notComparable), context, TABLE_ROWS)),
      section('Fixed', findingsTable(fixed, context, TABLE_ROWS)),
      section('There before', findingsTable(worstFirst(old), context, TABLE_ROWS)),
      section('Suppressed', suppressedList(suppressed, context, TABLE_ROWS)),
      ...closingSections(safe),
      entryPoints(safe),
    ],
    '\n\n',
  )
  return fit(body, JOB_SUMMARY_BUDGET, CUT)
}

function told(findings: readonly PlacedFinding[], context: ReportContext): Markdown {
  return join(
    findings
      .slice(0, TOLD_IN_FULL)
      .map((f) => foldedFinding(f, join([findingBody(f, context), callPathChart(f) ?? NOTHING], '\n\n'))),
    '\n\n',
  )
}

const STATE_WORDS = { clean: 'clean', finding: 'database work', incomplete: 'incomplete' } as const

function entryPoints(review: Review): Markdown {
  if (review.entryPoints.length === 0) return NOTHING
  const rows = review.entryPoints
    .slice(0, ENTRY_ROWS)
    .map((e) => [
      codeCell(e.id),
      codeCell(e.profile),
      text(STATE_WORDS[e.state]),
      md`${e.calls.followed} of ${e.calls.reached}`,
    ])
  const more = review.entryPoints.length - ENTRY_ROWS
  const body = table([md`Entry point`, md`Profile`, md`State`, md`Calls followed`], rows)
  return details(
    plural(review.entryPoints.length, 'entry point'),
    join([body, more > 0 ? md`and ${more} more` : NOTHING], '\n\n'),
  )
}
