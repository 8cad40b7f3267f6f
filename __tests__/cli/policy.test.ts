import { describe, expect, test } from '@jest/globals'
import { readBaseline, readPolicy } from '../../src/cli/policy.ts'
import type { AskFile } from '../../src/config/files.ts'
import { defaultConfig } from '../../src/config/load.ts'

const tree =
  (files: Readonly<Record<string, string>>): AskFile =>
  (path) =>
    Promise.resolve(files[path] === undefined ? { kind: 'absent' } : { kind: 'file', bytes: Buffer.from(files[path]) })
const entry = (digit: string): { fingerprint: string; rule: string; reason: string } => ({
  fingerprint: digit.repeat(16),
  rule: 'database-in-phase-1',
  reason: 'known',
})
const baseline = (...digits: readonly string[]): string =>
  JSON.stringify({ version: 1, findings: digits.map((digit) => entry(digit)) })
const config = { ...defaultConfig(), baseline: 'accepted.json' }
const sources = (head: Readonly<Record<string, string>>, base: Readonly<Record<string, string>> | null) => ({
  named: null,
  profiles: [],
  head: tree(head),
  base: base === null ? null : tree(base),
})

describe('the baseline of a change', () => {
  test('an entry that the change adds waits, one that it drops is gone', async () => {
    const policy = await readBaseline(
      null,
      config,
      sources({ 'accepted.json': baseline('a', 'c') }, { 'accepted.json': baseline('a', 'b') }),
    )
    expect(policy).toEqual({
      entries: [entry('a')],
      notices: ['Baseline: 1 more entry; this is looser, so it applies after the merge.'],
    })
  })

  test('a first baseline waits as a whole', async () => {
    const policy = await readBaseline(null, config, sources({ 'accepted.json': baseline('a', 'b') }, {}))
    expect(policy).toEqual({
      entries: [],
      notices: ['Baseline: 2 more entries; this is looser, so it applies after the merge.'],
    })
  })

  test('without a base it is taken as it is; one that nobody has is an error', async () => {
    expect(await readBaseline(null, config, sources({ 'accepted.json': baseline('a') }, null))).toEqual({
      entries: [entry('a')],
      notices: [],
    })
    await expect(readBaseline(null, config, sources({}, {}))).rejects.toThrow(/^accepted\.json: no such file/)
  })
})

test('what a change loosens is told and waits, what it tightens counts', async () => {
  const policy = await readPolicy(
    sources(
      { 'phasegate.yml': 'fail-on: warning\nrules: { database-in-phase-1: warning }\n' },
      { 'phasegate.yml': 'fail-on: error\n' },
    ),
  )
  expect([policy.changed, policy.config.failOn, policy.config.rules['database-in-phase-1']]).toEqual([
    true,
    'warning',
    'error',
  ])
  expect(policy.notices.filter((notice) => notice.includes('database-in-phase-1'))).toHaveLength(1)
})
