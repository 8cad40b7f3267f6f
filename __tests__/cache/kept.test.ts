// A tree that an earlier run has judged is not looked at again, and says the same; one that differs in anything is.
import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCache, type IrCache } from '../../src/cache/store.ts'
import type { SourceReader } from '../../src/program/model.ts'
import { toReport } from '../../src/report/json.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { configOf, reviewOf } from '../support/review-files.ts'

type Files = Readonly<Record<string, string>>

const made: string[] = []
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
})

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'phasegate-kept-'))
  made.push(directory)
  return directory
}

const kind = (id: string): string => (id.includes(':') ? id.slice(0, id.indexOf(':')) : 'content')

/** The names of what a run took out of the cache and what it put there, without what stands behind the colon. */
function watched(cache: IrCache): { readonly cache: IrCache; readonly found: Set<string>; readonly put: Set<string> } {
  const [found, put] = [new Set<string>(), new Set<string>()]
  return {
    found,
    put,
    cache: {
      get: (id) => {
        const text = cache.get(id)
        if (text !== null) found.add(kind(id))
        return text
      },
      cut: (id) => {
        const value = cache.cut(id)
        if (value !== null) found.add(kind(id))
        return value
      },
      set: (id, value) => {
        put.add(kind(id))
        cache.set(id, value)
      },
      flush: () => cache.flush(),
    },
  }
}

async function run(directory: string | null, head: SourceReader, base: SourceReader | null = null) {
  const seen = directory === null ? null : watched(openCache(directory, 'v1'))
  const result = await reviewOf({ head, base, config: configOf(null), cache: seen?.cache ?? null })
  const { stats, ...report } = toReport(result, '0')
  return {
    report,
    fromCache: stats.fromCache,
    found: [...(seen?.found ?? [])].toSorted(),
    put: [...(seen?.put ?? [])].toSorted(),
  }
}

const API = 'modules/standard/shop/api.py'
const tree: Files = {
  [API]:
    'from .services import Service\n\n\ndef initialize(app_context):\n    service = Service(app_context)\n    app_context.register_service("shop", service)\n',
  'modules/standard/shop/services.py':
    'class Service:\n    def __init__(self, app_context):\n        self.app_context = app_context\n        self.names = self.load()\n\n    def load(self):\n        with self.app_context.db_sync_session() as session:\n            return session.execute("select 1").all()\n',
}

describe('a tree that is the same to the last byte', () => {
  test('is taken as it was judged, its suggestions included', async () => {
    const directory = temporary()
    const first = await run(directory, memoryReader(tree))
    const second = await run(directory, memoryReader(tree))
    expect(second.report).toEqual(first.report)
    expect(first.report.findings).toMatchObject([
      { rule: 'database-in-phase-1', suggestion: { path: expect.any(String) } },
    ])
    expect([first.fromCache, second.fromCache]).toEqual([0, 2])
    expect([second.found, second.put]).toEqual([['profiles', 'suggestions', 'tree'], []])
  })

  test('as a base it is not opened; as a head its files are', async () => {
    const directory = temporary()
    const head = { ...tree, [API]: `${tree[API]}    app_context.db_session().commit()\n` }
    await run(directory, memoryReader(tree))
    const compared = await run(directory, memoryReader(head), memoryReader(tree))
    expect(compared.report).toEqual((await run(null, memoryReader(head), memoryReader(tree))).report)
    const again = await run(directory, memoryReader(head), memoryReader(tree))
    expect(again.report).toEqual(compared.report)
    expect([again.found, again.put]).toEqual([['content', 'profiles', 'suggestions', 'tree'], []])
  })
})

describe('what is looked at again', () => {
  const beside: Files = {
    'README.py': 'x = 1\n',
    'modules/standard/other/api.py': 'def initialize(app_context):\n    pass\n',
    'modules/standard/other/manifest.json': '',
  }
  test.each<readonly [string, Files, boolean]>([
    ['a file more', { 'scripts/other.py': 'x = 1\n' }, false],
    ['another content of a file that nothing imports', { 'README.py': 'x = 2\n' }, true],
    ['a mark more', { 'modules/standard/other/.disabled': '' }, false],
    ['another content of a mark', { 'modules/standard/other/manifest.json': '{}' }, false],
  ])('%s', async (_name, change, follows) => {
    const directory = temporary()
    const other = { ...tree, ...beside, ...change }
    await run(directory, memoryReader({ ...tree, ...beside }))
    const second = await run(directory, memoryReader(other))
    expect(second.report).toEqual((await run(null, memoryReader(other))).report)
    // only contents of Python may differ from a tree that is known, and what is said of the new one is kept beside it
    expect([second.found.includes('last'), second.found.includes('tree')]).toEqual([follows, follows])
    expect(second.put).toContain('tree')
  })

  test('a tree of which a file could not be read, once it can', async () => {
    const directory = temporary()
    const reader = memoryReader(tree)
    const broken: SourceReader = {
      ...reader,
      read: async (entries) =>
        new Map([...(await reader.read(entries))].map(([path, bytes]) => [path, path === API ? UNREADABLE : bytes])),
    }
    const first = await run(directory, broken)
    expect(first.put).not.toContain('tree')
    expect((await run(directory, reader)).report).toEqual((await run(null, reader)).report)
  })

  test('a tree that was written to while it was analysed', async () => {
    const directory = temporary()
    const [before, after] = [
      memoryReader(tree),
      memoryReader({ ...tree, [API]: 'def initialize(app_context):\n    pass\n' }),
    ]
    // ids as a directory gives them: they name no content
    const list = async () =>
      (await before.list()).map((entry) => ({ path: entry.path, size: entry.size, id: `stat:${entry.path}` }))
    let reads = 0
    const restless: SourceReader = {
      ...before,
      list,
      read: async (entries) => (reads++ === 0 ? before : after).read(entries),
    }
    expect((await run(directory, restless)).put).not.toContain('tree')
    expect((await run(directory, { ...before, list })).report).toEqual((await run(null, before)).report)
  })
})

const UNREADABLE = { reason: 'unreadable', message: 'not to be had' } as const
