// Which configuration holds, from the trees of two commits. What stands in a configuration's place and is no text file is an error; what
// the host does not give is a refusal.
import { describe, expect, test } from '@jest/globals'
import { readPolicy, type Policy, type PolicyCommits } from '../../src/action/policy.ts'
import type { CommitReader } from '../../src/github/commit.ts'
import type { TreeEntry } from '../../src/github/trees.ts'
import type { Outcome } from '../../src/publish/model.ts'

type Special = 'symlink' | 'directory' | 'submodule' | 'missing'
type Files = Readonly<Record<string, string | Uint8Array | { readonly special: Special }>>

/** A commit with these files. */
function commit(files: Files, id = 'x'): CommitReader {
  const entry = (path: string): TreeEntry | null => {
    const file = files[path]
    if (file === undefined) return null
    const special = typeof file === 'object' && 'special' in file ? file.special : 'missing'
    return { path, kind: special === 'missing' ? 'file' : special, id: path, size: 10 }
  }
  return {
    commit: id,
    python: [],
    skipped: [],
    entry,
    content: async ({ path }) => {
      const file = files[path]
      if (typeof file === 'string') return new TextEncoder().encode(file)
      return file instanceof Uint8Array ? file : { reason: 'missing-file', message: 'blob x: 404' }
    },
    list: async () => [],
    read: async () => new Map(),
  }
}

const NONE = { config: null, profiles: [], failOn: null, baseline: null }
const read = (
  head: Files,
  base: Files | null,
  inputs: object = {},
  fork: Files | null = null,
): Promise<Outcome<Policy>> => {
  const tip = base === null ? null : commit(base)
  const commits: PolicyCommits = { head: commit(head), policy: tip, base: fork === null ? tip : commit(fork, 'fork') }
  return readPolicy(commits, { ...NONE, ...inputs })
}
async function policy(head: Files, base: Files | null, inputs: object = {}): Promise<Policy> {
  const outcome = await read(head, base, inputs)
  if (!outcome.ok) throw new Error(outcome.refusal.message)
  return outcome.value
}
const CONFIG = 'phasegate.yml'
const baseline = (...fingerprints: string[]): string =>
  JSON.stringify({
    version: 1,
    findings: fingerprints.map((fingerprint) => ({ fingerprint, rule: 'database-in-phase-1', reason: 'old' })),
  })
const [F1, F2] = ['a'.repeat(16), 'b'.repeat(16)]

const withBaseline = (...fingerprints: string[]): Files => ({
  [CONFIG]: 'baseline: b.json',
  'b.json': baseline(...fingerprints),
})
async function entries(head: Files, base: Files): Promise<unknown> {
  const result = await policy(head, base)
  return [result.baseline.map(({ fingerprint }) => fingerprint), result.notices.length, result.changed]
}

describe('with a base', () => {
  test('without files the defaults hold', async () => {
    expect(await policy({}, {})).toMatchObject({
      failOn: 'error',
      baseline: [],
      changed: false,
      notices: [],
      config: { file: null },
    })
  })

  test('what tightens applies, what loosens is listed', async () => {
    const stricter = await policy({ [CONFIG]: 'fail-on: warning' }, { [CONFIG]: 'fail-on: error' })
    const looser = await policy({ [CONFIG]: 'fail-on: never' }, { [CONFIG]: 'fail-on: error' })
    const first = await policy({ [CONFIG]: 'fail-on: never' }, {})
    expect([stricter.failOn, looser.failOn, first.failOn]).toEqual(['warning', 'error', 'error'])
    expect([stricter.changed, looser.changed, looser.notices.length, first.notices.length]).toEqual([true, true, 1, 1])
  })

  test('a file that was deleted, or moved, goes on holding', async () => {
    const before = { [CONFIG]: 'fail-on: warning' }
    expect((await policy({}, before)).failOn).toBe('warning')
    expect((await policy({ '.github/phasegate.yml': 'fail-on: never' }, before)).failOn).toBe('warning')
  })

  test('broken in the head is an error, broken in the base can be repaired', async () => {
    const [broken, sound] = [{ [CONFIG]: 'fail-on: [' }, { [CONFIG]: 'fail-on: warning' }]
    await expect(read(broken, sound)).rejects.toThrow(/^phasegate.yml/)
    await expect(read(broken, broken)).rejects.toThrow(/^phasegate.yml/)
    expect(await policy(sound, broken)).toMatchObject({
      failOn: 'warning',
      changed: true,
      notices: [expect.stringContaining('is broken'), expect.anything()],
    })
  })

  test('the baseline is the one of the base, less what the head dropped', async () => {
    expect(await entries(withBaseline(F1), withBaseline(F1))).toEqual([[F1], 0, false])
    expect(await entries(withBaseline(F1, F2), withBaseline(F1))).toEqual([[F1], 1, true])
    expect(await entries(withBaseline(F1), withBaseline(F1, F2))).toEqual([[F1], 0, false])
    expect(await entries(withBaseline(F1), { [CONFIG]: 'baseline: b.json' })).toEqual([[], 1, true])
    await expect(read({ [CONFIG]: 'baseline: b.json' }, { [CONFIG]: 'baseline: b.json' })).rejects.toThrow(
      'baseline: the repository has no file "b.json"',
    )
  })
})

describe('one commit alone', () => {
  test('its configuration is taken as it is', async () => {
    const files = { [CONFIG]: 'fail-on: never\nbaseline: b.json', 'b.json': baseline(F1) }
    expect(await policy(files, null)).toMatchObject({
      failOn: 'never',
      baseline: [{ fingerprint: F1 }],
      changed: false,
      notices: [],
    })
  })
})

describe('inputs', () => {
  test('win over the configuration', async () => {
    const files = { [CONFIG]: 'fail-on: warning\nprofiles: [django]' }
    const result = await policy(files, files, { failOn: 'note', profiles: ['flask', 'celery'] })
    expect([result.failOn, result.config.profiles]).toEqual(['note', ['flask', 'celery']])
  })

  test('a profile that nobody knows', async () => {
    await expect(read({}, {}, { profiles: ['rails'] })).rejects.toThrow(/^input profiles.*rails/)
  })

  test('another path of the configuration', async () => {
    const named = { config: 'ci/gate.yml' }
    const files = { 'ci/gate.yml': 'fail-on: warning', [CONFIG]: 'fail-on: note' }
    expect((await policy(files, files, named)).failOn).toBe('warning')
    expect((await policy(files, null, named)).failOn).toBe('warning')
    expect((await policy({ 'ci/gate.yml': 'fail-on: never' }, { 'ci/gate.yml': 'fail-on: error' }, named)).failOn).toBe(
      'error',
    )
    expect(await policy({ 'ci/gate.yml': 'fail-on: error' }, { 'ci/gate.yml': 'x: 1' }, named)).toMatchObject({
      changed: true,
    })
    await expect(read({}, {}, named)).rejects.toThrow('input config: the repository has no file "ci/gate.yml"')
  })
})

describe('in the place of a configuration', () => {
  test.each<[string, Files, RegExp]>([
    ['a symlink', { [CONFIG]: { special: 'symlink' } }, /^phasegate.yml: is a symlink, not a file$/],
    ['a directory', { [CONFIG]: { special: 'directory' } }, /^phasegate.yml: is a directory, not a file$/],
    ['a submodule', { [CONFIG]: { special: 'submodule' } }, /^phasegate.yml: is a submodule, not a file$/],
    ['a binary file', { [CONFIG]: new Uint8Array([1, 0, 2]) }, /^phasegate.yml: .*binary/],
    ['another encoding', { [CONFIG]: new Uint8Array([0x23, 0xe9]) }, /^phasegate.yml: .*UTF-8/],
    ['an LFS pointer', { [CONFIG]: 'version https://git-lfs.github.com/spec/v1\n' }, /^phasegate.yml: .*LFS/],
    ['two of them', { [CONFIG]: '', '.github/phasegate.yml': '' }, /^phasegate.yml and \.github\/phasegate.yml/],
  ])('%s', async (_, files, message) => {
    await expect(read(files, {})).rejects.toThrow(message)
    await expect(read(files, null)).rejects.toThrow(expect.objectContaining({ name: 'ConfigurationError' }))
  })

  test.each<[string, Files, Files]>([
    ['in the head', { [CONFIG]: { special: 'missing' } }, {}],
    ['in the base', {}, { [CONFIG]: { special: 'missing' } }],
  ])('a content that the host does not give, %s, is a refusal', async (_, head, base) => {
    expect(await read(head, base)).toEqual({
      ok: false,
      refusal: { kind: 'unavailable', status: 0, message: 'phasegate.yml: blob x: 404' },
    })
  })
})

describe('a branch that is older than the policy', () => {
  const allowing = 'allow: [{ entry-point: "modules/core/a/api.py::initialize", reason: "boots" }]\n'
  test.each<[string, Files, Files, Files, readonly [boolean, number, string]]>([
    ['leaves a new file alone', {}, { [CONFIG]: allowing }, {}, [false, 1, 'error']],
    [
      'leaves a changed file alone',
      { [CONFIG]: 'fail-on: never' },
      { [CONFIG]: allowing },
      { [CONFIG]: 'fail-on: never' },
      [false, 1, 'error'],
    ],
    [
      'leaves a repaired file alone',
      { [CONFIG]: 'nonsense: 1' },
      { [CONFIG]: allowing },
      { [CONFIG]: 'nonsense: 1' },
      [false, 1, 'error'],
    ],
    [
      'leaves a moved file alone',
      { [CONFIG]: 'fail-on: warning' },
      { '.github/phasegate.yml': allowing },
      { [CONFIG]: 'fail-on: warning' },
      [false, 1, 'error'],
    ],
    [
      'tightens what it changes itself',
      { [CONFIG]: 'fail-on: warning' },
      { [CONFIG]: allowing },
      {},
      [true, 0, 'warning'],
    ],
  ])('%s', async (_what, head, base, fork, expected) => {
    const outcome = await read(head, base, {}, fork)
    if (!outcome.ok) throw new Error(outcome.refusal.message)
    const { changed, config, failOn } = outcome.value
    expect([changed, config.allow.length, failOn]).toEqual(expected)
  })

  test('keeps the entries that the baseline of the base has gained', async () => {
    const outcome = await read(withBaseline(F1), withBaseline(F1, F2), {}, withBaseline(F1))
    if (!outcome.ok) throw new Error(outcome.refusal.message)
    expect([outcome.value.baseline.map(({ fingerprint }) => fingerprint), outcome.value.changed]).toEqual([
      [F1, F2],
      false,
    ])
  })
})
