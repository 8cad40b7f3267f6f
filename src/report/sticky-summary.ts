// The body of our review on a pull request: short, edited in place at every run. It lists what the comments do not say.
// Findings without a place on the diff are told in full here, so that nothing is lost.
import type { PlacedFinding, Review } from '../findings/model.ts'
import { BODY_BUDGET, fit } from './budget.ts'
import { type ReportContext, shortSha } from './context.ts'
import { headline } from './headline.ts'
import { type Markdown, NOTHING, code, details, join, link, md, text } from './markdown.ts'
import { findingBody } from './narrative.ts'
import { plural } from './phrase.ts'
import { redact } from './redact.ts'
import {
  findingItem,
  foldedFinding,
  gradedItem,
  incompleteList,
  limited,
  noticesList,
  notFollowedList,
  overview,
  policyList,
  section,
  suppressedList,
} from './sections.ts'
import { sortFindings, worstFirst } from './totals.ts'

const LISTED = 10
const FOLDED_LISTED = 100
const CUT = md`This summary was cut; the job summary and the report file have all of it.`

export function renderStickySummary(review: Review, context: ReportContext): string {
  const safe = redact(review)
  const { fresh, fixed, notComparable, suppressed, old } = sortFindings(safe)
  const said = worstFirst(fresh.filter((f) => f.placement?.kind !== 'summary'))
  const unplaced = worstFirst(fresh.filter((f) => f.placement?.kind === 'summary'))
  const body = join(
    [
      titleBlock(safe, context),
      overview(safe),
      newFindings(said, context),
      section(
        'Not posted on a line',
        join(
          unplaced.map((f) => foldedFinding(f, unplacedBody(f, context))),
          '\n\n',
        ),
      ),
      section('Incomplete', incompleteList(safe, LISTED)),
      section(
        'Not comparable with the base',
        limited(
          worstFirst(notComparable).map((f) => gradedItem(f, context)),
          LISTED,
        ),
      ),
      section('Changes to the gate itself', policyList(safe)),
      section('Notices', noticesList(safe)),
      foldedLists(safe, { fixed, suppressed, old }, context),
      runLine(context),
    ],
    '\n\n',
  )
  return fit(body, BODY_BUDGET, CUT)
}

function titleBlock(review: Review, context: ReportContext): Markdown {
  const at = context.headSha === null ? NOTHING : md` at ${code(shortSha(context.headSha))}`
  const base =
    review.compared && context.baseSha !== null ? md`, compared with ${code(shortSha(context.baseSha))}` : NOTHING
  return md`**PhaseGate: ${text(headline(review))}**${at}${base}`
}

function newFindings(findings: readonly PlacedFinding[], context: ReportContext): Markdown {
  const items = findings.map((f) => gradedItem(f, context))
  if (items.length <= LISTED) return limited(items, LISTED)
  const rest = limited(items.slice(LISTED), FOLDED_LISTED)
  return join(
    [limited(items.slice(0, LISTED), LISTED), details(`The other ${items.length - LISTED} new findings`, rest)],
    '\n\n',
  )
}

function unplacedBody(finding: PlacedFinding, context: ReportContext): Markdown {
  const why =
    finding.placement?.kind === 'summary' ? md`Why not on a line: ${text(finding.placement.reason)}.` : NOTHING
  return join([findingBody(finding, context), why], '\n\n')
}

function fold(words: string, body: Markdown): Markdown {
  return body === '' ? NOTHING : details(words, body)
}

type Folded = Readonly<Record<'fixed' | 'suppressed' | 'old', readonly PlacedFinding[]>>

function foldedLists(review: Review, lists: Folded, context: ReportContext): Markdown {
  const items = (findings: readonly PlacedFinding[]): Markdown =>
    limited(
      findings.map((f) => findingItem(f, context)),
      FOLDED_LISTED,
    )
  return join(
    [
      fold(`Fixed: ${lists.fixed.length}`, items(lists.fixed)),
      fold(`Suppressed: ${lists.suppressed.length}`, suppressedList(lists.suppressed, context, FOLDED_LISTED)),
      fold(`There before: ${lists.old.length}`, items(lists.old)),
      fold(`Not followed: ${plural(review.notFollowed.length, 'call')}`, notFollowedList(review, 3)),
    ],
    '\n\n',
  )
}

function runLine(context: ReportContext): Markdown {
  return context.runUrl === null ? NOTHING : md`Details: ${link(md`run`, context.runUrl)}`
}
