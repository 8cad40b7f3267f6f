// SARIF: valid by the standard's shape, every finding a result, the path a code flow, what is missing a notification.
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Log, Result, Run } from 'sarif'
import type { Review } from '../../src/findings/model.ts'
import { renderSarif } from '../../src/report/sarif.ts'
import { HOSTILE, poisoned } from '../support/hostile.ts'
import * as fixture from '../support/review-fixture.ts'
import { sarifSubset } from '../support/sarif-subset.ts'

const ajv = new Ajv2020({ allErrors: true, strict: false })
addFormats.default(ajv)
const validate = ajv.compile(sarifSubset)

function runOf(review: Review): Run {
  const log = JSON.parse(renderSarif(review, '1.2.3')) as Log
  const [run] = log.runs
  if (run === undefined) throw new Error('no run')
  return run
}

function resultOf(...findings: Review['findings']): Result {
  const [result] = runOf({ ...fixture.fullReview, findings }).results ?? []
  if (result === undefined) throw new Error('no result')
  return result
}

test.each<[string, Review]>([
  ['full', fixture.fullReview],
  ['clean', fixture.cleanReview],
  ['incomplete', fixture.incompleteReview],
  ['directory', fixture.directoryReview],
  ...HOSTILE.map((text): [string, Review] => [JSON.stringify(text), poisoned(text)]),
])('valid: %s', (_, review) => {
  validate(JSON.parse(renderSarif(review, '1.2.3')))
  expect(validate.errors ?? []).toEqual([])
})

test('every rule is described and every result points to its rule', () => {
  const run = runOf(fixture.fullReview)
  const rules = run.tool.driver.rules ?? []
  expect(rules).toHaveLength(11)
  for (const result of run.results ?? []) expect(rules[result.ruleIndex ?? -1]?.id).toBe(result.ruleId)
})

test('the call path is a code flow that ends at the operation', () => {
  const locations = resultOf(fixture.unplaced).codeFlows?.[0]?.threadFlows[0]?.locations ?? []
  expect(
    locations.map((l) => [l.location?.message?.text, l.location?.physicalLocation?.region?.startLine, l.nestingLevel]),
  ).toEqual([
    ['initialize calls start', 6, 0],
    ['start enters unit_of_work', 11, 1],
    ['unit_of_work reads the property Store.session', 3, 2],
    ['Store.session uses a database session', 15, 3],
  ])
})

test('guards and further operations are related locations', () => {
  expect(resultOf(fixture.scheduled).relatedLocations?.map((l) => [l.id, l.message?.text])).toEqual([
    [0, 'Runs only under: settings.WARM_CACHE'],
    [1, 'warm uses a database connection'],
  ])
})

describe('states', () => {
  test.each([
    ['new', fixture.finding(), { baselineState: 'new', kind: 'fail', level: 'error', suppressions: [] }],
    ['unchanged', fixture.unchanged, { baselineState: 'unchanged' }],
    ['absent', fixture.absent, { baselineState: 'absent' }],
    [
      'suppressed',
      fixture.suppressed,
      { suppressions: [{ kind: 'external', justification: 'bootstraps the database itself' }] },
    ],
    ['a guess', fixture.guess, { kind: 'review', level: 'none' }],
    ['no operation', fixture.withoutEntry, { kind: 'fail', level: 'warning' }],
    ['fingerprint', fixture.finding(), { partialFingerprints: { 'phasegate/v1': '5e8dd316726b0335' } }],
  ])('%s', (_, finding, expected) => {
    expect(resultOf(finding)).toMatchObject(expected)
  })

  test('not comparable: no state at all', () => {
    expect(resultOf(fixture.notComparable)).not.toHaveProperty('baselineState')
  })
})

test('a safe edit is a fix, an unsafe one is not', () => {
  expect(resultOf(fixture.calledHook).fixes?.[0]?.artifactChanges[0]).toEqual({
    artifactLocation: { uri: 'modules/standard/tags/api.py', uriBaseId: 'SRCROOT' },
    replacements: [
      {
        deletedRegion: { startLine: 18, endLine: 18 },
        insertedContent: { text: '        setup_method=setup_module,' },
      },
    ],
  })
  const suggestion = fixture.calledHook.suggestion
  if (suggestion === null) throw new Error('an edit')
  expect(resultOf({ ...fixture.calledHook, suggestion: { ...suggestion, disposition: 'unsafe' } })).not.toHaveProperty(
    'fixes',
  )
})

test('what is incomplete or not followed is a notification', () => {
  const [invocation] = runOf(fixture.fullReview).invocations ?? []
  expect(invocation?.executionSuccessful).toBe(false)
  expect(invocation?.toolExecutionNotifications?.map((n) => [n.level, n.descriptor?.id])).toEqual([
    ['error', 'incomplete/syntax-error'],
    ['note', 'incomplete/unreadable'],
    ['note', 'not-followed/untyped-parameter'],
    ['note', 'not-followed/untyped-parameter'],
    ['note', 'not-followed/exec'],
  ])
  expect(runOf(fixture.cleanReview).invocations).toEqual([
    { executionSuccessful: true, toolExecutionNotifications: [] },
  ])
})

test('messages hold no placeholders and no embedded links', () => {
  const message = resultOf(fixture.finding({ message: 'handlers[key](x) runs {sql}', advice: 'x' })).message.text
  expect(message).toBe('handlers[key]\u200B(x) runs {{sql}}\n\nFix: x')
})

test('paths are relative addresses', () => {
  const path = 'a b/ü#[x].py'
  const place = resultOf(fixture.finding({ operations: [fixture.operation({ file: path })] })).locations?.[0]
    ?.physicalLocation
  expect(place?.artifactLocation).toEqual({ uri: 'a%20b/%C3%BC%23%5Bx%5D.py', uriBaseId: 'SRCROOT' })
})
