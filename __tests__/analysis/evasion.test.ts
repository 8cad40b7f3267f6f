// What somebody would write to get past the gate: suppressions that are none, names that hide what is called, entry points in disguise. Each is
// found, or named as not followed or incomplete; never silent.
import { describe, expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

const API = 'modules/standard/x/api.py'
const WORK = 'ctx.db_sync_engine.connect()'
const FOUND = [`database-in-phase-1 error high ${API}:2`]

const initialize = (...lines: readonly string[]): string =>
  ['def initialize(ctx):', ...lines.map((line) => `    ${line}`), ''].join('\n')

async function findings(text: string, files: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const review = await reviewed({ [API]: text, ...files })
  return told({ ...review, findings: review.findings.filter((it) => it.suppression === null) })
}

describe('a comment that suppresses nothing', () => {
  test.each<[string, string]>([
    ['names no rule', '# phasegate: ignore -- why'],
    ['names every rule', '# phasegate: ignore[*] -- why'],
    ['names an unknown rule', '# phasegate: ignore[database] -- why'],
    ['names a rule of another phase', '# phasegate: ignore[database-at-import] -- why'],
    ['accepts scheduled work only', '# phasegate: ignore[database-scheduled-in-phase-1] -- why'],
    ['gives no reason', '# phasegate: ignore[database-in-phase-1]'],
    ['gives blanks as its reason', '# phasegate: ignore[database-in-phase-1] -- \u00a0'],
    ['gives invisible characters as its reason', '# phasegate: ignore[database-in-phase-1] -- \u200b\u2060'],
    ['gives punctuation as its reason', '# phasegate: ignore[database-in-phase-1] -- ...'],
    ['is part of a string', 'x = "# phasegate: ignore[database-in-phase-1] -- why"'],
  ])('%s', async (_, comment) => {
    expect(await findings(initialize(`${WORK};  ${comment}`))).toContain(FOUND[0])
  })

  test('on the definition, not on the call', async () => {
    const text = `# phasegate: ignore[database-in-phase-1] -- why\n${initialize(WORK)}`
    expect(await findings(text)).toContain(`database-in-phase-1 error high ${API}:3`)
  })
})

describe('a suppression of scheduled work', () => {
  const body = (comment: string, ...more: readonly string[]): string =>
    [
      'import threading',
      'def load(ctx):',
      `    ${WORK}`,
      initialize('t = threading.Thread(target=load, args=(ctx,))', `t.start()  ${comment}`, ...more),
    ].join('\n')
  const accepted = '# phasegate: ignore[database-scheduled-in-phase-1] -- a warm-up'

  test.each<[string, string, readonly string[]]>([
    ['hides it', body(accepted), []],
    [
      'does not hide it once it is waited for, and says so',
      body(accepted, 't.join()'),
      [`database-in-phase-1 error high ${API}:3`, `unused-suppression warning high ${API}:6`],
    ],
    [
      'on a call hides what the call schedules, and nothing that it does itself',
      body('', `both(ctx)  ${accepted}`).replace('t.start()', 'pass') +
        ['def both(ctx):', '    threading.Thread(target=load, args=(ctx,)).start()', `    ${WORK}`, ''].join('\n'),
      [`database-in-phase-1 error high ${API}:10`],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await findings(text)).toEqual(expected)
  })

  test('names both rules to hide both', async () => {
    const both = '# phasegate: ignore[database-scheduled-in-phase-1, database-in-phase-1] -- a warm-up'
    expect(await findings(body(both, 't.join()'))).toEqual([])
  })
})

describe('an entry point in disguise', () => {
  test.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['a star import', 'from .impl import *\n', { 'modules/standard/x/impl.py': initialize(WORK) }, 'impl.py:2'],
    [
      'a star import of a star import',
      'from .impl import *\n',
      {
        'modules/standard/x/impl.py': 'from .more import *\n',
        'modules/standard/x/more.py': initialize(WORK),
      },
      'more.py:2',
    ],
    [
      'an alias',
      'from .impl import go as initialize\n',
      { 'modules/standard/x/impl.py': `def go(ctx):\n    ${WORK}\n` },
      'impl.py:2',
    ],
    ['a lambda', `initialize = lambda ctx: ${WORK}\n`, {}, 'api.py:1'],
    ['an object', `class I:\n    def __call__(self, ctx):\n        ${WORK}\ninitialize = I()\n`, {}, 'api.py:3'],
    ['a loop variable', `def go(ctx):\n    ${WORK}\nfor initialize in [go]:\n    pass\n`, {}, 'api.py:2'],
    ['compatibility characters', `def find(ctx):\n    ${WORK}\n${initialize('ﬁnd(ctx)')}`, {}, 'api.py:2'],
  ])('%s', async (_, text, files, place) => {
    expect(await findings(text, files)).toContain(`database-in-phase-1 error high modules/standard/x/${place}`)
  })

  test('a star import of itself ends', async () => {
    expect(await findings('from .api import *\n')).toEqual([`missing-initialize warning high ${API}:1`])
  })

  test('a package in the place of the file', async () => {
    const file = 'modules/standard/y/api/__init__.py'
    const { findings: found } = await reviewed({ [API]: initialize('pass'), [file]: initialize(WORK) })
    expect(found.map((it) => [it.rule, it.entryPoint])).toEqual([['database-in-phase-1', `${file}::initialize`]])
  })
})

describe('code that nobody sees', () => {
  test.each<[string, readonly string[], string]>([
    ['from a file', ['import runpy', 'runpy.run_path("seed.txt")'], 'exec'],
    ['in a function made of code', ['import types', 'types.FunctionType(load.__code__, globals())(ctx)'], 'exec'],
    ['in a computed text', ['exec(ctx.code)'], 'exec'],
    ['in a computed module', ['__import__(ctx.name).go()'], 'dynamic-import'],
    ['behind a computed name', ['getattr(ctx, ctx.name)()'], 'dynamic-getattr'],
  ])('%s is named', async (_, lines, reason) => {
    const review = await reviewed({ [API]: `def load(ctx):\n    ${WORK}\n${initialize(...lines)}` })
    expect(review.notFollowed.map((it) => it.reason)).toContain(reason)
  })

  test.each<[string, readonly string[]]>([
    ['run as a module', ['import runpy', 'runpy.run_module("modules.standard.x.seed")']],
    ['called by its special method', ['connect = ctx.db_sync_engine.connect', 'connect.__call__()']],
  ])('%s is found', async (_, lines) => {
    const files = { 'modules/standard/x/seed.py': 'import sqlite3\nsqlite3.connect("x")\n' }
    const found = await findings(initialize(...lines), files)
    expect(found.map((it) => it.split(' ').slice(0, 3).join(' '))).toEqual(['database-in-phase-1 error high'])
  })
})
