// Sources with the verdict that they must get. `accepted.txt` and `refused.txt` hold one source a line, as a JSON string (text in
// UTF-8) or as `b` and a JSON string (bytes); `refused.txt` begins each with the line of the error. CPython 3.11 gave the verdicts.

import { readFileSync } from 'node:fs'

const rows = (file: string): string[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((row) => row !== '')

/** A row's source with one character per byte. */
const source = (row: string): string =>
  row.startsWith('b') ? (JSON.parse(row.slice(1)) as string) : Buffer.from(JSON.parse(row) as string).toString('latin1')

/** The bytes of a source that has one character per byte. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

export const accepted: readonly string[] = rows('accepted.txt').map(source)

export const refused: readonly (readonly [string, number])[] = rows('refused.txt').map((row) => {
  const [line, text] = row.split('\t')
  return [source(text ?? ''), Number(line)]
})

/** Accepted since this minor version of Python 3. */
export const newer: readonly (readonly [string, number])[] = [
  ['type X = int', 12],
  ['type X[T] = list[T]', 12],
  ['type X[*T, **P] = int', 12],
  ['type X[T: int = str] = 1', 13],
  ['def f[T](x: T) -> T: pass', 12],
  ['class A[T: (int, str)]: pass', 12],
  ['f"{f"{a}"}"', 12],
  ['f"{"a"}"', 12],
  ['f"{a\n}"', 12],
  [String.raw`f"{'\n'}"`, 12],
  ['f"{a!r:{b:{c}}}"', 12],
  ['f"{*a}"', 12],
  ['t"{a}"', 14],
  ['t"{a}" t"b"', 14],
  ['try: pass\nexcept E, e: pass', 14],
]

/** [source, verdict]: here CPython 3.11 says something else. */
export const ours: readonly (readonly [string, 'accepted' | 'syntax-error' | 'unreadable'])[] = [
  // accepted by CPython, but there is no decoder
  ['# coding: utf-7\nx=1\n', 'unreadable'],
  ['# coding: unicode_escape\nx=1\n', 'unreadable'],
  // refused by CPython: there is no list of character names here
  [String.raw`"\N{NOPE}"`, 'accepted'],
  // refused by CPython when it compiles, by the parser package when it parses
  ['match x:\n case f"a": pass', 'syntax-error'],
  ['f(__debug__=1)', 'syntax-error'],
  // refused by CPython: its tokenizer's bounds are smaller
  [`x = ${'['.repeat(201)}${']'.repeat(201)}`, 'accepted'],
]

const nested = (before: string, after: string, count: number, core = 'a'): string =>
  `x = ${before.repeat(count)}${core}${after.repeat(count)}\nafter = 1\n`
const indented = (count: number): string =>
  `${Array.from({ length: count }, (_, level) => `${' '.repeat(level)}if a:\n`).join('')}${' '.repeat(count)}b\nafter = 1\n`

/** [what, source, verdict]: `after` is a name of every source, so the rest of the file is analysed. */
export const deep: readonly (readonly [string, string, 'accepted' | 'too deep'])[] = [
  ['200 parentheses', nested('(', ')', 200), 'accepted'],
  ['200 lists', nested('[', ']', 200), 'accepted'],
  ['3,000 lists', nested('[', ']', 3000), 'too deep'],
  ['100,000 parentheses', nested('(', ')', 100_000), 'too deep'],
  ['250 additions', nested('a + ', '', 250), 'accepted'],
  ['3,000 additions', nested('a + ', '', 3000), 'too deep'],
  ['100,000 additions', nested('a + ', '', 100_000), 'too deep'],
  ['250 attributes', nested('', '.b', 250), 'accepted'],
  ['10,000 attributes', nested('', '.b', 10_000), 'too deep'],
  ['120 calls', nested('', '.b()', 120), 'accepted'],
  ['3,000 calls', nested('', '.b()', 3000), 'too deep'],
  ['100 not', nested('not ', '', 100), 'accepted'],
  ['100,000 not', nested('not ', '', 100_000), 'too deep'],
  ['100 conditional expressions', nested('a if b else ', '', 100), 'accepted'],
  ['3,000 conditional expressions', nested('a if b else ', '', 3000), 'too deep'],
  ['100,000 lambdas', nested('lambda: ', '', 100_000), 'too deep'],
  ['100,000 powers', nested('2 ** ', '', 100_000), 'too deep'],
  ['10,000 comparisons', nested('a < ', '', 10_000), 'too deep'],
  ['3,000 f-strings', nested('f"{', '}"', 3000), 'too deep'],
  ['10,000 and', nested('a and ', '', 10_000), 'too deep'],
  ['10,000 targets', nested('a = ', '', 10_000), 'accepted'],
  ['10,000 adjacent strings', nested('"a" ', '', 10_000, '""'), 'accepted'],
  ['10,000 items', nested('a, ', '', 10_000), 'accepted'],
  ['10,000 decorators', `${'@a\n'.repeat(10_000)}def f(): pass\nafter = 1\n`, 'accepted'],
  ['400 elif', `if a: b\n${'elif c: d\n'.repeat(400)}else: e\nafter = 1\n`, 'accepted'],
  ['3,000 elif', `if a: b\n${'elif c: d\n'.repeat(3000)}else: e\nafter = 1\n`, 'too deep'],
  ['100,000 elif', `if a: b\n${'elif c: d\n'.repeat(100_000)}else: e\nafter = 1\n`, 'too deep'],
  ['99 indents', indented(99), 'accepted'],
  ['1,000 indents', indented(1000), 'too deep'],
  ['100 nested patterns', `match x:\n case ${'['.repeat(100)}${']'.repeat(100)}: pass\nafter = 1\n`, 'accepted'],
  ['3,000 nested patterns', `match x:\n case ${'['.repeat(3000)}${']'.repeat(3000)}: pass\nafter = 1\n`, 'too deep'],
]
