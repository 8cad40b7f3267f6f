// Questions about hunks: where may a comment stand, what was added, what was deleted next to it. A comment may stand on every line of the
// new side that a hunk shows, added or context (GitHub, "Create a review comment for a pull request": side RIGHT), and nowhere else.
import type { Hunk } from './model.ts'

/** The hunk that shows a line of the new side, or null. */
export function hunkOf(hunks: readonly Hunk[], line: number): Hunk | null {
  return hunks.find((hunk) => line >= hunk.newStart && line < hunk.newStart + hunk.newLines) ?? null
}

export function isCommentable(hunks: readonly Hunk[], line: number): boolean {
  return hunkOf(hunks, line) !== null
}

export function isAdded(hunks: readonly Hunk[], line: number): boolean {
  return hunkOf(hunks, line)?.added.includes(line) ?? false
}

/** The added lines between two lines, both included, ascending. */
export function addedWithin(hunks: readonly Hunk[], first: number, last: number): readonly number[] {
  return hunks.flatMap((hunk) => hunk.added.filter((line) => line >= first && line <= last))
}

/** New-side numbers of the lines that a hunk only shows. */
export function contextLines(hunk: Hunk): readonly number[] {
  const added = new Set(hunk.added)
  return Array.from({ length: hunk.newLines }, (_, at) => hunk.newStart + at).filter((line) => !added.has(line))
}
