// The parts of summaries: tables and lists about a whole review in Markdown. Each is empty when it has nothing to say.
// Whatever is cut says how much is missing, so the counts of a summary always add up.
import type { PlacedFinding, Review } from '../findings/model.ts'
import { type ReportContext, blobUrl, shortSha } from './context.ts'
import { countsLine, coverageLine, headline, isUntouched } from './headline.ts'
import {
  type Markdown,
  NOTHING,
  code,
  codeCell,
  details,
  join,
  link,
  list,
  md,
  prose,
  table,
  text,
} from './markdown.ts'
import { placeLink, titleLine } from './narrative.ts'
import { notFollowedGroups } from './not-followed.ts'
import { gateNotices, otherNotices } from './notices.ts'
import { type Phrase, plural, toMarkdown } from './phrase.ts'
import { quoted } from './redact.ts'
import { pathInOneLine, placeOf, titleOf } from './story.ts'
import { countTotals } from './totals.ts'
import { incompleteWords, notFollowedWords, ruleOf } from './words.ts'

export function heading(words: string): Markdown {
  return md`### ${text(words)}`
}

/** Items up to `limit`, then a line that says how many more there are. */
export function limited(items: readonly Markdown[], limit: number): Markdown {
  const more = items.length - limit
  return list(more > 0 ? [...items.slice(0, limit), md`and ${more} more`] : items, 'bullet')
}

/** A titled section, nothing if its body is. */
export function section(title: string, body: Markdown): Markdown {
  return body === '' ? NOTHING : join([heading(title), body], '\n\n')
}

/** Severity, rule, place, entry point and path of each finding. */
export function findingsTable(findings: readonly PlacedFinding[], context: ReportContext, limit: number): Markdown {
  if (findings.length === 0) return NOTHING
  const rows = findings.slice(0, limit).map((f) => {
    const place = placeOf(f)
    const sha = f.baselineState === 'absent' ? context.baseSha : context.headSha
    return [
      text(f.confidence === 'low' ? `${f.severity} (low confidence)` : f.severity),
      link(codeCell(`${place.file}:${place.line}`), blobUrl(context, sha, place)),
      cell(titleOf(f)),
      codeCell(pathInOneLine(f)),
      codeCell(f.rule),
    ]
  })
  const head = [md`Severity`, md`Place`, md`What runs`, md`Reached through`, md`Rule`]
  const more = findings.length - limit
  return join([table(head, rows), more > 0 ? md`and ${more} more.` : NOTHING], '\n\n')
}

function cell(phrase: Phrase): Markdown {
  return join(
    phrase.map((part) => (typeof part === 'string' ? text(part) : codeCell(part.name))),
    '',
  )
}

/** One line per finding: `file:line` title, from entry point. */
export function findingItem(finding: PlacedFinding, context: ReportContext): Markdown {
  const what = finding.operations.length === 0 ? prose(finding.message) : toMarkdown(titleOf(finding))
  return md`${placeLink(finding, placeOf(finding), context)} ${what} (${code(finding.rule)}, from ${code(finding.entryPoint)})`
}

/** The same for lists that have their place elsewhere: severity in front. */
export function gradedItem(finding: PlacedFinding, context: ReportContext): Markdown {
  return md`${text(finding.severity)}: ${findingItem(finding, context)}`
}

export function foldedFinding(finding: PlacedFinding, body: Markdown): Markdown {
  const place = placeOf(finding)
  return details(`${place.file}:${place.line} ${ruleOf(finding).title}`, join([titleLine(finding), body], '\n\n'))
}

/** Counts and coverage in one paragraph; nothing when nothing was analysed. */
export function overview(review: Review): Markdown {
  if (isUntouched(review)) return NOTHING
  const profiles = review.profiles.length === 0 ? NOTHING : md` Profiles: ${join(review.profiles.map(code), ', ')}.`
  return md`${text(countsLine(review))}. ${text(coverageLine(review))}.${profiles}`
}

export function incompleteList(review: Review, limit: number): Markdown {
  const items = review.incomplete.map((i) => {
    const place = i.line > 0 ? `${i.file}:${i.line}` : i.file
    const why = i.message === '' ? NOTHING : md`: ${prose(i.message)}`
    const entries = i.entryPoints.length === 0 ? NOTHING : md` (${text(plural(i.entryPoints.length, 'entry point'))})`
    const same = i.decides ? NOTHING : md` The base is incomplete in the same way, so this does not decide the result.`
    return md`${code(place)} ${text(incompleteWords(i.reason))}${why}${entries}.${same}`
  })
  return limited(items, limit)
}

/** What was not followed, by reason, most frequent first. */
export function notFollowedList(review: Review, perReason: number): Markdown {
  const items = notFollowedGroups(review).map(({ reason, calls, places }) => {
    const shown = places.slice(0, perReason).map((c) => md`${code(`${c.file}:${c.line}`)} ${code(quoted(c.text))}`)
    const more = places.length > perReason ? md` and ${text(plural(places.length - perReason, 'more place'))}` : NOTHING
    return md`${text(notFollowedWords(reason))} (${calls}): ${join(shown, ', ')}${more}`
  })
  return list(items, 'bullet')
}

export function suppressedList(findings: readonly PlacedFinding[], context: ReportContext, limit: number): Markdown {
  const items = findings.map((f) => {
    const by = f.suppression?.kind === 'external' ? md`by the configuration or the baseline` : md`in the source`
    const reason = f.suppression?.reason ?? ''
    return md`${findingItem(f, context)}, ${by}: ${reason === '' ? md`no reason given` : prose(reason)}`
  })
  return limited(items, limit)
}

/** What the change does to its own gate: suppressions and configuration. Always shown, never folded away. */
export function policyList(review: Review): Markdown {
  const added = review.suppressionsAdded.map((s) => {
    const rules = s.rules.length === 0 ? md`(no rule)` : join(s.rules.map(code), ', ')
    return md`Suppression added at ${code(`${s.file}:${s.line}`)} for ${rules}: ${s.reason === '' ? md`no reason given` : prose(s.reason)}`
  })
  const notices = gateNotices(review).map(prose)
  const changed = review.configurationChanged && notices.length === 0 ? [md`The configuration changes.`] : notices
  return limited([...changed, ...added], 20)
}

export function noticesList(review: Review): Markdown {
  return limited(otherNotices(review).map(prose), 20)
}

/** Fewer numbers than this are read faster in the sentence above them. */
const FEWEST_NUMBERS = 4

/** The result in one row of numbers, those that are 0 left out; nothing when only a few remain. */
export function totalsTable(review: Review): Markdown {
  const t = countTotals(review)
  const numbers = [
    { title: review.compared ? md`New` : md`Findings`, count: t.fresh },
    { title: md`Errors`, count: t.errors },
    { title: md`Warnings`, count: t.warnings },
    { title: md`Notes`, count: t.notes },
    { title: md`Old`, count: t.old },
    { title: md`Fixed`, count: t.fixed },
    { title: md`Suppressed`, count: t.suppressed },
    { title: md`Not comparable`, count: t.notComparable },
    { title: md`Not followed`, count: t.notFollowed },
    { title: md`Incomplete`, count: t.incomplete },
  ].filter(({ count }) => count > 0)
  if (numbers.length < FEWEST_NUMBERS) return NOTHING
  return table(
    numbers.map(({ title }) => title),
    [numbers.map(({ count }) => md`${count}`)],
  )
}

/** Heading with the headline, and which commits were compared. */
export function titleSection(review: Review, context: ReportContext): Markdown {
  const head = context.headSha === null ? NOTHING : md`Commit ${code(shortSha(context.headSha))}`
  const base =
    review.compared && context.baseSha !== null ? md`compared with ${code(shortSha(context.baseSha))}` : NOTHING
  const by = md`PhaseGate ${text(context.toolVersion)}`
  return join([md`## ${text(headline(review))}`, join([head, base, by], ' · ')], '\n\n')
}

/** How full reports begin: counts, coverage, what is missing, what the change does to its own gate. */
export function openingSections(review: Review): Markdown[] {
  return [
    overview(review),
    totalsTable(review),
    section('Incomplete', incompleteList(review, review.incomplete.length)),
    section('Changes to the gate itself', policyList(review)),
  ]
}

/** How they end, after the findings: what else a reader should know. */
export function closingSections(review: Review): Markdown[] {
  return [section('Notices', noticesList(review)), section('Not followed', notFollowedList(review, 20))]
}
