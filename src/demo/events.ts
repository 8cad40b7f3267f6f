// The event files that a runner gives to an Action, made from the server's own state, and the commit and ref that the runner names
// beside them. Shapes: GitHub's webhook payloads, reduced to the fields that are documented for all deliveries.
import { baseSha, branchTip, type PullRequest, type Repository } from './state.ts'
import { renderAccount, renderMinimalRepository, renderRepository } from './render-repository.ts'
import { renderFullPull, testMergeOf } from './render-pull.ts'
import type { Host } from './replies.ts'

export type EventRequest =
  | { readonly kind: 'pull_request' | 'pull_request_target'; readonly pull: PullRequest; readonly action?: string }
  | {
      readonly kind: 'merge_group'
      readonly repository: Repository
      readonly headSha: string
      readonly baseSha: string
    }
  | {
      readonly kind: 'push'
      readonly repository: Repository
      readonly branch: string
      readonly before: string
      readonly after: string
    }
  | { readonly kind: 'workflow_dispatch' | 'schedule'; readonly repository: Repository }
  | { readonly kind: 'workflow_run'; readonly pull: PullRequest; readonly event?: string; readonly conclusion?: string }

export interface RunnerEvent {
  /** GITHUB_EVENT_NAME */
  readonly name: string
  /** what GITHUB_EVENT_PATH contains */
  readonly payload: unknown
  /** GITHUB_SHA */
  readonly sha: string
  /** GITHUB_REF */
  readonly ref: string
  /** GITHUB_REPOSITORY */
  readonly repository: string
}

type Json = Record<string, unknown>

/** For `pull_request`, GITHUB_SHA is the test merge commit, never the head: a client that uses it for positions is wrong. */
export function eventPayload(host: Host, request: EventRequest): RunnerEvent {
  switch (request.kind) {
    case 'pull_request':
    case 'pull_request_target':
      return pullEvent(host, request)
    case 'merge_group':
      return mergeGroupEvent(host, request)
    case 'push':
      return pushEvent(host, request)
    case 'workflow_dispatch':
    case 'schedule':
      return plainEvent(host, request)
    case 'workflow_run':
    default:
      return workflowRunEvent(host, request)
  }
}

function common(host: Host, repository: Repository): Json {
  return { repository: renderRepository(host, repository), sender: renderAccount(host, repository.owner) }
}

const tipOf = (repository: Repository, branch: string): string => branchTip(repository, branch) ?? '0'.repeat(40)

type Of<K> = Extract<EventRequest, { readonly kind: K }>

function pullEvent(host: Host, { kind, pull, action }: Of<'pull_request' | 'pull_request_target'>): RunnerEvent {
  const { repository } = pull
  const target = kind === 'pull_request_target'
  return {
    name: kind,
    payload: {
      action: action ?? 'synchronize',
      number: pull.number,
      pull_request: renderFullPull(host, pull),
      ...common(host, repository),
    },
    sha: target ? tipOf(repository, repository.defaultBranch) : (testMergeOf(pull) ?? pull.headSha),
    ref: target ? `refs/heads/${repository.defaultBranch}` : `refs/pull/${pull.number}/merge`,
    repository: repository.fullName,
  }
}

function headCommit(repository: Repository, sha: string): Json {
  const found = repository.network.history.commit(sha)
  const person = { name: found?.name ?? '', email: found?.email ?? '' }
  return {
    id: sha,
    tree_id: found?.tree ?? '',
    message: found?.message ?? '',
    timestamp: found?.date ?? '',
    author: person,
    committer: person,
  }
}

/** Only these five fields: no pull request number, no patch. */
function mergeGroupEvent(host: Host, request: Of<'merge_group'>): RunnerEvent {
  const { repository, headSha } = request
  const headRef = `refs/heads/gh-readonly-queue/${repository.defaultBranch}/pr-1-${request.baseSha}`
  return {
    name: 'merge_group',
    payload: {
      action: 'checks_requested',
      merge_group: {
        head_sha: headSha,
        head_ref: headRef,
        base_sha: request.baseSha,
        base_ref: `refs/heads/${repository.defaultBranch}`,
        head_commit: headCommit(repository, headSha),
      },
      ...common(host, repository),
    },
    sha: headSha,
    ref: headRef,
    repository: repository.fullName,
  }
}

function pushEvent(host: Host, { repository, branch, before, after }: Of<'push'>): RunnerEvent {
  const ref = `refs/heads/${branch}`
  const zero = /^0+$/
  return {
    name: 'push',
    payload: {
      ref,
      before,
      after,
      created: zero.test(before),
      deleted: zero.test(after),
      forced: false,
      base_ref: null,
      compare: `${host.htmlUrl}/${repository.fullName}/compare/${before}...${after}`,
      commits: [],
      head_commit: zero.test(after) ? null : headCommit(repository, after),
      pusher: { name: repository.owner.login, email: 'ada@example.org' },
      ...common(host, repository),
    },
    sha: after,
    ref,
    repository: repository.fullName,
  }
}

function plainEvent(host: Host, { kind, repository }: Of<'workflow_dispatch' | 'schedule'>): RunnerEvent {
  const ref = `refs/heads/${repository.defaultBranch}`
  const own =
    kind === 'schedule' ? { schedule: '0 5 * * 1' } : { inputs: null, ref, workflow: '.github/workflows/phasegate.yml' }
  return {
    name: kind,
    payload: { ...own, ...common(host, repository) },
    sha: tipOf(repository, repository.defaultBranch),
    ref,
    repository: repository.fullName,
  }
}

/** `pull_requests` is empty for forks, as on the service. */
function workflowRunEvent(host: Host, { pull, event, conclusion }: Of<'workflow_run'>): RunnerEvent {
  const { repository, headRepository } = pull
  const fork = headRepository !== repository
  const reference = {
    id: pull.id,
    number: pull.number,
    url: `${host.apiUrl}/repos/${repository.fullName}/pulls/${pull.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo: { id: headRepository.id, name: headRepository.name, url: '' } },
    base: { ref: pull.baseRef, sha: baseSha(pull), repo: { id: repository.id, name: repository.name, url: '' } },
  }
  return {
    name: 'workflow_run',
    payload: {
      action: 'completed',
      workflow_run: {
        id: 900_000_001,
        name: 'PhaseGate',
        event: event ?? 'pull_request',
        status: 'completed',
        conclusion: conclusion ?? 'success',
        head_branch: pull.headRef,
        head_sha: pull.headSha,
        run_number: 1,
        run_attempt: 1,
        path: '.github/workflows/phasegate.yml',
        pull_requests: fork ? [] : [reference],
        head_repository: headRepository.deleted ? null : renderMinimalRepository(host, headRepository),
        repository: renderMinimalRepository(host, repository),
        head_commit: headCommit(repository, pull.headSha),
      },
      workflow: { id: 1, name: 'PhaseGate', path: '.github/workflows/phasegate.yml', state: 'active' },
      ...common(host, repository),
    },
    sha: tipOf(repository, repository.defaultBranch),
    ref: `refs/heads/${repository.defaultBranch}`,
    repository: repository.fullName,
  }
}
