// Where the embedded server lets a review comment stand, and what it answers otherwise: the table of refusals, over real HTTP.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { clientOf, type Send } from '../support/http-client.ts'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'
import { branchTip, type PullRequest } from '../../src/demo/state.ts'

const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`)
const OLD = lines(1, 60)
// Hunks of the new side: 7-14 (lines 10 and 11 are new) and 42-48 (old line 44 is replaced); old line 43 has no new line.
const NEW = [...lines(1, 9), 'new 10', 'new 11', ...lines(10, 42), 'new 44', ...lines(45, 60)]
const text = (all: readonly string[]): string => `${all.join('\n')}\n`

let github: EmbeddedGitHub
let pull: PullRequest
let client: Send
let base: string
let head: string
let counter = 0

beforeAll(async () => {
  github = await startGitHub({ limits: { perHour: 10_000, contentPerMinute: 1000, pointsPerMinute: 10_000 } })
  base =
    branchTip(
      github.createRepository('octo/app', { 'a.py': text(OLD), 'b.py': text(OLD), 'keep.py': 'x\n' }),
      'main',
    ) ?? ''
  head = github.commit('octo/app', 'first', { 'a.py': text(NEW), 'b.py': null, 'bin.py': new Uint8Array([0, 1, 2]) })
  client = clientOf(github, github.createToken({ contents: 'read', 'pull-requests': 'write' }))
})
afterAll(() => github.close())

// A pull request of its own for every test, on the same commits: git has to answer each question once only.
beforeEach(() => {
  const branch = `topic${counter++}`
  github.setBranch('octo/app', branch, head)
  pull = github.openPullRequest({ repository: 'octo/app', head: branch, title: 'Change' })
})

const send: Send = (method, path, body) => client(method, `/repos/octo/app/pulls/${pull.number}${path}`, body)
const review = (comments: readonly object[], rest: object = {}): ReturnType<Send> =>
  send('POST', '/reviews', { event: 'COMMENT', body: 'Review.', comments, ...rest })
const comment = (rest: object): ReturnType<Send> =>
  send('POST', '/comments', { commit_id: pull.headSha, path: 'a.py', body: 'Comment.', ...rest })

describe('a line comment', () => {
  test.each([
    ['added line', { line: 10 }],
    ['context line before', { line: 7 }],
    ['context line after', { line: 14 }],
    ['deleted line on the left', { line: 44, side: 'LEFT' }],
    ['range in one hunk', { start_line: 10, line: 11 }],
    ['range from left to right', { start_line: 43, start_side: 'LEFT', line: 45, side: 'RIGHT' }],
    ['deleted file on the left', { path: 'b.py', line: 1, side: 'LEFT' }],
  ])('may stand on: %s', async (_, anchor) => {
    const batch = await review([{ path: 'a.py', body: 'Here.', ...anchor }])
    const single = await comment(anchor)
    expect([batch.status, single.status]).toEqual([200, 201])
  })

  const LINE =
    "Pull request review thread line must be part of the diff and Pull request review thread diff hunk can't be blank"
  const RANGE =
    "Pull request review thread line must be part of the diff, Pull request review thread start line must be part of the same hunk as the line., and Pull request review thread diff hunk can't be blank"
  test.each([
    ['line above the hunk', { line: 6 }, LINE],
    ['line below the hunk', { line: 15 }, LINE],
    ['line after the end of the file', { line: 4000 }, LINE],
    ['no line at all', {}, LINE],
    ['added line on the left', { line: 10, side: 'LEFT' }, LINE],
    ['new line of a deleted file', { path: 'b.py', line: 1 }, LINE],
    ['binary file', { path: 'bin.py', line: 1 }, LINE],
    ['range out of the diff', { start_line: 3, line: 6 }, RANGE],
    [
      'range over two hunks',
      { start_line: 11, line: 45 },
      'Pull request review thread start line must be part of the same hunk as the line.',
    ],
    [
      'start outside the hunk',
      { start_line: 5, line: 10 },
      'Pull request review thread start line must be part of the same hunk as the line.',
    ],
    [
      'equal start and end',
      { start_line: 10, line: 10 },
      'Pull request review thread start line must precede the end line.',
    ],
    [
      'start after end',
      { start_line: 11, line: 10 },
      'Pull request review thread start line must precede the end line.',
    ],
    [
      'unchanged file',
      { path: 'keep.py', line: 1 },
      "Pull request review thread path is invalid and Pull request review thread diff hunk can't be blank",
    ],
    [
      'unknown file',
      { path: 'no.py', line: 1 },
      "Pull request review thread path is invalid and Pull request review thread diff hunk can't be blank",
    ],
  ])('is refused for: %s', async (_, anchor, message) => {
    const batch = await review([{ path: 'a.py', body: 'Here.', ...anchor }])
    const single = await comment(anchor)
    expect([batch.status, batch.body.message, batch.body.errors]).toEqual([422, 'Unprocessable Entity', [message]])
    expect([single.status, single.body.message]).toEqual([422, 'Validation Failed'])
  })

  test('names the field when it is alone', async () => {
    const { body } = await comment({ line: 6 })
    expect(body.errors).toEqual([
      {
        resource: 'PullRequestReviewComment',
        code: 'custom',
        field: 'pull_request_review_thread.line',
        message: 'pull_request_review_thread.line must be part of the diff',
      },
      { resource: 'PullRequestReviewComment', code: 'missing_field', field: 'pull_request_review_thread.diff_hunk' },
    ])
  })

  test('may stand on an older commit of the pull request, and is outdated at once if that line has gone', async () => {
    const old = pull.headSha
    github.pushToPullRequest(pull, { 'a.py': text([...NEW.slice(0, 9), ...NEW.slice(11)]) })
    const { status, body } = await comment({ line: 10, commit_id: old })
    expect([status, body.line, body.original_line, body.original_commit_id, body.commit_id]).toEqual([
      201,
      null,
      10,
      old,
      pull.headSha,
    ])
  })
})

describe('a comment on a whole file', () => {
  test('stands alone, also on binary and deleted files', async () => {
    const answers = [
      await comment({ subject_type: 'file' }),
      await comment({ subject_type: 'file', path: 'bin.py' }),
      await comment({ subject_type: 'file', path: 'b.py' }),
    ]
    expect(answers.map(({ status, body }) => [status, body.subject_type, body.line])).toEqual([
      [201, 'file', null],
      [201, 'file', null],
      [201, 'file', null],
    ])
  })

  test('cannot be part of a batch', async () => {
    const { status, body } = await review([{ path: 'a.py', body: 'All.', subject_type: 'file' }])
    expect([status, body.message]).toEqual([
      422,
      'Invalid request.\n\nFor \'properties/comments/items\', "subject_type" is not a permitted key.',
    ])
  })

  test('needs a file of the diff', async () => {
    expect((await comment({ subject_type: 'file', path: 'keep.py' })).status).toBe(422)
  })
})

describe('a review', () => {
  test('is all or nothing, and the answer does not name the culprit', async () => {
    const { status, body } = await review([
      { path: 'a.py', line: 10, body: 'Good.' },
      { path: 'a.py', line: 1, body: 'Bad.' },
      { path: 'keep.py', line: 1, body: 'Worse.' },
    ])
    expect([status, body.errors.length, JSON.stringify(body).includes('keep.py')]).toEqual([422, 2, false])
    expect([github.reviews(pull), github.comments(pull)]).toEqual([[], []])
  })

  test.each([
    ['a blank body', { body: '' }, "Body can't be blank"],
    ['an approval', { event: 'APPROVE' }, 'GitHub Actions is not permitted to approve pull requests.'],
    ['a commit of nobody', { commit_id: '0'.repeat(40) }, 'The commitOID is not part of the pull request'],
    ['a body that is too long', { body: 'x'.repeat(65_537) }, 'Body is too long (maximum is 65536 characters)'],
  ])('is refused for %s', async (_, change, message) => {
    const { status, body } = await review([{ path: 'a.py', line: 10, body: 'Here.' }], change)
    expect([status, body.errors]).toEqual([422, [message]])
  })

  test('is refused for the test merge commit and for a commit that was pushed away', async () => {
    const old = pull.headSha
    expect(
      (await review([], { commit_id: github.eventPayload({ kind: 'pull_request', pull }).sha })).body.errors,
    ).toEqual(['The commitOID is not part of the pull request'])
    github.commit('octo/app', pull.headRef, { 'a.py': text(NEW) }, { parent: base })
    expect((await review([], { commit_id: old })).status).toBe(422)
    expect((await comment({ line: 10, commit_id: old })).body.errors[0].message).toBe(
      'commit_id is not part of the pull request',
    )
  })

  test.each([
    [
      { comments: [{ path: 'a.py', line: '10', body: 'x' }] },
      `For 'properties/comments/items/line', "10" is not an integer.`,
    ],
    [{ comments: [{ path: 'a.py', line: 10 }] }, `For 'properties/comments/items', "body" wasn't supplied.`],
    [
      { comments: [{ path: 'a.py', position: 3, body: 'x' }] },
      `For 'properties/comments/items', "position" is not a permitted key.`,
    ],
    [{ event: 'SHOUT' }, `For 'properties/event', "SHOUT" is not a member of ["APPROVE","REQUEST_CHANGES","COMMENT"].`],
  ])('is refused for a body that does not fit: %j', async (change, problem) => {
    const { status, body } = await review([], change)
    expect([status, body.message]).toEqual([422, `Invalid request.\n\n${problem}`])
  })

  test('without an event is a draft that blocks every further one of the same author until it is deleted', async () => {
    const draft = await send('POST', '/reviews', {
      body: 'Draft.',
      comments: [{ path: 'a.py', line: 10, body: 'x' }],
    })
    const second = await review([])
    const single = await comment({ line: 10 })
    const listed = await send('GET', '/comments')
    const deleted = await send('DELETE', `/reviews/${draft.body.id}`)
    const third = await review([])
    expect([draft.body.state, second.body.errors, single.status, listed.body, deleted.status, third.status]).toEqual([
      'PENDING',
      ['User can only have one pending review per pull request'],
      422,
      [],
      200,
      200,
    ])
    expect(github.comments(pull)).toEqual([])
  })

  test('that is a draft of somebody else is invisible and does not block', async () => {
    const draft = github.addHumanReview(pull, { login: 'grace', body: 'Mine.', state: 'PENDING' })
    const listed = await send('GET', '/reviews')
    const deleted = await send('DELETE', `/reviews/${draft.id}`)
    expect([listed.body, deleted.status, (await review([])).status]).toEqual([[], 404, 200])
  })

  test('that is not a draft cannot be deleted', async () => {
    const { body } = await review([])
    expect((await send('DELETE', `/reviews/${body.id}`)).status).toBe(422)
  })

  test('of somebody else cannot be edited, and trying is a violation', async () => {
    const theirs = github.addHumanReview(pull, { login: 'grace', body: 'Mine.' })
    const before = github.violations().length
    const { status } = await send('PUT', `/reviews/${theirs.id}`, { body: 'Ours.' })
    expect([status, theirs.body, github.violations().slice(before)]).toEqual([
      422,
      'Mine.',
      [`github-actions[bot] edited the review ${theirs.id} of grace`],
    ])
  })
})

describe('a locked pull request', () => {
  test('takes no comment', async () => {
    github.changePullRequest(pull, { locked: true })
    const answers = [await review([]), await comment({ line: 10 })]
    expect(answers.map(({ status, body }) => [status, body.message])).toEqual([
      [403, 'Unable to create comment because issue is locked.'],
      [403, 'Unable to create comment because issue is locked.'],
    ])
  })
})

test('the other family of texts says less', async () => {
  const other = await startGitHub({ dialect: { anchorTexts: 'resolved' } })
  other.createRepository('octo/app', { 'a.py': text(OLD) })
  other.commit('octo/app', 'topic', { 'a.py': text(NEW) })
  other.openPullRequest({ repository: 'octo/app', head: 'topic', title: 'Change' })
  const ask = clientOf(other, other.createToken({ 'pull-requests': 'write' }))
  const { body } = await ask('POST', '/repos/octo/app/pulls/1/reviews', {
    event: 'COMMENT',
    body: 'x',
    comments: [{ path: 'a.py', line: 1, body: 'x' }],
  })
  expect(body.errors).toEqual(['Line could not be resolved'])
  await other.close()
})
