import { describe, expect, test } from '@jest/globals'
import { array, check, constantFrom, integer, property, record, tuple } from 'fast-check'
import { hunkOf } from '../../src/diff/anchors.ts'
import { hunksOf } from '../../src/diff/hunks.ts'
import type { ChangeSet, ChangedFile, FileStatus } from '../../src/diff/model.ts'
import type { Finding, Placement } from '../../src/findings/model.ts'
import { placerOn, type PlaceContext, type Related } from '../../src/placement/place.ts'
import { compared, operation, step } from '../findings/finding.ts'

const API = 'm/api.py'
const SERVICES = 'm/services.py'

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `line ${at + 1}`)
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** A file of `count` lines in the head; `edit` makes the base's lines from them. */
function changed(
  path: string,
  count: number,
  edit: (lines: string[]) => string[],
  status: FileStatus = 'modified',
): ChangedFile {
  const head = numbered(count)
  const hunks = hunksOf(text(edit(head)), text(head))
  return { path, previousPath: status === 'added' ? null : path, status, hunks, anchoring: 'valid' }
}

/** The given lines of the head are new or changed. */
const touching =
  (...lines: number[]) =>
  (all: string[]): string[] =>
    all.map((line, at) => (lines.includes(at + 1) ? `old ${line}` : line))

/** Something was deleted right before the given line of the head. */
const deletedBefore =
  (line: number) =>
  (all: string[]): string[] =>
    all.toSpliced(line - 1, 0, 'deleted')

const set = (...files: ChangedFile[]): ChangeSet => ({ files })

/** Both ways of counting agree, and nothing is known but the finding itself. */
const FINDING_ALONE: PlaceContext = { lines: (_path, line) => line, related: () => ({ bindings: [], definitions: [] }) }

function place(finding: Finding, changes: ChangeSet, context = FINDING_ALONE): Placement {
  return placerOn(changes, context)(finding)
}
const line = (path: string, at: number): Placement => ({ kind: 'line', path, side: 'RIGHT', line: at })

/** initialize (api.py:4) → load (services.py:20, then an operation at line 30). */
const FINDING = compared({
  operations: [operation('s.execute', `${SERVICES}:30`)],
  trace: [step(`${API}:4`), step(`${SERVICES}:20`, 'Shop.load', 'm.services.query')],
  workFunction: `${SERVICES}::query`,
  causes: [{ file: API, line: 40, column: 1, endLine: 40, endColumn: 9 }],
})

describe('the order of places', () => {
  test.each<[string, ChangeSet, Placement]>([
    [
      'the changed operation',
      set(changed(SERVICES, 50, touching(30, 20)), changed(API, 50, touching(4))),
      line(SERVICES, 30),
    ],
    [
      'the changed step nearest to it',
      set(changed(SERVICES, 50, touching(20)), changed(API, 50, touching(4))),
      line(SERVICES, 20),
    ],
    [
      'a changed step further away',
      set(changed(SERVICES, 50, touching(1)), changed(API, 50, touching(4, 40))),
      line(API, 4),
    ],
    ['the changed cause', set(changed(SERVICES, 50, touching(1)), changed(API, 50, touching(40))), line(API, 40)],
    ['the line after a deletion', set(changed(SERVICES, 50, deletedBefore(30))), line(SERVICES, 30)],
    ['the line before a deletion', set(changed(SERVICES, 50, deletedBefore(31))), line(SERVICES, 30)],
    ['a step that a hunk shows because of a deletion', set(changed(API, 50, deletedBefore(2))), line(API, 4)],
    ['the file', set(changed(API, 50, touching(20))), { kind: 'file', path: API }],
    [
      'the file nearest to the operation',
      set(changed(API, 50, touching(20)), changed(SERVICES, 50, touching(1))),
      { kind: 'file', path: SERVICES },
    ],
    [
      'a renamed file without hunks',
      set({ path: API, previousPath: 'old.py', status: 'renamed', hunks: [], anchoring: 'unknown' }),
      { kind: 'file', path: API },
    ],
    [
      'the summary',
      set(changed('other.py', 50, touching(4, 30))),
      { kind: 'summary', reason: 'no line of the path to the database is part of this change' },
    ],
    [
      'nothing changed',
      set(),
      { kind: 'summary', reason: 'no line of the path to the database is part of this change' },
    ],
    [
      'a removed file',
      set(changed(SERVICES, 50, touching(30), 'removed')),
      { kind: 'summary', reason: 'the change removes the file in which this stood' },
    ],
    [
      'a new file',
      set(
        changed(SERVICES, 50, () => [], 'added'),
        changed(API, 50, touching(4)),
      ),
      line(SERVICES, 30),
    ],
  ])('%s', (_, changes, expected) => {
    expect(place(FINDING, changes)).toEqual(expected)
  })

  test('findings that are gone or not comparable stand in the summary', () => {
    const changes = set(changed(SERVICES, 50, touching(30)))
    expect([
      place({ ...FINDING, baselineState: null }, changes),
      place({ ...FINDING, baselineState: 'absent' }, changes),
    ]).toEqual([
      { kind: 'summary', reason: 'base or head could not be read far enough to compare this finding' },
      { kind: 'summary', reason: 'the finding is gone' },
    ])
  })
})

describe('several operations', () => {
  const operations = [operation('s.execute', `${SERVICES}:10`), operation('s.commit', `${SERVICES}:30`)]
  const changes = set(changed(SERVICES, 50, touching(10, 30)))

  test('the first changed one', () => {
    expect(place({ ...FINDING, operations }, changes)).toEqual(line(SERVICES, 10))
    expect(place({ ...FINDING, operations }, set(changed(SERVICES, 50, touching(30))))).toEqual(line(SERVICES, 30))
  })

  test('the added one before an old one whose line looks changed', () => {
    const marked = operations.map((it, at) => Object.assign({}, it, { added: at === 1 }))
    expect(place({ ...FINDING, operations: marked, baselineState: 'updated' }, changes)).toEqual(line(SERVICES, 30))
  })
})

describe('an expression of several lines', () => {
  const long = { ...FINDING, operations: [operation('s.execute', `${SERVICES}:10-14`)] }

  test.each<[string, (lines: string[]) => string[], Placement]>([
    ['of which one line changed is that line', touching(12), line(SERVICES, 12)],
    [
      'of which some lines changed is the range of these',
      touching(11, 12),
      { kind: 'range', path: SERVICES, side: 'RIGHT', startLine: 11, line: 12 },
    ],
    [
      'that is new is a range',
      touching(10, 11, 12, 13, 14),
      { kind: 'range', path: SERVICES, side: 'RIGHT', startLine: 10, line: 14 },
    ],
    ['cut by the end of a hunk is its last added line', touching(9, 10), line(SERVICES, 10)],
    [
      'that begins before the hunk is its last line',
      touching(14),
      { kind: 'line', path: SERVICES, side: 'RIGHT', line: 14 },
    ],
  ])('%s', (_, edit, expected) => {
    expect(place(long, set(changed(SERVICES, 50, edit)))).toEqual(expected)
  })

  test('over two hunks is its last line', () => {
    const wide = { ...FINDING, operations: [operation('s.execute', `${SERVICES}:10-24`)] }
    expect(place(wide, set(changed(SERVICES, 50, touching(10, 24))))).toEqual(line(SERVICES, 24))
  })
})

describe('a rule without operations', () => {
  const facts = { operations: [], trace: [], causes: [], location: { file: API, line: 5, column: 1 } }

  test('stands at its own line if that changed, else at the file', () => {
    expect(place(compared(facts), set(changed(API, 50, touching(5))))).toEqual(line(API, 5))
    expect(place(compared(facts), set(changed(API, 50, touching(30))))).toEqual({ kind: 'file', path: API })
  })
})

describe('what the path hangs on', () => {
  const settings = { file: 'm/settings.py', line: 3, endLine: 3 }

  test('a changed binding comes after steps and causes, before deletions', () => {
    const change = set(changed('m/settings.py', 50, touching(3)), changed(SERVICES, 50, deletedBefore(30)))
    expect(place(FINDING, change, context({ bindings: [settings] }))).toEqual(line('m/settings.py', 3))
    const called = set(...change.files, changed(API, 50, touching(4)))
    expect(place(FINDING, called, context({ bindings: [settings] }))).toEqual(line(API, 4))
  })

  test('a deletion anywhere inside a function of the path is related, one outside is not', () => {
    const definitions = [{ file: API, line: 10, endLine: 40 }]
    const far = set(changed(API, 50, deletedBefore(25)))
    expect(place(FINDING, far, context({ definitions }))).toEqual(line(API, 25))
    expect(place(FINDING, far, context({}))).toEqual({ kind: 'file', path: API })
  })
})

describe('line ends', () => {
  test('a lone CR ends a line for Python only', () => {
    const head = 'a = 1\rb = 2\nc = 3\nquery()\n'
    const hunks = hunksOf('a = 1\rb = 2\nc = 3\n', head)
    const changes = set({ path: SERVICES, previousPath: SERVICES, status: 'modified', hunks, anchoring: 'valid' })
    const found = { ...FINDING, operations: [operation('query', `${SERVICES}:4`)] }
    const lines = (path: string, at: number): number => (path === SERVICES && at > 1 ? at - 1 : at)
    expect(place(found, changes, { lines, related: nothing })).toEqual(line(SERVICES, 3))
  })
})

const nothing = (): Related => ({ bindings: [], definitions: [] })

const context = (related: Partial<Related>): PlaceContext => ({
  lines: (_path, at) => at,
  related: () => ({ bindings: [], definitions: [], ...related }),
})

const anyLine = integer({ min: 1, max: 60 })
const anyFile = constantFrom(API, SERVICES, 'x.py')
const anySpan = record({ file: anyFile, line: anyLine, length: integer({ min: 0, max: 12 }) })

const anyFinding = tuple(
  array(anySpan, { minLength: 1, maxLength: 3 }),
  array(anySpan, { maxLength: 3 }),
  array(anySpan, { maxLength: 2 }),
).map(
  ([operations, trace, causes]): Finding =>
    compared({
      operations: operations.map((it) => operation('s.execute', `${it.file}:${it.line}-${it.line + it.length}`)),
      trace: trace.map((it) => step(`${it.file}:${it.line}-${it.line + it.length}`)),
      causes: causes.map((it) => ({
        file: it.file,
        line: it.line,
        column: 1,
        endLine: it.line + it.length,
        endColumn: 1,
      })),
    }),
)

const anyChange = array(
  record({
    path: anyFile,
    touched: array(anyLine, { maxLength: 6 }),
    deleted: array(anyLine, { maxLength: 3 }),
    status: constantFrom<FileStatus>('modified', 'added', 'renamed', 'removed'),
  }),
  { maxLength: 3 },
).map(
  (files): ChangeSet =>
    set(
      ...files
        .filter((it, at) => files.findIndex((other) => other.path === it.path) === at)
        .map(({ path, touched, deleted, status }) =>
          changed(
            path,
            60,
            (lines) => deleted.reduce((all, at) => deletedBefore(at)(all), touching(...touched)(lines)),
            status,
          ),
        ),
    ),
)

describe('properties', () => {
  test('a line or range stands inside one hunk of a file that is still there, and covers the path', () => {
    const holds = property(anyFinding, anyChange, (found, changes) => {
      const placement = place(found, changes)
      if (placement.kind === 'summary') return true
      const file = changes.files.find((it) => it.path === placement.path)
      if (file === undefined || file.status === 'removed') return false
      if (placement.kind === 'file') return true
      const hunk = hunkOf(file.hunks, placement.line)
      const start = placement.kind === 'range' ? placement.startLine : placement.line
      const spans = [...found.operations, ...found.trace, ...found.causes].filter((it) => it.file === placement.path)
      const related = spans.some((it) => it.line <= placement.line) && spans.some((it) => it.endLine >= start)
      return hunk !== null && hunk === hunkOf(file.hunks, start) && start <= placement.line && related
    })
    expect(check(holds, { numRuns: 1000 }).failed).toBe(false)
  })

  test('a changed operation is never passed over', () => {
    const holds = property(anyFinding, anyChange, (found, changes) => {
      const isTouched = found.operations.some((it) =>
        changes.files.some(
          (file) =>
            file.path === it.file &&
            file.status !== 'removed' &&
            file.hunks.some((hunk) => hunk.added.some((at) => at >= it.line && at <= it.endLine)),
        ),
      )
      const placement = place(found, changes)
      return !isTouched || placement.kind === 'line' || placement.kind === 'range'
    })
    expect(check(holds, { numRuns: 500 }).failed).toBe(false)
  })
})
