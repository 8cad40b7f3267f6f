// Where a review comment may stand, judged on git's own hunks, and how the service says no. Sources of the texts: GitHub's answers
// as quoted in public issue threads (parkerbxyz/suggest-changes#64, danobi/prr#11, ubuntu/WSL#244, villesau/ai-codereviewer#34,
// max-sixty/tend#252, prontolabs/pronto#99, reviewdog/reviewdog#434). No text ever names the comment that is at fault.
import { findLine, hunkExcerpt, type Side } from './hunks.ts'
import { hunksOf } from './positions.ts'
import { sentence, type FieldError } from './replies.ts'
import { mergeBaseOf, type PullRequest } from './state.ts'
import type { Dialect } from './options.ts'

/** What a client asks for. Numbers are lines of the new side for RIGHT, of the base for LEFT. */
export interface AnchorRequest {
  readonly path: string
  readonly subject: 'line' | 'file'
  readonly side: Side
  readonly line: number | null
  readonly startLine: number | null
  readonly startSide: Side | null
}

type Problem = 'path' | 'line' | 'start-hunk' | 'start-order' | 'hunk'

export type AnchorResult =
  | { readonly kind: 'anchored'; readonly diffHunk: string }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }

/** Judges an anchor on the diff from the merge base to `commit`. */
export function judgeAnchor(pull: PullRequest, commit: string, anchor: AnchorRequest): AnchorResult {
  const hunks = hunksOf(pull, anchor.path, commit)
  if (hunks === null) return { kind: 'refused', problems: ['path', 'hunk'] }
  if (anchor.subject === 'file') return { kind: 'anchored', diffHunk: '' }
  const end = anchor.line === null ? null : findLine(hunks, anchor.side, anchor.line)
  const hunk = end === null ? undefined : hunks[end.hunk]
  if (end === null || hunk === undefined)
    return { kind: 'refused', problems: anchor.startLine === null ? ['line', 'hunk'] : ['line', 'start-hunk', 'hunk'] }
  if (anchor.startLine !== null) {
    const startSide = anchor.startSide ?? anchor.side
    if (startSide === anchor.side && anchor.startLine >= (anchor.line ?? 0))
      return { kind: 'refused', problems: ['start-order'] }
    const start = findLine(hunks, startSide, anchor.startLine)
    if (start?.hunk !== end.hunk) return { kind: 'refused', problems: ['start-hunk'] }
    if (start.index >= end.index) return { kind: 'refused', problems: ['start-order'] }
  }
  return { kind: 'anchored', diffHunk: hunkExcerpt(hunk, end.index) }
}

const THREAD_TEXTS: Readonly<Record<Problem, string>> = {
  path: 'path is invalid',
  line: 'line must be part of the diff',
  'start-hunk': 'start line must be part of the same hunk as the line.',
  'start-order': 'start line must precede the end line.',
  hunk: "diff hunk can't be blank",
}

/** The text for a batch: one sentence per kind of failure, whichever comment it came from. */
export function batchText(dialect: Dialect, problems: readonly Problem[]): string {
  if (dialect.anchorTexts === 'resolved' && problems.includes('path')) return 'Path could not be resolved'
  if (dialect.anchorTexts === 'resolved' && problems.includes('line')) return 'Line could not be resolved'
  return sentence(problems.map((problem) => `Pull request review thread ${THREAD_TEXTS[problem]}`))
}

const FIELDS: Readonly<Record<Problem, string>> = {
  path: 'pull_request_review_thread.path',
  line: 'pull_request_review_thread.line',
  'start-hunk': 'pull_request_review_thread.start_line',
  'start-order': 'pull_request_review_thread.start_line',
  hunk: 'pull_request_review_thread.diff_hunk',
}
const FIELD_TEXTS: Readonly<Record<Problem, string>> = {
  path: 'is invalid',
  line: 'must be part of the diff',
  'start-hunk': 'must be part of the same hunk as the line.',
  'start-order': 'must precede the end line.',
  hunk: "can't be blank",
}

/** The entries for a single comment. */
export function fieldErrors(dialect: Dialect, problems: readonly Problem[]): FieldError[] {
  const resource = 'PullRequestReviewComment'
  const unresolved = problems.find((problem) => problem === 'path' || problem === 'line')
  if (dialect.anchorTexts === 'resolved' && unresolved !== undefined)
    return [{ resource, code: 'custom', field: FIELDS[unresolved], message: 'could not be resolved' }]
  return problems.map((problem) =>
    problem === 'hunk'
      ? { resource, code: 'missing_field', field: FIELDS.hunk }
      : { resource, code: 'custom', field: FIELDS[problem], message: `${FIELDS[problem]} ${FIELD_TEXTS[problem]}` },
  )
}

/** Whether a commit belongs to the pull request. A commit that is not the head is accepted: `commit_id` is no lock. */
export function isPullCommit(pull: PullRequest, commit: string): boolean {
  if (commit === pull.headSha) return true
  const { history } = pull.repository.network
  return history.commit(commit) !== null && history.between(mergeBaseOf(pull), pull.headSha).includes(commit)
}

/** Why a body is refused, or null. The length counts UTF-16 units. */
export function bodyProblem(body: string, limit: number): string | null {
  if (body.trim() === '') return "Body can't be blank"
  return body.length > limit ? `Body is too long (maximum is ${limit} characters)` : null
}
