// The service's rate limits on the server's own clock. Going over one of them is noted as a violation besides being refused: a
// product within its budget never sees such an answer.
import { refusal, type Reply } from './replies.ts'
import type { Limits } from './options.ts'

export interface Measured {
  /** identifies the token */
  readonly key: string
  readonly write: boolean
  /** creates a review or a comment */
  readonly content: boolean
  readonly inFlight: number
}

export interface Meter {
  /** Counts a request; returns the refusal if a limit is exceeded. */
  readonly count: (request: Measured) => Reply | null
  /** The headers that every answer carries. */
  readonly headers: (key: string) => Record<string, string>
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

interface Budget {
  readonly startedAt: number
  used: number
  readonly points: { at: number; cost: number }[]
  readonly content: number[]
}

export function createMeter(limits: Limits, now: () => number, onExceeded: (what: string) => void): Meter {
  const budgets = new Map<string, Budget>()
  const budgetOf = (key: string): Budget => {
    const known = budgets.get(key)
    if (known && now() - known.startedAt < HOUR) return known
    const fresh: Budget = { startedAt: now(), used: 0, points: [], content: known?.content ?? [] }
    budgets.set(key, fresh)
    return fresh
  }
  const headers = (key: string): Record<string, string> => {
    const budget = budgetOf(key)
    return {
      'x-ratelimit-limit': `${limits.perHour}`,
      'x-ratelimit-remaining': `${Math.max(0, limits.perHour - budget.used)}`,
      'x-ratelimit-used': `${budget.used}`,
      'x-ratelimit-reset': `${Math.ceil((budget.startedAt + HOUR) / 1000)}`,
      'x-ratelimit-resource': 'core',
    }
  }
  const count = (request: Measured): Reply | null => {
    const budget = budgetOf(request.key)
    budget.used++
    budget.points.push({ at: now(), cost: request.write ? 5 : 1 })
    if (request.content) budget.content.push(now())
    const exceeded = exceededLimit(limits, budget, request, now())
    if (exceeded === null) return null
    onExceeded(`${exceeded} exceeded`)
    if (exceeded === 'perHour') return refusal(403, 'API rate limit exceeded for installation.')
    const reply = refusal(
      403,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    )
    return { ...reply, headers: { 'retry-after': '60' } }
  }
  return { count, headers }
}

function exceededLimit(limits: Limits, budget: Budget, request: Measured, time: number): keyof Limits | null {
  const since = (span: number): number => budget.content.filter((at) => time - at < span).length
  const points = budget.points.reduce((sum, { at, cost }) => (time - at < MINUTE ? sum + cost : sum), 0)
  if (budget.used > limits.perHour) return 'perHour'
  if (points > limits.pointsPerMinute) return 'pointsPerMinute'
  if (request.content && since(MINUTE) > limits.contentPerMinute) return 'contentPerMinute'
  if (request.content && since(HOUR) > limits.contentPerHour) return 'contentPerHour'
  return request.inFlight > limits.concurrent ? 'concurrent' : null
}
