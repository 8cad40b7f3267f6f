// Finds the route of a request, checks the rights it needs and lets it answer. An address that is not known is answered with 404 and
// noted as a violation: a client that asks for something we do not know must not pass unnoticed.
import { checkRoutes } from './routes-checks.ts'
import { commentRoutes } from './routes-comments.ts'
import { gitRoutes } from './routes-git.ts'
import { pullRoutes } from './routes-pulls.ts'
import { reviewRoutes } from './routes-reviews.ts'
import { allows, sees } from './rights.ts'
import { json, notAccessible, notFound, type ApiRequest, type Host, type Reply, type Route } from './replies.ts'
import { renderAccount } from './render-repository.ts'
import { repositoryNamed } from './state.ts'

export interface Matched {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

export interface Router {
  /** The route of a decoded path, or null. */
  readonly match: (method: string, path: string) => Matched | null
  readonly answer: (host: Host, request: ApiRequest) => Reply
}

export function createRouter(): Router {
  const routes = [...gitRoutes(), ...pullRoutes(), ...reviewRoutes(), ...commentRoutes(), ...checkRoutes()]
  const match: Router['match'] = (method, path) => {
    const given = path.split('/')
    for (const route of routes) {
      if (route.method !== method) continue
      const params = matchPath(route.path.split('/'), given)
      if (params !== null) return { route, params }
    }
    return null
  }
  return { match, answer: (host, request) => answer(host, request, match(request.method, request.path)) }
}

function matchPath(pattern: readonly string[], given: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {}
  for (const [at, segment] of pattern.entries()) {
    if (segment.startsWith('*')) {
      params[segment.slice(1)] = given.slice(at).join('/')
      return given.length > at ? params : null
    }
    const value = given[at]
    if (value === undefined || value === '') {
      if (segment !== value) return null
      continue
    }
    if (segment.startsWith(':')) params[segment.slice(1)] = value
    else if (segment !== value) return null
  }
  return given.length === pattern.length ? params : null
}

/** `/repositories/{id}/...`, which `Link` headers use, as `/repos/{owner}/{repo}/...`. */
export function canonicalPath(host: Host, path: string): string {
  const [, id, rest] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? []
  if (id === undefined) return path
  const found = [...host.state.repositories.values()].find((repository) => repository.id === Number(id))
  return found === undefined ? path : `/repos/${found.fullName}${rest ?? ''}`
}

function answer(host: Host, request: ApiRequest, matched: Matched | null): Reply {
  const general = generalReply(host, request)
  if (general !== null) return general
  if (matched === null) {
    host.state.violations.push(`unknown route: ${request.method} ${request.path}`)
    return notFound()
  }
  const { params, route } = matched
  const repository = repositoryNamed(host.state, `${params['owner'] ?? ''}/${params['repo'] ?? ''}`)
  if (repository === undefined || !sees(request.token, repository)) return notFound()
  if (route.right !== null && !allows(request.token, repository, route.right.name, route.right.level))
    return host.dialect.missingRight === 'not-found' ? notFound() : notAccessible()
  return route.answer({ host, request, params, repository })
}

/** Routes that belong to no repository. */
function generalReply(host: Host, { method, path, token }: ApiRequest): Reply | null {
  if (method !== 'GET') return null
  // An installation token is not a person: the service refuses this one route to it.
  if (path === '/user')
    return token.kind === 'installation'
      ? notAccessible()
      : json({ ...renderAccount(host, token.account), ...NO_STATISTICS })
  if (path === '/meta')
    return json({
      verifiable_password_authentication: false,
      ...(host.enterpriseVersion === null ? {} : { installed_version: host.enterpriseVersion }),
    })
  return null
}

const NO_STATISTICS = {
  name: null,
  company: null,
  blog: null,
  location: null,
  email: null,
  hireable: null,
  bio: null,
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
  created_at: '2020-01-01T00:00:00Z',
  updated_at: '2020-01-01T00:00:00Z',
}
