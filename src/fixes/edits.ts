// Edits of one file: what is replaced, by offsets, and how an edit becomes a suggestion (whole lines, and a patch that git applies).
// Must stay true: nothing outside of the replaced ranges changes, line ends included; a last line that changes gets the end it lacked.
import type { Suggestion } from '../findings/model.ts'
import { lineIndex, lineStarts } from '../text/lines.ts'

/** Replaces `p` to `e` (offsets in UTF-16 units, end excluded) by `text`. */
export interface TextEdit {
  readonly p: number
  readonly e: number
  readonly text: string
}

/** A possible repair, before anybody has tried it. */
export interface Draft {
  readonly path: string
  readonly edits: readonly TextEdit[]
  /** one sentence in the imperative, without a full stop */
  readonly title: string
  /** `unsafe`: it changes more than the phase in which the work runs, so somebody has to look at it */
  readonly disposition: Suggestion['disposition']
}

/** The text after all edits, or null when two of them overlap. */
export function edited(text: string, edits: readonly TextEdit[]): string | null {
  let out = ''
  let at = 0
  for (const edit of edits.toSorted((a, b) => a.p - b.p || a.e - b.e)) {
    if (edit.p < at) return null
    out += text.slice(at, edit.p) + edit.text
    at = edit.e
  }
  return out + text.slice(at)
}

/** Lines without their ends, and whether the last one is ended. */
interface Lines {
  readonly lines: readonly string[]
  readonly ended: boolean
}

function linesOf(text: string): Lines {
  const lines = text.split('\n')
  const ended = lines.at(-1) === ''
  return { lines: ended ? lines.slice(0, -1) : lines, ended }
}

/** One run of changed lines: old lines `from` to `to` (from 0, end excluded) became `now`. */
interface Change {
  readonly from: number
  readonly to: number
  readonly now: readonly string[]
}

/** The changed runs of lines, in order; edits that touch each other are one run. */
function changesOf(text: string, edits: readonly TextEdit[]): Change[] {
  const starts = lineStarts(text).filter((start) => start === 0 || text.charAt(start - 1) === '\n')
  const offsetOf = (line: number): number => starts[line] ?? text.length
  const groups: { from: number; to: number; edits: TextEdit[] }[] = []
  for (const edit of edits.toSorted((a, b) => a.p - b.p)) {
    const from = lineIndex(starts, edit.p)
    const whole = edit.e === offsetOf(from) && edit.p === edit.e
    const last = edit.e > edit.p && edit.e === offsetOf(lineIndex(starts, edit.e)) ? edit.e - 1 : edit.e
    const to = whole && edit.text.endsWith('\n') ? from : lineIndex(starts, last) + 1
    const open = groups.at(-1)
    if (open !== undefined && from <= open.to) {
      open.to = Math.max(open.to, to)
      open.edits.push(edit)
    } else groups.push({ from, to, edits: [edit] })
  }
  return groups.map(({ from, to, edits: own }) => {
    const [p, e] = [offsetOf(from), offsetOf(to)]
    const now = edited(
      text.slice(p, e),
      own.map((edit) => ({ p: edit.p - p, e: edit.e - p, text: edit.text })),
    )
    return {
      from,
      to,
      now: now === null || now === '' ? [] : linesOf(now.endsWith('\n') ? now : now + endOf(text)).lines,
    }
  })
}

const CONTEXT = 3

/** The edits as `git apply` reads them: one file, three lines of context. */
function patchOf(path: string, text: string, changes: readonly Change[]): string {
  const { lines: old, ended } = linesOf(text)
  const hunks: Change[][] = []
  for (const change of changes) {
    const open = hunks.at(-1)?.at(-1)
    if (open !== undefined && change.from - open.to <= 2 * CONTEXT) hunks.at(-1)?.push(change)
    else hunks.push([change])
  }
  const out = [`--- a/${path}`, `+++ b/${path}`]
  let shift = 0
  for (const hunk of hunks) {
    const first = Math.max(0, (hunk[0]?.from ?? 0) - CONTEXT)
    const last = Math.min(old.length, (hunk.at(-1)?.to ?? 0) + CONTEXT)
    const body: string[] = []
    let at = first
    let grown = 0
    const context = (until: number): void => {
      for (; at < until; at++) body.push(...marked(' ', old[at] ?? '', !ended && at === old.length - 1))
    }
    for (const { from, to, now } of hunk) {
      context(from)
      for (; at < to; at++) body.push(...marked('-', old[at] ?? '', !ended && at === old.length - 1))
      for (const line of now) body.push(`+${line}`)
      grown += now.length - (to - from)
    }
    context(last)
    const size = last - first
    out.push(
      `@@ -${lineNumber(first, size)},${size} +${lineNumber(first + shift, size + grown)},${size + grown} @@`,
      ...body,
    )
    shift += grown
  }
  return `${out.join('\n')}\n`
}

/** Line numbers count from 1; a range without lines stands after the line it names. */
function lineNumber(index: number, size: number): number {
  return size === 0 ? index : index + 1
}

function marked(mark: ' ' | '-' | '+', line: string, unended: boolean): string[] {
  return unended ? [mark + line, '\\ No newline at end of file'] : [mark + line]
}

/** A coding cookie in the first two lines (PEP 263) that is not UTF-8: such a file is not written back. */
const FOREIGN_ENCODING = /^(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*(?!utf-?8\b)[-\w.]+/i

/** Whether every line ends in LF, or every line in CRLF: only then are lines counted alike everywhere and can be written back. */
function hasOneLineEnd(text: string): boolean {
  return !/\r(?!\n)/.test(text) && (!text.includes('\r') || !/(?<!\r)\n/.test(text))
}

/**
 * The draft as a suggestion: the lines from its first to its last change, and a patch. Null when it changes nothing, or when the host would
 * count the file's lines differently (mixed line ends).
 */
export function suggestionOf(draft: Draft, text: string): Suggestion | null {
  if (!hasOneLineEnd(text) || FOREIGN_ENCODING.test(text)) return null
  const changes = changesOf(text, draft.edits)
  const [first, last] = [changes[0], changes.at(-1)]
  if (first === undefined || last === undefined) return null
  const { lines } = linesOf(text)
  // a suggestion replaces lines by lines: an insertion, and a deletion, keep the line before (at the top of the file the one after)
  const inserts = first.from === last.to
  const vanishes = changes.length === 1 && first.now.length === 0
  const from = inserts || vanishes ? Math.max(0, first.from - 1) : first.from
  const to = (inserts || vanishes) && first.from === 0 ? last.to + 1 : last.to
  const replaced: string[] = []
  let at = from
  for (const change of changes) {
    replaced.push(...lines.slice(at, change.from), ...change.now)
    at = change.to
  }
  replaced.push(...lines.slice(at, to))
  return {
    path: draft.path,
    startLine: from + 1,
    endLine: to,
    replacement: replaced.map((line) => line.replace(/\r$/, '')).join('\n'),
    disposition: draft.disposition,
    title: draft.title,
    patch: patchOf(draft.path, text, changes),
  }
}

/** The file's line end. */
function endOf(text: string): '\r\n' | '\n' {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** The text with a suggestion's lines in place, in the file's own line ends; a last line that changes is ended. */
export function applied(text: string, { startLine, endLine, replacement }: Suggestion): string {
  const starts = lineStarts(text)
  const from = starts[startLine - 1] ?? text.length
  const to = starts[endLine] ?? text.length
  const end = endOf(text)
  return text.slice(0, from) + replacement.replaceAll('\n', end) + end + text.slice(to)
}
