// Golden files: whole outputs that a person has read. A difference fails; UPDATE_GOLDEN=1 rewrites them for the next review of the diff.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What the golden file holds; `place` is the test's import.meta.url, the files lie in `golden/` beside it. */
export function golden(place: string, name: string, actual: string): string {
  const file = fileURLToPath(new URL(`golden/${name}`, place))
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, ended(actual))
  return existsSync(file) ? readFileSync(file, 'utf8') : `(no golden file ${name})`
}

/** Files end with a line break, bodies of comments do not. */
export function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
