import { describe, expect, test } from '@jest/globals'
import { array, check, constantFrom, integer, property, record } from 'fast-check'
import { compareFindings, type ComparisonContext } from '../../src/findings/compare.ts'
import type { Finding, RawFinding } from '../../src/findings/model.ts'
import { ENTRY, WORK, finding, operation, step } from './finding.ts'

const NONE: ReadonlyMap<string, string> = new Map()

/** Nothing was renamed, no entry point of the base is left, and everything could be read. */
const PLAIN: ComparisonContext = {
  renames: NONE,
  remains: () => false,
  incomparable: () => false,
  unseen: () => false,
}

function compare(head: readonly RawFinding[], base: readonly RawFinding[], renames = NONE): readonly Finding[] {
  return compareFindings(head, base, { ...PLAIN, renames })
}

/** What a test looks at: state, new work, origin, and which operations were added. */
function summary(findings: readonly Finding[]): unknown[] {
  return findings.map((it) => [it.baselineState, it.newWork, it.movedFrom, it.operations.map((op) => op.added)])
}

const own = (operations: RawFinding['operations'], name = 'initialize'): RawFinding =>
  finding({ workFunction: `m/api.py::${name}`, operations })

const [A, B, C] = [operation('s.execute select(A)'), operation('s.execute select(B)'), operation('s.commit')]

describe('without a base', () => {
  test('nothing is compared', () => {
    expect(compareFindings([finding()], null, { ...PLAIN, incomparable: () => true, unseen: () => true })).toEqual([
      { ...finding(), baselineState: null, movedFrom: null, newWork: false },
    ])
  })
})

describe('the same fingerprint', () => {
  test('and equal operations: unchanged, with the coordinates of the head', () => {
    const head = finding({ operations: [operation('s.execute', 'm/services.py:40')], trace: [step('m/api.py:9')] })
    expect(compare([head], [finding()])).toEqual([
      {
        ...head,
        operations: [{ ...operation('s.execute', 'm/services.py:40'), added: false }],
        baselineState: 'unchanged',
        movedFrom: null,
        newWork: false,
      },
    ])
  })

  test.each<[string, Partial<RawFinding>, Partial<RawFinding>, unknown]>([
    [
      'reformatted',
      { operations: [operation('s.execute select( A, )')] },
      { operations: [A] },
      ['unchanged', false, null, [false]],
    ],
    ['in another order', { operations: [B, A] }, { operations: [A, B] }, ['unchanged', false, null, [false, false]]],
    ['fewer', { operations: [A] }, { operations: [A, B] }, ['updated', false, null, [false]]],
    ['a changed text', { operations: [B] }, { operations: [A] }, ['updated', false, null, [false]]],
    ['one more', { operations: [A, C] }, { operations: [A] }, ['updated', true, null, [false, true]]],
    ['the same once more', { operations: [A, A] }, { operations: [A] }, ['updated', true, null, [false, true]]],
    ['another access path for one', { operations: [C] }, { operations: [A] }, ['updated', true, null, [true]]],
    [
      'one changed and one more: the less alike is added',
      { operations: [operation('s.execute insert(Z)'), operation('s.execute select(A, x)')] },
      { operations: [A] },
      ['updated', true, null, [true, false]],
    ],
    ['another trace', { trace: [step('m/api.py:4', 'initialize', 'm.other')] }, {}, ['updated', false, null, [false]]],
    [
      'another guard',
      { guards: [{ file: 'm/api.py', line: 3, column: 1, text: 'settings.X', lowers: true }] },
      {},
      ['updated', false, null, [false]],
    ],
    ['another confidence', { confidence: 'medium' }, {}, ['updated', false, null, [false]]],
    ['a higher severity', { severity: 'error' }, { severity: 'warning' }, ['updated', true, null, [false]]],
    ['a lower severity', { severity: 'warning' }, { severity: 'error' }, ['updated', false, null, [false]]],
    ['suppressed now', { suppression: { kind: 'inSource', reason: 'r' } }, {}, ['updated', false, null, [false]]],
    [
      'not suppressed any more',
      {},
      { suppression: { kind: 'inSource', reason: 'r' } },
      ['updated', true, null, [true]],
    ],
    [
      'suppressed as before',
      { suppression: { kind: 'inSource', reason: 'r' } },
      { suppression: { kind: 'inSource', reason: 'q' } },
      ['unchanged', false, null, [false]],
    ],
  ])('%s', (_, head, base, expected) => {
    expect(summary(compare([finding(head)], [finding(base)]))).toEqual([expected])
  })

  test('twice in one tree: equal operations are paired first', () => {
    const pair = [finding({ operations: [A] }), finding({ operations: [C] })]
    expect(summary(compare(pair, pair.toReversed()))).toEqual([
      ['unchanged', false, null, [false]],
      ['unchanged', false, null, [false]],
    ])
  })
})

describe('another fingerprint', () => {
  const old = finding({ operations: [A, C] })

  test('is new work, and what the base had is absent with its own coordinates', () => {
    const head = finding({ entryPoint: 'x/api.py::initialize', operations: [B] })
    expect(compare([head], [old])).toEqual([
      { ...head, operations: [{ ...B, added: true }], baselineState: 'new', movedFrom: null, newWork: true },
      {
        ...old,
        operations: [
          { ...A, added: false },
          { ...C, added: false },
        ],
        baselineState: 'absent',
        movedFrom: null,
        newWork: false,
      },
    ])
  })

  test.each<[string, Partial<RawFinding>, Partial<RawFinding>, ReadonlyMap<string, string>]>([
    ['the same entry point, another function', { workFunction: 'm/api.py::load' }, {}, NONE],
    ['the same entry point, another rule', { rule: 'hook-called-not-passed' }, {}, NONE],
    [
      'the entry point in a renamed file',
      { entryPoint: 'n/api.py::initialize' },
      {},
      new Map([['n/api.py', 'm/api.py']]),
    ],
    [
      'work in a renamed file',
      { entryPoint: 'o.py::go', workFunction: 'n/services.py::Shop.load' },
      {},
      new Map([['n/services.py', 'm/services.py']]),
    ],
    [
      'an identical body',
      { entryPoint: 'o.py::go', workFunction: 'o.py::load', bodyHash: 'h' },
      { bodyHash: 'h' },
      NONE,
    ],
  ])('with a partner: %s', (_, head, base, renames) => {
    const [before, after] = [finding({ operations: [A, C], ...base }), finding({ operations: [C, A], ...head })]
    expect(summary(compare([after], [before], renames))).toEqual([
      ['updated', false, before.fingerprint, [false, false]],
    ])
  })

  test.each<[string, string, string[], string]>([
    [
      'another module took it up',
      'o/api.py::initialize',
      ['new', 'absent'],
      ' Moved here from initialize(), not fixed.',
    ],
    ['another entry point of the same module took it up', 'm/jobs.py::start', ['updated'], ''],
  ])('an identical body while the old entry point stays: %s', (_, entryPoint, states, note) => {
    const before = finding({ operations: [A], bodyHash: 'h' })
    const after = finding({ entryPoint, operations: [A], bodyHash: 'h' })
    const found = compareFindings([after], [before], { ...PLAIN, remains: (id) => id === ENTRY })
    expect(found.map((it) => it.baselineState)).toEqual(states)
    expect(found[0]?.message).toBe(`${before.message}${note}`)
  })

  test('with a partner and a higher severity: new, but it says from where', () => {
    const before = finding({ rule: 'database-scheduled-in-phase-1', severity: 'warning', operations: [A] })
    expect(summary(compare([finding({ operations: [A] })], [before]))).toEqual([
      ['new', true, before.fingerprint, [false]],
    ])
  })

  test('equal operations alone are no partner; the message says that it moved', () => {
    const before = finding({
      entryPoint: 'm/apps.py::Shop.ready',
      workFunction: 'm/apps.py::Shop.ready',
      operations: [A],
    })
    const after = finding({
      rule: 'database-at-import',
      entryPoint: 'm/apps.py',
      workFunction: 'm/apps.py',
      operations: [A],
    })
    const [moved, gone] = compare([after], [before])
    expect([moved?.baselineState, moved?.newWork, moved?.movedFrom, moved?.message]).toEqual([
      'new',
      true,
      before.fingerprint,
      'initialize reaches the database. Moved here from Shop.ready(), not fixed.',
    ])
    expect(gone?.baselineState).toBe('absent')
    const [back] = compare([before], [after])
    expect(back?.message).toBe('initialize reaches the database. Moved here from the body of m/apps.py, not fixed.')
  })

  test('module bodies have no body hash and are never alike', () => {
    const before = finding({ entryPoint: 'a.py', workFunction: 'a.py', operations: [A] })
    const after = finding({ entryPoint: 'b.py', workFunction: 'b.py', operations: [A] })
    expect(summary(compare([after], [before]))).toEqual([
      ['new', true, before.fingerprint, [true]],
      ['absent', false, null, [false]],
    ])
  })

  test('what was suppressed in its old place is not accepted in another one', () => {
    const before = finding({ operations: [A], suppression: { kind: 'inSource', reason: 'r' } })
    const after = finding({ operations: [A], workFunction: 'm/api.py::load' })
    expect(summary(compare([after], [before]))[0]).toEqual(['new', true, before.fingerprint, [true]])
    expect(summary(compare([{ ...after, suppression: before.suppression }], [before]))).toEqual([
      ['updated', false, before.fingerprint, [false]],
    ])
  })

  test('one base finding is the partner of one; the surest evidence wins', () => {
    const before = finding({ operations: [A] })
    const other = finding({ entryPoint: 'o.py::go', workFunction: 'n/services.py::Shop.load', operations: [A] })
    const mine = finding({ workFunction: 'n/services.py::Shop.load', operations: [A] })
    expect(summary(compare([other, mine], [before], new Map([['n/services.py', 'm/services.py']])))).toEqual([
      ['new', true, null, [true]],
      ['updated', false, before.fingerprint, [false]],
    ])
  })

  test('rules without operations follow renamed files and nothing else', () => {
    const facts = { operations: [], trace: [], phase: null } as const
    const before = finding({ ...facts, rule: 'missing-initialize', entryPoint: 'm/api.py', workFunction: 'm/api.py' })
    const after = finding({ ...facts, rule: 'missing-initialize', entryPoint: 'n/api.py', workFunction: 'n/api.py' })
    const unlike = finding({ ...facts, rule: 'unregistered-model', entryPoint: 'm/api.py', workFunction: 'm/api.py' })
    expect(summary(compare([after], [before], new Map([['n/api.py', 'm/api.py']])))).toEqual([
      ['updated', false, before.fingerprint, []],
    ])
    expect(summary(compare([unlike, after], [before]))).toEqual([
      ['new', true, null, []],
      ['new', true, null, []],
      ['absent', false, null, []],
    ])
  })
})

describe('work that was taken apart inside of one entry point', () => {
  test('an extracted operation is old work', () => {
    const before = own([A, B, C])
    expect(summary(compare([own([A, C]), own([B], 'load')], [before]))).toEqual([
      ['updated', false, null, [false, false]],
      ['updated', false, before.fingerprint, [false]],
    ])
  })

  test('a helper that is inlined is old work, and it is not fixed', () => {
    expect(summary(compare([own([A, B])], [own([A]), own([B], 'load')]))).toEqual([
      ['updated', false, null, [false, false]],
    ])
  })

  test('what is more than there was is new', () => {
    expect(summary(compare([own([A]), own([B], 'load'), own([B], 'again')], [own([A, B])]))).toEqual([
      ['updated', false, null, [false]],
      ['updated', false, own([]).fingerprint, [false]],
      ['new', true, null, [true]],
    ])
    expect(summary(compare([own([A, B, B])], [own([A]), own([B], 'load')]))).toEqual([
      ['updated', true, null, [false, false, true]],
    ])
  })

  test('not across entry points, not for a higher severity; what came along with new work is not new', () => {
    const before = own([A, B])
    const elsewhere = finding({ entryPoint: 'x.py::initialize', workFunction: 'm/api.py::load', operations: [B] })
    const partly = own([B, C], 'load')
    const higher = own([B], 'load')
    expect(summary(compare([own([A]), elsewhere], [before]))[1]).toEqual(['new', true, null, [true]])
    expect(summary(compare([own([A]), partly], [before]))[1]).toEqual(['new', true, null, [false, true]])
    expect(summary(compare([own([A]), higher], [{ ...before, severity: 'warning' }]))[1]).toEqual([
      'new',
      true,
      null,
      [true],
    ])
  })
})

describe('a finding in a renamed file that gained an operation', () => {
  test('is the same finding, and only the gain is new', () => {
    const renames = new Map([['m/storage.py', 'm/store.py']])
    const before = finding({ workFunction: 'm/store.py::load', fingerprint: 'old', operations: [A] })
    const after = finding({ workFunction: 'm/storage.py::load', fingerprint: 'now', operations: [B, A] })
    const states = compare([after], [before], renames)
    expect(summary(states)).toEqual([['updated', true, 'old', [true, false]]])
  })
})

describe('a base that could not be understood', () => {
  const context = { ...PLAIN, incomparable: (it: RawFinding) => it.entryPoint === ENTRY }

  test('makes new work not comparable; what is old stays old', () => {
    const fresh = finding({ workFunction: 'm/api.py::initialize', operations: [B] })
    const grown = finding({ operations: [A, C] })
    const states = compareFindings(
      [fresh, grown, finding({ entryPoint: 'x.py::f', operations: [B] })],
      [finding({ operations: [A] })],
      context,
    )
    expect(summary(states)).toEqual([
      [null, false, null, [null]],
      [null, false, null, [null, null]],
      ['new', true, null, [true]],
    ])
    expect(summary(compareFindings([finding()], [finding()], context))).toEqual([['unchanged', false, null, [false]]])
  })
})

describe('a head that could not be understood', () => {
  const context = { ...PLAIN, unseen: (it: RawFinding) => it.entryPoint === ENTRY }

  test('leaves open what only the base has: unknown is not fixed', () => {
    const states = compareFindings(
      [],
      [finding({ operations: [A] }), finding({ entryPoint: 'x.py::f', operations: [B] })],
      context,
    )
    expect(summary(states)).toEqual([
      [null, false, null, [null]],
      ['absent', false, null, [false]],
    ])
  })
})

/** Findings over a small vocabulary, so that every kind of match occurs. */
const anyFinding = record({
  entryPoint: constantFrom(ENTRY, 'x.py::f', 'y.py'),
  workFunction: constantFrom(WORK, 'x.py::f', 'y.py'),
  severity: constantFrom('error' as const, 'warning' as const),
  bodyHash: constantFrom('', 'h'),
  operations: array(constantFrom(A, B, C), { maxLength: 3 }),
}).map((facts) => finding(facts))

const anyTree = array(anyFinding, { maxLength: 5 }).map((all) =>
  all.filter((it, at) => all.findIndex((other) => other.fingerprint === it.fingerprint) === at),
)

function shifted(it: RawFinding, by: number): RawFinding {
  return {
    ...it,
    location: { ...it.location, line: it.location.line + by },
    operations: it.operations.map((op) => Object.assign({}, op, { line: op.line + by, endLine: op.endLine + by })),
    trace: it.trace.map((one) => Object.assign({}, one, { line: one.line + by, endLine: one.endLine + by })),
  }
}

describe('properties', () => {
  test('renumbering lines never changes a state', () => {
    const holds = property(anyTree, anyTree, integer({ min: 1, max: 500 }), (head, base, by) => {
      const renumbered = compare(
        head.map((it) => shifted(it, by)),
        base,
      )
      return JSON.stringify(summary(renumbered)) === JSON.stringify(summary(compare(head, base)))
    })
    expect(check(holds, { numRuns: 500 }).failed).toBe(false)
  })

  test('a tree against itself is unchanged, whatever the order', () => {
    const holds = property(anyTree, (tree) =>
      compare(tree, tree.toReversed()).every((it) => it.baselineState === 'unchanged'),
    )
    expect(check(holds, { numRuns: 200 }).failed).toBe(false)
  })

  test('every finding of the head is there, and every base finding is paired, moved, used up or absent', () => {
    const holds = property(anyTree, anyTree, (head, base) => {
      const states = compare(head, base)
      const absent = states.filter((it) => it.baselineState === 'absent')
      return (
        states.length === head.length + absent.length &&
        absent.every((it) => base.some((old) => old.fingerprint === it.fingerprint))
      )
    })
    expect(check(holds, { numRuns: 200 }).failed).toBe(false)
  })

  test('an entry point that has more operations than before has that much new work, or work that came from elsewhere', () => {
    const holds = property(anyTree, anyTree, (head, base) => {
      const states = compare(head, base)
      return [ENTRY, 'x.py::f', 'y.py'].every((id) => {
        const mine = states.filter((it) => it.entryPoint === id && it.baselineState !== 'absent')
        const came = mine.filter((it) => it.movedFrom !== null && it.operations.every((op) => op.added === false))
        const fresh = mine.flatMap((it) => it.operations).filter((op) => op.added === true)
        return fresh.length + countOf(came, id) >= countOf(head, id) - countOf(base, id)
      })
    })
    expect(check(holds, { numRuns: 300 }).failed).toBe(false)
  })
})

function countOf(tree: readonly RawFinding[], entryPoint: string): number {
  return tree.filter((it) => it.entryPoint === entryPoint).reduce((sum, it) => sum + it.operations.length, 0)
}
