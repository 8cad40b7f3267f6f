// Every notice of a review stands in one place: with the gate, in the headline, or among the rest.
import { expect, test } from '@jest/globals'
import { NO_PYTHON_CHANGED } from '../../src/findings/model.ts'
import { gateNotices, otherNotices } from '../../src/report/notices.ts'
import { renderStickySummary } from '../../src/report/comment.ts'
import { cleanReview, context } from '../support/review-fixture.ts'

const GATE = 'Configuration: fail-on goes from error to never; this is looser, so it applies after the merge.'
const BASELINE = 'Baseline: 2 more entries; this is looser, so it applies after the merge.'
const OTHER = '0 entry points found (profiles: none).'
const review = { ...cleanReview, configurationChanged: true, notices: [OTHER, GATE, NO_PYTHON_CHANGED, BASELINE] }

test('what changes the gate stands apart from the rest', () => {
  expect([gateNotices(review), otherNotices(review)]).toEqual([[GATE, BASELINE], [OTHER]])
})

test('without a change of the configuration there is no such place', () => {
  expect(otherNotices({ ...review, configurationChanged: false })).toEqual([OTHER, GATE, BASELINE])
})

test('a change about which nothing is said is still named', () => {
  const said = renderStickySummary({ ...cleanReview, configurationChanged: true }, context)
  expect(said).toContain('### Changes to the gate itself\n\n- The configuration changes.\n')
})
