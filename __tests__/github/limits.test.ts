// How long a limit has to be waited for, whatever form it takes.
import { describe, expect, test } from '@jest/globals'
import { createWaitingBudget, limitSeconds } from '../../src/github/limits.ts'

const NOW = Date.parse('2026-01-02T03:04:05Z')
const RESET = `${NOW / 1000 + 30}`

describe('limitSeconds', () => {
  test.each<[string, number, string, Record<string, string>, number | null]>([
    ['a missing right', 403, 'Resource not accessible by integration', {}, null],
    [
      'a missing right on a fresh budget',
      403,
      'Resource not accessible',
      { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': RESET },
      null,
    ],
    ['seconds', 403, 'You have exceeded a secondary rate limit', { 'retry-after': '7' }, 7],
    ['seconds without words', 403, '', { 'retry-after': '7' }, 7],
    ['a date', 429, '', { 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }, 10],
    ['a date in the past', 429, '', { 'retry-after': 'Fri, 02 Jan 2026 03:04:00 GMT' }, 60],
    ['nonsense', 429, '', { 'retry-after': 'soon' }, 60],
    ['a reset', 403, '', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': RESET }, 31],
    ['a reset in the past', 403, '', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }, 60],
    ['words alone', 403, 'You have triggered an abuse detection mechanism', {}, 60],
    ['429 alone', 429, 'anything', {}, 60],
    ['too quick', 422, 'was submitted too quickly', {}, 60],
    ['another 422', 422, 'Body is too long', {}, null],
    ['a success with an empty budget', 200, '', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': RESET }, null],
    ['an error of the server', 502, 'rate limit', { 'retry-after': '5' }, null],
  ])('%s', (_, status, message, headers, expected) => {
    const header = (name: string): string | null => headers[name] ?? null
    expect(limitSeconds({ status, message, header, graphqlLimited: false }, NOW)).toBe(expected)
  })

  test('GraphQL', () => {
    expect(limitSeconds({ status: 200, message: '', header: () => null, graphqlLimited: true }, NOW)).toBe(60)
  })
})

describe('the budget', () => {
  test('is two minutes for all waits together, and never passes the deadline', () => {
    const long = createWaitingBudget(() => NOW, NOW + 600_000)
    expect([long.take(60), long.take(61), long.take(60), long.take(1)]).toEqual([true, false, true, false])
    const short = createWaitingBudget(() => NOW, NOW + 10_000)
    expect([short.take(10), short.take(9)]).toEqual([false, true])
  })
})
