// Calls that were not followed: all of them counted, every place shown once.
import { expect, test } from '@jest/globals'
import type { Review } from '../../src/findings/model.ts'
import { notFollowedGroups } from '../../src/report/not-followed.ts'
import { renderMarkdown } from '../../src/report/markdown-report.ts'
import { renderText } from '../../src/report/text.ts'
import { cleanReview, context } from '../support/review-fixture.ts'

const call = (entryPoint: string, line: number, reason = 'exec'): Review['notFollowed'][number] => ({
  file: 'modules/shop/api.py',
  line,
  entryPoint,
  text: `exec(code${line})`,
  reason,
})
const review: Review = {
  ...cleanReview,
  notFollowed: [call('a', 9), call('b', 9), call('b', 4), call('a', 1, 'dynamic-import'), call('c', 9)],
}

test('one place that several entry points reach is one place', () => {
  expect(notFollowedGroups(review)).toEqual([
    { reason: 'exec', calls: 4, places: [call('a', 9), call('b', 4)] },
    { reason: 'dynamic-import', calls: 1, places: [call('a', 1, 'dynamic-import')] },
  ])
})

test('a terminal shows each place on a line of its own', () => {
  expect(renderText(review, { color: false, width: 100, sources: () => null })).toContain(
    [
      'Not followed',
      '  4 calls at 2 places: computed code',
      '    modules/shop/api.py:9 exec(code9)',
      '    modules/shop/api.py:4 exec(code4)',
      '  1 call: module name computed at run time',
      '    modules/shop/api.py:1 exec(code1)',
      '',
    ].join('\n'),
  )
})

test('Markdown says how many more places there are', () => {
  const many = { ...review, notFollowed: Array.from({ length: 22 }, (_, at) => call('a', at + 1)) }
  expect(renderMarkdown(many, context)).toContain('`exec(code20)` and 2 more places\n')
})
