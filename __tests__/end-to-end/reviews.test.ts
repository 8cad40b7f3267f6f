// Our own pull requests as data through the Action and the embedded GitHub: verdict, findings, and the places of the comments that
// really stand on the page. A summary holds what has no place.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { asPullRequest } from '../support/review-cases/model.ts'
import { ACTION_CASES } from '../support/review-cases/index.ts'
import { pullRequestDifferences } from '../support/pull-requests.ts'
import { openStage, type Stage } from './stage.ts'
import { tell } from './told.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ runs: 'inside' })
})
afterAll(() => stage.close())

test.concurrent.each(ACTION_CASES.map((it) => [it.id, it.title, it] as const))('%s: %s', async (_id, _title, it) => {
  const pull = stage.pull(it.base, it.change)
  const { run, verdict, comments } = await tell(stage, pull, { inputs: { 'check-run': '' } })
  expect([verdict, pullRequestDifferences(asPullRequest(it), run.report?.findings ?? [])]).toEqual([
    it.expect.verdict[0],
    [],
  ])
  const placed = (it.expect.new ?? []).filter(({ placement }) => !placement.includes('summary'))
  const allowed = new Set(placed.flatMap(({ placement }) => placement))
  expect(comments.map(({ at }) => at).filter((at) => !allowed.has(at))).toEqual([])
  expect(comments).toHaveLength(it.comments ?? placed.length)
  for (const { placement } of placed)
    expect(placement.filter((place) => comments.some(({ at }) => at === place))).not.toEqual([])
})
