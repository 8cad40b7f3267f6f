// A tree after an edit is judged by what is known of the tree before it, and says to the byte what an analysis from nothing says.
// `node bench/successors.mjs` runs as many random edits as wanted.
import { describe, expect, test } from '@jest/globals'
import { reviewEdited, succeeded } from '../../bench/successors/run.ts'

const SEED = 1
const TREES = 5

test(`random edits of ${TREES} trees are judged as if nothing was known`, async () => {
  const { differences, ...counted } = await reviewEdited(SEED, 0, TREES)
  expect(differences.map(({ tree, what }) => `${tree}: ${what}`)).toEqual([])
  // otherwise it says nothing: trees are judged by the one before, and most of their entry points are not looked at again
  expect(counted.edits).toBe(3 * TREES)
  expect(counted.successors).toBeGreaterThan(2)
  expect(counted.spared / counted.entries).toBeGreaterThan(0.3)
})

const WORK = 'app_context.db_session().commit()'
const api = (body: string, rest = ''): string => `${rest}\n\ndef initialize(app_context):\n    ${body}\n`
const setUp = `async def setup_module(app_context):\n    ${WORK}\n`
const SHOP = 'modules/standard/shop/api.py'
const SERVICES = 'modules/standard/shop/services.py'
const TOOLS = 'core/tools.py'

/** Three modules: one that is edited, one that asks for a service that nobody registers, one with a set-up function that nobody registers. */
const tree = {
  [TOOLS]: 'def helper(app_context):\n    pass\n',
  [SHOP]: api('helper(app_context)', 'from . import services\nfrom core.tools import helper'),
  [SERVICES]: 'class Service:\n    pass\n',
  'modules/standard/shop/models.py': 'class Row:\n    pass\n',
  'modules/standard/stock/api.py': api(
    'app_context.get_service("late").load(app_context)',
    'from core.tools import helper\nfrom modules.standard.shop import models',
  ),
  'modules/standard/mail/api.py': api('pass', setUp),
}

describe('what an edit can reach', () => {
  test.each<readonly [string, string, string]>([
    ['a function more', SERVICES, 'class Service:\n    pass\n\ndef more():\n    pass\n'],
    ['work', SERVICES, 'import sqlite3\nsqlite3.connect("a").execute("select 1")\n'],
    ['no Python any more', SERVICES, 'def (:\n'],
    ['no entry point any more', SHOP, 'def initialise(app_context):\n    pass\n'],
    [
      'a model in the folder, seen by another module only',
      'modules/standard/shop/models.py',
      'class Row:\n    __tablename__ = "row"\n',
    ],
    ['an import of another module', SERVICES, 'from modules.standard.stock import api\n'],
  ])('%s: the rest is settled', async (_, path, text) => {
    const found = await succeeded(tree, { ...tree, [path]: text })
    expect(found).toEqual({ isSame: true, spared: expect.any(Number), entries: expect.any(Number) })
    expect(found?.spared).toBeGreaterThan(0)
  })

  test('of a file that everything imports: nothing is settled', async () => {
    const all = { ...tree, 'modules/standard/mail/api.py': api('pass', `from core import tools\n${setUp}`) }
    const found = await succeeded(all, { ...all, [TOOLS]: `def helper(app_context):\n    ${WORK}\n` })
    expect(found).toEqual({ isSame: true, spared: 0, entries: expect.any(Number) })
  })

  test.each<readonly [string, string, string]>([
    [
      'a service for which the rest asks',
      SHOP,
      api(
        'app_context.register_service("late", services.Service())',
        `from . import services\nclass Late:\n    def load(self, app_context):\n        ${WORK}`,
      ),
    ],
    ['a mention of a set-up function of the rest', SERVICES, 'from modules.standard.mail.api import setup_module\n'],
    [
      'a hook that belongs to the rest',
      SHOP,
      api(
        'app_context.register_module_setup_hook(module_id="x", setup_method=api.setup_module)',
        'from modules.standard.mail import api',
      ),
    ],
    ['a comment that suppresses', SERVICES, 'X = 1  # phasegate: ignore[database-in-phase-1] -- known\n'],
    [
      'an entry point that goes through all files',
      SHOP,
      api('apps.get_model("shop", "Row")', 'from django.apps import apps'),
    ],
  ])('%s: the whole tree is analysed', async (_, path, text) => {
    expect(await succeeded(tree, { ...tree, [path]: text })).toBeNull()
  })
})
