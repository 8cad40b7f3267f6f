// Many findings at once: what stands inline, what is listed, and how many requests a review of that size takes.
// The limits are the platform's; the embedded server enforces them (50 annotations a request, a second between writes, body lengths).
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { BUILT, openStage, type Acted, type Stage } from './stage.ts'
import { tell } from './told.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ runs: 'inside' })
})
afterAll(() => stage.close())

const clean = (): string => 'def initialize(app_context):\n    return True\n'
const violating = (): string =>
  'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n    return True\n'
const calling = (): string =>
  'from modules.shared import load\n\n\ndef initialize(app_context):\n    load(app_context)\n    return True\n'

/** `count` modules of one line of work each. */
function modules(count: number, source: (at: number) => string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`modules/standard/m${at}/api.py`, source(at)]))
}

function annotations({ stdout }: Acted): number {
  return stdout.split('\n').filter((line) => line.startsWith('::error title=') && line.includes(',file=')).length
}

describe('120 findings', () => {
  test.concurrent('are 20 comments, a list of the rest, ten annotations and three requests for the check run', async () => {
    const pull = stage.pull(modules(120, clean), modules(120, violating))
    const { run, exit, comments, reviews, checks } = await tell(stage, pull, BUILT)
    expect([exit, comments.length, reviews.length, checks]).toEqual([1, 20, 1, ['failure: 120 new findings']])
    expect(run.writes).toEqual([
      'POST /pulls/1/reviews 200',
      'POST /check-runs 201',
      'PATCH /check-runs/:id 200',
      'PATCH /check-runs/:id 200',
    ])
    const [review] = stage.github.reviews(pull)
    expect(review?.body).toContain('120 new findings (120 errors)')
    expect(review?.body.match(/`modules\/standard\/m\d+\/api\.py:2`/g)).toHaveLength(110)
    expect([annotations(run), run.stdout.includes('111 more')]).toEqual([10, true])
    expect(stage.github.checkRuns(pull.headSha)[0]?.annotations).toHaveLength(120)
    expect(run.outputs['new-findings']).toBe('120')
    // again: nothing that was left out the first time comes back as a comment
    const again = await tell(stage, pull, { attempt: 2 })
    expect([again.exit, again.writes]).toEqual([1, []])
  })
})

describe('35 findings', () => {
  test.concurrent('with a cap of 40 come in two reviews, a second apart, none twice', async () => {
    const pull = stage.pull(modules(35, clean), modules(35, violating))
    const { run, exit, comments } = await tell(stage, pull, { inputs: { 'max-comments': '40', 'check-run': '' } })
    const reviews = stage.github.requests.filter(
      (it) => it.method === 'POST' && it.path === `/repos/${pull.repository.fullName}/pulls/1/reviews`,
    )
    expect([exit, comments.length, new Set(comments.map(({ at }) => at)).size]).toEqual([1, 35, 35])
    expect(reviews.map(({ body }) => (body as { comments: unknown[] }).comments.length)).toEqual([30, 5])
    // a second between their beginnings (github/client.test.ts); arrivals show most of it, however busy the machine is
    expect((reviews[1]?.time ?? 0) - (reviews[0]?.time ?? 0)).toBeGreaterThan(500)
    expect(run.writes).toHaveLength(2)
  })

  test.concurrent('with a cap of 0 are told in the summary alone', async () => {
    const pull = stage.pull(modules(35, clean), modules(35, violating))
    const { exit, comments, reviews } = await tell(stage, pull, { inputs: { 'max-comments': '0', 'check-run': '' } })
    expect([exit, comments, reviews]).toEqual([1, [], ['**PhaseGate: 35 new findings** at `sha`, compared with `sha`']])
  })
})

describe('old findings', () => {
  test.concurrent('are counted, not posted and not annotated, however many', async () => {
    const pull = stage.pull(modules(500, violating), { 'modules/standard/m7/api.py': `LIMIT = 1\n\n\n${violating()}` })
    const { run, exit, comments, reviews } = await tell(stage, pull)
    expect([exit, comments, reviews, annotations(run)]).toEqual([0, [], [], 0])
    expect(run.summary).toContain('No new findings, 500 old.')
    expect(run.requests.length).toBeLessThanOrEqual(20)
  })
})

describe('one operation that 30 entry points reach through one line', () => {
  test.concurrent('is one comment that names all of them', async () => {
    const pull = stage.pull(
      { ...modules(30, calling), 'modules/shared.py': 'def load(app_context):\n    return []\n' },
      { 'modules/shared.py': 'def load(app_context):\n    return app_context.db_sync_engine.connect()\n' },
    )
    const { run, exit, comments } = await tell(stage, pull)
    expect([exit, comments.map(({ at }) => at), run.outputs['new-findings']]).toEqual([
      1,
      ['modules/shared.py:2'],
      '30',
    ])
    const [comment] = stage.github.comments(pull)
    const named = Array.from({ length: 30 }, (_, at) =>
      comment?.body.includes(`\`modules/standard/m${at}/api.py::initialize\``),
    )
    expect(named.every(Boolean)).toBe(true)
  })
})
