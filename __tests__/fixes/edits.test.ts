import { describe, expect, test } from '@jest/globals'
import { applied, edited, suggestionOf, type TextEdit } from '../../src/fixes/edits.ts'
import { replacing } from '../../src/fixes/verify.ts'
import { memoryReader } from '../../src/sources/memory.ts'

const draft = (edits: readonly TextEdit[]): Parameters<typeof suggestionOf>[0] => ({
  path: 'a.py',
  edits,
  title: 'Change it',
  disposition: 'safe',
})

describe('an edit as a suggestion replaces lines, and its patch says the same', () => {
  const text = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n'
  test.each<[string, TextEdit[], [number, number, string], string]>([
    ['a word', [{ p: 2, e: 3, text: 'B' }], [2, 2, 'B'], '@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n'],
    ['a line goes', [{ p: 2, e: 4, text: '' }], [1, 2, 'a'], '@@ -1,5 +1,4 @@\n a\n-b\n c\n d\n e\n'],
    ['the first line goes', [{ p: 0, e: 2, text: '' }], [1, 2, 'b'], '@@ -1,4 +1,3 @@\n-a\n b\n c\n d\n'],
    ['a line comes', [{ p: 4, e: 4, text: 'x\n' }], [2, 2, 'b\nx'], '@@ -1,5 +1,6 @@\n a\n b\n+x\n c\n d\n e\n'],
    ['a line comes first', [{ p: 0, e: 0, text: 'x\n' }], [1, 1, 'x\na'], '@@ -1,3 +1,4 @@\n+x\n a\n b\n c\n'],
    [
      'two places far from each other',
      [
        { p: 0, e: 1, text: 'A' },
        { p: 24, e: 24, text: 'm\n' },
      ],
      [1, 12, 'A\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm'],
      '@@ -1,4 +1,4 @@\n-a\n+A\n b\n c\n d\n@@ -10,3 +10,4 @@\n j\n k\n l\n+m\n',
    ],
  ])('%s', (_, edits, [startLine, endLine, replacement], hunks) => {
    const suggestion = suggestionOf(draft(edits), text)
    expect(suggestion).toEqual({
      path: 'a.py',
      startLine,
      endLine,
      replacement,
      disposition: 'safe',
      title: 'Change it',
      patch: `--- a/a.py\n+++ b/a.py\n${hunks}`,
    })
    expect(suggestion === null ? null : applied(text, suggestion)).toBe(edited(text, edits))
  })

  test('CRLF files keep their line ends, and a last line that changes is ended', () => {
    const crlf = 'a\r\nb\r\nc'
    const suggestion = suggestionOf(draft([{ p: 6, e: 7, text: 'x\r\ny' }]), crlf)
    expect(suggestion).toMatchObject({ startLine: 3, endLine: 3, replacement: 'x\ny' })
    expect(suggestion?.patch).toBe(
      '--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,4 @@\n a\r\n b\r\n-c\n\\ No newline at end of file\n+x\r\n+y\r\n',
    )
    expect(suggestion === null ? null : applied(crlf, suggestion)).toBe('a\r\nb\r\nx\r\ny\r\n')
  })

  test.each(['a\rb\nc\n', 'a\r\nb\nc\n', '# -*- coding: latin-1 -*-\nb\nc\n', '#!x\n# vim: fileencoding=cp1252\nc\n'])(
    'a file that could not be written back has none: %j',
    (source) => {
      expect(suggestionOf(draft([{ p: 0, e: 1, text: 'x' }]), source)).toBeNull()
    },
  )

  test('edits that overlap are no edit', () => {
    expect(
      edited('abc', [
        { p: 0, e: 2, text: '' },
        { p: 1, e: 3, text: '' },
      ]),
    ).toBeNull()
  })
})

test('one file is replaced, everything else is read from below', async () => {
  const reader = replacing(memoryReader({ 'a.py': 'old', 'b.py': 'same' }), new Map([['a.py', 'new']]))
  const contents = await reader.read(await reader.list())
  const texts = [...contents].map(([path, bytes]) => [
    path,
    bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : '',
  ])
  expect(Object.fromEntries(texts)).toEqual({ 'a.py': 'new', 'b.py': 'same' })
})
