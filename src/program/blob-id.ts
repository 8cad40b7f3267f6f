// Content ids as git makes them: the hash of `blob <length>`, NUL and the bytes. Equal ids mean equal content, in git and outside of it,
// so a file read from a disk and the same file in a commit are recognised as one.
import { createHash } from 'node:crypto'

export type ObjectFormat = 'sha1' | 'sha256'

/** The id that git gives to these bytes. `format` is the repository's (source: gitformat-hash; SHA-1 unless it says otherwise). */
export function blobId(bytes: Uint8Array, format: ObjectFormat = 'sha1'): string {
  return createHash(format).update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')
}

/** A git blob id identifies its content for ever; any other id only within its reader, so the bytes are hashed. */
export function isContentId(id: string): boolean {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(id)
}

const HEX_DIGITS: Readonly<Record<ObjectFormat, number>> = { sha1: 40, sha256: 64 }

/** The format of an id, by its length. */
export function formatOf(id: string): ObjectFormat {
  return id.length === HEX_DIGITS.sha256 ? 'sha256' : 'sha1'
}
