// Pull requests as data through the built Action and the embedded GitHub: verdict, findings, and that the comments really stand where they
// may stand, none of them anywhere else.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { pullRequestCases, pullRequestDifferences } from '../support/pull-requests.ts'
import { openStage, type Stage } from './stage.ts'
import { tell } from './told.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ runs: 'inside' })
})
afterAll(() => stage.close())

test.concurrent.each(pullRequestCases().map((it) => [it.id, it.title, it] as const))(
  '%s: %s',
  async (_id, _title, it) => {
    const removed = Object.keys(it.base).filter((path) => !(path in it.head))
    const pull = stage.pull(it.base, { ...it.head, ...Object.fromEntries(removed.map((path) => [path, null])) })
    const { run, verdict, comments } = await tell(stage, pull)
    expect(it.expect.verdict).toContain(verdict)
    expect(pullRequestDifferences(it, run.report?.findings ?? [])).toEqual([])
    const wanted = it.expect.new ?? []
    expect(comments).toHaveLength(wanted.length)
    for (const { placement } of wanted)
      expect(comments.map(({ at }) => at)).toEqual(expect.arrayContaining([expect.stringMatching(placement.join('|'))]))
  },
)
