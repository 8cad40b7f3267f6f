// How the demo shows Markdown in a terminal: what a page would show, wrapped, and of an edit only what changed.
import { describe, expect, test } from '@jest/globals'
import { createPaint, editedLines, markdownLines, openingLines } from '../../src/demo/demo-view.ts'

const paint = createPaint(false)
const LONG = Array.from({ length: 9 }, (_, at) => `line ${at}`).join('\n')

describe('a body', () => {
  test('is shown without what only machines read, addresses of links and folded parts', () => {
    const body = [
      '**Title** with a\\_name',
      '',
      '[`a.py:1`](http://127.0.0.1:1/x/blob/y/a.py#L1) calls',
      '',
      '<details><summary>More</summary>',
      '',
      'folded',
      '',
      '</details>',
      '',
      '<!-- marker -->',
    ].join('\n')
    expect(markdownLines(paint, body)).toEqual(['│ **Title** with a_name', '│', '│ `a.py:1` calls', '│', '│ ▸ More'])
  })

  test('shows one heading for parts that are folded inside of each other', () => {
    const inner = '<details><summary>Inner</summary>\n\na\n\n</details>'
    const body = `<details><summary>Outer</summary>\n\n${inner}\n\nb\n\n${inner}\n\n</details>\n\nc`
    expect(markdownLines(paint, body)).toEqual(['│ ▸ Outer', '│', '│ c'])
  })

  test('is wrapped at words, list items below their text', () => {
    expect(markdownLines(paint, `2. ${'word '.repeat(30).trim()}`)).toEqual([
      `│ 2. ${'word '.repeat(18).trim()}`,
      `│    ${'word '.repeat(12).trim()}`,
    ])
  })

  test('cannot move the cursor', () => {
    expect(markdownLines(paint, 'a\u001B[2Jb')).toEqual(['│ a\\x1b[2Jb'])
  })
})

describe('an edit', () => {
  test('of a long body shows what went and what came', () => {
    expect(editedLines(paint, LONG, LONG.replace('line 4', 'line four'))).toEqual(['│ - line 4', '│ + line four'])
  })

  test('of a body that becomes short shows all of it', () => {
    expect(editedLines(paint, LONG, '~~line 0~~\n\nFixed.')).toEqual(['│ ~~line 0~~', '│', '│ Fixed.'])
  })
})

test('of a long document the beginning is shown, and how much follows', () => {
  expect(openingLines(paint, 'Head\n\nText.\n\n### Section\n\nMore.')).toEqual([
    '│ Head',
    '│',
    '│ Text.',
    '│',
    '│ … 3 more lines',
  ])
  expect(openingLines(paint, 'Head')).toEqual(['│ Head'])
})
