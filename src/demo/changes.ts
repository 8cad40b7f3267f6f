// The change between two commits as the service lists it: git's own trees and patches, three lines of context, renames found.
// Must stay true: nothing here is computed by us; numbers, statuses and hunks are git's. Answers are kept per pair of ids.
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
        const found = store.run(['merge-base', one, other], { accept: [0, 1] })
        return found.status === 0 ? found.stdout.toString('latin1').trim() : null
      }),
    between: (from, to) =>
      keep(`between ${from} ${to}`, () =>
        lines(store.run(['rev-list', '--reverse', '--topo-order', `${from}..${to}`]).stdout),
      ),
    diff: (from, to) => keep(`diff ${from} ${to}`, () => readDiff(store, from, to)),
    lineMoves: (from, to, path) =>
      keep(`moves ${from} ${to} ${path}`, () => {
        const [old, now] = [store.resolve(`${from}:${path}`), store.resolve(`${to}:${path}`)]
        if (old === null || now === null) return null
        return shownText(store.run(['diff', '-U0', '--no-color', '--no-ext-diff', '--no-textconv', old, now]).stdout)
      }),
    testMerge: (base, head, ref) =>
      keep(`merge ${base} ${head}`, () => {
        const merged = store.run(['merge-tree', '--write-tree', base, head], { accept: [0, 1] })
        if (merged.status !== 0) return null
        const seconds = Date.parse(readCommit(store, head)?.date ?? '') / 1000 + 1
        const message = `Merge ${head} into ${base}`
        return store.commit({
          ref,
          parents: [base, head],
          message,
          changes: {},
          tree: lines(merged.stdout)[0] ?? '',
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

/** `-t` lists the trees too, as the service does; `-z` keeps names unquoted. */
function readTree(store: GitStore, sha: string, recursive: boolean): TreeEntry[] {
  const output = store.run(['ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), sha]).stdout
  return fields(output).map((entry) => {
    const tab = entry.indexOf('\t')
    const [mode = '', type = '', id = '', size = '-'] = entry.slice(0, tab).split(/ +/)
    return {
      path: entry.slice(tab + 1),
      mode,
      type: type as TreeEntry['type'],
      sha: id,
      size: size === '-' ? null : Number(size),
    }
  })
}

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
