// The one-click repair of a hook that was called instead of passed: the call is replaced by the function's name.
// Only offered when nothing is lost by it: the call has no argument but a plain name, which the framework passes itself.
import type { RawFinding, Suggestion } from '../findings/model.ts'

/** A file of the head: its text and the offsets of its lines, as the program keeps them. */
export interface SourceText {
  readonly text: string
  readonly lines: readonly number[]
}

/** A dotted name and an argument list of at most one plain name: `setup_module(app_context)`, `await self.setup()`. */
const CALL =
  /^(?:await\s+)?([\p{ID_Start}_][\p{ID_Continue}]*(?:\.[\p{ID_Start}_][\p{ID_Continue}]*)*)\(\s*(?:[\p{ID_Start}_][\p{ID_Continue}]*)?\s*\)/u

/** The edit for a `hook-called-not-passed` finding, or null when it is not certain. Not verified here: the review analyses the result. */
export function passTheHook(finding: RawFinding, source: (file: string) => SourceText | null): Suggestion | null {
  if (finding.rule !== 'hook-called-not-passed') return null
  const place = finding.trace[0] ?? finding.location
  const file = source(place.file)
  const start = file?.lines[place.line - 1]
  if (file === null || start === undefined) return null
  const offset = start + place.column - 1
  const call = CALL.exec(file.text.slice(offset, offset + LONGEST))
  const name = call?.[1]
  if (call === null || name === undefined || call[0].includes('\n')) return null
  const end = file.lines[place.line] ?? file.text.length
  const line = file.text.slice(start, end).replace(/[\r\n]+$/, '')
  const before = line.slice(0, place.column - 1)
  const replacement = `${before}${name}${line.slice(before.length + call[0].length)}`
  return { path: place.file, startLine: place.line, endLine: place.line, replacement, disposition: 'safe' }
}
/** Longest call that is looked at, in UTF-16 units. */
const LONGEST = 400

/** The text of a file after an edit of whole lines. */
export function applied(file: SourceText, edit: Suggestion): string {
  const from = file.lines[edit.startLine - 1] ?? 0
  const to = file.lines[edit.endLine] ?? file.text.length
  const ending = /(?:\r\n|\r|\n)$/.exec(file.text.slice(from, to))?.[0] ?? ''
  return file.text.slice(0, from) + edit.replacement + ending + file.text.slice(to)
}
