// What people (and other bots) do to a pull request on the pages: comment, reply, edit, delete, resolve, lock, retarget.
// No right is asked for and nothing is noted as a violation: people may do what a reviewing program may not.
import { addReply, addReview, addThread, editComment, removeComment, removeReview } from './reviews.ts'
import { accountOf, type Comment, type PullRequest, type Review, type ReviewState, type Thread } from './state.ts'
import { judgeAnchor, type AnchorRequest } from './rules422.ts'
import type { Host } from './replies.ts'

export interface HumanComment {
  readonly login: string
  readonly path: string
  readonly line: number
  readonly body: string
}

export interface Humans {
  /** A person's own comment on a line of the diff. Throws if the line is not part of it. */
  readonly addHumanComment: (pull: PullRequest, comment: HumanComment) => Comment
  readonly addHumanReply: (comment: Comment, body: string, login?: string) => Comment
  /** A review without comments; PENDING makes a draft that only its author sees. */
  readonly addHumanReview: (pull: PullRequest, review: { login: string; body: string; state?: ReviewState }) => Review
  readonly editComment: (comment: Comment, body: string, login?: string) => void
  readonly deleteComment: (comment: Comment) => void
  readonly deleteReview: (review: Review) => void
  readonly resolveThread: (thread: Thread, login?: string) => void
  readonly unresolveThread: (thread: Thread) => void
  /** Locks, closes, renames, retargets or makes a draft of it. */
  readonly changePullRequest: (pull: PullRequest, change: PullRequestChange) => void
}

export type PullRequestChange = Partial<Pick<PullRequest, 'locked' | 'state' | 'title' | 'body' | 'baseRef' | 'draft'>>

const SOMEBODY = 'grace'

export function createHumans(host: Host): Humans {
  const { state } = host
  return {
    addHumanComment: (pull, { login, path, line, body }) => {
      const author = accountOf(state, login)
      const anchor: AnchorRequest = { path, subject: 'line', side: 'RIGHT', line, startLine: null, startSide: null }
      const judged = judgeAnchor(pull, pull.headSha, anchor)
      if (judged.kind === 'refused') throw new Error(`${path}:${line} is not part of the diff`)
      const review = addReview(host, { pull, author, body: '', state: 'COMMENTED', commitId: pull.headSha })
      return addThread(host, { review, anchor, diffHunk: judged.diffHunk, body, hidden: false })
    },
    addHumanReply: (comment, body, login = SOMEBODY) => addReply(host, comment.thread, accountOf(state, login), body),
    addHumanReview: (pull, { login, body, state: reviewState }) =>
      addReview(host, {
        pull,
        author: accountOf(state, login),
        body,
        state: reviewState ?? 'COMMENTED',
        commitId: pull.headSha,
      }),
    editComment: (comment, body, login = SOMEBODY) => editComment(host, comment, accountOf(state, login), body),
    deleteComment: (comment) => removeComment(host, comment),
    deleteReview: (review) => removeReview(host, review),
    resolveThread: (thread, login = SOMEBODY) => {
      thread.resolvedBy = accountOf(state, login)
    },
    unresolveThread: (thread) => {
      thread.resolvedBy = null
    },
    changePullRequest: (pull, change) => {
      Object.assign(pull, change)
      pull.updatedAt = host.timestamp()
    },
  }
}
