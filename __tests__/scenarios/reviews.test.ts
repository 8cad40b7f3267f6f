// Our own pull requests as data through the pipeline alone: the order of places, moves, line ends, meetings.
// end-to-end/reviews.test.ts runs those of them through the built Action that differ on the page, and those about the policy.
import { expect, test } from '@jest/globals'
import { asPullRequest } from '../support/review-cases/model.ts'
import { PIPELINE_CASES } from '../support/review-cases/index.ts'
import { pullRequestDifferences } from '../support/pull-requests.ts'
import { reviewFiles } from '../support/review-files.ts'
import { toReport } from '../../src/report/json.ts'

test.each(PIPELINE_CASES.map((it) => [it.id, it.title, it] as const))('%s: %s', async (_id, _title, it) => {
  const pull = asPullRequest(it)
  const review = await reviewFiles(pull.head, pull.base)
  const differences = pullRequestDifferences(pull, toReport(review, '0').findings)
  expect([review.verdict, differences]).toEqual([pull.expect.verdict[0], []])
})
