// Routes for reviews: list, create, edit, delete a draft. A batch is created as a whole or not at all, and a refusal never says which
// comment it was. A draft is visible to its author only, and blocks every further review and comment of that author.
import { addReview, addThread, removeReview, visibleReviews } from './reviews.ts'
import { listReply } from './pages.ts'
import { renderComment, renderReview } from './render-reviews.ts'
import { batchText, bodyProblem, isPullCommit, judgeAnchor, type AnchorRequest } from './rules422.ts'
import {
  integer,
  invalidRequest,
  json,
  locked,
  notFound,
  unprocessable,
  type Reply,
  type Route,
  type RouteContext,
} from './replies.ts'
import { shapeProblems, type Shape } from './shapes.ts'
import { withPull } from './routes-pulls.ts'
import type { PullRequest, Review, ReviewState } from './state.ts'

const READ = { name: 'pull-requests', level: 'read' } as const
const WRITE = { name: 'pull-requests', level: 'write' } as const

export const reviewRoutes = (): readonly Route[] => [
  { method: 'GET', path: '/repos/:owner/:repo/pulls/:number/reviews', right: READ, answer: withPull(list) },
  { method: 'POST', path: '/repos/:owner/:repo/pulls/:number/reviews', right: WRITE, answer: withPull(create) },
  { method: 'GET', path: '/repos/:owner/:repo/pulls/:number/reviews/:review', right: READ, answer: withReview(one) },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/pulls/:number/reviews/:review/comments',
    right: READ,
    answer: withReview(comments),
  },
  {
    method: 'PUT',
    path: '/repos/:owner/:repo/pulls/:number/reviews/:review',
    right: WRITE,
    answer: withReview(update),
  },
  {
    method: 'DELETE',
    path: '/repos/:owner/:repo/pulls/:number/reviews/:review',
    right: WRITE,
    answer: withReview(discard),
  },
]

function withReview(answer: (context: RouteContext, review: Review) => Reply): (context: RouteContext) => Reply {
  return withPull((context, pull) => {
    const id = integer(context.params['review'])
    const review = context.host.state.reviews.find((it) => it.id === id && it.pull === pull)
    const foreignDraft = review?.state === 'PENDING' && review.author !== context.request.token.account
    return review === undefined || foreignDraft ? notFound() : answer(context, review)
  })
}

const list = (context: RouteContext, pull: PullRequest): Reply =>
  listReply(context, visibleReviews(context.host, pull, context.request.token.account), (it) =>
    renderReview(context.host, it),
  )

const one = ({ host }: RouteContext, review: Review): Reply => json(renderReview(host, review))

const comments = (context: RouteContext, review: Review): Reply =>
  listReply(
    context,
    context.host.state.comments.filter((comment) => comment.review === review && !comment.thread.hidden),
    (comment) => renderComment(context.host, comment),
  )

const SIDES = ['LEFT', 'RIGHT']
const REVIEW_SHAPE: Shape = {
  commit_id: { kind: 'string' },
  body: { kind: 'string' },
  event: { kind: 'string', values: ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'] },
  comments: {
    kind: 'array',
    fields: {
      path: { kind: 'string', required: true },
      body: { kind: 'string', required: true },
      line: { kind: 'integer' },
      side: { kind: 'string', values: SIDES },
      start_line: { kind: 'integer' },
      start_side: { kind: 'string', values: SIDES },
    },
  },
}

interface ReviewBody {
  readonly commit_id?: string
  readonly body?: string
  readonly event?: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'
  readonly comments?: readonly ReviewComment[]
}

interface ReviewComment {
  readonly path: string
  readonly body: string
  readonly line?: number
  readonly side?: 'LEFT' | 'RIGHT'
  readonly start_line?: number
  readonly start_side?: 'LEFT' | 'RIGHT'
}

const STATES: Readonly<Record<NonNullable<ReviewBody['event']>, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
}

function create({ host, request }: RouteContext, pull: PullRequest): Reply {
  const problems = shapeProblems(request.body, REVIEW_SHAPE)
  if (problems.length > 0) return invalidRequest(...problems)
  if (pull.locked) return locked()
  const wanted = request.body as ReviewBody
  const author = request.token.account
  const commitId = wanted.commit_id ?? pull.headSha
  const refused = reviewProblem({ host, request }, pull, wanted, commitId)
  if (refused !== null) return unprocessable(refused)
  const judged = (wanted.comments ?? []).map((comment) => ({ comment, result: judge(pull, commitId, comment) }))
  const texts = judged.flatMap(({ comment, result }) => {
    const body = bodyProblem(comment.body, host.limits.bodyLength)
    if (body !== null) return [body]
    return result.kind === 'refused' ? [batchText(host.dialect, result.problems)] : []
  })
  if (texts.length > 0) return unprocessable(...new Set(texts))
  const state = wanted.event === undefined ? 'PENDING' : STATES[wanted.event]
  const review = addReview(host, { pull, author, body: wanted.body ?? '', state, commitId })
  for (const { comment, result } of judged)
    if (result.kind === 'anchored')
      addThread(host, {
        review,
        anchor: anchorOf(comment),
        diffHunk: result.diffHunk,
        body: comment.body,
        hidden: false,
      })
  return json(renderReview(host, review))
}

type Asker = Pick<RouteContext, 'host' | 'request'>

/** Why a review as a whole is refused, or null. */
function reviewProblem(
  { host, request }: Asker,
  pull: PullRequest,
  wanted: ReviewBody,
  commitId: string,
): string | null {
  const author = request.token.account
  const pending = host.state.reviews.some((it) => it.pull === pull && it.state === 'PENDING' && it.author === author)
  if (pending) return 'User can only have one pending review per pull request'
  if (wanted.event === 'APPROVE' && author === pull.author) return 'Can not approve your own pull request'
  if (wanted.event === 'APPROVE' && author.type === 'Bot')
    return 'GitHub Actions is not permitted to approve pull requests.'
  if (wanted.event === 'REQUEST_CHANGES' && author === pull.author)
    return 'Can not request changes on your own pull request'
  if (!isPullCommit(pull, commitId)) return 'The commitOID is not part of the pull request'
  const needsBody = wanted.event === 'COMMENT' || wanted.event === 'REQUEST_CHANGES'
  const body = wanted.body ?? ''
  return body === '' && !needsBody ? null : bodyProblem(body, host.limits.bodyLength)
}

const judge = (pull: PullRequest, commitId: string, comment: ReviewComment): ReturnType<typeof judgeAnchor> =>
  judgeAnchor(pull, commitId, anchorOf(comment))

function anchorOf(comment: ReviewComment): AnchorRequest {
  return {
    path: comment.path,
    subject: 'line',
    side: comment.side ?? 'RIGHT',
    line: comment.line ?? null,
    startLine: comment.start_line ?? null,
    startSide: comment.start_side ?? null,
  }
}

function update({ host, request }: RouteContext, review: Review): Reply {
  const problems = shapeProblems(request.body, { body: { kind: 'string', required: true } })
  if (problems.length > 0) return invalidRequest(...problems)
  const { body } = request.body as { body: string }
  if (review.author !== request.token.account) {
    host.state.violations.push(
      `${request.token.account.login} edited the review ${review.id} of ${review.author.login}`,
    )
    return unprocessable('You can only edit your own review')
  }
  const refused = bodyProblem(body, host.limits.bodyLength)
  if (refused !== null) return unprocessable(refused)
  review.body = body
  return json(renderReview(host, review))
}

function discard({ host }: RouteContext, review: Review): Reply {
  if (review.state !== 'PENDING') return unprocessable('Can not delete a non-pending pull request review')
  const reply = json(renderReview(host, review))
  removeReview(host, review)
  return reply
}
