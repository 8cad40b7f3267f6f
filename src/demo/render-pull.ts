// JSON of pull requests and of their files, with every field that GitHub's API description requires. Must stay true: `base.sha` is the
// tip of the base branch, not the merge base; `changed_files` counts all files, also those that the list of files leaves out.
import { filesOf } from './positions.ts'
import { renderAccount, renderRepository, repositoryUrl } from './render-repository.ts'
import { baseSha, commentsOf, mergeBaseOf, type PullRequest, type Repository } from './state.ts'
import type { FileDiff } from './changes.ts'
import type { Host } from './replies.ts'

type Json = Record<string, unknown>

/** One file of a pull request or of a comparison at commit `head`. */
export function renderFile(host: Host, repository: Repository, file: FileDiff, head: string): Json {
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  const page = `${host.htmlUrl}/${repository.fullName}`
  const changes = file.additions + file.deletions
  const shown = file.patch !== null && changes <= host.limits.patchLines
  return {
    sha: file.blob,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes,
    blob_url: `${page}/blob/${head}/${path}`,
    raw_url: `${page}/raw/${head}/${path}`,
    contents_url: `${repositoryUrl(host, repository)}/contents/${path}?ref=${head}`,
    ...(shown ? { patch: file.patch } : {}),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  }
}

/** A pull request as lists and event files carry it. */
export function renderPull(host: Host, pull: PullRequest): Json {
  const { repository, headRepository, number } = pull
  const url = `${repositoryUrl(host, repository)}/pulls/${number}`
  const issue = `${repositoryUrl(host, repository)}/issues/${number}`
  const page = `${host.htmlUrl}/${repository.fullName}/pull/${number}`
  const statuses = `${repositoryUrl(host, repository)}/statuses/${pull.headSha}`
  const links = {
    self: url,
    html: page,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${repositoryUrl(host, repository)}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses,
  }
  return {
    url,
    id: pull.id,
    node_id: `PR_${pull.id}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: statuses,
    number,
    state: pull.state,
    locked: pull.locked,
    title: pull.title,
    user: renderAccount(host, pull.author),
    body: pull.body,
    labels: [],
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.state === 'closed' ? pull.updatedAt : null,
    merged_at: null,
    merge_commit_sha: testMergeOf(pull),
    head: renderEnd(host, headRepository, pull.headRef, pull.headSha),
    base: renderEnd(host, repository, pull.baseRef, baseSha(pull)),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: 'CONTRIBUTOR',
    auto_merge: null,
    draft: pull.draft,
  }
}

function renderEnd(host: Host, repository: Repository, ref: string, sha: string): Json {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: renderAccount(host, repository.owner),
    repo: repository.deleted ? null : renderRepository(host, repository),
  }
}

/** The commit of `refs/pull/N/merge`, or null if base and head conflict. */
export function testMergeOf(pull: PullRequest): string | null {
  return pull.repository.network.history.testMerge(baseSha(pull), pull.headSha, `refs/pull/${pull.id}/merge`)
}

/** The answer of `GET /pulls/{n}`. */
export function renderFullPull(host: Host, pull: PullRequest): Json {
  const files = filesOf(pull)
  const mergeable = testMergeOf(pull) !== null
  const { history } = pull.repository.network
  return {
    ...renderPull(host, pull),
    merged: false,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable ? 'clean' : 'dirty',
    merged_by: null,
    comments: 0,
    review_comments: commentsOf(host.state, pull).filter((comment) => comment.review.state !== 'PENDING').length,
    maintainer_can_modify: false,
    commits: history.between(mergeBaseOf(pull), pull.headSha).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  }
}
