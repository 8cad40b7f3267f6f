// The budgets that docs/precision.md prints are those of the code: each row names its constants and their files, and the numbers agree.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

const page = readFileSync(new URL('../../docs/precision.md', import.meta.url), 'utf8')

interface Budget {
  readonly name: string
  readonly file: string
  /** as printed, without separators of thousands */
  readonly printed: string
}

/** `| what | 8, 6 | `A`, `a.ts`; `B`, `b.ts` | beyond |`: one budget per number. */
function budgetsOf(row: string): Budget[] {
  const [, , limits = '', constants = ''] = row.split('|').map((cell) => cell.trim())
  const numbers = limits.split(', ').map((limit) => limit.replaceAll(',', ''))
  const named = [...constants.matchAll(/`(\w+)`, `([\w/-]+\.ts)`/g)]
  return named.map(([, name = '', file = ''], at) => ({ name, file, printed: numbers[at] ?? '' }))
}

const section = page.slice(page.indexOf('\n## Budgets'), page.indexOf('\n## Known imprecisions'))
const budgets = section.split('\n').flatMap((line) => (line.startsWith('| ') ? budgetsOf(line) : []))

/** The number that a constant of a source file is defined as, in the page's writing. */
function defined({ name, file }: Budget): string {
  const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')
  const [, product = ''] = new RegExp(`^(?:export )?const ${name} = ([\\d_ *]+)$`, 'm').exec(source) ?? []
  return product.replaceAll('_', '').replace(/ \* 1024 \* 1024$/, ' MiB')
}

test('the table of budgets is read whole', () => {
  expect(budgets.length).toBeGreaterThan(20)
})

test.each(budgets)('$name of $file is $printed', (budget) => {
  expect(defined(budget)).toBe(budget.printed)
})
