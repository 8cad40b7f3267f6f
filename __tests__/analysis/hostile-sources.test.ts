// Sources at the edge of what a parser takes: each ends in a result (the database work behind it is found) or in a named reason, never in a crash.
// Each source stands at the top of the entry's own module, so that nothing of it can be skipped.
import { describe, expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

const API = 'modules/standard/m/api.py'
const ENTRY = '\ndef initialize(app_context):\n    app_context.db_session().commit()\n'
const bytes = (text: string, encoding: BufferEncoding = 'utf8'): Uint8Array => Buffer.from(text, encoding)

/** `found`, or the reasons for which the module is incomplete; both where the rest of the file was analysed all the same. */
async function outcome(source: Uint8Array): Promise<string> {
  const result = await reviewFiles({ [API]: source })
  const found = result.findings.some(({ rule }) => rule === 'database-in-phase-1') ? ['found'] : []
  return [...found, ...new Set(result.incomplete.map(({ reason }) => reason))].join(' + ')
}

const SOURCES: readonly (readonly [what: string, source: Uint8Array, outcome: string])[] = [
  [
    'a sum of 10,000 terms',
    bytes(`x = ${Array.from({ length: 10_000 }, () => '1').join(' + ')}${ENTRY}`),
    'found + syntax-error',
  ],
  [
    'a conjunction of 10,000 terms',
    bytes(`x = ${Array.from({ length: 10_000 }, () => 'a').join(' and ')}${ENTRY}`),
    'found + syntax-error',
  ],
  ['a chain of 10,000 attributes', bytes(`x = a${'.b'.repeat(10_000)}${ENTRY}`), 'found + syntax-error'],
  ['a chain of 10,000 calls', bytes(`x = a${'()'.repeat(10_000)}${ENTRY}`), 'found + syntax-error'],
  ['200 nested brackets', bytes(`x = ${'['.repeat(200)}${']'.repeat(200)}${ENTRY}`), 'found'],
  ['5,000 nested parentheses', bytes(`x = ${'('.repeat(5_000)}1${')'.repeat(5_000)}${ENTRY}`), 'found + syntax-error'],
  ['a list of 20,000 elements', bytes(`x = [${'1, '.repeat(20_000)}]${ENTRY}`), 'found'],
  ['a string of a million characters on one line', bytes(`x = "${'a'.repeat(1_000_000)}"${ENTRY}`), 'found'],
  [
    '99 nested blocks',
    bytes(`${Array.from({ length: 98 }, (_, i) => `${' '.repeat(i)}if a:`).join('\n')}\n${' '.repeat(98)}pass${ENTRY}`),
    'found',
  ],
  ['a chain of 5,000 elif', bytes(`if a: pass\n${'elif a: pass\n'.repeat(5_000)}${ENTRY}`), 'found + syntax-error'],
  [
    '3,000 functions',
    bytes(`${Array.from({ length: 3_000 }, (_, i) => `def f${i}(): return f${i + 1}()`).join('\n')}${ENTRY}`),
    'found',
  ],
  ['a NUL byte', bytes(`x = 1\0${ENTRY}`), 'found + syntax-error'],
  ['a byte order mark', bytes(`\ufeffx = 1${ENTRY}`), 'found'],
  ['a byte order mark of UTF-16', bytes(`\ufeffx = 1${ENTRY}`, 'utf16le'), 'syntax-error'],
  ['a coding cookie', bytes(`# -*- coding: latin-1 -*-\nx = "\xe9"${ENTRY}`, 'latin1'), 'found'],
  ['an unknown coding cookie', bytes(`# -*- coding: klingon -*-\nx = 1${ENTRY}`), 'syntax-error'],
  ['bytes that are no UTF-8', bytes(`x = "\xe9"${ENTRY}`, 'latin1'), 'found + syntax-error'],
  ['form feeds', bytes(`\fx = 1\n\f\ny = 2${ENTRY}`), 'found'],
  ['tabs', bytes(`if a:\n\tb = 1\n\tc = 2${ENTRY}`), 'found'],
  ['tabs and spaces mixed', bytes(`if a:\n        b = 1\n\tc = 2${ENTRY}`), 'found + syntax-error'],
  ['carriage returns', bytes(`x = 1${ENTRY}`.replaceAll('\n', '\r')), 'found'],
  ['Python 2', bytes(`print "x"\nexec "y"\nraise E, "z"${ENTRY}`), 'syntax-error'],
  ['an empty file', bytes(''), ''],
  ['conflict marks', bytes(`<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b${ENTRY}`), 'found + syntax-error'],
  ['an unterminated string', bytes(`x = """${ENTRY}`), 'syntax-error'],
  ['a self-referring list', bytes(`x = []\nx.append(x)\nfor y in x: y.append(y)${ENTRY}`), 'found'],
  ['a class that is its own base', bytes(`class A(A): pass${ENTRY}`), 'found'],
  ['a decorator that decorates itself', bytes(`@f\ndef f(): f()${ENTRY}`), 'found'],
]

describe('every source ends in a result or a reason', () => {
  test.each(SOURCES)(
    '%s',
    async (_what, source, expected) => {
      expect(await outcome(source)).toBe(expected)
    },
    30_000,
  )
})
