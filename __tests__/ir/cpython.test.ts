// The lowering against CPython itself: trees, positions and local names of many sources must be those of `ast` and `symtable`.
// Differences that are known and harmless are left out of the comparison here, each with its reason.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { lowerModule } from '../../src/ir/lower.ts'
import type { FunctionIr, ModuleIr } from '../../src/ir/model.ts'
import { position } from '../../src/text/lines.ts'
import { pythonVersion } from '../python/python3.ts'
import { accepted, latin1 } from '../python/sources.ts'
import { MODULES, PROGRAMS } from './programs.ts'

interface View {
  readonly error?: number
  readonly message?: string
  readonly body: unknown
  /** [name, line, sorted locals] of every function and lambda; null where symtable refuses the source */
  readonly functions: readonly unknown[] | null
}

/** Where the representation and CPython's view of a source differ: the first place of each kind. */
function differences(bytes: Uint8Array, view: View): string[] {
  const { ir } = lowerModule(bytes)
  const found: string[] = []
  if (ir.problems.length > 0) return [`refused: ${JSON.stringify(ir.problems)}`]
  compare(ir.body, view.body, 'body', { inString: false, report: (text) => found.push(text) })
  if (view.functions !== null) {
    const [ours, theirs] = [functionsOf(ir), view.functions].map((list) =>
      list.map((item) => JSON.stringify(item)).toSorted(),
    )
    if (JSON.stringify(ours) !== JSON.stringify(theirs))
      found.push(`functions: ${JSON.stringify(ours)} not ${JSON.stringify(theirs)}`)
  }
  return found.slice(0, 3)
}

function functionsOf(ir: ModuleIr): unknown[] {
  const found: unknown[] = []
  const stack: unknown[] = [ir.body]
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if ('params' in value && 'locals' in value) {
      const { name, qualname, p, locals } = value as FunctionIr
      const plain = qualname.slice(qualname.lastIndexOf('.') + 1)
      found.push([name === '<lambda>' ? 'lambda' : plain, position(ir.lines, p).line, locals.toSorted()])
    }
    stack.push(...Object.values(value).filter((inner) => inner !== undefined))
  }
  return found
}

interface Place {
  readonly inString: boolean
  readonly report: (text: string) => void
}

type Values = Readonly<Record<string, unknown>>

function compare(ours: unknown, theirs: unknown, path: string, place: Place): void {
  if (typeof theirs !== 'object' || theirs === null) {
    if (!isSame(ours, theirs)) place.report(`${path}: ${JSON.stringify(ours)} not ${JSON.stringify(theirs)}`)
    return
  }
  const sized =
    typeof ours === 'object' && ours !== null && (!Array.isArray(theirs) || Object.keys(ours).length === theirs.length)
  if (!sized) {
    place.report(`${path}: ${JSON.stringify(ours)} not ${JSON.stringify(theirs)}`)
    return
  }
  const [left, right] = [ours as Values, theirs as Values]
  if (right['k'] === 'fstr') compareStrings(left, right, path, place)
  else if (right['k'] === 'lambda') compareLambdas(left, right, path, place)
  else {
    for (const key of Object.keys(right))
      if (key !== 'p' && key !== 'e') compare(left[key], right[key], `${path}.${key}`, place)
  }
  comparePositions(left, right, path, place)
}

/** A character that only its name says (`\N{…}`) is U+FFFD here. */
function isSame(ours: unknown, theirs: unknown): boolean {
  if (typeof ours !== 'string' || typeof theirs !== 'string' || !ours.includes('\ufffd')) return ours === theirs
  const [left, right] = [Array.from(ours), Array.from(theirs)]
  return (
    left.length === right.length &&
    left.every((character, index) => character === '\ufffd' || character === right[index])
  )
}

const NOT_COMPARED = new Set(['comp', 'slice', 'tuple'])

/** Not compared: comprehensions (CPython counts the call's parentheses in), slices and tuples (it counts trailing marks in). */
function comparePositions(ours: Values, theirs: Values, path: string, { inString, report }: Place): void {
  if (inString || !('p' in theirs) || NOT_COMPARED.has(String(ours['k']))) return
  if (ours['p'] !== theirs['p']) report(`${path} starts at ${String(ours['p'])} not ${String(theirs['p'])}`)
  // a definition's end may be a trailing `;` or `,`
  const ends = 'e' in theirs && !('qualname' in theirs)
  if (ends && ours['e'] !== theirs['e']) report(`${path} ends at ${String(ours['e'])} not ${String(theirs['e'])}`)
}

/** CPython joins adjacent pieces of text; inside f-strings its positions are unreliable before 3.12. */
function compareStrings(ours: Values, theirs: Values, path: string, place: Place): void {
  compare(joinText(ours['parts']), joinText(theirs['parts']), `${path}.parts`, { ...place, inString: true })
}

function joinText(parts: unknown): Values[] {
  const joined: { text?: string; x?: unknown; c?: unknown; spec?: unknown }[] = []
  for (const part of (parts ?? []) as readonly Values[]) {
    const text = part['c'] === '' ? (part['x'] as Values)['v'] : part['text']
    const last = joined.at(-1)
    if (typeof text !== 'string') joined.push({ x: part['x'], c: part['c'], spec: joinText(part['spec']) })
    else if (last?.text !== undefined) last.text += text
    else if (text !== '') joined.push({ text })
  }
  return joined
}

function compareLambdas(ours: Values, theirs: Values, path: string, place: Place): void {
  const { qualname, params, body } = (ours['fn'] ?? {}) as Partial<FunctionIr>
  const [only] = body ?? []
  compare({ qualname, params, x: only?.k === 'return' ? only.x : null }, theirs['fn'], `${path}.fn`, place)
}

function views(sources: readonly Uint8Array[]): View[] {
  const oracle = join(import.meta.dirname, 'cpython_oracle.py')
  const input = JSON.stringify(sources.map((source) => [...source]))
  return JSON.parse(execFileSync('python3', [oracle], { input, encoding: 'utf8', maxBuffer: 1 << 30 })) as View[]
}

/** Sources with their differences, those without left out. */
function differing(sources: readonly (readonly [string, Uint8Array])[]): Record<string, string[]> {
  const all = views(sources.map(([, bytes]) => bytes))
  const found: Record<string, string[]> = {}
  for (const [index, [name, bytes]] of sources.entries()) {
    const view = all[index]
    // refused by this Python: the table of verdicts is about those
    if (view === undefined || view.error !== undefined) continue
    const list = differences(bytes, view)
    if (list.length > 0) found[name] = list
  }
  return found
}

describe('trees, positions and locals are those of CPython', () => {
  const version = pythonVersion()
  if (version === null) {
    test('skipped: no python3 here', () => expect(version).toBeNull())
    return
  }

  test('programs that cover the grammar', () => {
    expect(differing(PROGRAMS.map((source) => [source, new TextEncoder().encode(source)]))).toEqual({})
  })

  test('every source of the table of verdicts', () => {
    expect(differing(accepted.map((source) => [source, latin1(source)]))).toEqual({})
  })

  test('modules of its standard library', () => {
    const printed = execFileSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'], {
      encoding: 'utf8',
    })
    const files = MODULES.map((name) => join(printed.trim(), name)).filter((file) => existsSync(file))
    expect(differing(files.map((file) => [file, readFileSync(file)]))).toEqual({})
  })
})
