// One real bare git repository: what is committed is written as git would write it (git-format.ts), and what git alone knows, such as
// patches and merges, git is asked for.
// Must stay true: git runs without any configuration of the machine (no system or user file, no hooks, no filters), and with a
// counted clock, so that the same sequence of calls gives the same commit ids everywhere. Calls are synchronous on purpose: one
// request to the embedded server is one atomic step, as a transaction on the real service is.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandPath } from './environment.ts'
import {
  isTree,
  objectId,
  pathBytes,
  readTree,
  treeEntry,
  treeOf,
  writePack,
  writeTree,
  type Entry,
  type FileMode,
  type GitObject,
  type Tree,
} from './git-format.ts'

/** A file of a commit: text or bytes, or bytes with a mode of git (`120000` symlink, `160000` submodule: content = commit id); null deletes. */
export type FileChange = string | Uint8Array | null | { readonly mode: FileMode; readonly content: string | Uint8Array }
export type FileChanges = Readonly<Record<string, FileChange>>

export interface CommitRequest {
  /** the full name of the ref that will point to the new commit, such as `refs/heads/main` */
  readonly ref: string
  /** parent commit ids, first parent first; empty for a root commit */
  readonly parents: readonly string[]
  readonly message: string
  readonly changes: FileChanges
  /** id of a tree that becomes the commit's tree before `changes` are applied (default: the first parent's) */
  readonly tree?: string
  /** seconds since 1970 (default: the store's counted clock) */
  readonly seconds?: number
}

/** What git answered: `status` is its exit code. */
export interface GitResult {
  readonly status: number
  readonly stdout: Buffer
}

export interface GitStore {
  /** Runs one plumbing command. Throws if git cannot be started or its exit code is not listed in `accept` (default: 0 only). */
  readonly run: (args: readonly string[], options?: { input?: Uint8Array; accept?: readonly number[] }) => GitResult
  /** Where refs point; kept here and nowhere else, because every answer of the server needs some. */
  readonly refs: Map<string, string>
  /** Writes a commit and moves the ref to it, whatever it pointed to before. Returns the commit id. */
  readonly commit: (request: CommitRequest) => string
  /** The entry at a path below a commit or a tree (`''`: that tree itself), or null. */
  readonly entryAt: (root: string, path: string) => Entry | null
  /** The entries of a tree, or of a commit's tree. Throws if there is none. */
  readonly tree: (id: string) => Tree
  /** Objects by id; missing ones are left out. Answers are kept: an id never changes its content. */
  readonly objects: (ids: readonly string[]) => ReadonlyMap<string, GitObject>
}

const AUTHOR = 'Ada Author <ada@example.org>'
/** 2024-01-01T00:00:00Z; every further commit of a store is one minute later. */
const FIRST_COMMIT_SECONDS = 1_704_067_200
const SECONDS_PER_COMMIT = 60
/** Patches of whole trees are read at once; spawnSync stops a child that writes more than this. */
const OUTPUT_LIMIT_BYTES = 1 << 30

/** Opens a new bare repository in an existing empty directory. Needs git >= 2.38 (merge-tree --write-tree). */
export function createGitStore(directory: string): GitStore {
  const environment = cleanEnvironment(directory)
  const kept = new Map<string, GitObject>()
  /** written by us and not yet in the repository */
  const unpacked = new Map<string, GitObject>()
  const refs = new Map<string, string>()
  let commits = 0
  const run: GitStore['run'] = (args, options = {}) => {
    if (unpacked.size > 0) savePack(directory, unpacked)
    unpacked.clear()
    const child = spawnSync('git', [...args], {
      cwd: directory,
      env: environment,
      input: options.input ?? new Uint8Array(),
      maxBuffer: OUTPUT_LIMIT_BYTES,
    })
    if (child.error) throw new Error(`git cannot be run: ${child.error.message}`, { cause: child.error })
    const status = child.status ?? -1
    if (!(options.accept ?? [0]).includes(status))
      throw new Error(`git ${args.join(' ')} ended with ${status}: ${child.stderr.toString('utf8').trim()}`)
    return { status, stdout: child.stdout }
  }
  const objects: GitStore['objects'] = (ids) => {
    const missing = [...new Set(ids)].filter((id) => !kept.has(id))
    if (missing.length > 0) {
      const answer = run(['cat-file', '--batch'], { input: Buffer.from(`${missing.join('\n')}\n`) }).stdout
      for (const [id, object] of readBatch(answer)) kept.set(id, object)
    }
    return new Map(ids.flatMap((id) => (kept.has(id) ? [[id, kept.get(id) as GitObject] as const] : [])))
  }
  const write = (object: GitObject): string => {
    const id = objectId(object)
    if (!kept.has(id)) unpacked.set(id, object)
    kept.set(id, object)
    return id
  }
  const tree: GitStore['tree'] = (id) => {
    const object = objects([id]).get(id)
    if (object?.type === 'commit') return tree(treeOf(object))
    if (object?.type !== 'tree') throw new Error(`${id} is no tree`)
    return readTree(object.content)
  }
  const entryAt: GitStore['entryAt'] = (root, path) => {
    const object = objects([root]).get(root)
    if (object?.type !== 'commit' && object?.type !== 'tree') return null
    const top = treeEntry(object.type === 'commit' ? treeOf(object) : root)
    const names = path === '' ? [] : pathBytes(path).split('/')
    return names.reduce<Entry | null>(
      (at, name) => (at !== null && isTree(at) ? (tree(at.id).get(name) ?? null) : null),
      top,
    )
  }
  const commit: GitStore['commit'] = (request) => {
    const seconds = request.seconds ?? FIRST_COMMIT_SECONDS + SECONDS_PER_COMMIT * commits++
    const base = request.tree ?? request.parents[0]
    const changes = Object.entries(request.changes).map(
      ([path, change]) => [pathBytes(path), entryOf(change, write)] as const,
    )
    const changed = changedTree(base === undefined ? new Map() : tree(base), changes, { tree, write })
    const id = write(commitObject(request, write({ type: 'tree', content: writeTree(changed) }), seconds))
    refs.set(request.ref, id)
    return id
  }
  writeEmptyRepository(directory)
  return { run, refs, commit, entryAt, tree, objects }
}

type Write = (object: GitObject) => string

function entryOf(change: FileChange, write: Write): Entry | null {
  if (change === null) return null
  const plain = typeof change === 'string' || change instanceof Uint8Array
  const { mode, content } = plain ? { mode: '100644' as const, content: change } : change
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
  return { mode, id: mode === '160000' ? bytes.toString('latin1') : write({ type: 'blob', content: bytes }) }
}

/** A tree with entries set or, with null, removed. A tree without entries does not exist. */
function changedTree(
  base: Tree,
  changes: readonly (readonly [path: string, entry: Entry | null])[],
  objects: { readonly tree: GitStore['tree']; readonly write: Write },
): Tree {
  const changed = new Map(base)
  const below = new Map<string, (readonly [string, Entry | null])[]>()
  for (const [path, entry] of changes) {
    const slash = path.indexOf('/')
    if (slash >= 0) {
      const name = path.slice(0, slash)
      below.set(name, [...(below.get(name) ?? []), [path.slice(slash + 1), entry]])
    } else if (entry === null) changed.delete(path)
    else changed.set(path, entry)
  }
  for (const [name, inner] of below) {
    const old = changed.get(name)
    const tree = changedTree(old !== undefined && isTree(old) ? objects.tree(old.id) : new Map(), inner, objects)
    if (tree.size > 0) changed.set(name, treeEntry(objects.write({ type: 'tree', content: writeTree(tree) })))
    else if (old !== undefined && isTree(old)) changed.delete(name)
  }
  return changed
}

function commitObject({ parents, message }: CommitRequest, tree: string, seconds: number): GitObject {
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${AUTHOR} ${seconds} +0000`,
    `committer ${AUTHOR} ${seconds} +0000`,
  ]
  return { type: 'commit', content: Buffer.from(`${lines.join('\n')}\n\n${message}`) }
}

function savePack(directory: string, objects: ReadonlyMap<string, GitObject>): void {
  const { name, pack, index } = writePack(objects)
  writeFileSync(join(directory, 'objects/pack', `${name}.pack`), pack)
  writeFileSync(join(directory, 'objects/pack', `${name}.idx`), index)
}

function cleanEnvironment(directory: string): Record<string, string> {
  return {
    PATH: commandPath(),
    HOME: directory,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
  }
}

/**
 * What `git init --bare` writes without a template (gitrepository-layout in git's documentation): by hand, because tests open hundreds of
 * repositories and a process for each is most of their time.
 */
function writeEmptyRepository(directory: string): void {
  for (const path of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags'])
    mkdirSync(join(directory, path), { recursive: true })
  writeFileSync(join(directory, 'HEAD'), 'ref: refs/heads/main\n')
  writeFileSync(join(directory, 'config'), '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n')
}

/** Reads the output of `cat-file --batch`: `<id> <type> <size>\n<bytes>\n`, or `<id> missing\n`. */
function readBatch(output: Buffer): Map<string, GitObject> {
  const found = new Map<string, GitObject>()
  let at = 0
  while (at < output.length) {
    const end = output.indexOf(0x0a, at)
    const [id = '', type = '', size] = output.subarray(at, end).toString('utf8').split(' ')
    at = end + 1
    if (size === undefined) continue
    const length = Number(size)
    found.set(id, { type: type as GitObject['type'], content: output.subarray(at, at + length) })
    at += length + 1
  }
  return found
}

/** Text of bytes as the service shows it in JSON: UTF-8, each wrong byte as U+FFFD. */
export function shownText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

/** Git's own test for a binary file: a NUL in the first 8,000 bytes (`buffer_is_binary` in git's xdiff-interface.c). */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8000).includes(0)
}
