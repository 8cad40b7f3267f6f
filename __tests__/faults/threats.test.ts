// Threats from whoever can open a pull request: planted markers, suppressions in strings, names of the prototype,
// poisoned repositories, heads that move at every moment, tokens that could leak. The rest of the list: see index.json.
import { afterAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { env } from 'node:process'
import type { FileChanges } from '../../src/demo/git.ts'
import { problemsAfter } from '../end-to-end/aftermath.ts'
import { pageOf } from '../end-to-end/page.ts'
import { API_PATH, PATH, QUERIES_IN_CONSTRUCTOR, SHOP, VIOLATION } from '../end-to-end/shop.ts'
import { phasegateWith } from '../end-to-end/cli.ts'
import { BUILT, withStage, type StageOptions } from '../end-to-end/stage.ts'
import type { Report } from '../../src/report/json-schema.ts'
import { removeTemporaryDirectories, temporaryDirectory, writeFiles } from '../sources/repository.ts'
import { reviewFiles } from '../support/review-files.ts'

/** Without the guard, which no fault needs. */
const PLAIN: StageOptions = { guarded: false, runs: 'inside' }
afterAll(removeTemporaryDirectories)

describe('T4 a planted marker', () => {
  const planted: readonly (readonly [string, (body: string, marker: string) => { login: string; body: string }])[] = [
    ['by another user', (body) => ({ login: 'mallory', body })],
    ['by the bot of another App', (body) => ({ login: 'other-app[bot]', body })],
    ['in the middle of a body', (_body, marker) => ({ login: 'github-actions[bot]', body: `${marker}\nmore text` })],
    ['quoted', (_body, marker) => ({ login: 'github-actions[bot]', body: `> ${marker}` })],
  ]
  test.concurrent.each(planted)('%s silences nothing and is never edited', async (what, plant) => {
    await withStage(PLAIN, async (stage) => {
      const pull = stage.pull(SHOP, VIOLATION)
      await stage.review(pull)
      const [comment] = stage.github.comments(pull)
      const { body } = comment!
      for (const review of stage.github.reviews(pull)) stage.github.deleteReview(review)
      const marker = body.slice(body.lastIndexOf('<!--')).trim()
      const forged = plant(body, marker)
      const there = stage.github.addHumanComment(pull, { ...forged, path: PATH, line: 7 })
      const run = await stage.review(pull, { runId: 2, runs: what === 'quoted' ? 'built' : 'inside' })
      // the copy of another bot looks like one of ours to the page's own check
      const problems = problemsAfter(stage, run, pull).filter((it) => !it.startsWith('two live comments'))
      expect([run.exitCode, problems]).toEqual([1, []])
      expect(pageOf(stage.github, pull).comments.filter(({ title }) => title.startsWith('**`app_context'))).not.toEqual(
        [],
      )
      expect([there.body, there.editedBy]).toEqual([forged.body, []])
    })
  })
})

describe('T6 suppressions', () => {
  const comment = '# phasegate: ignore[database-in-phase-1] -- it is only one'
  const works = 'def initialize(app_context):\n'

  test('in a string or a docstring have no effect', async () => {
    const review = await reviewFiles({
      [API_PATH]: `${works}    """${comment}"""\n    text = "${comment}"; app_context.db_sync_engine.connect()\n`,
    })
    expect([review.verdict, review.findings.map(({ suppression }) => suppression)]).toEqual(['fail', [null]])
  })

  test('without a rule or a reason are findings themselves', async () => {
    const review = await reviewFiles({
      [API_PATH]: `${works}    app_context.db_sync_engine.connect()  # phasegate: ignore[database-in-phase-1]\n`,
    })
    expect(review.findings.map(({ rule }) => rule)).toContain('suppression-without-reason')
  })

  test('that come with their violation are listed as new', async () => {
    const head = { [API_PATH]: `${works}    app_context.db_sync_engine.connect()  ${comment}\n` }
    const review = await reviewFiles(head, { [API_PATH]: `${works}    return True\n` })
    expect(review.suppressionsAdded.map(({ file, line, reason }) => [file, line, reason])).toEqual([
      [API_PATH, 2, 'it is only one'],
    ])
  })
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
  'T11 %s as a function, class, attribute, service and argument name',
  async (name) => {
    const review = await reviewFiles({
      [API_PATH]: `from .store import ${name}


class Store:
    def ${name}(self, app_context):
        return app_context.db_sync_engine.connect()


def initialize(app_context):
    app_context.register_service("${name}", Store())
    table = {"${name}": Store()}
    table["${name}"].${name}(app_context)
    app_context.get_service("${name}").${name}(app_context)
    ${name}(app_context, ${name}=1)
    return True
`,
      'modules/standard/shop/store.py': `def ${name}(app_context, ${name}=None):\n    return app_context.db_session().execute("select 1")\n`,
      [`modules/standard/${name}/api.py`]: 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n',
    })
    const found = review.findings.map((it) => `${it.operations[0]?.file}:${it.operations[0]?.line}`).toSorted()
    expect([review.verdict, found]).toEqual([
      'fail',
      [
        `modules/standard/${name}/api.py:2`,
        'modules/standard/shop/api.py:6',
        'modules/standard/shop/store.py:2',
      ].toSorted(),
    ])
    expect(Object.prototype).not.toHaveProperty('polluted')
  },
)

test.concurrent('T13 nothing of the pull request runs: an empty PATH and a poisoned tree', async () => {
  await withStage(PLAIN, async (stage) => {
    const poison: FileChanges = {
      ...VIOLATION,
      'sitecustomize.py': 'raise SystemExit(7)\n',
      '.npmrc': 'node-options=--require ./evil.cjs\n',
      'evil.cjs': 'process.exit(7)\n',
      'package.json': '{"type": "commonjs", "scripts": {"preinstall": "exit 7"}}',
      '.gitattributes': '*.py filter=evil export-ignore\n',
      '.gitconfig': '[core]\n\thooksPath = hooks\n',
      'hooks/post-checkout': { mode: '100755', content: '#!/bin/sh\nexit 7\n' },
      'phasegate.yml': 'extends: ./evil.cjs\n',
    }
    const { 'phasegate.yml': config, ...rest } = poison
    const pull = stage.pull(SHOP, rest)
    const run = await stage.review(pull, { ...BUILT, environment: { PATH: '' } })
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([1, []])
    // there is no key that loads code
    stage.github.pushToPullRequest(pull, { 'phasegate.yml': config ?? null })
    const loading = await stage.review(pull, { ...BUILT, environment: { PATH: '' }, runId: 2 })
    expect([loading.exitCode, /^::error title=PhaseGate::phasegate\.yml:1: .*extends/m.test(loading.stdout)]).toEqual([
      2,
      true,
    ])
  })
})

test.concurrent('T14 debug logging and errors on every route show no token', async () => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(SHOP, VIOLATION)
    for (const route of ['POST /repos/*/*/pulls/*/reviews', 'POST /repos/*/*/check-runs'])
      stage.github.script(route, [{ reply: { status: 400, body: { message: 'Problems parsing JSON' } } }])
    const run = await stage.review(pull, { ...BUILT, environment: { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' } })
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([1, []])
  })
})

const REQUESTS = Array.from({ length: 10 }, (_, at) => at)

test.concurrent.each(REQUESTS)('T15 a push before request %i: the new head ends up reviewed, once', async (at) => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(SHOP, VIOLATION)
    const event = stage.github.eventPayload({ kind: 'pull_request', pull })
    let seen = 0
    const push = (): unknown => stage.github.pushToPullRequest(pull, { [PATH]: `\n\n${QUERIES_IN_CONSTRUCTOR}` })
    stage.github.script('* /**', [{ when: () => seen++ === at, before: push }])
    const overtaken = await stage.act(event, at === 0 ? BUILT : {})
    expect([overtaken.exitCode, stage.github.unusedScripts()]).toEqual([1, []])
    const next = await stage.review(pull, { runId: 2 })
    expect([next.exitCode, problemsAfter(stage, next, pull)]).toEqual([1, []])
    expect(pageOf(stage.github, pull).comments).toEqual([expect.objectContaining({ at: `${PATH}:9`, form: 'open' })])
    const last = await stage.review(pull, { runId: 3 })
    expect(last.writes).toEqual([])
  })
})

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('T16 our own supply chain', () => {
  test.each(['.github/workflows/ci.yml', '.github/workflows/phasegate.yml'])('%s pins what it uses', (path) => {
    const uses = [...text(path).matchAll(/- uses: (\S+)/g)].map((match) => match[1] ?? '')
    expect(uses.filter((it) => it !== './' && !/@[0-9a-f]{40}$/.test(it))).toEqual([])
    expect(text(path)).toMatch(/^permissions: \{\}$/m)
    expect(text(path).match(/actions\/checkout@/g)?.length ?? 0).toBe(
      text(path).match(/persist-credentials: false/g)?.length ?? 0,
    )
  })

  test('every package of the lock file has a checksum, and shipped dependencies are exact', () => {
    const lock = JSON.parse(text('package-lock.json')) as {
      packages: Record<string, { integrity?: string; link?: boolean }>
    }
    const open = Object.entries(lock.packages).filter(([path, it]) => path !== '' && it.integrity === undefined)
    expect(open.map(([path]) => path)).toEqual([])
    const { dependencies, devDependencies } = JSON.parse(text('package.json')) as Record<string, Record<string, string>>
    const versions = Object.values({ ...dependencies, ...devDependencies })
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([])
  })
})

test('T18 identifiers are compared as Python compares them', async () => {
  const review = await reviewFiles({
    [API_PATH]:
      'def initialize(app_context):\n    session = app_context.db_session()\n    session.ｅxecute("select 1")\n    return True\n',
  })
  expect(review.findings.flatMap(({ operations }) => operations.map(({ line }) => line))).toEqual([2, 3])
})

test.concurrent('T5 an old merge base does not choose the policy', async () => {
  await withStage(PLAIN, async (stage) => {
    const { fullName } = stage.repository({ ...SHOP, 'phasegate.yml': 'fail-on: never\n' })
    stage.github.commit(fullName, 'topic', VIOLATION)
    // what the author branched from switches the gate off, the base branch no longer does
    stage.github.commit(fullName, 'main', { 'phasegate.yml': 'fail-on: error\n' })
    const pull = stage.github.openPullRequest({ repository: fullName, head: 'topic', title: 'Old' })
    const run = await stage.review(pull, BUILT)
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([1, []])
  })
})

test.concurrent.each<[string, FileChanges]>([
  ['a first configuration file', { 'phasegate.yml': 'fail-on: never\n' }],
  ['one in the other place', { '.github/phasegate.yml': 'rules: { database-in-phase-1: off }\n' }],
  [
    'a baseline of its own',
    {
      'phasegate.yml': 'baseline: phasegate-baseline.json\n',
      'phasegate-baseline.json': '{"version": 1, "findings": []}',
    },
  ],
])('T5 %s does not loosen the change that brings it', async (_what, files) => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(SHOP, { ...VIOLATION, ...files })
    const run = await stage.review(pull)
    expect([run.exitCode, problemsAfter(stage, run, pull), run.report?.configurationChanged]).toEqual([1, [], true])
  })
})

test('T10 twenty files that go as deep as they can end, and none is clean by accident', async () => {
  const deep = `def load(app_context):\n    return ${'('.repeat(5000)}1${')'.repeat(5000)}\n`
  const files = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [
      [
        `modules/standard/m${at}/api.py`,
        'from .store import load\n\n\ndef initialize(app_context):\n    load(app_context)\n',
      ],
      [`modules/standard/m${at}/store.py`, deep],
    ]).flat(),
  )
  const review = await reviewFiles(files)
  expect([review.verdict, new Set(review.incomplete.map(({ message }) => message))]).toEqual([
    'incomplete',
    new Set(['nested too deeply']),
  ])
})

/** What a parser or a stack could drown in. */
const HEAVY: readonly string[] = [
  `${'('.repeat(5000)}1${')'.repeat(5000)}`,
  Array.from({ length: 100_000 }, () => '1').join('+'),
  `app_context${'.a'.repeat(10_000)}`,
  `"${'x'.repeat(5_000_000)}"`,
  `${'lambda: '.repeat(3000)}1`,
]

test('T10 twenty heavy files at once fit into the memory of a small machine', async () => {
  const root = temporaryDirectory()
  for (let at = 0; at < 20; at++)
    writeFiles(`${root}/modules/standard/m${at}`, {
      'api.py': 'from .store import load\n\n\ndef initialize(app_context):\n    load(app_context)\n',
      'store.py': `# ${at}\ndef load(app_context):\n    return ${HEAVY[at % HEAVY.length]}\n`,
    })
  const environment = { PATH: env['PATH'] ?? '', NODE_OPTIONS: '--max-old-space-size=128' }
  const { exit, stdout, stderr } = await phasegateWith(environment, root, ['check', '.', '--format', 'json', '--quiet'])
  const { verdict, incomplete } = JSON.parse(stdout) as Report
  // a long text is no depth: its four files are analysed, the sixteen others are named
  expect([exit, stderr, verdict, incomplete.length]).toEqual([3, '', 'incomplete', 16])
})

test('T7 a configuration below the page that is a link leads nowhere', async () => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(SHOP, { ...VIOLATION, 'phasegate.yml': { mode: '120000', content: '/etc/passwd' } })
    const run = await stage.review(pull, BUILT)
    expect([run.exitCode, run.stdout.includes('root:')]).toEqual([2, false])
    expect(run.stdout).toMatch(/^::error title=PhaseGate::phasegate\.yml.*symlink/m)
  })
})
