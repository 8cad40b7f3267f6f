// The one place that every HTTP answer passes, whatever client is inside: own time-out per attempt (body included), the run's deadline,
// a budget of requests, whole bodies, JSON where JSON was asked for, and limits in one form.
// Must stay true: a cut, empty or foreign body never looks like a successful answer.
import { limitSeconds } from './limits.ts'

export interface FetchInit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/** The part of `fetch` that is used, so that a proxied one fits as well. */
export type FetchFunction = (url: string, init: FetchInit) => Promise<FetchAnswer>

export interface FetchAnswer {
  readonly status: number
  readonly headers: {
    readonly get: (name: string) => string | null
    readonly forEach: (each: (value: string, name: string) => void) => void
  }
  readonly arrayBuffer: () => Promise<ArrayBuffer>
}

export interface TransportSettings {
  readonly fetch: FetchFunction
  readonly now: () => number
  readonly attemptMilliseconds: number
  /** milliseconds since 1970 after which nothing is sent any more */
  readonly deadline: number
  /** requests of one run, repetitions included */
  readonly maxRequests: number
}

export interface Transport {
  readonly fetch: (url: string, init: FetchInit) => Promise<Response>
  /** HTTP requests so far */
  readonly count: () => number
}

export function createTransport(settings: TransportSettings): Transport {
  let sent = 0
  const fetch = async (url: string, init: FetchInit): Promise<Response> => {
    if (settings.now() >= settings.deadline) throw stop('the deadline of the run is over')
    if (sent >= settings.maxRequests) throw stop(`the run has used its budget of ${settings.maxRequests} requests`)
    sent += 1
    return checked(await attempt(settings, url, init), init, settings.now())
  }
  return { fetch, count: () => sent }
}

/** An error that Octokit and its plug-ins hand on without a repetition: they do so for this name alone. */
function stop(message: string): Error {
  const error = new Error(message)
  error.name = 'AbortError'
  return error
}

interface Whole {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/** One request with its whole body inside the time-out; a peer that sends a byte per second is no answer either. */
async function attempt(settings: TransportSettings, url: string, init: FetchInit): Promise<Whole> {
  const left = settings.deadline - settings.now()
  const milliseconds = Math.min(settings.attemptMilliseconds, left)
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), milliseconds)
  try {
    const answer = await settings.fetch(url, { ...init, signal: controller.signal })
    const headers = new Headers()
    answer.headers.forEach((value, name) => headers.append(name, value))
    return { status: answer.status, headers, bytes: new Uint8Array(await answer.arrayBuffer()) }
  } catch (error) {
    if (!controller.signal.aborted) throw new Error(`no answer (${reasonOf(error)})`, { cause: error })
    // a plain error is repeated like any failure of the network, the deadline is not
    if (milliseconds === left) throw stop('the deadline of the run is over')
    throw new Error(`no complete answer within ${Math.round(milliseconds / 1000)} s`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** `ECONNRESET` and the like, from wherever the client puts it; never an address. */
function reasonOf(error: unknown): string {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code
    at = 'cause' in at ? at.cause : null
  }
  return 'the connection failed'
}

const NO_BODY = new Set([204, 205, 304])

function checked({ status, headers, bytes }: Whole, init: FetchInit, now: number): Response {
  const raw = (init.headers?.['accept'] ?? '').includes('raw')
  if (status < 300 && raw) {
    // named octet-stream because clients decode other types as text, which damages bytes that are not UTF-8
    headers.set('content-type', 'application/octet-stream')
    return new Response(bytes, { status, headers })
  }
  const body = new TextDecoder().decode(bytes)
  const parsed = NO_BODY.has(status) ? undefined : parse(body)
  const seconds = limitSeconds(
    {
      status,
      header: (name) => headers.get(name),
      message: messageOf(parsed) ?? body.slice(0, 500),
      graphqlLimited: status === 200 && hasRateLimitError(parsed),
    },
    now,
  )
  if (seconds !== null) return limitAnswer(seconds, now)
  if (NO_BODY.has(status)) return new Response(null, { status, headers })
  if (status < 300 && (parsed === undefined || parsed === null))
    throw new Error(`status ${status} with a body that is not JSON`)
  headers.set('content-type', 'application/json')
  // a page of a proxy or load balancer would otherwise become the message of the error
  return new Response(parsed === undefined ? '{"message":"a body that is not JSON"}' : body, { status, headers })
}

/** undefined if the text is not JSON */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function messageOf(parsed: unknown): string | null {
  if (typeof parsed !== 'object' || parsed === null) return null
  return 'message' in parsed && typeof parsed.message === 'string' ? `${parsed.message} ${errorTexts(parsed)}` : null
}

function errorTexts(parsed: object): string {
  return 'errors' in parsed ? JSON.stringify(parsed.errors) : ''
}

function hasRateLimitError(parsed: unknown): boolean {
  if (typeof parsed !== 'object' || parsed === null || !('errors' in parsed) || !Array.isArray(parsed.errors))
    return false
  return parsed.errors.some(
    (error: unknown) => typeof error === 'object' && error !== null && 'type' in error && error.type === 'RATE_LIMITED',
  )
}

/** Every limit as the one form that plugin-throttling understands: a status, seconds, and these two words. */
function limitAnswer(seconds: number, now: number): Response {
  const until = new Date(now + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
  return Response.json(
    { message: `secondary rate limit or primary limit reached, until ${until}` },
    { status: 429, headers: { 'retry-after': `${Math.max(1, seconds)}` } },
  )
}
