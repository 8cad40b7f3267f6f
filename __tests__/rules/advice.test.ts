// The two pieces of advice for modules in the function style: said where the code says plainly what they claim, silent where it says it
// in a way that could mean something else.
import { describe, expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

const FOLDER = 'modules/standard/shop'
const MODEL = (name: string): string => `class ${name}(Base):\n    __tablename__ = "${name.toLowerCase()}"\n`

const models = (registration: string): Record<string, string> => ({
  'api.py': `from . import db_models\nfrom .db_models import Item, Price\n\n\ndef initialize(app_context):\n    ${registration}\n`,
  'db_models.py': `class Base:\n    pass\n\n\n${MODEL('Item')}\n\n${MODEL('Price')}`,
})

const setup = (
  body: string,
  registration = 'app_context.register_module_setup_hook(module_id="m", setup_method=setup_module)',
): Record<string, string> => ({
  'api.py': `def initialize(app_context):\n    ${registration}\n\n\nasync def setup_module(app_context):\n    ${body}\n`,
})

async function advice(files: Readonly<Record<string, string>>, rule: string): Promise<string[]> {
  const named = Object.fromEntries(Object.entries(files).map(([path, text]) => [`${FOLDER}/${path}`, text]))
  const { findings, verdict } = await reviewFiles(named)
  expect(verdict).toBe('pass')
  return findings
    .filter((it) => it.rule === rule)
    .map((it) => `${it.location.file.slice(FOLDER.length + 1)}:${it.location.line}`)
}

describe('unregistered-model', () => {
  test.each<[string, string, string[]]>([
    ['all are registered', 'app_context.register_models([Item, Price])', []],
    ['by their module', 'app_context.register_models([db_models.Item, db_models.Price])', []],
    ['in two calls', 'app_context.register_models([Item]), app_context.register_models((Price,))', []],
    ['one is forgotten', 'app_context.register_models([Item])', ['db_models.py:9']],
    ['none is registered', 'pass', ['db_models.py:5', 'db_models.py:9']],
    ['a list that is computed may hold all', 'app_context.register_models(list(db_models.ALL))', []],
    ['a list with something computed may too', 'app_context.register_models([Item, *db_models.MORE])', []],
  ])('%s', async (_, registration, expected) => {
    expect(await advice(models(registration), 'unregistered-model')).toEqual(expected)
  })

  test('classes without a table are no models', async () => {
    const files = { 'api.py': 'class Settings:\n    tables = []\n\n\ndef initialize(app_context):\n    pass\n' }
    expect(await advice(files, 'unregistered-model')).toEqual([])
  })
})

describe('unchecked-database-service', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'used without a question',
      setup('app_context.get_service("core.database.service").create_tables()'),
      ['api.py:5'],
    ],
    [
      'its state is asked for',
      setup('database = app_context.get_service("core.database.service")\n    return database.is_initialized()'),
      [],
    ],
    [
      'a helper asks',
      setup('await database_ready(app_context)\n    app_context.get_service("db_service").create_tables()'),
      [],
    ],
    ['another service', setup('app_context.get_service("shop.items").load()'), []],
    ['no service at all', setup('pass'), []],
  ])('%s', async (_, files, expected) => {
    expect(await advice(files, 'unchecked-database-service')).toEqual(expected)
  })

  test('is said of functions that are registered under another name, once', async () => {
    const files = {
      'api.py': [
        'def initialize(app_context):',
        '    app_context.register_module_setup_hook(module_id="m", setup_method=load)',
        '    app_context.register_module_setup_hook(module_id="n", setup_method=load)',
        '',
        '',
        'def load(app_context):',
        '    app_context.get_service("db_service").create_tables()',
        '',
      ].join('\n'),
    }
    expect(await advice(files, 'unchecked-database-service')).toEqual(['api.py:6'])
  })
})
