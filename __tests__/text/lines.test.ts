// Lines as CPython counts them and as GitHub counts them.

import { describe, expect, test } from '@jest/globals'
import { lfLine, lfPosition, lineIndex, lineStarts, position } from '../../src/text/lines.ts'

describe('line starts', () => {
  test.each<readonly [string, readonly number[]]>([
    ['', [0]],
    ['a', [0]],
    ['a\n', [0, 2]],
    ['a\nb', [0, 2]],
    ['a\r\nb\r\n', [0, 3, 6]],
    ['a\rb\r', [0, 2, 4]],
    ['a\r\rb\n\r', [0, 2, 3, 5, 6]],
    ['a\u2028b\u0085c\fd\ve', [0]],
    ['\r\n\n\r', [0, 2, 3, 4]],
  ])('%j', (text, starts) => {
    expect(lineStarts(text)).toEqual(starts)
  })
})

test.each([
  [0, { line: 1, column: 1 }],
  [1, { line: 1, column: 2 }],
  [2, { line: 2, column: 1 }],
  [5, { line: 3, column: 1 }],
  [9, { line: 3, column: 5 }],
])('offset %i of a\\rbc\\nd😀e', (offset, expected) => {
  expect(position(lineStarts('a\rbc\nd😀e'), offset)).toEqual(expected)
})

test('the line of every offset', () => {
  const starts = lineStarts('\n\na\n')
  expect([0, 1, 2, 3, 4].map((offset) => lineIndex(starts, offset))).toEqual([0, 1, 2, 2, 3])
})

test.each([
  ['a\rb\nc', 2, 1, 3],
  ['a\rb\nc', 4, 2, 1],
  ['a\r\nb', 3, 2, 1],
  ['a\nb', 1, 1, 2],
  ['', 0, 1, 1],
])('GitHub puts offset %#: %j %i at line %i, column %i', (text, offset, line, column) => {
  expect(lfLine(text, offset)).toBe(line)
  expect(lfPosition(text, offset)).toEqual({ line, column })
})
