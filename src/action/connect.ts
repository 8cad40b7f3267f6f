// The Action's way to GitHub: Octokit over Node's own fetch, and over that of @actions/github where the runner names a proxy, because only
// that one uses it. Imported only then: it brings an HTTP client of its own, a quarter of all that is loaded.
// All addresses come from the runner, so enterprise servers work as github.com does.
import { ConfigurationError } from '../config/model.ts'
import { createClient, type GitHubClient } from '../github/client.ts'
import type { Clock } from '../github/lanes.ts'
import type { FetchFunction } from '../github/transport.ts'
import type { Environment } from './inputs.ts'
import { TOOL_VERSION } from '../text/version.ts'

export interface Connection {
  readonly token: string
  readonly clock: Clock
  /** milliseconds since 1970 after which nothing is sent */
  readonly deadline: number
  readonly requestSeconds: number
}

export async function connect(
  env: Environment,
  { token, clock, deadline, requestSeconds }: Connection,
): Promise<GitHubClient> {
  const apiUrl = addressIn(env, 'GITHUB_API_URL') ?? 'https://api.github.com'
  return createClient({
    token,
    apiUrl,
    graphqlUrl: addressIn(env, 'GITHUB_GRAPHQL_URL') ?? `${apiUrl.replace(/\/api\/v3$/, '/api')}/graphql`,
    userAgent: `phasegate/${TOOL_VERSION}`,
    fetch: namesProxy(env) ? await proxiedFetch() : async (url, init) => fetch(url, init as RequestInit),
    clock,
    deadline,
    attemptSeconds: requestSeconds,
  })
}

/** Whether there is a proxy for anything; for which addresses it is used, @actions/github decides (`no_proxy` among others). */
function namesProxy(env: Environment): boolean {
  return ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => (env[name] ?? '') !== '')
}

async function proxiedFetch(): Promise<FetchFunction> {
  const { defaults } = await import('@actions/github/lib/utils')
  return defaults.request?.['fetch'] as FetchFunction
}

/** An address without a slash at its end, or null if the variable is not set. */
export function addressIn(env: Environment, name: string): string | null {
  const value = (env[name] ?? '').trim().replace(/\/+$/, '')
  if (value === '') return null
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new ConfigurationError(`${name} is not an http or https address`)
  return value
}
