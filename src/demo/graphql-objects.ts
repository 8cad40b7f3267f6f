// The part of GitHub's GraphQL schema that reading a pull request needs: viewer, blobs, review threads, comments, reviews.
// As on the service, `viewer.login` of a bot ends in `[bot]` and `author.login` does not.
import { allows, sees } from './rights.ts'
import { connection, refuse, type Arguments, type GraphObject, type GraphRefusal } from './graphql.ts'
import { currentPlace, filesOf } from './positions.ts'
import { isBinary } from './git.ts'
import { visibleReviews } from './reviews.ts'
import { baseSha, commitNamed, pullNumbered, repositoryNamed, threadComments } from './state.ts'
import type { Account, Comment, PullRequest, Repository, Review, Thread, Token } from './state.ts'
import type { Host } from './replies.ts'

export interface Viewer {
  readonly host: Host
  readonly token: Token
}

export const NOT_ACCESSIBLE = (): GraphRefusal => refuse('FORBIDDEN', 'Resource not accessible by integration')

export function queryRoot(viewer: Viewer): GraphObject {
  const { host, token } = viewer
  return {
    typename: 'Query',
    fields: {
      viewer: () => ({
        typename: 'User',
        interfaces: ['Actor', 'Node'],
        fields: {
          login: () => token.account.login,
          id: () => `U_${token.account.id}`,
          databaseId: () => token.account.id,
        },
      }),
      repository: ({ owner, name }) => {
        const found = repositoryNamed(host.state, `${String(owner)}/${String(name)}`)
        if (found === undefined || !sees(token, found))
          return refuse(
            'NOT_FOUND',
            `Could not resolve to a Repository with the name '${String(owner)}/${String(name)}'.`,
          )
        return repositoryObject(viewer, found)
      },
      node: ({ id }) => {
        const thread = host.state.threads.find((it) => it.id === id)
        return thread === undefined
          ? refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${String(id)}'.`)
          : threadObject(viewer, thread)
      },
      rateLimit: () => ({
        typename: 'RateLimit',
        fields: {
          cost: () => 1,
          limit: () => host.limits.perHour,
          remaining: () => host.limits.perHour,
          resetAt: () => host.timestamp(),
        },
      }),
    },
  }
}

function repositoryObject(viewer: Viewer, repository: Repository): GraphObject {
  const { host, token } = viewer
  return {
    typename: 'Repository',
    interfaces: ['Node'],
    prepare: (asked) => {
      const ids = asked.flatMap(({ name, args }) =>
        name === 'object' ? [String(args['oid'] ?? args['expression'])] : [],
      )
      repository.network.store.objects(ids.filter((id) => /^[0-9a-f]{40}$/.test(id)))
    },
    fields: {
      id: () => `R_${repository.id}`,
      databaseId: () => repository.id,
      name: () => repository.name,
      nameWithOwner: () => repository.fullName,
      isPrivate: () => repository.private,
      object: (args) =>
        allows(token, repository, 'contents', 'read') ? gitObject(viewer, repository, args) : NOT_ACCESSIBLE(),
      pullRequest: ({ number }) => {
        if (!allows(token, repository, 'pull-requests', 'read')) return NOT_ACCESSIBLE()
        const pull = pullNumbered(host.state, repository, Number(number))
        return pull === undefined
          ? refuse('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${String(number)}.`)
          : pullObject(viewer, pull)
      },
    },
  }
}

/** `expression` is an id, a branch, or `<commit or branch>:<path>`. Null if there is no such object. */
function gitObject({ host }: Viewer, repository: Repository, args: Arguments): GraphObject | null {
  const { store } = repository.network
  const name = String(args['oid'] ?? args['expression'])
  const [commit = '', path] = name.includes(':')
    ? [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
    : [name]
  const root = commitNamed(host.state, repository, commit) ?? (/^[0-9a-f]{40}$/.test(commit) ? commit : null)
  if (root === null) return null
  const oid = path === undefined ? root : (store.entryAt(root, path)?.id ?? null)
  const found = oid === null ? undefined : store.objects([oid]).get(oid)
  if (oid === null || found === undefined) return null
  const fields = { oid: () => oid, id: () => `O_${oid}`, abbreviatedOid: () => oid.slice(0, 7) }
  if (found.type !== 'blob')
    return { typename: found.type === 'tree' ? 'Tree' : 'Commit', interfaces: ['GitObject', 'Node'], fields }
  const cut = found.content.length > host.limits.graphqlText
  const shown = cut ? found.content.subarray(0, host.limits.graphqlText) : found.content
  return {
    typename: 'Blob',
    interfaces: ['GitObject', 'Node'],
    fields: {
      ...fields,
      byteSize: () => found.content.length,
      isBinary: () => isBinary(found.content),
      isTruncated: () => cut,
      // The server's UTF-8: bytes of another encoding arrive damaged.
      text: () => (isBinary(found.content) ? null : shown.toString('utf8')),
    },
  }
}

function pullObject(viewer: Viewer, pull: PullRequest): GraphObject {
  const { host, token } = viewer
  return {
    typename: 'PullRequest',
    interfaces: ['Node'],
    fields: {
      id: () => `PR_${pull.id}`,
      databaseId: () => pull.id,
      number: () => pull.number,
      title: () => pull.title,
      state: () => pull.state.toUpperCase(),
      isDraft: () => pull.draft,
      locked: () => pull.locked,
      author: () => actorObject(pull.author),
      headRefOid: () => pull.headSha,
      headRefName: () => pull.headRef,
      baseRefOid: () => baseSha(pull),
      baseRefName: () => pull.baseRef,
      changedFiles: () => filesOf(pull).length,
      isCrossRepository: () => pull.headRepository !== pull.repository,
      reviewThreads: (args) =>
        connection('PullRequestReviewThread', visibleThreads(viewer, pull), args, (it) => threadObject(viewer, it)),
      reviews: (args) =>
        connection('PullRequestReview', visibleReviews(host, pull, token.account), args, (it) =>
          reviewObject(viewer, it),
        ),
    },
  }
}

/** Threads with at least one comment that the viewer may see. */
function visibleThreads({ host, token }: Viewer, pull: PullRequest): Thread[] {
  const shown = new Set(visibleReviews(host, pull, token.account))
  return host.state.threads.filter(
    (thread) => thread.pull === pull && threadComments(host.state, thread).some((comment) => shown.has(comment.review)),
  )
}

function actorObject(account: Account): GraphObject {
  return {
    typename: account.type,
    interfaces: ['Actor', 'Node'],
    fields: {
      login: () => account.login.replace(/\[bot\]$/, ''),
      id: () => `U_${account.id}`,
      databaseId: () => account.id,
    },
  }
}

function didAuthor({ host, token }: Viewer, author: Account): boolean {
  return author === token.account && (token.kind === 'user' || host.dialect.viewerDidAuthor)
}

export function threadObject(viewer: Viewer, thread: Thread): GraphObject {
  const { host, token } = viewer
  const { repository } = thread.pull
  const mayResolve = (): boolean =>
    allows(token, repository, 'contents', 'write') && allows(token, repository, 'pull-requests', 'write')
  return {
    typename: 'PullRequestReviewThread',
    interfaces: ['Node'],
    fields: {
      id: () => thread.id,
      isResolved: () => thread.resolvedBy !== null,
      isOutdated: () => currentPlace(thread).outdated,
      isCollapsed: () => thread.resolvedBy !== null || currentPlace(thread).outdated,
      viewerCanResolve: () => thread.resolvedBy === null && mayResolve(),
      viewerCanUnresolve: () => thread.resolvedBy !== null && mayResolve(),
      viewerCanReply: () => allows(token, repository, 'pull-requests', 'write') && !thread.pull.locked,
      resolvedBy: () => (thread.resolvedBy === null ? null : { ...actorObject(thread.resolvedBy), typename: 'User' }),
      path: () => thread.path,
      line: () => currentPlace(thread).line,
      startLine: () => currentPlace(thread).startLine,
      originalLine: () => thread.line,
      originalStartLine: () => thread.startLine,
      diffSide: () => thread.side,
      startDiffSide: () => thread.startSide,
      subjectType: () => thread.subject.toUpperCase(),
      comments: (args) =>
        connection('PullRequestReviewComment', threadComments(host.state, thread), args, (it) =>
          commentObject(viewer, it),
        ),
    },
  }
}

function commentObject(viewer: Viewer, comment: Comment): GraphObject {
  const { thread } = comment
  const page = `${viewer.host.htmlUrl}/${thread.pull.repository.fullName}/pull/${thread.pull.number}`
  return {
    typename: 'PullRequestReviewComment',
    interfaces: ['Node'],
    fields: {
      id: () => `PRRC_${comment.id}`,
      databaseId: () => comment.id,
      fullDatabaseId: () => `${comment.id}`,
      url: () => `${page}#discussion_r${comment.id}`,
      body: () => comment.body,
      author: () => actorObject(comment.author),
      authorAssociation: () => 'NONE',
      viewerDidAuthor: () => didAuthor(viewer, comment.author),
      viewerCanUpdate: () => comment.author === viewer.token.account,
      viewerCanDelete: () => comment.author === viewer.token.account,
      createdAt: () => comment.createdAt,
      updatedAt: () => comment.updatedAt,
      path: () => thread.path,
      outdated: () => currentPlace(thread).outdated,
      line: () => currentPlace(thread).line,
      startLine: () => currentPlace(thread).startLine,
      originalLine: () => thread.line,
      originalStartLine: () => thread.startLine,
      diffHunk: () => thread.diffHunk,
      isMinimized: () => false,
      state: () => (comment.review.state === 'PENDING' ? 'PENDING' : 'SUBMITTED'),
      commit: () => commitObject(thread.pull.headSha),
      originalCommit: () => commitObject(thread.commitId),
      pullRequestReview: () => reviewObject(viewer, comment.review),
      replyTo: () => {
        const parent = viewer.host.state.comments.find((it) => it.id === comment.inReplyTo)
        return parent === undefined ? null : commentObject(viewer, parent)
      },
    },
  }
}

const commitObject = (oid: string): GraphObject => ({
  typename: 'Commit',
  interfaces: ['GitObject', 'Node'],
  fields: { oid: () => oid, id: () => `O_${oid}` },
})

function reviewObject(viewer: Viewer, review: Review): GraphObject {
  const { pull } = review
  return {
    typename: 'PullRequestReview',
    interfaces: ['Node'],
    fields: {
      id: () => `PRR_${review.id}`,
      databaseId: () => review.id,
      fullDatabaseId: () => `${review.id}`,
      url: () =>
        `${viewer.host.htmlUrl}/${pull.repository.fullName}/pull/${pull.number}#pullrequestreview-${review.id}`,
      body: () => review.body,
      state: () => review.state,
      author: () => actorObject(review.author),
      viewerDidAuthor: () => didAuthor(viewer, review.author),
      createdAt: () => review.createdAt,
      submittedAt: () => review.submittedAt,
      commit: () => commitObject(review.commitId),
      comments: (args) =>
        connection(
          'PullRequestReviewComment',
          viewer.host.state.comments.filter((it) => it.review === review && !it.thread.hidden),
          args,
          (it) => commentObject(viewer, it),
        ),
    },
  }
}
