// JSON of accounts, repositories and commits, with every field that GitHub's API description requires.
// In REST the login of a bot ends in `[bot]`; links lead back to this server, never to the real one.
import type { Account, Repository } from './state.ts'
import type { CommitFacts } from './changes.ts'
import type { Host } from './replies.ts'

type Json = Record<string, unknown>

export function renderAccount(host: Host, account: Account): Json {
  const url = `${host.apiUrl}/users/${encodeURIComponent(account.login)}`
  return {
    login: account.login,
    id: account.id,
    node_id: `U_${account.id}`,
    avatar_url: `${host.htmlUrl}/avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${host.htmlUrl}/${encodeURIComponent(account.login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  }
}

/** The name of a link without `_url`, and what follows the repository's address. */
const REPOSITORY_LINKS: Readonly<Record<string, string>> = {
  archive: '/{archive_format}{/ref}',
  assignees: '/assignees{/user}',
  blobs: '/git/blobs{/sha}',
  branches: '/branches{/branch}',
  collaborators: '/collaborators{/collaborator}',
  comments: '/comments{/number}',
  commits: '/commits{/sha}',
  compare: '/compare/{base}...{head}',
  contents: '/contents/{+path}',
  contributors: '/contributors',
  deployments: '/deployments',
  downloads: '/downloads',
  events: '/events',
  forks: '/forks',
  git_commits: '/git/commits{/sha}',
  git_refs: '/git/refs{/sha}',
  git_tags: '/git/tags{/sha}',
  hooks: '/hooks',
  issue_comment: '/issues/comments{/number}',
  issue_events: '/issues/events{/number}',
  issues: '/issues{/number}',
  keys: '/keys{/key_id}',
  labels: '/labels{/name}',
  languages: '/languages',
  merges: '/merges',
  milestones: '/milestones{/number}',
  notifications: '/notifications{?since,all,participating}',
  pulls: '/pulls{/number}',
  releases: '/releases{/id}',
  stargazers: '/stargazers',
  statuses: '/statuses/{sha}',
  subscribers: '/subscribers',
  subscription: '/subscription',
  tags: '/tags',
  teams: '/teams',
  trees: '/git/trees{/sha}',
}

export function repositoryUrl(host: Host, repository: Repository): string {
  return `${host.apiUrl}/repos/${repository.fullName}`
}

/** The form inside the event of a workflow run: no counts, no branches. */
export function renderMinimalRepository(host: Host, repository: Repository): Json {
  const url = repositoryUrl(host, repository)
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: renderAccount(host, repository.owner),
    html_url: `${host.htmlUrl}/${repository.fullName}`,
    description: null,
    fork: repository.parent !== null,
    url,
    ...Object.fromEntries(Object.entries(REPOSITORY_LINKS).map(([name, rest]) => [`${name}_url`, `${url}${rest}`])),
  }
}

/** The form used inside other objects and in event files. */
export function renderRepository(host: Host, repository: Repository): Json {
  const page = `${host.htmlUrl}/${repository.fullName}`
  const forks = [...host.state.repositories.values()].filter((it) => it.parent === repository).length
  return {
    ...renderMinimalRepository(host, repository),
    clone_url: `${page}.git`,
    git_url: `git://${new URL(host.htmlUrl).host}/${repository.fullName}.git`,
    ssh_url: `git@${new URL(host.htmlUrl).hostname}:${repository.fullName}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: 'Python',
    default_branch: repository.defaultBranch,
    forks,
    forks_count: forks,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    license: null,
    open_issues: 0,
    open_issues_count: 0,
    size: 1,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    visibility: repository.private ? 'private' : 'public',
    pushed_at: repository.createdAt,
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
  }
}

/** The answer of `GET /repos/{owner}/{repo}`. */
export function renderFullRepository(host: Host, repository: Repository): Json {
  const { parent } = repository
  return {
    ...renderRepository(host, repository),
    network_count: 0,
    subscribers_count: 0,
    ...(parent === null ? {} : { parent: renderRepository(host, parent), source: renderRepository(host, parent) }),
  }
}

const UNVERIFIED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }

/** The answer of `GET /git/commits/{sha}`. */
export function renderGitCommit(host: Host, repository: Repository, commit: CommitFacts): Json {
  const url = repositoryUrl(host, repository)
  const page = `${host.htmlUrl}/${repository.fullName}`
  const person = { name: commit.name, email: commit.email, date: commit.date }
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: person,
    committer: person,
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/git/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: UNVERIFIED,
  }
}

/** A commit as comparisons list it. */
export function renderCommit(host: Host, repository: Repository, commit: CommitFacts): Json {
  const url = repositoryUrl(host, repository)
  const plain = renderGitCommit(host, repository, commit)
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    commit: {
      author: plain['author'],
      committer: plain['committer'],
      message: commit.message,
      tree: plain['tree'],
      url: plain['url'],
      comment_count: 0,
      verification: UNVERIFIED,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: plain['html_url'],
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: null,
    committer: null,
    parents: plain['parents'],
  }
}
