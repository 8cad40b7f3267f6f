// `--format markdown`: the whole review as one document, for files, issues and chat. Everything is open except long lists.
import type { PlacedFinding, Review } from '../findings/model.ts'
import type { ReportContext } from './context.ts'
import { type Markdown, join, md } from './markdown.ts'
import { findingBody, titleLine } from './narrative.ts'
import { redact } from './redact.ts'
import {
  closingSections,
  gradedItem,
  limited,
  openingSections,
  section,
  suppressedList,
  titleSection,
} from './sections.ts'
import { sortFindings, worstFirst } from './totals.ts'

export function renderMarkdown(review: Review, context: ReportContext): string {
  const safe = redact(review)
  const { fresh, old, fixed, suppressed, notComparable } = sortFindings(safe)
  const items = (findings: readonly PlacedFinding[]): Markdown =>
    limited(
      worstFirst(findings).map((f) => gradedItem(f, context)),
      findings.length,
    )
  const told = worstFirst(fresh).map((f) => join([titleLine(f), findingBody(f, context)], '\n\n'))
  const body = join(
    [
      titleSection(safe, context),
      ...openingSections(safe),
      section(safe.compared ? 'New findings' : 'Findings', separated(told)),
      section('Not comparable with the base', items(notComparable)),
      section('Fixed', items(fixed)),
      section('There before', items(old)),
      section('Suppressed', suppressedList(suppressed, context, suppressed.length)),
      ...closingSections(safe),
    ],
    '\n\n',
  )
  return `${body}\n`
}

function separated(blocks: readonly Markdown[]): Markdown {
  return join(
    blocks.map((b, i) =>
      i === 0
        ? b
        : md`---

${b}`,
    ),
    '\n\n',
  )
}
