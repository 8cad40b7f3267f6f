// A small HTTP server whose every answer is written by the test, and a client that talks to it with the plug-ins of production. Seconds
// of back-offs and limits last a millisecond; pauses between writes are only noted.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type ClientSettings, type GitHubClient } from '../../src/github/client.ts'
import type { FetchFunction } from '../../src/github/transport.ts'

export const TOKEN = 'ghs_a-very.secret_token'
export const REPOSITORY = { owner: 'acme', repo: 'shop' }

export interface Asked {
  readonly method: string
  /** path and query */
  readonly url: string
  readonly body: Record<string, unknown>
  /** how often this method and path were asked for before */
  readonly before: number
}

export type Answer =
  | {
      readonly status?: number
      readonly headers?: Record<string, string>
      readonly json?: unknown
      readonly body?: string | Uint8Array
    }
  | ((response: ServerResponse) => void)

export interface TestServer {
  readonly client: GitHubClient
  readonly asked: Asked[]
  /** milliseconds that the client waited between writes */
  readonly waits: number[]
  readonly close: () => Promise<void>
}

export type Answering = (asked: Asked) => Answer

export async function startServer(answer: Answering, settings: Partial<ClientSettings> = {}): Promise<TestServer> {
  const asked: Asked[] = []
  const waits: number[] = []
  const server = createServer((message, response) => {
    void respond(message, response, answer, asked)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = clientOf({ apiUrl: url, graphqlUrl: `${url}/graphql` }, TOKEN, {
    clock: { now: Date.now, wait: async (milliseconds) => void waits.push(milliseconds) },
    ...settings,
  })
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { client, asked, waits, close }
}

async function respond(
  message: IncomingMessage,
  response: ServerResponse,
  answer: Answering,
  asked: Asked[],
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  const method = message.method ?? ''
  const url = decodeURIComponent(message.url ?? '')
  const before = asked.filter((it) => it.method === method && it.url === url).length
  const request: Asked = { method, url, before, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
  asked.push(request)
  const given = answer(request)
  if (typeof given === 'function') return given(response)
  const { status = 200, headers = {}, json, body } = given
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(json === undefined ? body : JSON.stringify(json))
}

/** The client of production at other addresses; its pauses between writes are skipped. */
export function clientOf(
  addresses: Pick<ClientSettings, 'apiUrl' | 'graphqlUrl'>,
  token: string,
  settings: Partial<ClientSettings> = {},
): GitHubClient {
  return createClient({
    ...addresses,
    token,
    userAgent: 'test',
    fetch: globalThis.fetch as unknown as FetchFunction,
    clock: { now: Date.now, wait: async () => undefined },
    deadline: Date.now() + 600_000,
    millisecondsPerSecond: 1,
    ...settings,
  })
}

/** Runs a test against a server and closes it whatever happens. */
export async function withServer<T>(
  answer: Answering,
  use: (server: TestServer) => Promise<T>,
  settings: Partial<ClientSettings> = {},
): Promise<T> {
  const server = await startServer(answer, settings)
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}
