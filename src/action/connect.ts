// The Action's way to GitHub: the client of @actions/github, because only that one uses the runner's proxy. Imported late: importing it
// reads the event file and fails on one that is broken, which is reported before by ourselves.
// All addresses come from the runner, so enterprise servers work as github.com does.
import { ConfigurationError } from '../config/model.ts'
import { createClient, type GitHubClient, type Requester } from '../github/client.ts'
import type { Clock } from '../github/lanes.ts'
import { PLUGINS } from '../github/plugins.ts'
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
  const { getOctokit } = await import('@actions/github')
  const { defaults } = await import('@actions/github/lib/utils')
  const fetch = defaults.request?.['fetch'] as FetchFunction
  return createClient(
    {
      apiUrl,
      graphqlUrl: addressIn(env, 'GITHUB_GRAPHQL_URL') ?? `${apiUrl.replace(/\/api\/v3$/, '/api')}/graphql`,
      userAgent: `phasegate/${TOOL_VERSION}`,
      fetch,
      clock,
      deadline,
      attemptSeconds: requestSeconds,
    },
    (options): Requester => getOctokit(token, options, ...PLUGINS).request,
  )
}

/** An address without a slash at its end, or null if the variable is not set. */
export function addressIn(env: Environment, name: string): string | null {
  const value = (env[name] ?? '').trim().replace(/\/+$/, '')
  if (value === '') return null
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new ConfigurationError(`${name} is not an http or https address`)
  return value
}
