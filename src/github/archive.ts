// The archive of one commit as mere transport: where most of a tree has to be read, one request brings what would take dozens. It decides
// nothing: `export-ignore` can hide files from it and `export-subst` can change them, so every content is taken by its hash alone and
// whatever is missing is read as ever.
// Must stay true: memory is bounded before a byte is unpacked, and a damaged archive is only a slower way to the same contents.
import { gunzipSync } from 'node:zlib'
import { blobId } from '../program/blob-id.ts'
import type { GitHubClient, RepositoryName } from './client.ts'

const ROUTE = 'GET /repos/{owner}/{repo}/tarball/{ref}'
const BLOCK = 512

export interface ArchiveRequest {
  readonly commit: string
  /** ids of the contents that may be needed */
  readonly wanted: ReadonlySet<string>
  /** what the listing says the whole tree has: files and bytes */
  readonly entries: number
  readonly bytes: number
}

/** Contents by id, only those that are wanted; empty if the host does not give the archive. */
export async function readArchive(
  client: GitHubClient,
  repository: RepositoryName,
  request: ArchiveRequest,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const outcome = await client.raw(ROUTE, { ...repository, ref: request.commit }, 'once')
  if (!outcome.ok) return new Map()
  // each entry has at most a header, an extended header with its block, and padding; two blocks end the archive
  const most = request.bytes + (request.entries + 4) * 5 * BLOCK
  const tar = unpacked(outcome.value, most)
  return tar === null ? new Map() : wantedFiles(tar, request.wanted)
}

function unpacked(bytes: Uint8Array, most: number): Uint8Array | null {
  try {
    return gunzipSync(bytes, { maxOutputLength: most })
  } catch {
    return null
  }
}

/** POSIX pax format (IEEE Std 1003.1, pax): headers of 512 bytes, size as octal text at 124, type at 156. Names do not matter here. */
function wantedFiles(tar: Uint8Array, wanted: ReadonlySet<string>): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const size = octal(tar.subarray(at + 124, at + 136))
    const type = tar[at + 156]
    if (size === null || at + BLOCK + size > tar.length) break
    const content = tar.subarray(at + BLOCK, at + BLOCK + size)
    if (type === REGULAR || type === 0) {
      const id = blobId(content)
      // a copy: a view would keep the whole archive in memory
      if (size > 0 && wanted.has(id) && !found.has(id)) found.set(id, content.slice())
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return found
}

/** '0' */
const REGULAR = 48

/** null for a field that is no number: the archive is damaged, or its end is reached. */
function octal(field: Uint8Array): number | null {
  const text = new TextDecoder()
    .decode(field)
    .replace(/[\0 ]+$/, '')
    .trim()
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : null
}
