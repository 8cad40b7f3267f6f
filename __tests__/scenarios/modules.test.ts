// Modules as the framework loads them, one small project a case: what must be reported, what must not, and what must be called
// unvalidatable instead of clean.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Review } from '../../src/findings/model.ts'
import { placesOf, reviewFiles, type Files } from '../support/review-files.ts'

type Judgement = 'violation' | 'clean' | 'unvalidatable'
interface Case {
  readonly id: string
  readonly theme: string
  readonly title: string
  readonly verdict: Judgement | 'disputable'
  /** one of these has to be named */
  readonly operations: readonly string[]
  /** the way in from the entry point */
  readonly wayIn: readonly string[]
  readonly files: Files
}

const { cases } = JSON.parse(readFileSync(new URL('modules.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[]
}

/** Notes are advice and judge nothing. */
function serious({ findings }: Review): Review['findings'] {
  return findings.filter((it) => it.severity !== 'note' && it.suppression === null)
}

function judge(review: Review): Judgement {
  const found = serious(review)
  if (found.some(({ rule }) => rule === 'missing-initialize')) return 'unvalidatable'
  if (found.length > 0) return 'violation'
  return review.verdict === 'incomplete' ? 'unvalidatable' : 'clean'
}

describe.each([...new Set(cases.map(({ theme }) => theme))])('%s', (theme) => {
  test.each(cases.filter((it) => it.theme === theme).map((it) => [it.id, it.title, it] as const))(
    '%s: %s',
    async (_id, _title, it) => {
      const review = await reviewFiles(it.files)
      const accepted = it.verdict === 'disputable' ? ['violation', 'clean', 'unvalidatable'] : [it.verdict]
      expect(accepted).toContain(judge(review))
      if (it.verdict !== 'violation') return
      const named = new Set(serious(review).flatMap(placesOf))
      expect(it.operations.length === 0 || it.operations.some((place) => named.has(place))).toBe(true)
      const steps = new Set(serious(review).flatMap(({ trace }) => trace.map(({ file, line }) => `${file}:${line}`)))
      expect(it.wayIn.length === 0 || it.wayIn.some((place) => steps.has(place))).toBe(true)
    },
  )
})

const executed = JSON.parse(readFileSync(new URL('modules-executed.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Omit<Case, 'wayIn'>[]
}

describe('as CPython runs them', () => {
  test.each(executed.cases.map((it) => [it.id, it.theme, it.title, it] as const))(
    '%s, %s: %s',
    async (_id, _theme, _title, it) => {
      const review = await reviewFiles(it.files)
      expect([judge(review), [...new Set(serious(review).flatMap(placesOf))].toSorted()]).toEqual([
        it.verdict,
        it.operations,
      ])
      expect(serious(review).filter(({ confidence }) => confidence === 'low')).toEqual([])
    },
  )
})
