import { describe, expect, test } from '@jest/globals'
import { suppressExternally } from '../../src/findings/suppress.ts'
import { exitCodeOf, isFailing, verdictOf } from '../../src/findings/verdict.ts'
import type { Finding, Incomplete } from '../../src/findings/model.ts'
import { ENTRY, compared } from './finding.ts'

const broken: Incomplete = {
  file: 'a.py',
  line: 1,
  reason: 'syntax-error',
  message: '',
  entryPoints: [ENTRY],
  decides: true,
}

describe('what fails a check', () => {
  test.each<[string, Partial<Finding>, Parameters<typeof isFailing>[1], boolean, boolean]>([
    ['new work', {}, 'error', true, true],
    ['a warning below fail-on', { severity: 'warning' }, 'error', true, false],
    ['a warning at fail-on', { severity: 'warning' }, 'warning', true, true],
    ['a note at fail-on', { severity: 'note' }, 'note', true, true],
    ['an error above fail-on', {}, 'note', true, true],
    ['anything under never', {}, 'never', true, false],
    ['a guess', { confidence: 'low' }, 'note', true, false],
    ['an assumption', { confidence: 'medium' }, 'error', true, true],
    ['suppressed in the source', { suppression: { kind: 'inSource', reason: '' } }, 'note', true, false],
    ['suppressed outside', { suppression: { kind: 'external', reason: '' } }, 'note', true, false],
    ['old', { baselineState: 'unchanged', newWork: false }, 'error', true, false],
    ['changed', { baselineState: 'updated', newWork: false }, 'error', true, false],
    ['grown', { baselineState: 'updated', newWork: true }, 'error', true, true],
    ['gone', { baselineState: 'absent', newWork: false }, 'error', true, false],
    ['not comparable', { baselineState: null, newWork: false }, 'error', true, false],
    ['without a base', { baselineState: null, newWork: false }, 'error', false, true],
  ])('%s', (_, facts, failOn, hasBase, expected) => {
    expect(isFailing(compared(facts), failOn, hasBase)).toBe(expected)
  })
})

describe('the verdict', () => {
  const unknown = compared({ baselineState: null, newWork: false })

  test.each<[string, readonly Finding[], readonly Incomplete[], boolean, string, number, number]>([
    ['nothing', [], [], true, 'pass', 0, 0],
    ['only old findings', [compared({ baselineState: 'unchanged', newWork: false })], [], true, 'pass', 0, 0],
    ['a new finding', [compared()], [], true, 'fail', 1, 1],
    ['a broken file', [], [broken], true, 'incomplete', 3, 0],
    ['a file that was broken before', [], [{ ...broken, decides: false }], true, 'pass', 0, 0],
    ['a new finding and a broken file', [compared()], [broken], true, 'fail', 1, 1],
    ['a finding that cannot be compared', [unknown], [], true, 'incomplete', 3, 0],
    ['the same, suppressed', [{ ...unknown, suppression: { kind: 'inSource', reason: '' } }], [], true, 'pass', 0, 0],
    ['a finding without a base', [unknown], [], false, 'fail', 1, 1],
    ['a note without a base', [{ ...unknown, severity: 'note' }], [], false, 'pass', 0, 0],
  ])('%s', (_, findings, incomplete, hasBase, verdict, code, lenient) => {
    const given = verdictOf(findings, { incomplete, failOn: 'error', compared: hasBase })
    expect([given, exitCodeOf(given, 'fail'), exitCodeOf(given, 'warn')]).toEqual([verdict, code, lenient])
  })
})

describe('external suppressions', () => {
  const accepted = { fingerprint: compared().fingerprint, rule: 'database-in-phase-1', reason: 'old' }
  const none = { baseline: [], allow: [] }

  test('of the baseline file and of allowed entry points; the finding stays', () => {
    expect(suppressExternally([compared()], { ...none, baseline: [accepted] }, [ENTRY])).toEqual({
      findings: [compared({ suppression: { kind: 'external', reason: 'old' } })],
      stale: [],
      unusedAllowances: [],
    })
    const allow = [{ entryPoint: ENTRY, reason: 'bootstraps' }]
    expect(suppressExternally([compared()], { baseline: [accepted], allow }, []).findings).toEqual([
      compared({ suppression: { kind: 'external', reason: 'bootstraps' } }),
    ])
  })

  test('leave alone what is suppressed in the source and what is gone', () => {
    const own = compared({ suppression: { kind: 'inSource', reason: 'mine' } })
    const gone = compared({ baselineState: 'absent', newWork: false })
    expect(suppressExternally([own, gone], { ...none, baseline: [accepted] }, []).findings).toEqual([own, gone])
  })

  test('that suppress nothing are named; an allowance for a clean entry point is in use', () => {
    const stale = { ...accepted, fingerprint: 'f'.repeat(24) }
    const allow = ['m/clean.py::initialize', 'm/gone.py::initialize'].map((entryPoint) => ({ entryPoint, reason: 'r' }))
    const gone = compared({ baselineState: 'absent' })
    const result = suppressExternally([gone], { baseline: [stale, accepted], allow }, ['m/clean.py::initialize'])
    expect([result.stale, result.unusedAllowances]).toEqual([[stale, accepted], [allow[1]]])
  })
})
