// Functions that are analysed very often, and objects of which there are many: summaries are used again for other data, and a few objects stand for all.
// What is said then must hold for each of them: nothing is lost, and nothing is taken from the data of another one.
import { describe, expect, test } from '@jest/globals'
import { Domain } from '../../src/analysis/domain/domain.ts'
import type { ClassAtom, InstanceAtom } from '../../src/analysis/domain/values.ts'
import { reviewed, told } from '../support/analysed.ts'

const CONFIG = 'profiles: [plain]\nentry-points: [{ files: "start.py" }]\n'
const FIELDS = `import sqlite3

class Field:
    def __init__(self, name, kind):
        self.name = name
        self.kind = kind
        self.hooks = []

    def on(self, hook):
        self.hooks.append(hook)

    def fire(self):
        for hook in self.hooks:
            hook()

    @property
    def short(self):
        return self.name.split('.')[-1]

class Missing(Exception):
    pass

def find(fields, name):
    for field in fields:
        if field.short == name:
            return field
    raise Missing(name)

def fill():
    sqlite3.connect('shop.db')
`

/** A list of fields, each made by a call of its own. */
function fields(count: number): string {
  const calls = Array.from({ length: count }, (_, at) => `    Field('form.f${at}', ${at}),\n`)
  return `${FIELDS}\nfields = [\n${calls.join('')}]\n`
}

describe.each([5, 33, 36, 41, 60, 90])('after %i objects of a class', (count) => {
  test('the next one has what its constructor gave it', async () => {
    const start = `${fields(count)}last = Field('form.last', 0)\nlast.on(fill)\nlast.fire()\n`
    // its list of hooks may be one that several objects share, so the certainty is not the same for every count
    expect(told(await reviewed({ 'start.py': start }, CONFIG))).toEqual([
      expect.stringMatching(/^database-at-import error (?:high|medium) start\.py:30$/),
    ])
  })

  test('a search that finds another one does not raise', async () => {
    const searches = [0, 1, count - 1].map((at) => `find(fields, 'f${at}')\n`).join('')
    const result = await reviewed({ 'start.py': `${fields(count)}${searches}fill()\n` }, CONFIG)
    expect(result.notFollowed).toEqual([])
    expect(told(result)).toEqual(['database-at-import error high start.py:30'])
  })
})

test('an object that others stand for is told of each time, not only the first', () => {
  const domain = new Domain()
  const cls: ClassAtom = domain.make({ kind: 'class' } as Omit<ClassAtom, 'id' | 'single'>)
  const objects = Array.from({ length: 4 }, () =>
    domain.make({ kind: 'instance', cls } as Omit<InstanceAtom, 'id' | 'single'>),
  )
  const folds: number[] = []
  domain.onFold = (kept, folded) => {
    folds.push(objects.indexOf(kept), objects.indexOf(folded))
  }
  const [first, second, third, fourth] = objects.map((atom) => domain.of(atom))
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error('four')
  const two = domain.join(first, second)
  const others = domain.joinAll([third, fourth, domain.none])
  const once = domain.join(two, others)
  expect(domain.join(two, others)).toBe(once)
  expect(once.atoms).toEqual([...objects.slice(0, 3), ...domain.none.atoms].toSorted((a, b) => a.id - b.id))
  expect(folds).toEqual([0, 3, 0, 3])
})

test('of many classes of one metaclass, each statement binds its own', async () => {
  const meta = `import sqlite3

class Meta(type):
    def __new__(mcs, name, bases, ns):
        return super().__new__(mcs, name, bases, ns)

`
  const classes = Array.from(
    { length: 50 },
    (_, at) => `class C${at}(metaclass=Meta):\n    def load(self):\n        pass\n\n`,
  )
  const last = `class Last(metaclass=Meta):\n    def load(self):\n        sqlite3.connect('shop.db')\n\nC49().load()\n`
  const start = `${meta}${classes.join('')}${last}`
  expect(told(await reviewed({ 'start.py': start }, CONFIG))).toEqual([])
  expect(told(await reviewed({ 'start.py': `${start}Last().load()\n` }, CONFIG))).toEqual([
    'database-at-import error high start.py:209',
  ])
})

/** Classes that a function makes with `type(…)`, kept under their names, the last one with a method that opens a connection. */
function made(count: number): string {
  const head = `import sqlite3

kept = {}

def make(name, fields):
    return type(name, (object,), fields)

def keep(*given, names=kept):
    for cls in given:
        names.update({cls.__name__: cls})

def fill(self):
    sqlite3.connect('shop.db')

`
  const all = Array.from({ length: count }, (_, at) => `C${at} = make('C${at}', {'at': ${at}})\nkeep(C${at})\n`)
  return `${head}${all.join('')}Last = make('Last', {'fill': fill})\nkeep(Last)\n`
}

describe.each([3, 14, 33, 60])('after %i classes that one function makes', (count) => {
  test('a name under which one is kept is there', async () => {
    const start = `${made(count)}kept['C${count - 1}']\nsqlite3.connect('shop.db')\n`
    const result = await reviewed({ 'start.py': start }, CONFIG)
    expect(told(result)).toEqual([`database-at-import error high start.py:${start.split('\n').length - 1}`])
    expect(result.notFollowed).toEqual([])
  })

  test('what the last one does is found, or said not to be followed', async () => {
    const start = `${made(count)}Last().fill()\n`
    const result = await reviewed({ 'start.py': start }, CONFIG)
    const open = result.notFollowed.map(({ line, reason }) => `${reason} ${line}`)
    expect([...told(result), ...open]).toEqual([
      expect.stringMatching(new RegExp(`start\\.py:13$|^dynamic-getattr ${start.split('\n').length - 1}$`)),
    ])
  })
})
