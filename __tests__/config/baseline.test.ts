import { describe, expect, test } from '@jest/globals'
import { loadBaseline, renderBaseline } from '../../src/config/baseline.ts'

const A = { fingerprint: 'a'.repeat(16), rule: 'database-in-phase-1', reason: 'old' }
const B = { fingerprint: 'b'.repeat(16), rule: 'database-at-import', reason: 'older "quoted"\n' }
const text = (findings: unknown, version: unknown = 1): string => JSON.stringify({ version, findings })

describe('a baseline file', () => {
  test('is written sorted and read back', () => {
    const written = renderBaseline([A, B, A])
    expect(written).toBe(
      `{
  "version": 1,
  "findings": [
    {"fingerprint":"bbbbbbbbbbbbbbbb","rule":"database-at-import","reason":"older \\"quoted\\"\\n"},
    {"fingerprint":"aaaaaaaaaaaaaaaa","rule":"database-in-phase-1","reason":"old"}
  ]
}
`,
    )
    expect(loadBaseline(written, 'b.json')).toEqual([B, A])
    expect(renderBaseline([])).toBe('{\n  "version": 1,\n  "findings": []\n}\n')
    expect(loadBaseline(`\uFEFF${renderBaseline([])}`, 'b.json')).toEqual([])
  })

  test('a fingerprint that stands there twice counts once', () => {
    expect(loadBaseline(text([A, B, { ...A, reason: 'again' }]), 'b.json')).toEqual([A, B])
  })

  test.each<[string, string, RegExp | string]>([
    ['not JSON', '{', /^b\.json: not JSON \(.*\)$/],
    ['a list', '[]', 'b.json: expected a map with version and findings, got a list'],
    ['nothing', 'null', 'b.json: expected a map with version and findings, got nothing'],
    ['a newer version', text([], 2), 'b.json: version 2 is newer than this program; it reads version 1'],
    ['a wrong version', text([], '1'), 'b.json: version: expected version 1, got "1"'],
    ['no version', '{"findings":[]}', 'b.json: version: missing; the file needs it'],
    ['an unknown key', '{"version":1,"finding":[]}', 'b.json: finding: unknown key; did you mean findings?'],
    [
      '__proto__',
      '{"version":1,"findings":[],"__proto__":{}}',
      'b.json: __proto__: unknown key; known are version, findings',
    ],
    [
      'a wrong fingerprint',
      text([{ ...A, fingerprint: 'x' }]),
      'b.json: findings[0].fingerprint: expected a fingerprint (16 to 64 hex digits), got "x"',
    ],
    [
      'no reason',
      text([{ fingerprint: A.fingerprint, rule: 'r' }]),
      'b.json: findings[0].reason: missing; findings[0] needs it',
    ],
    [
      'a blank reason',
      text([{ ...A, reason: ' ' }]),
      'b.json: findings[0].reason: expected a reason that is not empty, got " "',
    ],
  ])('%s is refused', (_, content, message) => {
    expect(() => loadBaseline(content, 'b.json')).toThrow(message)
    expect(() => loadBaseline(content, 'b.json')).toThrow(expect.objectContaining({ name: 'ConfigurationError' }))
  })
})
