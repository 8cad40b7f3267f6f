// What becomes of review threads when the head moves, and what people do to them; over REST and GraphQL.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { ask, clientOf, type Send } from '../support/http-client.ts'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'
import type { PullRequest } from '../../src/demo/state.ts'

const body = (...more: string[]): string =>
  [...Array.from({ length: 30 }, (_, at) => `line ${at + 1}`), ...more].join('\n')
const withLines = (at: number, ...added: string[]): string =>
  body()
    .split('\n')
    .toSpliced(at, 0, ...added)
    .join('\n')

let github: EmbeddedGitHub
let pull: PullRequest
let send: Send
let token: string
let name: string
let counter = 0

beforeAll(async () => {
  github = await startGitHub()
})
afterAll(() => github.close())

beforeEach(async () => {
  name = `octo/app${counter++}`
  github.createRepository(name, { 'a.py': body() })
  github.commit(name, 'topic', { 'a.py': withLines(10, 'new 11', 'new 12') })
  pull = github.openPullRequest({ repository: name, head: 'topic', title: 'Change' })
  token = github.createToken({ contents: 'read', 'pull-requests': 'write' })
  const client = clientOf(github, token)
  send = (method, path, data) => client(method, `/repos/${name}${path}`, data)
  const comments = [{ path: 'a.py', start_line: 11, line: 12, body: 'Here.' }]
  await send('POST', '/pulls/1/reviews', { event: 'COMMENT', body: 'Review.', comments })
})

const place = async (): Promise<unknown[]> => {
  const [comment] = (await send('GET', '/pulls/1/comments')).body
  return [comment.start_line, comment.line, comment.original_start_line, comment.original_line, comment.commit_id]
}

describe('when the head moves', () => {
  test('a comment whose lines were only shifted moves along', async () => {
    const head = github.pushToPullRequest(pull, { 'a.py': `above\n${withLines(10, 'new 11', 'new 12')}` })
    expect(await place()).toEqual([12, 13, 11, 12, head])
  })

  test.each([
    ['its line is changed', withLines(10, 'new 11', 'other 12')],
    ['its line is deleted', withLines(10, 'new 11')],
    ['its line leaves the diff', body()],
  ])('a comment is outdated when %s', async (_, text) => {
    const head = github.pushToPullRequest(pull, { 'a.py': text })
    expect(await place()).toEqual([null, null, 11, 12, head])
  })

  test('a comment is outdated when its file leaves the diff by a rename', async () => {
    const head = github.pushToPullRequest(pull, { 'a.py': null, 'b.py': withLines(10, 'new 11', 'new 12') })
    expect(await place()).toEqual([null, null, 11, 12, head])
  })

  test('an outdated comment comes back when the old head does', async () => {
    const old = pull.headSha
    github.pushToPullRequest(pull, { 'a.py': body() })
    github.commit(name, 'topic', { 'a.py': withLines(10, 'new 11', 'new 12') }, { parent: old, message: 'Back' })
    expect((await place()).slice(0, 2)).toEqual([11, 12])
  })

  test('the review keeps the commit it was made on', async () => {
    const old = pull.headSha
    github.pushToPullRequest(pull, { 'a.py': body('last') })
    expect((await send('GET', '/pulls/1/reviews')).body[0].commit_id).toBe(old)
  })
})

const THREADS = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    headRefOid
    reviewThreads(first: 50, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes {
      id isResolved isOutdated viewerCanResolve path line startLine originalLine subjectType
      comments(first: 1) { totalCount nodes { databaseId body viewerDidAuthor author { login } path line originalLine } } } } } } }`

const askThreads = async (): ReturnType<typeof ask> =>
  ask(github, token, THREADS, { owner: 'octo', name: name.slice(5), number: 1 })

describe('threads in GraphQL', () => {
  test('say everything that REST does not', async () => {
    const [comment] = github.comments(pull)
    if (comment === undefined) throw new Error('no comment')
    github.addHumanReply(comment, 'Why?')
    github.resolveThread(comment.thread)
    expect(await askThreads()).toEqual({
      data: {
        viewer: { login: 'github-actions[bot]' },
        repository: {
          pullRequest: {
            headRefOid: pull.headSha,
            reviewThreads: {
              totalCount: 1,
              pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
              nodes: [
                {
                  id: comment.thread.id,
                  isResolved: true,
                  isOutdated: false,
                  viewerCanResolve: false,
                  path: 'a.py',
                  line: 12,
                  startLine: 11,
                  originalLine: 12,
                  subjectType: 'LINE',
                  comments: {
                    totalCount: 2,
                    nodes: [
                      {
                        databaseId: comment.id,
                        body: 'Here.',
                        viewerDidAuthor: false,
                        author: { login: 'github-actions' },
                        path: 'a.py',
                        line: 12,
                        originalLine: 12,
                      },
                    ],
                  },
                },
              ],
            },
          },
        },
      },
    })
  })

  test('can be resolved with contents: write only', async () => {
    const [thread] = github.threads(pull)
    const mutation = 'mutation($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }'
    expect(await ask(github, token, mutation, { id: thread?.id })).toEqual({
      data: { resolveReviewThread: null },
      errors: [
        {
          type: 'FORBIDDEN',
          path: ['resolveReviewThread'],
          locations: [{ line: 1, column: 1 }],
          message: 'Resource not accessible by integration',
        },
      ],
    })
    token = github.createToken({ contents: 'write', 'pull-requests': 'write' })
    const before = (await askThreads()).data.repository.pullRequest.reviewThreads.nodes[0].viewerCanResolve
    const answer = await ask(github, token, mutation, { id: thread?.id })
    expect([before, answer]).toEqual([true, { data: { resolveReviewThread: { thread: { isResolved: true } } } }])
  })

  test('accept an anchor outside the diff and never show it', async () => {
    const add = `mutation($id: ID!) { addPullRequestReviewThread(input: { pullRequestId: $id, path: "a.py", line: 1, body: "Lost." }) { thread { id } } }`
    const answer = await ask(github, token, add, { id: `PR_${pull.id}` })
    expect(answer.data.addPullRequestReviewThread.thread.id).toMatch(/^PRRT_/)
    expect((await send('GET', '/pulls/1/comments')).body).toHaveLength(1)
    expect(github.threads(pull).map((thread) => thread.hidden)).toEqual([false, true])
  })
})

/** Authors, bodies and parents of all comments. */
const listed = async (): Promise<unknown[]> =>
  (await send('GET', '/pulls/1/comments')).body.map(
    (it: { user: { login: string }; body: string; in_reply_to_id?: number }) => [
      it.user.login,
      it.body,
      it.in_reply_to_id,
    ],
  )

describe('people', () => {
  test('reply, edit and delete, and everybody sees it', async () => {
    const [comment] = github.comments(pull)
    if (comment === undefined) throw new Error('no comment')
    const reply = github.addHumanReply(comment, 'Why?', 'grace')
    expect(await listed()).toEqual([
      ['github-actions[bot]', 'Here.', undefined],
      ['grace', 'Why?', comment.id],
    ])
    github.editComment(reply, 'Why here?')
    github.deleteComment(comment)
    expect(await listed()).toEqual([['grace', 'Why here?', comment.id]])
  })

  test('a comment made alone brings a review without a body', async () => {
    github.addHumanComment(pull, { login: 'grace', path: 'a.py', line: 11, body: 'Mine.' })
    const reviews = (await send('GET', '/pulls/1/reviews')).body
    expect(
      reviews.map((it: { user: { login: string }; body: string; state: string }) => [it.user.login, it.body, it.state]),
    ).toEqual([
      ['github-actions[bot]', 'Review.', 'COMMENTED'],
      ['grace', '', 'COMMENTED'],
    ])
  })

  test('are not to be corrected: editing or deleting their words is a violation', async () => {
    const theirs = github.addHumanComment(pull, { login: 'grace', path: 'a.py', line: 11, body: 'Mine.' })
    const [ours] = github.comments(pull)
    if (ours === undefined) throw new Error('no comment')
    github.addHumanReply(ours, 'Why?', 'grace')
    const before = github.violations().length
    await send('PATCH', `/pulls/comments/${theirs.id}`, { body: 'Ours.' })
    await send('DELETE', `/pulls/comments/${theirs.id}`)
    await send('DELETE', `/pulls/comments/${ours.id}`)
    expect(github.violations().slice(before)).toEqual([
      `github-actions[bot] edited the comment ${theirs.id} of grace`,
      `github-actions[bot] deleted the comment ${theirs.id} of grace`,
      `github-actions[bot] deleted the comment ${ours.id}, which has an answer`,
    ])
  })

  test('can be answered with in_reply_to, not with the route for replies', async () => {
    const [comment] = github.comments(pull)
    const answered = await send('POST', '/pulls/1/comments', { body: 'Indeed.', in_reply_to: comment?.id })
    const refused = await send('POST', `/pulls/1/comments/${comment?.id}/replies`, { body: 'Indeed.' })
    expect([answered.status, answered.body.in_reply_to_id, refused.status]).toEqual([201, comment?.id, 403])
  })
})

test('a new review appears in lists after the delay of the server', async () => {
  let now = 0
  const late = await startGitHub({ now: () => now, limits: { reviewDelay: 5000 } })
  late.createRepository('octo/app', { 'a.py': 'x\n' })
  late.commit('octo/app', 'topic', { 'a.py': 'y\n' })
  late.openPullRequest({ repository: 'octo/app', head: 'topic', title: 'Change' })
  const client = clientOf(late, late.createToken({ 'pull-requests': 'write' }))
  const comments = [{ path: 'a.py', line: 1, body: 'Here.' }]
  await client('POST', '/repos/octo/app/pulls/1/reviews', { event: 'COMMENT', body: 'x', comments })
  const counts = async (): Promise<number[]> => [
    (await client('GET', '/repos/octo/app/pulls/1/reviews')).body.length,
    (await client('GET', '/repos/octo/app/pulls/1/comments')).body.length,
  ]
  const early = await counts()
  now = 5000
  expect([early, await counts()]).toEqual([
    [0, 0],
    [1, 1],
  ])
  await late.close()
})
