// Our own comments and reviews among those that exist, and what they say: which comment stands for which finding, what was posted before,
// and what a human took away.
import { addsWork } from './digest.ts'
import { readMarker, type MarkedFinding, type Marker } from './marker.ts'
import type { ExistingComment, ExistingReview } from './model.ts'

export interface OwnComment {
  readonly comment: ExistingComment
  readonly marker: Marker
}

/** A live comment with the findings that no comment with a lower id stands for. */
export interface Held extends OwnComment {
  readonly own: readonly MarkedFinding[]
}

export function ownComments(comments: readonly ExistingComment[], key: string): OwnComment[] {
  return comments
    .flatMap((comment) => {
      const marker = readMarker(comment.body)
      return marker?.key === key ? [{ comment, marker }] : []
    })
    .toSorted((a, b) => a.comment.id - b.comment.id)
}

export function isLive({ comment, marker }: OwnComment): boolean {
  return marker.state === 'open' && !comment.outdated && !comment.resolved
}

/** Live comments of ours whose findings all stand in an earlier one as well, as two runs at once leave them behind. */
export function repeatedComments(comments: readonly ExistingComment[], key: string): ExistingComment[] {
  return standingComments(ownComments(comments, key).filter(isLive)).repeated.map(({ comment }) => comment)
}

export function standingComments(live: readonly OwnComment[]): { kept: Held[]; repeated: OwnComment[] } {
  const claimed = new Set<string>()
  const kept: Held[] = []
  const repeated: OwnComment[] = []
  for (const it of live) {
    const own = it.marker.findings.filter(({ fingerprint }) => !claimed.has(fingerprint))
    if (own.length === 0 && it.marker.findings.length > 0) repeated.push(it)
    else kept.push({ ...it, own })
    for (const { fingerprint } of own) claimed.add(fingerprint)
  }
  return { kept, repeated }
}

export interface OwnReview {
  readonly id: number
  readonly body: string
  readonly marker: Marker
}

/** Oldest first. */
export function ownReviews(reviews: readonly ExistingReview[], key: string): OwnReview[] {
  return reviews
    .toSorted((a, b) => (a.submittedAt < b.submittedAt ? -1 : a.submittedAt > b.submittedAt ? 1 : a.id - b.id))
    .flatMap(({ id, body }) => {
      const marker = readMarker(body)
      return marker?.key === key ? [{ id, body, marker }] : []
    })
}

/** The mark itself, or one with more work, stands there. */
function covers({ marker }: { readonly marker: Marker }, mark: MarkedFinding): boolean {
  return marker.findings.some((it) => it.fingerprint === mark.fingerprint && !addsWork(it.digest, mark.digest))
}

/**
 * Posted more often than comments are left: a human deleted one. Reviews of one comparison count once, because only two runs at once
 * make several, and those remove each other's comments.
 */
export function wasDeleted(mark: MarkedFinding, own: readonly OwnComment[], reviews: readonly OwnReview[]): boolean {
  const posted = new Set(reviews.filter((it) => covers(it, mark)).map(({ marker }) => `${marker.head} ${marker.base}`))
    .size
  return posted > own.filter((it) => covers(it, mark)).length
}

export function isListed(mark: MarkedFinding, reviews: readonly OwnReview[]): boolean {
  return reviews.some((it) => covers(it, mark))
}

/** What the latest summary says the host refused a place for, as far as no work was added since and no comment stands for it. */
export function refusedEarlier(
  marks: readonly MarkedFinding[],
  own: readonly OwnComment[],
  reviews: readonly OwnReview[],
): Set<string> {
  const refused = new Set(reviews.findLast(({ marker }) => marker.findings.length > 0)?.marker.refused)
  const told = marks.filter((mark) => refused.has(mark.fingerprint) && isListed(mark, reviews))
  return new Set(told.filter((mark) => !own.some((it) => covers(it, mark))).map(({ fingerprint }) => fingerprint))
}
