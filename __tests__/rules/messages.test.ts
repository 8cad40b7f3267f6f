// The sentence of a finding as JSON and SARIF carry it: what runs, where it starts, through what, under which condition.
import { describe, expect, test } from '@jest/globals'
import { reviewed } from '../support/analysed.ts'

const FOLDER = 'modules/standard/shop'
const named = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [`${FOLDER}/${file}`, text]))
const within = (body: string): Record<string, string> =>
  named({ 'api.py': `import os\n\n\ndef initialize(app_context):\n${body}    return True\n` })
const CONNECTS = 'app_context.db_sync_engine.connect()\n'

async function messages(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { findings } = await reviewed(files)
  return findings.map((it) => it.message)
}

describe('a condition is quoted', () => {
  test.each<[string, string, string]>([
    [
      'with the reason why it lowers the severity',
      `    if os.environ.get("SEED"):\n        ${CONNECTS}`,
      ' It runs only under `os.environ.get("SEED")`, which is not so by default.',
    ],
    [
      'alone where it lowers nothing',
      `    if app_context.settings.warm:\n        ${CONNECTS}`,
      ' It runs only under `app_context.settings.warm`.',
    ],
    [
      'as a handler where it is one',
      `    try:\n        app_context.load()\n    except LookupError:\n        ${CONNECTS}`,
      ' It runs only after an error in the `try`.',
    ],
    ['not at all where there is none', `    ${CONNECTS}`, ''],
  ])('%s', async (_, body, condition) => {
    expect(await messages(within(body))).toEqual([
      `\`app_context.db_sync_engine.connect()\` is a database connection, and it runs while \`initialize\` runs during Phase 1 (registration).${condition}`,
    ])
  })
})

test('a condition of some of the work is none of the finding', async () => {
  const [first, ...others] = await messages(
    within(`    if os.environ.get("SEED"):\n        ${CONNECTS}    ${CONNECTS}`),
  )
  expect([first?.endsWith('runs during Phase 1 (registration).'), others]).toEqual([true, []])
})

describe('a module without an entry point', () => {
  const missing = `\`${FOLDER}/api.py\` has no \`initialize(app_context)\`: the module cannot be validated.`
  test.each<[string, string, string]>([
    ['with a slip in the name', 'def intialise(app_context):\n    return True\n', ' Is `intialise` meant to be it?'],
    ['with a class of nearly that name', 'class Initialise:\n    pass\n', ''],
    ['with another function', 'def start(app_context):\n    return True\n', ''],
  ])('%s', async (_, text, hint) => {
    const other = { 'modules/standard/cart/api.py': 'def initialize(app_context):\n    return True\n' }
    expect(await messages({ ...other, ...named({ 'api.py': text }) })).toEqual([missing + hint])
  })
})

describe('where it starts', () => {
  const SERVICE =
    'class S:\n    def __init__(self, app_context):\n        self.load(app_context)\n    def load(self, app_context):\n'
  const QUERY = `        ${CONNECTS}`
  const work = '`app_context.db_sync_engine.connect()` is a database connection, and it runs'
  test.each<[string, Record<string, string>, string]>([
    [
      'at an import',
      named({ 'api.py': 'import sqlite3\nsqlite3.connect("x")\ndef initialize(c):\n    pass\n' }),
      `\`sqlite3.connect("x")\` is a database connection, and it runs before any phase, while \`${FOLDER}/api.py\` is imported.`,
    ],
    [
      'at a constructor that a decorator names',
      named({
        'api.py':
          'from core.decorators import auto_service_creation, register_service\n@register_service("s")\n@auto_service_creation("S")\nclass M:\n    pass\n',
        'services.py': SERVICE + QUERY,
      }),
      `${work} while \`S.__init__\` runs during Phase 1 (registration), reached through \`S.load\`.`,
    ],
    [
      'at a function',
      named({ 'api.py': `from .services import S\ndef initialize(c):\n    S(c)\n`, 'services.py': SERVICE + QUERY }),
      `${work} while \`initialize\` runs during Phase 1 (registration), reached through \`S.__init__\` → \`S.load\`.`,
    ],
    [
      'at the import of an application',
      {
        'main.py':
          'from fastapi import FastAPI\nimport sqlite3\ndef create_app():\n    sqlite3.connect("x")\n    return FastAPI()\n',
      },
      '`sqlite3.connect("x")` is a database connection, and it runs while `create_app` runs during the import of the application.',
    ],
  ])('%s', async (_, files, message) => {
    expect(await messages(files)).toEqual([message])
  })
})
