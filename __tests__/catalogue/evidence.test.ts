// What rows claim against what was measured (bench/evidence): a row and its measurement must not differ, and no row may lack both a measurement and
// a reason. After a change of a row or a program: node bench/evidence/run.mjs.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { CatalogueRow } from '../../src/catalogue/model.ts'
import { ROWS } from '../../src/catalogue/rows/index.ts'

type Effect = 'statement' | 'connection' | 'pending' | 'nothing'

interface Measured {
  readonly versions: readonly string[]
  readonly notExecuted: Readonly<Record<string, string>>
  readonly rows: Readonly<
    Record<
      string,
      { readonly effects: Readonly<Record<string, Effect>>; readonly program?: string; readonly why?: string }
    >
  >
}

const measured = JSON.parse(
  readFileSync(new URL('../../bench/evidence/measured.json', import.meta.url), 'utf8'),
) as Measured

const keyOf = (row: CatalogueRow): string => `${row.symbol}|${row.when}|${row.role}`

/** What a row says is seen when its moment comes. Programs hand work to what runs or consumes its arguments. */
function claimed(row: CatalogueRow): Effect {
  if (row.role === 'operation') return row.sends ?? 'statement'
  // what an importer runs is the code that it is given or that it finds
  const runs = row.role === 'forcer' || row.role === 'invoker' || (row.role === 'importer' && row.when === 'call')
  return runs ? 'statement' : 'nothing'
}

/** A row that waits for earlier work does nothing by itself. */
function agrees(row: CatalogueRow, effect: Effect): boolean {
  const claim = claimed(row)
  return effect === claim || (claim === 'pending' && effect === 'nothing')
}

/** Rows that say themselves that it depends: on state, or on the library's version. */
function depends(row: CatalogueRow): boolean {
  return row.certainty === 'may' || (row.predicate ?? []).some((condition) => 'library' in condition)
}

/** Differences that are right: which row acts depends on the version, but one of them always does. */
const EITHER: Readonly<Record<string, string>> = {
  // 1.4 has connected when begin() was called, which is a row of its own
  'sqlalchemy.engine.Engine.begin|entered|operation': 'SQLAlchemy 1.4',
}

function contradictions(row: CatalogueRow): string[] {
  const effects = Object.entries(measured.rows[keyOf(row)]?.effects ?? {})
  if (depends(row)) return []
  return effects
    .filter(([version, effect]) => !agrees(row, effect) && !version.startsWith(EITHER[keyOf(row)] ?? '?'))
    .map(([version, effect]) => `${keyOf(row)}: claims ${claimed(row)}, ${version} did ${effect}`)
}

describe('rows and measurements', () => {
  test('agree', () => {
    expect(ROWS.flatMap((row) => contradictions(row))).toEqual([])
  })

  test('a row that depends on a version or on state was seen as it claims at least once', () => {
    const never = ROWS.filter((row) => depends(row) && row.certainty !== 'may').filter((row) => {
      const effects = Object.values(measured.rows[keyOf(row)]?.effects ?? {})
      return effects.length > 0 && !effects.some((effect) => agrees(row, effect))
    })
    expect(never.map((row) => keyOf(row))).toEqual([])
  })

  test('every row is measured or says why not', () => {
    const silent = ROWS.filter((row) => {
      const entry = measured.rows[keyOf(row)]
      // a row that only claims what the documentation says need not be executed
      if (entry === undefined) return row.evidence === 'measured' && (measured.notExecuted[row.package] ?? '') === ''
      return Object.keys(entry.effects).length === 0 && (entry.why ?? '') === ''
    })
    expect(silent.map((row) => keyOf(row))).toEqual([])
  })

  test('measurements belong to rows', () => {
    const keys = new Set(ROWS.map((row) => keyOf(row)))
    expect(Object.keys(measured.rows).filter((key) => !keys.has(key))).toEqual([])
  })
})
