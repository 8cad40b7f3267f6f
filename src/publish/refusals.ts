// What a refused write means and what a person has to know about it. The texts are GitHub's, seen in public issue threads; a text that
// is not known here is never a reason to try again.
import type { Refusal } from './model.ts'

/**
 * `anchor`: a place outside the diff. `stale`: the commit is not part of the pull request (any more). `pending`: a draft of ours blocks
 * all reviews. `length`: a body is too long. `again`: the same a little later may work. `unanswered`: it may have happened.
 * `denied`: a right is missing or the conversation is locked. `other`: give up.
 */
export type Cause = 'anchor' | 'stale' | 'pending' | 'length' | 'again' | 'unanswered' | 'denied' | 'other'

const TEXTS: readonly (readonly [RegExp, Cause])[] = [
  [/one pending review per pull request/i, 'pending'],
  [/commit_?id|commit_?oid/i, 'stale'],
  [/too long/i, 'length'],
  [/submitted too quickly|Review comments is invalid and Review threads is invalid/i, 'again'],
  [
    /part of the diff|part of the same hunk|diff.?hunk|could not be resolved|path is invalid|pull_request_review_thread|must precede the end line/i,
    'anchor',
  ],
]

export function causeOf({ kind, status, message }: Refusal): Cause {
  switch (kind) {
    case 'unavailable':
      return 'unanswered'
    case 'forbidden':
    case 'not-found':
    case 'gone':
      return 'denied'
    case 'rate-limited':
      return 'other'
    case 'unprocessable':
      // 409 and 413 have no text that says more
      return status === 422 ? (TEXTS.find(([pattern]) => pattern.test(message))?.[1] ?? 'other') : 'other'
    default:
      return kind satisfies never
  }
}

/** Whether the token lacks a permission; a locked conversation and a rejected token are something else. */
export function isMissingRight(refusal: Refusal): boolean {
  return causeOf(refusal) === 'denied' && refusal.status !== 401 && !/locked/i.test(refusal.message)
}

/** One sentence for a feature that a refusal costs; names the permission where one is missing. */
export function noticeOf(refusal: Refusal, feature: string): string {
  if (refusal.status === 401) return `${feature}: ${refusal.message}.`
  if (/locked/i.test(refusal.message)) return `${feature}: the conversation of the pull request is locked.`
  if (isMissingRight(refusal))
    return (
      `${feature}: the token may not do this (${refusal.status}). It needs \`pull-requests: write\`: add ` +
      '`permissions: { contents: read, pull-requests: write }` to the job. Pull requests from forks and from Dependabot get a read-only token.'
    )
  return `${feature}: ${refusal.message.replace(/\.+$/, '')}.`
}
