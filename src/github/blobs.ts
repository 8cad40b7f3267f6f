// File contents by object id. Every content proves itself: SHA-1 of "blob <length>\0" and the bytes has to be the id, which catches cut
// bodies and re-encoded text alike. GraphQL reads many at once; what it cannot give whole comes raw over REST, one by one.
// Must stay true: bytes that do not fit their id are never handed out.
import { boolean, nullable, nullish, object, record, string } from 'valibot'
import { blobId } from '../program/blob-id.ts'
import type { UnreadableFile } from '../program/model.ts'
import type { Refusal } from '../publish/model.ts'
import { readArchive, type ArchiveRequest } from './archive.ts'
import type { GitHubClient, RepositoryName } from './client.ts'

export interface BlobRef {
  readonly id: string
  readonly size: number
}

export interface BlobStore {
  /** Contents by id, each id once; kept, so that base and head share what they have in common. */
  readonly read: (wanted: readonly BlobRef[]) => Promise<ReadonlyMap<string, Uint8Array | UnreadableFile>>
  /** whether the content is there, or on its way */
  readonly has: (id: string) => boolean
  /** Says that most of this commit's files are what is read, so that one archive may bring them. */
  readonly offer: (archive: ArchiveRequest) => void
}

/** Contents that one read asks for from which on an archive is worth its bytes: as many take eight queries. */
const ARCHIVE_FROM = 400

/** Objects per query (a query has to end within 10 s on the server). */
export const BATCH_OBJECTS = 50
/** Bytes per query. */
const BATCH_BYTES = 3_000_000
/** Larger texts are cut in GraphQL answers (`isTruncated`); they are asked for raw at once. */
const GRAPHQL_TEXT = 500_000

type Content = Uint8Array | UnreadableFile

export function createBlobStore(client: GitHubClient, repository: RepositoryName): BlobStore {
  const contents = new Map<string, Promise<Content>>()
  const archives: ArchiveRequest[] = []
  /** Fills in what an offered archive has; each is fetched once at most. */
  const fetchArchives = async (missing: readonly BlobRef[]): Promise<void> => {
    for (const archive of archives.splice(0)) {
      const open = missing.filter(({ id }) => archive.wanted.has(id) && !contents.has(id))
      if (open.length < ARCHIVE_FROM) archives.push(archive)
      else
        for (const [id, bytes] of await readArchive(client, repository, archive))
          if (!contents.has(id)) contents.set(id, Promise.resolve(bytes))
    }
  }
  const start = (batch: readonly BlobRef[]): void => {
    const texts =
      batch.length > 1 ? readTexts(client, repository, batch) : Promise.resolve(new Map<string, Uint8Array>())
    for (const { id } of batch)
      contents.set(
        id,
        texts.then((found) => found.get(id) ?? readRaw(client, repository, id)),
      )
  }
  return {
    has: (id) => contents.has(id),
    offer: (archive) => void archives.push(archive),
    read: async (wanted) => {
      const missing = new Map(wanted.filter(({ id }) => !contents.has(id)).map((it) => [it.id, it]))
      if (missing.size >= ARCHIVE_FROM) await fetchArchives([...missing.values()])
      for (const batch of batchesOf(wanted.filter(({ id }) => !contents.has(id)))) start(batch)
      const answers = new Map<string, Content>()
      for (const { id } of wanted)
        answers.set(id, (await contents.get(id)) ?? unreadable('missing-file', id, 'not asked for'))
      return answers
    },
  }
}

/** Small blobs together, large ones alone (a batch of one is read raw). */
function batchesOf(wanted: readonly BlobRef[]): BlobRef[][] {
  const batches: BlobRef[][] = []
  let open: BlobRef[] = []
  let bytes = 0
  for (const blob of new Map(wanted.map((it) => [it.id, it])).values()) {
    if (blob.size > GRAPHQL_TEXT) {
      batches.push([blob])
      continue
    }
    if (open.length >= BATCH_OBJECTS || bytes + blob.size > BATCH_BYTES) {
      batches.push(open)
      open = []
      bytes = 0
    }
    open.push(blob)
    bytes += blob.size
  }
  return open.length > 0 ? [...batches, open] : batches
}

const Texts = object({
  repository: record(
    string(),
    nullable(object({ isTruncated: nullish(boolean(), true), text: nullish(string(), null) })),
  ),
})

/** What GraphQL gives whole and unharmed; anything else is simply not in the answer. */
async function readTexts(
  client: GitHubClient,
  repository: RepositoryName,
  batch: readonly BlobRef[],
): Promise<Map<string, Uint8Array>> {
  const fields = batch.map(({ id }, at) => `b${at}: object(expression: "${id}") { ... on Blob { isTruncated text } }`)
  const query = `query Blobs($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { ${fields.join(' ')} } }`
  const outcome = await client.query(query, { ...repository }, Texts)
  const found = new Map<string, Uint8Array>()
  if (!outcome.ok) return found
  for (const [at, { id }] of batch.entries()) {
    const blob = outcome.value.data.repository[`b${at}`]
    if (blob === undefined || blob === null || (blob.isTruncated ?? true) || blob.text === null) continue
    const bytes = new TextEncoder().encode(blob.text)
    if (blobId(bytes) === id) found.set(id, bytes)
  }
  return found
}

const ROUTE = 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}'

async function readRaw(client: GitHubClient, repository: RepositoryName, id: string): Promise<Content> {
  for (const attempt of ['first', 'last']) {
    const outcome = await client.raw(ROUTE, { ...repository, file_sha: id })
    if (!outcome.ok) return failed(id, outcome.refusal)
    if (blobId(outcome.value) === id) return outcome.value
    const plain = fromJson(outcome.value)
    if (plain !== null && blobId(plain) === id) return plain
    if (attempt === 'last') break
  }
  return unreadable('unreadable', id, 'the content that was sent is not the one that was asked for')
}

function failed(id: string, { kind, message }: Refusal): UnreadableFile {
  return unreadable(kind === 'not-found' || kind === 'gone' ? 'missing-file' : 'unreadable', id, message)
}

function unreadable(reason: UnreadableFile['reason'], id: string, message: string): UnreadableFile {
  return { reason, message: `blob ${id.slice(0, 10)}: ${message}` }
}

/** A server that does not know the raw media type answers with Base64 in JSON. */
function fromJson(bytes: Uint8Array): Uint8Array | null {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof body !== 'object' || body === null || !('content' in body) || typeof body.content !== 'string')
      return null
    return new Uint8Array(Buffer.from(body.content, 'base64'))
  } catch {
    return null
  }
}
