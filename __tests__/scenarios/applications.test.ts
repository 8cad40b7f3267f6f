// Applications of Flask, FastAPI and Celery, one small project a case: exactly the lines of work that runs while they start are named.
// Findings below the level of a warning are advice and judge nothing.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { placesOf, reviewFiles, type Files } from '../support/review-files.ts'

interface Case {
  readonly title: string
  readonly operations: readonly string[]
  readonly files: Files
}

const { cases } = JSON.parse(readFileSync(new URL('applications.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[]
}

test.each(cases.map((it) => [it.title, it] as const))('%s', async (_title, { files, operations }) => {
  const { findings, incomplete } = await reviewFiles(files)
  const serious = findings.filter(({ severity }) => severity !== 'note')
  expect([...new Set(serious.flatMap(placesOf))].toSorted()).toEqual(operations)
  expect(serious.filter(({ confidence }) => confidence === 'low')).toEqual([])
  expect(incomplete).toEqual([])
})
