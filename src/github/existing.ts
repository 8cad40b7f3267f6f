// The comments and reviews of ours that are on a pull request now. Ours means: written by this token's account AND ending in our marker;
// a marker alone can be planted by anybody, and an account is shared by all workflows of a repository.
// GraphQL knows what is resolved; REST, which does not, is the way out where GraphQL refuses or lacks a field.
import { array, boolean, nullish, number, object, string, type InferOutput } from 'valibot'
import { hasMarker } from '../publish/marker.ts'
import type { ExistingComment, ExistingReview, Outcome } from '../publish/model.ts'
import { refused, unexpected, type GitHubClient, type RepositoryName } from './client.ts'
import { Count, NullableText, Sha } from './shapes.ts'

export interface Existing {
  readonly comments: readonly ExistingComment[]
  readonly reviews: readonly ExistingReview[]
  readonly pendingReviewId: number | null
}

/** What the listing says besides: the head at that moment, if it was in the answer. */
export interface Listing extends Existing {
  readonly headSha: string | null
}

export interface PullName extends RepositoryName {
  readonly number: number
}

const Page = object({ hasNextPage: boolean(), endCursor: NullableText })
const Author = nullish(object({ type: string(), login: string() }), null)
const Comment = object({ fullDatabaseId: string(), body: string(), viewerDidAuthor: boolean(), author: Author })
const Thread = object({
  id: string(),
  isResolved: boolean(),
  isOutdated: boolean(),
  viewerCanResolve: boolean(),
  path: string(),
  line: nullish(number(), null),
  comments: object({ totalCount: Count, nodes: array(Comment) }),
})
const Review = object({
  fullDatabaseId: string(),
  body: string(),
  state: string(),
  submittedAt: NullableText,
  viewerDidAuthor: boolean(),
  author: Author,
})
const Answer = object({
  viewer: object({ login: string() }),
  repository: object({
    pullRequest: object({
      headRefOid: Sha,
      reviewThreads: nullish(object({ pageInfo: Page, nodes: array(Thread) }), null),
      reviews: nullish(object({ pageInfo: Page, nodes: array(Review) }), null),
    }),
  }),
})

// `fullDatabaseId` because `databaseId` is a 32-bit integer, which today's ids exceed
const QUERY = `query Existing($owner: String!, $repo: String!, $number: Int!, $threads: Boolean!, $reviews: Boolean!, $threadsAfter: String, $reviewsAfter: String) {
  viewer { login }
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) {
    headRefOid
    reviewThreads(first: 100, after: $threadsAfter) @include(if: $threads) {
      pageInfo { hasNextPage endCursor }
      nodes { id isResolved isOutdated viewerCanResolve path line
        comments(first: 1) { totalCount nodes { fullDatabaseId body viewerDidAuthor author { type: __typename login } } } } }
    reviews(first: 100, after: $reviewsAfter) @include(if: $reviews) {
      pageInfo { hasNextPage endCursor }
      nodes { fullDatabaseId body state submittedAt viewerDidAuthor author { type: __typename login } } }
  } }
}`

const MAX_PAGES = 50

/** Lists what is there, by GraphQL, else by REST. */
export async function readExisting(client: GitHubClient, pull: PullName): Promise<Outcome<Listing>> {
  const listing = await byGraphql(client, pull)
  if (listing.ok || listing.refusal.kind === 'rate-limited' || listing.refusal.status === 401) return listing
  return byRest(client, pull)
}

type Cursor = { readonly after: string | null; readonly done: boolean }

async function byGraphql(client: GitHubClient, { owner, repo, number: pull }: PullName): Promise<Outcome<Listing>> {
  const comments: ExistingComment[] = []
  const reviews: ReviewNode[] = []
  let login = ''
  let headSha = ''
  let threads: Cursor = { after: null, done: false }
  let said: Cursor = { after: null, done: false }
  for (let page = 0; page < MAX_PAGES && !(threads.done && said.done); page += 1) {
    const variables = {
      owner,
      repo,
      number: pull,
      threads: !threads.done,
      reviews: !said.done,
      threadsAfter: threads.after,
      reviewsAfter: said.after,
    }
    const outcome = await client.query(QUERY, variables, Answer)
    if (!outcome.ok) return outcome
    if (outcome.value.errors.length > 0)
      return refused(unexpected('POST /graphql', outcome.value.errors[0] ?? 'errors'))
    const { viewer, repository } = outcome.value.data
    login = viewer.login
    headSha = repository.pullRequest.headRefOid
    const next = [
      advance(threads, repository.pullRequest.reviewThreads?.pageInfo),
      advance(said, repository.pullRequest.reviews?.pageInfo),
    ]
    if (next[0] === undefined || next[1] === undefined)
      return refused(unexpected('POST /graphql', 'a page that points to itself'))
    threads = next[0]
    said = next[1]
    comments.push(...(repository.pullRequest.reviewThreads?.nodes ?? []).flatMap((thread) => ownComment(thread, login)))
    reviews.push(...(repository.pullRequest.reviews?.nodes ?? []))
  }
  if (!threads.done || !said.done) return refused(unexpected('POST /graphql', 'more pages than can be read'))
  return { ok: true, value: { comments, ...ownReviews(reviews, login), headSha } }
}

type PageInfo = InferOutput<typeof Page>
type ThreadNode = InferOutput<typeof Thread>
type ReviewNode = InferOutput<typeof Review>

/** undefined if the next page is this one again. */
function advance(cursor: Cursor, info: PageInfo | undefined): Cursor | undefined {
  if (cursor.done) return cursor
  if (info === undefined) return undefined
  if (!info.hasNextPage) return { after: cursor.after, done: true }
  return info.endCursor === null || info.endCursor === cursor.after
    ? undefined
    : { after: info.endCursor ?? null, done: false }
}

interface Authored {
  readonly viewerDidAuthor: boolean
  readonly author: { readonly type: string; readonly login: string } | null
}

/** `viewer.login` of a bot ends in `[bot]`, `author.login` does not; a person may have the bare name as login, so the type counts. */
function isOwn({ viewerDidAuthor, author }: Authored, login: string): boolean {
  if (viewerDidAuthor) return true
  return author !== null && (author.type === 'Bot' ? `${author.login}[bot]` : author.login) === login
}

function ownComment(thread: ThreadNode, login: string): ExistingComment[] {
  const [first] = thread.comments.nodes
  const id = Number(first?.fullDatabaseId)
  if (
    first === undefined ||
    !Number.isSafeInteger(id) ||
    !isOwn({ ...first, author: first.author ?? null }, login) ||
    !hasMarker(first.body)
  )
    return []
  return [
    {
      id,
      threadId: thread.id,
      body: first.body,
      path: thread.path,
      line: thread.line ?? null,
      outdated: thread.isOutdated,
      resolved: thread.isResolved,
      canResolve: thread.viewerCanResolve,
      replies: Math.max(0, thread.comments.totalCount - 1),
    },
  ]
}

function ownReviews(nodes: readonly ReviewNode[], login: string): Pick<Existing, 'reviews' | 'pendingReviewId'> {
  const own = nodes.filter((node) => isOwn({ ...node, author: node.author ?? null }, login))
  const pending = own.find(({ state }) => state === 'PENDING')
  const reviews = own
    .filter(({ state, body }) => state !== 'PENDING' && hasMarker(body))
    .map(({ fullDatabaseId, body, submittedAt }) => ({
      id: Number(fullDatabaseId),
      body,
      submittedAt: submittedAt ?? '',
    }))
    .filter(({ id }) => Number.isSafeInteger(id))
  return { reviews, pendingReviewId: pending === undefined ? null : Number(pending.fullDatabaseId) }
}

/** The account of GITHUB_TOKEN; REST has no question for the login of an installation token (`GET /user` refuses it). */
const WORKFLOW_BOT = 'github-actions[bot]'

const User = nullish(object({ login: string() }), null)
const RestComments = array(
  object({
    id: Count,
    body: string(),
    path: string(),
    line: nullish(number(), null),
    subject_type: nullish(string(), 'line'),
    in_reply_to_id: nullish(number(), null),
    user: User,
  }),
)
const RestReviews = array(
  object({ id: Count, body: nullish(string(), ''), state: string(), submitted_at: NullableText, user: User }),
)

async function byRest(client: GitHubClient, pull: PullName): Promise<Outcome<Listing>> {
  const comments = await allPages(client, 'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', pull, RestComments)
  if (!comments.ok) return comments
  const reviews = await allPages(client, 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', pull, RestReviews)
  if (!reviews.ok) return reviews
  const own = reviews.value.filter(({ user }) => user?.login === WORKFLOW_BOT)
  const replies = (id: number): number => comments.value.filter((it) => it.in_reply_to_id === id).length
  return {
    ok: true,
    value: {
      headSha: null,
      comments: comments.value
        .filter(
          ({ user, body, in_reply_to_id: parent }) =>
            user?.login === WORKFLOW_BOT && parent === null && hasMarker(body),
        )
        .map(({ id, body, path, line, subject_type: subject }) => ({
          id,
          threadId: null,
          body,
          path,
          line: line ?? null,
          outdated: line === null && subject !== 'file',
          resolved: false,
          canResolve: false,
          replies: replies(id),
        })),
      reviews: own
        .filter(({ state, body }) => state !== 'PENDING' && hasMarker(body ?? ''))
        .map(({ id, body, submitted_at: submittedAt }) => ({ id, body: body ?? '', submittedAt: submittedAt ?? '' })),
      pendingReviewId: own.find(({ state }) => state === 'PENDING')?.id ?? null,
    },
  }
}

type ListShape = typeof RestComments | typeof RestReviews

async function allPages<S extends ListShape>(
  client: GitHubClient,
  route: string,
  { owner, repo, number: pull }: PullName,
  shape: S,
): Promise<Outcome<InferOutput<S>>> {
  const items = new Map<number, InferOutput<S>[number]>()
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const outcome = await client.get(route, { owner, repo, pull_number: pull, per_page: 100, page }, shape)
    if (!outcome.ok) return outcome
    const fresh = outcome.value.filter(({ id }) => !items.has(id))
    // an empty page is the end; one that only repeats what is known would never end
    if (outcome.value.length === 0) return { ok: true, value: [...items.values()] as InferOutput<S> }
    if (fresh.length === 0) return refused(unexpected(route, 'a page that repeats an earlier one'))
    for (const item of fresh) items.set(item.id, item)
    if (outcome.value.length < 30) return { ok: true, value: [...items.values()] as InferOutput<S> }
  }
  return refused(unexpected(route, 'more pages than can be read'))
}
