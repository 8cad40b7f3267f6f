// What the embedded server knows: accounts, tokens, repositories, pull requests, reviews, threads, comments, check runs.
// Must stay true: positions that depend on the head (outdated, current line, commit_id) are never stored; they are computed from the
// place where a comment was made, so that moving the head back brings them back. Forks share one store with their parent.
import type { GitStore } from './git.ts'
import type { History } from './changes.ts'
import type { Side } from './hunks.ts'

export interface Account {
  readonly id: number
  /** as REST shows it: bots end in `[bot]` */
  readonly login: string
  readonly type: 'User' | 'Bot' | 'Organization'
}

export type Right = 'contents' | 'pull-requests' | 'checks' | 'statuses' | 'actions' | 'security-events' | 'metadata'
export type Level = 'none' | 'read' | 'write'
export type Rights = Readonly<Partial<Record<Right, Level>>>

export interface Token {
  readonly rights: Rights
  readonly account: Account
  /** `installation`: GITHUB_TOKEN or a GitHub App; `user`: a person's token, which cannot write check runs */
  readonly kind: 'installation' | 'user'
  /** full names of the repositories that the token can see; all when null */
  readonly repositories: readonly string[] | null
}

export interface Network {
  readonly store: GitStore
  readonly history: History
}

export interface Repository {
  readonly id: number
  readonly owner: Account
  readonly name: string
  readonly fullName: string
  readonly private: boolean
  readonly network: Network
  readonly parent: Repository | null
  readonly defaultBranch: string
  readonly createdAt: string
  deleted: boolean
}

export interface PullRequest {
  readonly id: number
  readonly number: number
  readonly repository: Repository
  readonly headRepository: Repository
  readonly headRef: string
  readonly author: Account
  readonly createdAt: string
  baseRef: string
  title: string
  body: string | null
  state: 'open' | 'closed'
  draft: boolean
  locked: boolean
  updatedAt: string
  /** kept when the branch or the fork is deleted */
  headSha: string
}

export type ReviewState = 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED'

export interface Review {
  readonly id: number
  readonly pull: PullRequest
  readonly author: Account
  readonly commitId: string
  readonly createdAt: string
  state: ReviewState
  body: string
  submittedAt: string | null
}

export interface Thread {
  /** GraphQL node id */
  readonly id: string
  readonly pull: PullRequest
  readonly path: string
  readonly subject: 'line' | 'file'
  readonly side: Side
  /** on the commit where it was made; null for file-level threads */
  readonly line: number | null
  readonly startLine: number | null
  readonly startSide: Side | null
  readonly commitId: string
  readonly diffHunk: string
  /** made by a mutation that accepts anchors outside the diff: exists, but no list of comments shows it */
  readonly hidden: boolean
  resolvedBy: Account | null
}

export interface Comment {
  readonly id: number
  readonly thread: Thread
  readonly review: Review
  readonly author: Account
  readonly createdAt: string
  readonly inReplyTo: number | null
  body: string
  updatedAt: string
  /** logins of those who edited it, in order */
  readonly editedBy: string[]
}

export interface Annotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly start_column: number | null
  readonly end_column: number | null
  readonly annotation_level: string
  readonly title: string | null
  readonly message: string
  readonly raw_details: string | null
}

export interface CheckRun {
  readonly id: number
  readonly repository: Repository
  readonly headSha: string
  readonly suite: number
  readonly annotations: Annotation[]
  name: string
  status: string
  conclusion: string | null
  externalId: string | null
  detailsUrl: string | null
  startedAt: string
  completedAt: string | null
  title: string | null
  summary: string | null
  text: string | null
}

export interface State {
  readonly accounts: Map<string, Account>
  /** by the token itself */
  readonly tokens: Map<string, Token>
  /** by full name in lower case: the service's names do not distinguish case */
  readonly repositories: Map<string, Repository>
  readonly pulls: PullRequest[]
  readonly reviews: Review[]
  readonly threads: Thread[]
  readonly comments: Comment[]
  readonly checkRuns: CheckRun[]
  /** what a client did that the real service forbids or that nobody should do: each is a failure of the product */
  readonly violations: string[]
  nextId: number
}

/** Ids are large because the real ones are: a client that mixes them up with line numbers fails here too. */
const FIRST_ID = 2_000_000_001

export function createState(): State {
  return {
    accounts: new Map(),
    tokens: new Map(),
    repositories: new Map(),
    pulls: [],
    reviews: [],
    threads: [],
    comments: [],
    checkRuns: [],
    violations: [],
    nextId: FIRST_ID,
  }
}

export function newId(state: State): number {
  return state.nextId++
}

/** The account of a login, made on first use; `[bot]` at the end makes it a bot. */
export function accountOf(state: State, login: string): Account {
  const known = state.accounts.get(login)
  if (known) return known
  const account: Account = { id: newId(state), login, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
  state.accounts.set(login, account)
  return account
}

export function repositoryNamed(state: State, fullName: string): Repository | undefined {
  const found = state.repositories.get(fullName.toLowerCase())
  return found?.deleted === true ? undefined : found
}

export function pullNumbered(state: State, repository: Repository, number: number): PullRequest | undefined {
  return state.pulls.find((pull) => pull.repository === repository && pull.number === number)
}

/** The ref of a branch: the stores of forks are one, so every repository has its own name space. */
export function branchRef(repository: Repository, branch: string): string {
  return `refs/repositories/${repository.id}/heads/${branch}`
}

/** The commit of a branch, or null. */
export function branchTip(repository: Repository, branch: string): string | null {
  return repository.network.store.refs.get(branchRef(repository, branch)) ?? null
}

/** The commit that a client names: a full id, a branch, `owner:branch` of the network, or a pull request's ref. Null if unknown. */
export function commitNamed(state: State, repository: Repository, name: string): string | null {
  const { history, store } = repository.network
  if (/^[0-9a-f]{40}$/.test(name)) return history.commit(name) === null ? null : name
  const [owner, branch] = name.includes(':') ? name.split(':', 2) : [null, name]
  const named =
    owner === null
      ? repository
      : [...state.repositories.values()].find((it) => it.network.store === store && it.owner.login === owner)
  return named === undefined || named.deleted ? null : branchTip(named, (branch ?? '').replace(/^(refs\/)?heads\//, ''))
}

/** The tip of the base branch; the head itself if the base branch is gone. */
export function baseSha(pull: PullRequest): string {
  return branchTip(pull.repository, pull.baseRef) ?? pull.headSha
}

/** The commit that the pull request's three-dot diff starts from. */
export function mergeBaseOf(pull: PullRequest, head: string = pull.headSha): string {
  return pull.repository.network.history.mergeBase(baseSha(pull), head) ?? baseSha(pull)
}

export function commentsOf(state: State, pull: PullRequest): Comment[] {
  return state.comments.filter((comment) => comment.thread.pull === pull)
}

export function threadComments(state: State, thread: Thread): Comment[] {
  return state.comments.filter((comment) => comment.thread === thread)
}
