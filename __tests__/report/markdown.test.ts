// The safe Markdown type: whatever goes in, code stays inside its marks and words stay words.
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { code, codeCell, details, fence, link, list, md, prose, table, text } from '../../src/report/markdown.ts'
import { visible, visibleBlock } from '../../src/report/visible.ts'
import { HOSTILE, hostile } from '../support/hostile.ts'
import { readMarkdown } from '../support/markdown-reader.ts'

describe('code spans', () => {
  test.each([
    ['x', '`x`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['``x', '``` ``x ```'],
    [' x', '`  x `'],
    ['', '(empty)'],
    ['  ', '`  `'],
    ['a\nb', '`a\\x0ab`'],
    ['\u202Ecod', '`\\u202ecod`'],
  ])('%j', (value, expected) => {
    expect(code(value)).toBe(expected)
  })

  test('any text is exactly one span that holds it', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        fc.pre(value !== '')
        expect(readMarkdown(`a ${code(value)} b`)).toMatchObject({ outside: 'a \uFFFC b', spans: [visible(value)] })
      }),
    )
  })

  test('a long text is shortened without splitting a surrogate pair', () => {
    expect(code(`${'x'.repeat(398)}😀y`)).toBe(`\`${'x'.repeat(398)}…\``)
  })
})

describe('fences', () => {
  test.each([
    ['x = 1', '```python\nx = 1\n```'],
    ['x = 1\n', '```python\nx = 1\n```'],
    ['', '```python\n```'],
    ['```\nx', '````python\n```\nx\n````'],
    ['a\r\nb\rc', '```python\na\nb\\x0dc\n```'],
  ])('%j', (value, expected) => {
    expect(fence(value, 'python')).toBe(expected)
  })

  test('any text is exactly one block that holds it', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        fc.pre(value !== '')
        const read = readMarkdown(`before\n\n${fence(value, 'python')}\n\nafter`)
        expect(read.openFence).toBe(false)
        expect(read.fences).toEqual([{ info: 'python', content: visibleBlock(value).replace(/\n$/, '') }])
        expect(read.outside.replace(/\n+/g, ' ').trim()).toBe('before \uFFFC after')
      }),
    )
  })
})

describe('words', () => {
  test.each([
    ['plain words, (really).', 'plain words, (really).'],
    ['*a* _b_ [c](d) ~e~', '\\*a\\* \\_b\\_ \\[c\\](d) \\~e\\~'],
    ['<b> & |', '&lt;b&gt; &amp; &#124;'],
    ['@org/team', '@\u200Borg/team'],
    ['see #12 and GH-3', 'see \\#\u200B12 and GH-\u200B3'],
    [':tada: http://x www.x', ':\u200Btada: http:\u200B//x www\u200B.x'],
    ['# heading', '\\# heading'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['1.2.3', '1.2.3'],
    ['a\nb', 'a\\\\x0ab'],
  ])('%j', (value, expected) => {
    expect(text(value)).toBe(expected)
  })

  test('marks become code where they pair, characters where they do not', () => {
    expect(prose('call `a` and `b')).toBe('call `a` and \\`b')
    expect(prose('`@x` by @y')).toBe('`@x` by @\u200By')
  })

  test('no text makes anything but words', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const { outside, spans } = readMarkdown(`x ${text(value)}`)
        expect(spans).toEqual([])
        expect(outside).not.toMatch(/[<>|]|@(?!\u200B)|(?<!\\)[[\]*_~`]|:\/\/|\n\S*\n/)
      }),
    )
  })
})

test('a link needs a plain address, otherwise the label stands alone', () => {
  expect(link(md`run`, 'https://github.com/a/b')).toBe('[run](https://github.com/a/b)')
  for (const url of [null, 'javascript:alert(1)', 'https://x/)(', 'https://x/<', 'https://x/ y'])
    expect(link(md`run`, url)).toBe('run')
})

test('the summary of a fold is words, not markup', () => {
  expect(details('</summary><b> @x #1', md`body`)).toBe(
    '<details><summary>&lt;/summary&gt;&lt;b&gt; @\u200Bx &#35;\u200B1</summary>\n\nbody\n\n</details>',
  )
})

test('a cell never holds a bar or a line break', () => {
  for (const value of HOSTILE) {
    const row = table([md`head`], [[codeCell(value)]]).split('\n')
    expect(row).toHaveLength(3)
    expect(row[2]?.slice(1, -1)).not.toContain('|')
  }
})

test('lists are numbered or dotted', () => {
  expect(list([md`a`, md`b`], 'number')).toBe('1. a\n2. b')
  expect(list([md`a`], 'bullet')).toBe('- a')
})
