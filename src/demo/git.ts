// Plumbing over one real bare git repository: commits are made by fast-import, objects are read by cat-file.
// Must stay true: git runs without any configuration of the machine (no system or user file, no hooks, no filters), and with a
// counted clock, so that the same sequence of calls gives the same commit ids everywhere. Calls are synchronous on purpose: one
// request to the embedded server is one atomic step, as a transaction on the real service is.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandPath } from './environment.ts'

/** A file of a commit: text or bytes, or bytes with a mode of git (`120000` symlink, `160000` submodule: content = commit id); null deletes. */
export type FileChange = string | Uint8Array | null | { readonly mode: FileMode; readonly content: string | Uint8Array }
export type FileMode = '100644' | '100755' | '120000' | '160000'
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

export interface GitObject {
  readonly type: 'blob' | 'tree' | 'commit' | 'tag'
  readonly content: Buffer
}

/** What git answered: `status` is its exit code. */
export interface GitResult {
  readonly status: number
  readonly stdout: Buffer
}

export interface GitStore {
  readonly directory: string
  /** Runs one plumbing command. Throws if git cannot be started or its exit code is not listed in `accept` (default: 0 only). */
  readonly run: (args: readonly string[], options?: { input?: Uint8Array; accept?: readonly number[] }) => GitResult
  /** Where refs point; kept here because every answer of the server needs some, and asking git is a process each time. */
  readonly refs: Map<string, string>
  /** Writes a commit and moves the ref to it, whatever it pointed to before. Returns the commit id. */
  readonly commit: (request: CommitRequest) => string
  /** The object id that an expression of git (`<sha>:path`) names, or null. */
  readonly resolve: (expression: string) => string | null
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
  const refs = new Map<string, string>()
  let commits = 0
  const run: GitStore['run'] = (args, options = {}) => {
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
  const resolve: GitStore['resolve'] = (expression) => {
    if (expression.startsWith('-')) return null
    const found = run(['rev-parse', '--verify', '--quiet', '--end-of-options', expression], { accept: [0, 1, 128] })
    return found.status === 0 ? found.stdout.toString('latin1').trim() : null
  }
  const objects: GitStore['objects'] = (ids) => {
    const missing = [...new Set(ids)].filter((id) => !kept.has(id))
    if (missing.length > 0) {
      const answer = run(['cat-file', '--batch'], { input: Buffer.from(`${missing.join('\n')}\n`) }).stdout
      for (const [id, object] of readBatch(answer)) kept.set(id, object)
    }
    return new Map(ids.flatMap((id) => (kept.has(id) ? [[id, kept.get(id) as GitObject] as const] : [])))
  }
  const commit: GitStore['commit'] = (request) => {
    const seconds = request.seconds ?? FIRST_COMMIT_SECONDS + SECONDS_PER_COMMIT * commits++
    const told = run(['fast-import', '--quiet', '--force', '--date-format=raw'], {
      input: importStream(request, seconds),
    })
    const id = told.stdout.toString('latin1').trim()
    refs.set(request.ref, id)
    return id
  }
  writeEmptyRepository(directory)
  return { directory, run, refs, commit, resolve, objects }
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

/** The input of git-fast-import for one commit; it answers with the commit's id. */
function importStream(request: CommitRequest, seconds: number): Buffer {
  const parts: Uint8Array[] = []
  const text = (line: string): void => void parts.push(Buffer.from(line))
  const block = (bytes: Uint8Array): void =>
    void parts.push(Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n'))
  text(`commit ${request.ref}\nmark :1\nauthor ${AUTHOR} ${seconds} +0000\ncommitter ${AUTHOR} ${seconds} +0000\n`)
  block(Buffer.from(request.message))
  const [first, ...others] = request.parents
  if (first !== undefined) text(`from ${first}\n`)
  for (const parent of others) text(`merge ${parent}\n`)
  if (request.tree !== undefined) text(`M 040000 ${request.tree} ""\n`)
  for (const [path, change] of Object.entries(request.changes)) {
    if (change === null) {
      text(`D ${quotePath(path)}\n`)
      continue
    }
    const { mode, content } =
      typeof change === 'object' && 'mode' in change ? change : { mode: '100644' as const, content: change }
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    if (mode === '160000') {
      text(`M 160000 ${Buffer.from(bytes).toString('latin1')} ${quotePath(path)}\n`)
      continue
    }
    text(`M ${mode} inline ${quotePath(path)}\n`)
    block(bytes)
  }
  text('get-mark :1\n')
  return Buffer.concat(parts)
}

/** The first and the last of the lone surrogates that stand for the bytes 80 to FF, as in Python's `surrogateescape`. */
const FIRST_ESCAPED_BYTE = 0xdc80
const LAST_ESCAPED_BYTE = 0xdcff

/** A path in git's C quoting. A lone surrogate U+DC80 to U+DCFF in a path stands for one byte that is not UTF-8. */
function quotePath(path: string): string {
  let quoted = '"'
  for (const character of path) {
    const code = character.codePointAt(0) ?? 0
    const escaped = code >= FIRST_ESCAPED_BYTE && code <= LAST_ESCAPED_BYTE
    const bytes = escaped ? Buffer.from([code - 0xdc00]) : Buffer.from(character)
    for (const byte of bytes) {
      const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      quoted += plain ? String.fromCodePoint(byte) : `\\${byte.toString(8).padStart(3, '0')}`
    }
  }
  return `${quoted}"`
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
