// Requests to GitHub as values: what was asked for in the shape that was asked for, or a refusal. Nothing above this file sees an
// HTTP error, an exception or an unchecked body; nothing below it decides anything.
// Must stay true: no message contains a header, an address or a body of a request; after a rejected token nothing more is sent.
import { safeParse, type GenericSchema, type InferOutput } from 'valibot'
import type { Outcome, Refusal } from '../publish/model.ts'
import { createWaitingBudget } from './limits.ts'
import { createLanes, type Clock } from './lanes.ts'
import { createRequester, type Requester } from './plugins.ts'
import { createTransport, type FetchFunction, type Transport } from './transport.ts'

export interface ClientSettings {
  readonly token: string
  /** GITHUB_API_URL */
  readonly apiUrl: string
  /** GITHUB_GRAPHQL_URL */
  readonly graphqlUrl: string
  readonly userAgent: string
  readonly fetch: FetchFunction
  readonly clock: Clock
  /** milliseconds since 1970; nothing is sent after it */
  readonly deadline: number
  readonly attemptSeconds?: number
  readonly maxRequests?: number
  /** length of a second in back-offs and limits; shorter in tests */
  readonly millisecondsPerSecond?: number
}

export interface GraphqlAnswer<T> {
  readonly data: T
  /** types or messages of errors that came beside the data */
  readonly errors: readonly string[]
}

export interface GitHubClient {
  /** Reads JSON; the answer is checked against the shape. */
  readonly get: <S extends GenericSchema>(
    route: string,
    parameters: object,
    shape: S,
  ) => Promise<Outcome<InferOutput<S>>>
  /** Reads bytes. `once`: for what there is another way to, without repetitions. */
  readonly raw: (route: string, parameters: object, attempts?: 'once') => Promise<Outcome<Uint8Array>>
  /** Sends once, never again by itself. */
  readonly write: <S extends GenericSchema>(
    route: string,
    parameters: object,
    shape: S,
  ) => Promise<Outcome<InferOutput<S>>>
  readonly query: <S extends GenericSchema>(
    query: string,
    variables: object,
    shape: S,
  ) => Promise<Outcome<GraphqlAnswer<InferOutput<S>>>>
  readonly mutate: <S extends GenericSchema>(
    query: string,
    variables: object,
    shape: S,
  ) => Promise<Outcome<GraphqlAnswer<InferOutput<S>>>>
  /** HTTP requests so far, repetitions included */
  readonly requests: () => number
  readonly clock: Clock
}

/** Repository whose API is used; everything is read through the base repository, forks included. */
export interface RepositoryName {
  readonly owner: string
  readonly repo: string
}

/** One request with its body; GitHub itself gives up after 10 s. */
const ATTEMPT_SECONDS = 30
/** A pull request of 3,000 files needs about 150. */
const MAX_REQUESTS = 400
/** Settings of one request for the retry plug-in. It decides for reads (three repetitions); naming a number for them would repeat refusals as well. */
const READ = {}
const WRITE = { retries: 0 }

export function createClient(settings: ClientSettings): GitHubClient {
  const { clock } = settings
  const transport: Transport = createTransport({
    fetch: settings.fetch,
    now: clock.now,
    attemptMilliseconds: (settings.attemptSeconds ?? ATTEMPT_SECONDS) * 1000,
    deadline: settings.deadline,
    maxRequests: settings.maxRequests ?? MAX_REQUESTS,
  })
  const request = createRequester({
    token: settings.token,
    baseUrl: settings.apiUrl,
    userAgent: settings.userAgent,
    transport,
    waiting: createWaitingBudget(clock.now, settings.deadline),
    millisecondsPerSecond: settings.millisecondsPerSecond ?? 1000,
  })
  const lanes = createLanes(clock)
  const send = createSender(request)
  const graphql = `POST ${settings.graphqlUrl}`

  return {
    get: async (route, parameters, shape) =>
      shaped(await lanes.read(() => send(route, parameters, READ)), route, shape),
    raw: async (route, parameters, attempts) => {
      const headers = { accept: 'application/vnd.github.raw+json' }
      const repeats = attempts === 'once' ? WRITE : READ
      const outcome = await lanes.read(() => send(route, { ...parameters, headers }, repeats))
      if (!outcome.ok) return outcome
      const { data } = outcome.value
      return data instanceof ArrayBuffer
        ? { ok: true, value: new Uint8Array(data) }
        : refused(unexpected(route, 'no bytes'))
    },
    write: async (route, parameters, shape) =>
      shaped(await lanes.write(() => send(route, parameters, WRITE)), route, shape),
    query: async (query, variables, shape) =>
      graphqlAnswer(await lanes.read(() => send(graphql, { query, variables }, READ)), shape),
    mutate: async (query, variables, shape) =>
      graphqlAnswer(await lanes.write(() => send(graphql, { query, variables }, WRITE)), shape),
    requests: transport.count,
    clock,
  }
}

interface Answer {
  readonly data: unknown
  /** of an enterprise server */
  readonly serverVersion: string | null
}

type Sender = (route: string, parameters: object, settings: { readonly retries?: number }) => Promise<Outcome<Answer>>

function createSender(request: Requester): Sender {
  let rejected: Refusal | null = null
  return async (route, parameters, settings) => {
    if (rejected !== null) return refused(rejected)
    try {
      // an object of its own for every request: the retry plug-in counts on it, and a shared one makes later calls wait for earlier ones
      const { data, headers } = await request(route, { ...parameters, request: { ...settings } })
      return { ok: true, value: { data, serverVersion: versionIn(headers) } }
    } catch (error) {
      const refusal = refusalOf(error, nameOf(route))
      if (refusal.status === 401) rejected = refusal
      return refused(refusal)
    }
  }
}

export function refused(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal }
}

/** A successful answer that is not what the API describes. */
export function unexpected(route: string, what: string): Refusal {
  return { kind: 'unavailable', status: 200, message: `${nameOf(route)} answered something unexpected: ${what}` }
}

const nameOf = (route: string): string => (/^POST .*graphql$/.test(route) ? 'POST /graphql' : route)

function versionIn(headers: object): string | null {
  const version: unknown = (headers as Record<string, unknown>)['x-github-enterprise-version']
  return typeof version === 'string' && /^[\w.@-]{1,40}$/.test(version) ? version : null
}

function refusalOf(error: unknown, route: string): Refusal {
  if (!isHttpError(error)) throw error
  // without an answer the client names a status of its own
  const status = error.response === undefined ? 0 : error.status
  if (status === 401)
    return { kind: 'forbidden', status, message: 'token rejected: GitHub answered 401 (Bad credentials)' }
  return {
    kind: kindOf(status),
    status,
    message: `${route}: ${status > 0 ? `${status} ` : ''}${oneLine(error.message)}`,
  }
}

interface HttpError {
  readonly message: string
  readonly status: number
  readonly response?: unknown
}

/** Everything else that can be thrown is a mistake of ours. */
function isHttpError(error: unknown): error is HttpError {
  if (typeof error !== 'object' || error === null || !('name' in error) || !('status' in error)) return false
  return (error.name === 'HttpError' || error.name === 'AbortError') && typeof error.status === 'number'
}

const LONGEST_MESSAGE = 500

function oneLine(message: string): string {
  return message
    .replaceAll(/\s+/g, ' ')
    .replace(/ - https:\/\/docs\.\S+$/, '')
    .trim()
    .slice(0, LONGEST_MESSAGE)
}

function kindOf(status: number): Refusal['kind'] {
  switch (status) {
    case 403:
      return 'forbidden'
    case 404:
      return 'not-found'
    case 410:
    case 451:
      return 'gone'
    case 429:
      return 'rate-limited'
    default:
      return status >= 400 && status < 500 ? 'unprocessable' : 'unavailable'
  }
}

function shaped<S extends GenericSchema>(outcome: Outcome<Answer>, route: string, shape: S): Outcome<InferOutput<S>> {
  if (!outcome.ok) return outcome
  const { data, serverVersion } = outcome.value
  const result = safeParse(shape, data)
  if (result.success) return { ok: true, value: result.output }
  const [issue] = result.issues
  const path = (issue.path ?? []).map((step) => String(step.key)).join('.')
  const server = serverVersion === null ? '' : ` (GitHub Enterprise Server ${serverVersion})`
  return refused(
    unexpected(
      route,
      `${path === '' ? 'the body' : oneLine(path)} ${issue.received === 'undefined' ? 'is missing' : `expected ${issue.expected ?? issue.type}`}${server}`,
    ),
  )
}

function graphqlAnswer<S extends GenericSchema>(
  outcome: Outcome<Answer>,
  shape: S,
): Outcome<GraphqlAnswer<InferOutput<S>>> {
  if (!outcome.ok) return outcome
  const { data: body, serverVersion } = outcome.value
  const errors = errorsIn(body)
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : null
  if (data === null && errors.length > 0) return refused(graphqlRefusal(errors))
  const result = shaped({ ok: true, value: { data, serverVersion } }, 'POST /graphql', shape)
  if (result.ok) return { ok: true, value: { data: result.value, errors } }
  return errors.length > 0 ? refused(graphqlRefusal(errors)) : result
}

function errorsIn(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors)) return []
  return body.errors.map((error: unknown) => {
    if (typeof error !== 'object' || error === null) return 'error'
    const type = 'type' in error && typeof error.type === 'string' ? `${error.type}: ` : ''
    return `${type}${'message' in error && typeof error.message === 'string' ? oneLine(error.message) : 'error'}`
  })
}

function graphqlRefusal(errors: readonly string[]): Refusal {
  const [first = 'error'] = errors
  const kind = first.startsWith('FORBIDDEN')
    ? 'forbidden'
    : first.startsWith('NOT_FOUND')
      ? 'not-found'
      : 'unprocessable'
  return { kind, status: 200, message: `POST /graphql: ${first}` }
}
