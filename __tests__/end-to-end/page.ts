// What people see on a pull request's page, reduced to what tests compare: where comments stand, in which form, what reviews and check
// runs say. Bodies without the markers that only machines read.
import { currentPlace } from '../../src/demo/positions.ts'
import type { EmbeddedGitHub } from '../../src/demo/github.ts'
import type { Comment, PullRequest, Repository } from '../../src/demo/state.ts'

export interface SeenComment {
  /** `file:line`, `file` for one on the whole file or outdated */
  readonly at: string
  readonly title: string
  readonly form: 'open' | 'fixed' | 'suppressed'
}

export interface SeenPage {
  readonly comments: readonly SeenComment[]
  /** first lines of the reviews that say something */
  readonly reviews: readonly string[]
  /** `conclusion: title` of every check run on the head, oldest first */
  readonly checks: readonly string[]
}

export function pageOf(github: EmbeddedGitHub, pull: PullRequest): SeenPage {
  return {
    comments: github.comments(pull).map(seenComment),
    reviews: github.reviews(pull).flatMap(({ body }) => (body === '' ? [] : [withoutCommits(firstLine(body))])),
    checks: checksOf(github, pull.repository, pull.headSha),
  }
}

/** Equal content has equal commit ids in all repositories, so the repository is part of the question. */
export function checksOf(github: EmbeddedGitHub, repository: Repository, sha: string): string[] {
  const runs = github.checkRuns(sha).filter((it) => it.repository === repository)
  return runs.map(({ conclusion, title }) => `${conclusion}: ${title}`)
}

export const NOTHING_SEEN: SeenPage = { comments: [], reviews: [], checks: [] }

function seenComment({ thread, body }: Comment): SeenComment {
  const { line } = currentPlace(thread)
  const text = withoutMarker(body)
  return {
    at: line === null ? thread.path : `${thread.path}:${line}`,
    title: firstLine(text).replaceAll(/^~~|~~$/g, ''),
    form: text.includes('\nFixed in `') ? 'fixed' : text.includes('\nSuppressed: ') ? 'suppressed' : 'open',
  }
}

export function withoutMarker(body: string): string {
  return body.replace(/\n*<!--[^\n]*-->\s*$/, '')
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}

function withoutCommits(text: string): string {
  return text.replaceAll(/`[0-9a-f]{7}`/g, '`sha`')
}
