// Faults while writing: rights, places, lengths, drafts, answers that do not say what happened, heads that move, other runs at the same time.
// The verdict is the same as without the fault, every finding is told somewhere, and nothing is told twice.
import { expect, test } from '@jest/globals'
import type { Behaviour, ScriptedReply } from '../../src/demo/faults.ts'
import type { EmbeddedGitHub } from '../../src/demo/github.ts'
import type { PullRequest } from '../../src/demo/state.ts'
import { asksFor, meet, REFUSED, rowsOf, SKIPPING_MINUTES, UNPROCESSABLE, type Fault } from './fault.ts'
import { PATH, QUERIES_IN_CONSTRUCTOR, modules } from '../end-to-end/shop.ts'

const REVIEWS = 'POST /repos/*/*/pulls/*/reviews'
const CHECKS = 'POST /repos/*/*/check-runs'

const on =
  (route: string, ...behaviours: readonly Behaviour[]): NonNullable<Fault['fault']> =>
  (github) =>
    github.script(route, behaviours)

/** Ten modules, each with one violation on line 2. */
const TEN = { base: modules(10, 'pass'), change: modules(10, 'app_context.db_sync_engine.connect()') }
const TEN_PLACES = Array.from({ length: 10 }, (_, at) => `modules/standard/m${at}/api.py:2`)
const SEVENTY = modules(70, 'app_context.db_sync_engine.connect()')

const badGateway: ScriptedReply = { status: 502, body: { message: 'Bad Gateway' } }
/** The same content on another parent: the analysed commit is no longer part of the pull request. */
function forcePush(github: EmbeddedGitHub, pull: PullRequest): void {
  const parent = github.commit(pull.repository.fullName, 'main', { 'NEWS.md': 'later\n' })
  github.pushToPullRequest(pull, { [PATH]: QUERIES_IN_CONSTRUCTOR, 'README.md': '# Other\n' }, { parent })
}

/** The server says no, with the words of the real one. */
const refusing = (reply: ScriptedReply, times = 1): NonNullable<Fault['fault']> => on(REVIEWS, { times, reply })

const TOO_FAST: ScriptedReply = { status: 403, body: { message: 'You have exceeded a secondary rate limit' } }

const FAULTS: readonly Fault[] = [
  {
    id: 'F02',
    what: '403 on create review',
    outcome: 'degraded',
    fault: refusing(REFUSED),
    says: [/::notice title=PhaseGate::Review comments: .*`pull-requests: write`/],
  },
  {
    id: 'F02',
    what: '404 on create review, as for what is hidden',
    outcome: 'degraded',
    github: { dialect: { missingRight: 'not-found' } },
    acting: { rights: { contents: 'read', 'pull-requests': 'read', checks: 'write' } },
    says: [/`pull-requests: write`/],
  },
  {
    id: 'F03',
    what: '403 on create check run: no check run, everything else as usual',
    outcome: 'invisible',
    fault: on(CHECKS, { reply: REFUSED }),
    checks: [],
    repair: 'never',
    says: [/::notice title=PhaseGate::Check run: .*`checks: write`/],
  },
  {
    id: 'F05',
    what: 'a secondary limit without a time on create review: a minute, then posted once',
    outcome: 'invisible',
    acting: SKIPPING_MINUTES,
    fault: refusing(TOO_FAST),
    waits: ['waited 60 s'],
  },
  {
    id: 'F05',
    what: 'a secondary limit on create review that does not end: degraded',
    outcome: 'degraded',
    acting: SKIPPING_MINUTES,
    fault: refusing(TOO_FAST, 2),
    says: [/limit reached, until \d{4}-/],
    waits: ['waited 60 s'],
  },
  {
    id: 'F10',
    what: '422 for 1 of 10 comments: 9 posted, 1 in the summary',
    outcome: 'invisible',
    ...TEN,
    fault: on(REVIEWS, {
      times: 4,
      when: ({ body }) => JSON.stringify(body).includes('"path":"modules/standard/m3/api.py"'),
      reply: UNPROCESSABLE('Pull request review thread line must be part of the diff'),
    }),
    places: TEN_PLACES.filter((at) => !at.includes('/m3/')),
    checks: ['failure: 10 new findings'],
    also: (_run, seen) => {
      const summary = seen.stage.github.reviews(seen.pull).find(({ body }) => body.includes('10 new findings'))
      expect(summary?.body).toContain('the host accepted no comment at its place')
    },
  },
  {
    id: 'F11',
    what: '422 stale commit_id, the head did not move',
    outcome: 'degraded',
    fault: refusing(UNPROCESSABLE('commit_id is not part of the pull request')),
  },
  {
    id: 'F11',
    what: '422 stale commit_id, the head moved',
    outcome: 'superseded',
    fault: (github, pull) => github.script(REVIEWS, [{ before: () => forcePush(github, pull) }]),
  },
  {
    id: 'F12',
    what: 'an own draft blocks: deleted, sent once more, posted once',
    outcome: 'invisible',
    fault: (github, pull) =>
      void github.addHumanReview(pull, { login: 'github-actions[bot]', body: 'a draft', state: 'PENDING' }),
    also: (_run, { stage, pull }) => {
      expect(stage.github.reviews(pull).map(({ state }) => state)).toEqual(['COMMENTED'])
    },
  },
  {
    id: 'F12',
    what: 'a draft of somebody else is not touched',
    outcome: 'invisible',
    fault: (github, pull) => void github.addHumanReview(pull, { login: 'grace', body: 'mine', state: 'PENDING' }),
    also: (_run, { stage, pull }) => {
      expect(stage.github.reviews(pull).map(({ state }) => state)).toEqual(['PENDING', 'COMMENTED'])
    },
  },
  {
    id: 'F13',
    what: '422 body too long: cut outside of fences, full text in the job summary',
    outcome: 'invisible',
    github: { limits: { bodyLength: 1500 } },
    says: [/## 1 new finding/],
    also: (_run, { stage, pull }) => {
      const bodies = [...stage.github.comments(pull), ...stage.github.reviews(pull)].map(({ body }) => body)
      expect(bodies.filter((body) => (body.match(/^ {0,3}```/gm) ?? []).length % 2 === 1)).toEqual([])
      expect(bodies.some((body) => body.includes('This text was cut'))).toBe(true)
    },
  },
  {
    id: 'F15',
    what: '502 on create review although it was created: exactly one',
    outcome: 'invisible',
    fault: on(REVIEWS, { apply: 'all', reply: badGateway }),
    says: [/found after an error: 1 of 1 comments/],
    also: (_run, { stage, pull }) => expect(stage.github.reviews(pull)).toHaveLength(1),
  },
  {
    id: 'F15',
    what: 'the answer to create review is cut: exactly one',
    outcome: 'invisible',
    fault: on(REVIEWS, { wire: { kind: 'cut', bytes: 40, framing: 'broken' } }),
    says: [/found after an error/],
    also: (_run, { stage, pull }) => expect(stage.github.reviews(pull)).toHaveLength(1),
  },
  {
    id: 'F15',
    what: 'the answer to create review is cut with complete framing: exactly one',
    outcome: 'invisible',
    fault: on(REVIEWS, { wire: { kind: 'cut', bytes: 40, framing: 'complete' } }),
    says: [/found after an error/],
    also: (_run, { stage, pull }) => expect(stage.github.reviews(pull)).toHaveLength(1),
  },
  {
    id: 'F15',
    what: '502 and nothing was created: sent once more',
    outcome: 'invisible',
    fault: on(REVIEWS, { apply: 'none', reply: badGateway }),
  },
  {
    id: 'F15',
    what: '502 on create check run although it was created: no second one',
    outcome: 'invisible',
    fault: on(CHECKS, { apply: 'all', reply: badGateway }),
  },
  {
    id: 'F16',
    what: '504 and partial creation in batch 2 of 3: all comments once',
    outcome: 'invisible',
    base: modules(70, 'pass'),
    change: SEVENTY,
    acting: { inputs: { 'max-comments': '70', 'check-run': '' } },
    fault: on(REVIEWS, {
      when: ({ body }) => JSON.stringify(body).includes('"path":"modules/standard/m4/api.py"'),
      apply: 11,
      reply: { status: 504, body: { message: 'Gateway Timeout' } },
    }),
    places: Object.keys(SEVENTY).map((path) => `${path}:2`),
    checks: [],
    repair: 'never',
  },
  {
    id: 'F26',
    what: '403 because the conversation was locked meanwhile',
    outcome: 'degraded',
    fault: (github, pull) =>
      github.script(REVIEWS, [{ before: () => github.changePullRequest(pull, { locked: true }) }]),
    says: [/locked/],
    repair: 'never',
  },
  {
    id: 'F33',
    what: 'a force-push between analysis and posting',
    outcome: 'superseded',
    fault: (github, pull) =>
      github.script('POST /graphql', [
        {
          when: asksFor('Existing'),
          before: () => forcePush(github, pull),
        },
      ]),
    also: ({ writes }) => expect(writes.filter((it) => !it.includes('/check-runs'))).toEqual([]),
  },
]

test.concurrent.each(rowsOf(FAULTS))('%s %s', async (_id, _what, fault, runs) => {
  expect(await meet(fault, runs)).toEqual([])
})
