// Check runs of the embedded server: limits, appended annotations, suites that nobody chooses.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { clientOf, type Send } from '../support/http-client.ts'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'

let github: EmbeddedGitHub
let send: Send
let sha: string

beforeAll(async () => {
  github = await startGitHub()
  github.createRepository('octo/app', { 'a.py': 'x\n' })
  sha = github.commit('octo/app', 'main', { 'a.py': 'y\n' })
  const client = clientOf(github, github.createToken({ checks: 'write' }))
  send = (method, path, body) => client(method, `/repos/octo/app${path}`, body)
})
afterAll(() => github.close())

const annotations = (count: number): unknown[] =>
  Array.from({ length: count }, (_, at) => ({
    path: 'a.py',
    start_line: at + 1,
    end_line: at + 1,
    annotation_level: 'failure',
    message: 'Here.',
  }))
const run = (change: object = {}, output: object = {}): object => ({
  name: 'PhaseGate',
  head_sha: sha,
  status: 'completed',
  conclusion: 'failure',
  output: { title: 'Title', summary: 'Summary', ...output },
  ...change,
})

describe('a check run', () => {
  test('is created completed, with its annotations', async () => {
    const { status, body } = await send(
      'POST',
      '/check-runs',
      run({ external_id: 'digest' }, { annotations: annotations(50) }),
    )
    expect([status, body.status, body.conclusion, body.external_id, body.output.annotations_count]).toEqual([
      201,
      'completed',
      'failure',
      'digest',
      50,
    ])
  })

  test('appends annotations when it is updated', async () => {
    const { body } = await send('POST', '/check-runs', run({ name: 'append' }, { annotations: annotations(50) }))
    await send('PATCH', `/check-runs/${body.id}`, run({ head_sha: undefined }, { annotations: annotations(3) }))
    const listed = await send('GET', `/check-runs/${body.id}/annotations?per_page=100`)
    expect(listed.body).toHaveLength(53)
  })

  test.each([
    [
      '51 annotations',
      () => run({}, { annotations: annotations(51) }),
      'no more than 50 items are allowed; 51 were supplied.',
    ],
    [
      'a summary of 65,536 characters',
      () => run({}, { summary: 'x'.repeat(65_536) }),
      'only 65535 characters are allowed; 65536 were supplied.',
    ],
    ['an output without a title', () => run({}, { title: undefined }), '"title" wasn\'t supplied.'],
    ['no name', () => run({ name: undefined }), '"name" wasn\'t supplied.'],
    ['no conclusion', () => run({ conclusion: undefined }), '"conclusion" wasn\'t supplied.'],
    ['an unknown conclusion', () => run({ conclusion: 'fine' }), 'is not a member of'],
    ['an unknown key', () => run({ colour: 'red' }), '"colour" is not a permitted key.'],
    ['an unknown commit', () => run({ head_sha: '0'.repeat(40) }), `No commit found for SHA: ${'0'.repeat(40)}`],
  ])('is refused for %s', async (_, body, problem) => {
    const answer = await send('POST', '/check-runs', body())
    expect([answer.status, answer.body.message]).toEqual([422, expect.stringContaining(problem)])
  })

  test('is found by commit, branch and name; "latest" keeps one of each name per suite', async () => {
    for (let count = 0; count < 4; count++) await send('POST', '/check-runs', run({ name: 'again' }))
    const all = await send('GET', `/commits/${sha}/check-runs?check_name=again&filter=all`)
    const latest = await send('GET', '/commits/main/check-runs?check_name=again')
    const suites = new Set(all.body.check_runs.map((it: { check_suite: { id: number } }) => it.check_suite.id))
    expect([all.body.total_count, latest.body.total_count]).toEqual([4, suites.size])
    expect(suites.size).toBeGreaterThan(1)
  })
})
