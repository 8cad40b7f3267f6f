// Stands between the built Action and the embedded GitHub and checks what passes: every REST request and answer against the published
// API description, every GraphQL document against the published schema. Bytes go through unchanged.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { documentValidator } from '../support/graphql-guard.ts'
import { createGuard, loadDescription } from '../support/openapi-guard.ts'

export interface GuardedProxy {
  readonly url: string
  readonly graphqlUrl: string
  /** one line each; empty as long as both sides keep to what is published */
  readonly problems: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Headers of a request that decide about the answer. */
const PASSED_ON = ['accept', 'authorization', 'content-type', 'user-agent', 'x-github-api-version']
/** What no longer fits once the body was read whole. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'transfer-encoding',
])

export async function startGuardedProxy(target: string): Promise<GuardedProxy> {
  const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json')
  const guard = createGuard(loadDescription(file), target)
  const validate = documentValidator()
  const problems: string[] = []
  const pass = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(message)
    if (message.url === '/graphql')
      problems.push(...validate((JSON.parse(body) as { query: string }).query).map((problem) => `GraphQL: ${problem}`))
    const answer = await guard.fetch(target + (message.url ?? ''), {
      method: message.method ?? 'GET',
      redirect: 'manual',
      headers: PASSED_ON.flatMap((name): [string, string][] => {
        const value = message.headers[name]
        return typeof value === 'string' ? [[name, value]] : []
      }),
      ...(body === '' ? {} : { body }),
    })
    response.writeHead(answer.status, [...answer.headers].filter(([name]) => !OF_THE_CONNECTION.has(name)).flat())
    response.end(Buffer.from(await answer.arrayBuffer()))
  }
  const server = createServer((message, response) => {
    pass(message, response).catch((error: unknown) => {
      problems.push(`the proxy failed: ${String(error)}`)
      response.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    graphqlUrl: `${url}/graphql`,
    problems: () => [
      ...problems,
      ...guard.violations.map(({ operation, where, problems: found }) => `${operation} ${where}: ${found.join(', ')}`),
    ],
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
