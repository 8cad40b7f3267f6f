// Our own line diff, for trees that no host and no git compares, and for patches that the host does not send. Lines end at LF alone, as
// git counts; a last line without LF differs from the same line with one. The hunks have three lines of context, as the host's do.
import { markChanges } from './myers.ts'
import type { Marks } from './myers.ts'
import type { Hunk } from './model.ts'

/** Lines of context around a change (git-diff, default of `-U`). */
export const CONTEXT_LINES = 3

/** The hunks between two texts, top to bottom; empty for equal texts. Also works on one character per byte. */
export function hunksOf(oldText: string, newText: string): readonly Hunk[] {
  if (oldText === newText) return []
  const numbers = new Map<string, number>()
  const [old, now] = [numbered(oldText, numbers), numbered(newText, numbers)]
  const marks = markChanges(old, now)
  slideDown(old, marks.removed, marks.added)
  slideDown(now, marks.added, marks.removed)
  return hunksFrom(editsOf(marks))
}

/** Lines, LF included, as numbers: equal lines have equal numbers. */
function numbered(text: string, numbers: Map<string, number>): Int32Array {
  const ids: number[] = []
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start)
    const line = end < 0 ? text.slice(start) : text.slice(start, end + 1)
    let id = numbers.get(line)
    if (id === undefined) numbers.set(line, (id = numbers.size))
    ids.push(id)
    start += line.length
  }
  return Int32Array.from(ids)
}

/**
 * A block that was only added (or only deleted) can often stand at several places; git shows the last one, so that an inserted function
 * begins with its own first line. Blocks that meet while moving become one.
 */
function slideDown(lines: Int32Array, marks: Uint8Array, otherMarks: Uint8Array): void {
  let other = 0
  for (let at = 0; at < lines.length; ) {
    const otherStart = other
    while (otherMarks[other] === 1) other++
    if (marks[at] !== 1) {
      at++
      other++
      continue
    }
    let start = at
    let end = endOf(marks, at)
    if (otherStart < other) {
      at = end
      continue
    }
    while (end < lines.length && lines[start] === lines[end] && otherMarks[other] !== 1) {
      marks[start++] = 0
      marks[end] = 1
      other++
      end = endOf(marks, end)
    }
    at = end
  }
}

function endOf(marks: Uint8Array, start: number): number {
  let end = start
  while (marks[end] === 1) end++
  return end
}

/** Lines old..old+removed were replaced by now..now+added; numbers from 0. */
interface Edit {
  readonly old: number
  readonly removed: number
  readonly now: number
  readonly added: number
}

/** The edits, and how many lines each side has. */
interface Edits {
  readonly edits: readonly Edit[]
  readonly oldLines: number
  readonly newLines: number
}

function editsOf({ removed, added }: Marks): Edits {
  const edits: Edit[] = []
  let old = 0
  let now = 0
  while (old < removed.length || now < added.length) {
    const [oldEnd, nowEnd] = [endOf(removed, old), endOf(added, now)]
    if (oldEnd > old || nowEnd > now) edits.push({ old, removed: oldEnd - old, now, added: nowEnd - now })
    old = oldEnd + 1
    now = nowEnd + 1
  }
  return { edits, oldLines: removed.length, newLines: added.length }
}

/** Edits whose contexts touch share a hunk (git: at most twice the context between them). */
function hunksFrom({ edits, oldLines, newLines }: Edits): readonly Hunk[] {
  const groups: Edit[][] = []
  for (const edit of edits) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group !== undefined && last !== undefined && edit.old - last.old - last.removed <= 2 * CONTEXT_LINES)
      group.push(edit)
    else groups.push([edit])
  }
  return groups.flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)]
    if (first === undefined || last === undefined) return []
    const before = Math.min(CONTEXT_LINES, first.old)
    const after = Math.min(CONTEXT_LINES, oldLines - last.old - last.removed)
    const old = { start: first.old - before, end: Math.min(oldLines, last.old + last.removed + after) }
    const now = { start: first.now - before, end: Math.min(newLines, last.now + last.added + after) }
    return [
      {
        newStart: firstNumber(now.start, now.end),
        newLines: now.end - now.start,
        oldStart: firstNumber(old.start, old.end),
        oldLines: old.end - old.start,
        added: group.flatMap((edit) => Array.from({ length: edit.added }, (_, at) => edit.now + at + 1)),
        deletions: group
          .filter((edit) => edit.removed > 0)
          .map((edit) => ({ before: edit.now + 1, count: edit.removed })),
      },
    ]
  })
}

/** Unified format: a side without lines is numbered by the line before it. */
function firstNumber(start: number, end: number): number {
  return end > start ? start + 1 : start
}
