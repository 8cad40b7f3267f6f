// Hostile names, paths, literals and reasons in every field, through every renderer: no mention, no link of theirs, no HTML, no heading,
// no broken fence, no workflow command, nothing invisible.
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { renderCheckRun } from '../../src/report/check.ts'
import { renderComment, renderFixed, renderStickySummary, renderSuppressed } from '../../src/report/comment.ts'
import { renderGithub } from '../../src/report/github.ts'
import { renderJson } from '../../src/report/json.ts'
import { renderMarkdown } from '../../src/report/markdown-report.ts'
import { renderSarif } from '../../src/report/sarif.ts'
import { renderJobSummary } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { HOSTILE, hostile, poisoned } from '../support/hostile.ts'
import { harms } from '../support/markdown-harms.ts'
import { HEAD, context, fullReview } from '../support/review-fixture.ts'
import { obeyed } from '../support/runner-log.ts'

function posted(text: string): string[] {
  const review = poisoned(text)
  const comments = review.findings.map((f) => renderComment([f], context))
  const shared = renderComment(review.findings.slice(0, 7), context)
  return [
    ...comments,
    shared,
    ...comments.map((c) => renderFixed(c, HEAD)),
    ...comments.map((c) => renderSuppressed(c, text)),
    renderStickySummary(review, context),
    renderCheckRun(review, context).summary,
    renderJobSummary(review, context),
    renderMarkdown(review, context),
  ]
}

describe('posted Markdown', () => {
  test.each(HOSTILE.map((text) => [text]))('%j', (text) => {
    expect(posted(text).flatMap(harms)).toEqual([])
  })

  test('random mixtures', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(posted(text).flatMap(harms)).toEqual([])
      }),
      { numRuns: 15 },
    )
  })
})

describe('logs', () => {
  const options = { color: false, sources: (file: string) => file, width: 80 }

  test('text, JSON and SARIF give the runner no command', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const review = poisoned(text)
        for (const output of [renderText(review, options), renderJson(review, '1.0.0'), renderSarif(review, '1.0.0')]) {
          expect(obeyed(output)).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })

  test('the github format gives our commands only, whole', () => {
    const ours = obeyed(renderGithub(fullReview))
    expect(ours).toEqual(['error', 'error', 'error', 'error', 'error', 'warning', 'warning', 'warning'])
    fc.assert(
      fc.property(hostile, (text) => {
        const output = renderGithub(poisoned(text))
        expect(obeyed(output)).toEqual(ours)
        expect(output.split('\n')).toHaveLength(ours.length + 2)
        expect(output).not.toMatch(/\r|##\[/)
      }),
      { numRuns: 60 },
    )
  })

  test('the terminal shows nothing invisible', () => {
    for (const text of HOSTILE) {
      expect(renderText(poisoned(text), options).replaceAll('\u200B', '')).not.toMatch(
        /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[^\P{Cc}\n]/u,
      )
    }
  })

  test('JSON keeps every value although its text is escaped', () => {
    for (const text of HOSTILE) {
      const json = renderJson(poisoned(text), '1.0.0')
      expect(json).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[^\P{Cc}\n]/u)
      expect(JSON.parse(json)).toMatchObject({ entryPoints: fullReview.entryPoints.map(() => ({ id: text })) })
    }
  })
})
