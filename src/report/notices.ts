// Which of a review's notices stand where: what the change does to its own gate, what the headline says already, and the rest.
// Every notice is shown in exactly one place.
import { NO_PYTHON_CHANGED, type Review } from '../findings/model.ts'

/** How the policy begins its notices about the configuration and the baseline file. */
const GATE = /^(?:Configuration|Baseline): /

/** What a change of the configuration does, one sentence each; empty when the policy says nothing in particular about it. */
export function gateNotices({ configurationChanged, notices }: Review): string[] {
  return configurationChanged ? notices.filter((notice) => GATE.test(notice)) : []
}

export function otherNotices(review: Review): string[] {
  const gate = gateNotices(review)
  return review.notices.filter((notice) => notice !== NO_PYTHON_CHANGED && !gate.includes(notice))
}
