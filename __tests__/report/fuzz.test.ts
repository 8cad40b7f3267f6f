// Random names, code and edits in every field at once, each another text, through every renderer and every cut that a host may ask for: no
// active mention, link or HTML, no fence that stays open, no workflow command that is not ours.
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Review } from '../../src/findings/model.ts'
import { halved } from '../../src/publish/bodies.ts'
import { fit } from '../../src/report/budget.ts'
import { renderCheckRun } from '../../src/report/check.ts'
import { renderComment, renderFixed, renderStickySummary, renderSuppressed } from '../../src/report/comment.ts'
import { renderGithub } from '../../src/report/github.ts'
import { renderJson } from '../../src/report/json.ts'
import { md, ownMarkdown } from '../../src/report/markdown.ts'
import { renderMarkdown } from '../../src/report/markdown-report.ts'
import { renderSarif } from '../../src/report/sarif.ts'
import { renderJobSummary } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { hostile, poisoned } from '../support/hostile.ts'
import { harms } from '../support/markdown-harms.ts'
import { HEAD, context } from '../support/review-fixture.ts'
import { obeyed } from '../support/runner-log.ts'

/** Stands for a text that comes from the analysed tree. */
const PLACE = '\uE000'

const code = fc
  .array(
    fc.constantFrom(
      'def f(x):\n',
      '    return `x`\n',
      '```\n',
      '~~~~\n',
      '@app.on_event("startup")\n',
      '# @org/team\n',
      '"""<!-- -->"""\n',
      '\tprint("::error::x")\r\n',
      'await session.execute(text("a"))\n',
      '@@ -1,3 +1,4 @@\n',
      '+ added\n',
      '\\ No newline at end of file',
      'x = "\u202E"\n',
    ),
    { maxLength: 6 },
  )
  .map((lines) => lines.join(''))

const texts = fc.array(fc.oneof(hostile, code, fc.string({ unit: 'grapheme', maxLength: 30 })), {
  minLength: 12,
  maxLength: 12,
})

/** The full review with the texts in turn wherever something comes from the tree. */
function reviewOf(all: readonly string[]): Review {
  let next = 0
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replaceAll(PLACE, () => all[next++ % all.length] ?? '')
    if (Array.isArray(value)) return value.map(visit)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, visit(it)]))
  }
  return visit(poisoned(PLACE)) as Review
}

function posted(review: Review, reason: string): string[] {
  const comments = review.findings.map((f) => renderComment([f], context))
  return [
    ...comments,
    renderComment(review.findings.slice(0, 7), context),
    ...comments.map((it) => renderFixed(it, HEAD)),
    ...comments.map((it) => renderFixed(renderSuppressed(it, reason), HEAD)),
    renderStickySummary(review, context),
    renderCheckRun(review, context).summary,
    renderJobSummary(review, context),
    renderMarkdown(review, context),
  ]
}

describe('random reviews', () => {
  test('posted Markdown holds nothing of theirs that acts', () => {
    fc.assert(
      fc.property(texts, (all) => {
        expect(posted(reviewOf(all), all[0] ?? '').flatMap(harms)).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  test('however a body is cut', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 400, max: 9000 }), (all, units) => {
        const review = reviewOf(all)
        const bodies = [
          renderStickySummary(review, context),
          ...review.findings.map((f) => renderComment([f], context)),
        ]
        const cut = bodies.flatMap((body) => [
          fit(ownMarkdown(body), { units, bytes: units }, md`This text was cut.`),
          halved(body),
          halved(halved(body)),
        ])
        expect(cut.flatMap(harms)).toEqual([])
      }),
      { numRuns: 15 },
    )
  })

  test('logs hold our commands only', () => {
    const ours = obeyed(renderGithub(poisoned('x')))
    const options = { color: false, sources: (file: string) => file, width: 80 }
    fc.assert(
      fc.property(texts, (all) => {
        const review = reviewOf(all)
        expect(obeyed(renderGithub(review))).toEqual(ours)
        for (const output of [renderText(review, options), renderJson(review, '1'), renderSarif(review, '1')])
          expect(obeyed(output)).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})
