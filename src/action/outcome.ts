// What a review means for the job: the review that stands for one that could not be made, the check run, the outputs. Pure.
// Must stay true: the job and the check run always agree, nothing incomplete is `neutral` or `skipped`, and no input of this file says
// whether posting worked.
import { createHash } from 'node:crypto'
import type { FailOn } from '../config/model.ts'
import type { PlacedFinding, Review } from '../findings/model.ts'
import type { CheckRunDraft, Refusal } from '../publish/model.ts'
import type { CheckRunText } from '../report/check.ts'
import { resultLine } from '../report/headline.ts'
import { sortFindings } from '../report/totals.ts'

export type ExitCode = 0 | 1 | 2 | 3

/** A review that could not be made: incomplete as a whole, with the reason. */
export function incompleteReview(head: string, failOn: FailOn, message: string): Review {
  return {
    verdict: 'incomplete',
    base: null,
    head,
    compared: false,
    profiles: [],
    entryPoints: [],
    findings: [],
    notFollowed: [],
    incomplete: [{ file: 'repository', line: 0, reason: 'unreadable', message, entryPoints: [], decides: true }],
    suppressionsAdded: [],
    configurationChanged: false,
    notices: [message],
    failOn,
    stats: { files: 0, parsed: 0, fromCache: 0, milliseconds: 0 },
  }
}

/** A refusal while reading, in words that say what to check. */
export function readingProblem({ kind, status, message }: Refusal): string {
  if (status === 401) return message
  if (kind === 'forbidden' || kind === 'not-found')
    return `not found or no access (${message}); the job needs \`permissions: contents: read\` and \`pull-requests: read\``
  return message
}

export interface CheckFrame {
  readonly name: string
  readonly headSha: string
  readonly runUrl: string | null
}

/** The check run of a review. `externalId` depends on what is said alone: the same result again is recognised by it. */
export function checkRunOf(review: Review, exit: ExitCode, text: CheckRunText, frame: CheckFrame): CheckRunDraft {
  const conclusion = exit === 0 ? 'success' : 'failure'
  return {
    name: frame.name,
    headSha: frame.headSha,
    conclusion,
    title: exit === 3 && review.verdict === 'pass' ? UNWRITTEN : text.title,
    summary: text.summary,
    externalId: resultDigest(review, conclusion),
    detailsUrl: frame.runUrl,
    annotations: text.annotations,
  }
}

/** The analysis is whole, and the job fails all the same: a report, or the review, could not be written. */
const UNWRITTEN = 'Incomplete: not everything could be written; the log of the job says what'

/** The check run of a run that ended without a review. */
export function failedCheckRun(title: string, message: string, frame: CheckFrame): CheckRunDraft {
  return {
    name: frame.name,
    headSha: frame.headSha,
    conclusion: 'failure',
    title,
    summary: message,
    externalId: digest([title, message]),
    detailsUrl: frame.runUrl,
    annotations: [],
  }
}

function resultDigest(review: Review, conclusion: string): string {
  return digest([
    conclusion,
    review.verdict,
    review.base,
    review.findings.map(resultOf),
    review.incomplete.map(({ file, line, reason, message, decides }) => [file, line, reason, message, decides]),
    review.entryPoints.map(({ id, state }) => [id, state]),
    review.configurationChanged,
  ])
}

function resultOf(it: PlacedFinding): unknown {
  return [
    it.fingerprint,
    it.severity,
    it.confidence,
    it.baselineState,
    it.newWork,
    it.suppression !== null,
    it.placement,
  ]
}

function digest(value: unknown): string {
  return `phasegate-${createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 40)}`
}

/** The Action's outputs that come from the review. */
export function outputsOf(
  review: Review,
): Readonly<Record<'verdict' | 'new-findings' | 'fixed-findings' | 'summary', string>> {
  const { fresh, fixed } = sortFindings(review)
  return {
    verdict: review.verdict,
    'new-findings': `${fresh.length}`,
    'fixed-findings': `${fixed.length}`,
    summary: resultLine(review),
  }
}
