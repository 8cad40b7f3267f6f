// docs/complaints.md: every row names at least one test, and every test that it names is there. The page cannot promise what nothing proves.
import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'

const page = readFileSync(new URL('../../docs/complaints.md', import.meta.url), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:complaint|---)/.test(line))
  .map((line) => line.slice(2, -2).split(' | '))

interface Proof {
  readonly file: string
  readonly title: string
}

/** `file`: “title”, “title”; `file`: “title” */
function proofsOf(cell: string): Proof[] {
  return [...cell.matchAll(/`([^`]+)`: ((?:“[^”]+”(?:, )?)+)/g)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
  )
}

/** A title stands as such in the file: of a test, of a group of tests, of a case in a table. */
function isThere({ file, title }: Proof): boolean {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
  const quoted = [
    ...text.matchAll(/\b(?:test|describe|it)\b[^'`]*\(\s*['`]([^'`]+)['`]|\b(?:what|id): ['`]([^'`]+)['`]/g),
  ]
  return quoted.some(([, titled, tabled]) => (titled ?? tabled) === title)
}

test('a row is a complaint, an answer and a proof', () => {
  expect(rows.length).toBeGreaterThan(25)
  expect(rows.filter((cells) => cells.length !== 3 || proofsOf(cells[2] ?? '').length === 0)).toEqual([])
})

const proofs = rows.flatMap((cells) => proofsOf(cells[2] ?? ''))

test.each(proofs.map((it) => [it.file, it.title, it] as const))('%s: %s', (_file, _title, proof) => {
  expect(isThere(proof)).toBe(true)
})
