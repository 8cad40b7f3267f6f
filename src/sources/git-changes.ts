// What changed between two commits, from `git diff-tree`: which files from its raw output, where from its patches. The raw output decides
// which files there are; a patch that does not fit is replaced by a diff of the two blobs. Attributes of the tree (`-diff`, `binary`)
// have no say: every file is compared as text. The host draws its own hunks, so these anchors are `unknown` to it.
import { hunksOf } from '../diff/hunks.ts'
import type { ChangeSet, ChangedFile, FileStatus, Hunk } from '../diff/model.ts'
import { parsePatch } from '../diff/patch.ts'
import type { GitObjects } from './git-objects.ts'
import { gitOutput, splitNul } from './git-process.ts'
import { isRegular } from './git-tree.ts'
import { isPython, nameText } from './paths.ts'

const DIFF_TREE = ['diff-tree', '-r', '-M', '--relative', '--no-commit-id', '--no-ext-diff', '--no-textconv']
const PATCH = ['-p', '--text', '--no-color', '-U3', '--full-index', '--ignore-submodules=none', '--submodule=short']
const PYTHON = ['--', '*.py']

interface RawChange {
  readonly oldMode: string
  readonly newMode: string
  readonly oldId: string
  readonly newId: string
  /** A, D, M, R, C, T (git-diff, "RAW OUTPUT FORMAT") */
  readonly letter: string
  readonly oldPath: string
  readonly newPath: string
}

export async function commitChanges(
  directory: string,
  objects: GitObjects,
  between: { readonly base: string; readonly head: string },
): Promise<ChangeSet> {
  const range = [between.base, between.head, ...PYTHON]
  const raw = readRaw(splitNul(await gitOutput(directory, [...DIFF_TREE, '-z', '--raw', '--abbrev=64', ...range])))
  const patches = raw.length === 0 ? [] : splitPatches(await gitOutput(directory, [...DIFF_TREE, ...PATCH, ...range]))
  const assigned = assign(raw, patches)
  const files: ChangedFile[] = []
  for (const [at, change] of raw.entries()) {
    const kind = kindOf(change)
    if (kind === null) continue
    const hunks = parsePatch(assigned?.[at] ?? MISSING) ?? (await blobHunks(objects, change, kind))
    files.push({ ...kind, hunks, anchoring: 'unknown' })
  }
  return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) }
}

/** No patch: `parsePatch` refuses it, and the blobs are compared. */
const MISSING = '?'

type Kind = Pick<ChangedFile, 'path' | 'previousPath' | 'status'>

/** What the change is to us, who only see regular Python files; null when neither side is one. */
function kindOf({ oldMode, newMode, letter, oldPath, newPath }: RawChange): Kind | null {
  const was = isRegular(oldMode) && isPython(oldPath)
  const is = isRegular(newMode) && isPython(newPath)
  if (!is) return was ? { path: oldPath, previousPath: oldPath, status: 'removed' } : null
  if (!was) return { path: newPath, previousPath: null, status: 'added' }
  return { path: newPath, previousPath: oldPath, status: STATUS[letter] ?? 'changed' }
}

const STATUS: Readonly<Record<string, FileStatus>> = { M: 'modified', R: 'renamed', C: 'copied', T: 'changed' }

async function blobHunks(objects: GitObjects, change: RawChange, kind: Kind): Promise<readonly Hunk[]> {
  const blobs = await objects.blobs([change.oldId, change.newId])
  const old = kind.status === 'added' ? Buffer.alloc(0) : blobs.get(change.oldId)
  const now = kind.status === 'removed' ? Buffer.alloc(0) : blobs.get(change.newId)
  return old === undefined || now === undefined ? [] : hunksOf(old.toString('latin1'), now.toString('latin1'))
}

/** `:<old mode> <new mode> <old id> <new id> <letter><score>`, then one path, or two for renames and copies. */
function readRaw(parts: readonly Buffer[]): readonly RawChange[] {
  const changes: RawChange[] = []
  for (let at = 0; at < parts.length; at++) {
    const [oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = (parts[at] ?? Buffer.alloc(0))
      .toString('latin1')
      .slice(1)
      .split(' ')
    const letter = status.charAt(0)
    const first = nameText(parts[++at] ?? Buffer.alloc(0))
    const second = letter === 'R' || letter === 'C' ? nameText(parts[++at] ?? Buffer.alloc(0)) : first
    changes.push({ oldMode, newMode, oldId, newId, letter, oldPath: first, newPath: second })
  }
  return changes
}

/** The patch of each file, one character per byte. Lines of a file begin with a blank, a sign or a backslash, never with `diff --git`. */
function splitPatches(output: Buffer): readonly string[] {
  return output
    .toString('latin1')
    .split(/(?<=\n)(?=diff --git )/)
    .filter((patch) => patch.startsWith('diff --git '))
}

/** A patch per raw change, in the same order; null when the counts do not fit. A change of type is written as two patches. */
function assign(raw: readonly RawChange[], patches: readonly string[]): readonly string[] | null {
  const assigned: string[] = []
  let next = 0
  for (const { letter } of raw) {
    const count = letter === 'T' ? 2 : 1
    assigned.push(count === 2 ? MISSING : withoutHeader(patches[next] ?? ''))
    next += count
  }
  return next === patches.length ? assigned : null
}

/** The hunks of a patch with its file header; '' when it has none (a pure rename, a change of mode). */
function withoutHeader(patch: string): string {
  const at = patch.indexOf('\n@@ ')
  return at < 0 ? '' : patch.slice(at + 1)
}
