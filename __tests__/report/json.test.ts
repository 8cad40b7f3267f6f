// The JSON report: its exact shape, its schema (published and generated from one definition), and what must not be in it.
import { describe, expect, test } from '@jest/globals'
import { toJsonSchema } from '@valibot/to-json-schema'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { reportSchema } from '../../src/report/json-schema.ts'
import { renderJson, serialise, toReport } from '../../src/report/json.ts'
import {
  cleanReview,
  directoryReview,
  finding,
  fullReview,
  guess,
  incompleteReview,
  operation,
  withoutEntry,
} from '../support/review-fixture.ts'

const published = JSON.parse(
  readFileSync(new URL('../../schemas/report.schema.json', import.meta.url), 'utf8'),
) as object
const validate = new Ajv2020({ allErrors: true }).compile(published)
const report = (review: typeof fullReview): Record<string, unknown> =>
  JSON.parse(renderJson(review, '1.2.3')) as Record<string, unknown>

describe('schema', () => {
  test('the published file is the one that the code gives', () => {
    const { $schema: _, ...shape } = toJsonSchema(reportSchema, {
      typeMode: 'input',
      target: 'draft-2020-12',
      errorMode: 'ignore',
    })
    expect(published).toEqual({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...shape })
  })

  test.each([
    ['full', fullReview],
    ['clean', cleanReview],
    ['incomplete', incompleteReview],
    ['directory', directoryReview],
  ])('%s output is valid by the file and by the type', (_, review) => {
    const value = report(review)
    expect(validate(value) ? [] : validate.errors).toEqual([])
    expect(v.safeParse(reportSchema, value).issues).toBeUndefined()
  })

  test.each<[string, object]>([
    ['an unknown key', { extra: 1 }],
    ['another version', { schemaVersion: 2 }],
    ['another verdict', { verdict: 'neutral' }],
    ['a line 0', { notFollowed: [{ file: 'a', line: 0, entryPoint: 'a', text: '', reason: '' }] }],
  ])('%s is invalid', (_, change) => {
    expect(validate({ ...report(cleanReview), ...change })).toBe(false)
  })
})

test('keys stand in the order of the contract', () => {
  expect(Object.keys(report(fullReview))).toEqual([
    'schemaVersion',
    'tool',
    'verdict',
    'base',
    'head',
    'entryPoints',
    'findings',
    'notFollowed',
    'incomplete',
    'suppressionsAdded',
    'configurationChanged',
    'stats',
  ])
})

test('a finding, whole', () => {
  const { findings } = toReport({ ...fullReview, findings: [finding()] }, '1.2.3')
  expect(findings).toEqual([
    {
      rule: 'database-in-phase-1',
      severity: 'error',
      confidence: 'high',
      fingerprint: '5e8dd316726b0335',
      baselineState: 'new',
      movedFrom: null,
      phase: 'phase-1',
      entryPoint: 'modules/standard/shop/api.py::initialize',
      message:
        '`session.execute(select(Item))` queries the database while `initialize` runs (in `ShopService.__init__`)',
      operations: [
        {
          file: 'modules/standard/shop/services.py',
          line: 9,
          column: 23,
          endLine: 9,
          endColumn: 52,
          symbol: 'sqlalchemy.orm.Session.execute',
          kind: 'query',
          text: 'session.execute(select(Item))',
          added: true,
        },
      ],
      trace: [
        {
          file: 'modules/standard/shop/api.py',
          line: 14,
          column: 15,
          function: 'initialize',
          kind: 'construct',
          callee: 'modules.standard.shop.services.ShopService.__init__',
          text: 'ShopService(app_context)',
        },
      ],
      guards: [],
      placement: { kind: 'line', path: 'modules/standard/shop/services.py', side: 'RIGHT', line: 9 },
      suggestion: null,
      suppression: null,
    },
  ])
})

test('a rule without database work has a location, the others have none', () => {
  const { findings } = toReport({ ...fullReview, findings: [withoutEntry, guess] }, '1.2.3')
  expect(findings.map((f) => f.location)).toEqual([
    { file: 'modules/standard/news/api.py', line: 1, column: 1 },
    undefined,
  ])
  expect(findings[0]).toMatchObject({ phase: null, operations: [], trace: [] })
})

test('`added` is there only where a base was compared', () => {
  const alone = { ...directoryReview, findings: [finding({ operations: [operation({ added: true })] })] }
  expect(toReport(alone, '1').findings[0]?.operations[0]).not.toHaveProperty('added')
  const unknown = { ...fullReview, findings: [finding({ operations: [operation({ added: null })] })] }
  expect(toReport(unknown, '1').findings[0]?.operations[0]).not.toHaveProperty('added')
})

test('not-followed is never a finding', () => {
  const review = { ...fullReview, findings: [finding({ rule: 'not-followed' })] }
  expect(toReport(review, '1').findings).toEqual([])
  expect(toReport(review, '1').notFollowed).toHaveLength(3)
})

test('the text is safe to print and keeps every value', () => {
  const value = { a: '\u202E##[error]\u{E0041}\u0085\u2028', b: '😀é' }
  const json = serialise(value)
  expect(json).toBe('{\n  "a": "\\u202e##\\u005berror]\\udb40\\udc41\\u0085\\u2028",\n  "b": "😀é"\n}\n')
  expect(JSON.parse(json)).toEqual(value)
})
