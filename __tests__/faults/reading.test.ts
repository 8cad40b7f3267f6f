// Faults while reading: rejected tokens, missing objects, limits, errors of the server, answers of another shape, bytes that do not arrive.
// What could not be read is incomplete and says so; nothing is ever taken for a shorter list or an empty file.
import { expect, test } from '@jest/globals'
import { asksFor, meet, REFUSED, rowsOf, SKIPPING_MINUTES, type Fault, type Seen } from './fault.ts'
import type { Behaviour, ScriptedReply } from '../../src/demo/faults.ts'
import type { EmbeddedGitHub } from '../../src/demo/github.ts'
import type { Acted } from '../end-to-end/stage.ts'
import { PATH, SERVICES, SHOP } from '../end-to-end/shop.ts'

const TREE = 'GET /repos/*/*/git/trees/*'
const FILES = 'GET /repos/*/*/pulls/*/files'
const COMPARE = 'GET /repos/*/*/compare/**'
const BLOB = 'GET /repos/*/*/git/blobs/*'
const error = (status: number): ScriptedReply => ({ status, body: { message: `error ${status}` } })

const on =
  (route: string, ...behaviours: readonly Behaviour[]): NonNullable<Fault['fault']> =>
  (github) =>
    github.script(route, behaviours)

/** GraphQL gives no contents, so that each is read alone. */
const withoutGraphql = (github: EmbeddedGitHub): void =>
  github.script('POST /graphql', [{ when: asksFor('Blobs'), reply: error(400) }])

const PLACES_UNKNOWN = [/Some places for comments are not known/g]

/** Ten changed files, so that one answer of the list is long enough to be cut. */
const MANY = {
  ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`docs/page-${at}.md`, `page ${at}\n`])),
  [PATH]: SERVICES.replace('self.names = []\n', 'self.names = app_context.db_sync_engine.connect()\n'),
}

/** The tree that was refused with `status` is asked for again after two seconds. */
function expectWaited({ stage }: Seen, status: number): void {
  const trees = stage.github.requests.filter(({ path }) => path.includes('/git/trees/'))
  const limited = trees.find((it) => it.status === status)
  const again = trees.find((it) => it.path === limited?.path && it.status === 200)
  expect((again?.time ?? 0) - (limited?.time ?? 0)).toBeGreaterThan(1950)
}

function expectAskedTwice({ requests }: Acted): void {
  expect(requests.filter((it) => it.startsWith('GET /pulls/1/files'))).toHaveLength(2)
}

const limited = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): ScriptedReply => ({
  status,
  body: { message },
  headers,
})
/** Limits that do not say how long they last. */
const WITHOUT_TIME: readonly (readonly [string, ScriptedReply])[] = [
  ['403, secondary limit, no time at all', limited(403, 'You have exceeded a secondary rate limit')],
  ['429 with another text', limited(429, 'slow down')],
  [
    '403, primary limit, a reset in the past',
    limited(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000' }),
  ],
]

const FAULTS: readonly Fault[] = [
  {
    id: 'F01',
    what: '401 on the first call',
    outcome: 'incomplete',
    acting: { inputs: { 'github-token': 'ghs_rejected' } },
    says: [/token rejected/],
    also: ({ stdout }, { stage }) => {
      const rejected = stage.github.requests.filter(({ status }) => status === 401)
      expect([rejected.length, stdout.match(/token rejected/g)]).toEqual([1, ['token rejected']])
    },
  },
  {
    id: 'F04',
    what: '403, primary limit, reset in 2 s: waited for',
    outcome: 'invisible',
    fault: on(TREE, {
      reply: () => ({
        status: 403,
        body: { message: 'API rate limit exceeded' },
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${Math.ceil(Date.now() / 1000) + 1}` },
      }),
    }),
  },
  {
    id: 'F04',
    what: '403, primary limit, reset in 50 minutes: incomplete at once, with the time',
    outcome: 'incomplete',
    fault: on(TREE, {
      times: 2,
      reply: () => ({
        status: 403,
        body: { message: 'API rate limit exceeded' },
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${Math.ceil(Date.now() / 1000) + 3000}` },
      }),
    }),
    says: [/limit reached, until \d{4}-\d\d-\d\dT/],
  },
  ...[403, 429].map(
    (status): Fault => ({
      id: 'F05',
      what: `${status}, secondary limit, Retry-After 2: waits that long`,
      outcome: 'invisible',
      fault: on(TREE, {
        reply: {
          status,
          body: { message: 'You have exceeded a secondary rate limit' },
          headers: { 'retry-after': '2' },
        },
      }),
      also: (_run, seen) => expectWaited(seen, status),
    }),
  ),
  {
    id: 'F05',
    what: '429 with an HTTP date: waits until then',
    outcome: 'invisible',
    fault: on(TREE, {
      reply: () => ({
        status: 429,
        body: { message: 'slow down' },
        headers: { 'retry-after': new Date(Date.now() + 2000).toUTCString() },
      }),
    }),
  },
  ...WITHOUT_TIME.map(
    ([what, reply]): Fault => ({
      id: 'F05',
      what: `${what}: waits a minute`,
      outcome: 'invisible',
      acting: SKIPPING_MINUTES,
      fault: on(COMPARE, { reply }),
      waits: ['waited 60 s'],
    }),
  ),
  {
    id: 'F05',
    what: 'a secondary limit that does not end: a minute, then incomplete',
    outcome: 'incomplete',
    acting: SKIPPING_MINUTES,
    fault: on(COMPARE, { times: 2, reply: limited(403, 'You have exceeded a secondary rate limit') }),
    says: [/limit reached, until \d{4}-\d\d-\d\dT/],
    waits: ['waited 60 s'],
    also: ({ requests }) => expect(requests.filter((it) => it.startsWith('GET /compare/'))).toHaveLength(2),
  },
  {
    id: 'F06',
    what: '404 for the repository',
    outcome: 'incomplete',
    acting: (github) => ({
      inputs: { 'github-token': github.createToken({ contents: 'read' }, { repositories: ['acme/other'] }) },
    }),
    says: [/not found or no access/, /`permissions: contents: read`/],
  },
  {
    id: 'F07',
    what: '404 for one blob: incomplete by name',
    outcome: 'incomplete',
    fault: (github) => {
      withoutGraphql(github)
      github.script(BLOB, [{ reply: error(404) }])
    },
    says: [/modules\/standard\/shop\/\w+\.py/],
  },
  {
    id: 'F08',
    what: 'the diff media type is never asked for',
    outcome: 'invisible',
    also: (_run, { stage }) => {
      const accepted = stage.github.requests.map(({ headers }) => headers['accept'] ?? '')
      expect(accepted.filter((accept) => /diff|patch/.test(accept))).toEqual([])
    },
  },
  {
    id: 'F09',
    what: '409 on the list of files: places unknown, said once, verdict as ever',
    outcome: 'invisible',
    fault: on(FILES, { reply: error(409) }),
    says: PLACES_UNKNOWN,
    also: ({ summary }) => expect(summary.match(PLACES_UNKNOWN[0] ?? /^$/g)).toHaveLength(1),
    repair: 'one run',
  },
  {
    id: 'F09',
    what: '409 on a tree',
    outcome: 'incomplete',
    fault: on(TREE, { times: 2, reply: error(409) }),
    says: [/409/],
  },
  ...[500, 502, 503].map(
    (status): Fault => ({
      id: 'F14',
      what: `${status} on a tree, once`,
      outcome: 'invisible',
      fault: on(TREE, { reply: error(status) }),
    }),
  ),
  {
    id: 'F14',
    what: '502 on the comparison, four times: incomplete with status and route',
    outcome: 'incomplete',
    fault: on(COMPARE, { times: 4, reply: error(502) }),
    says: [/GET \/repos\/\{owner\}\/\{repo\}\/compare\/\{basehead\}: 502/],
  },
  {
    id: 'F17',
    what: 'a server that never answers: a time-out per request, then the deadline of the run',
    outcome: 'incomplete',
    fault: on(COMPARE, { times: 4, wire: { kind: 'hang' } }),
    acting: { environment: { PHASEGATE_REQUEST_SECONDS: '2', PHASEGATE_RUN_SECONDS: '60' } },
    says: [/no complete answer within 2 s/],
  },
  {
    id: 'F17',
    what: 'one byte per second is no answer either',
    outcome: 'incomplete',
    fault: on(COMPARE, { times: 4, wire: { kind: 'dribble', bytesPerSecond: 1 } }),
    acting: { environment: { PHASEGATE_REQUEST_SECONDS: '2', PHASEGATE_RUN_SECONDS: '60' } },
    says: [/no complete answer within 2 s/],
  },
  {
    id: 'F17',
    what: 'the deadline of the run ends all of it',
    outcome: 'incomplete',
    fault: on(COMPARE, { wire: { kind: 'hang' } }),
    acting: { environment: { PHASEGATE_RUN_SECONDS: '6' } },
    says: [/the deadline of the run is over/],
  },
  ...[0, 1, 400].map(
    (bytes): Fault => ({
      id: 'F18',
      what: `JSON cut at byte ${bytes} with complete framing, once`,
      outcome: 'invisible',
      fault: on(TREE, { wire: { kind: 'cut', bytes, framing: 'complete' } }),
    }),
  ),
  {
    id: 'F18',
    what: 'JSON cut with complete framing, every time',
    outcome: 'incomplete',
    fault: on(COMPARE, { times: 4, wire: { kind: 'cut', bytes: 30, framing: 'complete' } }),
    says: [/not JSON/],
  },
  ...[
    ['before a byte', { kind: 'drop' }] as const,
    ['after 30 bytes', { kind: 'cut', bytes: 30, framing: 'broken' }] as const,
    ['after 500 bytes', { kind: 'cut', bytes: 500, framing: 'broken' }] as const,
  ].map(
    ([when, wire]): Fault => ({
      id: 'F19',
      what: `the list of files is reset ${when}: asked for again, never shorter`,
      outcome: 'invisible',
      change: MANY,
      fault: on(FILES, { wire }),
      also: expectAskedTwice,
    }),
  ),
  ...(
    [
      ['an empty 200', { status: 200, body: '' }, 4],
      ['HTML with 200', { status: 200, body: '<html>Unicorn!</html>', headers: { 'content-type': 'text/html' } }, 4],
      ['an object', { status: 200, body: { files: [] } }, 1],
      ['null', { status: 200, body: null }, 4],
      ['a number for a string', { status: 200, body: [{ filename: 7, status: 'modified' }] }, 1],
    ] as const
  ).map(
    ([what, reply, times]): Fault => ({
      id: 'F20',
      what: `${what} for the list of files: places unknown`,
      outcome: 'invisible',
      fault: on(FILES, { times, reply }),
      says: PLACES_UNKNOWN,
      repair: 'one run',
    }),
  ),
  ...(
    [
      ['HTML with 200', { status: 200, body: '<html>' }, 4],
      ['a required field that is null', { status: 200, body: { merge_base_commit: null } }, 1],
    ] as const
  ).map(
    ([what, reply, times]): Fault => ({
      id: 'F20',
      what: `${what} for the comparison: incomplete, route named`,
      outcome: 'incomplete',
      fault: on(COMPARE, { times, reply }),
      says: [/compare\/\{basehead\}/],
    }),
  ),
  {
    id: 'F22',
    what: 'Link: next that points to itself is not followed',
    outcome: 'invisible',
    fault: on(FILES, {
      reply: ({ body }) => ({
        status: 200,
        body,
        headers: { link: '<http://127.0.0.1:1/repos/a/b/pulls/1/files?page=1>; rel="next"' },
      }),
    }),
  },
  {
    id: 'F23',
    what: 'GraphQL with errors beside partial data: the missing ones by REST',
    outcome: 'invisible',
    fault: on('POST /graphql', {
      when: asksFor('Blobs'),
      reply: ({ body }) => {
        const { data } = body as { data: { repository: Record<string, unknown> } }
        return {
          status: 200,
          body: {
            data: { repository: { ...data.repository, b0: null } },
            errors: [{ type: 'INTERNAL', message: 'no' }],
          },
        }
      },
    }),
    also: ({ requests }) => expect(requests.some((it) => it.startsWith('GET /git/blobs/'))).toBe(true),
  },
  {
    id: 'F24',
    what: 'GraphQL RATE_LIMITED with status 200, then too late: by REST',
    outcome: 'invisible',
    fault: on('POST /graphql', {
      when: asksFor('Blobs'),
      reply: {
        status: 200,
        body: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
        headers: { 'retry-after': '1' },
      },
    }),
  },
  {
    id: 'F32',
    what: 'the head branch is deleted',
    outcome: 'invisible',
    fault: (github, pull) => github.deleteBranch(pull.repository.fullName, 'topic'),
  },
  {
    id: 'F21',
    what: 'no Link header although 250 files changed: pages by number',
    outcome: 'invisible',
    base: { ...SHOP },
    change: {
      ...Object.fromEntries(Array.from({ length: 249 }, (_, at) => [`docs/page-${at}.md`, `page ${at}\n`])),
      [PATH]: MANY[PATH] ?? '',
    },
    fault: on(FILES, { times: 3, reply: ({ status, body }) => ({ status, body }) }),
    also: ({ requests }) => expect(requests.filter((it) => it.startsWith('GET /pulls/1/files'))).toHaveLength(3),
  },
  {
    id: 'F22',
    what: 'page 2 repeats page 1: places unknown, no endless run',
    outcome: 'invisible',
    change: {
      ...Object.fromEntries(Array.from({ length: 149 }, (_, at) => [`docs/page-${at}.md`, `page ${at}\n`])),
      [PATH]: MANY[PATH] ?? '',
    },
    fault: (github, pull) => {
      const first = { filename: 'docs/page-0.md', status: 'added', patch: '@@ -0,0 +1 @@\n+page 0' }
      github.script(`GET /repos/${pull.repository.fullName}/pulls/1/files`, [
        { when: ({ query }) => query.get('page') === '2', reply: { status: 200, body: [first] } },
      ])
    },
    says: PLACES_UNKNOWN,
    repair: 'one run',
  },
  {
    id: 'F06',
    what: '403 while reading',
    outcome: 'incomplete',
    fault: on(COMPARE, { reply: REFUSED }),
    says: [/permissions/],
  },
]

test.concurrent.each(rowsOf(FAULTS))('%s %s', async (_id, _what, fault, runs) => {
  expect(await meet(fault, runs)).toEqual([])
})
