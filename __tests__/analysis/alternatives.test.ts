// A value that may be one of two objects: where the method of one always raises, the other goes on, and so does what stands behind.
// Truth: CPython, with GOOD set; the other object ends the program at the same line.
import { expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

const METHODS =
  'str repr format len iter bool add iadd eq lt contains getitem setitem call enter exit hash int index'.split(' ')
const REFUSING = METHODS.map((name) => `    def __${name}__(self, *args): raise NotImplementedError\n`).join('')
const HEAD = `import os
import sqlite3
class Refusing:
${REFUSING}    def upper(self): raise NotImplementedError
    @property
    def name(self): raise NotImplementedError
class Text(str):
    name = 'text'
    def __enter__(self): return self
    def __exit__(self, *args): pass
    def __call__(self, *args): pass
    def __setitem__(self, key, value): pass
x = Text('10') if os.environ.get('GOOD') else Refusing()
`

// biome-ignore format: one line for each kind
const STATEMENTS = [
  'str(x)', 'repr(x)', 'format(x)', 'len(x)', 'bool(x)', 'int(x)', 'hash(x)', 'iter(x)', 'list(x)', 'print(x)',
  'f"{x}"', '"{}".format(x)', '"%s" % x', '",".join([str(x)])', 'list(map(str, [x]))',
  'not x', 'x or 1', 'assert x', 'x + "a"', 'x += "a"', 'x == "a"', 'x < "a"', '"a" in x', 'x in ["a"]',
  'x[0]', 'x["a"] = 1', '{x: 1}', '{x}', 'a, b = x', '[*x]', 'for y in x: pass', 'with x: pass',
  'x()', 'x.upper()', 'x.name', 'getattr(x, "name")',
]

test.each(STATEMENTS)('%s', async (statement) => {
  const start = `${HEAD}${statement}\nsqlite3.connect('shop.db')\n`
  const config = 'profiles: [plain]\nentry-points: [{ files: "start.py" }]\n'
  const line = start.split('\n').length - 1
  expect(told(await reviewed({ 'start.py': start }, config))).toEqual([
    `database-at-import error high start.py:${line}`,
  ])
})
