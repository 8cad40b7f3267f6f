// Modules that import one another inside functions, on some paths only: the work stays in proportion to the modules, and what they do is found.
// The import of a body on the paths where it has not run yet meets the same question in every body it runs: without a bound it doubles per module.
import { expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

/** A circle of modules; each runs `use`, which imports the next two where the environment says so. The last one reads the database. */
function circle(size: number): Record<string, string> {
  const files: Record<string, string> = { 'lib/__init__.py': '' }
  for (let at = 0; at < size; at++) {
    const [next, afterNext] = [(at + 1) % size, (at + 2) % size]
    files[`lib/m${at}.py`] = `import os
import sqlite3

def use(word):
    if os.environ.get(word):
        from lib import m${next}
        m${next}.use(word)
    if os.environ.get(word + "x"):
        import lib.m${afterNext}
        lib.m${afterNext}.use(word)
    return ${at === size - 1 ? 'sqlite3.connect(word)' : 'word'}

VALUE = use("B${at}")
`
  }
  return files
}

test('a circle of eight modules, each imported on some paths only, is followed to its end', async () => {
  const start = `import os

def create_app():
    if os.environ.get("X"):
        from lib import m0
        m0.use("a")

create_app()
`
  const config = 'profiles: [plain]\nentry-points: [{ files: "start.py" }]\n'
  const result = await reviewed({ ...circle(8), 'start.py': start }, config)
  expect(result.incomplete).toEqual([])
  expect(told(result)).toEqual(['database-at-import warning medium lib/m7.py:11'])
})
