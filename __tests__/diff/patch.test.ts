import { describe, expect, test } from '@jest/globals'
import { parsePatch } from '../../src/diff/patch.ts'
import { addedWithin, contextLines, hunkOf, isAdded, isCommentable } from '../../src/diff/anchors.ts'

const patch = (...lines: string[]): string => lines.join('\n')

describe('a patch', () => {
  test('with two hunks: added lines, runs of deleted lines, and context', () => {
    const hunks = parsePatch(
      patch(
        '@@ -1,4 +1,5 @@ def f():',
        ' a',
        '-b',
        '-c',
        '+B',
        '+C',
        '+D',
        ' e',
        '@@ -10,3 +11,2 @@',
        ' x',
        '-y',
        ' z',
      ),
    )
    expect(hunks).toEqual([
      {
        oldStart: 1,
        oldLines: 4,
        newStart: 1,
        newLines: 5,
        added: [2, 3, 4],
        deletions: [{ before: 2, count: 2 }],
      },
      { oldStart: 10, oldLines: 3, newStart: 11, newLines: 2, added: [], deletions: [{ before: 12, count: 1 }] },
    ])
    if (hunks === null) return
    expect([1, 5, 6, 10, 11, 12, 13].map((line) => isCommentable(hunks, line))).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
      false,
    ])
    expect([1, 2, 4, 5].map((line) => isAdded(hunks, line))).toEqual([false, true, true, false])
    expect(hunkOf(hunks, 12)).toBe(hunks[1])
    expect(addedWithin(hunks, 3, 12)).toEqual([3, 4])
    expect(hunks.map((hunk) => contextLines(hunk))).toEqual([
      [1, 5],
      [11, 12],
    ])
  })

  test('the mark of a missing newline is no line', () => {
    expect(
      parsePatch(
        patch('@@ -1,2 +1,2 @@', ' a', '-b', '\\ No newline at end of file', '+c', '\\ No newline at end of file'),
      ),
    ).toEqual([
      { oldStart: 1, oldLines: 2, newStart: 1, newLines: 2, added: [2], deletions: [{ before: 2, count: 1 }] },
    ])
  })

  test('of a new and of a removed file', () => {
    expect(parsePatch('@@ -0,0 +1,2 @@\n+a\n+b')).toEqual([
      { oldStart: 0, oldLines: 0, newStart: 1, newLines: 2, added: [1, 2], deletions: [] },
    ])
    expect(parsePatch('@@ -1 +0,0 @@\n-a')).toEqual([
      { oldStart: 1, oldLines: 1, newStart: 0, newLines: 0, added: [], deletions: [{ before: 1, count: 1 }] },
    ])
  })

  test('headers of files are skipped, one newline at the end is allowed, nothing is no hunk', () => {
    const body = '@@ -1 +1 @@\n-a\n+b'
    const expected = [
      { oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, added: [1], deletions: [{ before: 1, count: 1 }] },
    ]
    expect(parsePatch(`diff --git a/x.py b/y.py\nindex 1..2 100644\n--- a/x.py\n+++ b/y.py\n${body}\n`)).toEqual(
      expected,
    )
    expect(parsePatch(body)).toEqual(expected)
    expect(parsePatch('')).toEqual([])
    expect(parsePatch('\n')).toEqual([])
  })

  test('lines that look like headers, end in CR or hold other line ends are lines', () => {
    const hunks = parsePatch(
      patch('@@ -1,4 +1,5 @@', ' @@ -9 +9 @@', '--- a/x', '+++ b/x', '+diff --git a b', ' x\u2028y\u0085z', ' tail\r'),
    )
    expect(hunks).toEqual([
      { oldStart: 1, oldLines: 4, newStart: 1, newLines: 5, added: [2, 3], deletions: [{ before: 2, count: 1 }] },
    ])
  })
})

describe('a patch that does not fit its headers is refused', () => {
  test.each<[string, string]>([
    [
      'a hunk with too few lines before the next',
      patch('@@ -1,3 +1,3 @@', ' a', '-b', '+c', '@@ -9,1 +9,1 @@', '-x', '+y'),
    ],
    ['a last hunk with too few lines', patch('@@ -1,3 +1,3 @@', ' a', '-b', '+c')],
    ['the same with a newline at the end', patch('@@ -1,3 +1,3 @@', ' a', '-b', '+c', '')],
    ['a hunk with too many lines', patch('@@ -1,1 +1,1 @@', '-a', '+b', '+c')],
    ['too many lines that look like a file header', patch('@@ -1,1 +1,1 @@', '-a', '+b', '--- c', '+++ d')],
    ['a line without a sign', patch('@@ -1,2 +1,2 @@', ' a', '*b', ' c')],
    ['hunks out of order', patch('@@ -9 +9 @@', '-a', '+b', '@@ -1 +1 @@', '-a', '+b')],
    ['hunks that overlap', patch('@@ -1,2 +1,2 @@', ' a', ' b', '@@ -2,1 +2,1 @@', '-b', '+c')],
    ['a new side that does not follow from the old one', patch('@@ -1 +1 @@', '-a', '+b', '@@ -9 +8 @@', '-a', '+b')],
    ['a translated mark', patch('@@ -1 +1 @@', '-a', '+b', '\\ Kein Zeilenumbruch am Dateiende.')],
    ['no header', patch(' a', '+b')],
    ['text', 'Binary files a/x.py and b/x.py differ'],
  ])('%s', (_, text) => {
    expect(parsePatch(text)).toBeNull()
  })
})
