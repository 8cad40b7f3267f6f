// What the client makes of bad answers: each is a refusal with the route's name, never a shorter or an empty success.
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { array, number, object, string } from 'valibot'
import type { Outcome } from '../../src/publish/model.ts'
import { TOKEN, withServer, type Answer, type Asked, type TestServer } from './server.ts'

const ROUTE = 'GET /repos/{owner}/{repo}/things'
const POST = 'POST /repos/{owner}/{repo}/things'
const PARAMETERS = { owner: 'acme', repo: 'shop' }
const Things = array(object({ id: number(), name: string() }))
const GOOD: Answer = { json: [{ id: 1, name: 'one', more: true }] }

const read = ({ client }: TestServer): Promise<Outcome<unknown>> => client.get(ROUTE, PARAMETERS, Things)
const write = ({ client }: TestServer): Promise<Outcome<unknown>> =>
  client.write(POST, { ...PARAMETERS, body: 'x' }, Things)

/** The first answers, then good ones. */
const script =
  (...answers: Answer[]) =>
  ({ before }: Asked): Answer =>
    answers[before] ?? GOOD

const cut = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('[{"id":1,')
  setTimeout(() => response.destroy(), 5)
}
const drop = (response: ServerResponse): void => void response.destroy()
const hang = (): void => undefined
const dribble = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 10)
  response.on('close', () => clearInterval(timer))
}
const TRUNCATED: Answer = { body: '[{"id":1,"na' }
const HTML: Answer = { body: '<html>Unicorn!</html>', headers: { 'content-type': 'text/html' } }
const EMPTY: Answer = { body: '' }
const status = (code: number, message = 'no', headers: Record<string, string> = {}): Answer => ({
  status: code,
  json: { message },
  headers,
})

const refusalOf = (outcome: Outcome<unknown>): unknown => (outcome.ok ? outcome : outcome.refusal)

describe('good answers', () => {
  test('come in the shape that was asked for', async () => {
    await withServer(
      () => GOOD,
      async (server) => {
        expect(await read(server)).toEqual({ ok: true, value: [{ id: 1, name: 'one' }] })
        expect([server.asked.map((it) => `${it.method} ${it.url}`), server.client.requests()]).toEqual([
          ['GET /repos/acme/shop/things'],
          1,
        ])
      },
    )
  })
})

describe('a read that fails for a moment', () => {
  test.each<[string, Answer]>([
    ['502', status(502)],
    ['500', status(500)],
    ['a page of HTML with status 503', { status: 503, body: '<html>' }],
    ['a page of HTML with status 200', HTML],
    ['an empty body', EMPTY],
    ['the JSON null', { body: 'null' }],
    ['truncated JSON in complete framing', TRUNCATED],
    ['a body that is cut', cut],
    ['a dropped connection', drop],
  ])('%s: the failure is invisible', async (_, answer) => {
    await withServer(script(answer), async (server) => {
      expect((await read(server)).ok).toBe(true)
      expect(server.asked.length).toBe(2)
    })
  })

  test.each<[string, Answer, number, RegExp]>([
    ['502', status(502, 'Bad Gateway'), 502, /things: 502 Bad Gateway/],
    ['HTML', HTML, 0, /things: status 200 with a body that is not JSON/],
    ['truncated JSON', TRUNCATED, 0, /not JSON/],
    ['HTML with status 504', { status: 504, body: '<html>' }, 504, /things: 504 a body that is not JSON/],
  ])('%s four times: refused, with status and route', async (_, answer, code, message) => {
    await withServer(script(answer, answer, answer, answer), async (server) => {
      expect(refusalOf(await read(server))).toEqual({
        kind: 'unavailable',
        status: code,
        message: expect.stringMatching(message),
      })
      expect(server.asked.length).toBe(4)
    })
  })
})

describe('a server without an answer', () => {
  test.each<[string, Answer]>([
    ['that never answers', hang],
    ['that sends one byte at a time', dribble],
  ])('%s is given up after the time for an attempt', async (_, answer) => {
    await withServer(
      () => answer,
      async (server) => {
        expect(refusalOf(await read(server))).toMatchObject({
          kind: 'unavailable',
          message: expect.stringContaining('no complete answer'),
        })
        expect(server.asked.length).toBe(4)
      },
      { attemptSeconds: 0.05 },
    )
  })

  test('ends at the deadline, without a repetition', async () => {
    await withServer(
      () => hang,
      async (server) => {
        expect(refusalOf(await read(server))).toMatchObject({
          kind: 'unavailable',
          message: expect.stringContaining('deadline'),
        })
        expect(refusalOf(await read(server))).toMatchObject({ message: expect.stringContaining('deadline') })
        expect(server.asked.length).toBe(1)
      },
      { deadline: Date.now() + 300 },
    )
  })

  test('a server that is not there', async () => {
    const server = await withServer(
      () => GOOD,
      async (it) => it,
    )
    expect(refusalOf(await read(server))).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining(ROUTE),
    })
  })
})

describe('answers of another shape', () => {
  test.each<[string, unknown, string]>([
    ['an object for a list', { id: 1 }, 'the body expected Array'],
    ['null in a list', [null], '0 expected Object'],
    ['null for a required field', [{ id: 1, name: null }], '0.name expected string'],
    ['a number for a string', [{ id: 1, name: 2 }], '0.name expected string'],
    ['a text', 'text', 'the body expected Array'],
  ])('%s', async (_, json, problem) => {
    await withServer(
      () => ({ json }),
      async (server) => {
        expect(refusalOf(await read(server))).toEqual({
          kind: 'unavailable',
          status: 200,
          message: `${ROUTE} answered something unexpected: ${problem}`,
        })
      },
    )
  })

  test('of an enterprise server name its version', async () => {
    await withServer(
      () => ({ json: [{ id: 1 }], headers: { 'x-github-enterprise-version': '3.17.2' } }),
      async (server) => {
        expect(refusalOf(await read(server))).toMatchObject({
          message: expect.stringContaining('(GitHub Enterprise Server 3.17.2)'),
        })
      },
    )
  })
})

describe('refusals', () => {
  test.each([
    [403, 'forbidden'],
    [404, 'not-found'],
    [406, 'unprocessable'],
    [409, 'unprocessable'],
    [410, 'gone'],
    [413, 'unprocessable'],
    [422, 'unprocessable'],
    [451, 'gone'],
  ])('%i is %s, and is never repeated', async (code, kind) => {
    await withServer(
      () => status(code, 'Resource not accessible'),
      async (server) => {
        expect(refusalOf(await read(server))).toEqual({
          kind,
          status: code,
          message: `${ROUTE}: ${code} Resource not accessible`,
        })
        expect(server.asked.length).toBe(1)
      },
    )
  })

  test('after a rejected token nothing more is sent', async () => {
    await withServer(
      () => status(401, 'Bad credentials'),
      async (server) => {
        const first = refusalOf(await read(server))
        expect(first).toEqual({
          kind: 'forbidden',
          status: 401,
          message: 'token rejected: GitHub answered 401 (Bad credentials)',
        })
        expect([refusalOf(await write(server)), server.asked.length]).toEqual([first, 1])
      },
    )
  })

  test('the errors of a refusal are part of its message, an address of the documentation is not', async () => {
    const json = {
      message: 'Unprocessable Entity',
      errors: ['Path could not be resolved'],
      documentation_url: 'https://docs.github.com/rest',
    }
    await withServer(
      () => ({ status: 422, json }),
      async (server) => {
        expect(refusalOf(await write(server))).toMatchObject({
          message: `${POST}: 422 Unprocessable Entity: "Path could not be resolved"`,
        })
      },
    )
  })

  test('no message contains the token', async () => {
    await withServer(
      () => drop,
      async (server) => {
        expect(JSON.stringify(await read(server))).not.toContain(TOKEN)
      },
    )
  })
})

describe('writes', () => {
  test.each<[string, Answer]>([
    ['502', status(502)],
    ['a dropped connection', drop],
    ['truncated JSON', TRUNCATED],
    ['an empty body', EMPTY],
  ])('answered by %s are not sent again', async (_, answer) => {
    await withServer(
      () => answer,
      async (server) => {
        expect(refusalOf(await write(server))).toMatchObject({ kind: 'unavailable' })
        expect(server.asked.length).toBe(1)
      },
    )
  })

  test('that were limited are sent again after the wait', async () => {
    await withServer(
      script(status(403, 'You have exceeded a secondary rate limit', { 'retry-after': '2' })),
      async (server) => {
        expect((await write(server)).ok).toBe(true)
        expect(server.asked.length).toBe(2)
      },
    )
  })

  test('come one after the other, a second apart', async () => {
    let time = 1_000_000
    const waits: number[] = []
    const clock = {
      now: () => time,
      wait: async (milliseconds: number): Promise<void> => {
        waits.push(milliseconds)
        time += milliseconds
      },
    }
    await withServer(
      () => GOOD,
      async (server) => {
        await Promise.all([write(server), write(server), read(server), write(server)])
        expect(waits).toEqual([1000, 1000])
      },
      { clock, deadline: time + 60_000 },
    )
  })
})

describe('reads', () => {
  test('are at most four at once', async () => {
    const open: ServerResponse[] = []
    let most = 0
    // answers when four wait, and a moment later, so that a fifth would be seen
    const slow = (response: ServerResponse): void => {
      most = Math.max(most, open.push(response))
      if (open.length !== 4) return
      setTimeout(() => {
        for (const it of open.splice(0)) it.writeHead(200, { 'content-type': 'application/json' }).end('[]')
      }, 30)
    }
    await withServer(
      () => slow,
      async (server) => {
        await Promise.all(Array.from({ length: 12 }, () => read(server)))
        expect([most, server.asked.length]).toEqual([4, 12])
      },
    )
  })

  test('end with the budget of requests', async () => {
    await withServer(
      () => GOOD,
      async (server) => {
        const outcomes = [await read(server), await read(server), await read(server)]
        expect(outcomes.map((it) => it.ok)).toEqual([true, true, false])
        expect(refusalOf(outcomes[2] as Outcome<unknown>)).toMatchObject({
          message: expect.stringContaining('budget of 2 requests'),
        })
        expect(server.asked.length).toBe(2)
      },
      { maxRequests: 2 },
    )
  })
})

const soon = (): string => `${Math.ceil(Date.now() / 1000) + 2}`

describe('rate limits', () => {
  test.each<[string, () => Answer]>([
    ['seconds', () => status(403, 'You have exceeded a secondary rate limit', { 'retry-after': '2' })],
    ['seconds, without the usual words', () => status(429, 'slow down', { 'retry-after': '2' })],
    ['an HTTP date', () => status(429, 'slow down', { 'retry-after': new Date(Date.now() + 3000).toUTCString() })],
    [
      'a reset that is near',
      () => status(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': soon() }),
    ],
    ['no time at all', () => status(403, 'You have exceeded a secondary rate limit')],
    [
      'a reset in the past',
      () => status(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000' }),
    ],
  ])('with %s are waited for', async (_, answer) => {
    await withServer(script(answer()), async (server) => {
      expect((await read(server)).ok).toBe(true)
      expect(server.asked.length).toBe(2)
    })
  })

  test('that end too late are refused at once, with the time', async () => {
    const reset = Math.ceil(Date.now() / 1000) + 3000
    const answer = status(403, 'API rate limit exceeded', {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': `${reset}`,
    })
    await withServer(
      () => answer,
      async (server) => {
        const year = new Date().getFullYear()
        expect(refusalOf(await read(server))).toMatchObject({
          kind: 'rate-limited',
          message: expect.stringContaining(`until ${year}-`),
        })
        expect(server.asked.length).toBe(1)
      },
    )
  })

  test('without an end are given up after two minutes of waiting', async () => {
    await withServer(
      () => status(429, 'slow down'),
      async (server) => {
        expect(refusalOf(await read(server))).toMatchObject({ kind: 'rate-limited' })
        expect(server.asked.length).toBe(2)
      },
    )
  })

  test('in GraphQL come with status 200', async () => {
    const limited: Answer = {
      json: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
      headers: { 'retry-after': '1' },
    }
    await withServer(script(limited, { json: { data: { id: 1 } } }), async (server) => {
      expect(await server.client.query('{ id }', {}, object({ id: number() }))).toEqual({
        ok: true,
        value: { data: { id: 1 }, errors: [] },
      })
      expect(server.asked.length).toBe(2)
    })
  })
})

describe('GraphQL', () => {
  const Data = object({ thing: object({ id: number() }) })
  const ask = (json: unknown): Promise<Outcome<unknown>> =>
    withServer(
      () => ({ json }),
      (server) => server.client.query('query Q { thing { id } }', {}, Data),
    )

  test.each<[string, unknown, unknown]>([
    ['data alone', { data: { thing: { id: 1 } } }, { ok: true, value: { data: { thing: { id: 1 } }, errors: [] } }],
    [
      'errors beside usable data',
      { data: { thing: { id: 1 } }, errors: [{ type: 'NOT_FOUND', message: 'other' }] },
      { ok: true, value: { data: { thing: { id: 1 } }, errors: ['NOT_FOUND: other'] } },
    ],
    [
      'no data',
      { data: null, errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible' }] },
      {
        ok: false,
        refusal: { kind: 'forbidden', status: 200, message: 'POST /graphql: FORBIDDEN: Resource not accessible' },
      },
    ],
    [
      'a field that the server does not know',
      { errors: [{ message: "Field 'x' doesn't exist on type 'Y'" }] },
      {
        ok: false,
        refusal: { kind: 'unprocessable', status: 200, message: "POST /graphql: Field 'x' doesn't exist on type 'Y'" },
      },
    ],
    [
      'data of another shape',
      { data: { thing: null } },
      {
        ok: false,
        refusal: {
          kind: 'unavailable',
          status: 200,
          message: 'POST /graphql answered something unexpected: thing expected Object',
        },
      },
    ],
    [
      'a list',
      [],
      { ok: false, refusal: { kind: 'unavailable', status: 200, message: expect.stringContaining('expected Object') } },
    ],
  ])('%s', async (_, json, expected) => {
    expect(await ask(json)).toEqual(expected)
  })
})
