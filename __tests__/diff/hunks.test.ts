import { describe, expect, test } from '@jest/globals'
import { array, boolean, check, constantFrom, property } from 'fast-check'
import { hunksOf } from '../../src/diff/hunks.ts'
import { isCommentable } from '../../src/diff/anchors.ts'
import type { Hunk } from '../../src/diff/model.ts'

const lines = (...items: (string | number)[]): string => items.map((item) => `${item}\n`).join('')
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)

describe('the hunks between two texts', () => {
  test('equal texts have none', () => {
    expect(hunksOf(lines(1, 2), lines(1, 2))).toEqual([])
    expect(hunksOf('', '')).toEqual([])
  })

  test('three lines of context, and one hunk for changes that are close', () => {
    const old = lines(...range(1, 30))
    const now = lines(...range(1, 9), 'ten', ...range(11, 16), 'new', ...range(17, 30))
    expect(hunksOf(old, now)).toEqual([
      {
        oldStart: 7,
        oldLines: 13,
        newStart: 7,
        newLines: 14,
        added: [10, 17],
        deletions: [{ before: 10, count: 1 }],
      },
    ])
  })

  test('seven equal lines between changes make two hunks', () => {
    const hunks = hunksOf(lines('a', ...range(1, 7), 'b'), lines('A', ...range(1, 7), 'B'))
    expect(hunks.map((hunk) => [hunk.newStart, hunk.newLines])).toEqual([
      [1, 4],
      [6, 4],
    ])
  })

  test('a file made of nothing and one that is emptied', () => {
    expect(hunksOf('', lines('a', 'b'))).toEqual([
      { oldStart: 0, oldLines: 0, newStart: 1, newLines: 2, added: [1, 2], deletions: [] },
    ])
    expect(hunksOf(lines('a', 'b'), '')).toEqual([
      { oldStart: 1, oldLines: 2, newStart: 0, newLines: 0, added: [], deletions: [{ before: 1, count: 2 }] },
    ])
  })

  test('a newline at the end of the file counts; only LF ends a line', () => {
    expect(hunksOf('a\nb', 'a\nb\n')).toEqual([
      { oldStart: 1, oldLines: 2, newStart: 1, newLines: 2, added: [2], deletions: [{ before: 2, count: 1 }] },
    ])
    expect(hunksOf('a\rb\u2028c\n', 'a\rx\u2028c\n').map((hunk) => hunk.added)).toEqual([[1]])
  })

  test('an inserted function begins with its own first line', () => {
    const first = ['def a():', '    run()', '']
    const second = ['def b():', '    run()', '']
    const third = ['def c():', '    run()', '']
    expect(hunksOf(lines(...first, ...third), lines(...first, ...second, ...third)).map((it) => it.added)).toEqual([
      [4, 5, 6],
    ])
  })
})

describe('speed', () => {
  test('10,000 lines in which everything, nothing alike, or every second line changed', () => {
    const old = range(1, 10_000)
    const cases: [string, string][] = [
      [lines(...old), lines(...old.map((line) => `new ${line}`))],
      [lines(...old), lines(...old.map((line) => (line % 2 === 0 ? line : `new ${line}`)))],
      [lines(...old), lines(...old.toReversed())],
      [lines(...old.map((line) => line % 7)), lines(...old.map((line) => (line * 31) % 11))],
    ]
    for (const [before, after] of cases) expect(applied(before, hunksOf(before, after), after)).toBe(after)
  })
})

/** The new text made from the old one by the hunks, with the added lines taken from the new text. */
function applied(oldText: string, hunks: readonly Hunk[], newText: string): string {
  const old = oldText.split(/(?<=\n)/)
  const now = newText.split(/(?<=\n)/)
  const out: string[] = []
  let next = 0
  for (const hunk of hunks) {
    const start = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1
    out.push(...old.slice(next, start))
    next = start
    const first = hunk.newLines === 0 ? hunk.newStart + 1 : hunk.newStart
    for (let line = first; line <= first + hunk.newLines; line++) {
      next += hunk.deletions.find((it) => it.before === line)?.count ?? 0
      if (line === first + hunk.newLines) break
      out.push((hunk.added.includes(line) ? now[line - 1] : old[next++]) ?? '?')
    }
    if (next !== start + hunk.oldLines) return `old side of ${JSON.stringify(hunk)} ends at ${next}`
  }
  return [...out, ...old.slice(next)].join('')
}

const text = array(constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 40 }).chain((items) =>
  boolean().map((ended) => items.join('\n') + (ended && items.length > 0 ? '\n' : '')),
)

describe('properties', () => {
  test('the hunks turn the old text into the new one, and every added line may carry a comment', () => {
    const holds = property(text, text, (before, after) => {
      const hunks = hunksOf(before, after)
      const added = hunks.flatMap((hunk) => hunk.added)
      return applied(before, hunks, after) === after && added.every((line) => isCommentable(hunks, line))
    })
    expect(check(holds, { numRuns: 500 }).failed).toBe(false)
  })

  test('hunks are in order and do not overlap', () => {
    const holds = property(text, text, (before, after) => {
      const hunks = hunksOf(before, after)
      return hunks.every((hunk, at) => {
        const last = hunks[at - 1]
        return last === undefined || hunk.newStart >= last.newStart + last.newLines
      })
    })
    expect(check(holds, { numRuns: 200 }).failed).toBe(false)
  })
})
