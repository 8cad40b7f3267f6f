// Which commits an event means. Pure: event name, payload and variables in, one request out. The commit of GITHUB_SHA is used only where
// there is no pull request: for `pull_request` it is the test merge, whose line numbers are nobody's.
import { ConfigurationError } from '../config/model.ts'
import type { Environment } from './inputs.ts'

export interface ReviewRequest {
  readonly kind: 'pull-request' | 'merge-group' | 'push' | 'tree'
  readonly owner: string
  readonly repo: string
  readonly head: string
  /** tip of the base branch, start of the queue or commit before the push: the policy is read there; null: the whole tree is reviewed */
  readonly base: string | null
  readonly pull: PullRequestPart | null
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
export function readEvent(payload: unknown, env: Environment): ReviewRequest {
  const name = env['GITHUB_EVENT_NAME'] ?? ''
  if (name === '') throw new ConfigurationError('GITHUB_EVENT_NAME is not set')
  if (name === 'workflow_run')
    throw new ConfigurationError(
      'GITHUB_EVENT_NAME: workflow_run belongs to stage: publish, which is not available yet (planned)',
    )
  const event = SUPPORTED.find((it) => it === name)
  if (event === undefined)
    throw new ConfigurationError(
      `GITHUB_EVENT_NAME: ${JSON.stringify(name.slice(0, 60))} is not supported; supported are ${SUPPORTED.join(', ')}`,
    )
  return { ...repositoryOf(env), ...partsOf(event, payload, env) }
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
