// The port of publishing, over REST and GraphQL. Every method is one decision's worth of requests; nothing is sent again, nothing is
// decided here. Writing review comments: commit pinned, side RIGHT, always the event COMMENT (never a draft, approval or request).
import { nullish, object, string, unknown } from 'valibot'
import type { DraftComment, Outcome, ReviewGateway } from '../publish/model.ts'
import { hunkOf } from '../diff/anchors.ts'
import type { Hunk } from '../diff/model.ts'
import { parsePatch } from '../diff/patch.ts'
import { createCheckRun } from './checks.ts'
import { refused, unexpected, type GitHubClient } from './client.ts'
import { readExisting, type PullName } from './existing.ts'
import { readFiles } from './files.ts'
import { readPullRequest } from './pull-request.ts'
import { WithId } from './shapes.ts'

const REVIEWS = '/repos/{owner}/{repo}/pulls/{pull_number}/reviews'
const COMMENTS = '/repos/{owner}/{repo}/pulls/{pull_number}/comments'
const RESOLVE = `mutation Resolve($threadId: ID!) { resolveReviewThread(input: { threadId: $threadId }) { thread { id } } }`
const Resolved = object({
  resolveReviewThread: nullish(object({ thread: nullish(object({ id: string() }), null) }), null),
})

/** A head that was read together with the listing may stand for one question this much later, in milliseconds. */
const FRESH = 2000

/** `headSha` is the analysed commit: every comment is made on it. */
export function createReviewGateway(client: GitHubClient, pull: PullName, headSha: string): ReviewGateway {
  const repository = { owner: pull.owner, repo: pull.repo }
  const at = { ...repository, pull_number: pull.number }
  let seen: { readonly sha: string; readonly time: number } | null = null

  return {
    headSha: async () => {
      const known = seen
      seen = null
      if (known !== null && client.clock.now() - known.time <= FRESH) return { ok: true, value: known.sha }
      const outcome = await readPullRequest(client, repository, pull.number)
      return outcome.ok ? { ok: true, value: outcome.value.headSha } : outcome
    },
    existing: async () => {
      const outcome = await readExisting(client, pull)
      if (!outcome.ok) return outcome
      const { headSha: sha, ...existing } = outcome.value
      seen = sha === null ? null : { sha, time: client.clock.now() }
      return { ok: true, value: existing }
    },
    stillShown: async (placements) => shownPlaces(client, pull, placements),
    createReview: async (body, comments) =>
      client.write(
        `POST ${REVIEWS}`,
        { ...at, commit_id: headSha, event: 'COMMENT', body, comments: comments.map(lineComment) },
        WithId,
      ),
    createComment: async (comment) =>
      client.write(
        `POST ${COMMENTS}`,
        {
          ...at,
          commit_id: headSha,
          ...(comment.placement.kind === 'file' ? fileComment(comment) : lineComment(comment)),
        },
        WithId,
      ),
    updateComment: async (id, body) =>
      done(
        await client.write(
          'PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}',
          { ...repository, comment_id: id, body },
          WithId,
        ),
      ),
    updateReview: async (id, body) =>
      done(await client.write(`PUT ${REVIEWS}/{review_id}`, { ...at, review_id: id, body }, WithId)),
    deleteComment: async (id) =>
      done(
        await client.write(
          'DELETE /repos/{owner}/{repo}/pulls/comments/{comment_id}',
          { ...repository, comment_id: id },
          unknown(),
        ),
      ),
    deletePendingReview: async (id) =>
      done(await client.write(`DELETE ${REVIEWS}/{review_id}`, { ...at, review_id: id }, unknown())),
    resolveThread: async (threadId) => {
      const outcome = await client.mutate(RESOLVE, { threadId }, Resolved)
      if (!outcome.ok) return outcome
      const [error] = outcome.value.errors
      if (error === undefined) return { ok: true, value: null }
      return error.startsWith('FORBIDDEN')
        ? refused({ kind: 'forbidden', status: 200, message: `POST /graphql: ${error}` })
        : refused(unexpected('POST /graphql', error))
    },
    createCheckRun: async (draft) => createCheckRun(client, repository, draft),
  }
}

/** A list that cannot be read whole, and a file without a patch, say nothing about a place. */
async function shownPlaces(
  client: GitHubClient,
  { number, ...repository }: PullName,
  placements: readonly DraftComment['placement'][],
): Promise<Outcome<readonly boolean[]>> {
  const facts = await readPullRequest(client, repository, number)
  if (!facts.ok) return facts
  const { files, problem } = await readFiles(client, repository, number, facts.value.changedFiles)
  const patches = new Map(files.map(({ path, patch }) => [path, patch]))
  return {
    ok: true,
    value: placements.map((placement) => {
      const patch = patches.get(placement.path)
      if (patch === undefined) return problem !== null
      const hunks = patch === null ? null : parsePatch(patch)
      return hunks === null || isShown(hunks, placement)
    }),
  }
}

function isShown(hunks: readonly Hunk[], placement: DraftComment['placement']): boolean {
  if (placement.kind === 'file') return true
  const hunk = hunkOf(hunks, placement.line)
  return hunk !== null && (placement.kind === 'line' || hunkOf(hunks, placement.startLine) === hunk)
}

/** `start_line` only if it is smaller than `line`: equal lines are refused. */
function lineComment({ placement, body }: DraftComment): object {
  if (placement.kind === 'file') throw new Error('a comment on a whole file cannot be part of a review')
  const range =
    placement.kind === 'range' && placement.startLine < placement.line
      ? { start_line: placement.startLine, start_side: 'RIGHT' }
      : {}
  return { path: placement.path, body, line: placement.line, side: 'RIGHT', ...range }
}

const fileComment = ({ placement, body }: DraftComment): object => ({
  path: placement.path,
  body,
  subject_type: 'file',
})

function done<T>(outcome: Outcome<T>): Outcome<null> {
  return outcome.ok ? { ok: true, value: null } : outcome
}
