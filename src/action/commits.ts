// The commits of one review, opened through the API: head, the base that it is compared with (the merge base), and the commit whose
// configuration is the policy (the tip of the base branch: the author chooses the merge base and must not choose the policy).
import type { ChangeSet } from '../diff/model.ts'
import { createBlobStore, type BlobStore } from '../github/blobs.ts'
import { readChangeSet } from '../github/changes.ts'
import type { GitHubClient, RepositoryName } from '../github/client.ts'
import { openCommit, withCompanions, type CommitReader } from '../github/commit.ts'
import { readFiles, type FileList } from '../github/files.ts'
import { readMergeBase, readPullRequest } from '../github/pull-request.ts'
import type { Outcome } from '../publish/model.ts'
import type { ReviewRequest } from './event.ts'

export interface Commits {
  readonly head: CommitReader
  /** null: the whole tree is reviewed */
  readonly base: CommitReader | null
  /** where the policy is read; null: at the head */
  readonly policy: CommitReader | null
  /** the list of the pull request's files; null without one */
  readonly listed: FileList | null
}

interface Opening {
  readonly client: GitHubClient
  readonly repository: RepositoryName
  readonly store: BlobStore
}

/** Small files that are read with the first request, because a comparison asks for all of them. */
const FIRST_READ = 100
const FIRST_READ_BYTES = 500_000

/** `named`: paths of configuration files that are read right away. */
export async function openCommits(
  client: GitHubClient,
  request: ReviewRequest,
  named: readonly string[],
): Promise<Outcome<Commits>> {
  const repository = { owner: request.owner, repo: request.repo }
  const opening = { client, repository, store: createBlobStore(client, repository) }
  const compared = await comparedWith(opening, request)
  if (!compared.ok) return compared
  const { mergeBase, tip } = compared.value
  const [head, base, policy] = await Promise.all([
    open(opening, request.head),
    mergeBase === null ? null : open(opening, mergeBase),
    tip === null || tip === mergeBase ? null : open(opening, tip),
  ])
  if (!head.ok) return head
  if (base !== null && !base.ok) return base
  if (policy !== null && !policy.ok) return policy
  const commits = { head: head.value, base: base?.value ?? null, policy: policy?.value ?? base?.value ?? null }
  const listed = await listFiles(opening, request)
  if (!listed.ok) return listed
  await readFirst(opening.store, commits, named)
  return { ok: true, value: { ...commits, listed: listed.value } }
}

const open = ({ client, repository, store }: Opening, sha: string): Promise<Outcome<CommitReader>> =>
  openCommit(client, repository, store, sha)

interface Compared {
  readonly mergeBase: string | null
  readonly tip: string | null
}

async function comparedWith(
  { client, repository }: Opening,
  { kind, head, base }: ReviewRequest,
): Promise<Outcome<Compared>> {
  if (base === null) return { ok: true, value: { mergeBase: null, tip: null } }
  // a queue's base is what its head was built on
  if (kind === 'merge-group') return { ok: true, value: { mergeBase: base, tip: base } }
  const outcome = await readMergeBase(client, repository, base, head)
  if (outcome.ok) return { ok: true, value: { mergeBase: outcome.value, tip: base } }
  const gone = outcome.refusal.kind === 'not-found'
  // after a force-push the commit before it may be unreadable: then there is nothing to compare with
  if (gone && kind === 'push') return { ok: true, value: { mergeBase: null, tip: null } }
  if (!gone) return outcome
  const message = `no merge base of ${base.slice(0, 10)} and ${head.slice(0, 10)}, or no access to them: ${outcome.refusal.message}`
  return { ok: false, refusal: { ...outcome.refusal, message } }
}

async function listFiles({ client, repository }: Opening, { pull }: ReviewRequest): Promise<Outcome<FileList | null>> {
  if (pull === null) return { ok: true, value: null }
  let expected = pull.changedFiles
  if (expected === null) {
    const facts = await readPullRequest(client, repository, pull.number)
    if (!facts.ok) return facts
    expected = facts.value.changedFiles
  }
  return { ok: true, value: await readFiles(client, repository, pull.number, expected) }
}

/** Both sides of what changed, and the files of the policy, in as few requests as possible. */
async function readFirst(
  store: BlobStore,
  { head, base, policy }: Omit<Commits, 'listed'>,
  named: readonly string[],
): Promise<void> {
  const before = new Map((base ?? head).python.map((file) => [file.path, file]))
  const changed = head.python.filter((file) => before.get(file.path)?.id !== file.id).slice(0, FIRST_READ)
  const sides = changed.flatMap((file) => [file, before.get(file.path) ?? file])
  const settings = [head, policy ?? head].flatMap((reader) => named.flatMap((path) => reader.entry(path) ?? []))
  const files = settings.filter(({ kind }) => kind === 'file')
  const wanted = [...files, ...sides].filter(({ size }) => size <= FIRST_READ_BYTES)
  if (wanted.length > 0) await store.read(withCompanions(wanted, changed, head.python, store))
}

/** The change in terms of placement; null without a base. */
export async function readChanges({ head, base, listed }: Commits): Promise<ChangeSet | null> {
  return base === null ? null : readChangeSet({ head, base, listed })
}
