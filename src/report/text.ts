// `--format text`: the review in a terminal. New findings are told in full with the lines of the call path, the rest in a line each.
// Foreign text is escaped before colours are added, and the whole output is safe for a log that a runner reads.
import { styleText } from 'node:util'
import type { Review } from '../findings/model.ts'
import { countsLine, coverageLine, isUntouched, resultLine } from './headline.ts'
import { notFollowedGroups } from './not-followed.ts'
import { gateNotices, otherNotices } from './notices.ts'
import { plural } from './phrase.ts'
import { redact } from './redact.ts'
import { countTotals, sortFindings, worstFirst } from './totals.ts'
import { type Paint, type TextOptions, findingLine, textFinding, wrapped } from './text-finding.ts'
import { shorten, logSafe, visible } from './visible.ts'
import { incompleteWords, notFollowedWords } from './words.ts'

export type { TextOptions } from './text-finding.ts'

const LISTED = 20
const PER_REASON = 3
const LONGEST_CALL = 60

/** Ends with LF. */
export function renderText(review: Review, options: TextOptions): string {
  const safe = redact(review)
  const paint: Paint = options.color
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text
  const { fresh, old, fixed, suppressed, notComparable } = sortFindings(safe)
  const told = [...worstFirst(fresh), ...worstFirst(notComparable)]
  const blocks = [
    ...told.map((f, i) =>
      textFinding(f, safe, { ...options, why: told.findIndex((g) => g.rule === f.rule) === i }, paint),
    ),
    listed('There before', worstFirst(old).map(findingLine), paint),
    listed('Fixed', fixed.map(findingLine), paint),
    listed(
      'Suppressed',
      suppressed.map((f) => `${findingLine(f)}: ${visible(f.suppression?.reason || 'no reason given')}`),
      paint,
    ),
    listed('Not followed', notFollowed(safe), paint),
    listed('Incomplete', incomplete(safe), paint),
    listed('Changes to the gate itself', policy(safe), paint),
    listed('Notices', otherNotices(safe).map(visible), paint),
    closing(safe, options, paint),
  ]
  return `${logSafe(blocks.filter((block) => block !== '').join('\n\n'))}\n`
}

function listed(title: string, lines: readonly string[], paint: Paint): string {
  if (lines.length === 0) return ''
  const more = lines.length > LISTED ? [`  and ${lines.length - LISTED} more`] : []
  return [paint('bold', title), ...lines.slice(0, LISTED).map((line) => `  ${line}`), ...more].join('\n')
}

/** By reason: how many, and the first places below. */
function notFollowed(review: Review): string[] {
  return notFollowedGroups(review).flatMap(({ reason, calls, places }) => {
    const where = places.length < calls ? ` at ${plural(places.length, 'place')}` : ''
    const shown = places
      .slice(0, PER_REASON)
      .map((c) => `  ${visible(c.file)}:${c.line} ${shorten(visible(c.text), LONGEST_CALL)}`)
    const more = places.length - shown.length
    const rest = more > 0 ? [`  and ${plural(more, 'more place')}`] : []
    return [`${plural(calls, 'call')}${where}: ${visible(notFollowedWords(reason))}`].concat(shown, rest)
  })
}

function incomplete(review: Review): string[] {
  return review.incomplete.map((i) => {
    const place = visible(i.line > 0 ? `${i.file}:${i.line}` : i.file)
    const why = i.message === '' ? '' : `: ${visible(i.message)}`
    const same = i.decides ? '' : ' (the same in the base, does not decide)'
    return `${place} ${visible(incompleteWords(i.reason))}${why}${same}`
  })
}

function policy(review: Review): string[] {
  const notices = gateNotices(review).map(visible)
  const changed = review.configurationChanged && notices.length === 0 ? ['the configuration changes'] : notices
  const added = review.suppressionsAdded.map(
    (s) =>
      `suppression added at ${visible(s.file)}:${s.line} for ${visible(s.rules.join(', ')) || '(no rule)'}: ${visible(s.reason) || 'no reason given'}`,
  )
  return [...changed, ...added]
}

function closing(review: Review, options: TextOptions, paint: Paint): string {
  const style = review.verdict === 'pass' ? 'green' : review.verdict === 'fail' ? 'red' : 'yellow'
  const { files, parsed, fromCache, milliseconds } = review.stats
  const work = `${plural(files, 'file')}, ${parsed} parsed, ${fromCache} from the cache, ${(milliseconds / 1000).toFixed(2)} s`
  const { fresh } = countTotals(review)
  const seen = fresh > 0 ? coverageLine(review) : `${countsLine(review)}; ${coverageLine(review)}`
  const lines = isUntouched(review) ? [] : [seen, work].flatMap((line) => wrapped(line, options.width, ''))
  const result = wrapped(resultLine(review), options.width, '')
  return [...result.map((line) => paint(['bold', style], line)), ...lines.map((line) => paint('dim', line))].join('\n')
}
