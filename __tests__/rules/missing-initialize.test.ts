// Modules whose entry point is imported: from a file that is there it is followed; from one that is not, nothing can be said about the module.
import { expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

const API = 'modules/standard/shop/api.py'
const told = async (files: Readonly<Record<string, string>>): Promise<object> => {
  const { findings, notFollowed, entryPoints } = await reviewFiles(files)
  return {
    findings: findings.map(({ rule, entryPoint, location, message }) => ({
      rule,
      entryPoint,
      line: location.line,
      message,
    })),
    notFollowed: notFollowed.map(({ file, line, text, reason }) => ({ file, line, text, reason })),
    line: entryPoints.find(({ id }) => id === `${API}::initialize`)?.line,
  }
}
const message = `\`${API}\` imports \`initialize\`, and nothing in the tree defines it: the module cannot be validated.`

test.each([
  ['a file that is missing', { [API]: '"""Shop."""\nimport os\nfrom .start import initialize\n' }],
  [
    'a file that does not define it',
    { [API]: '"""Shop."""\nimport os\nfrom .start import initialize\n', 'modules/standard/shop/start.py': 'X = 1\n' },
  ],
])('initialize from %s', async (_what, files) => {
  expect(await told(files)).toEqual({
    findings: [{ rule: 'missing-initialize', entryPoint: API, line: 3, message }],
    notFollowed: [{ file: API, line: 3, text: 'initialize', reason: 'unresolved-import' }],
    line: 3,
  })
})

test('initialize under another name, where an alternative is in the tree', async () => {
  const files = {
    [API]: 'try:\n    from .fast import start as initialize\nexcept ImportError:\n    from .slow import initialize\n',
    'modules/standard/shop/slow.py': 'def initialize(app_context):\n    return True\n',
  }
  expect(await told(files)).toEqual({
    findings: [],
    notFollowed: [{ file: API, line: 2, text: 'start as initialize', reason: 'unresolved-import' }],
    line: 1,
  })
})

test('initialize of another package is there, and is not followed', async () => {
  expect(await told({ [API]: '"""Shop."""\nfrom vendor.modules import initialize\n' })).toEqual({
    findings: [],
    notFollowed: [{ file: API, line: 2, text: 'initialize', reason: 'external-callable' }],
    line: 2,
  })
})

test.each(['initialize = None\n', 'initialize = {"a": 1}\n', 'def initialize(c):\n    pass\ndel initialize\n'])(
  '%j is none',
  async (text) => {
    const { findings, entryPoints } = await reviewFiles({ [API]: text })
    expect([findings.map(({ rule }) => rule), entryPoints.map(({ id }) => id)]).toEqual([['missing-initialize'], [API]])
  },
)
