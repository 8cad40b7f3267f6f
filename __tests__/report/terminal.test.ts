// The terminal: whole outputs as goldens, and the carets under an expression, whatever stands on the line.
import { describe, expect, test } from '@jest/globals'
import { excerpt, widthOf } from '../../src/report/excerpt.ts'
import { renderText } from '../../src/report/text.ts'
import { wrapped } from '../../src/report/text-finding.ts'
import { logSafe, shorten, visible } from '../../src/report/visible.ts'
import { ended, golden } from '../support/golden.ts'
import { cleanReview, directoryReview, finding, fullReview, incompleteReview, step } from '../support/review-fixture.ts'

const LINES: Readonly<Record<string, string>> = {
  'modules/standard/shop/api.py:14': '    service = ShopService(app_context)',
  'modules/standard/shop/services.py:9': '        self.items = (session.execute(select(Item))).scalars().all()',
  'modules/core/audit/api.py:9': '    session.commit()',
}
const sources = (file: string, line: number): string | null => LINES[`${file}:${line}`] ?? null
const plain = { color: false, sources, width: 100 }

describe('goldens', () => {
  test.each([
    ['text-full.txt', fullReview],
    ['text-clean.txt', cleanReview],
    ['text-incomplete.txt', incompleteReview],
    ['text-directory.txt', directoryReview],
  ])('%s', (name, review) => {
    const actual = renderText(review, plain)
    expect(ended(actual)).toBe(golden(import.meta.url, name, actual))
  })
})

test('colours change nothing but colours', () => {
  const coloured = renderText(fullReview, { ...plain, color: true })
  expect(coloured).toContain('\u001B[31m')
  // eslint-disable-next-line no-control-regex -- the escape sequences are what is removed
  expect(coloured.replace(/\u001B\[\d+m/g, '')).toBe(renderText(fullReview, plain))
})

test('why is said once per rule', () => {
  const two = renderText({ ...fullReview, findings: [finding(), finding({ fingerprint: 'f' })] }, plain)
  expect(two.match(/ why: /g)).toHaveLength(1)
})

test('the middle of a long path is counted', () => {
  const trace = Array.from({ length: 40 }, (_, i) => step({ line: i + 1 }))
  const text = renderText({ ...fullReview, findings: [finding({ trace })] }, plain)
  expect(text).toContain('… 29 more steps')
  expect(text).toContain('\n  41. modules/standard/shop/services.py:9 ')
})

function shown(line: string, column: number, endColumn: number | null, width = 80): string[] {
  const { text, carets } = excerpt(line, { column, endColumn }, width)
  return [text, carets]
}

describe('carets', () => {
  test.each<[string, string, number, number | null, string[]]>([
    ['the expression', '    x = f(1)', 9, 13, ['x = f(1)', '    ^^^^']],
    ['to the end of the line', '    x = f(', 9, null, ['x = f(', '    ^^']],
    ['after a tab', '\tx =\tf(1)', 6, 10, ['x =    f(1)', '       ^^^^']],
    ['after wide characters', 'x = "日本"; f(1)', 11, 15, ['x = "日本"; f(1)', '            ^^^^']],
    ['after an emoji', 'x = "😀"; f(1)', 11, 15, ['x = "😀"; f(1)', '          ^^^^']],
    ['after an escaped character', 'x = "\u202E"; f(1)', 10, 14, ['x = "\\u202e"; f(1)', '              ^^^^']],
    [
      'after a masked secret',
      'x = "http://u:pw@h"; f(1)',
      22,
      26,
      ['x = "http://***@h"; f(1)', '                    ^^^^'],
    ],
    ['around a masked secret', 'f("http://u:pw@h")', 1, 19, ['f("http://***@h")', '^^^^^^^^^^^^^^^^^']],
    ['beyond the line', 'x', 9, 12, ['x', ' ^']],
    ['on an empty line', '', 1, 1, ['', '^']],
  ])('%s', (_, line, column, endColumn, expected) => {
    expect(shown(line, column, endColumn)).toEqual(expected)
  })

  test('a long line is cut around the expression', () => {
    const line = `${'a = 1; '.repeat(40)}f(1)${'; b = 2'.repeat(40)}`
    const [text = '', carets = ''] = shown(line, 281, 285, 40)
    expect(widthOf(text)).toBeLessThanOrEqual(40)
    expect(text.slice(carets.indexOf('^'), carets.length)).toBe('f(1)')
  })
})

test('lines are wrapped between words', () => {
  expect(wrapped(`${'word '.repeat(20)}end`, 60, '  ')).toEqual([
    `  ${'word '.repeat(11).trim()}`,
    `  ${'word '.repeat(9)}end`,
  ])
})

describe('what cannot be seen', () => {
  test.each([
    ['\u0000\t\n\r\u007F\u0085', '\\x00\\x09\\x0a\\x0d\\x7f\\x85'],
    ['\u202E\u2066\u200B\uFEFF\u2028', '\\u202e\\u2066\\u200b\\ufeff\\u2028'],
    ['\u{E0041}', '\\u{e0041}'],
    ['\uD800', '\\ud800'],
    ['\u3164\u115F', '\\u3164\\u115f'],
    ['é😀 ｅxecute', 'é😀 ｅxecute'],
  ])('%j', (value, expected) => {
    expect(visible(value)).toBe(expected)
  })

  test('commands in a log are broken', () => {
    expect(logSafe('a ##[error]x\n  ::error::y\nb::c')).toBe('a ##\u200B[error]x\n  :\u200B:error::y\nb::c')
  })

  test('shortening never halves a character', () => {
    expect(shorten('ab😀cd', 4)).toBe('ab…')
    expect(shorten('ab😀', 4)).toBe('ab😀')
  })
})
