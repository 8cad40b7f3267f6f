// How often module bodies are interpreted: once for all that import them, however many, and once for all the paths on which an import may or may not
// have run before. Otherwise a tree whose every body is an entry point costs what its imports cost, over and over.
import { describe, expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'
import { bodyRuns } from '../support/body-runs.ts'

const CONFIG = 'profiles: [plain]\nentry-points: [{ files: "start.py" }]\n'

/** Like the standard library's `enum`: a metaclass with a namespace of its own, which warns in some cases and imports what it needs for that. */
const ENUMS: Readonly<Record<string, string>> = {
  'enums.py': `class Names(dict):
    def __init__(self):
        super().__init__()
        self.members = []
    def __setitem__(self, key, value):
        try:
            self.members.sort()
        except TypeError:
            import complaints
            complaints.complain(key)
        self.members.append(key)
        super().__setitem__(key, value)

class EnumMeta(type):
    @classmethod
    def __prepare__(metacls, name, bases):
        return Names()
    def __new__(metacls, name, bases, namespace):
        return super().__new__(metacls, name, bases, dict(namespace))

class Enum(metaclass=EnumMeta):
    pass
`,
  'complaints.py': `import patterns
SEEN = {}
KNOWN = [patterns.compiled("a"), patterns.compiled("b")]
def complain(text):
    SEEN[text] = patterns.compiled(text)
`,
  'patterns.py': `import enums
CACHE = {}
class Pattern:
    def __init__(self, text):
        self.text = text
def compiled(text):
    if text not in CACHE:
        CACHE[text] = Pattern(text)
    return CACHE[text]
class Flag(enums.Enum):
    A = 1
    B = 2
EMPTY = compiled("")
`,
}

/** A module with an enumeration of so many names. */
function user(names: number): string {
  const lines = Array.from({ length: names }, (_, at) => `    N${at} = ${at}\n`)
  return `import enums\nclass Colour(enums.Enum):\n${lines.join('')}`
}

/** How often bodies run where one module makes an enumeration of so many names. */
const runs = (names: number): Promise<unknown> => bodyRuns({ ...ENUMS, 'start.py': user(names) }, ['start.py'])

const mayImport = (at: number): string =>
  `if os.environ.get("A${at}"):\n    import late\n    late.TABLE.add("b${at}")\n`

/** So many imports that may or may not run. */
const uses = (count: number): string => Array.from({ length: count }, (_, at) => mayImport(at)).join('')

describe('a module that makes classes, in a circle of imports on some paths', () => {
  test.each([2, 8, 30])('is interpreted as often for %i importers as for one', async (importers) => {
    const users = Array.from({ length: importers }, (_, at) => `user${at}.py`)
    const files = { ...ENUMS, ...Object.fromEntries(users.map((file) => [file, user(5)])) }
    const one = await bodyRuns(files, users.slice(0, 1))
    const each = Object.fromEntries(users.map((file) => [file, 1]))
    expect(await bodyRuns(files, users)).toEqual({ ...one, ...each })
  })

  test.each([2, 8])('is interpreted as often for a class of %i names as for one of a single name', async (names) => {
    expect(await runs(names)).toEqual(await runs(1))
  })

  // from some number on names are not told apart any more, which is one state more to be imported in
  test('is interpreted as often for a class of 90 names as for one of 30', async () => {
    expect(await runs(90)).toEqual(await runs(30))
  })
})

describe('a body that has run on some paths', () => {
  // a package that has its module as a name; an object of which it is asked what it has
  const late = {
    'late/__init__.py': `from . import table
class Table:
    def add(self, key):
        if not hasattr(self, "keys"):
            self.keys = []
        self.keys.append(key)
TABLE = Table()
TABLE.add(table.KEY)
`,
    'late/table.py': 'KEY = "a"\n',
  }

  test.each([2, 5, 20])('is not interpreted again for the others: %i imports that may run', async (count) => {
    const files = { 'start.py': `import os\n${uses(count)}`, ...late }
    expect(await bodyRuns(files, ['start.py'])).toEqual({ 'start.py': 1, 'late/__init__.py': 1, 'late/table.py': 1 })
  })

  test('runs again where it finds something else: what it does there is found', async () => {
    const start = `import os
import flags
if os.environ.get("A"):
    import late
else:
    flags.ON = True
import late
`
    const files = {
      'start.py': start,
      'flags.py': 'ON = False\n',
      'late.py': 'import sqlite3\nimport flags\nif flags.ON:\n    sqlite3.connect("shop.db")\n',
    }
    expect(told(await reviewed(files, CONFIG))).toEqual([
      expect.stringMatching(/^database-at-import (?:error|warning) medium late\.py:4$/),
    ])
  })

  test('what it puts into a registry is there on every path, once', async () => {
    const start = `import os
import registry
if os.environ.get("A"):
    import late
import late
for step in registry.STEPS:
    step()
`
    const files = {
      'start.py': start,
      'registry.py': 'STEPS = []\n',
      'late.py': 'import sqlite3\nimport registry\nregistry.STEPS.append(lambda: sqlite3.connect("shop.db"))\n',
    }
    const result = await reviewed(files, CONFIG)
    expect(told(result)).toEqual([expect.stringMatching(/^database-at-import error (?:high|medium) late\.py:3$/)])
    expect(result.notFollowed).toEqual([])
  })
})
