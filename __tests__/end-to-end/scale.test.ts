// Large pull requests through the built Action: the numbers of requests that a repository's budget is asked for, and that nothing is lost on
// the way. Times are measured by npm run bench:pulls.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { application, CHANGES } from '../../bench/modules.ts'
import { openStage, type Stage } from './stage.ts'
import { problemsAfter } from './aftermath.ts'
import { pageOf } from './page.ts'

let stage: Stage
beforeAll(async () => {
  // without the guard: it needs longer for answers of this size than a run may wait
  stage = await openStage({ guarded: false, runs: 'inside' })
})
afterAll(() => stage.close())

/** Requests of a run of that size, in a tree of 500 modules: the goals are 25 for 100 files and 150 for 3,000. */
const CASES: readonly (readonly [string, number, string])[] = [
  ['1 file (a helper)', 15, '500'],
  ['100 files', 25, '1'],
  ['3000 files', 150, '1'],
]

const changes = CHANGES(application(500))

test.each(CASES)('a pull request of %s takes at most %i requests', async (name, most, findings) => {
  const change = changes.find((it) => it.name === name)!
  const pull = stage.pull(change.base, change.files)
  const run = await stage.review(pull, {
    inputs: { 'check-run': '' },
    runs: name === '3000 files' ? 'built' : 'inside',
  })
  expect([run.exitCode, run.outputs['new-findings'], problemsAfter(stage, run, pull)]).toEqual([1, findings, []])
  expect(run.requests.length).toBeLessThanOrEqual(most)
  expect(pageOf(stage.github, pull).comments).toHaveLength(1)
})
