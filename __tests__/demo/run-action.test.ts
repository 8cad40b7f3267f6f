// The runner around an Action, and the demo's story, tried with small stand-ins for the Action.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readStory } from '../../src/demo/story.ts'
import { runAction, type ActionRun } from '../../src/demo/run-action.ts'
import { runDemo } from '../../src/demo/demo.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url))
const GITHUB = { url: 'http://127.0.0.1:1', graphqlUrl: 'http://127.0.0.1:1/graphql', serverUrl: 'http://127.0.0.1:1' }
const EVENT = {
  name: 'pull_request',
  payload: { number: 1, pull_request: { head: { ref: 'topic' }, base: { ref: 'main' } } },
  sha: 'a'.repeat(40),
  ref: 'refs/pull/1/merge',
  repository: 'octo/app',
}

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'phasegate-action-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

let counter = 0
function action(source: string): string {
  const file = join(directory, `action${counter++}.mjs`)
  writeFileSync(file, source)
  return file
}

const run = (source: string, rest: Partial<ActionRun> = {}): ReturnType<typeof runAction> =>
  runAction({ actionPath: action(source), event: EVENT, github: GITHUB, inputs: { 'github-token': 'secret' }, ...rest })

describe('an Action', () => {
  test('gets its inputs, the event and an empty workspace, and nothing else', async () => {
    const result = await run(`
      import { readFileSync, readdirSync } from 'node:fs'
      const { env } = process
      console.log(JSON.stringify({
        event: JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')),
        workspace: [env.GITHUB_WORKSPACE === process.cwd(), readdirSync(env.GITHUB_WORKSPACE)],
        inputs: Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('INPUT_'))),
        refs: [env.GITHUB_SHA, env.GITHUB_REF, env.GITHUB_HEAD_REF, env.GITHUB_BASE_REF, env.GITHUB_API_URL],
        jest: env.JEST_WORKER_ID ?? null,
      }))`)
    expect([result.exitCode, result.stderr]).toEqual([0, ''])
    expect(JSON.parse(result.stdout)).toEqual({
      event: EVENT.payload,
      workspace: [true, []],
      inputs: {
        'INPUT_GITHUB-TOKEN': 'secret',
        INPUT_CONFIG: '',
        INPUT_PROFILES: '',
        'INPUT_FAIL-ON': '',
        'INPUT_ON-INCOMPLETE': '',
        INPUT_COMMENTS: 'true',
        'INPUT_MAX-COMMENTS': '20',
        'INPUT_CHECK-RUN': 'PhaseGate',
        'INPUT_SARIF-FILE': '',
        'INPUT_REPORT-FILE': '',
        INPUT_STAGE: 'review',
        INPUT_BASELINE: '',
        'INPUT_CACHE-DIRECTORY': '',
      },
      refs: [EVENT.sha, EVENT.ref, 'topic', 'main', GITHUB.url],
      jest: null,
    })
  })

  test('gives back its exit code, its summary and its outputs in both forms', async () => {
    const result = await run(`
      import { appendFileSync } from 'node:fs'
      appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Summary\\n')
      appendFileSync(process.env.GITHUB_OUTPUT, 'verdict=fail\\nlong<<END\\na=b\\n\\nc\\nEND\\nlast=1\\n')
      console.error('Trouble')
      process.exitCode = 3`)
    expect(result).toEqual({
      exitCode: 3,
      signal: null,
      stdout: '',
      stderr: 'Trouble\n',
      summary: '# Summary\n',
      outputs: { verdict: 'fail', long: 'a=b\n\nc', last: '1' },
    })
  })

  test('can be given another environment, and is killed when it takes too long', async () => {
    const printed = await run('console.log([process.env.GITHUB_OUTPUT, process.env.EXTRA].join())', {
      environment: { GITHUB_OUTPUT: undefined, EXTRA: 'yes' },
    })
    const slow = await run('setTimeout(() => {}, 60_000)', { timeout: 300 })
    expect([printed.stdout, slow.exitCode, slow.signal]).toEqual([',yes\n', null, 'SIGKILL'])
  })

  test('that cannot be started is an error', async () => {
    await expect(run('', { node: join(directory, 'nothing') })).rejects.toThrow('ENOENT')
  })
})

/** Comments on the line that calls `_load`, edits the comment when that line has gone, and writes a check run. */
const STAND_IN = `
  import { appendFileSync, readFileSync } from 'node:fs'
  const { env } = process
  const event = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8'))
  const call = async (method, path, body) => {
    const response = await fetch(env.GITHUB_API_URL + '/repos/' + env.GITHUB_REPOSITORY + path, {
      method, body: body && JSON.stringify(body), headers: { authorization: 'token ' + env['INPUT_GITHUB-TOKEN'] } })
    return response.json()
  }
  const files = await call('GET', '/pulls/1/files')
  const mine = await call('GET', '/pulls/1/comments')
  const file = files.find((it) => it.filename.endsWith('services.py'))
  let line = 0
  let found = 0
  for (const text of file.patch.split('\\n')) {
    const header = /^@@ .* \\+(\\d+)/.exec(text)
    if (header) line = Number(header[1]) - 1
    else if (!text.startsWith('-')) line++
    if (text.startsWith('+') && text.includes('self._load')) found = line
  }
  if (found && mine.length === 0) await call('POST', '/pulls/1/reviews', { event: 'COMMENT', body: '1 finding\\n<!-- m -->',
    comments: [{ path: file.filename, line: found, body: 'Database work in Phase 1.\\n<!-- m -->' }] })
  if (!found && mine.length > 0) await call('PATCH', '/pulls/comments/' + mine[0].id, { body: 'Fixed.' })
  await call('POST', '/check-runs', { name: 'PhaseGate', head_sha: event.pull_request.head.sha, status: 'completed',
    conclusion: found ? 'failure' : 'success', output: { title: found ? '1 finding' : 'Clean', summary: '-' } })
  appendFileSync(env.GITHUB_STEP_SUMMARY, found ? 'One finding.' : 'No findings.')
  process.exitCode = found ? 1 : 0`

describe('the demo', () => {
  test('shows each step: the change, where comments landed, the check run, the summary, the exit code', async () => {
    const lines: string[] = []
    const code = await runDemo({
      actionPath: action(STAND_IN),
      examples: EXAMPLES,
      output: (line) => lines.push(line),
      color: false,
    })
    const wanted = /^(──|  (New|Comment|No new|Review|Check|Exit|│)|\d+ requests)/
    expect(lines.filter((line) => wanted.test(line)).map((line) => line.replace(/ ─+$/, ''))).toEqual([
      '── 1. Ada opens a pull request: Load the category names once, at start-up',
      '  New comment  modules/standard/catalog/services.py:11',
      '  │ Database work in Phase 1.',
      '  New review',
      '  │ 1 finding',
      '  Check run  PhaseGate: ✗ failure  1 finding',
      '  │ One finding.',
      '  Exit code  1',
      '── 2. Ada pushes: Add docstrings and a logger',
      '  Comment kept  as it was, now at modules/standard/catalog/services.py:19',
      '  No new comment.',
      '  Check run  PhaseGate: ✗ failure  1 finding',
      '  │ One finding.',
      '  Exit code  1',
      '── 3. Ada pushes: Load the category names in Phase 2',
      '  Comment edited  modules/standard/catalog/services.py',
      '  │ Fixed.',
      '  No new comment.',
      '  Check run  PhaseGate: ✓ success  Clean',
      '  │ No findings.',
      '  Exit code  0',
      '11 requests to the embedded GitHub.',
    ])
    expect([code, lines.some((line) => line.includes('\u{1b}'))]).toEqual([0, false])
  })

  test('ends with 1 when a run does not end as the story expects', async () => {
    const lines: string[] = []
    const code = await runDemo({
      actionPath: action('process.exitCode = 3'),
      examples: EXAMPLES,
      output: (line) => lines.push(line),
      color: true,
    })
    expect([code, lines.at(-1)]).toEqual([
      1,
      '\u{1b}[31mThe runs ended with 3, 3, 3; the story expects 1, 1, 0.\u{1b}[39m',
    ])
  })

  test('tells a story whose every step changes something', () => {
    const { application, steps } = readStory(EXAMPLES)
    const files = new Map(Object.entries(application))
    expect([...files.keys()].filter((path) => path.endsWith('api.py')).toSorted()).toEqual([
      'modules/core/database/api.py',
      'modules/standard/catalog/api.py',
      'modules/standard/notifications/api.py',
      'modules/standard/orders/api.py',
    ])
    expect(steps.map((step) => step.name)).toEqual(['1-load-at-start', '2-tidy-up', '3-setup-hook'])
    for (const step of steps)
      for (const [path, text] of Object.entries(step.files)) {
        expect(files.get(path)).not.toBe(text)
        files.set(path, text)
      }
  })
})
