import { readFileSync, statSync, chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { fixed } from '../../src/cli/fix.ts'
import type { Review } from '../../src/findings/model.ts'
import type { SourceReader } from '../../src/program/model.ts'
import { directoryReader } from '../../src/sources/directory.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { reviewOf } from '../support/review-files.ts'
import { removeTemporaryDirectories, temporaryDirectory, writeFiles } from '../sources/repository.ts'

afterAll(removeTemporaryDirectories)

const API = 'modules/standard/shop/api.py'
const CALLED = `def initialize(app_context):
    seed(app_context)
    app_context.register_models([])
    return True


def seed(app_context):
    app_context.db_sync_session().execute("select 1")
`
const REGISTERED = CALLED.replace(
  'seed(app_context)\n',
  'app_context.register_module_setup_hook(module_id="standard.shop", setup_method=seed)\n',
)
const CONSTRUCTED = `class Shop:
    def __init__(self, app_context):
        app_context.db_sync_session().execute("select 1")


def initialize(app_context):
    app_context.register_service("shop", Shop(app_context))
`

interface Run {
  readonly said: readonly string[]
  readonly left: readonly string[]
  readonly complete: boolean
}

interface Over {
  readonly head?: SourceReader
  readonly base?: SourceReader
  /** called before each review */
  readonly before?: () => void
}

async function run(root: string, over: Over = {}): Promise<Run> {
  const said: string[] = []
  const reviewed = (head: SourceReader): Promise<Review> => {
    over.before?.()
    return reviewOf({
      head,
      base: over.base ?? null,
      changes: over.base === undefined ? null : { files: [changed(API)] },
    })
  }
  const head = over.head ?? directoryReader(root)
  const done = await fixed({ head, root, reviewed, say: (message) => said.push(message) })
  return { said, left: done.review.findings.map((f) => `${f.rule} ${f.entryPoint}`), complete: done.complete }
}

const changed = (
  path: string,
): { path: string; previousPath: string; status: 'modified'; hunks: []; anchoring: 'unknown' } => ({
  path,
  previousPath: path,
  status: 'modified',
  hunks: [],
  anchoring: 'unknown',
})

function tree(files: Readonly<Record<string, string>>): { root: string; read: (path: string) => string } {
  const root = temporaryDirectory()
  writeFiles(root, files)
  return { root, read: (path) => readFileSync(join(root, path), 'utf8') }
}

const DONE = `${API}:2: Register \`seed\` instead of calling it`

describe('safe edits are written, and the review is of what is left', () => {
  test('files of all kinds', async () => {
    const other = 'modules/standard/pay/api.py'
    const third = 'modules/standard/map/api.py'
    const { root, read } = tree({
      [API]: CALLED,
      [other]: `\uFEFF${CALLED.replaceAll('\n', '\r\n')}`,
      [third]: CONSTRUCTED,
    })
    chmodSync(join(root, API), 0o755)
    expect(await run(root)).toEqual({
      said: [DONE.replace('shop', 'pay'), DONE],
      left: [`database-in-phase-1 ${third}::initialize`],
      complete: true,
    })
    expect([read(API), read(other), read(third)]).toEqual([
      REGISTERED,
      `\uFEFF${REGISTERED.replace('standard.shop', 'standard.pay').replaceAll('\n', '\r\n')}`,
      CONSTRUCTED,
    ])
    expect(statSync(join(root, API)).mode & 0o777).toBe(0o755)
  })

  test('several edits of one file, in the order of the work', async () => {
    const work = 'with app_context.db_sync_session() as session:\n        session.execute("select 2")'
    const { root, read } = tree({ [API]: CALLED.replace('    app_context.register_models([])', `    ${work}`) })
    const { left, complete } = await run(root)
    expect([left, complete]).toEqual([[], true])
    expect(read(API)).toBe(`def initialize(app_context):
    app_context.register_module_setup_hook(module_id="standard.shop", setup_method=setup_module)
    return True


async def setup_module(app_context):
    """Phase 2: runs when every module is registered and the database is ready."""
    seed(app_context)
    with app_context.db_sync_session() as session:
        session.execute("select 2")


def seed(app_context):
    app_context.db_sync_session().execute("select 1")
`)
  })

  test('a checkout with CRLF keeps it where git has LF', async () => {
    const { root, read } = tree({ [API]: CALLED.replaceAll('\n', '\r\n') })
    expect((await run(root, { head: memoryReader({ [API]: CALLED }) })).said).toEqual([DONE])
    expect(read(API)).toBe(REGISTERED.replaceAll('\n', '\r\n'))
  })

  test('with a base only what is new', async () => {
    const { root, read } = tree({ [API]: CALLED.replace('return True', 'return False') })
    const old = await run(root, { base: memoryReader({ [API]: CALLED }) })
    expect([old.said, read(API).includes('seed)')]).toEqual([['no safe edit to apply'], false])
    const fresh = await run(root, { base: memoryReader({ [API]: REGISTERED }) })
    expect([fresh.said, read(API).includes('=seed)')]).toEqual([[DONE], true])
  })
})

describe('a file is left alone', () => {
  test('when it was changed meanwhile', async () => {
    const { root, read } = tree({ [API]: CALLED })
    const touched = `${CALLED}# mine\n`
    const result = await run(root, {
      head: memoryReader({ [API]: CALLED }),
      before: () => writeFiles(root, { [API]: touched }),
    })
    expect(result).toEqual({
      said: [`${API}: was changed meanwhile; left as it is`],
      left: [`database-in-phase-1 ${API}::initialize`],
      complete: false,
    })
    expect(read(API)).toBe(touched)
  })

  test('when nothing is certain', async () => {
    const { root, read } = tree({ [API]: CONSTRUCTED })
    expect(await run(root)).toEqual({
      said: ['no safe edit to apply'],
      left: [`database-in-phase-1 ${API}::initialize`],
      complete: true,
    })
    expect(read(API)).toBe(CONSTRUCTED)
  })
})
