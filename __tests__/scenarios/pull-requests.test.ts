// Pull requests as data through the pipeline: which findings are new, old and fixed, where each new one can be said, and the verdict.
// The same data goes through the built Action in end-to-end/scenarios.test.ts.
import { expect, test } from '@jest/globals'
import { pullRequestCases, pullRequestDifferences } from '../support/pull-requests.ts'
import { reviewFiles } from '../support/review-files.ts'
import { toReport } from '../../src/report/json.ts'

test.each(pullRequestCases().map((it) => [it.id, it.title, it] as const))('%s: %s', async (_id, _title, it) => {
  const review = await reviewFiles(it.head, it.base)
  expect(it.expect.verdict).toContain(review.verdict)
  expect(pullRequestDifferences(it, toReport(review, '0').findings)).toEqual([])
})
