// Tabs and blanks in indentation, by CPython's rule: every logical line is measured twice, with tabs to the next multiple of 8 and
// with tabs as one column, and both measures must agree on what is deeper, equal and shallower (TabError otherwise). A form feed
// sets the column back to 0. The parser package has a weaker rule, and takes some consistent mixtures for indents of their own.

import { lineIndex } from '../text/lines.ts'
import { DEDENT, END_OF_STREAM, INDENT, NEW_LINE } from './tokens.ts'
import type { TokenList } from './tokens.ts'

export interface Indentation {
  /** offset of the first line whose indentation contradicts the lines before it, or -1 */
  readonly inconsistentAt: number
  /** the text with single blanks for the tabs that indent, where a line mixes both: same offsets, same nesting; else null */
  readonly untabbed: string | null
}

const TAB_SIZE = 8

/** Measures every logical line; `lines` are the line starts of `text`. Without tabs there is nothing to find. */
export function checkIndentation(text: string, tokens: TokenList, lines: readonly number[]): Indentation {
  const levels: Measure[] = [{ wide: 0, narrow: 0 }]
  const mixed: { readonly start: number; readonly end: number }[] = []
  let isMixed = false
  for (const start of logicalLines(tokens)) {
    const from = lines[lineIndex(lines, start)] ?? 0
    const indent = text.slice(from, start)
    if (/[^ \t\f]/.test(indent)) continue
    if (!follows(levels, measure(indent))) return { inconsistentAt: start, untabbed: null }
    if (indent.includes('\t')) {
      mixed.push({ start: from, end: start })
      isMixed ||= indent.includes(' ')
    }
  }
  return { inconsistentAt: -1, untabbed: isMixed ? untab(text, mixed) : null }
}

/** Offsets of the first token of every logical line. */
function* logicalLines(tokens: TokenList): Generator<number> {
  let fresh = true
  for (let index = 0; index < tokens.count; index++) {
    const { type, start } = tokens.getItemAt(index)
    if (type === NEW_LINE) fresh = true
    else if (type !== INDENT && type !== DEDENT && type !== END_OF_STREAM) {
      if (fresh) yield start
      fresh = false
    }
  }
}

interface Measure {
  readonly wide: number
  readonly narrow: number
}

function measure(indent: string): Measure {
  let wide = 0
  let narrow = 0
  for (const character of indent) {
    if (character === '\f') wide = narrow = 0
    else {
      wide = character === '\t' ? (Math.floor(wide / TAB_SIZE) + 1) * TAB_SIZE : wide + 1
      narrow++
    }
  }
  return { wide, narrow }
}

/** Enters or leaves levels as CPython's tokenizer does; false = both measures contradict each other. */
function follows(levels: Measure[], next: Measure): boolean {
  const top = levels.at(-1) ?? next
  if (next.wide > top.wide) {
    levels.push(next)
    return next.narrow > top.narrow
  }
  while (levels.length > 1 && (levels.at(-1)?.wide ?? 0) > next.wide) levels.pop()
  const level = levels.at(-1) ?? next
  // a dedent to no level at all is an error that the parser reports
  return level.wide !== next.wide || level.narrow === next.narrow
}

function untab(text: string, ranges: readonly { readonly start: number; readonly end: number }[]): string {
  const pieces: string[] = []
  let from = 0
  for (const { start, end } of ranges) {
    pieces.push(text.slice(from, start), text.slice(start, end).replaceAll('\t', ' '))
    from = end
  }
  pieces.push(text.slice(from))
  return pieces.join('')
}
