// A cache never changes a verdict. Every case is reviewed from a cache that another version of the tree (or of the configuration, or of the
// program) filled, and has to give what a review without a cache gives.
import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCache, type IrCache } from '../../src/cache/store.ts'
import { programVersion } from '../../src/cache/version.ts'
import { toReport } from '../../src/report/json.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { told } from '../support/analysed.ts'
import { configOf, reviewFiles, reviewOf } from '../support/review-files.ts'

type Files = Readonly<Record<string, string>>

const made: string[] = []
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
})

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'phasegate-stale-'))
  made.push(directory)
  return directory
}

async function outcome(files: Files, cache: IrCache | null, config: string | null = null) {
  const result = await reviewOf({ head: memoryReader(files), config: configOf(config), cache })
  const { stats, ...report } = toReport(result, '0')
  return { report, told: told(result), parsed: stats.parsed, fromCache: stats.fromCache }
}

/** A module that registers a service, with the body of its method. */
const provider = (body: string): string =>
  `class Stock:\n    def __init__(self, context):\n        self.context = context\n    def load(self):\n        ${body}\ndef initialize(app_context):\n    app_context.register_service("stock", Stock(app_context))\n`

const API = 'modules/standard/shop/api.py'
const clean: Files = {
  [API]:
    'from .services import Service\nfrom .flags import ON\ndef initialize(app_context):\n    service = Service(app_context)\n    service.start()\n',
  'modules/standard/shop/flags.py': 'ON = True\n',
  'modules/standard/shop/services.py':
    'from . import loading\nclass Service:\n    def __init__(self, app_context):\n        self.app_context = app_context\n    def start(self):\n        try:\n            import extra\n        except ImportError:\n            extra = None\n        loading.run(self.app_context)\n',
  'modules/standard/shop/loading.py': 'def run(context):\n    return context\n',
  'modules/standard/other/api.py': 'def initialize(app_context):\n    pass\n',
}
const WORK = 'def run(context):\n    context.db_session().commit()\n'
const FOUND = 'database-in-phase-1 error high modules/standard/shop/loading.py:2,modules/standard/shop/loading.py:2'

describe('a tree that changed since the cache was filled', () => {
  const cases: readonly (readonly [string, Files, Files, readonly string[]])[] = [
    ['nothing changed', clean, clean, []],
    ['a file of the closure', clean, { ...clean, 'modules/standard/shop/loading.py': WORK }, [FOUND]],
    ['a file of the closure, back', { ...clean, 'modules/standard/shop/loading.py': WORK }, clean, []],
    [
      'a file that an import did not find before',
      clean,
      { ...clean, 'extra.py': 'from sqlalchemy import create_engine\ncreate_engine("x").connect()\n' },
      ['database-in-phase-1 error high extra.py:2'],
    ],
    [
      'a package that now shadows a module',
      clean,
      { ...clean, 'modules/standard/shop/loading/__init__.py': WORK },
      [
        'database-in-phase-1 error high modules/standard/shop/loading/__init__.py:2,modules/standard/shop/loading/__init__.py:2',
      ],
    ],
    ['a file that was deleted', { ...clean, 'modules/standard/shop/loading/__init__.py': WORK }, clean, []],
    [
      'a package file above the entry point',
      clean,
      {
        ...clean,
        'modules/standard/shop/__init__.py': 'from sqlalchemy import create_engine\ncreate_engine("x").connect()\n',
      },
      ['database-at-import error high modules/standard/shop/__init__.py:2'],
    ],
    [
      'a name that some file of the closure now stores',
      { ...clean, [API]: `${clean[API]}    if not ON:\n        app_context.db_session().commit()\n` },
      {
        ...clean,
        [API]: `${clean[API]}    if not ON:\n        app_context.db_session().commit()\n`,
        'modules/standard/shop/loading.py': 'from . import flags\ndef run(context):\n    flags.ON = context.debug\n',
      },
      [`database-in-phase-1 warning medium ${API}:7,${API}:7`],
    ],
  ]
  test.each(cases)('%s', async (_name, before, after, expected) => {
    const directory = temporary()
    await outcome(before, openCache(directory, 'v1'))
    const fresh = await outcome(after, null)
    const cached = await outcome(after, openCache(directory, 'v1'))
    expect(cached.report).toEqual(fresh.report)
    expect(fresh.told).toEqual(expected)
    // and once more, from what the second review left
    expect((await outcome(after, openCache(directory, 'v1'))).report).toEqual(fresh.report)
    expect((await outcome(before, openCache(directory, 'v1'))).report).toEqual((await outcome(before, null)).report)
  })

  test('a module that provides a service of another one', async () => {
    const user = 'def initialize(app_context):\n    app_context.get_service("stock").load()\n'
    const tree = (body: string): Files => ({
      'modules/standard/a/api.py': user,
      'modules/standard/b/api.py': provider(body),
    })
    const directory = temporary()
    await outcome(tree('pass'), openCache(directory, 'v1'))
    const after = tree('self.context.db_session().commit()')
    const fresh = await outcome(after, null)
    expect((await outcome(after, openCache(directory, 'v1'))).report).toEqual(fresh.report)
    expect(fresh.told).toHaveLength(1)
  })
})

describe('a cache that is not what this run needs', () => {
  const wrong = { ...clean, 'modules/standard/shop/loading.py': WORK }

  test('another configuration sees nothing of it', async () => {
    const directory = temporary()
    const config = 'operations:\n  - { symbol: "probe.db", kind: query }\n'
    const files = { ...clean, 'modules/standard/shop/loading.py': 'import probe\ndef run(context):\n    probe.db(1)\n' }
    expect((await outcome(files, openCache(directory, 'v1'))).told).toEqual([])
    const cached = await outcome(files, openCache(directory, 'v1'), config)
    expect(cached.report).toEqual((await outcome(files, null, config)).report)
    expect(cached.told).toHaveLength(1)
  })

  test('another program sees nothing of it', async () => {
    const directory = temporary()
    await outcome(wrong, openCache(directory, 'v1'))
    const other = await outcome(wrong, openCache(directory, 'v2'))
    expect([other.told, other.parsed]).toEqual([[FOUND], Object.keys(wrong).length])
  })

  test('a truncated pack, and one whose bytes were changed, are read as far as they are whole', async () => {
    const fresh = await outcome(wrong, null)
    const directory = temporary()
    await outcome(wrong, openCache(directory, 'v1'))
    const [name = ''] = readdirSync(directory)
    const bytes = readFileSync(join(directory, name))
    for (let cut = 0; cut < bytes.length; cut += Math.ceil(bytes.length / 12)) {
      writeFileSync(join(directory, name), bytes.subarray(0, cut))
      expect((await outcome(wrong, openCache(directory, 'v1'))).report).toEqual(fresh.report)
      for (const other of readdirSync(directory)) if (other !== name) rmSync(join(directory, other))
    }
    for (let at = 40; at < bytes.length; at += Math.ceil(bytes.length / 12)) {
      const damaged = Buffer.from(bytes)
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x20, at)
      writeFileSync(join(directory, name), damaged)
      expect((await outcome(wrong, openCache(directory, 'v1'))).report).toEqual(fresh.report)
      for (const other of readdirSync(directory)) if (other !== name) rmSync(join(directory, other))
    }
  })

  test('entries that are no facts at all are analysed again', async () => {
    const fresh = await outcome(wrong, null)
    for (const text of ['', '\n', '{}\n{}', 'null\nnull', '{"lookups":[],"files":[],"key":"","tree":null}\n{}', '[]']) {
      const broken: IrCache = {
        get: (id) => (id.startsWith('facts:') ? text : null),
        cut: () => null,
        set: () => undefined,
        flush: () => undefined,
      }
      expect((await outcome(wrong, broken)).report).toEqual(fresh.report)
    }
  })
})

test('what is not changed is not analysed again: everything comes from the cache', async () => {
  const directory = temporary()
  const first = await outcome(clean, openCache(directory, 'v1'))
  const second = await outcome(clean, openCache(directory, 'v1'))
  const files = Object.keys(clean).length
  expect([first.parsed, first.fromCache, second.parsed, second.fromCache]).toEqual([files, 0, 0, files])
  expect(second.report).toEqual(first.report)
})

test('without a cache nothing comes from it: what the base shares with the head is parsed once', async () => {
  const { stats } = await reviewFiles({ ...clean, 'modules/standard/shop/loading.py': WORK }, clean)
  expect([stats.parsed, stats.fromCache]).toEqual([Object.keys(clean).length + 1, 0])
})

test('a program is named by its bytes, and has no name when it runs from its sources', () => {
  const directory = temporary()
  const [one, two] = ['one.js', 'two.js'].map((name) => join(directory, name))
  writeFileSync(one ?? '', 'a')
  writeFileSync(two ?? '', 'b')
  const versions = [programVersion(`file://${one}`), programVersion(`file://${two}`)]
  expect(new Set(versions).size).toBe(2)
  expect(versions).not.toContain(null)
  expect([programVersion(import.meta.url), programVersion(`file://${directory}/none.js`)]).toEqual([null, null])
})
