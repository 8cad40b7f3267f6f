// The embedded GitHub as tests and the demo hold it: a running server plus hands to do what people do on the pages (push, reply,
// resolve, delete). Must stay true: nothing here takes a short cut that a client could not see over HTTP.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { createFaults, type Behaviour } from './faults.ts'
import { createGitStore, type FileChanges } from './git.ts'
import { createHistory } from './changes.ts'
import { createHumans, type Humans } from './humans.ts'
import { createMeter } from './meter.ts'
import { createRequestListener, listen, type LoggedRequest } from './server.ts'
import { createRouter } from './routing.ts'
import { DEFAULT_DIALECT, DEFAULT_LIMITS, type GitHubOptions } from './options.ts'
import { eventPayload, type EventRequest, type RunnerEvent } from './events.ts'
import { accountOf, branchRef, branchTip, createState, newId, repositoryNamed, type State } from './state.ts'
import type { Account, CheckRun, Comment, PullRequest, Repository, Review, Rights, Thread } from './state.ts'
import type { Host } from './replies.ts'

export interface PullRequestDraft {
  readonly repository: string
  readonly base?: string
  readonly head: string
  readonly title: string
  readonly body?: string
  /** the login that owns the fork the head is in; the fork must exist (forkRepository) */
  readonly fork?: string
  readonly author?: string
}

export interface TokenOptions {
  /** default `github-actions[bot]` */
  readonly login?: string
  readonly kind?: 'installation' | 'user'
  readonly repositories?: readonly string[]
  /** the token itself; default: made up in GitHub's new long shape, about 520 characters with dots */
  readonly value?: string
}

export interface EmbeddedGitHub extends Humans {
  /** GITHUB_API_URL */
  readonly url: string
  /** GITHUB_GRAPHQL_URL */
  readonly graphqlUrl: string
  /** GITHUB_SERVER_URL */
  readonly serverUrl: string
  /** every request so far, oldest first */
  readonly requests: readonly LoggedRequest[]
  readonly close: () => Promise<void>
  /** Creates a repository with one commit on `main`; without files it is empty. Private unless said otherwise. */
  readonly createRepository: (fullName: string, files: FileChanges, options?: { public?: boolean }) => Repository
  readonly forkRepository: (fullName: string, owner: string) => Repository
  readonly deleteRepository: (fullName: string) => void
  /** Commits on top of the branch (made from the default branch if it is new) or on `parent`, and returns the id. A `parent` that is not the tip is a force-push. */
  readonly commit: (repository: string, branch: string, changes: FileChanges, options?: CommitOptions) => string
  /** Lets a branch, new or not, point to a commit. */
  readonly setBranch: (repository: string, branch: string, sha: string) => void
  readonly deleteBranch: (repository: string, branch: string) => void
  readonly openPullRequest: (draft: PullRequestDraft) => PullRequest
  /** Commits to the pull request's head branch and returns the new head. */
  readonly pushToPullRequest: (pull: PullRequest, changes: FileChanges, options?: CommitOptions) => string
  /** The commit of a merge queue: a merge of the given heads on top of the default branch, or null if they conflict. */
  readonly queueMerge: (repository: string, heads: readonly string[]) => string | null
  /** Returns the token. Rights that are not named are none. */
  readonly createToken: (rights: Rights, options?: TokenOptions) => string
  readonly eventPayload: (request: EventRequest) => RunnerEvent
  /** Queues misbehaviour for a route, such as `POST /repos/*\/*\/pulls/*\/reviews`; `/graphql` is a route too. */
  readonly script: (pattern: string, behaviours: readonly Behaviour[]) => void
  /** scripted entries that were never used */
  readonly unusedScripts: () => string[]
  /** what clients did that they must not do: unknown routes, foreign comments edited, limits exceeded, fields that do not exist */
  readonly violations: () => readonly string[]
  readonly reviews: (pull: PullRequest) => readonly Review[]
  readonly threads: (pull: PullRequest) => readonly Thread[]
  readonly comments: (pull: PullRequest) => readonly Comment[]
  readonly checkRuns: (sha: string) => readonly CheckRun[]
}

export interface CommitOptions {
  readonly message?: string
  /** commit id to build on; default: the tip of the branch */
  readonly parent?: string
}

/** Starts the server on a free port of 127.0.0.1. Needs `git` on the PATH. Close it, or its directory stays behind. */
export async function startGitHub(options: GitHubOptions = {}): Promise<EmbeddedGitHub> {
  const directory = mkdtempSync(join(tmpdir(), 'phasegate-github-'))
  const state = createState()
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const now = options.now ?? ((): number => Date.now())
  const faults = createFaults()
  const log: LoggedRequest[] = []
  const address = { origin: '' }
  const basePath = options.basePath ?? ''
  const host: Host = {
    state,
    limits,
    dialect: { ...DEFAULT_DIALECT, ...options.dialect },
    enterpriseVersion: options.enterpriseVersion ?? null,
    get apiUrl() {
      return address.origin + basePath
    },
    get htmlUrl() {
      return address.origin
    },
    now,
    timestamp: () => new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z'),
  }
  const meter = createMeter(limits, now, (what) => void state.violations.push(what))
  const server = await listen(
    options,
    createRequestListener({ host, router: createRouter(), faults, meter, log, basePath }),
  )
  const { port } = server.address() as AddressInfo
  address.origin = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  accountOf(state, 'github-actions[bot]')
  return {
    url: host.apiUrl,
    graphqlUrl: basePath === '' ? `${address.origin}/graphql` : `${address.origin}/api/graphql`,
    serverUrl: address.origin,
    requests: log,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(directory, { recursive: true, force: true })
    },
    ...repositoryHands(host, directory),
    ...createHumans(host),
    createToken: (rights, tokenOptions = {}) => createToken(state, rights, tokenOptions),
    eventPayload: (request) => eventPayload(host, request),
    script: faults.script,
    unusedScripts: faults.unused,
    violations: () => state.violations,
    reviews: (pull) => state.reviews.filter((review) => review.pull === pull),
    threads: (pull) => state.threads.filter((thread) => thread.pull === pull),
    comments: (pull) => state.comments.filter((comment) => comment.thread.pull === pull),
    checkRuns: (sha) => state.checkRuns.filter((run) => run.headSha === sha),
  }
}

type RepositoryHands = Pick<
  EmbeddedGitHub,
  | 'createRepository'
  | 'forkRepository'
  | 'deleteRepository'
  | 'commit'
  | 'setBranch'
  | 'deleteBranch'
  | 'openPullRequest'
  | 'pushToPullRequest'
  | 'queueMerge'
>

function repositoryHands(host: Host, directory: string): RepositoryHands {
  const { state } = host
  const moveHeads = (repository: Repository, branch: string, sha: string): void => {
    for (const pull of state.pulls) {
      if (pull.headRepository !== repository || pull.headRef !== branch || pull.state !== 'open') continue
      pull.headSha = sha
      pull.updatedAt = host.timestamp()
    }
  }
  const commit = (
    repository: Repository,
    branch: string,
    changes: FileChanges,
    options: CommitOptions = {},
  ): string => {
    const tip = branchTip(repository, branch)
    const parent = options.parent ?? tip ?? branchTip(repository, repository.defaultBranch)
    const sha = repository.network.store.commit({
      ref: branchRef(repository, branch),
      parents: parent === null ? [] : [parent],
      message: options.message ?? 'Change',
      changes,
    })
    moveHeads(repository, branch, sha)
    return sha
  }
  return {
    createRepository: (fullName, files, options = {}) => {
      const network = newNetwork(mkdtempSync(join(directory, 'repository-')))
      const repository = addRepository(host, fullName, { network, parent: null, private: options.public !== true })
      if (Object.keys(files).length > 0)
        commit(repository, repository.defaultBranch, files, { message: 'Initial commit' })
      return repository
    },
    forkRepository: (fullName, owner) => {
      const parent = required(state, fullName)
      const { network } = parent
      const fork = addRepository(host, `${owner}/${parent.name}`, { network, parent, private: parent.private })
      const tip = branchTip(parent, parent.defaultBranch)
      if (tip !== null) network.store.refs.set(branchRef(fork, fork.defaultBranch), tip)
      return fork
    },
    deleteRepository: (fullName) => {
      required(state, fullName).deleted = true
    },
    commit: (fullName, branch, changes, options) => commit(required(state, fullName), branch, changes, options),
    setBranch: (fullName, branch, sha) => {
      const repository = required(state, fullName)
      repository.network.store.refs.set(branchRef(repository, branch), sha)
      moveHeads(repository, branch, sha)
    },
    deleteBranch: (fullName, branch) => {
      const repository = required(state, fullName)
      repository.network.store.refs.delete(branchRef(repository, branch))
    },
    openPullRequest: (draft) => openPullRequest(host, draft),
    pushToPullRequest: (pull, changes, options) => commit(pull.headRepository, pull.headRef, changes, options),
    queueMerge: (fullName, heads) => {
      const repository = required(state, fullName)
      const { history } = repository.network
      const start = branchTip(repository, repository.defaultBranch)
      return heads.reduce<string | null>(
        (onto, head) => (onto === null ? null : history.testMerge(onto, head, `refs/queue/${repository.id}`)),
        start,
      )
    },
  }
}

function newNetwork(directory: string): Repository['network'] {
  const store = createGitStore(directory)
  return { store, history: createHistory(store) }
}

function required(state: State, fullName: string): Repository {
  const found = repositoryNamed(state, fullName)
  if (found === undefined) throw new Error(`the embedded GitHub has no repository ${fullName}`)
  return found
}

type Origin = Pick<Repository, 'network' | 'parent' | 'private'>

function addRepository(host: Host, fullName: string, origin: Origin): Repository {
  const [owner = '', name = ''] = fullName.split('/')
  const repository: Repository = {
    ...origin,
    id: newId(host.state),
    owner: accountOf(host.state, owner),
    name,
    fullName,
    defaultBranch: 'main',
    createdAt: host.timestamp(),
    deleted: false,
  }
  host.state.repositories.set(fullName.toLowerCase(), repository)
  return repository
}

function openPullRequest(host: Host, draft: PullRequestDraft): PullRequest {
  const { state } = host
  const repository = required(state, draft.repository)
  const headRepository = draft.fork === undefined ? repository : required(state, `${draft.fork}/${repository.name}`)
  const headSha = branchTip(headRepository, draft.head)
  if (headSha === null) throw new Error(`${headRepository.fullName} has no branch ${draft.head}`)
  const author: Account = accountOf(state, draft.author ?? draft.fork ?? 'ada')
  const pull: PullRequest = {
    id: newId(state),
    number: state.pulls.filter((it) => it.repository === repository).length + 1,
    repository,
    headRepository,
    headRef: draft.head,
    author,
    createdAt: host.timestamp(),
    baseRef: draft.base ?? repository.defaultBranch,
    title: draft.title,
    body: draft.body ?? null,
    state: 'open',
    draft: false,
    locked: false,
    updatedAt: host.timestamp(),
    headSha,
  }
  state.pulls.push(pull)
  return pull
}

const TOKEN_LENGTH = 520

function createToken(state: State, rights: Rights, options: TokenOptions): string {
  const start = `ghs_${newId(state)}.`
  const value = options.value ?? start + 'aB3_x.'.repeat(TOKEN_LENGTH).slice(0, TOKEN_LENGTH - start.length)
  state.tokens.set(value, {
    rights: { metadata: 'read', ...rights },
    account: accountOf(state, options.login ?? 'github-actions[bot]'),
    kind: options.kind ?? 'installation',
    repositories: options.repositories ?? null,
  })
  return value
}
