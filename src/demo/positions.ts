// Where a review thread stands now. A thread remembers where it was made; its line is followed through the change since then, and
// is outdated as soon as that line was touched or left the pull request's diff. GitHub gives such comments `line: null` and keeps
// `original_line`; `commit_id` rolls forward to the head, `original_commit_id` never changes.
import { findLine, followLine, readHunks, type PatchHunk } from './hunks.ts'
import { mergeBaseOf, type PullRequest, type Thread } from './state.ts'
import type { FileDiff } from './changes.ts'

export interface Place {
  readonly outdated: boolean
  readonly line: number | null
  readonly startLine: number | null
  /** lines below the first hunk header of the file; null when outdated or file-level */
  readonly position: number | null
}

const OUTDATED: Place = { outdated: true, line: null, startLine: null, position: null }

/** The files of a pull request's three-dot diff up to `head`. */
export function filesOf(pull: PullRequest, head: string = pull.headSha): readonly FileDiff[] {
  return pull.repository.network.history.diff(mergeBaseOf(pull, head), head)
}

/** The hunks of one file of the pull request at `head`; null if the file is not part of the diff. */
export function hunksOf(pull: PullRequest, path: string, head: string = pull.headSha): PatchHunk[] | null {
  const file = filesOf(pull, head).find((it) => it.path === path)
  return file === undefined ? null : readHunks(file.patch ?? '')
}

/** How far below the first hunk header a line stands: the service's old way to name a line. */
export function positionOf(hunks: readonly PatchHunk[], found: { hunk: number; index: number }): number {
  const before = hunks.slice(0, found.hunk).reduce((sum, hunk) => sum + hunk.lines.length + 1, 0)
  return before + found.index + 1
}

export function currentPlace(thread: Thread): Place {
  const { pull } = thread
  const hunks = hunksOf(pull, thread.path)
  if (hunks === null) return OUTDATED
  if (thread.subject === 'file') return { outdated: false, line: null, startLine: null, position: null }
  const line = follow(thread, thread.line)
  if (line === null) return OUTDATED
  const found = findLine(hunks, thread.side, line)
  if (found === null) return OUTDATED
  const startLine = thread.startLine === null ? null : follow(thread, thread.startLine)
  return { outdated: false, line, startLine, position: positionOf(hunks, found) }
}

/** Deleted lines are counted on the base, which a push does not change; lines of the new side move with the head. */
function follow(thread: Thread, line: number | null): number | null {
  const { pull, commitId, path } = thread
  if (line === null || thread.side === 'LEFT' || commitId === pull.headSha) return line
  const moves = pull.repository.network.history.lineMoves(commitId, pull.headSha, path)
  return moves === null ? null : followLine(moves, line)
}
