// A set-up function with database work that nothing registers: told wherever `api.py` has it from, silent as soon as anything else could
// register it.
import { expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

const API = 'modules/standard/shop/api.py'
const SETUP = 'modules/standard/shop/setup.py'
const WORK = 'app_context):\n    async with app_context.db_session() as session:\n        await session.execute("x")\n'
const INITIALIZE = '\n\ndef initialize(app_context):\n    app_context.register_service("shop", object())\n'

const told = async (files: Readonly<Record<string, string>>): Promise<string[]> => {
  const { findings } = await reviewFiles(files)
  return findings.map(({ rule, location }) => `${rule} ${location.file}:${location.line}`)
}

test.each<[string, Record<string, string>, string[]]>([
  [
    'defined beside the entry point',
    { [API]: `${INITIALIZE}\n\nasync def setup_module(${WORK}` },
    [`missing-setup-hook ${API}:7`],
  ],
  [
    'imported',
    { [API]: `from .setup import setup_module${INITIALIZE}`, [SETUP]: `async def setup_module(${WORK}` },
    [`missing-setup-hook ${SETUP}:1`],
  ],
  [
    'imported under the name',
    { [API]: `from .setup import prepare as setup_module${INITIALIZE}`, [SETUP]: `async def prepare(${WORK}` },
    [`missing-setup-hook ${SETUP}:1`],
  ],
  [
    'imported, and named by a table of another file',
    {
      [API]: `from .setup import setup_module\nfrom . import hooks${INITIALIZE}`,
      [SETUP]: `async def setup_module(${WORK}`,
      'modules/standard/shop/hooks.py': 'from .setup import setup_module\n\nHOOKS = {"shop": setup_module}\n',
    },
    [],
  ],
  [
    'imported, and named in its own file',
    {
      [API]: `from .setup import setup_module${INITIALIZE}`,
      [SETUP]: `async def setup_module(${WORK}\n\nHOOKS = [setup_module]\n`,
    },
    [],
  ],
  ['imported from outside of the tree', { [API]: `from shared_hooks import setup_module${INITIALIZE}` }, []],
])('%s', async (_where, files, expected) => {
  expect(await told(files)).toEqual(expected)
})

test('a change that only imports the function is told at the import', async () => {
  const setup = { [SETUP]: `async def setup_module(${WORK}` }
  const before = { ...setup, [API]: INITIALIZE.trimStart() }
  const { findings } = await reviewFiles({ ...setup, [API]: `from .setup import setup_module${INITIALIZE}` }, before)
  expect(findings.map(({ baselineState, placement }) => ({ baselineState, placement }))).toEqual([
    { baselineState: 'new', placement: { kind: 'line', path: API, side: 'RIGHT', line: 1 } },
  ])
})
