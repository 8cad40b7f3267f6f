import { describe, expect, test } from '@jest/globals'
import { defaultConfig, loadConfig } from '../../src/config/load.ts'
import { resolvePolicy } from '../../src/config/policy.ts'
import { baselineAt, configAt, policyBetween, resolveBaseline, textOf } from '../../src/config/files.ts'
import type { AskFile } from '../../src/config/files.ts'
import type { NamedFile } from '../../src/config/model.ts'

const load = (text: string) => loadConfig(text, 'phasegate.yml')
const between = (base: string | null, head: string | null) =>
  resolvePolicy(base === null ? null : load(base), head === null ? null : load(head))

const NOW = 'this applies at once.'
const LATER = 'this is looser, so it applies after the merge.'

describe('equal configurations', () => {
  test('change nothing', () => {
    const text = 'profiles: [django]\nallow: [{ entry-point: a.py, reason: r }]\nfail-on: warning\n'
    expect(between(text, text)).toEqual({ config: load(text), changed: false, notices: [] })
  })

  test('no file at all is the defaults', () => {
    expect(between(null, null)).toEqual({ config: defaultConfig(), changed: false, notices: [] })
  })

  test('comments are no change', () => {
    expect(between('# a', 'fail-on: error # b')).toEqual({
      config: { ...defaultConfig(), file: 'phasegate.yml', failOn: 'error' },
      changed: true,
      notices: [],
    })
  })
})

describe('what the head may do at once, and what waits', () => {
  test.each<[string, string, string, object, readonly string[]]>([
    [
      'profiles gain',
      'profiles: [django]',
      'profiles: [django, celery]',
      { profiles: ['django', 'celery'] },
      [`Configuration: profiles gains celery; ${NOW}`],
    ],
    [
      'profiles lose',
      'profiles: [django, celery]',
      'profiles: [celery]',
      { profiles: ['django', 'celery'] },
      [`Configuration: profiles loses django; ${LATER}`],
    ],
    [
      'include',
      'include: [a/*]',
      'include: [b/*]',
      { include: ['a/*', 'b/*'] },
      [`Configuration: include gains b/*; ${NOW}`, `Configuration: include loses a/*; ${LATER}`],
    ],
    [
      'exclude',
      'exclude: [a/*, b/*]',
      'exclude: [b/*, c/*]',
      { exclude: ['b/*'] },
      [`Configuration: exclude gains c/*; ${LATER}`, `Configuration: exclude loses a/*; ${NOW}`],
    ],
    [
      'entry-points',
      'entry-points: [{ files: a.py }]',
      'entry-points: [{ files: b.py }]',
      { entryPoints: [...load('entry-points: [{ files: a.py }, { files: b.py }]').entryPoints] },
      [`Configuration: entry-points gains b.py; ${NOW}`, `Configuration: entry-points loses a.py; ${LATER}`],
    ],
    [
      'operations',
      'operations: [{ symbol: a.b, kind: query }]',
      'operations: [{ symbol: a.c, kind: query }]',
      { operations: load('operations: [{ symbol: a.b, kind: query }, { symbol: a.c, kind: query }]').operations },
      [`Configuration: operations gains a.c; ${NOW}`, `Configuration: operations loses a.b; ${LATER}`],
    ],
    [
      'invokers',
      'invokers: [{ symbol: a.b, arguments: [0] }]',
      'invokers: [{ symbol: a.b, arguments: [1] }]',
      {
        invokers: [
          { symbol: 'a.b', arguments: [0] },
          { symbol: 'a.b', arguments: [1] },
        ],
      },
      [`Configuration: invokers gains a.b; ${NOW}`, `Configuration: invokers loses a.b; ${LATER}`],
    ],
    [
      'deferrals',
      'deferrals: [{ symbol: a.b, arguments: [0] }, { symbol: a.x, arguments: [0] }]',
      'deferrals: [{ symbol: a.b, arguments: [0] }, { symbol: a.c, arguments: [0] }]',
      { deferrals: [{ symbol: 'a.b', arguments: [0] }] },
      [`Configuration: deferrals gains a.c; ${LATER}`, `Configuration: deferrals loses a.x; ${NOW}`],
    ],
    [
      'events',
      'events: []',
      'events: [{ subscribe: "*.on", arguments: [1], emit: "*.emit" }]',
      { events: [{ subscribe: '*.on', arguments: [1], emit: '*.emit' }] },
      [`Configuration: events gains *.emit; ${NOW}`],
    ],
    [
      'allow',
      'allow: [{ entry-point: a.py, reason: r }, { entry-point: b.py, reason: r }]',
      'allow: [{ entry-point: b.py, reason: better }, { entry-point: c.py, reason: r }]',
      { allow: [{ entryPoint: 'b.py', reason: 'better' }] },
      [`Configuration: allow gains c.py; ${LATER}`, `Configuration: allow loses a.py; ${NOW}`],
    ],
    [
      'services',
      'services: { a: m.A, b: m.B }',
      'services: { a: m.X, c: m.C }',
      { services: { a: 'm.X', c: 'm.C' } },
      [`Configuration: services changes a, b, c; ${NOW}`],
    ],
    [
      'rules',
      'rules: { missing-initialize: error, not-followed: warning, unregistered-model: off }',
      'rules: { missing-setup-hook: off, not-followed: error, database-in-phase-1: error }',
      {
        rules: {
          'database-in-phase-1': 'error',
          'missing-setup-hook': 'warning',
          'missing-initialize': 'error',
          'unregistered-model': 'note',
          'not-followed': 'error',
        },
      },
      [
        `Configuration: rule missing-setup-hook goes from warning to off; ${LATER}`,
        `Configuration: rule missing-initialize goes from error to warning; ${LATER}`,
        `Configuration: rule unregistered-model goes from off to note; ${NOW}`,
        `Configuration: rule not-followed goes from warning to error; ${NOW}`,
      ],
    ],
    [
      'fail-on lower',
      'fail-on: error',
      'fail-on: note',
      { failOn: 'note' },
      [`Configuration: fail-on goes from error to note; ${NOW}`],
    ],
    [
      'fail-on higher',
      'fail-on: warning',
      'fail-on: never',
      { failOn: 'warning' },
      [`Configuration: fail-on goes from warning to never; ${LATER}`],
    ],
    [
      'baseline added',
      '# none',
      'baseline: b.json',
      { baseline: null },
      [`Configuration: baseline becomes b.json; ${LATER}`],
    ],
    [
      'baseline moved',
      'baseline: a.json',
      'baseline: b.json',
      { baseline: 'a.json' },
      [`Configuration: baseline becomes b.json; ${LATER}`],
    ],
    [
      'baseline dropped',
      'baseline: a.json',
      '# none',
      { baseline: null },
      [`Configuration: baseline loses a.json; ${NOW}`],
    ],
  ])('%s', (_, base, head, changes, notices) => {
    expect(between(base, head)).toEqual({
      config: { ...load(base), ...changes },
      changed: true,
      notices,
    })
  })

  test('a first file and a deleted file are judged like any change', () => {
    const loose =
      'exclude: ["**"]\nfail-on: never\nrules: { database-in-phase-1: off }\nallow: [{ entry-point: a.py, reason: r }]\nprofiles: [flask]\ninclude: [x/*]\nbaseline: b.json\n'
    const first = between(null, loose)
    expect(first.config).toEqual({
      ...defaultConfig(),
      file: 'phasegate.yml',
      profiles: ['flask'],
      include: ['**/*.py', 'x/*'],
      rules: { 'database-in-phase-1': 'error' },
      failOn: 'error',
    })
    expect(first.changed).toBe(true)
    const strict =
      'entry-points: [{ files: a.py }]\nfail-on: note\nrules: { missing-initialize: error }\nprofiles: [plain]\n'
    const deleted = between(strict, null)
    expect(deleted.config).toEqual({ ...load(strict), detect: true, include: ['**/*.py'] })
    expect(deleted.notices).toEqual([
      `Configuration: profiles loses plain; ${LATER}`,
      `Configuration: profiles are detected again; ${NOW}`,
      `Configuration: entry-points loses a.py; ${LATER}`,
      `Configuration: rule missing-initialize goes from error to warning; ${LATER}`,
      `Configuration: fail-on goes from note to error; ${LATER}`,
    ])
  })

  test('naming profiles does not switch detection off in the same change', () => {
    expect(between('# detect', 'profiles: [django]')).toEqual({
      config: { ...defaultConfig(), file: 'phasegate.yml', profiles: ['django'] },
      changed: true,
      notices: [
        `Configuration: profiles gains django; ${NOW}`,
        'Configuration: profiles are named instead of detected; switching detection off is looser, so it applies after the merge.',
      ],
    })
  })

  test('long lists are cut', () => {
    const many = Array.from({ length: 8 }, (_, at) => `e${at}`).join(', ')
    expect(between('# none', `exclude: [${many}]`).notices).toEqual([
      `Configuration: exclude gains e0, e1, e2, e3, e4 and 3 more; ${LATER}`,
    ])
  })
})

const entry = (fingerprint: string) => ({ fingerprint: fingerprint.repeat(16), rule: 'r', reason: 'x' })
const file = (text: string): NamedFile => ({ kind: 'file', bytes: Buffer.from(text) })
const tree =
  (files: Readonly<Record<string, NamedFile>>): AskFile =>
  (path) =>
    Promise.resolve(files[path] ?? { kind: 'absent' })

describe('files', () => {
  test('the configuration of a tree, in either place, but not in both', async () => {
    expect(await configAt(tree({}))).toBeNull()
    expect((await configAt(tree({ '.github/phasegate.yml': file('fail-on: note') })))?.failOn).toBe('note')
    await expect(
      configAt(tree({ 'phasegate.yml': file(''), '.github/phasegate.yml': file('') })),
    ).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: 'phasegate.yml and .github/phasegate.yml: two configurations; keep one of them',
    })
  })

  test.each<[string, NamedFile, string]>([
    ['a link', { kind: 'refused', reason: 'is a symbolic link' }, 'c.yml: is a symbolic link'],
    ['nothing', { kind: 'absent' }, 'c.yml: no such file'],
    ['a binary file', { kind: 'file', bytes: Buffer.from([1, 0, 2]) }, 'c.yml: a binary file'],
    ['another encoding', { kind: 'file', bytes: Buffer.from([0xe9]) }, 'c.yml: not UTF-8 text'],
    [
      'an LFS pointer',
      file('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
      'c.yml: a Git LFS pointer, not the file itself',
    ],
  ])('%s in its place is refused', (_, found, message) => {
    expect(() => textOf(found, 'c.yml')).toThrow(message)
  })

  test('a broken base can be repaired, a broken head is refused', async () => {
    const broken = tree({ 'phasegate.yml': file('profiles: 3') })
    const sound = tree({ 'phasegate.yml': file('fail-on: note\nexclude: [a]') })
    expect(await policyBetween(broken, sound)).toEqual({
      config: { ...defaultConfig(), file: 'phasegate.yml', failOn: 'note' },
      changed: true,
      notices: [
        'The configuration of the base is broken (phasegate.yml:1: profiles: expected a list, got number 3); until this is merged the defaults are the policy.',
        `Configuration: exclude gains a; ${LATER}`,
        `Configuration: fail-on goes from error to note; ${NOW}`,
      ],
    })
    await expect(policyBetween(sound, broken)).rejects.toMatchObject({ name: 'ConfigurationError' })
    await expect(policyBetween(broken, broken)).rejects.toMatchObject({ name: 'ConfigurationError' })
  })

  test('a baseline that is moved, grown or gone', async () => {
    expect(resolveBaseline([entry('a'), entry('b')], [entry('b'), entry('c')])).toEqual({
      entries: [entry('b')],
      notices: ['Baseline: 1 more entry; this is looser, so it applies after the merge.'],
    })
    expect(resolveBaseline(null, [entry('a'), entry('b')])).toEqual({
      entries: [],
      notices: ['Baseline: 2 more entries; this is looser, so it applies after the merge.'],
    })
    expect(resolveBaseline([entry('a')], null)).toEqual({ entries: [], notices: [] })
    expect(await baselineAt(tree({}), 'b.json')).toBeNull()
    expect(await baselineAt(tree({ 'b.json': file('{"version":1,"findings":[]}') }), 'b.json')).toEqual([])
  })
})
