import { describe, expect, test } from '@jest/globals'
import { applied } from '../../src/fixes/hook.ts'
import { replacing } from '../../src/fixes/verify.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { lineStarts } from '../../src/text/lines.ts'

const edit = { path: 'a.py', startLine: 2, endLine: 2, replacement: 'B', disposition: 'safe' as const }

describe('an edit replaces whole lines and keeps their ends', () => {
  test.each([
    ['a\nb\nc\n', 'a\nB\nc\n'],
    ['a\r\nb\r\nc', 'a\r\nB\r\nc'],
    ['a\nb', 'a\nB'],
  ])('%j', (text, expected) => {
    expect(applied({ text, lines: lineStarts(text) }, edit)).toBe(expected)
  })
})

test('one file is replaced, everything else is read from below', async () => {
  const reader = replacing(memoryReader({ 'a.py': 'old', 'b.py': 'same' }), 'a.py', 'new')
  const contents = await reader.read(await reader.list())
  const texts = [...contents].map(([path, bytes]) => [
    path,
    bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : '',
  ])
  expect(Object.fromEntries(texts)).toEqual({ 'a.py': 'new', 'b.py': 'same' })
})
