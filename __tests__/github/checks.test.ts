// One check run per result: found again, sent in parts, never updated with another result.
import { describe, expect, test } from '@jest/globals'
import { createCheckRun, type CheckRunPlace } from '../../src/github/checks.ts'
import type { CheckAnnotation, CheckRunDraft, Outcome } from '../../src/publish/model.ts'
import { REPOSITORY, withServer, type Answer, type Answering, type Asked } from './server.ts'

const DRAFT: CheckRunDraft = {
  name: 'PhaseGate',
  headSha: 'a'.repeat(40),
  conclusion: 'failure',
  title: 't'.repeat(300),
  summary: 's'.repeat(70_000),
  externalId: 'phasegate-1',
  detailsUrl: 'https://github.example/run/1',
  annotations: [],
}
const annotation = (at: number): CheckAnnotation => ({
  path: 'x.py',
  startLine: at,
  endLine: at + 1,
  level: 'failure',
  title: 'title',
  message: `${at}`,
})
const RUN: Answer = { status: 201, json: { id: 5, html_url: 'https://github.example/runs/5' } }
const runs = (...all: object[]): Answer => ({ json: { total_count: all.length, check_runs: all } })
const SAME = {
  id: 4,
  external_id: 'phasegate-1',
  status: 'completed',
  conclusion: 'failure',
  html_url: 'https://github.example/runs/4',
}

function create(
  answering: Answering,
  draft: Partial<CheckRunDraft> = {},
): Promise<{ outcome: Outcome<CheckRunPlace>; asked: readonly Asked[] }> {
  return withServer(answering, async ({ client, asked }) => ({
    outcome: await createCheckRun(client, REPOSITORY, { ...DRAFT, ...draft }),
    asked,
  }))
}

const lines = (asked: readonly Asked[]): string[] =>
  asked.map(({ method, url }) => `${method} ${url.replace(/\?.*/, '').replace('/repos/acme/shop', '')}`)

describe('createCheckRun', () => {
  test('looks first, then creates a completed one within the limits', async () => {
    const { outcome, asked } = await create(
      ({ method }) => (method === 'GET' ? runs({ ...SAME, external_id: 'other' }) : RUN),
      { annotations: [annotation(1)] },
    )
    expect(outcome).toEqual({ ok: true, value: { id: 5, url: 'https://github.example/runs/5' } })
    expect(lines(asked)).toEqual([`GET /commits/${DRAFT.headSha}/check-runs`, 'POST /check-runs'])
    expect(asked[1]?.body).toEqual({
      name: 'PhaseGate',
      head_sha: DRAFT.headSha,
      status: 'completed',
      conclusion: 'failure',
      external_id: 'phasegate-1',
      details_url: 'https://github.example/run/1',
      output: {
        title: 't'.repeat(255),
        summary: 's'.repeat(65_535),
        annotations: [
          { path: 'x.py', start_line: 1, end_line: 2, annotation_level: 'failure', title: 'title', message: '1' },
        ],
      },
    })
  })

  test('leaves the same result alone', async () => {
    const { outcome, asked } = await create(() => runs(SAME))
    expect([outcome, asked.length]).toEqual([{ ok: true, value: { id: 4, url: 'https://github.example/runs/4' } }, 1])
  })

  test.each([
    ['is not finished', { status: 'in_progress', conclusion: null }],
    ['has another conclusion', { conclusion: 'success' }],
  ])('is not content with one that %s', async (_, other) => {
    const { asked } = await create(({ method }) => (method === 'GET' ? runs({ ...SAME, ...other }) : RUN))
    expect(asked.length).toBe(2)
  })

  test('sends annotations in fifties', async () => {
    const annotations = Array.from({ length: 120 }, (_, at) => annotation(at + 1))
    const { asked } = await create(({ method }) => (method === 'GET' ? runs() : RUN), { annotations })
    expect(lines(asked).slice(1)).toEqual(['POST /check-runs', 'PATCH /check-runs/5', 'PATCH /check-runs/5'])
    const sent = asked.slice(1).map(({ body }) => (body['output'] as { annotations: unknown[] }).annotations.length)
    expect(sent).toEqual([50, 50, 20])
  })

  test('a missing right is a refusal', async () => {
    const { outcome } = await create(({ method }) =>
      method === 'GET' ? runs() : { status: 403, json: { message: 'Resource not accessible by integration' } },
    )
    expect(outcome).toMatchObject({ ok: false, refusal: { kind: 'forbidden' } })
  })

  describe('after an error it looks whether the run is there', () => {
    const broken = { status: 502, json: { message: 'no' } }
    /** What the looks after a creation find, and what the creations answer. */
    const answering =
      (looks: readonly Answer[], creations: readonly Answer[] = []): Answering =>
      ({ method, before }) =>
        method === 'GET' ? (before === 0 ? runs() : (looks[before - 1] ?? runs())) : (creations[before] ?? broken)

    test.each([
      ['and is content with it', answering([runs(SAME)]), 4, 1],
      ['and sends it once more when it is not', answering([runs()], [broken, RUN]), 5, 2],
      ['also after the second time', answering([runs(), runs(SAME)]), 4, 2],
    ])('%s', async (_, answers, id, sent) => {
      const { outcome, asked } = await create(answers)
      expect(outcome).toMatchObject({ ok: true, value: { id } })
      expect(asked.filter(({ method }) => method === 'POST').length).toBe(sent)
    })

    test('and gives up after the second time', async () => {
      const { outcome, asked } = await create(answering([]))
      expect(outcome).toMatchObject({ ok: false, refusal: { status: 502 } })
      expect(lines(asked).map((line) => line.split(' ')[0])).toEqual(['GET', 'POST', 'GET', 'POST', 'GET'])
    })

    test('and not when looking fails as well', async () => {
      const { outcome, asked } = await create(answering([{ status: 404, json: { message: 'no' } }]))
      expect(outcome).toMatchObject({ ok: false, refusal: { status: 502 } })
      expect(asked.filter(({ method }) => method === 'POST').length).toBe(1)
    })

    test('and the annotations beyond the first fifty follow', async () => {
      const annotations = Array.from({ length: 60 }, (_, at) => annotation(at + 1))
      const { asked } = await create(answering([runs(SAME)]), { annotations })
      expect(lines(asked).at(-1)).toBe('PATCH /check-runs/4')
    })
  })
})
