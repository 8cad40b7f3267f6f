// The mutations: resolving threads, which needs `contents: write` besides `pull-requests: write` (github/gh-aw#35726), and
// addPullRequestReviewThread, which accepts anchors outside the diff and never shows them (dcdpr/jp#857).
import { addReview, addThread } from './reviews.ts'
import { allows } from './rights.ts'
import { judgeAnchor, type AnchorRequest } from './rules422.ts'
import { NOT_ACCESSIBLE, queryRoot, threadObject, type Viewer } from './graphql-objects.ts'
import { executeGraphql, refuse, type Arguments, type GraphObject } from './graphql.ts'
import { isRecord } from './shapes.ts'
import { json, refusal, type Reply } from './replies.ts'

/** The answer of `POST /graphql`. */
export function graphqlReply(viewer: Viewer, body: unknown): Reply {
  if (!isRecord(body) || typeof body['query'] !== 'string')
    return refusal(400, 'A query attribute must be specified and must be a string.')
  const variables = isRecord(body['variables']) ? body['variables'] : {}
  const roots = { query: queryRoot(viewer), mutation: mutationRoot(viewer) }
  const { violations } = viewer.host.state
  const { missingFields: missing } = viewer.host.dialect
  const onViolation = (what: string): void => void violations.push(what)
  return json(executeGraphql({ query: body['query'], variables, roots, missing, onViolation }))
}

function mutationRoot(viewer: Viewer): GraphObject {
  return {
    typename: 'Mutation',
    fields: {
      resolveReviewThread: ({ input }) => setResolved(viewer, input as Arguments, true),
      unresolveReviewThread: ({ input }) => setResolved(viewer, input as Arguments, false),
      addPullRequestReviewThread: ({ input }) => openThread(viewer, input as Arguments),
    },
  }
}

function setResolved(viewer: Viewer, input: Arguments, resolved: boolean): unknown {
  const thread = viewer.host.state.threads.find((it) => it.id === input['threadId'])
  if (thread === undefined)
    return refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${String(input['threadId'])}'.`)
  const { repository } = thread.pull
  const allowed =
    allows(viewer.token, repository, 'contents', 'write') && allows(viewer.token, repository, 'pull-requests', 'write')
  if (!allowed) return NOT_ACCESSIBLE()
  thread.resolvedBy = resolved ? viewer.token.account : null
  return payload('ResolveReviewThreadPayload', input, () => threadObject(viewer, thread))
}

function payload(typename: string, input: Arguments, thread: () => GraphObject): GraphObject {
  return { typename, fields: { thread, clientMutationId: () => input['clientMutationId'] ?? null } }
}

function openThread(viewer: Viewer, input: Arguments): unknown {
  const { host, token } = viewer
  const pull = host.state.pulls.find((it) => `PR_${it.id}` === input['pullRequestId'])
  if (pull === undefined)
    return refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${String(input['pullRequestId'])}'.`)
  if (!allows(token, pull.repository, 'pull-requests', 'write')) return NOT_ACCESSIBLE()
  const anchor: AnchorRequest = {
    path: String(input['path']),
    subject: input['subjectType'] === 'FILE' ? 'file' : 'line',
    side: input['side'] === 'LEFT' ? 'LEFT' : 'RIGHT',
    line: typeof input['line'] === 'number' ? input['line'] : null,
    startLine: typeof input['startLine'] === 'number' ? input['startLine'] : null,
    startSide: null,
  }
  const judged = judgeAnchor(pull, pull.headSha, anchor)
  const hidden = judged.kind === 'refused'
  const diffHunk = hidden ? '' : judged.diffHunk
  const author = token.account
  const draft = host.state.reviews.find((it) => it.pull === pull && it.state === 'PENDING' && it.author === author)
  const review = draft ?? addReview(host, { pull, author, body: '', state: 'PENDING', commitId: pull.headSha })
  const { thread } = addThread(host, { review, anchor, diffHunk, body: String(input['body']), hidden })
  return payload('AddPullRequestReviewThreadPayload', input, () => threadObject(viewer, thread))
}
