// Applying plans to a pull request that refuses, fails half-way and changes under our hands. After every fault one run without it repairs
// what is left, and the run after that writes nothing.
import { describe, expect, test } from '@jest/globals'
import type { PlacedFinding } from '../../src/findings/model.ts'
import { readMarker, textOf } from '../../src/publish/marker.ts'
import type { Refusal } from '../../src/publish/model.ts'
import { publishReview, type Applied, type PublishOptions } from '../../src/publish/publish.ts'
import {
  BAD_ANCHOR,
  BAD_GATEWAY,
  FORBIDDEN,
  memoryPull,
  refusal,
  type Fault,
  type MemoryPull,
  type Method,
} from './pull-request.ts'
import { CONTEXT, NEXT_HEAD, REPORT, finding, onLine, operation, review } from './samples.ts'

const OPTIONS: PublishOptions = {
  ...CONTEXT,
  wait: async () => undefined,
  stopped: () => false,
  number: 7,
  locked: false,
}

const many = (count: number): PlacedFinding[] =>
  Array.from({ length: count }, (_, at) =>
    finding(`f${at + 10}`, { placement: onLine(at + 1), operations: [operation(at + 1)] }),
  )

function publish(
  pull: MemoryPull,
  findings: readonly PlacedFinding[],
  more: Partial<PublishOptions> = {},
): Promise<Applied> {
  return publishReview({ review: review(findings), report: REPORT }, pull.gateway, { ...OPTIONS, ...more })
}

function faulty(faults: Partial<Record<Method, readonly (Fault | null)[]>>): MemoryPull {
  const pull = memoryPull()
  for (const [method, queue] of Object.entries(faults)) pull.faults.set(method as Method, [...queue])
  return pull
}

/** No two live comments for one finding, one review with a summary; a run repairs, another one finds nothing to do. */
async function expectRepaired(
  pull: MemoryPull,
  findings: readonly PlacedFinding[],
  more: Partial<PublishOptions> = {},
): Promise<void> {
  pull.badLines.clear()
  await publish(pull, findings, more)
  const standing = pull.comments.flatMap(({ body }) => {
    const marker = readMarker(body)
    return marker?.state === 'open' ? marker.findings.map((it) => it.fingerprint) : []
  })
  expect(standing.length).toBe(new Set(standing).size)
  pull.writes.length = 0
  await publish(pull, findings, more)
  expect(pull.writes).toEqual([])
}

const ONE = {
  posted: 1,
  updated: 0,
  fixed: 0,
  suppressed: 0,
  removed: 0,
  resolved: 0,
  refused: [],
  supersededBy: null,
  denied: false,
  notices: [],
  log: [],
}

describe('without faults', () => {
  test('one review with its comments', async () => {
    const pull = memoryPull()
    const applied = await publish(pull, [finding('a')])
    expect(applied).toEqual({ ...ONE, reviewId: 100 })
    expect(pull.writes).toEqual(['review with 1'])
    expect(readMarker(pull.reviews[0]?.body ?? '')?.findings.map((it) => it.fingerprint)).toEqual(['a'])
  })

  test('a clean pull request gets nothing, and no notice', async () => {
    const pull = memoryPull()
    expect(await publish(pull, [], { locked: true })).toEqual({ ...ONE, posted: 0, reviewId: null })
    expect(pull.writes).toEqual([])
  })

  test('35 comments are two reviews, the summary is in the second', async () => {
    const pull = memoryPull()
    await publish(pull, many(35), { maxComments: 40 })
    expect(pull.writes).toEqual(['review with 30', 'review with 5'])
    expect(pull.reviews.map(({ body }) => readMarker(body)?.findings.length)).toEqual([0, 35])
    await expectRepaired(pull, many(35), { maxComments: 40 })
  })

  test('a newer review takes the summary over', async () => {
    const pull = memoryPull()
    await publish(pull, many(1))
    await publish(pull, many(2))
    expect(textOf(pull.reviews[0]?.body ?? '')).toBe(
      `This summary moved to [a newer review](https://github.example/acme/shop/pull/7#pullrequestreview-${pull.reviews[1]?.id}).`,
    )
    await expectRepaired(pull, many(2))
  })

  test('whole files and unknown anchors go first and alone', async () => {
    const pull = memoryPull()
    const findings = [
      finding('a', { placement: onLine(3, 'other.py') }),
      finding('b', { placement: { kind: 'file', path: 'x.py' } }),
      finding('c'),
    ]
    await publish(pull, findings, { unknownPaths: new Set(['other.py']) })
    expect(pull.writes).toEqual(['comment on line', 'comment on file', 'review with 1'])
    await expectRepaired(pull, findings, { unknownPaths: new Set(['other.py']) })
  })

  test('fixed: the comment is edited, then its thread is resolved', async () => {
    const pull = memoryPull()
    await publish(pull, many(1))
    pull.comments[0] = { ...pull.comments[0]!, canResolve: true }
    pull.writes.length = 0
    expect(await publish(pull, [])).toMatchObject({ fixed: 1, resolved: 1, notices: [] })
    expect(pull.writes).toEqual(['edit 101', 'resolve T101', 'edit review 100'])
  })
})

describe('missing rights', () => {
  test('a read-only token costs one attempt and one notice that names the permission', async () => {
    const pull = faulty({ createReview: [{ refusal: FORBIDDEN }] })
    const applied = await publish(pull, many(3))
    expect(pull.writes).toEqual(['review with 3'])
    expect(applied).toMatchObject({ posted: 0, reviewId: null })
    expect(applied.notices.length).toBe(1)
    expect(applied.notices[0]).toContain('pull-requests: write')
    expect(applied.notices[0]).toContain('permissions:')
    await expectRepaired(pull, many(3))
  })

  test('a locked conversation is not even tried', async () => {
    const pull = memoryPull()
    const applied = await publish(pull, many(1), { locked: true })
    expect([pull.writes, applied.notices]).toEqual([
      [],
      ['Review comments: the conversation of the pull request is locked, so nothing was posted.'],
    ])
  })

  test('a conversation that was locked meanwhile is named as such', async () => {
    const pull = faulty({
      createReview: [{ refusal: refusal('forbidden', '403 Unable to create comment because issue is locked.', 403) }],
    })
    expect((await publish(pull, many(1))).notices).toEqual([
      'Review comments: the conversation of the pull request is locked.',
    ])
  })

  test('comments that cannot be listed', async () => {
    const pull = faulty({ existing: [{ refusal: FORBIDDEN }] })
    expect((await publish(pull, many(1))).notices.length).toBe(1)
    expect(pull.writes).toEqual([])
  })

  test('threads that cannot be resolved are said once, and counted as such', async () => {
    const pull = memoryPull()
    await publish(pull, many(3))
    for (const [at, comment] of pull.comments.entries()) pull.comments[at] = { ...comment, canResolve: true }
    pull.faults.set('resolveThread', [{ refusal: FORBIDDEN }])
    pull.writes.length = 0
    const applied = await publish(pull, [])
    expect(applied).toMatchObject({ fixed: 3, resolved: 0, notices: [expect.stringContaining('contents: write')] })
    expect(pull.writes.filter((it) => it.startsWith('resolve'))).toEqual(['resolve T101'])
  })

  test('a rejected token is named', async () => {
    const pull = faulty({ existing: [{ refusal: refusal('forbidden', 'token rejected', 401) }] })
    expect((await publish(pull, many(1))).notices).toEqual(['Review comments: token rejected.'])
  })
})

describe('places that are refused', () => {
  test.each([1, 5, 10])('one of ten, at %i: nine are posted, one stands in the summary', async (line) => {
    const pull = memoryPull()
    pull.badLines.add(line)
    const applied = await publish(pull, many(10))
    expect(applied).toMatchObject({ posted: 9, refused: [`f${line + 9}`], notices: [] })
    expect(pull.comments.length).toBe(9)
    const summary = pull.reviews.map(({ body }) => body).find((body) => (readMarker(body)?.findings.length ?? 0) > 0)
    expect(readMarker(summary ?? '')?.findings.length).toBe(10)
    expect(summary).toContain('Not posted on a line')
    await expectRepaired(pull, many(10))
  })

  test('places that the list of files no longer shows are left out at once, without halving', async () => {
    const pull = memoryPull()
    for (const line of [2, 5]) {
      pull.badLines.add(line)
      pull.goneLines.add(line)
    }
    let lists = 0
    pull.onCall = (method) => (lists += method === 'stillShown' ? 1 : 0)
    const applied = await publish(pull, many(10))
    expect(applied).toMatchObject({ posted: 8, refused: ['f11', 'f14'], notices: [] })
    expect([pull.writes, lists]).toEqual([['review with 10', 'review with 8'], 1])
    await expectRepaired(pull, many(10))
  })

  test('the list is read again once, however often a batch has to be halved', async () => {
    const pull = memoryPull()
    pull.badLines.add(3)
    let lists = 0
    pull.onCall = (method) => (lists += method === 'stillShown' ? 1 : 0)
    await publish(pull, many(10))
    expect([lists, pull.comments.length]).toEqual([1, 9])
  })

  test('it is told in full for as long as it is there, and never tried again', async () => {
    const pull = memoryPull()
    pull.badLines.add(3)
    await publish(pull, many(4))
    const before = pull.reviews.map(({ body }) => body)
    pull.badLines.clear()
    pull.writes.length = 0
    expect(await publish(pull, many(4))).toMatchObject({ posted: 0, refused: ['f12'], notices: [] })
    expect([pull.writes, pull.reviews.map(({ body }) => body)]).toEqual([[], before])
    // another finding makes a new summary; it goes on telling the old one
    await publish(pull, many(5))
    const summary = pull.reviews.find(({ body }) => body.includes('5 new findings'))?.body ?? ''
    expect([pull.comments.length, summary.includes('Not posted on a line')]).toEqual([4, true])
    expect(readMarker(summary)?.refused).toEqual(['f12'])
  })

  test('work that is added to it is tried at its place again', async () => {
    const pull = memoryPull()
    pull.badLines.add(1)
    await publish(pull, many(1))
    pull.badLines.clear()
    const grown = [
      finding('f10', { placement: onLine(1), operations: [operation(1), operation(2, 'session.commit()')] }),
    ]
    expect(await publish(pull, grown)).toMatchObject({ posted: 1, refused: [] })
  })

  test('all of them', async () => {
    const pull = memoryPull()
    for (let line = 1; line <= 4; line += 1) pull.badLines.add(line)
    const applied = await publish(pull, many(4))
    expect([applied.posted, applied.refused.length, pull.reviews.length]).toEqual([0, 4, 1])
    await expectRepaired(pull, many(4))
  })

  test('an unknown anchor: the line, then the file, then the summary', async () => {
    const pull = faulty({ createComment: [{ refusal: BAD_ANCHOR }, { refusal: BAD_ANCHOR }] })
    const findings = [finding('a')]
    const applied = await publish(pull, findings, { unknownPaths: new Set(['modules/shop/api.py']) })
    expect(pull.writes).toEqual(['comment on line', 'comment on file', 'review with 0'])
    expect(applied).toMatchObject({ posted: 0, refused: ['a'], notices: [] })
    await expectRepaired(pull, findings, { unknownPaths: new Set(['modules/shop/api.py']) })
  })

  test('a place that is refused because the head moved', async () => {
    const pull = memoryPull()
    pull.badLines.add(1)
    pull.onCall = (method) => {
      if (method === 'createReview') pull.head = NEXT_HEAD
    }
    expect(await publish(pull, many(2))).toMatchObject({ posted: 0, supersededBy: NEXT_HEAD })
    expect(pull.writes).toEqual(['review with 2'])
  })
})

const unprocessable = (text: string): Refusal => refusal('unprocessable', `POST /x: 422 ${text}`, 422)

describe('other refusals', () => {
  test('an own draft is discarded and the review sent once more', async () => {
    const pull = memoryPull()
    pull.pendingReviewId = 55
    expect(await publish(pull, many(1))).toMatchObject({ posted: 1, notices: [] })
    expect(pull.writes).toEqual(['review with 1', 'discard draft 55', 'review with 1'])
  })

  test('a draft that is not ours is never touched', async () => {
    const text = unprocessable('User can only have one pending review per pull request')
    const pull = faulty({ createReview: [{ refusal: text }] })
    expect((await publish(pull, many(1))).notices.length).toBe(1)
    expect(pull.writes).toEqual(['review with 1'])
  })

  test('a stale commit without a moved head degrades, with one it is superseded', async () => {
    const fault = { refusal: unprocessable('The commitOID is not part of the pull request') }
    const same = faulty({ createReview: [fault] })
    expect((await publish(same, many(1))).notices.length).toBe(1)
    const moved = faulty({ createReview: [fault] })
    moved.onCall = (method) => {
      if (method === 'createReview') moved.head = NEXT_HEAD
    }
    expect(await publish(moved, many(1))).toMatchObject({ supersededBy: NEXT_HEAD, notices: [] })
  })

  test('a body that is too long is cut and sent once more', async () => {
    const pull = faulty({ createReview: [{ refusal: unprocessable('Body is too long (maximum is 1000 characters)') }] })
    expect(await publish(pull, many(1))).toMatchObject({ posted: 1, notices: [] })
    expect(pull.comments.map(({ body }) => readMarker(body)?.findings.length)).toEqual([1])
    expect(pull.comments[0]?.body).toContain('This text was cut')
  })

  test('a cut body is left as it is while it says the same, and an edit is cut as well', async () => {
    const tooLong = { refusal: unprocessable('Body is too long (maximum is 1000 characters)') }
    const pull = faulty({ createReview: [tooLong], updateComment: [tooLong] })
    await publish(pull, many(1))
    pull.writes.length = 0
    await publish(pull, many(1))
    expect(pull.writes).toEqual([])
    expect(await publish(pull, [])).toMatchObject({ fixed: 1, notices: [] })
    expect(pull.writes.filter((it) => it.startsWith('edit 1'))).toHaveLength(2)
  })

  test('too quick: once more after a pause, then no more', async () => {
    const quick = { refusal: unprocessable('Review comments is invalid and Review threads is invalid') }
    const waits: number[] = []
    const wait = async (milliseconds: number): Promise<void> => void waits.push(milliseconds)
    const once = faulty({ createReview: [quick] })
    expect(await publish(once, many(1), { wait })).toMatchObject({ posted: 1, notices: [] })
    const twice = faulty({ createReview: [quick, quick] })
    expect((await publish(twice, many(1), { wait })).notices.length).toBe(1)
    expect([once.writes.length, twice.writes.length, waits]).toEqual([2, 2, [5000, 5000]])
  })

  test.each(['Validation failed, or the endpoint has been spammed.', 'something new'])(
    'never loops: %s',
    async (text) => {
      const pull = faulty({ createReview: [{ refusal: unprocessable(text) }] })
      expect((await publish(pull, many(2))).notices.length).toBe(1)
      expect(pull.writes).toEqual(['review with 2'])
      await expectRepaired(pull, many(2))
    },
  )

  test('a limit that is not waited for degrades', async () => {
    const pull = faulty({ createReview: [{ refusal: refusal('rate-limited', '429 until noon', 429) }] })
    expect((await publish(pull, many(1))).notices).toEqual(['Review comments: 429 until noon.'])
  })

  test('a comment that a human deleted while we edit is their decision', async () => {
    const pull = memoryPull()
    await publish(pull, many(2))
    pull.faults.set('updateComment', [{ refusal: refusal('not-found', '404', 404) }])
    expect(await publish(pull, [])).toMatchObject({ fixed: 1, notices: [] })
  })
})

describe('writes that are answered with an error', () => {
  test('although the review was created: exactly one', async () => {
    const pull = faulty({ createReview: [{ refusal: BAD_GATEWAY, applied: true }] })
    const applied = await publish(pull, many(3))
    expect(applied).toMatchObject({ posted: 3, notices: [], log: ['found after an error: 3 of 3 comments'] })
    expect(pull.writes).toEqual(['review with 3'])
    await expectRepaired(pull, many(3))
  })

  test('nothing was created: sent once more', async () => {
    const pull = faulty({ createReview: [{ refusal: BAD_GATEWAY }] })
    expect(await publish(pull, many(3))).toMatchObject({ posted: 3, notices: [] })
    expect(pull.writes).toEqual(['review with 3', 'review with 3'])
    await expectRepaired(pull, many(3))
  })

  test('a part was created: only the rest is sent', async () => {
    const pull = faulty({ createReview: [{ refusal: BAD_GATEWAY, applied: 2 }] })
    expect(await publish(pull, many(5))).toMatchObject({ posted: 5, notices: [] })
    expect(pull.writes).toEqual(['review with 5', 'review with 3'])
    expect(pull.comments.length).toBe(5)
    await expectRepaired(pull, many(5))
  })

  test('a part of the second of three batches', async () => {
    const pull = faulty({ createReview: [null, { refusal: BAD_GATEWAY, applied: 7 }] })
    const applied = await publish(pull, many(70), { maxComments: 100 })
    expect([applied.posted, pull.comments.length]).toEqual([70, 70])
    await expectRepaired(pull, many(70), { maxComments: 100 })
  })

  test('twice, and created the second time: found, not sent a third time', async () => {
    const pull = faulty({ createReview: [{ refusal: BAD_GATEWAY }, { refusal: BAD_GATEWAY, applied: true }] })
    expect(await publish(pull, many(2))).toMatchObject({ posted: 2, notices: [] })
    expect(pull.writes.length).toBe(2)
    await expectRepaired(pull, many(2))
  })

  test('twice, and never created: one notice', async () => {
    const pull = faulty({ createReview: [{ refusal: BAD_GATEWAY }, { refusal: BAD_GATEWAY }] })
    expect(await publish(pull, many(2))).toMatchObject({ posted: 0, notices: [expect.stringContaining('502')] })
    expect(pull.writes.length).toBe(2)
    await expectRepaired(pull, many(2))
  })

  test('a single comment that was created all the same', async () => {
    const pull = memoryPull()
    const real = pull.gateway.createComment
    const gateway = {
      ...pull.gateway,
      createComment: async (...values: Parameters<typeof real>) => {
        const outcome = await real(...values)
        return pull.writes.length === 1 ? { ok: false as const, refusal: BAD_GATEWAY } : outcome
      },
    }
    const options = { ...OPTIONS, unknownPaths: new Set(['modules/shop/api.py']) }
    const applied = await publishReview({ review: review([finding('a')]), report: REPORT }, gateway, options)
    expect([applied.posted, applied.notices, pull.comments.length]).toEqual([1, [], 1])
    await expectRepaired(pull, [finding('a')], options)
  })

  test('an edit that failed is made by the next run', async () => {
    const pull = memoryPull()
    await publish(pull, many(2))
    pull.faults.set('updateComment', [{ refusal: BAD_GATEWAY }])
    expect((await publish(pull, [])).notices.length).toBe(1)
    expect(await publish(pull, [])).toMatchObject({ fixed: 2, notices: [] })
  })
})

describe('a head that moves', () => {
  test('before anything was written', async () => {
    const pull = memoryPull()
    pull.head = NEXT_HEAD
    expect(await publish(pull, many(1))).toMatchObject({
      posted: 0,
      supersededBy: NEXT_HEAD,
      log: [expect.stringContaining(`superseded by ${NEXT_HEAD}`)],
    })
    expect(pull.writes).toEqual([])
  })

  test('between two batches', async () => {
    const pull = memoryPull()
    pull.onCall = (method) => {
      if (method === 'createReview') pull.head = NEXT_HEAD
    }
    expect(await publish(pull, many(35), { maxComments: 40 })).toMatchObject({ posted: 30, supersededBy: NEXT_HEAD })
    expect(pull.writes).toEqual(['review with 30'])
  })

  test('before the edits', async () => {
    const pull = memoryPull()
    await publish(pull, many(1))
    pull.writes.length = 0
    pull.head = NEXT_HEAD
    expect(await publish(pull, [])).toMatchObject({ fixed: 0, supersededBy: NEXT_HEAD })
    expect(pull.writes).toEqual([])
  })
})

describe('two runs at once', () => {
  test.each<Method>(['existing', 'headSha', 'createReview'])(
    'the other one runs through before our first %s',
    async (method) => {
      const pull = memoryPull()
      let started = false
      const gateway = Object.fromEntries(
        Object.entries(pull.gateway).map(([name, call]) => [
          name,
          async (...values: never[]) => {
            if (name === method && !started) {
              started = true
              await publish(pull, many(2))
            }
            return (call as (...all: never[]) => unknown)(...values)
          },
        ]),
      ) as unknown as typeof pull.gateway
      await publishReview({ review: review(many(2)), report: REPORT }, gateway, OPTIONS)
      expect(pull.comments.length).toBe(2)
      await expectRepaired(pull, many(2))
    },
  )
})

describe('a signal', () => {
  test('ends the writing between two requests', async () => {
    const pull = memoryPull()
    const applied = await publish(pull, many(35), { maxComments: 40, stopped: () => pull.writes.length > 0 })
    expect(pull.writes).toEqual(['review with 30'])
    expect(applied.notices).toEqual(['Publishing was interrupted by a signal; the next run completes it.'])
    await expectRepaired(pull, many(35), { maxComments: 40 })
  })
})
