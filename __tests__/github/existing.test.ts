// Which comments and reviews are ours, page after page, and by REST where GraphQL is of no use.
import { describe, expect, test } from '@jest/globals'
import { readExisting, type Listing } from '../../src/github/existing.ts'
import { markerLine } from '../../src/publish/marker.ts'
import type { Outcome } from '../../src/publish/model.ts'
import { REPOSITORY, withServer, type Answer, type Answering, type Asked } from './server.ts'

const HEAD = 'a'.repeat(40)
const BODY = `text\n\n${markerLine({ key: 'k', state: 'open', findings: [], head: HEAD, base: null })}`
const BOT = { type: 'Bot', login: 'github-actions' }
const OURS = { viewerDidAuthor: false, author: BOT }

const comment = (id: number, more: object = {}): object => ({ fullDatabaseId: `${id}`, body: BODY, ...OURS, ...more })
const thread = (id: number, more: object = {}, first: object = {}): object => ({
  id: `T${id}`,
  isResolved: false,
  isOutdated: false,
  viewerCanResolve: false,
  path: 'x.py',
  line: 3,
  comments: { totalCount: 1, nodes: [comment(id, first)] },
  ...more,
})
const review = (id: number, more: object = {}): object => ({
  fullDatabaseId: `${id}`,
  body: BODY,
  state: 'COMMENTED',
  submittedAt: '2026-01-01T00:00:00Z',
  ...OURS,
  ...more,
})

interface Page {
  readonly threads?: readonly object[]
  readonly threadsNext?: string
  readonly reviews?: readonly object[]
  readonly reviewsNext?: string
  readonly login?: string
}

const connection = (nodes: readonly object[], next: string | undefined): object => ({
  nodes,
  pageInfo: { hasNextPage: next !== undefined, endCursor: next ?? null },
})

function page({ threads = [], threadsNext, reviews = [], reviewsNext, login = 'github-actions[bot]' }: Page): Answer {
  const pullRequest = {
    headRefOid: HEAD,
    reviewThreads: connection(threads, threadsNext),
    reviews: connection(reviews, reviewsNext),
  }
  return { json: { data: { viewer: { login }, repository: { pullRequest } } } }
}

function read(answering: Answering): Promise<{ outcome: Outcome<Listing>; asked: readonly Asked[] }> {
  return withServer(answering, async ({ client, asked }) => ({
    outcome: await readExisting(client, { ...REPOSITORY, number: 7 }),
    asked,
  }))
}

const ids = ({ outcome }: { outcome: Outcome<Listing> }): unknown =>
  outcome.ok
    ? [
        outcome.value.comments.map(({ id }) => id),
        outcome.value.reviews.map(({ id }) => id),
        outcome.value.pendingReviewId,
      ]
    : outcome.refusal

describe('by GraphQL', () => {
  test('in our terms, in one request', async () => {
    const { outcome, asked } = await read(() =>
      page({
        threads: [
          thread(3_000_000_001, {
            isResolved: true,
            isOutdated: true,
            viewerCanResolve: true,
            line: null,
            comments: { totalCount: 3, nodes: [comment(3_000_000_001)] },
          }),
        ],
        reviews: [review(5), review(6, { state: 'PENDING', submittedAt: null, body: '' })],
      }),
    )
    expect(outcome).toEqual({
      ok: true,
      value: {
        headSha: HEAD,
        comments: [
          {
            id: 3_000_000_001,
            threadId: 'T3000000001',
            body: BODY,
            path: 'x.py',
            line: null,
            outdated: true,
            resolved: true,
            canResolve: true,
            replies: 2,
          },
        ],
        reviews: [{ id: 5, body: BODY, submittedAt: '2026-01-01T00:00:00Z' }],
        pendingReviewId: 6,
      },
    })
    expect(asked.length).toBe(1)
  })

  test.each<[string, string, object, boolean]>([
    ['this bot', 'github-actions[bot]', { author: BOT }, true],
    ['the viewer, as the host says', 'github-actions[bot]', { viewerDidAuthor: true, author: null }, true],
    ['a person', 'ada', { author: { type: 'User', login: 'ada' } }, true],
    ['another bot', 'github-actions[bot]', { author: { type: 'Bot', login: 'dependabot' } }, false],
    [
      'a person with the name of the bot',
      'github-actions[bot]',
      { author: { type: 'User', login: 'github-actions' } },
      false,
    ],
    ['somebody who is gone', 'github-actions[bot]', { author: null }, false],
    ['this bot, without a marker', 'github-actions[bot]', { author: BOT, body: 'hello' }, false],
    ['this bot, with the marker quoted', 'github-actions[bot]', { author: BOT, body: `${BODY}\n\nagree` }, false],
  ])('a comment of %s', async (_, login, first, own) => {
    expect(
      ids(await read(() => page({ login, threads: [thread(1, {}, first)], reviews: [review(2, first)] }))),
    ).toEqual(own ? [[1], [2], null] : [[], [], null])
  })

  test('a draft of somebody else is not seen as ours', async () => {
    expect(
      ids(
        await read(() => page({ reviews: [review(2, { state: 'PENDING', author: { type: 'User', login: 'eve' } })] })),
      ),
    ).toEqual([[], [], null])
  })

  test('both lists page after page', async () => {
    const pages = [
      page({ threads: [thread(1)], threadsNext: 't1', reviews: [review(11)], reviewsNext: 'r1' }),
      page({ threads: [thread(2)], reviews: [review(12)], reviewsNext: 'r2' }),
      page({ reviews: [review(13)] }),
    ]
    const result = await read(({ before }) => pages[before] ?? page({}))
    expect(ids(result)).toEqual([[1, 2], [11, 12, 13], null])
    expect(result.asked.map(({ body }) => body['variables'])).toEqual([
      expect.objectContaining({ threads: true, reviews: true, threadsAfter: null, reviewsAfter: null }),
      expect.objectContaining({ threads: true, reviews: true, threadsAfter: 't1', reviewsAfter: 'r1' }),
      expect.objectContaining({ threads: false, reviews: true, reviewsAfter: 'r2' }),
    ])
  })
})

const user = { login: 'github-actions[bot]' }
const rest = (id: number, more: object = {}): object => ({
  id,
  body: BODY,
  path: 'x.py',
  line: 3,
  subject_type: 'line',
  user,
  ...more,
})
const restReview = (id: number, more: object = {}): object => ({
  id,
  body: BODY,
  state: 'COMMENTED',
  submitted_at: '2026-01-01T00:00:00Z',
  user,
  ...more,
})

function byRest(graphql: Answer, comments: readonly object[], reviews: readonly object[] = []): Answering {
  return ({ url }) => {
    if (url === '/graphql') return graphql
    const all = url.includes('/comments') ? comments : reviews
    const at = Number(/[?&]page=(\d+)/.exec(url)?.[1]) - 1
    return { json: all.slice(at * 100, (at + 1) * 100) }
  }
}

describe('by REST', () => {
  test.each<[string, Answer]>([
    ['a field that an old server lacks', { json: { errors: [{ message: "Field 'fullDatabaseId' doesn't exist" }] } }],
    [
      'errors beside the data',
      { json: { data: { viewer: { login: 'x' }, repository: null }, errors: [{ message: 'timeout' }] } },
    ],
    ['a page that points to itself', page({ threadsNext: 't1' })],
    ['an id of another form', page({ threads: [thread(1, {}, { fullDatabaseId: 1 })] })],
    ['no right', { status: 403, json: { message: 'no' } }],
  ])('after %s', async (_, graphql) => {
    const comments = [
      rest(1),
      rest(2, { in_reply_to_id: 1 }),
      rest(3, { in_reply_to_id: 1, user: { login: 'ada' }, body: 'why?' }),
      rest(4, { user: { login: 'eve' } }),
      rest(5, { line: null }),
      rest(6, { line: null, subject_type: 'file' }),
    ]
    const { outcome } = await read(byRest(graphql, comments, [restReview(8), restReview(9, { state: 'PENDING' })]))
    const listed = outcome.ok ? outcome.value : null
    expect(listed?.comments.map(({ id, replies, outdated, threadId }) => [id, replies, outdated, threadId])).toEqual([
      [1, 2, false, null],
      [5, 0, true, null],
      [6, 0, false, null],
    ])
    expect([listed?.reviews.map(({ id }) => id), listed?.pendingReviewId, listed?.headSha]).toEqual([[8], 9, null])
  })

  test('all pages, by number', async () => {
    const comments = Array.from({ length: 250 }, (_, at) => rest(at + 1))
    const { outcome, asked } = await read(byRest({ status: 403, json: { message: 'no' } }, comments))
    expect([outcome.ok && outcome.value.comments.length, asked.length]).toEqual([250, 6])
  })

  test('a page that repeats the first is no end', async () => {
    const { outcome } = await read(({ url }) =>
      url === '/graphql'
        ? { status: 403, json: { message: 'no' } }
        : { json: Array.from({ length: 100 }, (_, at) => rest(at + 1)) },
    )
    expect(outcome).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('a page that repeats an earlier one') },
    })
  })

  test('not after a rejected token', async () => {
    const { outcome, asked } = await read(() => ({ status: 401, json: { message: 'Bad credentials' } }))
    expect([outcome.ok, asked.length]).toEqual([false, 1])
  })
})
