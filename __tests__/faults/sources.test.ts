// Faults in the sources themselves, through the whole pipeline: what CPython accepts is analysed and its work found on the right line, what it
// refuses is incomplete by name and line, and nothing is ever clean by accident. Details of the parser: __tests__/python.
import { describe, expect, test } from '@jest/globals'
import type { Review } from '../../src/findings/model.ts'
import { reviewFiles } from '../support/review-files.ts'

const API = 'modules/standard/shop/api.py'
const STORE = 'modules/standard/shop/store.py'
const CALLS = 'from .store import load\n\n\ndef initialize(app_context):\n    load(app_context)\n    return True\n'
const CONNECT = 'app_context.db_sync_engine.connect()'
const WORKS = `def load(app_context):\n    return ${CONNECT}\n`

type Source = string | Uint8Array
type Tree = Readonly<Record<string, Source>>

/** Bytes of a text whose characters are bytes. */
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

const places = ({ findings }: Review): string[] =>
  findings
    .filter(({ rule }) => rule === 'database-in-phase-1')
    .flatMap(({ operations }) => operations.map(({ file, line, column }) => `${file}:${line}:${column}`))

describe('analysed', () => {
  test.each<[string, string, Source, string]>([
    ['F43', 'a byte order mark has no column', `\uFEFFdef load(app_context): return ${CONNECT}\n`, '1:31'],
    ['F44', 'a latin-1 cookie with byte E9', latin1(`# coding: latin-1\nA = "\xE9"\n${WORKS}`), '4:12'],
    [
      'F44',
      'the column counts characters, not bytes',
      `def load(app_context):\n    return "é😀", ${CONNECT}\n`,
      '2:19',
    ],
    ['F45', 'a form feed and a backslash', `\fdef load(app_context):\n    return \\\n        ${CONNECT}\n`, '3:9'],
    ['F50', 'PEP 634 match', `def load(app_context):\n    match 1:\n        case 1:\n            ${CONNECT}\n`, '4:13'],
    ['F50', 'PEP 695 generics', `def load[T](app_context: T):\n    type X = int\n    ${CONNECT}\n`, '3:5'],
    ['F50', 'PEP 701 nested quotes', `def load(app_context):\n    f"{f"{${CONNECT}}"}"\n`, '2:11'],
    [
      'F50',
      'PEP 654 except*',
      `def load(app_context):\n    try:\n        ${CONNECT}\n    except* E:\n        pass\n`,
      '3:9',
    ],
    [
      'F50',
      'PEP 758 except without brackets',
      `def load(app_context):\n    try:\n        ${CONNECT}\n    except A, B:\n        pass\n`,
      '3:9',
    ],
    ['F51', '99 indents', `${nested(90)}${WORKS}`, '93:12'],
    ['F51', '201 brackets', `A = ${'['.repeat(201)}${']'.repeat(201)}\n${WORKS}`, '3:12'],
    ['F52', 'an import of itself', `from . import store\nfrom .store import *\n${WORKS}`, '4:12'],
    [
      'F52',
      'mutual recursion',
      `def other(c):\n    return load(c) if c.again else None\n\n\ndef load(app_context):\n    other(app_context)\n    return ${CONNECT}\n`,
      '7:12',
    ],
    ['F52', 'a class that is its own base', `class A(A):\n    pass\n\n\n${WORKS}`, '6:12'],
  ])('%s %s', async (_id, _what, source, at) => {
    const result = await reviewFiles({ [API]: CALLS, [STORE]: source })
    expect([result.verdict, places(result)]).toEqual(['fail', [`${STORE}:${at}`]])
  })
})

function nested(depth: number): string {
  const lines = Array.from({ length: depth }, (_, at) => `${' '.repeat(at)}if X${at}:\n`)
  return `${lines.join('')}${' '.repeat(depth)}pass\n`
}

describe('incomplete by name and line', () => {
  test.each<[string, string, Source, number, RegExp]>([
    ['F43', 'a byte order mark with another cookie', `\uFEFF# coding: latin-1\n${WORKS}`, 1, /encoding|latin-1/],
    ['F44', 'an unknown cookie', `# coding: nope\n${WORKS}`, 1, /nope/],
    ['F44', 'bytes that are not UTF-8', latin1(`${WORKS}A = "\xE9"\n`), 3, /0xe9/],
    ['F45', 'tabs and blanks mixed', `def load(app_context):\n        if 1:\n\t${CONNECT}\n`, 3, /tab|indent/i],
    ['F46', 'a NUL byte', `${WORKS}A = "\0"\n`, 3, /NUL|null/i],
    ['F48', 'a syntax error', `${WORKS}def broken(:\n`, 3, /./],
    ['F49', 'Python 2', `${WORKS}print "a"\n`, 3, /Python 2/],
    ['F51', '100,000 terms', `${WORKS}A = ${'1 + '.repeat(100_000)}1\n`, 3, /nested too deeply/],
  ])('%s %s', async (_id, _what, source, line, message) => {
    const result = await reviewFiles({ [API]: CALLS, [STORE]: source })
    expect(result.incomplete.map((it) => [it.file, it.line])).toEqual([[STORE, line]])
    expect(result.incomplete[0]?.message).toMatch(message)
    // what the damage left standing is still analysed, and never a pass
    expect(['fail', 'incomplete']).toContain(result.verdict)
  })
})

describe('F48 a syntax error', () => {
  const broken = `${WORKS}def broken(:\n`
  const clean = 'def load(app_context):\n    return None\n'

  test('in the base only: what the parser keeps of it is compared', async () => {
    const result = await reviewFiles({ [API]: CALLS, [STORE]: WORKS }, { [API]: CALLS, [STORE]: broken })
    expect([result.verdict, result.findings.map((it) => it.baselineState)]).toEqual(['pass', ['unchanged']])
  })

  test('in the base only, and new work: not comparable, the gate is not green', async () => {
    const result = await reviewFiles(
      { [API]: CALLS, [STORE]: WORKS },
      { [API]: CALLS, [STORE]: `${clean}def broken(:\n` },
    )
    expect([result.verdict, result.findings.map((it) => it.baselineState)]).toEqual(['incomplete', [null]])
  })

  test('in both, with the same facts: listed, does not decide', async () => {
    const result = await reviewFiles(
      { [API]: CALLS, [STORE]: `${clean}def broken(:\n`, 'modules/other.py': 'X = 1\n' },
      { [API]: CALLS, [STORE]: `${clean}def broken(:\n` },
    )
    expect([result.verdict, result.incomplete.map(({ file, decides }) => [file, decides])]).toEqual([
      'pass',
      [[STORE, false]],
    ])
  })
})

test('F52 import cycles and star-import cycles give the same result in any file order', async () => {
  const files: Tree = {
    [API]: CALLS,
    [STORE]: `from .ring import *\n${WORKS}`,
    'modules/standard/shop/ring.py': 'from .store import *\nfrom .api import *\n\n\ndef unused():\n    return 1\n',
  }
  const one = await reviewFiles(files)
  const other = await reviewFiles(Object.fromEntries(Object.entries(files).toReversed()))
  expect(places(one)).toEqual([`${STORE}:3:12`])
  expect(other.findings).toEqual(one.findings)
})

test('F47 a line of a million units is analysed like any other', async () => {
  const result = await reviewFiles({ [API]: CALLS, [STORE]: `A = "${'x'.repeat(1_000_000)}"\n${WORKS}` })
  expect(places(result)).toEqual([`${STORE}:3:12`])
})
