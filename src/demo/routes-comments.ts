// Routes for single review comments: list, create (on a line, on a file, as a reply), edit, delete.
// The service lets a token with the right change foreign comments; here it is carried out, too, but noted as a violation.
import { addReply, addReview, addThread, editComment, removeComment, visibleComments } from './reviews.ts'
import { listReply } from './pages.ts'
import { renderComment } from './render-reviews.ts'
import { bodyProblem, fieldErrors, isPullCommit, judgeAnchor, type AnchorRequest } from './rules422.ts'
import {
  NO_CONTENT,
  integer,
  invalidRequest,
  json,
  locked,
  notAccessible,
  notFound,
  validationFailed,
  type Reply,
  type Route,
  type RouteContext,
} from './replies.ts'
import { shapeProblems, type Shape } from './shapes.ts'
import { withPull } from './routes-pulls.ts'
import { threadComments, type Comment, type PullRequest } from './state.ts'

const READ = { name: 'pull-requests', level: 'read' } as const
const WRITE = { name: 'pull-requests', level: 'write' } as const

export const commentRoutes = (): readonly Route[] => [
  { method: 'GET', path: '/repos/:owner/:repo/pulls/:number/comments', right: READ, answer: withPull(list) },
  { method: 'POST', path: '/repos/:owner/:repo/pulls/:number/comments', right: WRITE, answer: withPull(create) },
  { method: 'POST', path: '/repos/:owner/:repo/pulls/:number/comments/:comment/replies', right: WRITE, answer: reply },
  { method: 'GET', path: '/repos/:owner/:repo/pulls/comments/:comment', right: READ, answer: withComment(one) },
  { method: 'PATCH', path: '/repos/:owner/:repo/pulls/comments/:comment', right: WRITE, answer: withComment(update) },
  { method: 'DELETE', path: '/repos/:owner/:repo/pulls/comments/:comment', right: WRITE, answer: withComment(discard) },
]

function withComment(answer: (context: RouteContext, comment: Comment) => Reply): (context: RouteContext) => Reply {
  return (context) => {
    const { host, repository, params } = context
    const id = integer(params['comment'])
    const comment = host.state.comments.find((it) => it.id === id && it.thread.pull.repository === repository)
    return comment === undefined || comment.thread.hidden ? notFound() : answer(context, comment)
  }
}

const list = (context: RouteContext, pull: PullRequest): Reply =>
  listReply(context, visibleComments(context.host, pull, context.request.token.account), (it) =>
    renderComment(context.host, it),
  )

const one = ({ host }: RouteContext, comment: Comment): Reply => json(renderComment(host, comment))

const SIDES = ['LEFT', 'RIGHT']
const COMMENT_SHAPE: Shape = {
  body: { kind: 'string', required: true },
  commit_id: { kind: 'string', required: true },
  path: { kind: 'string', required: true },
  line: { kind: 'integer' },
  side: { kind: 'string', values: SIDES },
  start_line: { kind: 'integer' },
  start_side: { kind: 'string', values: SIDES },
  subject_type: { kind: 'string', values: ['line', 'file'] },
}
const REPLY_SHAPE: Shape = {
  body: { kind: 'string', required: true },
  in_reply_to: { kind: 'integer', required: true },
  commit_id: { kind: 'string' },
  path: { kind: 'string' },
}

interface CommentBody {
  readonly body: string
  readonly commit_id: string
  readonly path: string
  readonly line?: number
  readonly side?: 'LEFT' | 'RIGHT'
  readonly start_line?: number
  readonly start_side?: 'LEFT' | 'RIGHT'
  readonly subject_type?: 'line' | 'file'
  readonly in_reply_to?: number
}

const RESOURCE = 'PullRequestReviewComment'

function create({ host, request }: RouteContext, pull: PullRequest): Reply {
  const isReply = (request.body as CommentBody | null)?.in_reply_to !== undefined
  const problems = shapeProblems(request.body, isReply ? REPLY_SHAPE : COMMENT_SHAPE)
  if (problems.length > 0) return invalidRequest(...problems)
  if (pull.locked) return locked()
  const wanted = request.body as CommentBody
  const author = request.token.account
  const pending = host.state.reviews.some((it) => it.pull === pull && it.state === 'PENDING' && it.author === author)
  if (pending) return invalid('user_id', 'User can only have one pending review per pull request')
  const body = bodyProblem(wanted.body, host.limits.bodyLength)
  if (body !== null) return invalid('body', body)
  if (isReply) {
    const parent = host.state.comments.find((it) => it.id === wanted.in_reply_to && it.thread.pull === pull)
    if (parent === undefined) return invalid('in_reply_to', 'in_reply_to is not a comment of the pull request')
    return json(renderComment(host, addReply(host, parent.thread, author, wanted.body)), 201)
  }
  if (!isPullCommit(pull, wanted.commit_id)) return invalid('commit_id', 'commit_id is not part of the pull request')
  const anchor = anchorOf(wanted)
  const result = judgeAnchor(pull, wanted.commit_id, anchor)
  if (result.kind === 'refused') return validationFailed(...fieldErrors(host.dialect, result.problems))
  const review = addReview(host, { pull, author, body: '', state: 'COMMENTED', commitId: wanted.commit_id })
  const comment = addThread(host, { review, anchor, diffHunk: result.diffHunk, body: wanted.body, hidden: false })
  return json(renderComment(host, comment), 201)
}

const invalid = (field: string, message: string): Reply =>
  validationFailed({ resource: RESOURCE, code: 'custom', field, message })

function anchorOf(wanted: CommentBody): AnchorRequest {
  return {
    path: wanted.path,
    subject: wanted.subject_type ?? 'line',
    side: wanted.side ?? 'RIGHT',
    line: wanted.line ?? null,
    startLine: wanted.start_line ?? null,
    startSide: wanted.start_side ?? null,
  }
}

/** Marked as not available to applications, on github.com and on enterprise servers. */
function reply({ host, request }: RouteContext): Reply {
  host.state.violations.push(`${request.method} ${request.path} is not available to applications`)
  return notAccessible()
}

/** The service lets a token with the right edit foreign comments; a reviewer that does it is wrong all the same. */
function update({ host, request }: RouteContext, comment: Comment): Reply {
  const problems = shapeProblems(request.body, { body: { kind: 'string', required: true } })
  if (problems.length > 0) return invalidRequest(...problems)
  const { body } = request.body as { body: string }
  const refused = bodyProblem(body, host.limits.bodyLength)
  if (refused !== null) return invalid('body', refused)
  const { account } = request.token
  if (comment.author !== account)
    host.state.violations.push(`${account.login} edited the comment ${comment.id} of ${comment.author.login}`)
  if (comment.thread.pull.locked) return locked()
  editComment(host, comment, account, body)
  return json(renderComment(host, comment))
}

function discard({ host, request }: RouteContext, comment: Comment): Reply {
  const { account } = request.token
  const answered = threadComments(host.state, comment.thread).some((it) => it.author !== account)
  if (comment.author !== account)
    host.state.violations.push(`${account.login} deleted the comment ${comment.id} of ${comment.author.login}`)
  else if (answered)
    host.state.violations.push(`${account.login} deleted the comment ${comment.id}, which has an answer`)
  removeComment(host, comment)
  return NO_CONTENT
}
