// Which token may do what, and how the embedded server says no.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, clientOf } from '../support/http-client.ts'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'
import type { PullRequest, Rights } from '../../src/demo/state.ts'

let github: EmbeddedGitHub
let pull: PullRequest

beforeAll(async () => {
  github = await startGitHub()
  for (const [name, isPublic] of [
    ['octo/app', false],
    ['octo/open', true],
  ] as const) {
    github.createRepository(name, { 'a.py': 'x\n' }, { public: isPublic })
    github.commit(name, 'topic', { 'a.py': 'y\n' })
    pull = github.openPullRequest({ repository: name, head: 'topic', title: 'Change' })
  }
})
afterAll(() => github.close())

const READER: Rights = { contents: 'read', 'pull-requests': 'read', checks: 'read' }
const REVIEW = { event: 'COMMENT', body: 'x' }
const FORBIDDEN = [403, 'Resource not accessible by integration']

describe('in a private repository', () => {
  test.each([
    ['GET', '/pulls/1', 'pull-requests', undefined],
    ['GET', '/pulls/1/files', 'pull-requests', undefined],
    ['GET', '/pulls/1/reviews', 'pull-requests', undefined],
    ['GET', '/pulls/1/comments', 'pull-requests', undefined],
    ['GET', '/git/trees/main', 'contents', undefined],
    ['GET', '/compare/main...topic', 'contents', undefined],
    ['GET', '/commits/main/check-runs', 'checks', undefined],
  ] as const)('%s %s needs %s: read', async (method, path, right, body) => {
    const { [right]: _, ...rest } = READER
    const allowed = await clientOf(github, github.createToken(READER))(method, `/repos/octo/app${path}`, body)
    const refused = await clientOf(github, github.createToken(rest))(method, `/repos/octo/app${path}`, body)
    expect([allowed.status, refused.status, refused.body.message]).toEqual([200, ...FORBIDDEN])
  })

  test.each([
    ['POST', '/pulls/1/reviews', REVIEW],
    ['PUT', '/pulls/1/reviews/1', { body: 'x' }],
    ['DELETE', '/pulls/1/reviews/1', undefined],
    ['POST', '/pulls/1/comments', {}],
    ['PATCH', '/pulls/comments/1', { body: 'x' }],
    ['DELETE', '/pulls/comments/1', undefined],
    ['POST', '/check-runs', {}],
    ['PATCH', '/check-runs/1', {}],
  ])('%s %s needs write', async (method, path, body) => {
    const { status, body: answer } = await clientOf(github, github.createToken(READER))(
      method,
      `/repos/octo/app${path}`,
      body,
    )
    expect([status, answer.message]).toEqual(FORBIDDEN)
  })

  test('a token for another repository sees nothing', async () => {
    const other = github.createToken({ contents: 'write' }, { repositories: ['octo/other'] })
    const { status, body } = await clientOf(github, other)('GET', '/repos/octo/app')
    expect([status, body.message]).toEqual([404, 'Not Found'])
    const answer = await ask(github, other, '{ repository(owner: "octo", name: "app") { id } }')
    expect([answer.data, answer.errors[0].type]).toEqual([{ repository: null }, 'NOT_FOUND'])
  })

  test('GraphQL answers with data and errors side by side', async () => {
    const token = github.createToken({ contents: 'read' })
    const query =
      '{ repository(owner: "octo", name: "app") { object(expression: "main:a.py") { ... on Blob { text } } pullRequest(number: 1) { number } } }'
    const answer = await ask(github, token, query)
    expect([answer.data, answer.errors.map((it: { type: string; path: string[] }) => [it.type, it.path])]).toEqual([
      { repository: { object: { text: 'x\n' }, pullRequest: null } },
      [['FORBIDDEN', ['repository', 'pullRequest']]],
    ])
  })
})

describe('in a public repository', () => {
  test('everybody reads, nobody writes without the right', async () => {
    const send = clientOf(github, github.createToken({}))
    const read = await send('GET', '/repos/octo/open/pulls/1/files')
    const written = await send('POST', '/repos/octo/open/pulls/1/reviews', REVIEW)
    expect([read.status, written.status]).toEqual([200, 403])
  })
})

describe('who somebody is', () => {
  test('must be said, and must be known', async () => {
    const none = await clientOf(github, null)('GET', '/repos/octo/app')
    const unknown = await clientOf(github, 'ghs_nobody')('GET', '/repos/octo/app')
    expect([none.status, none.body.message, unknown.status, unknown.body.message]).toEqual([
      401,
      'Requires authentication',
      401,
      'Bad credentials',
    ])
  })

  test('cannot be asked by an installation token', async () => {
    const bot = await clientOf(github, github.createToken({}))('GET', '/user')
    const person = await clientOf(github, github.createToken({}, { login: 'grace', kind: 'user' }))('GET', '/user')
    expect([bot.status, bot.body.message, person.status, person.body.login]).toEqual([...FORBIDDEN, 200, 'grace'])
  })

  test('decides about check runs: a person cannot write them', async () => {
    const person = github.createToken({ checks: 'write' }, { login: 'grace', kind: 'user' })
    const body = { name: 'x', head_sha: pull.headSha }
    const { status, body: answer } = await clientOf(github, person)('POST', '/repos/octo/open/check-runs', body)
    expect([status, answer.message]).toEqual([403, 'You must authenticate via a GitHub App.'])
  })

  test('is in the log as a hash only', async () => {
    const token = github.createToken({})
    await clientOf(github, token)('GET', '/repos/octo/open')
    expect(token.length).toBe(520)
    expect(github.requests.at(-1)?.tokenHash).toMatch(/^[0-9a-f]{16}$/)
    expect(JSON.stringify(github.requests)).not.toContain(token)
  })

  test('must be a program with a name', async () => {
    const response = await fetch(`${github.url}/repos/octo/open`, {
      headers: { authorization: `token ${github.createToken({})}`, 'user-agent': '' },
    })
    expect([200, 403]).toContain(response.status)
  })
})

test('a missing right can look like a missing thing', async () => {
  const hiding = await startGitHub({ dialect: { missingRight: 'not-found' } })
  hiding.createRepository('octo/app', { 'a.py': 'x\n' })
  const { status } = await clientOf(hiding, hiding.createToken({}))('GET', '/repos/octo/app/git/trees/main')
  expect(status).toBe(404)
  await hiding.close()
})

test('unknown routes are answered with 404 and noted', async () => {
  const strict = await startGitHub({ basePath: '/api/v3', enterpriseVersion: '3.18.2' })
  strict.createRepository('octo/app', { 'a.py': 'x\n' })
  const token = strict.createToken({ contents: 'read' })
  const send = clientOf(strict, token)
  const known = await send('GET', '/repos/octo/app')
  const unknown = await send('GET', '/repos/octo/app/issues')
  const meta = await send('GET', '/meta')
  const outside = await clientOf({ url: strict.serverUrl }, token)('GET', '/repos/octo/app')
  const graph = await ask(strict, token, '{ viewer { login } }')
  expect([known.status, unknown.status, meta.body.installed_version, outside.status]).toEqual([200, 404, '3.18.2', 404])
  expect([strict.url, strict.graphqlUrl]).toEqual([`${strict.serverUrl}/api/v3`, `${strict.serverUrl}/api/graphql`])
  expect([graph.data.viewer.login, known.headers.get('x-github-enterprise-version')]).toEqual([
    'github-actions[bot]',
    '3.18.2',
  ])
  expect(strict.violations()).toEqual([
    'unknown route: GET /repos/octo/app/issues',
    "outside the API's base path: GET /repos/octo/app",
  ])
  await strict.close()
})
