// Comments as people read them: goldens for every kind, and the rules for suggestions, shared comments and later forms.
import { describe, expect, test } from '@jest/globals'
import type { PlacedFinding } from '../../src/findings/model.ts'
import { renderComment, renderFixed, renderStickySummary, renderSuppressed } from '../../src/report/comment.ts'
import { ended, golden } from '../support/golden.ts'
import * as fixture from '../support/review-fixture.ts'

const { context, localContext } = fixture

test.each<[string, PlacedFinding]>([
  ['comment-new.md', fixture.finding()],
  ['comment-scheduled.md', fixture.scheduled],
  ['comment-added-operation.md', fixture.extended],
  ['comment-import-moved.md', fixture.importTime],
  ['comment-suggestion.md', fixture.calledHook],
  ['comment-missing-entry.md', fixture.withoutEntry],
  ['comment-deep-path.md', fixture.unplaced],
])('%s', (name, finding) => {
  const actual = renderComment([finding], context)
  expect(ended(actual)).toBe(golden(import.meta.url, name, actual))
})

test('one comment names all twelve modules that meet on a line', () => {
  const actual = renderComment(fixture.shared(12), context)
  expect(ended(actual)).toBe(golden(import.meta.url, 'comment-shared.md', actual))
})

test('without a repository there are no links', () => {
  expect(renderComment([fixture.finding()], localContext)).not.toContain('](')
})

function workLine(over: Partial<PlacedFinding>): string | undefined {
  const body = renderComment([fixture.finding(over)], context)
  return body.split('\n').find((line) => line.startsWith('The database work'))
}

test('work of the function that the framework calls under the name of the entry point', () => {
  const entryPoint = 'modules/standard/shop/api.py::initialize'
  const inside = { entryPoint, workFunction: 'modules/standard/shop/wrap.py::logged.run', trace: [] }
  const itself = { entryPoint, workFunction: entryPoint, trace: [] }
  expect([workLine(inside), workLine(itself)]).toEqual([
    `The database work at \`modules/standard/shop/services.py:9\` stands in \`logged.run\`, which the framework calls as the Phase-1 entry point \`${entryPoint}\`.`,
    `The database work at \`modules/standard/shop/services.py:9\` stands in the Phase-1 entry point \`${entryPoint}\` itself.`,
  ])
})

function causeLine(over: Partial<PlacedFinding>): string | undefined {
  const body = renderComment([fixture.finding(over)], context)
  return body.split('\n').find((line) => /\bbase\b/.test(line))
}

describe('why this change', () => {
  test.each<[string, Partial<PlacedFinding>, string]>([
    [
      'the operation',
      {},
      'Clean at base `a90b1c2`: this work did not run there. This change writes the operation itself.',
    ],
    [
      'a call on the path',
      { placement: { kind: 'line', path: 'modules/standard/shop/api.py', side: 'RIGHT', line: 14 } },
      'Clean at base `a90b1c2`: this work did not run there. This change writes step 1 of the path below; the database work itself is older.',
    ],
    [
      'a definition beside the path',
      { placement: { kind: 'line', path: 'modules/core/base.py', side: 'RIGHT', line: 3 } },
      'Clean at base `a90b1c2`: this work did not run there. This change decides what the path below reaches.',
    ],
    [
      'a file of the path',
      { placement: { kind: 'file', path: 'modules/standard/shop/services.py' } },
      'Clean at base `a90b1c2`: this work did not run there. The path below leads there through `modules/standard/shop/services.py`, which this change touches.',
    ],
    [
      'a raised severity',
      { baselineState: 'updated', operations: [fixture.operation({ added: false })] },
      'It was there at base `a90b1c2` as a lesser one: the severity is now error.',
    ],
    [
      'nothing: the work only moved',
      { baselineState: 'updated', newWork: false, movedFrom: 'f' },
      'It was there at base `a90b1c2` in another place: it moved, it is not new.',
    ],
    ['nothing: it is old', { baselineState: 'unchanged', newWork: false }, 'It was there at base `a90b1c2`.'],
  ])('%s', (_, over, expected) => {
    expect(causeLine(over)).toBe(expected)
  })
})

describe('suggestions', () => {
  const edit = {
    path: 'a.py',
    startLine: 3,
    endLine: 4,
    replacement: 'x = 1\n',
    disposition: 'safe',
    title: 'Write `x`',
    patch: '--- a/a.py\n+++ b/a.py\n@@ -3,2 +3,1 @@\n-y\n-z\n+x = 1\n',
  } as const
  const range = { kind: 'range', path: 'a.py', side: 'RIGHT', startLine: 3, line: 4 } as const
  const comment = (over: Partial<PlacedFinding>): string =>
    renderComment([fixture.finding({ suggestion: edit, placement: range, ...over })], context)

  test('a safe edit of exactly the commented range can be committed', () => {
    expect(comment({})).toContain('\n```suggestion\nx = 1\n```\n')
  })

  test.each<[string, Partial<PlacedFinding>]>([
    ['unsafe', { suggestion: { ...edit, disposition: 'unsafe' } }],
    ['another range', { placement: { ...range, startLine: 2 } }],
    ['one line of two', { placement: { kind: 'line', path: 'a.py', side: 'RIGHT', line: 4 } }],
    ['another file', { placement: { ...range, path: 'b.py' } }],
    ['a file-level comment', { placement: { kind: 'file', path: 'a.py' } }],
    ['invisible characters', { suggestion: { ...edit, replacement: 'x = "\u202E"\n' } }],
    ['carriage returns', { suggestion: { ...edit, patch: edit.patch.replaceAll('\n', '\r\n') } }],
  ])('otherwise it is shown folded: %s', (_, over) => {
    expect(comment(over)).not.toContain('```suggestion')
    expect(comment(over)).toMatch(
      /<summary>A possible edit<\/summary>\n\nWrite `x`\. The edited tree was analysed again.*\n\n```diff\n--- a\/a\.py\n/,
    )
  })

  test('an edit with a secret in it is not shown', () => {
    const secret = { ...edit, replacement: 'db = "postgres://u:hunter2@h/x"\n' }
    expect(comment({ suggestion: secret })).not.toMatch(/possible edit|suggestion|hunter2/)
  })

  test('findings that share a comment share an edit or show none', () => {
    const [a, b] = fixture.shared(2, { suggestion: edit, placement: range })
    if (a === undefined || b === undefined) throw new Error('two findings')
    expect(renderComment([a, b], context)).toContain('```suggestion')
    expect(renderComment([a, { ...b, suggestion: null }], context)).not.toContain('```suggestion')
  })
})

describe('later forms', () => {
  const body = renderComment([fixture.calledHook], context)
  const marker = '<!-- phasegate:1 key 7878787878787878 -->'

  test('fixed', () => {
    const actual = renderFixed(`${body}\n\n${marker}`.replaceAll('\n', '\r\n'), fixture.HEAD)
    expect(ended(actual)).toBe(golden(import.meta.url, 'comment-fixed.md', actual))
  })

  test('fixed twice stays as it is', () => {
    const once = renderFixed(body, fixture.HEAD)
    expect(renderFixed(`${once}\n\n${marker}`, fixture.BASE)).toBe(once)
  })

  test('suppressed', () => {
    const actual = renderSuppressed(body, 'allowed: `core` bootstraps @everyone')
    expect(ended(actual)).toBe(golden(import.meta.url, 'comment-suppressed.md', actual))
  })

  test('suppressed, then fixed: the original text is folded once', () => {
    const form = renderFixed(renderSuppressed(body, 'for now'), fixture.HEAD)
    expect(form).toBe(renderFixed(body, fixture.HEAD))
  })
})

describe('the summary of a review', () => {
  test.each([
    ['sticky-full.md', fixture.fullReview],
    ['sticky-incomplete.md', fixture.incompleteReview],
    ['sticky-clean.md', fixture.cleanReview],
  ])('%s', (name, review) => {
    const actual = renderStickySummary(review, context)
    expect(ended(actual)).toBe(golden(import.meta.url, name, actual))
  })

  test('more than ten new findings: the rest is folded, none is missing', () => {
    const review = { ...fixture.fullReview, findings: fixture.shared(30) }
    const body = renderStickySummary(review, context)
    expect(body).toContain('<summary>The other 20 new findings</summary>')
    for (const f of review.findings) expect(body).toContain(f.entryPoint)
  })
})
