// The change between two commits for placing comments. What changed comes from the trees; the host's list adds renames with edits and
// the hunks on which it accepts comments. Hunks of our own making, and files that the list lacks, are marked `unknown`.
import { hunksOf } from '../diff/hunks.ts'
import type { Anchoring, ChangedFile, ChangeSet, FileStatus, Hunk } from '../diff/model.ts'
import { parsePatch } from '../diff/patch.ts'
import type { FileEntry } from '../program/model.ts'
import type { CommitReader } from './commit.ts'
import type { FileList, ListedFile } from './files.ts'

export interface ChangeSources {
  readonly head: CommitReader
  readonly base: CommitReader
  /** null where there is no pull request: places are not needed then, but hunks may be */
  readonly listed: FileList | null
}

/** Files whose hunks we compute ourselves; each needs two contents. Beyond it a file has no hunks. */
const MAX_OWN_DIFFS = 200

/** A changed file before its hunks are known. */
interface Draft {
  readonly path: string
  readonly previousPath: string | null
  readonly status: FileStatus
  /** from the host, or null if they have to be computed */
  readonly hunks: readonly Hunk[] | null
  readonly anchoring: Anchoring
}

/** Python files only; ascending by path. */
export async function readChangeSet(sources: ChangeSources): Promise<ChangeSet> {
  const listed = (sources.listed?.files ?? []).flatMap((file) => listedDraft(file, sources))
  const known = new Set(listed.flatMap(({ path, previousPath }) => [path, previousPath]))
  const own = treeDrafts(sources).filter(
    ({ path, previousPath }) => !known.has(path) && !(previousPath !== null && known.has(previousPath)),
  )
  const drafts = [...listed, ...own].toSorted((a, b) => (a.path < b.path ? -1 : 1))
  return { files: await withHunks(drafts, sources) }
}

const STATUSES: Readonly<Record<string, FileStatus>> = {
  added: 'added',
  removed: 'removed',
  modified: 'modified',
  renamed: 'renamed',
  copied: 'copied',
  changed: 'changed',
}

function listedDraft(file: ListedFile, { head, base }: ChangeSources): Draft[] {
  const status = Object.hasOwn(STATUSES, file.status) ? STATUSES[file.status] : undefined
  const isPython = file.path.endsWith('.py') || file.previousPath?.endsWith('.py') === true
  if (status === undefined || !isPython) return []
  const previousPath = file.previousPath ?? sourceOf(file.path, status, { head, base })
  const sameContent = previousPath !== null && base.entry(previousPath)?.id === head.entry(file.path)?.id
  if (status === 'removed' || sameContent)
    return [{ path: file.path, previousPath, status, hunks: [], anchoring: 'valid' }]
  const hunks = file.patch === null ? null : parsePatch(file.patch)
  return [{ path: file.path, previousPath, status, hunks, anchoring: hunks === null ? 'unknown' : 'valid' }]
}

/** The path at the base where the host does not name it: the same one, or for renames the removed file of equal content. */
function sourceOf(path: string, status: FileStatus, { head, base }: Omit<ChangeSources, 'listed'>): string | null {
  if (status === 'added') return null
  if (base.entry(path) !== null) return path
  const id = head.entry(path)?.id
  return base.python.find((file) => file.id === id && head.entry(file.path) === null)?.path ?? null
}

/** What the trees alone say: added, removed, modified, and renamed where the content is the same. */
function treeDrafts({ head, base }: ChangeSources): Draft[] {
  const before = regularFiles(base.python)
  const after = regularFiles(head.python)
  const removed = base.python.filter(({ path }) => !after.has(path))
  const sources = new Map(removed.map(({ id, path }) => [id, path]))
  const renamed = new Set<string>()
  const drafts = head.python.flatMap(({ path, id }): Draft[] => {
    const old = before.get(path)
    if (old === id) return []
    const source = old === undefined ? sources.get(id) : undefined
    if (source !== undefined) {
      renamed.add(source)
      return [{ path, previousPath: source, status: 'renamed', hunks: [], anchoring: 'unknown' }]
    }
    const isNew = old === undefined
    return [
      {
        path,
        previousPath: isNew ? null : path,
        status: isNew ? 'added' : 'modified',
        hunks: null,
        anchoring: 'unknown',
      },
    ]
  })
  const gone = removed.filter(({ path }) => !renamed.has(path))
  return [
    ...drafts,
    ...gone.map(
      ({ path }): Draft => ({ path, previousPath: path, status: 'removed', hunks: [], anchoring: 'unknown' }),
    ),
  ]
}

function regularFiles(files: readonly FileEntry[]): Map<string, string> {
  return new Map(files.map(({ path, id }) => [path, id]))
}

async function withHunks(drafts: readonly Draft[], { head, base }: ChangeSources): Promise<ChangedFile[]> {
  const open = drafts.filter(({ hunks }) => hunks === null).slice(0, MAX_OWN_DIFFS)
  const after = await texts(
    head,
    open.map(({ path }) => path),
  )
  const before = await texts(
    base,
    open.flatMap(({ previousPath }) => (previousPath === null ? [] : [previousPath])),
  )
  return drafts.map(({ hunks, ...draft }): ChangedFile => {
    const now = after.get(draft.path)
    const then = draft.previousPath === null ? '' : before.get(draft.previousPath)
    if (hunks !== null) return { ...draft, hunks }
    return { ...draft, hunks: now === undefined || then === undefined ? [] : hunksOf(then, now) }
  })
}

/** One character per byte: only LF and equality matter to a diff, and this decoding cannot fail. */
async function texts(reader: CommitReader, paths: readonly string[]): Promise<Map<string, string>> {
  const wanted = new Set(paths)
  const contents = await reader.read(reader.python.filter(({ path }) => wanted.has(path)))
  return new Map(
    [...contents].flatMap(([path, content]) =>
      content instanceof Uint8Array ? [[path, Buffer.from(content).toString('latin1')] as const] : [],
    ),
  )
}
