// What publishing works on: the comments that exist, the comments that should exist, and the plan between them. Plain data.
import type { Placement } from '../findings/model.ts'

/** A refusal of the host, as a value, because the fallback is a decision. */
export type Refusal = {
  readonly kind: 'forbidden' | 'not-found' | 'unprocessable' | 'rate-limited' | 'gone' | 'unavailable'
  readonly message: string
  readonly status: number
}
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

/** A review comment of ours that is on the pull request now (marker and author verified). */
export interface ExistingComment {
  readonly id: number
  readonly threadId: string | null
  readonly body: string
  readonly path: string
  readonly line: number | null
  readonly outdated: boolean
  readonly resolved: boolean
  readonly canResolve: boolean
  readonly replies: number
}

/** A review of ours: its body is the sticky summary, its marker the memory of what was posted. */
export interface ExistingReview {
  readonly id: number
  readonly body: string
  readonly submittedAt: string
}

export interface DraftComment {
  readonly placement: Exclude<Placement, { kind: 'summary' }>
  readonly body: string
}

export interface CheckRunDraft {
  readonly name: string
  readonly headSha: string
  readonly conclusion: 'success' | 'failure' | 'cancelled'
  readonly title: string
  readonly summary: string
  readonly externalId: string
  readonly detailsUrl: string | null
  readonly annotations: readonly CheckAnnotation[]
}

export interface CheckAnnotation {
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly level: 'failure' | 'warning' | 'notice'
  readonly title: string
  readonly message: string
}

/** The port through which a plan is applied. Every method is one decision's worth of requests; none retries a write by itself. */
export interface ReviewGateway {
  readonly headSha: () => Promise<Outcome<string>>
  readonly existing: () => Promise<
    Outcome<{
      readonly comments: readonly ExistingComment[]
      readonly reviews: readonly ExistingReview[]
      readonly pendingReviewId: number | null
    }>
  >
  /** for each place whether the host's list of files, read again now, shows it; true where the list does not say */
  readonly stillShown: (placements: readonly DraftComment['placement'][]) => Promise<Outcome<readonly boolean[]>>
  readonly createReview: (body: string, comments: readonly DraftComment[]) => Promise<Outcome<{ readonly id: number }>>
  readonly createComment: (comment: DraftComment) => Promise<Outcome<{ readonly id: number }>>
  readonly updateComment: (id: number, body: string) => Promise<Outcome<null>>
  readonly updateReview: (id: number, body: string) => Promise<Outcome<null>>
  readonly deleteComment: (id: number) => Promise<Outcome<null>>
  readonly deletePendingReview: (id: number) => Promise<Outcome<null>>
  readonly resolveThread: (threadId: string) => Promise<Outcome<null>>
  readonly createCheckRun: (draft: CheckRunDraft) => Promise<Outcome<{ readonly id: number; readonly url: string }>>
}
