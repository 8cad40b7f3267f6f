// After an edit of one file only what can see the file is analysed again. Every case has to give what an analysis from nothing gives, and
// has to leave alone what the edit cannot reach.
import { describe, expect, test } from '@jest/globals'
import { createIrStore } from '../../src/cache/ir-store.ts'
import { replacing } from '../../src/fixes/verify.ts'
import { openProgram } from '../../src/program/program.ts'
import { analyseEdited, analyseTree, type Tree } from '../../src/review/tree.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { toolsFor } from '../support/tools.ts'

type Files = Readonly<Record<string, string>>

async function fromNothing(files: Files): Promise<Tree> {
  return analyseTree(await openProgram(memoryReader(files), createIrStore(null)), toolsFor())
}

/** The evaluation after the edit, and the entry points that were analysed for it. */
async function afterEdit(files: Files, path: string, text: string) {
  const tools = toolsFor()
  const program = await openProgram(memoryReader(files), createIrStore(null))
  const before = await analyseTree(program, tools)
  const revised = await program.revised(replacing(memoryReader(files), new Map([[path, text]])), path)
  const after = await analyseEdited(before, revised, path, tools)
  const kept = new Set([...before.linked.alone, ...before.linked.again.values()])
  const found = [...after.linked.alone, ...after.linked.again.values()]
  const analysed = [...new Set(found.filter((f) => !kept.has(f)).map((f) => f.request.id))].toSorted()
  return { evaluation: after.evaluation, analysed }
}

const api = (body: string, head = ''): string => `${head}def initialize(app_context):\n    ${body}\n`
const WORK = 'app_context.db_session().commit()'
const SHOP = 'modules/standard/shop/api.py'
const OTHER = 'modules/standard/other/api.py'

const tree: Files = {
  [SHOP]: api('helper.run(app_context)', 'from . import helper\n'),
  'modules/standard/shop/helper.py': `def run(app_context):\n    ${WORK}\n`,
  [OTHER]: api(WORK),
}

/** `stock` is registered by one module and used by another one. */
const services: Files = {
  [SHOP]: `class Stock:\n    def load(self, app_context):\n        ${WORK}\n${api('app_context.register_service("stock", Stock())')}`,
  [OTHER]: api('app_context.get_service("stock").load(app_context)'),
  'modules/standard/third/api.py': api('pass'),
}

const django: Files = {
  'manage.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")\n',
  'site/settings.py': 'INSTALLED_APPS = ["shop", "other"]\nSHOP_SEEDS = False\n',
  'shop/base.py': 'from django.apps import AppConfig\nclass Base(AppConfig):\n    pass\n',
  'shop/apps.py':
    'from django.conf import settings\nfrom .base import Base\nclass ShopConfig(Base):\n    name = "shop"\n    def ready(self):\n        if settings.SHOP_SEEDS:\n            from .models import Item\n            Item.objects.count()\n',
  'shop/models.py': 'from django.db import models\nclass Item(models.Model):\n    pass\n',
  'other/apps.py':
    'from django.apps import AppConfig\nclass OtherConfig(AppConfig):\n    name = "other"\n    def ready(self):\n        pass\n',
}

describe('an edit of one file gives what an analysis from nothing gives', () => {
  test.each<readonly [string, Files, string, string, readonly string[]]>([
    ['an entry point', tree, SHOP, api('pass'), [SHOP, `${SHOP}::initialize`]],
    [
      'a file that one entry point imports',
      tree,
      'modules/standard/shop/helper.py',
      'def run(app_context):\n    pass\n',
      [SHOP, `${SHOP}::initialize`],
    ],
    ['a file that nobody imports', { ...tree, 'extra.py': '' }, 'extra.py', 'x = 1\n', []],
    ['an entry point goes away', tree, SHOP, 'x = 1\n', [SHOP]],
    ['a file is broken', tree, SHOP, 'def (\n', [SHOP]],
    [
      'an import is added',
      { ...tree, 'extra.py': 'from sqlalchemy import create_engine\ncreate_engine("x").connect()\n' },
      SHOP,
      api('pass', 'import extra\n'),
      [SHOP, `${SHOP}::initialize`],
    ],
    [
      'the service of another module',
      services,
      SHOP,
      `class Stock:\n    def load(self, app_context):\n        pass\n${api('app_context.register_service("stock", Stock())')}`,
      [`${OTHER}::initialize`, SHOP, `${SHOP}::initialize`],
    ],
    ['a service that is registered no more', services, SHOP, api('pass'), [SHOP, `${SHOP}::initialize`]],
    [
      'a service that is registered now',
      services,
      'modules/standard/third/api.py',
      `class Stock:\n    def load(self, app_context):\n        pass\n${api('app_context.register_service("stock", Stock())')}`,
      [`${OTHER}::initialize`, 'modules/standard/third/api.py', 'modules/standard/third/api.py::initialize'],
    ],
    [
      'a base class of an application configuration',
      django,
      'shop/base.py',
      'from django.apps import AppConfig\nclass Base(AppConfig):\n    def __init__(self):\n        pass\n',
      [
        'shop/apps.py',
        'shop/apps.py::ShopConfig.__init__',
        'shop/apps.py::ShopConfig.ready',
        'shop/base.py',
        'shop/base.py::Base.__init__',
      ],
    ],
  ])('%s', async (_name, files, path, text, analysed) => {
    const after = await afterEdit(files, path, text)
    expect(after.evaluation).toEqual((await fromNothing({ ...files, [path]: text })).evaluation)
    expect(after.analysed).toEqual(analysed)
  })

  test('settings are asked for in all files', async () => {
    const text = 'INSTALLED_APPS = ["shop", "other"]\nSHOP_SEEDS = True\n'
    const { evaluation } = await afterEdit(django, 'site/settings.py', text)
    expect(evaluation).toEqual((await fromNothing({ ...django, 'site/settings.py': text })).evaluation)
  })
})
