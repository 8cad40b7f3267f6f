// Kinds of edits as data: work, calls, guards, decorators, bases, constants, imports and registrations added, removed, changed and moved between
// functions, files and modules. Through the pipeline alone: states, places and verdict.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { asPullRequest, type ReviewCase } from '../support/review-cases/model.ts'
import { pullRequestDifferences } from '../support/pull-requests.ts'
import { reviewFiles } from '../support/review-files.ts'
import { toReport } from '../../src/report/json.ts'

const file = new URL('changes.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: ReviewCase[] }

test.each(cases.map((it) => [it.id, it.title, it] as const))('%s: %s', async (_id, _title, it) => {
  const pull = asPullRequest(it)
  const review = await reviewFiles(pull.head, pull.base)
  expect(pull.expect.verdict).toContain(review.verdict)
  expect(pullRequestDifferences(pull, toReport(review, '0').findings)).toEqual([])
})
