// An entry point's result depends on its own files only: not on how many entry points there are, nor on which came before it.
import { describe, expect, test } from '@jest/globals'
import type { Review } from '../../src/findings/model.ts'
import { reviewed, told } from '../support/analysed.ts'

const api = (name: string): string => `modules/standard/${name}/api.py`
const named = (i: number): string => `m${String(i).padStart(2, '0')}`

/** An entry point that works with the database when a shared registry calls it back with its own name. */
const entry = (name: string): string =>
  `from core.registry import register\ndef initialize(app_context):\n    def step(key):\n        if key == "${name}":\n            app_context.db_session().commit()\n    register("${name}", step)\n    register("other", step)\n`

/** What is said about one entry point. */
function about(result: Review, id: string): unknown {
  return {
    entry: result.entryPoints.find((it) => it.id === id),
    findings: result.findings.filter((finding) => finding.entryPoint === id),
    open: result.notFollowed.filter((it) => it.entryPoint === id),
  }
}

describe('entry points do not influence each other', () => {
  test('a factory that many entry points use gives each of them an object of its own', async () => {
    const files: Record<string, string> = {
      'core/box.py':
        'from sqlalchemy import create_engine\ndef work():\n    create_engine("x").connect()\nclass Box:\n    def __init__(self):\n        self.step = work\ndef make():\n    return Box()\n',
    }
    for (let i = 0; i < 40; i++)
      files[api(named(i))] =
        'from core.box import make\ndef initialize(app_context):\n    box = make()\n    box.step = print\n    box.step()\n'
    expect(told(await reviewed(files))).toEqual([])
  })

  test('the same report for an entry point alone, first and last', async () => {
    const core =
      'registry = []\ndef register(name, *steps):\n    registry.append(name)\n    for step in steps:\n        step(name)\n' +
      Array.from({ length: 30 }, (_, i) => `register("${i}")\n`).join('')
    const tree = (names: readonly string[]): Record<string, string> =>
      Object.fromEntries([['core/registry.py', core], ...names.map((name) => [api(name), entry(name)])])
    const id = `${api('shop')}::initialize`
    const alone = about(await reviewed(tree(['shop'])), id)
    const others = Array.from({ length: 30 }, (_, i) => named(i))
    expect(about(await reviewed(tree([...others, 'shop'])), id)).toEqual(alone)
    expect(about(await reviewed(tree(['shop', ...others.map((name) => `z${name}`)])), id)).toEqual(alone)
  })

  test('a name that only files of other entry points store stays a constant', async () => {
    const result = await reviewed({
      [api('a')]: 'class Options: pass\noptions = Options()\noptions.DEBUG = True\ndef initialize(app_context): pass\n',
      [api('b')]:
        'DEBUG = False\ndef initialize(app_context):\n    if DEBUG:\n        app_context.db_session().commit()\n',
    })
    expect(told(result)).toEqual([])
  })
})

/** The entry points with findings, and the lines of their operations. */
function found(result: Review): unknown {
  return result.findings.map((one) => [one.entryPoint.split('/')[2], one.operations.map(({ line }) => line)])
}

describe('a module that several entry points import', () => {
  const core = {
    'core/registry.py': 'steps = []\ndef register(step):\n    steps.append(step)\n',
    'core/base.py':
      'from core import registry\nclass Base:\n    def __init_subclass__(cls):\n        registry.register(cls)\n',
    'core/work.py':
      'from core.base import Base\nfrom sqlalchemy import create_engine\nengine = create_engine("x")\nclass Work(Base):\n    def __init__(self):\n        engine.connect()\n',
    'core/idle.py': 'from core.base import Base\nclass Idle(Base): pass\n',
  }
  const run =
    'def initialize(app_context):\n    from core.registry import steps\n    for step in steps:\n        step()\n'
  test('is used again where one of its imports has run before, with what it finds there', async () => {
    const result = await reviewed({
      ...core,
      [api('a')]: `import core.work\n${run}`,
      [api('b')]: `import core.base\nimport core.work\n${run}`,
      [api('c')]: `import core.idle\nimport core.work\n${run}`,
      [api('d')]: `import core.idle\n${run}`,
    })
    expect(found(result)).toEqual([
      ['a', [6]],
      ['b', [6]],
      ['c', [6]],
    ])
  })

  test('is run again where that import was changed in between', async () => {
    const result = await reviewed({
      'core/flags.py': 'on = False\n',
      'core/work.py':
        'from core import flags\nfrom sqlalchemy import create_engine\nif flags.on:\n    create_engine("x").connect()\n',
      [api('a')]: 'import core.work\ndef initialize(app_context): pass\n',
      [api('b')]: 'from core import flags\nflags.on = True\nimport core.work\ndef initialize(app_context): pass\n',
      [api('c')]: 'from core import flags\nimport core.work\ndef initialize(app_context): pass\n',
    })
    expect(found(result)).toEqual([['b', [4]]])
  })

  test('says what its import does only where it is the first to import it', async () => {
    const result = await reviewed({
      'core/db.py': 'from sqlalchemy import create_engine\ncreate_engine("x").connect()\n',
      'core/a.py': 'import core.db\n',
      [api('a')]: 'import core.a\ndef initialize(app_context): pass\n',
      [api('b')]: 'import core.db\nimport core.a\ndef initialize(app_context): pass\n',
    })
    expect(
      result.findings.map(({ entryPoint, trace }) => [
        entryPoint.split('/')[2],
        trace.map(({ file, line }) => `${file}:${line}`),
      ]),
    ).toEqual([
      ['a', ['modules/standard/a/api.py:1', 'core/a.py:1']],
      ['b', ['modules/standard/b/api.py:1']],
    ])
  })
})

test('a generator that makes itself again and again ends', async () => {
  const result = await reviewed({
    [api('g')]:
      'def flat(xs):\n    for x in xs:\n        yield from flat(x)\n        yield x\ndef initialize(app_context):\n    for x in flat(app_context.items):\n        app_context.db_session().add(x)\n',
  })
  expect(result.incomplete).toEqual([])
  expect(told(result)).toEqual([`database-in-phase-1 error medium ${api('g')}:7,${api('g')}:7`])
})
