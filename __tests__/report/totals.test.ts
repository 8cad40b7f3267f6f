// Every channel tells the same numbers: they all count through one function, and this test reads them back from each output.
import { describe, expect, test } from '@jest/globals'
import { NO_PYTHON_CHANGED, type Review } from '../../src/findings/model.ts'
import { workflowAnnotations } from '../../src/report/annotations.ts'
import { renderCheckRun } from '../../src/report/check.ts'
import { renderStickySummary } from '../../src/report/comment.ts'
import { renderGithub } from '../../src/report/github.ts'
import { headline, resultLine } from '../../src/report/headline.ts'
import { toReport } from '../../src/report/json.ts'
import { renderMarkdown } from '../../src/report/markdown-report.ts'
import { renderSarif } from '../../src/report/sarif.ts'
import { renderJobSummary } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { countTotals, sortFindings } from '../../src/report/totals.ts'
import {
  cleanReview,
  context,
  directoryReview,
  finding,
  fullReview,
  incompleteReview,
  shared,
  suppressed,
} from '../support/review-fixture.ts'

const untouchedReview: Review = { ...cleanReview, profiles: [], entryPoints: [], notices: [NO_PYTHON_CHANGED] }
const many: Review = { ...fullReview, findings: [...fullReview.findings, ...shared(60)] }
const reviews: [string, Review][] = [
  ['full', fullReview],
  ['clean', cleanReview],
  ['incomplete', incompleteReview],
  ['directory', directoryReview],
  ['many', many],
]

test('the full review', () => {
  expect(countTotals(fullReview)).toEqual({
    fresh: 8,
    old: 2,
    fixed: 1,
    suppressed: 1,
    notComparable: 1,
    errors: 5,
    warnings: 3,
    notes: 0,
    lowConfidence: 1,
    notFollowed: 3,
    incomplete: 2,
    modules: 3,
    modulesAnalysed: 2,
    entryPoints: 4,
    callsReached: 53,
    callsFollowed: 51,
  })
})

describe.each(reviews)('%s', (_, review) => {
  const totals = countTotals(review)
  const words = totals.fresh === 0 ? /\bNo (?:new )?findings\b/ : new RegExp(`\\b${totals.fresh} (?:new )?findings?\\b`)

  test('every finding is in one list', () => {
    const lists = Object.values(sortFindings(review))
    expect(new Set(lists.flat()).size).toBe(review.findings.length)
    expect(lists.reduce((n, l) => n + l.length, 0)).toBe(review.findings.length)
  })

  test('JSON and SARIF hold them all', () => {
    const report = toReport(review, '1.0.0')
    expect(report.findings).toHaveLength(review.findings.length)
    const log = JSON.parse(renderSarif(review, '1.0.0')) as {
      runs: [{ results: { baselineState?: string; suppressions: unknown[] }[] }]
    }
    const results = log.runs[0].results
    expect(results).toHaveLength(review.findings.length)
    expect(results.filter((r) => r.baselineState === 'absent')).toHaveLength(totals.fixed)
    expect(results.filter((r) => r.suppressions.length > 0 && r.baselineState !== 'absent')).toHaveLength(
      totals.suppressed,
    )
  })

  test('the check run annotates the fresh ones', () => {
    const { annotations, summary } = renderCheckRun(review, context)
    expect(annotations).toHaveLength(totals.fresh)
    expect(summary).toMatch(words)
  })

  test('the job annotates them or counts the rest', () => {
    const told = workflowAnnotations(review).map((a) => Number(/^(\d+) more$/.exec(a.title)?.[1] ?? 1))
    expect(told.reduce((a, b) => a + b, 0)).toBe(totals.fresh)
  })

  test('summaries, documents and the terminal say the number', () => {
    const options = { color: false, sources: () => null, width: 100 }
    const outputs = [
      renderStickySummary(review, context),
      renderJobSummary(review, context),
      renderMarkdown(review, context),
      renderText(review, options),
    ]
    for (const output of outputs) expect(output).toMatch(words)
  })
})

describe('headline', () => {
  test.each<[string, Review, string]>([
    ['clean', cleanReview, 'No database work in Phase 1'],
    ['nothing to look at', untouchedReview, 'No Python changed'],
    ['no entry points', { ...cleanReview, entryPoints: [] }, 'No entry points found'],
    ['one', { ...cleanReview, verdict: 'fail', findings: [finding()] }, '1 new finding'],
    ['two', { ...cleanReview, verdict: 'fail', findings: [finding(), finding()] }, '2 new findings'],
    [
      'old ones only',
      { ...cleanReview, findings: [finding({ baselineState: 'unchanged', newWork: false })] },
      'No new database work in Phase 1',
    ],
    [
      'suppressed ones only',
      { ...cleanReview, findings: [suppressed] },
      'No database work in Phase 1 besides 1 suppressed finding',
    ],
    ['a directory', directoryReview, '1 finding'],
    ['incomplete', incompleteReview, 'Incomplete: modules/standard/forum/threads.py:3 could not be parsed'],
    [
      'incomplete, with findings',
      { ...incompleteReview, findings: [finding()] },
      'Incomplete: modules/standard/forum/threads.py:3 could not be parsed; 1 new finding',
    ],
    [
      'findings win, what is missing is said',
      { ...incompleteReview, verdict: 'fail', findings: [finding()] },
      '1 new finding; incomplete: modules/standard/forum/threads.py:3 could not be parsed',
    ],
    [
      'not comparable',
      { ...cleanReview, verdict: 'incomplete', findings: [finding({ baselineState: null, newWork: false })] },
      'Incomplete: 1 finding could not be compared with the base',
    ],
  ])('%s', (_, review, expected) => {
    expect(headline(review)).toBe(expected)
  })

  test('at most 255 units', () => {
    const file = `${'x'.repeat(300)}.py`
    const incomplete = incompleteReview.incomplete.map((i) => ({ ...i, file }))
    expect(headline({ ...incompleteReview, incomplete })).toHaveLength(255)
  })
})

describe('the result in one line', () => {
  test.each<[string, Review, string]>([
    ['clean', cleanReview, 'No database work in Phase 1'],
    ['nothing to look at', untouchedReview, 'No Python changed'],
    [
      'findings',
      { ...cleanReview, verdict: 'fail', findings: [finding(), suppressed] },
      '1 new finding (1 error), 1 suppressed',
    ],
    ['incomplete', incompleteReview, headline(incompleteReview)],
  ])('%s', (_, review, expected) => {
    expect(resultLine(review)).toBe(expected)
  })

  test('says what is missing besides the findings', () => {
    expect(resultLine(fullReview)).toMatch(
      /^8 new findings \(5 errors, 3 warnings\), .*; incomplete: \S+:3 could not be parsed$/,
    )
  })
})

test('a review that looked at nothing says so once, and counts nothing', () => {
  const texts = [
    renderText(untouchedReview, { color: false, width: 100, sources: () => null }),
    renderGithub(untouchedReview),
    renderJobSummary(untouchedReview, context),
    renderCheckRun(untouchedReview, context).summary,
    renderMarkdown(untouchedReview, context),
  ]
  expect(texts.slice(0, 2)).toEqual(['No Python changed\n', 'No Python changed\n'])
  expect(texts.filter((text) => text.includes('0 modules') || text.includes('### Notices'))).toEqual([])
})
