// Lines of a text: where they start, which line and column an offset has, and how GitHub counts them.
// Two ways of counting must never be mixed: CPython ends a line at LF, CRLF and a lone CR; GitHub (and git) at LF alone.
// U+2028, U+2029, U+0085, vertical tab and form feed end no line in either. All columns are UTF-16 units from 1.

/** A line and a column, both from 1; columns in UTF-16 units. */
export interface LineColumn {
  readonly line: number
  readonly column: number
}

/**
 * Offsets of the first character of every line as CPython counts lines; the first is always 0, and a text that ends
 * with a line end has one more (empty) line. Linear in the text.
 */
export function lineStarts(text: string): number[] {
  const starts = [0]
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    return starts
  }
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === LF || (unit === CR && text.charCodeAt(at + 1) !== LF)) starts.push(at + 1)
  }
  return starts
}

const LF = 10
const CR = 13

/** Index (from 0) of the line that holds `offset`: the last line that starts at or before it. */
export function lineIndex(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** Line and column of an offset, by the line starts that `lineStarts` gave for the same text. */
export function position(starts: readonly number[], offset: number): LineColumn {
  const index = lineIndex(starts, offset)
  return { line: index + 1, column: offset - (starts[index] ?? 0) + 1 }
}

/** The line of an offset as GitHub counts lines: one more than the number of LF before it. */
export function lfLine(text: string, offset: number): number {
  return lfPosition(text, offset).line
}

/** Line and column of an offset as GitHub counts them (LF alone ends a line). Linear in the offset. */
export function lfPosition(text: string, offset: number): LineColumn {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++
    start = at + 1
  }
  return { line, column: offset - start + 1 }
}
