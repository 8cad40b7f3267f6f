// The bytes of a pack: a mark, then records of a header (lengths, checksum, encoding), the id and the value. Lengths come first so that an
// index costs one step per record; the checksum covers id and value and is only looked at when the value is wanted.
// Must stay true: any bytes can be indexed without an error, and a record that is not exactly what was written yields nothing.
import { crc32 } from 'node:zlib'

export const PACK_MAGIC: Buffer = Buffer.from('PGIRPACK1\n', 'latin1')

/** id length, value length and checksum as 32-bit little-endian numbers, then one byte for the encoding. */
const HEADER_BYTES = 13
const MAX_ID_BYTES = 1024

/** One record as it stands in a pack. */
export interface PackEntry {
  readonly record: Buffer
}

/** UTF-8 cannot hold a lone surrogate, which Python text in a string constant may have. */
const ENCODINGS = ['utf8', 'utf16le'] as const

export function encodeEntry(id: string, value: string): Buffer {
  const code = /\p{Surrogate}/u.test(value) ? 1 : 0
  const body = Buffer.concat([Buffer.from(id, 'utf8'), Buffer.from(value, ENCODINGS[code])])
  const idBytes = Buffer.byteLength(id, 'utf8')
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(idBytes, 0)
  header.writeUInt32LE(body.length - idBytes, 4)
  header.writeUInt32LE(crc32(body), 8)
  header.writeUInt8(code, 12)
  return Buffer.concat([header, body])
}

/** The records of a pack by id. Stops where the bytes make no sense; what was read until there is kept. */
export function indexPack(pack: Buffer): ReadonlyMap<string, PackEntry> {
  const entries = new Map<string, PackEntry>()
  if (!pack.subarray(0, PACK_MAGIC.length).equals(PACK_MAGIC)) return entries
  let at = PACK_MAGIC.length
  while (at + HEADER_BYTES <= pack.length) {
    const idBytes = pack.readUInt32LE(at)
    const end = at + HEADER_BYTES + idBytes + pack.readUInt32LE(at + 4)
    if (idBytes > MAX_ID_BYTES || end > pack.length) break
    const id = pack.toString('utf8', at + HEADER_BYTES, at + HEADER_BYTES + idBytes)
    entries.set(id, { record: pack.subarray(at, end) })
    at = end
  }
  return entries
}

/** The value of a record, or null if it is damaged. */
export function entryValue(id: string, entry: PackEntry): string | null {
  const value = intact(id, entry)
  return value === null ? null : value.bytes.toString(value.encoding)
}

/** A value in two parts, each made when it is asked for. */
export interface CutValue {
  /** up to the first line break */
  readonly first: () => string
  /** what follows it */
  readonly rest: () => string
}

/** The value of a record that has more than one line; null if it has not, or is damaged. */
export function entryCut(id: string, entry: PackEntry): CutValue | null {
  const value = intact(id, entry)
  if (value === null) return null
  const { bytes, encoding } = value
  const at = bytes.indexOf('\n', 0, encoding)
  const width = encoding === 'utf8' ? 1 : 2
  // in two-byte units, half of one and half of the next may look like a line break
  if (at >= 0 && at % width === 0)
    return { first: () => bytes.toString(encoding, 0, at), rest: () => bytes.toString(encoding, at + width) }
  return cutText(bytes.toString(encoding))
}

/** A text cut in two; null if it is one line. */
export function cutText(text: string): CutValue | null {
  const at = text.indexOf('\n')
  return at < 0 ? null : { first: () => text.slice(0, at), rest: () => text.slice(at + 1) }
}

interface Intact {
  readonly bytes: Buffer
  readonly encoding: (typeof ENCODINGS)[number]
}

/** The bytes of a value that is exactly what was written under this id. */
function intact(id: string, { record }: PackEntry): Intact | null {
  const encoding = ENCODINGS[record.readUInt8(12)]
  const body = record.subarray(HEADER_BYTES)
  if (encoding === undefined || crc32(body) !== record.readUInt32LE(8)) return null
  const idBytes = record.readUInt32LE(0)
  return body.toString('utf8', 0, idBytes) === id ? { bytes: body.subarray(idBytes), encoding } : null
}
