// The change between two commits as the service lists it: git's own trees and patches, three lines of context, renames found.
// Must stay true: numbers, statuses and hunks are git's, never computed by us. What only follows ids from object to object (trees, lines
// of commits) is read without git. Answers are kept per pair of ids.
import { isTree, TREE_MODE, type Entry } from './git-format.ts'
import { shownText, type GitStore } from './git.ts'

export interface FileDiff {
  readonly path: string
  readonly previousPath: string | null
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed'
  /** blob id of the new side, of the old side for removed files */
  readonly blob: string
  readonly additions: number
  readonly deletions: number
  /** hunks without file header and without final LF; null for binary files and for changes that touch no line */
  readonly patch: string | null
}

export interface CommitFacts {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly name: string
  readonly email: string
  /** ISO 8601, UTC */
  readonly date: string
  readonly message: string
}

export interface TreeEntry {
  readonly path: string
  readonly mode: string
  readonly type: 'blob' | 'tree' | 'commit'
  readonly sha: string
  readonly size: number | null
}

/** Questions about the history of one store. */
export interface History {
  readonly commit: (sha: string) => CommitFacts | null
  readonly tree: (sha: string, recursive: boolean) => readonly TreeEntry[]
  readonly mergeBase: (one: string, other: string) => string | null
  /** commits that are in `to` and not in `from`, oldest first */
  readonly between: (from: string, to: string) => readonly string[]
  readonly diff: (from: string, to: string) => readonly FileDiff[]
  /** the patch without context between one path of two commits, or null if the path is missing in either */
  readonly lineMoves: (from: string, to: string, path: string) => string | null
  /** the test merge of two commits, made once per pair; null if they conflict */
  readonly testMerge: (base: string, head: string, ref: string) => string | null
}

export function createHistory(store: GitStore): History {
  const keep = memory()
  return {
    commit: (sha) => keep(`commit ${sha}`, () => readCommit(store, sha)),
    tree: (sha, recursive) => keep(`tree ${sha} ${recursive}`, () => readTree(store, sha, recursive)),
    mergeBase: (one, other) =>
      keep(`base ${one} ${other}`, () => {
        const shared = straightLine(store, other).find((sha) => straightLine(store, one).includes(sha))
        if (shared !== undefined) return shared
        const found = store.run(['merge-base', one, other], { accept: [0, 1] })
        return found.status === 0 ? found.stdout.toString('latin1').trim() : null
      }),
    between: (from, to) =>
      keep(`between ${from} ${to}`, () => {
        const [line, known] = [straightLine(store, to), straightLine(store, from)]
        const at = line.findIndex((sha) => known.includes(sha))
        if (at >= 0) return line.slice(0, at).toReversed()
        return lines(store.run(['rev-list', '--reverse', '--topo-order', `${from}..${to}`]).stdout)
      }),
    diff: (from, to) => keep(`diff ${from} ${to}`, () => readDiff(store, from, to)),
    lineMoves: (from, to, path) =>
      keep(`moves ${from} ${to} ${path}`, () => {
        const [old, now] = [store.entryAt(from, path)?.id, store.entryAt(to, path)?.id]
        if (old === undefined || now === undefined) return null
        if (old === now) return ''
        return shownText(store.run(['diff', '-U0', '--no-color', '--no-ext-diff', '--no-textconv', old, now]).stdout)
      }),
    testMerge: (base, head, ref) =>
      keep(`merge ${base} ${head}`, () => {
        const tree = mergedTree(store, base, head)
        if (tree === null) return null
        const seconds = Date.parse(readCommit(store, head)?.date ?? '') / 1000 + 1
        const message = `Merge ${head} into ${base}`
        return store.commit({
          ref,
          parents: [base, head],
          message,
          changes: {},
          tree,
          seconds,
        })
      }),
  }
}

function memory(): <T>(key: string, make: () => T) => T {
  const kept = new Map<string, unknown>()
  return (key, make) => {
    if (!kept.has(key)) kept.set(key, make())
    return kept.get(key) as ReturnType<typeof make>
  }
}

const lines = (bytes: Buffer): string[] => bytes.toString('latin1').split('\n').filter(Boolean)

const PERSON = /^(?:author) (.*) <(.*)> (\d+) [+-]\d{4}$/m

function readCommit(store: GitStore, sha: string): CommitFacts | null {
  const object = store.objects([sha]).get(sha)
  if (object?.type !== 'commit') return null
  const text = shownText(object.content)
  const [head = '', ...message] = text.split('\n\n')
  const [, name = '', email = '', seconds = '0'] = PERSON.exec(head) ?? []
  return {
    sha,
    tree: /^tree (\w+)$/m.exec(head)?.[1] ?? '',
    parents: [...head.matchAll(/^parent (\w+)$/gm)].map((match) => match[1] ?? ''),
    name,
    email,
    date: new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
    message: message.join('\n\n'),
  }
}

/** A commit and its first parents, newest first, as long as each has no other parent: there is one way back, and git has nothing to choose. */
function straightLine(store: GitStore, sha: string): string[] {
  const line: string[] = []
  for (let at: string | undefined = sha; at !== undefined; ) {
    const parents: readonly string[] = readCommit(store, at)?.parents ?? []
    line.push(at)
    at = parents.length === 1 ? parents[0] : undefined
  }
  return line
}

/** Where one commit follows the other there is nothing to merge. Null if they conflict. */
function mergedTree(store: GitStore, base: string, head: string): string | null {
  if (straightLine(store, head).includes(base)) return readCommit(store, head)?.tree ?? null
  const merged = store.run(['merge-tree', '--write-tree', base, head], { accept: [0, 1] })
  return merged.status === 0 ? (lines(merged.stdout)[0] ?? '') : null
}

/** Trees are listed too, each before what is in it, as the service does. */
function readTree(store: GitStore, sha: string, recursive: boolean): TreeEntry[] {
  const below = [...entriesBelow(store, sha, recursive)]
  const blobs = store.objects(below.filter(([, { mode }]) => typeOf(mode) === 'blob').map(([, { id }]) => id))
  return below.map(([path, { mode, id }]) => ({
    path: shownText(Buffer.from(path, 'latin1')),
    mode: mode.padStart(6, '0'),
    type: typeOf(mode),
    sha: id,
    size: blobs.get(id)?.content.length ?? null,
  }))
}

/** Paths are bytes, each as one character. */
function* entriesBelow(store: GitStore, sha: string, recursive: boolean, prefix = ''): Generator<[string, Entry]> {
  for (const [name, entry] of store.tree(sha)) {
    yield [prefix + name, entry]
    if (recursive && isTree(entry)) yield* entriesBelow(store, entry.id, recursive, `${prefix}${name}/`)
  }
}

const typeOf = (mode: Entry['mode']): TreeEntry['type'] =>
  mode === TREE_MODE ? 'tree' : mode === '160000' ? 'commit' : 'blob'

const fields = (bytes: Buffer): string[] => shownText(bytes).split('\0').slice(0, -1)

const STATUS: Readonly<Record<string, FileDiff['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
}

/** Two questions to git, both in the order of the new side's paths: names and numbers, then patches. */
function readDiff(store: GitStore, from: string, to: string): FileDiff[] {
  const common = ['diff-tree', '-r', '-M', '--full-index', '--no-ext-diff', '--no-textconv', '--no-color']
  const listed = fields(store.run([...common, '--raw', '--numstat', '-z', from, to]).stdout)
  const patches = splitPatches(shownText(store.run([...common, '-p', '-U3', from, to]).stdout))
  const files: Omit<FileDiff, 'additions' | 'deletions' | 'patch'>[] = []
  let at = 0
  for (; listed[at]?.startsWith(':'); at += 2) {
    const [oldMode = '', mode = '', oldBlob = '', blob = '', letter = ''] = (listed[at] ?? '').slice(1).split(' ')
    const renamed = letter.startsWith('R')
    const previousPath = renamed ? (listed[++at] ?? '') : null
    const status = STATUS[letter[0] ?? ''] ?? 'modified'
    const onlyMode = status === 'modified' && blob === oldBlob && mode !== oldMode
    files.push({
      path: listed[at + 1] ?? '',
      previousPath,
      status: onlyMode ? 'changed' : status,
      blob: status === 'removed' ? oldBlob : blob,
    })
  }
  let block = 0
  const diffs: FileDiff[] = []
  for (const file of files) {
    // With -z, a rename's numbers end at the tab and its two names follow as fields of their own.
    const [added = '-', deleted = '-'] = (listed[at++] ?? '').split('\t')
    if (file.previousPath !== null) at += 2
    // A changed type (file to symlink) is printed as a deletion and an addition: no patch is shown for it.
    const typeChanged = file.status === 'changed' && patches[block]?.startsWith('deleted') === true
    const patch = typeChanged ? null : hunksOf(patches[block] ?? '')
    block += typeChanged ? 2 : 1
    diffs.push({ ...file, additions: Number(added) || 0, deletions: Number(deleted) || 0, patch })
  }
  return diffs
}

/** One string per `diff --git` block, without that line. No line inside a hunk can begin with these words. */
function splitPatches(text: string): string[] {
  return `\n${text}`.split(/\ndiff --git [^\n]*\n/).slice(1)
}

function hunksOf(block: string): string | null {
  const start = block.startsWith('@@') ? 0 : block.indexOf('\n@@') + 1
  if (start === 0 && !block.startsWith('@@')) return null
  return block.slice(start).replace(/\n$/, '')
}
