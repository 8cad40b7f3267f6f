// Entry points put together at random, repaired until no edit is left, then run by CPython with a context that takes notes. What the edited
// module does in both phases together is what it did before, in the same order; only the phase has changed. Safe edits promise that.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { applied } from '../../src/fixes/edits.ts'
import { pythonVersion } from '../python/python3.ts'
import { reviewed } from '../support/analysed.ts'

const API = 'modules/standard/shop/api.py'

/** Statements of `initialize`; `#` becomes a number, so that every piece of work can be told from every other. */
const PIECES: readonly string[] = [
  'app_context.register_models([#])',
  'app_context.register_service("shop.#", Shop(app_context))',
  'logger.info("step #")',
  'name_# = "rows"',
  'keep_#(app_context)',
  'seed(app_context)',
  'fill(app_context, "fill #")',
  'fill(app_context, words="fill #")',
  'with app_context.db_sync_session() as session:\n    session.execute("with #")\n    session.commit()',
  'app_context.db_sync_session().execute(text("once #"))',
  's# = app_context.db_sync_session()\ns#.execute("chain #")\ns#.close()',
  's# = app_context.db_sync_session()\napp_context.register_models([#])\nr# = s#.execute("spread #").all()\nfor row in r#:\n    s#.execute(row)',
  'n# = "value #"\napp_context.db_sync_session().execute(n#)',
  'n# = f"value {ROWS}"\napp_context.db_sync_session().execute(n#)\napp_context.register_models(n#)',
  'v# = Shop(app_context)\nv#.load("load #")\napp_context.register_service("v#", v#)',
  'v# = Shop(app_context)\napp_context.register_service("v#", v#)\nv#.load("load #")',
  'if app_context.flag:\n    seed(app_context)',
  'for i in range(2):\n    fill(app_context, f"loop # {i}")',
  'try:\n    fill(app_context, "tried #")\nexcept ValueError as error:\n    logger.info(error)',
  'try:\n    app_context.register_models([#])\n    seed(app_context)\nexcept ValueError:\n    pass',
  'u# = app_context.name\nfill(app_context, u#)',
  'def inner_#():\n    return app_context.db_sync_session().execute("inner #")\n\ninner_#()',
  '# a note about #\nseed(app_context)  # at the end',
]

const HOOKS: readonly string[] = [
  '',
  'async def setup_module(app_context):\n    app_context.logger.info("ready")\n',
  'def setup_module(ctx):\n    """Phase 2."""\n    database = ctx.get_service("core.database.service")\n    if database is None:\n        return False\n    ctx.db_sync_session().execute("second")\n    return True\n',
]
const REGISTRATION = 'app_context.register_module_setup_hook("standard.shop", setup_module)'

const REST = `

class Shop:
    def __init__(self, app_context):
        self.app_context = app_context

    def load(self, words):
        self.app_context.db_sync_session().execute(words)


def seed(app_context):
    with app_context.db_sync_session() as session:
        session.execute("seed")


def fill(app_context, words):
    app_context.db_sync_session().execute(words)
`

interface Program {
  readonly pieces: readonly number[]
  readonly hook: number
  readonly registered: 'first' | 'last' | 'no'
  readonly returns: string
  readonly async: boolean
}

const programs = fc.record({
  pieces: fc.array(fc.nat(PIECES.length - 1), { minLength: 1, maxLength: 5 }),
  hook: fc.nat(HOOKS.length - 1),
  registered: fc.constantFrom<Program['registered']>('first', 'last', 'no'),
  returns: fc.constantFrom('', 'return True\n', 'return len(ROWS)\n'),
  async: fc.boolean(),
})

function written({ pieces, hook, returns, async, ...program }: Program): string {
  // a hook with work of its own that nobody registers is a finding of its own
  const registered = hook === 2 && program.registered === 'no' ? 'first' : program.registered
  const body = pieces.map((piece, at) =>
    (PIECES[piece] ?? '').replaceAll(/(?<!^)#|(?<=note about )#/g, () => String(at)),
  )
  const helpers = pieces.map((_, at) => `def keep_${at}(app_context):\n    app_context.logger.debug("kept")\n`)
  const setup = HOOKS[hook] ?? ''
  const call = setup === '' || registered === 'no' ? [] : [REGISTRATION]
  const lines = [...(registered === 'first' ? call : []), ...body, ...(registered === 'last' ? call : [])].join('\n')
  const head = `from sqlalchemy import text\n\nROWS = ("a", "b")\n\n\nclass Logger:\n    def info(self, words):\n        pass\n\n\nlogger = Logger()\n\n\n${helpers.join('\n\n')}\n\n`
  const define = `${async ? 'async ' : ''}def initialize(app_context):\n${`${lines}\n${returns}`.replaceAll(/^(?=.)/gm, '    ')}`
  return `${head}${define}${setup === '' ? '' : `\n\n${setup}`}${REST}`
}

interface Repaired {
  readonly text: string
  readonly titles: readonly string[]
  readonly left: number
}

/** Applies edits until there is none: the safe ones only, or any. */
async function repaired(source: string, which: 'safe' | 'any'): Promise<Repaired> {
  let text = source
  const titles: string[] = []
  for (let round = 0; round < 12; round++) {
    const result = await reviewed({ [API]: text })
    const open = result.findings.filter((f) => f.rule !== 'unchecked-database-service')
    const edit = open.find((f) => f.suggestion !== null && (which === 'any' || f.suggestion.disposition === 'safe'))
    if (edit === undefined || edit.suggestion === null) return { text, titles, left: open.length }
    text = applied(text, edit.suggestion)
    titles.push(edit.suggestion.title)
  }
  return { text, titles, left: -1 }
}

interface Behaviour {
  readonly first: readonly string[]
  readonly second: readonly string[]
  readonly registered: readonly string[]
  readonly returned: string
  readonly error?: string
}

/** From the entry point to the part that all programs share. */
function bodyOf(source: string): string {
  return source.slice(source.search(/^(?:async )?def initialize/m), source.indexOf('class Shop'))
}

const ORACLE = fileURLToPath(new URL('behaviour.py', import.meta.url))

function behaviours(sources: readonly string[]): Behaviour[] {
  const input = JSON.stringify(Object.fromEntries(sources.map((source, at) => [String(at), source])))
  const { stdout, stderr } = spawnSync('python3', [ORACLE], { input, maxBuffer: 1e8 })
  if (stdout.length === 0) throw new Error(stderr.toString())
  const answers = JSON.parse(stdout.toString()) as Record<string, Behaviour>
  return sources.map((_, at) => answers[String(at)] as Behaviour)
}

/** More, or others, by hand. */
const RUNS = Number(process.env['PHASEGATE_FIX_RUNS'] ?? 100)
const SEED = Number(process.env['PHASEGATE_FIX_SEED'] ?? 7)

const work = ({ first, second }: Behaviour): readonly string[] => [...first, ...second]

/** The programs that one way of repairing changes, with what they do before and after. */
async function compared(
  which: 'safe' | 'any',
  chosen: readonly string[],
): Promise<readonly { source: string; edits: Repaired; old: Behaviour; now: Behaviour }[]> {
  const edits: Repaired[] = []
  for (const source of chosen) edits.push(await repaired(source, which))
  const [old, now] = [behaviours(chosen), behaviours(edits.map((it) => it.text))]
  return chosen.flatMap((source, at) => {
    const [edit, before, after] = [edits[at], old[at], now[at]]
    if (edit === undefined || before === undefined || after === undefined || before.error !== undefined) return []
    return edit.titles.length === 0 ? [] : [{ source, edits: edit, old: before, now: after }]
  })
}

const told = ({ source, edits, old, now }: Awaited<ReturnType<typeof compared>>[number]): unknown => ({
  source: bodyOf(source),
  titles: edits.titles,
  edited: bodyOf(edits.text),
  old,
  now,
})

const sorted = (list: readonly string[]): string => JSON.stringify(list.toSorted())

describe('what the edits leave behaves as before', () => {
  const version = pythonVersion()
  if (version === null) {
    test('skipped: no python3 here', () => expect(version).toBeNull())
    return
  }

  const sources = fc.sample(programs, { numRuns: RUNS, seed: SEED }).map(written)
  test(`safe edits: the same work in the same order (${RUNS} programs)`, async () => {
    const repairs = await compared('safe', sources)
    const changed = repairs.filter(({ edits, old, now }) => {
      const same = now.error === undefined && JSON.stringify(work(old)) === JSON.stringify(work(now))
      const around = JSON.stringify([old.registered, old.returned]) === JSON.stringify([now.registered, now.returned])
      return !same || !around || edits.left < 0 || (edits.left === 0 && now.first.length > 0)
    })
    expect(changed.map(told)).toEqual([])
    expect(repairs.length).toBeGreaterThan(RUNS / 5)
  })

  test(`edits to look at: nothing is lost, and everything still runs (${RUNS / 2} programs)`, async () => {
    const repairs = await compared('any', sources.slice(0, RUNS / 2))
    const broken = repairs.filter(
      ({ edits, old, now }) =>
        now.error !== undefined ||
        sorted(work(old)) !== sorted(work(now)) ||
        sorted(old.registered) !== sorted(now.registered) ||
        edits.left < 0 ||
        (edits.left === 0 && now.first.length > 0),
    )
    expect(broken.map(told)).toEqual([])
    expect(repairs.length).toBeGreaterThan(RUNS / 4)
  })
})
