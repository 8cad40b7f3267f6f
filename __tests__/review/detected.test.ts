// Which profiles a tree calls for. A module that is switched off is still one of its framework: nothing runs of it, and that is an answer.
import { expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

const WORK = 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n'

test.each([
  ['a file .disabled', { 'modules/standard/shop/api.py': WORK, 'modules/standard/shop/.disabled': '' }],
  ['the name of its folder', { 'modules/standard/shop.disabled/api.py': WORK }],
])('the only module is switched off by %s', async (_what, files) => {
  const { verdict, entryPoints, notices } = await reviewFiles(files)
  expect({ verdict, entryPoints, notices }).toEqual({
    verdict: 'pass',
    entryPoints: [],
    notices: ['0 entry points found (profiles: modular-python-framework).'],
  })
})

test('Python that belongs to no framework is a usage error', async () => {
  await expect(reviewFiles({ 'tool.py': 'print(1)\n' })).rejects.toThrow('no profile applies')
})

const CLEAN = { 'modules/standard/shop/api.py': 'def initialize(app_context):\n    return True\n' }

test.each([
  ['include: ["plugins/**"]\n', CLEAN, 'include and exclude do not leave the one Python file of the tree'],
  [
    'exclude: ["**"]\n',
    { ...CLEAN, 'x.py': '' },
    'include and exclude do not leave any of the 2 Python files of the tree',
  ],
])('%j leaves nothing', async (configuration, files, message) => {
  await expect(reviewFiles(files, null, configuration)).rejects.toThrow(message)
  await expect(reviewFiles({ ...files, 'y.py': '' }, files, configuration)).rejects.toThrow('include and exclude')
})

test('a pull request may delete the last file in scope, and a tree may have no Python', async () => {
  const configuration = 'include: ["modules/**"]\n'
  const gone = await reviewFiles({ 'x.py': '' }, { ...CLEAN, 'x.py': '' }, configuration)
  const none = await reviewFiles({ 'README.md': '' }, null, configuration)
  expect([gone.verdict, none.verdict]).toEqual(['pass', 'pass'])
})
