// Where an edit would lose something there is none: the words of the advice stay.
import { expect, test } from '@jest/globals'
import { reviewed } from '../support/analysed.ts'

const API = 'modules/standard/shop/api.py'
const WORK = 'with app_context.db_sync_session() as session:\n        session.execute("select 1")'
const initialize = (body: string, rest = ''): string => `def initialize(app_context):\n    ${body}\n${rest}`
const SETUP = `\n\nasync def setup_module(app_context):\n    app_context.logger.info("ready")\n`

const DECLINED: readonly (readonly [string, string])[] = [
  [
    'the result is returned',
    initialize('session = app_context.db_sync_session()\n    return session.execute("select 1")'),
  ],
  [
    'the result is registered',
    initialize(
      'rows = app_context.db_sync_session().execute("select 1")\n    app_context.register_service("rows", rows)',
    ),
  ],
  [
    'a name that is bound twice',
    initialize(`name = "a"\n    name = name + "b"\n    ${WORK.replace('"select 1"', 'name')}`),
  ],
  [
    'a value that only Phase 1 has',
    initialize(`token = app_context.token()\n    use(token)\n    ${WORK.replace('"select 1"', 'token')}`),
  ],
  [
    'two statements on a line',
    initialize('app_context.register_models([]); app_context.db_sync_session().execute("x")'),
  ],
  ['a body on the line of its header', 'def initialize(app_context): app_context.db_sync_session().execute("x")\n'],
  ['the name is taken', initialize(WORK, '\n\nclass setup_module:\n    pass\n')],
  [
    'the hook is a function of another module',
    `from .setup import prepare\n\n\n${initialize(`app_context.register_module_setup_hook(module_id="shop", setup_method=prepare)\n    ${WORK}`)}`,
  ],
  [
    'the registered function has a name of its own like that',
    initialize(
      `app_context.register_module_setup_hook("shop", setup_module)\n    ${WORK}`,
      `${SETUP}    session = None\n    app_context.keep(session)\n`,
    ),
  ],
  [
    'the registered function is not asynchronous and the work is',
    `async ${initialize('app_context.register_module_setup_hook("shop", setup_module)\n    await app_context.db_session().execute("select 1")', SETUP.replace('async ', ''))}`,
  ],
  [
    'the helper registers as well',
    initialize('start(app_context)', `\n\ndef start(app_context):\n    app_context.register_models([])\n    ${WORK}\n`),
  ],
  [
    'a constructor does the work',
    `${initialize('app_context.register_service("shop", Shop(app_context))')}\n\nclass Shop:\n    def __init__(self, app_context):\n        ${WORK.replace('\n    ', '\n        ')}\n`,
  ],
  [
    'a helper calls the registered function, which would call the helper',
    initialize(
      'app_context.register_module_setup_hook("shop", setup_module)\n    start(app_context)\n    return True',
      `\n\ndef start(app_context):\n    setup_module(app_context)\n\n\ndef setup_module(app_context):\n    ${WORK}\n`,
    ),
  ],
  [
    'a Phase-1 method calls a method that calls the one for Phase 2',
    `from core.decorators import initialization_sequence, phase2_operations\n\n\n@initialization_sequence("prepare")\n@phase2_operations("finish")\nclass Shop:\n    MODULE_ID = "shop"\n\n    def prepare(self):\n        self.warm()\n\n    def warm(self):\n        self.finish()\n\n    def finish(self):\n        self.app_context.db_session().execute("select 1")\n`,
  ],
  ['mixed line ends', initialize(WORK).replace('\n', '\r\n')],
  ['a file in another encoding', `# coding: latin-1\n${initialize(WORK)}`],
]

test.each(DECLINED)('no edit: %s', async (_, source) => {
  const result = await reviewed({ [API]: source })
  const told = result.findings.filter((f) => f.severity === 'error')
  expect(told.length).toBeGreaterThan(0)
  expect(told.map((f) => f.suggestion)).toEqual(told.map(() => null))
})

test('a suppressed finding has no edit', async () => {
  const keep = '# phasegate: ignore[database-in-phase-1] -- filled once'
  const result = await reviewed({ [API]: initialize(`app_context.db_sync_session().execute("x")  ${keep}`) })
  expect(result.findings.map((f) => [f.suppression?.kind, f.suggestion])).toEqual([['inSource', null]])
})
