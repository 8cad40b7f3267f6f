// Entry points that never come to their end: what stands behind that place does not run, and the report says which place it is. What only looks like
// an end because something is not known does not hide what follows.
import { describe, expect, test } from '@jest/globals'
import { CONFIGURATION } from '../../bench/oracle/analyser.ts'
import { reviewed } from '../support/analysed.ts'

const WORK = 'from probe import db\nimport vendor\nfrom importlib import import_module\n'
const START = 'def initialize(ctx):\n'

const own = (entry: string | null): boolean => entry === 'main.py::initialize'

/** What is said about initialize() of main.py: `work file:line` and `reason file:line`. */
async function outcome(files: Readonly<Record<string, string>>): Promise<string[]> {
  const result = await reviewed({ ...files, 'probe.py': 'def db(): pass\n' }, CONFIGURATION)
  return [
    ...result.findings.flatMap((f) =>
      own(f.entryPoint) ? f.operations.map((o) => `work ${o.file}:${o.line} ${f.confidence}`) : [],
    ),
    ...result.notFollowed.flatMap((n) => (own(n.entryPoint) ? [`${n.reason} ${n.file}:${n.line}`] : [])),
  ]
}

describe('the end is certain', () => {
  test.each([
    ['the module raises', 'raise ImportError("x")\n', '    db()\n', 'never-returns main.py:4'],
    ['the module leaves the program', 'import sys\nsys.exit(1)\n', '    db()\n', 'never-returns main.py:5'],
    ['a class body raises', 'class A:\n    x = {}["x"]\n', '    db()\n', 'never-returns main.py:4'],
    ['the entry point raises', '', '    raise NotImplementedError\n', 'never-returns main.py:5'],
    [
      'a helper always raises',
      'def check():\n    raise OSError\n',
      '    check()\n    db()\n',
      'never-returns main.py:7',
    ],
    ['an endless loop', '', '    while True:\n        pass\n    db()\n', 'never-returns main.py:5'],
    ['a failed assertion', '', '    assert False\n    db()\n', 'never-returns main.py:5'],
  ])('%s', async (_name, body, initialize, expected) => {
    expect(await outcome({ 'main.py': WORK + body + START + initialize })).toEqual([expected])
  })

  test('a coroutine that always raises', async () => {
    const text = `${WORK}async def initialize(ctx):\n    raise OSError\n    db()\n`
    expect(await outcome({ 'main.py': text })).toEqual(['never-returns main.py:5'])
  })

  test('an import on the way raises, the package before the module', async () => {
    const main = `${WORK}import other\n${START}    db()\n`
    expect(await outcome({ 'main.py': main, 'other.py': 'raise OSError\n' })).toEqual(['never-returns main.py:4'])
  })

  test('what caught it goes on', async () => {
    const main = `${WORK}try:\n    import other\nexcept OSError:\n    other = None\n${START}    db()\n`
    expect(await outcome({ 'main.py': main, 'other.py': 'raise OSError\n' })).toEqual(['work main.py:9 high'])
  })
})

describe('the end is not certain', () => {
  test.each([
    [
      'a dictionary that a package got',
      '    d = {}\n    vendor.fill(d)\n    d["x"]\n    db()\n',
      ['work main.py:8 high'],
    ],
    ['one that the context got', '    d = {}\n    ctx.config.fill(d)\n    d["x"]\n    db()\n', ['work main.py:8 high']],
    ['a keyword argument', '    d = {}\n    vendor.fill(into=d)\n    d["x"]\n    db()\n', ['work main.py:8 high']],
    [
      'a list whose append a package got',
      '    xs = []\n    vendor.walk(xs.append)\n    for x in xs: db()\n',
      ['work main.py:7 medium'],
    ],
    [
      'a list that a package got',
      '    xs = []\n    vendor.fill(xs)\n    if not xs: return\n    db()\n',
      ['work main.py:8 medium'],
    ],
  ])('%s', async (_name, initialize, expected) => {
    expect(await outcome({ 'main.py': WORK + START + initialize })).toEqual(expected)
  })

  test('a registry after a computed import', async () => {
    const main = `${WORK}from registry import STEPS, NAMES\n${START}    for name in ctx.names: import_module(name)\n    STEPS["x"]\n    db()\n    for name in NAMES: db()\n`
    expect(await outcome({ 'main.py': main, 'registry.py': 'STEPS = {}\nNAMES = []\n' })).toEqual([
      'work main.py:8 high',
      'work main.py:9 high',
      'dynamic-import main.py:6',
    ])
  })

  test('a submodule that is not in the tree, of a package whose __getattr__ knows no such name', async () => {
    const pkg = 'def __getattr__(name):\n    raise AttributeError(name)\n'
    const main = `${WORK}${START}    from pkg import compiled\n    db()\n`
    expect(await outcome({ 'main.py': main, 'pkg/__init__.py': pkg })).toEqual(['work main.py:6 high'])
  })

  test('a name that neither a module nor its __getattr__ has is an end: a module has no submodules', async () => {
    const module = 'def __getattr__(name):\n    raise AttributeError(name)\n'
    const main = `${WORK}${START}    from flat import compiled\n    db()\n`
    expect(await outcome({ 'main.py': main, 'flat.py': module })).toEqual(['never-returns main.py:5'])
  })

  test('a dictionary made after it is known again', async () => {
    const main = `${WORK}def rest():\n    d = {}\n    d["x"]\n    db()\n${START}    import_module(ctx.name)\n    rest()\n`
    expect(await outcome({ 'main.py': main })).toEqual(['dynamic-import main.py:9', 'never-returns main.py:10'])
  })
})
