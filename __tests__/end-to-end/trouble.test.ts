// When something is wrong with the code, the configuration, the inputs or the event, or when GitHub refuses one comment: nobody sees a green
// check by accident, and every mistake is one line that says where it is.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { problemsAfter } from './aftermath.ts'
import { checksOf, pageOf } from './page.ts'
import { API_PATH, PATH, QUERIES_IN_CONSTRUCTOR, SERVICES, SHOP, VIOLATION, withDocstring } from './shop.ts'
import { BUILT, openStage, type Acted, type Acting, type Stage } from './stage.ts'
import { CHECK, seen, tell } from './told.ts'

const BROKEN = SERVICES.replace('def load(self):', 'def load(self:')

let stage: Stage
let directory: string
beforeAll(async () => {
  stage = await openStage({ runs: 'inside' })
  directory = mkdtempSync(join(tmpdir(), 'phasegate-events-'))
})
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  await stage.close()
})

describe('a file of Phase 1 that cannot be parsed', () => {
  test.concurrent('makes the review incomplete: exit 3, a failing check run, no comment', async () => {
    const pull = stage.pull(SHOP, { [PATH]: BROKEN })
    const told = await tell(stage, pull, BUILT)
    expect(seen(told)).toEqual({
      exit: 3,
      verdict: 'incomplete',
      writes: [CHECK],
      comments: [],
      reviews: [],
      checks: [`failure: Incomplete: ${PATH}:12 could not be parsed`],
    })
    expect(told.run.stdout).toContain(`::error title=PhaseGate::Incomplete: ${PATH}:12 could not be parsed`)
    expect(told.run.report?.incomplete).toEqual([
      { file: PATH, line: 12, reason: 'syntax-error', entryPoints: [API_PATH, `${API_PATH}::initialize`] },
    ])
  })

  test.concurrent('is a warning on request, and the check run still says so', async () => {
    const pull = stage.pull(SHOP, { [PATH]: BROKEN })
    const told = await tell(stage, pull, { inputs: { 'on-incomplete': 'warn' } })
    expect([told.exit, told.verdict, told.checks]).toEqual([
      0,
      'incomplete',
      [`success: Incomplete: ${PATH}:12 could not be parsed`],
    ])
    expect(told.run.stdout).toContain('::warning title=PhaseGate::Incomplete: ')
  })

  test.concurrent('in both commits is listed and does not decide', async () => {
    const pull = stage.pull({ ...SHOP, [PATH]: BROKEN }, { 'modules/standard/shop/prices.py': 'PRICES = {}\n' })
    const told = await tell(stage, pull)
    expect([told.exit, told.verdict, told.run.report?.incomplete.map(({ file }) => file)]).toEqual([0, 'pass', [PATH]])
  })

  test.concurrent('does not hide a violation of another module', async () => {
    const other = {
      'modules/standard/news/api.py': 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n',
    }
    const told = await tell(stage, stage.pull(SHOP, { [PATH]: BROKEN, ...other }))
    expect([told.exit, told.verdict, told.comments.map(({ at }) => at)]).toEqual([
      1,
      'fail',
      ['modules/standard/news/api.py:2'],
    ])
    expect(told.checks).toEqual([`failure: 1 new finding; incomplete: ${PATH}:12 could not be parsed`])
  })

  test.concurrent('leaves a comment that was there as it is: unknown is not fixed', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull)
    stage.github.pushToPullRequest(pull, { [PATH]: 'class ItemService(:\n' })
    const told = await tell(stage, pull, { runId: 2 })
    expect([told.exit, told.comments.map(({ form }) => form)]).toEqual([3, ['open']])
  })
})

describe('a comment that GitHub refuses', () => {
  const refusal = {
    status: 422,
    body: {
      message: 'Unprocessable Entity',
      errors: ['Pull request review thread line must be part of the diff'],
      documentation_url: 'https://docs.github.com',
      status: '422',
    },
  }
  const second = 'modules/standard/news/api.py'

  test.concurrent('costs only itself: the others are posted, it stands in the summary, the verdict is the same', async () => {
    const pull = stage.pull(SHOP, {
      [PATH]: QUERIES_IN_CONSTRUCTOR,
      [second]: 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n',
    })
    stage.github.script(`POST /repos/${pull.repository.fullName}/pulls/1/reviews`, [
      { times: 9, when: ({ body }) => JSON.stringify(body).includes(`"path":"${PATH}"`), reply: refusal },
    ])
    const told = await tell(stage, pull, BUILT)
    expect([told.exit, told.verdict, told.comments.map(({ at }) => at)]).toEqual([1, 'fail', [`${second}:2`]])
    const summary = stage.github.reviews(pull).find(({ body }) => body.includes('2 new findings'))
    expect(summary?.body).toContain('### Not posted on a line')
    expect(summary?.body).toContain('the host accepted no comment at its place')
    const again = await tell(stage, pull, { attempt: 2 })
    expect([again.exit, again.writes]).toEqual([1, []])
  })
})

/** One line for a person: an error annotation, exit 2, nothing written but a check run where there is one. */
function usageError({ exitCode, stdout, stderr }: Acted): unknown {
  return {
    exitCode,
    stderr,
    errors: [...stdout.matchAll(/^::error title=PhaseGate::(.*)$/gm)].map((match) => match[1]),
  }
}

describe('a configuration', () => {
  test.concurrent.each([
    ['unknown key', 'profile: plain\n', /^phasegate\.yml:1: .*profile\b.*profiles/],
    ['wrong type', 'fail-on: error\nrules: []\n', /^phasegate\.yml:2: rules/],
    ['broken YAML', 'fail-on: [\n', /^phasegate\.yml:\d/],
  ])('with %s names file, line and key, and the check run fails', async (_, text, message) => {
    const pull = stage.pull(SHOP, { 'phasegate.yml': text, [PATH]: SERVICES.replace('[]', '[1]') })
    const run = await stage.review(pull)
    expect(usageError(run)).toEqual({ exitCode: 2, stderr: '', errors: [expect.stringMatching(message)] })
    expect(pageOf(stage.github, pull)).toEqual({ comments: [], reviews: [], checks: ['failure: Configuration error'] })
    expect(problemsAfter(stage, run, pull)).toEqual([])
  })

  test.concurrent('without any profile is asked for', async () => {
    const repository = stage.repository({ 'tool.py': 'print(1)\n' })
    stage.github.commit(repository.fullName, 'topic', { 'tool.py': 'print(2)\n' })
    const pull = stage.github.openPullRequest({ repository: repository.fullName, head: 'topic', title: 'Tool' })
    const run = await stage.review(pull, BUILT)
    expect(usageError(run)).toEqual({
      exitCode: 2,
      stderr: '',
      errors: [expect.stringContaining('no profile applies: configure entry-points')],
    })
    expect(checksOf(stage.github, repository, pull.headSha)).toEqual(['failure: Configuration error'])
  })
})

describe('an input', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['fail-on', 'fatal', /^input fail-on: "fatal" is not one of error, warning, note, never$/],
    ['comments', 'yes', /^input comments: "yes" is neither true nor false$/],
    ['report-file', '/etc/report.json', /^input report-file: the path is outside of the workspace$/],
    ['profiles', 'rails', /^input profiles:?.*rails/],
    ['github-token', ' ', /^input github-token: is empty/],
  ]
  test.concurrent.each(cases)('%s: %s is refused in one line', async (name, value, message) => {
    const pull = stage.pull(SHOP, VIOLATION)
    const run = await stage.review(pull, {
      inputs: { [name]: value },
      runs: name === 'github-token' ? 'built' : 'inside',
    })
    expect(usageError(run)).toEqual({ exitCode: 2, stderr: '', errors: [expect.stringMatching(message)] })
  })
})

function eventFile(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

describe('an event', () => {
  const cases: readonly (readonly [string, () => Acting['environment'], RegExp])[] = [
    ['without a file', () => ({ GITHUB_EVENT_PATH: undefined }), /^GITHUB_EVENT_PATH is not set$/],
    [
      'whose file is missing',
      () => ({ GITHUB_EVENT_PATH: join(directory, 'nothing') }),
      /^GITHUB_EVENT_PATH: the file cannot be read \(ENOENT\)$/,
    ],
    [
      'that is not JSON',
      () => ({ GITHUB_EVENT_PATH: eventFile('text.json', 'no <json>') }),
      /^GITHUB_EVENT_PATH: the file is not JSON$/,
    ],
    [
      'that is empty',
      () => ({ GITHUB_EVENT_PATH: eventFile('empty.json', '{}') }),
      /^GITHUB_EVENT_PATH: pull_request\.number is missing in the event's payload$/,
    ],
    ['that is a list', () => ({ GITHUB_EVENT_PATH: eventFile('list.json', '[]') }), /^GITHUB_EVENT_PATH: /],
    [
      'that is not supported',
      () => ({ GITHUB_EVENT_NAME: 'issue_comment' }),
      /^GITHUB_EVENT_NAME: "issue_comment" is not supported; supported are pull_request, /,
    ],
    ['without a repository', () => ({ GITHUB_REPOSITORY: '' }), /^GITHUB_REPOSITORY is not set/],
  ]
  test.concurrent.each(cases)('%s is refused in one line, before any request', async (what, environment, message) => {
    const pull = stage.pull(SHOP, VIOLATION)
    const run = await stage.review(pull, {
      environment: environment() ?? {},
      runs: what === 'without a file' ? 'built' : 'inside',
    })
    expect(usageError(run)).toEqual({ exitCode: 2, stderr: '', errors: [expect.stringMatching(message)] })
    expect(run.requests).toEqual([])
  })
})

describe('a runner', () => {
  test.concurrent('without files for summary and outputs gets everything in the log', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const run = await stage.review(pull, {
      ...BUILT,
      environment: { GITHUB_STEP_SUMMARY: undefined, GITHUB_OUTPUT: undefined },
    })
    expect([
      run.exitCode,
      run.stderr,
      run.stdout.includes('set-output'),
      run.stdout.includes('\n## 1 new finding\n'),
    ]).toEqual([1, '', false, true])
  })

  // nobody may create files there, not even the superuser
  test.concurrent('whose files cannot be written gets everything in the log', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const run = await stage.review(pull, {
      ...BUILT,
      environment: { GITHUB_STEP_SUMMARY: '/proc/summary', GITHUB_OUTPUT: '/proc/output' },
    })
    expect([
      run.exitCode,
      run.stderr,
      run.stdout.includes('set-output'),
      run.stdout.includes('\n## 1 new finding\n'),
    ]).toEqual([1, '', false, true])
  })

  test.concurrent('whose workspace is read-only: exit 3 that names the report, and the check run agrees', async () => {
    const pull = stage.pull(SHOP, { [PATH]: withDocstring(SERVICES) })
    const run = await stage.review(pull, { ...BUILT, environment: { GITHUB_WORKSPACE: '/proc' } })
    const checks = checksOf(stage.github, pull.repository, pull.headSha)
    expect([run.exitCode, run.stderr, checks]).toEqual([
      3,
      '',
      ['failure: Incomplete: not everything could be written; the log of the job says what'],
    ])
    expect(run.summary).toContain('- input report-file: the file could not be written')
    expect(run.stdout).toMatch(/^::error title=PhaseGate::input report-file: the file could not be written \(E\w+\)/m)
  })
})
