// What an analysis costs grows with the program, not with the ways through it. Costs are counted, never timed: the machine asks for the time once for
// each entry point and once for so many expressions (`EXPRESSIONS_A_LOOK`).
import { describe, expect, test } from '@jest/globals'
import { createIrStore } from '../../src/cache/ir-store.ts'
import { openProgram } from '../../src/program/program.ts'
import { analyseTree } from '../../src/review/tree.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { reviewed, told } from '../support/analysed.ts'
import { toolsFor } from '../support/tools.ts'

const CONFIG = 'profiles: [plain]\nentry-points: [{ files: "start.py" }]\n'

/** How often the analysis of a tree asks for the time. */
async function looks(files: Readonly<Record<string, string>>): Promise<number> {
  let count = 0
  const tools = { ...toolsFor(CONFIG), expired: () => (count++, false) }
  await analyseTree(await openProgram(memoryReader(files), createIrStore(null)), tools)
  return count
}

const CONVERT = `import forms

def convert(field, info):
    if isinstance(field, forms.Many):
        return [convert(field.inner, {**info, 'many': True})]
    if isinstance(field, forms.Pair):
        return convert(field.left, info), convert(field.right, info)
    if isinstance(field, forms.Table):
        return convert(field.keys, {**info, 'keys': True}), convert(field.values, info)
    return field.name, info

`

function conversions(count: number): string {
  return CONVERT + Array.from({ length: count }, (_, at) => `convert(forms.Kind${at}(), {'at': ${at}})\n`).join('')
}

describe('a function that calls itself with ever new arguments', () => {
  test('costs as much for each caller, whatever it nests', async () => {
    const [some, twice] = [await looks({ 'start.py': conversions(10) }), await looks({ 'start.py': conversions(20) })]
    expect(twice).toBeLessThanOrEqual(2 * some)
    expect(twice).toBeLessThan(10)
  })

  test('does for each caller what any of the arguments inside makes it do', async () => {
    const walk = `import sqlite3

class Leaf:
    def __init__(self, label):
        self.label = label
    def name(self):
        return ''

class Stored(Leaf):
    def name(self):
        return sqlite3.connect('shop.db')

class Branch:
    def __init__(self, inner):
        self.inner = inner

def walk(node):
    if isinstance(node, Branch):
        return walk(node.inner)
    return node.name()

`
    const walks = Array.from({ length: 60 }, (_, at) => `walk(Branch(Leaf('${at}')))\n`).join('')
    const last = 'walk(Branch(Branch(Branch(Stored("")))))\n'
    expect(told(await reviewed({ 'start.py': `${walk}${walks}${last}` }, CONFIG))).toEqual([
      'database-at-import error medium start.py:11',
    ])
  })
})

/** A start that changes what a module reads and reloads it, so many times. */
function reloading(count: number) {
  const reloads = Array.from({ length: count }, (_, at) => `state.level = ${at}\nimportlib.reload(settings)\n`)
  return {
    'state.py': 'level = -1\n',
    'settings.py': `import sqlite3, state\nLEVEL = state.level\n${'x = 1\n'.repeat(9000)}sqlite3.connect('shop.db')\n`,
    'start.py': `import importlib, state, settings\n${reloads.join('')}`,
  }
}

describe('a module that is reloaded again and again', () => {
  test('costs no more from some time on', async () => {
    expect(await looks(reloading(40))).toBe(await looks(reloading(10)))
  })

  test('does its work each time', async () => {
    const { findings } = await reviewed(reloading(12), CONFIG)
    expect(findings.map(({ operations }) => operations.map(({ file, line }) => `${file}:${line}`))).toEqual([
      ['settings.py:9003'],
    ])
  })
})

/** So many functions, each called with objects of one class that are told apart. */
function working(functions: number) {
  const works = Array.from({ length: functions }, (_, at) => {
    const calls = Array.from({ length: 30 }, (__, call) => `work${at}(Item(${call}))\n`)
    return `def work${at}(item):\n${'    item.name\n'.repeat(40)}${calls.join('')}`
  })
  return {
    'start.py': `class Item:\n    def __init__(self, name):\n        self.name = name\n${works.join('')}`,
  }
}

test('the more an entry point has cost, the less the next function costs it', async () => {
  const [first, second, third] = [await looks(working(20)), await looks(working(80)), await looks(working(140))]
  expect(4 * (third - second)).toBeLessThan(3 * (second - first))
})
