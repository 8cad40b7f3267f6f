// The working tree of a repository: tracked files as they are on the disk, and untracked ones that nothing ignores. Bytes are read from
// the disk and hashed here, so no filter of the repository runs and an index that is out of date cannot hide a change.
// A tracked file whose bytes differ from the index only in CRLF line ends is the file of the index: that is what `core.autocrlf` leaves.
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { blobId, formatOf } from '../program/blob-id.ts'
import { folderOf, isMark } from '../program/marks.ts'
import type { FileEntry, Link, SourceReader, UnreadableFile } from '../program/model.ts'
import { isDirectory, readFileIn, systemPath, unreadableId } from './directory.ts'
import type { GitObjects } from './git-objects.ts'
import { gitOutput, splitNul } from './git-process.ts'
import { isLeftOut, isRegular } from './git-tree.ts'
import { byPath, notListed } from './memory.ts'
import { isPython, nameText } from './paths.ts'
import { entryAt } from './policy-file.ts'

/** How to get at a listed file: from the disk as it is, from the disk with LF for CRLF, or from the index (a sparse checkout leaves it out). */
type Way = 'disk' | 'lf' | 'index'

interface Listed {
  readonly entry: FileEntry
  readonly way: Way
}

export function workTreeReader(directory: string, objects: GitObjects): SourceReader {
  let listing: Promise<ReadonlyMap<string, Listed>> | null = null
  const listed = (): Promise<ReadonlyMap<string, Listed>> => (listing ??= listWorkTree(directory))
  const read = async (entries: readonly FileEntry[]): Promise<ReadonlyMap<string, Uint8Array | UnreadableFile>> => {
    const known = await listed()
    const found = new Map<string, Uint8Array | UnreadableFile>()
    const stored: FileEntry[] = []
    for (const { path } of entries) {
      const file = known.get(path)
      if (file === undefined) found.set(path, notListed(path))
      else if (file.way === 'index') stored.push(file.entry)
      else found.set(path, onDisk(directory, path, file.way))
    }
    const blobs = await objects.blobs(stored.map((entry) => entry.id))
    for (const { path, id } of stored) found.set(path, blobs.get(id) ?? notListed(path))
    return found
  }
  return {
    commit: null,
    list: async () => [...(await listed()).values()].flatMap(({ entry }) => (isPython(entry.path) ? [entry] : [])),
    marks: async () => [...(await listed()).values()].flatMap(({ entry }) => (isMark(entry.path) ? [entry] : [])),
    links: () => leftOut(directory),
    read,
  }
}

/** Links and submodules as they are on the disk, and tracked files behind a link: git takes those for deleted. */
async function leftOut(directory: string): Promise<readonly Link[]> {
  const standing = standingOf(directory)
  const isLink = (path: string): boolean => entryAt(systemPath(directory, path))?.isSymbolicLink() === true
  const found = new Set<string>()
  for (const record of splitNul(await gitOutput(directory, ['ls-files', '-z', '-s']))) {
    const tab = record.indexOf(9)
    const path = nameText(record.subarray(tab + 1))
    const mode = record.toString('latin1', 0, record.indexOf(32))
    if (isLeftOut(mode) || (isPython(path) && (standing(path) === 'linked' || isLink(path)))) found.add(path)
  }
  for (const name of splitNul(await gitOutput(directory, ['ls-files', '-z', '--others', '--exclude-standard']))) {
    const path = nameText(name)
    if (isLink(path)) found.add(path)
  }
  const links = [...found].map((path) => ({
    path,
    isDirectory: isLink(path) && isDirectory(systemPath(directory, path)),
  }))
  return links.toSorted(byPath)
}

function onDisk(directory: string, path: string, way: Way): Uint8Array | UnreadableFile {
  const bytes = readFileIn(directory, path)
  return way === 'lf' && bytes instanceof Uint8Array ? withLf(bytes) : bytes
}

interface Tracked {
  readonly path: string
  readonly id: string
  /** left out of a sparse checkout (git-ls-files, tag `S`) */
  readonly skipped: boolean
}

async function listWorkTree(directory: string): Promise<ReadonlyMap<string, Listed>> {
  const standing = standingOf(directory)
  const isReal = (path: string): boolean => standing(path) === 'real'
  const tracked = await trackedFiles(directory)
  const files: Listed[] = []
  for (const file of tracked.values()) {
    const found = isReal(file.path) ? identify(directory, file) : null
    if (found !== null) files.push(found)
    else if (file.skipped) files.push({ entry: { path: file.path, id: file.id, size: 0 }, way: 'index' })
  }
  for (const path of await untrackedFiles(directory)) {
    if (tracked.has(path) || !isReal(path)) continue
    const found = identify(directory, { path, id: '', skipped: false })
    if (found !== null) files.push(found)
  }
  return new Map(files.toSorted((a, b) => byPath(a.entry, b.entry)).map((file) => [file.entry.path, file]))
}

/** The file on the disk with its content id; null if there is none, or a link or a directory stands there now. */
function identify(directory: string, { path, id }: Tracked): Listed | null {
  const bytes = readFileIn(directory, path)
  if (!(bytes instanceof Uint8Array)) {
    const gone = bytes.reason === 'missing-file' || bytes.message.endsWith('is not a regular file')
    return gone ? null : { entry: { path, id: unreadableId(directory, path), size: 0 }, way: 'disk' }
  }
  const own = blobId(bytes, formatOf(id))
  const entry = { path, id: own, size: bytes.byteLength }
  if (id === '' || own === id || !bytes.includes(CR)) return { entry, way: 'disk' }
  const plain = withLf(bytes)
  return blobId(plain, formatOf(id)) === id
    ? { entry: { path, id, size: plain.byteLength }, way: 'lf' }
    : { entry, way: 'disk' }
}

const CR = 13

function withLf(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1')
}

/** What git is asked for; what it finds beyond Python and marks is left out. */
const LISTED = ['*.py', '*manifest.json', '*.disabled']

const isListed = (path: string): boolean => isPython(path) || isMark(path)

/** `<tag> <mode> <id> <stage>` TAB `<path>` (git-ls-files, `-s -t`). An unmerged path is listed once. */
async function trackedFiles(directory: string): Promise<ReadonlyMap<string, Tracked>> {
  const files = new Map<string, Tracked>()
  for (const record of splitNul(await gitOutput(directory, ['ls-files', '-z', '-s', '-t', '--', ...LISTED]))) {
    const tab = record.indexOf(9)
    const [tag = '', mode = '', id = ''] = record.toString('latin1', 0, tab).split(' ')
    const path = nameText(record.subarray(tab + 1))
    if (isRegular(mode) && isListed(path)) files.set(path, { path, id, skipped: tag === 'S' })
  }
  return files
}

async function untrackedFiles(directory: string): Promise<readonly string[]> {
  const output = await gitOutput(directory, ['ls-files', '-z', '--others', '--exclude-standard', '--', ...LISTED])
  return splitNul(output)
    .map((name) => nameText(name))
    .filter((path) => isListed(path))
}

/** What the directories of a path are: directories all the way, gone (nothing or a file stands there), or a link is among them. */
type Standing = 'real' | 'gone' | 'linked'

/** Git takes a tracked file behind a link for deleted; reading it would leave the tree. */
function standingOf(directory: string): (path: string) => Standing {
  const root = realpathSync(directory)
  const known = new Map<string, Standing>()
  const find = (parent: string): Standing => {
    try {
      return realpathSync(join(root, parent)) === join(root, parent) ? 'real' : 'linked'
    } catch {
      if (entryAt(join(root, parent))?.isSymbolicLink() === true) return 'linked'
      return parent === '' || standing(folderOf(parent)) !== 'linked' ? 'gone' : 'linked'
    }
  }
  const standing = (parent: string): Standing => {
    const found = known.get(parent) ?? find(parent)
    known.set(parent, found)
    return found
  }
  return (path) => standing(folderOf(path))
}
