// `phasegate check` and the other commands on real trees and real git repositories: what they print, where, and how they end; of every command
// one run is the built one.
// stdout carries the report alone, so every format is read back whole.
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { removeTemporaryDirectories, temporaryDirectory, testRepository, writeFiles } from '../sources/repository.ts'
import type { TestRepository } from '../sources/repository.ts'
import { obeyed } from '../support/runner-log.ts'
import { sarifSubset } from '../support/sarif-subset.ts'
import { openCommandLines, phasegate, type Ran } from './cli.ts'
import { API_PATH, LOADS_IN_CONSTRUCTOR, LOADS_IN_INITIALIZE, PATH, SERVICES, SHOP, withDocstring } from './shop.ts'

const SCHEMA = new URL('../../schemas/report.schema.json', import.meta.url)

/** `main` is clean; `topic` makes the constructor load. The working tree is on `topic`. */
let repository: TestRepository
let head: string
beforeAll(() => {
  repository = testRepository()
  repository.commit(SHOP)
  repository.git('checkout', '--quiet', '-b', 'topic')
  head = repository.commit({ [PATH]: LOADS_IN_CONSTRUCTOR })
})
const inside = openCommandLines()
afterAll(() => {
  inside.close()
  removeTemporaryDirectories()
})

function directory(files: Readonly<Record<string, string>>): string {
  const made = temporaryDirectory()
  writeFiles(made, files)
  return made
}

const check = (...args: readonly string[]): Promise<Ran> => inside.run(repository.directory, 'check', ...args)

describe('check --base', () => {
  test.concurrent('tells the finding with its path and source lines, and ends with 1', async () => {
    const { exit, stdout, stderr } = await phasegate(repository.directory, 'check', '.', '--base', 'main')
    expect([exit, stderr]).toEqual([1, ''])
    expect(
      stdout
        .replaceAll(/\b[0-9a-f]{7}\b/g, 'SHA')
        .replace(/[\d.]+ s\n$/, 'T s\n')
        .replace(/\d+ calls/, 'N calls'),
    ).toBe(
      [
        'error[database-in-phase-1] modules/standard/shop/api.py::initialize',
        '  self.app_context.db_sync_session() uses a database session in Phase 1',
        '  Clean at base SHA: this work did not run there. This change writes step 2 of the path below;',
        '  the database work itself is older.',
        '  1. modules/standard/shop/api.py:5 initialize constructs ItemService',
        '       5 | service = ItemService(app_context)',
        '         |           ^^^^^^^^^^^^^^^^^^^^^^^^',
        '  2. modules/standard/shop/services.py:7 ItemService.__init__ calls ItemService.load',
        '       7 | self.load()',
        '         | ^^^^^^^^^^^',
        '  3. modules/standard/shop/services.py:13 ItemService.load uses a database session',
        '      13 | with self.app_context.db_sync_session() as session:',
        '         |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
        '  The same function also runs session.execute(text("select name from items")) (line 14).',
        '  why:  Phase 1 only registers: the database may not be ready yet, its tables are created in order,',
        "        and concurrent work at start-up can deadlock. An error in one module's database work must",
        '        not stop the registration of the others.',
        '  fix:  Move the database work into Phase 2: put it into `async def setup_module(app_context)` and',
        '        pass that function to `app_context.register_module_setup_hook(module_id=...,',
        '        setup_method=setup_module)`, or do it on first use in a service method. A try/except, a',
        '        configuration flag or an `is_initialized()` check does not move it out of Phase 1.',
        '  keep: # phasegate: ignore[database-in-phase-1] -- reason',
        '',
        '1 new finding (1 error)',
        '1 module analysed, 2 entry points, N calls followed',
        '2 files, 3 parsed, 0 from the cache, T s',
        '',
      ].join('\n'),
    )
  })

  test.concurrent('as JSON is the published report, with both commits', async () => {
    const { exit, stdout, stderr } = await check('.', '--base', 'main', '--head', 'topic', '--format', 'json')
    const report = JSON.parse(stdout) as Record<string, unknown>
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    const fits = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object)
    expect([exit, stderr, fits(report), fits.errors ?? null]).toEqual([1, '', true, null])
    expect(report).toMatchObject({ verdict: 'fail', base: repository.git('rev-parse', 'main'), head })
  })

  test.concurrent('as SARIF is one run with one result', async () => {
    const { exit, stdout } = await check('.', '--base', 'main', '--format', 'sarif')
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    const log = JSON.parse(stdout) as { runs: { results: { ruleId: string; baselineState: string }[] }[] }
    expect([exit, ajv.validate(sarifSubset, log), ajv.errors]).toEqual([1, true, null])
    expect(log.runs[0]?.results.map((it) => [it.ruleId, it.baselineState])).toEqual([['database-in-phase-1', 'new']])
  })

  test.concurrent('as workflow commands is one annotation on the changed line', async () => {
    const { exit, stdout } = await check('.', '--base', 'main', '--format', 'github')
    expect([exit, obeyed(stdout)]).toEqual([1, ['error']])
    expect(stdout).toMatch(new RegExp(`^::error file=${PATH},line=7,endLine=7,title=Database work in Phase 1`))
    expect(stdout).toMatch(/\n1 new finding \(1 error\); 1 module analysed, 2 entry points, \d+ calls followed\n$/)
  })

  test.concurrent('as Markdown is a document', async () => {
    const { exit, stdout } = await check('.', '--base', 'main', '--format', 'markdown')
    expect([exit, stdout.startsWith('## 1 new finding\n\n'), stdout.includes('### New findings')]).toEqual([
      1,
      true,
      true,
    ])
  })

  test.concurrent('writes further reports into files', async () => {
    const files = temporaryDirectory()
    const outputs = ['json', 'sarif'].flatMap((format) => ['--output', `${format}:${join(files, format)}`])
    const { exit, stdout } = await check('.', '--base', 'main', '--quiet', ...outputs)
    const [json, sarif] = ['json', 'sarif'].map((name) => JSON.parse(readFileSync(join(files, name), 'utf8')) as object)
    expect([exit, stdout.includes('1 new finding (1 error)')]).toEqual([1, true])
    expect([json, sarif]).toEqual([
      expect.objectContaining({ verdict: 'fail' }),
      expect.objectContaining({ version: '2.1.0' }),
    ])
  })

  test.concurrent('of the same commit finds nothing new', async () => {
    const { exit, stdout } = await check('.', '--base', 'topic')
    expect([exit, stdout]).toEqual([0, 'No Python changed\n'])
  })

  test.concurrent('sees what is not committed yet', async () => {
    const own = testRepository()
    own.commit(SHOP)
    own.write({ [API_PATH]: LOADS_IN_INITIALIZE })
    const { exit, stdout } = await inside.run(own.directory, 'check', '--base', 'HEAD')
    expect([exit, stdout.includes(`${API_PATH}:6 initialize calls ItemService.load`)]).toEqual([1, true])
  })

  test.concurrent('does not blame a branch for what its base gained', async () => {
    const own = testRepository()
    own.commit(SHOP)
    own.git('checkout', '--quiet', '-b', 'topic')
    own.commit({ [PATH]: withDocstring(SERVICES) })
    own.git('checkout', '--quiet', 'main')
    own.commit({
      'modules/standard/late/api.py': 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n',
    })
    const { exit, stdout } = await inside.run(own.directory, 'check', '--base', 'main', '--head', 'topic')
    expect([exit, stdout.split('\n')[0]]).toEqual([0, 'No database work in Phase 1'])
  })

  test.concurrent('without a common ancestor is incomplete, in one line', async () => {
    const own = testRepository()
    own.commit(SHOP)
    own.git('checkout', '--quiet', '--orphan', 'island')
    own.commit({ 'README.md': 'alone\n' })
    const { exit, stdout, stderr } = await inside.run(own.directory, 'check', '--base', 'main')
    expect([exit, stdout, stderr]).toEqual([
      3,
      '',
      'phasegate: main and the working tree have no common ancestor: nothing can be compared\n',
    ])
  })
})

describe('check', () => {
  test.concurrent('of a tree reports all that is there', async () => {
    const { exit, stdout } = await check()
    expect([exit, stdout.includes('\n1 finding (1 error)\n')]).toEqual([1, true])
  })

  test.concurrent('of two directories compares them', async () => {
    const [before, after] = [directory(SHOP), directory({ ...SHOP, [PATH]: LOADS_IN_CONSTRUCTOR })]
    const { exit, stdout } = await inside.run(after, 'check', '.', '--base-dir', before, '--format', 'json')
    const report = JSON.parse(stdout) as { base: null; findings: { baselineState: string }[] }
    expect([exit, report.base, report.findings.map((it) => it.baselineState)]).toEqual([1, null, ['new']])
  })

  test.concurrent('of a clean tree ends with 0', async () => {
    const { exit, stdout, stderr } = await phasegate(directory(SHOP), 'check')
    expect([exit, stderr, stdout.split('\n')[0]]).toEqual([0, '', 'No database work in Phase 1'])
  })

  test.concurrent('of a broken file ends with 3, or with 0 and the same words on request', async () => {
    const broken = directory({ ...SHOP, [PATH]: SERVICES.replace('def load(self):', 'def load(self:') })
    const [failing, warning] = await Promise.all([
      phasegate(broken, 'check'),
      inside.run(broken, 'check', '--on-incomplete', 'warn'),
    ])
    const last = new RegExp(`^Incomplete: ${PATH}:12 could not be parsed$`, 'm')
    expect([failing.exit, warning.exit]).toEqual([3, 0])
    expect([failing.stdout, warning.stdout]).toEqual([expect.stringMatching(last), expect.stringMatching(last)])
  })

  test.concurrent('fails on what it is asked to fail on', async () => {
    const [never, error] = await Promise.all([
      check('.', '--fail-on', 'never', '--quiet'),
      check('.', '--fail-on', 'error', '--quiet'),
    ])
    expect([never.exit, error.exit]).toEqual([0, 1])
  })

  test.concurrent('takes accepted findings from a baseline', async () => {
    const { stdout } = await check('.', '--format', 'json')
    const [finding] = (JSON.parse(stdout) as { findings: { fingerprint: string; rule: string }[] }).findings
    const file = join(temporaryDirectory(), 'baseline.json')
    writeFiles(join(file, '..'), {
      'baseline.json': JSON.stringify({
        version: 1,
        findings: [{ fingerprint: finding?.fingerprint, rule: finding?.rule, reason: 'known since 2019' }],
      }),
    })
    const accepted = await check('.', '--baseline', file)
    expect([accepted.exit, accepted.stdout.includes(': known since 2019\n')]).toEqual([0, true])
  })

  test.concurrent('applies safe edits and reports what is left', async () => {
    const called = 'def initialize(app_context):\n    seed(app_context)\n\n\n'
    const own = directory({
      'modules/standard/new/api.py': `${called}def seed(app_context):\n    app_context.db_sync_engine.connect()\n`,
    })
    const { exit, stdout, stderr } = await inside.run(own, 'check', '--fix')
    expect([exit, stdout.split('\n')[0]]).toEqual([0, 'No database work in Phase 1'])
    expect(stderr).toBe('phasegate: modules/standard/new/api.py:2: Register `seed` instead of calling it\n')
    expect((await inside.run(own, 'check')).exit).toBe(0)
  })

  test.concurrent('accepts what is there, until it is gone', async () => {
    const own = directory({ ...SHOP, [PATH]: LOADS_IN_CONSTRUCTOR })
    const [first, again] = [
      await inside.run(own, 'check', '--update-baseline', '--baseline', 'accepted.json'),
      await inside.run(own, 'check', '--baseline', 'accepted.json'),
    ]
    expect([first.exit, again.exit]).toEqual([0, 0])
    expect(first.stderr).toContain('phasegate: accepted.json: 1 added, 0 removed, 0 kept\n')
    writeFiles(own, SHOP)
    const { exit, stderr } = await inside.run(own, 'check', '--update-baseline', '--baseline', 'accepted.json')
    expect([exit, stderr.includes('accepted.json: 0 added, 1 removed, 0 kept')]).toEqual([0, true])
  })

  test.concurrent('uses the profile that is named, and the entry points of the configuration', async () => {
    const plugins = directory({
      'phasegate.yml': 'entry-points:\n  - { files: "plugins/*.py", function: load }\n',
      'plugins/one.py': 'import sqlite3\n\n\ndef load():\n    sqlite3.connect("x").execute("select 1")\n',
    })
    const { exit, stdout } = await inside.run(plugins, 'check', '--profile', 'plain')
    expect([exit, stdout.startsWith('error[database-in-phase-1] plugins/one.py::load\n')]).toEqual([1, true])
  })

  test.concurrent('writes nothing into the tree', async () => {
    const own = testRepository()
    own.commit(SHOP)
    await inside.run(own.directory, 'check')
    expect(own.git('status', '--porcelain', '--ignored')).toBe('')
  })

  test.concurrent('of a directory of links says what it did not look at', async () => {
    const root = temporaryDirectory()
    writeFiles(root, Object.fromEntries(Object.entries(SHOP).map(([path, text]) => [`real/${path}`, text])))
    mkdirSync(`${root}/linked`)
    symlinkSync('../real/modules', `${root}/linked/modules`)
    const { exit, stdout } = await inside.run(root, 'check', 'linked')
    expect([exit, stdout.split('\n').filter((line) => line.includes('Links'))]).toEqual([
      0,
      ['  Links are never followed, so nothing behind them was analysed: modules.'],
    ])
  })

  test.concurrent('of an empty directory says that there is nothing', async () => {
    const empty = temporaryDirectory()
    mkdirSync(join(empty, 'docs'))
    const { exit, stdout } = await inside.run(empty, 'check')
    expect([exit, stdout.includes('No entry points found')]).toEqual([0, true])
  })
})

const GRAPH = ['graph', '.', '--entry', `${API_PATH}::initialize`]
const graph = (format: string): Promise<Ran> => inside.run(repository.directory, ...GRAPH, '--format', format)

describe('graph', () => {
  const load = 'modules.standard.shop.services.ItemService.load'

  test.concurrent('as JSON is an adjacency list of dotted names', async () => {
    const { exit, stdout, stderr } = await phasegate(repository.directory, ...GRAPH, '--format', 'json')
    const edges = JSON.parse(stdout) as Record<string, string[]>
    expect([exit, stderr, edges['modules.standard.shop.services.ItemService.__init__']]).toEqual([0, '', [load]])
    const targets = Object.values(edges).flat()
    expect(targets.filter((name) => !(name in edges))).toEqual([])
  })

  test.concurrent('as dot and as Mermaid has the same edges', async () => {
    const [dot, mermaid] = await Promise.all([graph('dot'), graph('mermaid')])
    expect([dot.exit, dot.stdout.startsWith('digraph calls {\n'), dot.stdout.endsWith('}\n')]).toEqual([0, true, true])
    expect(dot.stdout).toContain(`"modules.standard.shop.services.ItemService.__init__" -> "${load}";`)
    expect([mermaid.exit, mermaid.stdout.startsWith('flowchart LR\n')]).toEqual([0, true])
    expect(mermaid.stdout.match(/ --> /g)?.length).toBe(dot.stdout.match(/ -> /g)?.length)
  })
})

describe('the other commands', () => {
  test.concurrent('rules lists them, explain tells one', async () => {
    const [rules, explained] = await Promise.all([
      phasegate('.', 'rules'),
      phasegate('.', 'explain', 'database-in-phase-1'),
    ])
    expect([rules.exit, rules.stdout.trimEnd().split('\n').length]).toEqual([0, 11])
    expect([explained.exit, explained.stdout.split('\n')[0]]).toEqual([
      0,
      'database-in-phase-1 (error): Database work in Phase 1',
    ])
  })

  test.concurrent('init writes a workflow and a configuration that check takes', async () => {
    const own = testRepository()
    own.commit(SHOP)
    const { exit, stdout, stderr } = await phasegate(
      own.directory,
      'init',
      '--uses',
      `acme/phasegate@${'0'.repeat(40)}`,
    )
    expect([exit, stderr, stdout.split('\n')[0]]).toEqual([
      0,
      '',
      'Found modular-python-framework: 2 entry points in 2 Python files.',
    ])
    expect(own.git('status', '--porcelain', '-uall')).toBe('?? .github/workflows/phasegate.yml\n?? phasegate.yml')
    expect((await inside.run(own.directory, 'check')).exit).toBe(0)
  })

  test.concurrent('--version and --help end with 0', async () => {
    const [version, help] = await Promise.all([phasegate('.', '--version'), phasegate('.', '--help')])
    expect([version.exit, version.stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)])
    expect([help.exit, help.stdout.includes('phasegate check [PATH]')]).toEqual([0, true])
  })

  test.concurrent('demo plays its story to the end', async () => {
    const { exit, stdout, stderr } = await phasegate(temporaryDirectory(), 'demo')
    expect([exit, stderr]).toEqual([0, ''])
    expect(stdout.match(/^── \d\. /gm)).toHaveLength(3)
    expect(stdout).not.toContain('GitHub would have objected')
  })
})
