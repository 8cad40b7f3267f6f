// How reviews, threads and comments come into being and go. Used by the REST routes, by GraphQL and by the hands of people in tests;
// nothing here judges or refuses, that is done before (rules422.ts).
import {
  newId,
  threadComments,
  type Account,
  type Comment,
  type PullRequest,
  type Review,
  type ReviewState,
  type Thread,
} from './state.ts'
import type { AnchorRequest } from './rules422.ts'
import type { Host } from './replies.ts'

export interface NewReview {
  readonly pull: PullRequest
  readonly author: Account
  readonly body: string
  readonly state: ReviewState
  readonly commitId: string
}

export function addReview(host: Host, draft: NewReview): Review {
  const now = host.timestamp()
  const review: Review = {
    ...draft,
    id: newId(host.state),
    createdAt: now,
    submittedAt: draft.state === 'PENDING' ? null : now,
  }
  host.state.reviews.push(review)
  return review
}

export interface NewThread {
  readonly review: Review
  readonly anchor: AnchorRequest
  readonly diffHunk: string
  readonly body: string
  readonly hidden: boolean
}

/** Opens a thread with its first comment on the commit of the review. */
export function addThread(host: Host, { review, anchor, diffHunk, body, hidden }: NewThread): Comment {
  const thread: Thread = {
    id: `PRRT_${newId(host.state)}`,
    pull: review.pull,
    path: anchor.path,
    subject: anchor.subject,
    side: anchor.side,
    line: anchor.subject === 'file' ? null : anchor.line,
    startLine: anchor.startLine,
    startSide: anchor.startLine === null ? null : (anchor.startSide ?? anchor.side),
    commitId: review.commitId,
    diffHunk,
    hidden,
    resolvedBy: null,
  }
  host.state.threads.push(thread)
  return addComment(host, { thread, review, body, inReplyTo: null })
}

export interface NewComment {
  readonly thread: Thread
  readonly review: Review
  readonly body: string
  readonly inReplyTo: number | null
}

export function addComment(host: Host, draft: NewComment): Comment {
  const now = host.timestamp()
  const comment: Comment = {
    ...draft,
    id: newId(host.state),
    author: draft.review.author,
    createdAt: now,
    updatedAt: now,
    editedBy: [],
  }
  host.state.comments.push(comment)
  return comment
}

/** A reply makes a review of its own, as every single comment does on the service. */
export function addReply(host: Host, thread: Thread, author: Account, body: string): Comment {
  const { pull } = thread
  const review = addReview(host, { pull, author, body: '', state: 'COMMENTED', commitId: pull.headSha })
  const first = threadComments(host.state, thread)[0]
  return addComment(host, { thread, review, body, inReplyTo: first?.id ?? null })
}

export function editComment(host: Host, comment: Comment, editor: Account, body: string): void {
  comment.body = body
  comment.updatedAt = host.timestamp()
  comment.editedBy.push(editor.login)
}

/** A thread without comments is gone; so is a review that had nothing but them. */
export function removeComment(host: Host, comment: Comment): void {
  const { state } = host
  remove(state.comments, comment)
  if (threadComments(state, comment.thread).length === 0) remove(state.threads, comment.thread)
  const bare = comment.review.body === '' && !state.comments.some((other) => other.review === comment.review)
  if (bare) remove(state.reviews, comment.review)
}

/** Deletes a draft together with its comments. */
export function removeReview(host: Host, review: Review): void {
  for (const comment of host.state.comments.filter((it) => it.review === review)) removeComment(host, comment)
  remove(host.state.reviews, review)
}

/** Reviews that lists show to this account: drafts only to their author, new ones after the delay of the server. */
export function visibleReviews(host: Host, pull: PullRequest, viewer: Account): Review[] {
  return host.state.reviews.filter(
    (review) =>
      review.pull === pull &&
      (review.state !== 'PENDING' || review.author === viewer) &&
      host.now() - Date.parse(review.createdAt) >= host.limits.reviewDelay,
  )
}

export function visibleComments(host: Host, pull: PullRequest, viewer: Account): Comment[] {
  const reviews = new Set(visibleReviews(host, pull, viewer))
  return host.state.comments.filter(
    (comment) => !comment.thread.hidden && reviews.has(comment.review) && comment.review.state !== 'PENDING',
  )
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item)
  if (at >= 0) list.splice(at, 1)
}
