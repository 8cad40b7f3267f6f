// What one run of the Action works with once its inputs and event are understood, and what every step derives from it: the repository, the
// addresses of the run, how errors are told. Plain data; the clients in it are the only things that reach outside.
import { ConfigurationError } from '../config/model.ts'
import type { ChangeSet } from '../diff/model.ts'
import type { Review } from '../findings/model.ts'
import type { GitHubClient, RepositoryName } from '../github/client.ts'
import type { Clock } from '../github/lanes.ts'
import type { ReportContext } from '../report/context.ts'
import { TOOL_VERSION } from '../text/version.ts'
import { addressIn } from './connect.ts'
import type { ReviewRequest } from './event.ts'
import type { Environment, Inputs } from './inputs.ts'
import type { Log } from './log.ts'
import type { ExitCode } from './outcome.ts'
import type { Interruption } from './signals.ts'
import type { OutputTargets } from './write-reports.ts'

/** What a run is given by whoever starts it. */
export interface Surroundings {
  readonly env: Environment
  readonly log: Log
  readonly interruption: Interruption
  readonly clock: Clock
}

export interface Session extends Surroundings {
  readonly inputs: Inputs
  readonly request: ReviewRequest
  /** the event's payload as it came */
  readonly payload: unknown
  readonly client: GitHubClient
  readonly targets: OutputTargets
  /** absolute; null: nothing is kept between runs */
  readonly cacheDirectory: string | null
  /** milliseconds since 1970 */
  readonly deadline: number
  readonly runSeconds: number
}

export interface Result {
  readonly review: Review
  readonly exit: ExitCode
  readonly changes: ChangeSet | null
}

/** One line; the stack with debug logging only. */
export function report({ complain, sayDebug }: Log, error: unknown): ExitCode {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof ConfigurationError) {
    complain('error', message)
    return 2
  }
  complain('error', `internal error: ${message.slice(0, 500)}`)
  if (error instanceof Error && error.stack !== undefined) sayDebug(error.stack)
  return 3
}

export function repositoryOf({ request: { owner, repo } }: Session): RepositoryName {
  return { owner, repo }
}

export function reportContext({ env, request }: Session, { head, base }: Review): ReportContext {
  return {
    headSha: head ?? request.head,
    baseSha: base,
    repository: `${request.owner}/${request.repo}`,
    serverUrl: addressIn(env, 'GITHUB_SERVER_URL') ?? 'https://github.com',
    runUrl: runUrl(env, request),
    toolVersion: TOOL_VERSION,
  }
}

export function runUrl(env: Environment, { owner, repo }: ReviewRequest): string | null {
  const id = env['GITHUB_RUN_ID'] ?? ''
  const server = addressIn(env, 'GITHUB_SERVER_URL')
  return /^\d{1,20}$/.test(id) && server !== null ? `${server}/${owner}/${repo}/actions/runs/${id}` : null
}
