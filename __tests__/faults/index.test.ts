// The index of the suites is whole: every id is there, and every test that it names exists where it says.
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'

interface Entry {
  readonly file: string
  readonly test: string
}
type Suite = Readonly<Record<string, readonly Entry[]>>

const index = JSON.parse(readFileSync(new URL('./index.json', import.meta.url), 'utf8')) as Readonly<
  Record<'faults' | 'threats' | 'ordinary', Suite>
>
const ids = (letter: string, count: number, digits: number): string[] =>
  Array.from({ length: count }, (_, at) => `${letter}${`${at + 1}`.padStart(digits, '0')}`)

test.each<['faults' | 'threats' | 'ordinary', string[]]>([
  ['faults', ids('F', 60, 2)],
  ['threats', ids('T', 20, 1)],
  ['ordinary', ids('B', 20, 2)],
])('%s has every id, each with a test', (suite, expected) => {
  expect(Object.keys(index[suite])).toEqual(expected)
  expect(Object.entries(index[suite]).filter(([, tests]) => tests.length === 0)).toEqual([])
})

/** Titles may be made from a table, so the words of a name are looked for in the file, not the whole name. */
function isNamed({ file, test: name }: Entry): boolean {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
  const cases = /scenarios|reviews\.test/.test(file) ? casesText() : ''
  return name === '' || `${text}${cases}`.includes(name) || name.split(' ').every((word) => text.includes(word))
}

function casesText(): string {
  return ['places', 'moves', 'texts', 'policies']
    .map((name) => readFileSync(new URL(`../support/review-cases/${name}.ts`, import.meta.url), 'utf8'))
    .join('\n')
}

describe('every test that is named exists', () => {
  const entries = Object.values(index)
    .filter((it) => typeof it === 'object')
    .flatMap((suite) => Object.values(suite).flat())
  test.each([...new Set(entries.map((it) => `${it.file}: ${it.test}`))])('%s', (line) => {
    const at = line.indexOf(': ')
    expect(isNamed({ file: line.slice(0, at), test: line.slice(at + 2) })).toBe(true)
  })
})
