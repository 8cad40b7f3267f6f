// Git's own formats, written by us: objects, and the packs in which they reach a repository (gitformat-pack in git's documentation). A
// process of git for every commit and every read costs more than everything else that the embedded server does.
// Must stay true: the same bytes give the same ids as git; a test lets git make the same commits and compares.
import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag'

export interface GitObject {
  readonly type: ObjectType
  readonly content: Buffer
}

export type FileMode = '100644' | '100755' | '120000' | '160000'
export const TREE_MODE = '40000'

/** An entry of a tree. */
export interface Entry {
  readonly mode: FileMode | typeof TREE_MODE
  readonly id: string
}

/** Entries of one tree by name; names are bytes, each as one character (latin1). */
export type Tree = ReadonlyMap<string, Entry>

export const isTree = ({ mode }: Entry): boolean => mode === TREE_MODE
export const treeEntry = (id: string): Entry => ({ mode: TREE_MODE, id })

/** The tree of a commit: git writes it first. */
export const treeOf = ({ content }: GitObject): string => content.toString('latin1', 5, 45)

export function objectId({ type, content }: GitObject): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex')
}

export function readTree(content: Buffer): Tree {
  const entries = new Map<string, Entry>()
  for (let at = 0; at < content.length; ) {
    const [space, end] = [content.indexOf(0x20, at), content.indexOf(0, at)]
    const mode = content.toString('latin1', at, space) as Entry['mode']
    entries.set(content.toString('latin1', space + 1, end), { mode, id: content.toString('hex', end + 1, end + 21) })
    at = end + 21
  }
  return entries
}

/** In git's order: by bytes, a tree as if its name ended with a slash. */
export function writeTree(tree: Tree): Buffer {
  const ordered = [...tree]
    .map(([name, entry]) => ({ name, entry, key: isTree(entry) ? `${name}/` : name }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  return Buffer.concat(
    ordered.flatMap(({ name, entry }) => [
      Buffer.from(`${entry.mode} ${name}\0`, 'latin1'),
      Buffer.from(entry.id, 'hex'),
    ]),
  )
}

/** The first and the last of the lone surrogates that stand for the bytes 80 to FF, as in Python's `surrogateescape`. */
const FIRST_ESCAPED_BYTE = 0xdc80
const LAST_ESCAPED_BYTE = 0xdcff

/** A path as bytes, each as one character. A lone surrogate U+DC80 to U+DCFF stands for one byte that is not UTF-8. */
export function pathBytes(path: string): string {
  let bytes = ''
  for (const character of path) {
    const code = character.codePointAt(0) ?? 0
    const escaped = code >= FIRST_ESCAPED_BYTE && code <= LAST_ESCAPED_BYTE
    bytes += escaped ? String.fromCharCode(code - 0xdc00) : Buffer.from(character).toString('latin1')
  }
  return bytes
}

/** The two files of a pack: objects one after the other, and where each begins. */
export interface Pack {
  readonly name: string
  readonly pack: Buffer
  readonly index: Buffer
}

const PACK_TYPES: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 }

/** A pack of version 2 without deltas, with an index of version 2. Less than 2 GB: longer offsets are another table. */
export function writePack(objects: ReadonlyMap<string, GitObject>): Pack {
  const parts: Buffer[] = [Buffer.from('PACK'), words([2, objects.size])]
  const places = new Map<string, { readonly offset: number; readonly crc: number }>()
  let offset = 12
  for (const [id, { type, content }] of objects) {
    const packed = Buffer.concat([entryHeader(PACK_TYPES[type], content.length), deflateSync(content, { level: 1 })])
    places.set(id, { offset, crc: crc32(packed) })
    parts.push(packed)
    offset += packed.length
  }
  const pack = summed(parts)
  const ordered = [...places].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const before = (first: number): number =>
    ordered.filter(([id]) => Number.parseInt(id.slice(0, 2), 16) <= first).length
  const index = summed([
    Buffer.from('\xfftOc', 'latin1'),
    words([2, ...Array.from({ length: 256 }, (_, first) => before(first))]),
    Buffer.from(ordered.map(([id]) => id).join(''), 'hex'),
    words(ordered.map(([, { crc }]) => crc)),
    words(ordered.map(([, place]) => place.offset)),
    pack.subarray(-20),
  ])
  return { name: `pack-${pack.toString('hex', pack.length - 20)}`, pack, index }
}

/** Type and length: four bits of the length beside the type, then seven a byte, lowest first. */
function entryHeader(type: number, length: number): Buffer {
  const bytes = [(type << 4) | (length & 15)]
  for (let rest = Math.floor(length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 128, rest & 127)
  }
  return Buffer.from(bytes)
}

function words(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4)
  for (const [at, number] of numbers.entries()) bytes.writeUInt32BE(number, at * 4)
  return bytes
}

function summed(parts: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(parts)
  return Buffer.concat([bytes, createHash('sha1').update(bytes).digest()])
}
