// The one sentence that stands for a whole review: title of the check run, first line of the summary, last line in the terminal.
import { NO_PYTHON_CHANGED, type Review } from '../findings/model.ts'
import { plural } from './phrase.ts'
import { type Totals, countTotals, decisive } from './totals.ts'
import { shorten, visible } from './visible.ts'
import { incompleteWords } from './words.ts'

/** Title of a check run: 255 characters (REST, "Create a check run"). */
const LONGEST_HEADLINE = 255

/** Plain text, invisible characters escaped, at most 255 units. */
export function headline(review: Review): string {
  const totals = countTotals(review)
  return sentence(review, totals, plural(totals.fresh, review.compared ? 'new finding' : 'finding'))
}

/** The same with severities and with what is old, fixed or suppressed, where there are findings. */
export function resultLine(review: Review): string {
  return sentence(review, countTotals(review), countsLine(review))
}

function sentence(review: Review, totals: Totals, found: string): string {
  const missing = review.verdict === 'incomplete' ? `Incomplete: ${whatIsMissing(review, totals)}` : ''
  const also = missing === '' && decisive(review).length > 0 ? `incomplete: ${whatIsMissing(review, totals)}` : ''
  const clean = missing === '' ? cleanWords(review, totals) : ''
  const parts = [missing, totals.fresh > 0 ? found : clean, also].filter((part) => part !== '')
  return shorten(parts.join('; '), LONGEST_HEADLINE)
}

/** Nothing was analysed because nothing that could matter changed. */
export function isUntouched(review: Review): boolean {
  return review.notices.includes(NO_PYTHON_CHANGED)
}

function cleanWords(review: Review, totals: Totals): string {
  if (isUntouched(review)) return NO_PYTHON_CHANGED.replace(/\.$/, '')
  if (totals.old > 0) return 'No new database work in Phase 1'
  if (totals.suppressed > 0)
    return `No database work in Phase 1 besides ${plural(totals.suppressed, 'suppressed finding')}`
  return totals.entryPoints === 0 ? 'No entry points found' : 'No database work in Phase 1'
}

/** The first thing that is missing, with its place, and how many more there are. */
export function whatIsMissing(review: Review, totals: Totals): string {
  const deciding = decisive(review)
  const [first, ...rest] = deciding.length > 0 ? deciding : review.incomplete
  if (first === undefined) {
    return totals.notComparable > 0
      ? `${plural(totals.notComparable, 'finding')} could not be compared with the base`
      : 'the analysis did not finish'
  }
  const place = visible(first.line > 0 ? `${first.file}:${first.line}` : first.file)
  return `${place} ${visible(incompleteWords(first.reason))}${rest.length > 0 ? ` and ${rest.length} more` : ''}`
}

/** `2 new findings (1 error, 1 warning), 3 old, 1 fixed, 1 suppressed`: every category that is not empty. */
export function countsLine(review: Review): string {
  const t = countTotals(review)
  const kind = review.compared ? 'new finding' : 'finding'
  const severities = [counted(t.errors, 'error'), counted(t.warnings, 'warning'), counted(t.notes, 'note')].filter(
    (words) => words !== '',
  )
  const counts = [
    t.fresh > 0 ? `${plural(t.fresh, kind)} (${severities.join(', ')})` : `No ${kind}s`,
    t.old > 0 ? `${t.old} old` : '',
    t.fixed > 0 ? `${t.fixed} fixed` : '',
    t.suppressed > 0 ? `${t.suppressed} suppressed` : '',
    t.notComparable > 0 ? `${t.notComparable} not comparable` : '',
  ]
  return counts.filter((words) => words !== '').join(', ')
}

function counted(count: number, one: string): string {
  return count > 0 ? plural(count, one) : ''
}

/** `47 of 48 modules analysed, 52 entry points, 1,230 of 1,240 calls followed`. */
export function coverageLine(review: Review): string {
  const t = countTotals(review)
  const modules =
    t.modules === t.modulesAnalysed
      ? `${plural(t.modules, 'module')} analysed`
      : `${t.modulesAnalysed} of ${plural(t.modules, 'module')} analysed`
  const calls =
    t.callsReached === t.callsFollowed
      ? `${plural(t.callsReached, 'call')} followed`
      : `${t.callsFollowed} of ${plural(t.callsReached, 'call')} followed`
  return `${modules}, ${plural(t.entryPoints, 'entry point')}, ${calls}`
}
