// Scripted faults of the embedded server, as a client sees them on the wire; and the limits that it enforces.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { clientOf, type Send } from '../support/http-client.ts'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'
import type { PullRequest } from '../../src/demo/state.ts'

let github: EmbeddedGitHub
let pull: PullRequest
let send: Send
let token: string
let counter = 0

beforeAll(async () => {
  github = await startGitHub()
})
afterAll(() => github.close())

beforeEach(() => {
  const name = `octo/app${counter++}`
  github.createRepository(name, { 'a.py': 'x\n' })
  github.commit(name, 'topic', { 'a.py': 'a\nb\nc\nd\n' })
  pull = github.openPullRequest({ repository: name, head: 'topic', title: 'Change' })
  token = github.createToken({ contents: 'read', 'pull-requests': 'write' })
  const client = clientOf(github, token)
  send = (method, path, body) => client(method, `/repos/${name}${path}`, body)
})

const REVIEW = {
  event: 'COMMENT',
  body: 'Review.',
  comments: [1, 2, 3].map((line) => ({ path: 'a.py', line, body: `Line ${line}` })),
}
const ROUTE = 'POST /repos/*/*/pulls/*/reviews'

describe('a scripted answer', () => {
  test('comes as often as it says, then the truth', async () => {
    github.script('GET /repos/*/*/pulls/*', [
      { times: 2, reply: { status: 502, body: '<html>Bad gateway</html>', headers: { 'content-type': 'text/html' } } },
    ])
    const answers = [await send('GET', '/pulls/1'), await send('GET', '/pulls/1'), await send('GET', '/pulls/1')]
    expect(answers.map(({ status, headers }) => [status, headers.get('content-type')])).toEqual([
      [502, 'text/html'],
      [502, 'text/html'],
      [200, 'application/json; charset=utf-8'],
    ])
  })

  test('waits for the request it is for', async () => {
    github.script('GET **', [{ when: ({ query }) => query.get('page') === '2', reply: { status: 409, body: {} } }])
    const answers = [await send('GET', '/pulls/1/files?page=1'), await send('GET', '/pulls/1/files?page=2')]
    expect(answers.map(({ status }) => status)).toEqual([200, 409])
  })

  test('may be made from the true one', async () => {
    github.script('GET /repos/*/*/pulls/*/files', [
      { reply: (real) => ({ ...real, headers: { link: '<x>; rel="next"' } }) },
    ])
    const { body, headers } = await send('GET', '/pulls/1/files')
    expect([body.length, headers.get('link')]).toEqual([1, '<x>; rel="next"'])
  })

  test.each([
    ['nothing of it', 'none' as const, 0],
    ['all of it', 'all' as const, 3],
    ['the first comment only', 1, 1],
  ])('hides that a review was carried out: %s', async (_, apply, count) => {
    github.script(ROUTE, [{ apply, reply: { status: 502, body: {} } }])
    const { status } = await send('POST', '/pulls/1/reviews', REVIEW)
    expect([status, github.comments(pull).length]).toEqual([502, count])
  })

  test('runs what happens in between', async () => {
    github.script(ROUTE, [{ before: () => void github.commit(pull.repository.fullName, 'topic', { 'a.py': 'new\n' }) }])
    const old = pull.headSha
    const { body } = await send('POST', '/pulls/1/reviews', { event: 'COMMENT', body: 'x', commit_id: old })
    expect([body.commit_id === old, pull.headSha === old]).toEqual([true, false])
  })

  test('lets another client come in between', async () => {
    const second = clientOf(github, token)
    const path = `/repos/${pull.repository.fullName}/pulls/1/reviews`
    github.script(ROUTE, [{ before: () => second('POST', path, { event: 'COMMENT', body: 'First.' }) }])
    await send('POST', '/pulls/1/reviews', { event: 'COMMENT', body: 'Second.' })
    expect(github.reviews(pull).map((review) => review.body)).toEqual(['First.', 'Second.'])
    expect(github.requests.slice(-2).map((request) => request.inFlight)).toEqual([1, 2])
  })

  test('that nobody asked for is reported', async () => {
    const own = await startGitHub()
    own.script('GET /nothing', [{ times: 2, reply: { status: 500 } }])
    expect(own.unusedScripts()).toEqual(['GET /nothing (2 left)'])
    await own.close()
  })
})

describe('the wire', () => {
  test('can break before anything happened, and after everything did', async () => {
    github.script(ROUTE, [{ wire: { kind: 'drop' }, apply: 'none' }, { wire: { kind: 'drop' } }])
    await expect(send('POST', '/pulls/1/reviews', REVIEW)).rejects.toThrow('fetch failed')
    expect(github.comments(pull)).toHaveLength(0)
    await expect(send('POST', '/pulls/1/reviews', REVIEW)).rejects.toThrow('fetch failed')
    expect(github.comments(pull)).toHaveLength(3)
    expect(github.requests.at(-1)?.status).toBe(null)
  })

  test('can cut a body, in a frame that fits or not', async () => {
    github.script('GET /repos/*/*/pulls/*', [
      { wire: { kind: 'cut', bytes: 20, framing: 'complete' } },
      { wire: { kind: 'cut', bytes: 20, framing: 'broken' } },
    ])
    await expect(send('GET', '/pulls/1')).rejects.toThrow(SyntaxError)
    await expect(send('GET', '/pulls/1')).rejects.toThrow('terminated')
  })

  test('can be slow, or silent', async () => {
    github.script('GET /repos/*/*/pulls/*', [
      { delay: 50 },
      { wire: { kind: 'hang' } },
      { wire: { kind: 'dribble', bytesPerSecond: 100 } },
    ])
    const started = performance.now()
    await send('GET', '/pulls/1')
    expect(performance.now() - started).toBeGreaterThan(45)
    const get = (): Promise<string> =>
      fetch(`${github.url}/repos/${pull.repository.fullName}/pulls/1`, {
        headers: { authorization: `token ${token}` },
        signal: AbortSignal.timeout(100),
      }).then((response) => response.text())
    await expect(get()).rejects.toThrow('aborted due to timeout')
    await expect(get()).rejects.toThrow('aborted due to timeout')
  })
})

describe('limits', () => {
  test('are counted on the clock of the server and noted when exceeded', async () => {
    let now = 0
    const small = await startGitHub({ now: () => now, limits: { perHour: 5, pointsPerMinute: 12 } })
    small.createRepository('octo/app', { 'a.py': 'x\n' })
    small.commit('octo/app', 'topic', { 'a.py': 'y\n' })
    small.openPullRequest({ repository: 'octo/app', head: 'topic', title: 'Change' })
    const client = clientOf(small, small.createToken({ 'pull-requests': 'write' }))
    const write = (): ReturnType<Send> =>
      client('POST', '/repos/octo/app/pulls/1/reviews', { event: 'COMMENT', body: 'x' })
    const results: unknown[] = []
    for (const advance of [0, 0, 0, 60_000, 0, 0, 3_600_000]) {
      now += advance
      const { status, headers } = await write()
      results.push([status, headers.get('x-ratelimit-remaining'), headers.get('retry-after')])
    }
    expect(results).toEqual([
      [200, '4', null],
      [200, '3', null],
      [403, '2', '60'],
      [200, '1', null],
      [200, '0', null],
      [403, '0', null],
      [200, '4', null],
    ])
    expect(small.violations()).toEqual(['pointsPerMinute exceeded', 'perHour exceeded'])
    await small.close()
  })

  test('of content are their own', async () => {
    const small = await startGitHub({ limits: { contentPerMinute: 1 } })
    small.createRepository('octo/app', { 'a.py': 'x\n' })
    small.commit('octo/app', 'topic', { 'a.py': 'y\n' })
    small.openPullRequest({ repository: 'octo/app', head: 'topic', title: 'Change' })
    const client = clientOf(small, small.createToken({ 'pull-requests': 'write' }))
    const review = { event: 'COMMENT', body: 'x' }
    const answers = [
      await client('POST', '/repos/octo/app/pulls/1/reviews', review),
      await client('POST', '/repos/octo/app/pulls/1/reviews', review),
      await client('GET', '/repos/octo/app/pulls/1/reviews'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 200])
    await small.close()
  })
})
