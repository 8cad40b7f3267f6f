// Which commits an event means. Pure: event name, payload and variables in, one request out. The commit of GITHUB_SHA is used only where
// there is no pull request: for `pull_request` it is the test merge, whose line numbers are nobody's.
import { ConfigurationError } from '../config/model.ts'
import type { Environment, Stage } from './inputs.ts'

export interface ReviewRequest {
  readonly kind: 'pull-request' | 'merge-group' | 'push' | 'tree' | 'workflow-run'
  readonly owner: string
  readonly repo: string
  readonly head: string
  /** tip of the base branch, start of the queue or commit before the push: the policy is read there; null: the whole tree is reviewed */
  readonly base: string | null
  readonly pull: PullRequestPart | null
}

/** The run of the first workflow, as the event of the second one describes it. Nothing in it is trusted but what GitHub wrote. */
export interface WorkflowRun {
  /** the event that started it */
  readonly event: string
  readonly headSha: string
  readonly headBranch: string
  /** `owner/name`; null if the fork was deleted */
  readonly headRepository: string | null
}

export interface PullRequestPart {
  readonly number: number
  /** null if the payload does not say */
  readonly changedFiles: number | null
  readonly locked: boolean
}

const SUPPORTED = [
  'pull_request',
  'pull_request_target',
  'merge_group',
  'push',
  'workflow_dispatch',
  'schedule',
] as const
type Supported = (typeof SUPPORTED)[number]

/** Throws a ConfigurationError that names the variable and what is missing in it. */
export function readEvent(payload: unknown, env: Environment, stage: Stage = 'review'): ReviewRequest {
  const name = env['GITHUB_EVENT_NAME'] ?? ''
  if (name === '') throw new ConfigurationError('GITHUB_EVENT_NAME is not set')
  if (stage === 'publish') {
    if (name !== 'workflow_run') throw new ConfigurationError('input stage: publish runs on workflow_run only')
    return {
      ...repositoryOf(env),
      kind: 'workflow-run',
      head: readWorkflowRun(payload).headSha,
      base: null,
      pull: null,
    }
  }
  if (name === 'workflow_run')
    throw new ConfigurationError('GITHUB_EVENT_NAME: workflow_run belongs to stage: publish, which is not set')
  // such a run names the default branch as its head, so the second stage could not find the pull request
  if (stage === 'collect' && name === 'pull_request_target')
    throw new ConfigurationError(
      'input stage: collect belongs to pull_request; pull_request_target can review by itself',
    )
  const event = SUPPORTED.find((it) => it === name)
  if (event === undefined)
    throw new ConfigurationError(
      `GITHUB_EVENT_NAME: ${JSON.stringify(name.slice(0, 60))} is not supported; supported are ${SUPPORTED.join(', ')}`,
    )
  return { ...repositoryOf(env), ...partsOf(event, payload, env) }
}

/** Throws a ConfigurationError that names what is missing. */
export function readWorkflowRun(payload: unknown): WorkflowRun {
  const text = (path: readonly string[]): string => {
    const value = at(payload, path)
    if (typeof value !== 'string' || value === '') throw missing(path.join('.'), 'is missing')
    return value
  }
  const repository = at(payload, ['workflow_run', 'head_repository', 'full_name'])
  return {
    event: text(['workflow_run', 'event']),
    headSha: shaAt(payload, ['workflow_run', 'head_sha']),
    headBranch: text(['workflow_run', 'head_branch']),
    headRepository: typeof repository === 'string' && /^[\w.-]+\/[\w.-]+$/.test(repository) ? repository : null,
  }
}

type Parts = Omit<ReviewRequest, 'owner' | 'repo'>

function partsOf(event: Supported, payload: unknown, env: Environment): Parts {
  switch (event) {
    case 'pull_request':
    case 'pull_request_target':
      return pullRequest(payload)
    case 'merge_group':
      return {
        kind: 'merge-group',
        head: shaAt(payload, ['merge_group', 'head_sha']),
        base: shaAt(payload, ['merge_group', 'base_sha']),
        pull: null,
      }
    case 'push':
      return push(payload)
    case 'workflow_dispatch':
    case 'schedule':
      return { kind: 'tree', head: environmentSha(env), base: null, pull: null }
    default:
      return event satisfies never
  }
}

const ZEROS = /^0+$/

function push(payload: unknown): Parts {
  const head = shaAt(payload, ['after'])
  if (ZEROS.test(head)) throw missing('after', 'is all zeros: the branch was deleted, so there is nothing to review')
  const before = shaAt(payload, ['before'])
  return { kind: 'push', head, base: ZEROS.test(before) ? null : before, pull: null }
}

function pullRequest(payload: unknown): Parts {
  const number = at(payload, ['pull_request', 'number']) ?? at(payload, ['number'])
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1)
    throw missing('pull_request.number', 'is missing')
  const changedFiles = at(payload, ['pull_request', 'changed_files'])
  return {
    kind: 'pull-request',
    head: shaAt(payload, ['pull_request', 'head', 'sha']),
    base: shaAt(payload, ['pull_request', 'base', 'sha']),
    pull: {
      number,
      changedFiles:
        typeof changedFiles === 'number' && Number.isSafeInteger(changedFiles) && changedFiles >= 0
          ? changedFiles
          : null,
      locked: at(payload, ['pull_request', 'locked']) === true,
    },
  }
}

function repositoryOf(env: Environment): { owner: string; repo: string } {
  const [owner = '', repo = '', ...rest] = (env['GITHUB_REPOSITORY'] ?? '').split('/')
  if (rest.length > 0 || !/^[\w.-]+$/.test(owner) || !/^[\w.-]+$/.test(repo) || /^\.+$/.test(repo))
    throw new ConfigurationError('GITHUB_REPOSITORY is not set to owner/name')
  return { owner, repo }
}

function environmentSha(env: Environment): string {
  const sha = env['GITHUB_SHA'] ?? ''
  if (!SHA.test(sha)) throw new ConfigurationError('GITHUB_SHA is not set to a commit id')
  return sha
}

const SHA = /^[0-9a-f]{40}$/

function shaAt(payload: unknown, path: readonly string[]): string {
  const value = at(payload, path)
  if (value === undefined || value === null) throw missing(path.join('.'), 'is missing')
  if (typeof value !== 'string' || !SHA.test(value)) throw missing(path.join('.'), 'is not a commit id')
  return value
}

/** Own properties only: a payload cannot reach what objects inherit. */
function at(payload: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    return (value as Record<string, unknown>)[key]
  }, payload)
}

function missing(path: string, problem: string): ConfigurationError {
  return new ConfigurationError(`GITHUB_EVENT_PATH: ${path} ${problem} in the event's payload`)
}
