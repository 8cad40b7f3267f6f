// Reads the patch of one file, as the host and git give it: hunks, without or with file headers. Line numbers are counted at LF.
// parse-diff repeats the mark "\ No newline at end of file" as one more change, and when a hunk is shorter than its header says it takes
// the next header for a line of context, so that every later number is wrong. So each hunk is held against its header, and a patch that
// does not fit is no patch at all: null, and the anchors of the file are unknown. Paths in the text are never used.
import parseDiff from 'parse-diff'
import type { Hunk } from './model.ts'

/** The hunks of a patch, top to bottom; empty for an empty patch; null if any hunk does not fit its header. */
export function parsePatch(patch: string): readonly Hunk[] | null {
  const text = patch.endsWith('\n') ? patch.slice(0, -1) : patch
  if (text === '') return []
  const start = text.startsWith('@@ ') ? 0 : text.indexOf('\n@@ ') + 1
  if (start === 0 && !text.startsWith('@@ ')) return null
  const body = text.slice(start)
  const files = parseDiff(body)
  const chunks = files[0]?.chunks ?? []
  if (files.length !== 1 || !isComplete(chunks, body)) return null
  const hunks = chunks.map((chunk) => hunkFrom(chunk))
  return hunks.every((hunk, at) => follows(hunk, hunks[at - 1])) ? hunks : null
}

/** Every line of the text is a header or a change of a hunk, and every hunk has as many lines as its header says. */
function isComplete(chunks: readonly parseDiff.Chunk[], text: string): boolean {
  const lines = chunks.reduce((sum, chunk) => sum + 1 + chunk.changes.length, 0)
  return lines === countLines(text) && chunks.every((chunk) => fitsHeader(chunk))
}

function fitsHeader(chunk: parseDiff.Chunk): boolean {
  let old = 0
  let now = 0
  for (const change of chunk.changes) {
    if (isNoNewlineMark(change)) continue
    if (change.type !== SIGNS[change.content.charAt(0)]) return false
    if (change.type !== 'add') old++
    if (change.type !== 'del') now++
  }
  return old === chunk.oldLines && now === chunk.newLines
}

const SIGNS: Readonly<Record<string, parseDiff.ChangeType>> = { ' ': 'normal', '+': 'add', '-': 'del' }

/** Lines of a file begin with a blank, `+` or `-`, so a backslash can only be git's mark. */
function isNoNewlineMark(change: parseDiff.Change): boolean {
  return change.content.startsWith('\\')
}

function countLines(text: string): number {
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/** Hunks are in order, do not overlap, and their distance is the same on both sides. */
function follows(hunk: Hunk, before: Hunk | undefined): boolean {
  if (before === undefined) return true
  const old = firstLine(hunk.oldStart, hunk.oldLines) - firstLine(before.oldStart, before.oldLines) - before.oldLines
  const now = firstLine(hunk.newStart, hunk.newLines) - firstLine(before.newStart, before.newLines) - before.newLines
  return old === now && now >= 0
}

/** A side without lines is numbered by the line before it (unified format), every other by its first line. */
function firstLine(start: number, count: number): number {
  return count === 0 ? start + 1 : start
}

function hunkFrom(chunk: parseDiff.Chunk): Hunk {
  const added: number[] = []
  const deletions: { before: number; count: number }[] = []
  let line = firstLine(chunk.newStart, chunk.newLines)
  for (const change of chunk.changes) {
    if (isNoNewlineMark(change)) continue
    if (change.type === 'del') {
      const last = deletions.at(-1)
      if (last?.before === line) last.count++
      else deletions.push({ before: line, count: 1 })
      continue
    }
    if (change.type === 'add') added.push(line)
    line++
  }
  const { newStart, newLines, oldStart, oldLines } = chunk
  return { newStart, newLines, oldStart, oldLines, added, deletions }
}
