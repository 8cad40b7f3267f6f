// One source line for a terminal, with carets under the expression: tabs widened, secrets masked, invisible characters escaped.
// Columns count from 1 in UTF-16 units, cells of the terminal from 0; nothing here colours.
import { LONGEST_QUOTE, MASK, secretSpans } from './secrets.ts'
import { visible } from './visible.ts'

export interface Excerpt {
  readonly text: string
  /** blanks and carets, as wide as needed */
  readonly carets: string
}

/** Where the expression stands on the line: end exclusive; null when it goes on to the next line. */
export interface Range {
  readonly column: number
  readonly endColumn: number | null
}

const TAB = 4
/** Cells kept before the expression when a long line has to be cut on its left. */
const LEAD = 12

/** What is shown for every UTF-16 unit of the line ('' for a unit whose cell another one shows). */
function cellsOf(line: string): string[] {
  const cells: string[] = []
  const masks = secretSpans(line)
  for (let at = 0; at < line.length; ) {
    const mask = masks.find(([start]) => start === at)
    const unit = mask === undefined ? String.fromCodePoint(line.codePointAt(at) ?? 0) : line.slice(mask[0], mask[1])
    cells.push(mask === undefined ? shown(unit) : MASK)
    for (let i = 1; i < unit.length; i += 1) cells.push('')
    at += unit.length
  }
  return cells
}

function shown(character: string): string {
  return character === '\t' ? ' '.repeat(TAB) : visible(character)
}

/** Cells that a terminal uses: two for East Asian wide characters and emoji, none for combining marks. */
export function widthOf(text: string): number {
  let width = 0
  for (const c of text) width += /\p{Mn}|\p{Me}/u.test(c) ? 0 : isWide(c.codePointAt(0) ?? 0) ? 2 : 1
  return width
}

// Blocks of Unicode's East Asian Width W and F that occur in practice.
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1faff],
  [0x20000, 0x3fffd],
]

function isWide(point: number): boolean {
  return WIDE.some(([from, to]) => point >= from && point <= to)
}

/** The line cut to `width` cells around the expression, and carets below it. */
export function excerpt(line: string, range: Range, width: number): Excerpt {
  const whole = line.slice(0, LONGEST_QUOTE).trimEnd()
  const cells = cellsOf(whole)
  const start = Math.min(range.column - 1, cells.length)
  const end = Math.max(start + 1, Math.min(range.endColumn === null ? cells.length : range.endColumn - 1, cells.length))
  const indent = Math.min(whole.length - whole.trimStart().length, start)
  const before = cells.slice(indent, start)
  const inside = cells.slice(start, end)
  const lead = widthOf(before.join('')) + widthOf(inside.join('')) > width ? trimmedLeft(before, LEAD) : before.join('')
  const text = fitRight(lead + inside.join('') + cells.slice(end).join(''), width)
  const carets = '^'.repeat(Math.max(1, widthOf(inside.join(''))))
  return { text, carets: fitRight(' '.repeat(widthOf(lead)) + carets, width).replace('…', '^') }
}

function trimmedLeft(cells: readonly string[], width: number): string {
  const kept: string[] = []
  let used = 0
  for (const cell of cells.toReversed()) {
    used += widthOf(cell)
    if (used >= width) return `…${kept.toReversed().join('')}`
    kept.push(cell)
  }
  return cells.join('')
}

function fitRight(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let used = 0
  for (const c of text) {
    used += widthOf(c)
    if (used >= width) break
    kept += c
  }
  return `${kept}…`
}
