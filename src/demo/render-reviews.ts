// JSON of reviews, review comments and check runs, with every field that GitHub's API description requires.
// What depends on the head (line, position, commit_id) is computed at every request, not stored.
import { currentPlace } from './positions.ts'
import { renderAccount, repositoryUrl } from './render-repository.ts'
import type { Annotation, CheckRun, Comment, PullRequest, Review } from './state.ts'
import type { Host } from './replies.ts'

type Json = Record<string, unknown>

function pullLinks(host: Host, pull: PullRequest): { url: string; page: string } {
  return {
    url: `${repositoryUrl(host, pull.repository)}/pulls/${pull.number}`,
    page: `${host.htmlUrl}/${pull.repository.fullName}/pull/${pull.number}`,
  }
}

export function renderReview(host: Host, review: Review): Json {
  const { url, page } = pullLinks(host, review.pull)
  const html = `${page}#pullrequestreview-${review.id}`
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: renderAccount(host, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    author_association: 'NONE',
    _links: { html: { href: html }, pull_request: { href: url } },
    ...(review.submittedAt === null ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitId,
  }
}

/** A comment as REST shows it: an outdated one has no `line`, its `commit_id` rolls forward. */
export function renderComment(host: Host, comment: Comment): Json {
  const { thread, review } = comment
  const { url, page } = pullLinks(host, thread.pull)
  const self = `${repositoryUrl(host, thread.pull.repository)}/pulls/comments/${comment.id}`
  const html = `${page}#discussion_r${comment.id}`
  const place = currentPlace(thread)
  return {
    id: comment.id,
    node_id: `PRRC_${comment.id}`,
    url: self,
    pull_request_review_id: review.id,
    diff_hunk: thread.diffHunk,
    path: thread.path,
    position: thread.subject === 'file' ? 1 : place.position,
    original_position: thread.diffHunk.split('\n').length - 1,
    commit_id: thread.pull.headSha,
    original_commit_id: thread.commitId,
    user: renderAccount(host, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: url,
    author_association: 'NONE',
    _links: { self: { href: self }, html: { href: html }, pull_request: { href: url } },
    start_line: place.startLine,
    original_start_line: thread.startLine,
    start_side: thread.startSide,
    line: place.line,
    original_line: thread.line,
    side: thread.side,
    subject_type: thread.subject,
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
  }
}

/** Check runs of a token for workflows belong to this application. */
const ACTIONS_APP_ID = 15_368

export function renderCheckRun(host: Host, run: CheckRun): Json {
  const url = `${repositoryUrl(host, run.repository)}/check-runs/${run.id}`
  const page = `${host.htmlUrl}/${run.repository.fullName}/runs/${run.id}`
  const owner = host.state.accounts.get('github-actions[bot]') ?? {
    id: 1,
    login: 'github',
    type: 'Organization' as const,
  }
  const pulls = host.state.pulls.filter((pull) => pull.repository === run.repository && pull.headSha === run.headSha)
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId ?? '',
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite },
    app: {
      id: ACTIONS_APP_ID,
      slug: 'github-actions',
      node_id: 'A_15368',
      owner: renderAccount(host, owner),
      name: 'GitHub Actions',
      description: 'Automate your workflow from idea to production',
      external_url: host.htmlUrl,
      html_url: `${host.htmlUrl}/apps/github-actions`,
      created_at: '2018-07-30T09:30:17Z',
      updated_at: '2024-04-10T20:33:16Z',
      permissions: { checks: 'write', contents: 'read', metadata: 'read' },
      events: [],
    },
    pull_requests: pulls.map((pull) => renderPullReference(host, pull)),
  }
}

function renderPullReference(host: Host, pull: PullRequest): Json {
  const end = (repository: PullRequest['repository'], ref: string, sha: string): Json => ({
    ref,
    sha,
    repo: { id: repository.id, url: repositoryUrl(host, repository), name: repository.name },
  })
  return {
    id: pull.id,
    number: pull.number,
    url: pullLinks(host, pull).url,
    head: end(pull.headRepository, pull.headRef, pull.headSha),
    base: end(pull.repository, pull.baseRef, pull.headSha),
  }
}

export function renderAnnotation(host: Host, run: CheckRun, annotation: Annotation): Json {
  const path = annotation.path.split('/').map(encodeURIComponent).join('/')
  return { ...annotation, blob_href: `${host.htmlUrl}/${run.repository.fullName}/blob/${run.headSha}/${path}` }
}
