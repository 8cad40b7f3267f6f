// The check run's words: title, summary and annotations. It repeats the job's result and never decides it.
import type { Review, Severity } from '../findings/model.ts'
import { CHECK_SUMMARY_BUDGET, fit } from './budget.ts'
import { type ReportContext, shortSha } from './context.ts'
import { headline } from './headline.ts'
import { NOTHING, code, join, link, md } from './markdown.ts'
import { plainBody, plainTitle } from './plain.ts'
import { redact } from './redact.ts'
import {
  findingsTable,
  gradedItem,
  incompleteList,
  limited,
  noticesList,
  notFollowedList,
  overview,
  policyList,
  section,
  suppressedList,
  totalsTable,
} from './sections.ts'
import { shownAt } from './story.ts'
import { sortFindings, worstFirst } from './totals.ts'

export interface CheckRunAnnotation {
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly level: 'failure' | 'warning' | 'notice'
  readonly title: string
  readonly message: string
}

export interface CheckRunText {
  readonly title: string
  readonly summary: string
  /** all of them, worst first; whoever sends them splits them into requests */
  readonly annotations: readonly CheckRunAnnotation[]
}

const LEVELS: Readonly<Record<Severity, CheckRunAnnotation['level']>> = {
  error: 'failure',
  warning: 'warning',
  note: 'notice',
}
/** Message of an annotation: 64 KB (REST, "Create a check run"); far more than anybody reads. */
const LONGEST_MESSAGE = 16_000
const LISTED = 50
const CUT = md`This summary was cut; the job summary and the report file have all of it.`

export function renderCheckRun(review: Review, context: ReportContext): CheckRunText {
  const safe = redact(review)
  const fresh = worstFirst(sortFindings(safe).fresh)
  const annotations = fresh.map((finding): CheckRunAnnotation => {
    const { file, line, endLine } = shownAt(finding)
    return {
      path: file,
      startLine: line,
      endLine,
      level: LEVELS[finding.severity],
      title: plainTitle(finding),
      message: plainBody(finding, context.baseSha, LONGEST_MESSAGE),
    }
  })
  return { title: headline(safe), summary: summaryOf(safe, context), annotations }
}

function summaryOf(review: Review, context: ReportContext): string {
  const { fresh, old, fixed, suppressed, notComparable } = sortFindings(review)
  const graded = (findings: typeof fresh): ReturnType<typeof limited> =>
    limited(
      worstFirst(findings).map((f) => gradedItem(f, context)),
      LISTED,
    )
  const body = join(
    [
      overview(review),
      context.headSha === null ? NOTHING : md`Analysed commit: ${code(shortSha(context.headSha))}`,
      totalsTable(review),
      section('Incomplete', incompleteList(review, LISTED)),
      section(review.compared ? 'New findings' : 'Findings', findingsTable(worstFirst(fresh), context, LISTED)),
      section('Not comparable with the base', graded(notComparable)),
      section('Changes to the gate itself', policyList(review)),
      section('Notices', noticesList(review)),
      section('Fixed', graded(fixed)),
      section('Suppressed', suppressedList(suppressed, context, LISTED)),
      section('There before', graded(old)),
      section('Not followed', notFollowedList(review, 3)),
      context.runUrl === null ? NOTHING : md`Details: ${link(md`run`, context.runUrl)}`,
    ],
    '\n\n',
  )
  return fit(body, CHECK_SUMMARY_BUDGET, CUT)
}
