// What GitHub says when a client has asked too much, and how long it has to be left alone then. Pure.
// Must stay true: a limit is recognised whatever form it takes (403, 429, 422, GraphQL with status 200), and no wait is ever
// shorter than what the answer asks for.

/** Wait without a usable time in the answer, in seconds (GitHub: "Rate limits", at least one minute). */
export const FALLBACK_SECONDS = 60
/** All waiting of one run together, in seconds; after that reading is incomplete and writing degrades. */
export const WAITING_SECONDS = 120

export interface LimitedAnswer {
  readonly status: number
  readonly header: (name: string) => string | null
  /** the answer's own words */
  readonly message: string
  /** a GraphQL answer with an error of type RATE_LIMITED */
  readonly graphqlLimited: boolean
}

/**
 * Seconds to wait if the answer is a rate limit, else null.
 * Headers: `Retry-After` in seconds or as an HTTP date, `x-ratelimit-remaining` and `x-ratelimit-reset` (GitHub: "Rate limits for
 * the REST API"). A time in the past has been seen on the real service; it counts as no time at all.
 */
export function limitSeconds(answer: LimitedAnswer, nowMilliseconds: number): number | null {
  if (!isLimit(answer)) return null
  const retryAfter = answer.header('retry-after')
  if (retryAfter !== null) return secondsOf(retryAfter, nowMilliseconds) ?? FALLBACK_SECONDS
  const reset = Number(answer.header('x-ratelimit-reset') ?? Number.NaN)
  if (answer.header('x-ratelimit-remaining') === '0' && Number.isFinite(reset)) {
    // one second more, so that the repetition falls after the reset and not on it
    const seconds = Math.ceil(reset - nowMilliseconds / 1000) + 1
    return seconds > 0 ? seconds : FALLBACK_SECONDS
  }
  return FALLBACK_SECONDS
}

const LIMIT_TEXT = /rate limit|abuse detection|submitted too quickly/i

function isLimit({ status, header, message, graphqlLimited }: LimitedAnswer): boolean {
  if (graphqlLimited || status === 429) return true
  if (status === 403)
    return header('retry-after') !== null || header('x-ratelimit-remaining') === '0' || LIMIT_TEXT.test(message)
  return status === 422 && /submitted too quickly/i.test(message)
}

function secondsOf(retryAfter: string, nowMilliseconds: number): number | null {
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter)
  const date = Date.parse(retryAfter)
  if (Number.isNaN(date)) return null
  const seconds = Math.ceil((date - nowMilliseconds) / 1000)
  return seconds > 0 ? seconds : null
}

/** The waiting that a run may still do. */
export interface WaitingBudget {
  /** Takes `seconds` from the budget if they are left and end before the deadline. */
  readonly take: (seconds: number) => boolean
}

export function createWaitingBudget(now: () => number, deadlineMilliseconds: number): WaitingBudget {
  let left = WAITING_SECONDS
  return {
    take: (seconds) => {
      if (seconds > left || now() + seconds * 1000 >= deadlineMilliseconds) return false
      left -= seconds
      return true
    },
  }
}
