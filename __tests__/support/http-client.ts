// A plain HTTP client for tests of the embedded GitHub server: no library between the test and the bytes.
import type { EmbeddedGitHub } from '../../src/demo/github.ts'

export interface Answer {
  readonly status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are JSON of many shapes; tests compare whole values
  readonly body: any
  readonly headers: Headers
}

export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>

/** Sends requests with one token; the body of the answer is JSON if it says so, text otherwise. */
export function clientOf(github: Pick<EmbeddedGitHub, 'url'>, token: string | null, send: typeof fetch = fetch): Send {
  return async (method, path, body, headers = {}) => {
    const response = await send(github.url + path, {
      method,
      headers: {
        'user-agent': 'tests',
        ...(token === null ? {} : { authorization: `token ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== ''
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers }
  }
}

/** Asks in GraphQL and returns the whole answer. */
export async function ask(
  github: Pick<EmbeddedGitHub, 'graphqlUrl'>,
  token: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
): Promise<any> {
  const response = await fetch(github.graphqlUrl, {
    method: 'POST',
    headers: { 'user-agent': 'tests', authorization: `bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  })
  return response.json()
}
