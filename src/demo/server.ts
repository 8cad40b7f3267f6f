// The HTTP side of the embedded server: reads a request, notes it, asks who it is, lets faults and limits have their say, answers.
// Must stay true: the part that reads and changes state is synchronous, so requests never interleave inside one another; every
// request is in the log, also those that fail; a token appears in the log as a hash only.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { canonicalPath, type Router } from './routing.ts'
import {
  badCredentials,
  notAuthenticated,
  notFound,
  refusal,
  type ApiRequest,
  type Host,
  type Reply,
} from './replies.ts'
import { graphqlReply } from './graphql-mutations.ts'
import { isRecord } from './shapes.ts'
import { send, sleep } from './wire.ts'
import { tokenHash, tokenIn } from './rights.ts'
import type { Behaviour, Faults } from './faults.ts'
import type { GitHubOptions } from './options.ts'
import type { Meter } from './meter.ts'

export interface LoggedRequest {
  /** the server's clock at arrival, in milliseconds */
  readonly time: number
  readonly method: string
  /** the route's pattern, such as `/repos/:owner/:repo/pulls/:number`; null if unknown */
  readonly route: string | null
  /** without the base path, decoded */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly tokenHash: string | null
  readonly body: unknown
  /** requests that were being answered when this one came, itself included */
  readonly inFlight: number
  /** null while it is being answered, and for ever if nothing was sent */
  status: number | null
}

export interface ServerParts {
  readonly host: Host
  readonly router: Router
  readonly faults: Faults
  readonly meter: Meter
  readonly log: LoggedRequest[]
  readonly basePath: string
}

/** Milliseconds that an idle connection stays open. */
const KEEP_ALIVE = 60_000
const REST_CONTENT = /\/pulls\/\d+\/(reviews|comments)$/
const KEPT_HEADERS = ['accept', 'content-type', 'user-agent', 'x-github-api-version', 'if-none-match']

/** Listens on a free port of this machine. */
export async function listen(
  options: GitHubOptions,
  onRequest: (m: IncomingMessage, r: ServerResponse) => void,
): Promise<Server> {
  const server = options.tls === undefined ? createServer(onRequest) : createTlsServer(options.tls, onRequest)
  // the default of five seconds closes connections that a slow client is about to use again
  server.keepAliveTimeout = KEEP_ALIVE
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}

export function createRequestListener(
  parts: ServerParts,
): (message: IncomingMessage, response: ServerResponse) => void {
  let inFlight = 0
  return (message, response) => {
    inFlight++
    serve(parts, { message, response, inFlight })
      .catch((error: unknown) => {
        parts.host.state.violations.push(`the embedded server failed: ${String(error)}`)
        response.destroy()
      })
      .finally(() => inFlight--)
  }
}

interface Exchange {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  readonly inFlight: number
}

async function serve(parts: ServerParts, { message, response, inFlight }: Exchange): Promise<void> {
  const { host, faults, log } = parts
  const bytes = await readBody(message)
  const url = new URL(message.url ?? '/', 'http://localhost')
  const token = tokenIn(message.headers.authorization)
  const outside = !url.pathname.startsWith(parts.basePath) && url.pathname !== '/api/graphql'
  const path = canonicalPath(host, decodePath(url.pathname, parts.basePath))
  const method = message.method ?? 'GET'
  const query = new Map(url.searchParams)
  const body = parseJson(bytes)
  const entry: LoggedRequest = {
    time: host.now(),
    method,
    route: path === '/graphql' ? '/graphql' : (parts.router.match(method, path)?.route.path ?? null),
    path,
    query: Object.fromEntries(query),
    headers: Object.fromEntries(KEPT_HEADERS.flatMap((name) => headerEntry(message, name))),
    tokenHash: token === null ? null : tokenHash(token),
    body: body === BROKEN ? bytes.toString('utf8') : body,
    inFlight,
    status: null,
  }
  log.push(entry)
  const behaviour = faults.take({ method, path, query, body: entry.body })
  await behaviour?.before?.()
  if (behaviour?.delay !== undefined) await sleep(behaviour.delay)
  const asked: Asked = { entry, token, body, outside, accept: message.headers.accept ?? '*/*' }
  const reply = replyTo(parts, asked, behaviour)
  const whole: Reply = { ...reply, headers: { ...standardHeaders(parts, token ?? ''), ...reply.headers } }
  if (behaviour?.wire?.kind !== 'drop' && behaviour?.wire?.kind !== 'hang') entry.status = reply.status
  await send(response, whole, behaviour?.wire)
}

interface Asked {
  readonly entry: LoggedRequest
  readonly token: string | null
  readonly body: unknown
  readonly outside: boolean
  readonly accept: string
}

/** Carries the request out as far as the behaviour lets it, and says what is answered. */
function replyTo(parts: ServerParts, asked: Asked, behaviour: Behaviour | null): Reply {
  const scripted = behaviour?.reply
  const apply = behaviour?.apply ?? (scripted === undefined || typeof scripted === 'function' ? 'all' : 'none')
  if (apply === 'none' && typeof scripted !== 'function') return { body: null, ...(scripted ?? { status: 500 }) }
  const real = trueReply(parts, typeof apply === 'number' ? withFirstComments(asked, apply) : asked)
  if (scripted === undefined) return real
  return { body: null, ...(typeof scripted === 'function' ? scripted(real) : scripted) }
}

/** The request as if only its first comments had been sent: a partial success of the service. */
function withFirstComments(asked: Asked, count: number): Asked {
  const { body } = asked
  if (!isRecord(body) || !Array.isArray(body['comments'])) return asked
  return { ...asked, body: { ...body, comments: body['comments'].slice(0, count) } }
}

function trueReply({ host, meter, router }: ServerParts, { entry, token, body, outside, accept }: Asked): Reply {
  const { method, path } = entry
  if (entry.headers['user-agent'] === undefined)
    return refusal(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    )
  if (token === null) return notAuthenticated()
  const known = host.state.tokens.get(token)
  if (known === undefined) return badCredentials()
  const write = path === '/graphql' ? isMutation(body) : method !== 'GET'
  const content = method === 'POST' && REST_CONTENT.test(path)
  const exceeded = meter.count({ key: token, write, content, inFlight: entry.inFlight })
  if (exceeded !== null) return exceeded
  if (outside) {
    host.state.violations.push(`outside the API's base path: ${method} ${path}`)
    return notFound()
  }
  if (body === BROKEN) return refusal(400, 'Problems parsing JSON')
  if (path === '/graphql' && method === 'POST') return graphqlReply({ host, token: known }, body)
  const request: ApiRequest = { method, path, query: new Map(Object.entries(entry.query)), body, accept, token: known }
  return router.answer(host, request)
}

const isMutation = (body: unknown): boolean => isRecord(body) && /^\s*mutation\b/.test(String(body['query']))

function standardHeaders({ host, meter, log }: ServerParts, key: string): Record<string, string> {
  const version = host.enterpriseVersion
  return {
    date: new Date(host.now()).toUTCString(),
    'x-github-request-id': `DEMO:${log.length}`,
    'x-github-media-type': 'github.v3; format=json',
    ...(version === null ? {} : { 'x-github-enterprise-version': version }),
    ...meter.headers(key),
  }
}

const BROKEN = Symbol('not JSON')

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return null
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return BROKEN
  }
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** `/api/v3/repos/a/b` as `/repos/a/b`, `/api/graphql` as `/graphql`, each segment decoded. */
function decodePath(pathname: string, basePath: string): string {
  if (basePath !== '' && pathname === '/api/graphql') return '/graphql'
  const inside = pathname.startsWith(basePath) ? pathname.slice(basePath.length) : pathname
  return inside
    .split('/')
    .map((segment) => {
      try {
        return decodeURIComponent(segment)
      } catch {
        return segment
      }
    })
    .join('/')
}

function headerEntry(message: IncomingMessage, name: string): [string, string][] {
  const value = message.headers[name]
  return typeof value === 'string' ? [[name, value]] : []
}
