import { describe, expect, test } from '@jest/globals'
import type { ChangeSet, Hunk } from '../../src/diff/model.ts'
import type { Placement, RuleId, Suggestion } from '../../src/findings/model.ts'
import { placeOnEdit } from '../../src/placement/edit.ts'

const hunk = (over: Partial<Hunk> = {}): Hunk => ({
  newStart: 1,
  newLines: 20,
  oldStart: 1,
  oldLines: 18,
  added: [5, 6],
  deletions: [],
  ...over,
})
const changes = (...hunks: readonly Hunk[]): ChangeSet => ({
  files: [{ path: 'a.py', previousPath: 'a.py', status: 'modified', hunks, anchoring: 'valid' }],
})
const edit = (over: Partial<Suggestion> = {}): Suggestion => ({
  path: 'a.py',
  startLine: 4,
  endLine: 6,
  replacement: 'x',
  disposition: 'safe',
  title: 'Change it',
  patch: '',
  ...over,
})
const LINE: Placement = { kind: 'line', path: 'a.py', side: 'RIGHT', line: 5 }
const RANGE: Placement = { kind: 'range', path: 'a.py', side: 'RIGHT', startLine: 4, line: 6 }
const placed = (over: Partial<Suggestion> = {}, hunks = [hunk()], rule: RuleId = 'hook-called-not-passed'): Placement =>
  placeOnEdit({ rule }, LINE, edit(over), changes(...hunks))

test('a comment about a registration stands on the lines that its edit replaces', () => {
  expect(placed()).toEqual(RANGE)
  expect(placed({ startLine: 5, endLine: 5 })).toEqual(LINE)
})

describe('it stays where it is', () => {
  test.each<[string, Placement]>([
    ['a finding about work', placed({}, [hunk()], 'database-in-phase-1')],
    ['an edit that has to be looked at', placed({ disposition: 'unsafe' })],
    ['an edit elsewhere in the file', placed({ startLine: 7, endLine: 8 })],
    ['an edit of another file', placed({ path: 'b.py' })],
    ['an edit over two hunks', placed({ endLine: 25 }, [hunk(), hunk({ newStart: 22, newLines: 9 })])],
    ['lines that no hunk shows', placed({}, [hunk({ newStart: 5 })])],
    ['a deletion between the lines', placed({}, [hunk({ deletions: [{ before: 6, count: 1 }] })])],
    ['a file with CRLF', placed({ patch: '+x\r\n' })],
    ['an edit of many lines', placed({ startLine: 1, endLine: 31 }, [hunk({ newLines: 40 })])],
  ])('%s', (_, placement) => {
    expect(placement).toEqual(LINE)
  })

  test('a file-level comment', () => {
    const file: Placement = { kind: 'file', path: 'a.py' }
    expect(placeOnEdit({ rule: 'missing-setup-hook' }, file, edit(), changes(hunk()))).toEqual(file)
  })
})
