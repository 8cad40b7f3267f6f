// The review on the pull request, from beginning to end: list what is there, plan, apply. Returns what was done and what could not be;
// never throws for a refusal.
import type { PlacedFinding } from '../findings/model.ts'
import { renderStickySummary } from '../report/comment.ts'
import type { ReportContext } from '../report/context.ts'
import { applyPlan } from './apply.ts'
import { markOf } from './digest.ts'
import type { ReviewGateway } from './model.ts'
import { ownComments, ownReviews, refusedEarlier } from './own.ts'
import { isEmpty, planReview, type Desired, type PlanContext } from './plan.ts'
import { isMissingRight, noticeOf } from './refusals.ts'
import { createRun, resultOf, type Applied, type Listed } from './run.ts'

export type { Applied } from './run.ts'

export interface PublishOptions extends Omit<PlanContext, 'refused'> {
  readonly wait: (milliseconds: number) => Promise<void>
  readonly stopped: () => boolean
  readonly number: number
  /** `pull_request.locked`: writing is not even tried */
  readonly locked: boolean
}

export async function publishReview(
  desired: Desired,
  gateway: ReviewGateway,
  options: PublishOptions,
): Promise<Applied> {
  const { key, head, base, wait, stopped } = options
  const apply = {
    key,
    head,
    base,
    wait,
    stopped,
    refused: new Set<string>(),
    summary: (refused: ReadonlySet<string>) => renderStickySummary(withoutPlaces(desired, refused), desired.report),
    reviewUrl: (id: number) => reviewUrl(desired.report, options.number, id),
  }
  const nothing = resultOf(createRun(gateway, apply))
  const existing = await gateway.existing()
  if (!existing.ok) {
    const { refusal } = existing
    return { ...nothing, denied: isMissingRight(refusal), notices: [noticeOf(refusal, 'Review comments')] }
  }
  const refused = refusedBefore(desired, existing.value, key)
  const known = { ...desired, review: withoutPlaces(desired, refused) }
  const plan = planReview(known, existing.value, { ...options, refused })
  if (options.locked && !isEmpty(plan)) return { ...nothing, notices: [LOCKED] }
  return applyPlan(plan, gateway, { ...apply, refused })
}

const LOCKED = 'Review comments: the conversation of the pull request is locked, so nothing was posted.'

function refusedBefore({ review }: Desired, existing: Listed, key: string): Set<string> {
  const marks = review.findings.map((finding) => markOf(finding))
  return refusedEarlier(marks, ownComments(existing.comments, key), ownReviews(existing.reviews, key))
}

/** The review as the summary tells it when the host refused these places. */
function withoutPlaces({ review }: Desired, refused: ReadonlySet<string>): Desired['review'] {
  if (refused.size === 0) return review
  const unplaced = (finding: PlacedFinding): PlacedFinding =>
    refused.has(finding.fingerprint)
      ? { ...finding, placement: { kind: 'summary', reason: 'the host accepted no comment at its place' } }
      : finding
  return { ...review, findings: review.findings.map(unplaced) }
}

function reviewUrl({ serverUrl, repository }: ReportContext, number: number, id: number): string | null {
  if (serverUrl === null || repository === null || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return null
  return `${serverUrl}/${repository}/pull/${number}#pullrequestreview-${id}`
}
