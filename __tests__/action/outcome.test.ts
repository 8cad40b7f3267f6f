// What a review means for the job and its check run: always the same colour, never neutral, and the same digest for the same result.
import { describe, expect, test } from '@jest/globals'
import {
  checkRunOf,
  failedCheckRun,
  incompleteReview,
  outputsOf,
  readingProblem,
  type ExitCode,
} from '../../src/action/outcome.ts'
import { exitCode } from '../../src/review.ts'
import { HEAD, finding, review } from '../publish/samples.ts'

const FRAME = { name: 'PhaseGate', headSha: HEAD, runUrl: 'https://github.example/runs/1' }
const TEXT = { title: 'title', summary: 'summary', annotations: [] }
const digestOf = (it: ReturnType<typeof review>, exit: ExitCode = 1): string =>
  checkRunOf(it, exit, TEXT, FRAME).externalId

describe('a check run', () => {
  const unwritten = 'Incomplete: not everything could be written; the log of the job says what'
  test.each<[ExitCode, string, string]>([
    [0, 'success', 'title'],
    [1, 'failure', 'title'],
    [2, 'failure', 'title'],
    [3, 'failure', unwritten],
  ])('of exit code %i is %s', (exit, conclusion, title) => {
    expect(checkRunOf(review([]), exit, TEXT, FRAME)).toEqual({
      name: 'PhaseGate',
      headSha: HEAD,
      conclusion,
      title,
      summary: 'summary',
      externalId: expect.stringMatching(/^phasegate-[0-9a-f]{40}$/),
      detailsUrl: 'https://github.example/runs/1',
      annotations: [],
    })
  })

  test('has one digest for one result', () => {
    const first = review([finding('a')])
    expect(digestOf({ ...first, stats: { ...first.stats, milliseconds: 9 } })).toBe(digestOf(first))
    const others = [
      review([]),
      review([finding('b')]),
      review([finding('a', { severity: 'warning' })]),
      { ...first, verdict: 'incomplete' as const },
    ]
    expect(new Set([digestOf(first), digestOf(first, 0), ...others.map((it) => digestOf(it))]).size).toBe(6)
  })

  test('of a failure says what failed', () => {
    expect(failedCheckRun('Configuration error', 'message', FRAME)).toMatchObject({
      conclusion: 'failure',
      title: 'Configuration error',
      summary: 'message',
    })
  })
})

describe('what could not be read', () => {
  test('is incomplete as a whole, never a pass', () => {
    const result = incompleteReview(HEAD, 'error', 'token rejected')
    expect(result).toMatchObject({
      verdict: 'incomplete',
      compared: false,
      incomplete: [{ message: 'token rejected', decides: true }],
      notices: ['token rejected'],
    })
    expect([exitCode(result, 'fail'), exitCode(result, 'warn')]).toEqual([3, 0])
  })

  test.each([
    [
      { kind: 'not-found', status: 404, message: 'GET /x: 404 Not Found' } as const,
      /^not found or no access \(GET \/x: 404 Not Found\); the job needs `permissions: contents: read`/,
    ],
    [{ kind: 'forbidden', status: 401, message: 'token rejected' } as const, /^token rejected$/],
    [{ kind: 'unavailable', status: 502, message: 'GET /x: 502' } as const, /^GET \/x: 502$/],
  ])('%j', (refusal, expected) => {
    expect(readingProblem(refusal)).toMatch(expected)
  })
})

describe('outputs', () => {
  test.each<[string, ReturnType<typeof review>, object]>([
    ['clean', review([]), { verdict: 'pass', 'new-findings': '0', 'fixed-findings': '0' }],
    [
      'findings',
      review([finding('a'), finding('b', { baselineState: 'absent' })]),
      { verdict: 'fail', 'new-findings': '1', 'fixed-findings': '1', summary: '1 new finding (1 error), 1 fixed' },
    ],
    [
      'incomplete',
      incompleteReview(HEAD, 'error', 'x'),
      { verdict: 'incomplete', summary: expect.stringMatching(/^Incomplete: /) },
    ],
  ])('%s', (_, it, expected) => {
    expect(outputsOf(it)).toMatchObject(expected)
  })
})
