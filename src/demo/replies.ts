// What a route answers with, and the service's own words for refusals. Sources: the published API description for the shapes,
// public issue threads for the texts.
import type { Dialect, Limits } from './options.ts'
import type { Repository, Right, State, Token } from './state.ts'

export interface Reply {
  readonly status: number
  /** JSON, or bytes that are sent as they are */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One request after HTTP: what a route sees. */
export interface ApiRequest {
  readonly method: string
  /** without the base path, percent-decoded per segment */
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  readonly body: unknown
  readonly accept: string
  readonly token: Token
}

/** The server as routes see it. */
export interface Host {
  readonly state: State
  readonly limits: Limits
  readonly dialect: Dialect
  readonly enterpriseVersion: string | null
  /** address of the API without a slash at the end */
  readonly apiUrl: string
  /** address of the pages that people see */
  readonly htmlUrl: string
  /** the server's time, in milliseconds and as the API writes it */
  readonly now: () => number
  readonly timestamp: () => string
}

export interface RouteContext {
  readonly host: Host
  readonly request: ApiRequest
  readonly params: Readonly<Record<string, string>>
  readonly repository: Repository
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `:name` takes one segment, `*name` the rest */
  readonly path: string
  /** null: every token that sees the repository */
  readonly right: { readonly name: Right; readonly level: 'read' | 'write' } | null
  readonly answer: (context: RouteContext) => Reply
}

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, body, headers }
}

export const NO_CONTENT: Reply = { status: 204, body: null }

const DOCUMENTATION = 'https://docs.github.com/rest'

export function refusal(status: number, message: string, errors?: readonly unknown[]): Reply {
  const body = {
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: DOCUMENTATION,
    status: `${status}`,
  }
  return { status, body }
}

export const notFound = (): Reply => refusal(404, 'Not Found')
export const badCredentials = (): Reply => refusal(401, 'Bad credentials')
export const notAuthenticated = (): Reply => refusal(401, 'Requires authentication')
export const notAccessible = (): Reply => refusal(403, 'Resource not accessible by integration')
export const locked = (): Reply => refusal(403, 'Unable to create comment because issue is locked.')
export const emptyRepository = (): Reply => refusal(409, 'Git Repository is empty.')

/** The form of `POST /pulls/{n}/reviews`: texts only. */
export function unprocessable(...errors: string[]): Reply {
  return refusal(422, 'Unprocessable Entity', errors)
}

/** One entry of the form that most other routes use. */
export interface FieldError {
  readonly resource: string
  readonly field: string
  readonly code: string
  readonly message?: string
}

export function validationFailed(...errors: FieldError[]): Reply {
  return refusal(422, 'Validation Failed', errors)
}

/** The form for bodies that do not fit the API description. */
export function invalidRequest(...problems: string[]): Reply {
  return refusal(422, `Invalid request.\n\n${problems.join('\n')}`)
}

/** A sentence of several problems, as the service joins them. */
export function sentence(problems: readonly string[]): string {
  if (problems.length <= 2) return problems.join(' and ')
  return `${problems.slice(0, -1).join(', ')}, and ${problems.at(-1) ?? ''}`
}

/** A route's integer parameter, or NaN. */
export function integer(text: string | undefined): number {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : Number.NaN
}
