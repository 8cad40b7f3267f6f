// A team changes how long a review takes and nothing else. Members run in this process here, on copies of everything that they are told, as a
// thread would; that worker threads do the same is tested with dist/ (end-to-end/threads.test.ts).
import { describe, expect, test } from '@jest/globals'
import type { Review } from '../../src/findings/model.ts'
import { createIrStore } from '../../src/cache/ir-store.ts'
import type { SourceReader } from '../../src/program/model.ts'
import { openProgram } from '../../src/program/program.ts'
import { analyseTree } from '../../src/review/tree.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { takePart } from '../../src/threads/member.ts'
import type { Order, Reply, Thread } from '../../src/threads/messages.ts'
import { createTeam } from '../../src/threads/team.ts'
import { teamSize } from '../../src/threads/worker.ts'
import { configOf, reviewOf, type Files } from '../support/review-files.ts'
import { toolsFor } from '../support/tools.ts'

const MODULES = 24

test('a team has a thread for each core where that pays, or as many as are wanted', () => {
  expect([1, 2, 3, 4, 16].map((cores) => teamSize(null, cores))).toEqual([1, 1, 1, 4, 4])
  expect([1, 2, 8].map((wanted) => teamSize(wanted, 2))).toEqual([1, 2, 8])
})

/** Modules that register and ask for services of each other, share a file, go through the tree, and are broken here and there. */
const files: Files = {
  'core/__init__.py': '',
  'core/shared.py':
    'import pkgutil\n\ndef names(package):\n    return [m.name for m in pkgutil.iter_modules(package.__path__)]\n',
  ...Object.fromEntries(Array.from({ length: MODULES }, (_, i) => moduleFiles(i)).flatMap((it) => Object.entries(it))),
}

function moduleFiles(i: number): Files {
  const folder = `modules/standard/m${i}`
  const other = `m${(i + 1) % MODULES}.service`
  return {
    [`${folder}/__init__.py`]: '',
    [`${folder}/services.py`]: [
      'class Service:',
      '    def __init__(self, app_context):',
      '        self.app_context = app_context',
      i % 7 === 3 ? '        app_context.db_session().commit()' : '        self.rows = []',
      '    def load(self):',
      '        self.app_context.db_session().commit()',
      i % 11 === 5 ? 'def broken(:' : '',
      '',
    ].join('\n'),
    [`${folder}/api.py`]: [
      'from core.shared import names',
      'from .services import Service',
      'def initialize(app_context):',
      '    service = Service(app_context)',
      `    app_context.register_service("m${i}.service", service)`,
      i % 5 === 2 ? `    app_context.get_service("${other}").load()` : '    pass',
      i % 13 === 4 ? '    import core\n    names(core)' : '    pass',
      'def setup_module(app_context):',
      '    app_context.get_service("core.database").execute("x")',
      '',
    ].join('\n'),
  }
}

interface Counts {
  found: number
  texts: number
}

/** A member in this process. `broken`: after how many portions it ends without an answer. */
function localThread(counts: Counts, broken: number): Thread {
  const replied: ((reply: Reply) => void)[] = []
  const ended: (() => void)[] = []
  const ordered: ((order: Order) => void)[] = []
  let left = broken
  takePart({
    reply: (reply) => {
      if (reply.kind === 'found') {
        counts.found += reply.count
        counts.texts += reply.texts.length
      }
      const copy = structuredClone(reply)
      queueMicrotask(() => replied.forEach((listener) => listener(copy)))
    },
    onOrder: (listener) => ordered.push(listener),
  })
  return {
    send: (order) => {
      const copy = structuredClone(order)
      if (order.kind === 'run' && left-- <= 0) queueMicrotask(() => ended.forEach((listener) => listener()))
      else queueMicrotask(() => ordered.forEach((listener) => listener(copy)))
    },
    onReply: (listener) => replied.push(listener),
    onEnd: (listener) => ended.push(listener),
    end: () => queueMicrotask(() => ended.forEach((listener) => listener())),
  }
}

/** Without the only number that no two runs share. */
function told(review: Review): Review {
  return { ...review, stats: { ...review.stats, milliseconds: 0 } }
}

const config = configOf('profiles: [modular-python-framework]\n')

async function alone(head: SourceReader): Promise<Review> {
  return told(await reviewOf({ head, config }))
}

let known: Promise<Review> | null = null
const aloneOnce = (): Promise<Review> => (known ??= alone(memoryReader(files)))

async function together(head: SourceReader, broken: readonly number[]) {
  const counts: Counts = { found: 0, texts: 0 }
  let started = 0
  const team = createTeam(broken.length, () => localThread(counts, broken[started++] ?? 0))
  const review = told(await reviewOf({ head, config, team }))
  team.close()
  return { review, counts, started }
}

const NEVER = Number.POSITIVE_INFINITY

describe('a review by several threads', () => {
  test('says what a review by one says, and the members do all of the work', async () => {
    const one = await aloneOnce()
    const { review, counts } = await together(memoryReader(files), [NEVER, NEVER])
    expect(review).toEqual(one)
    expect(one.findings.length).toBeGreaterThan(MODULES / 7)
    expect(one.incomplete.length).toBeGreaterThan(0)
    // the module body, `initialize` and the second phase of each module
    expect(counts).toEqual({ found: MODULES * 3, texts: MODULES * 3 })
  })

  test.each([[[0, 0]], [[1, 0]], [[0, NEVER]], [[2, 1, NEVER]]])(
    'says it too when members end after %j portions',
    async (broken) => {
      const { review, started } = await together(memoryReader(files), broken)
      expect(review).toEqual(await aloneOnce())
      expect(started).toBe(broken.length)
    },
  )

  test('says it too when sources cannot be read for a member', async () => {
    const reader = memoryReader(files)
    const failing = { ...reader, read: async () => Promise.reject(new Error('gone')) }
    const counts: Counts = { found: 0, texts: 0 }
    const team = createTeam(2, () => localThread(counts, NEVER))
    const review = await reviewOf({
      head: reader,
      config,
      team: {
        smallestTree: 0,
        analyse: async (tree, share, found) => team.analyse({ ...tree, reader: failing }, share, found),
      },
    })
    expect(told(review)).toEqual(await aloneOnce())
    expect(counts.found).toBe(0)
  })

  test('starts nobody for a small tree', async () => {
    const small = Object.fromEntries(Object.entries(files).filter(([path]) => /core|m\d\//.test(path)))
    const { review, started } = await together(memoryReader(small), [NEVER, NEVER])
    expect(review).toEqual(await alone(memoryReader(small)))
    expect(started).toBe(0)
  })

  test('starts nobody below the size that the team is worth', async () => {
    let started = 0
    const team = createTeam(
      2,
      () => {
        started++
        return localThread({ found: 0, texts: 0 }, NEVER)
      },
      1_000_000,
    )
    expect(told(await reviewOf({ head: memoryReader(files), config, team }))).toEqual(await aloneOnce())
    expect(started).toBe(0)
  })

  test('keeps what was found ahead when time is over then', async () => {
    const store = createIrStore(null)
    const members = createTeam(2, () => localThread({ found: 0, texts: 0 }, NEVER))
    let over = false
    const tools = {
      ...toolsFor(),
      texts: store.texts,
      adopt: store.adopt,
      expired: () => over,
      team: {
        smallestTree: 0,
        analyse: async (...work: Parameters<typeof members.analyse>) => {
          await members.analyse(...work)
          over = true
        },
      },
    }
    const { evaluation } = await analyseTree(await openProgram(memoryReader(files), store), tools)
    const one = await aloneOnce()
    const before = new Map(one.entryPoints.map(({ id, state }) => [id, state]))
    const cut = evaluation.entryPoints.filter(({ id, state }) => state !== before.get(id))
    // those that ask for services of others run once more, and there is no time for that
    expect(cut.map(({ id, state }) => `${id.split('/')[2]} ${state}`)).toEqual(
      ['m12', 'm17', 'm2', 'm22', 'm7'].map((name) => `${name} incomplete`),
    )
  })
})
