// Changes without a line of Python: what decides which Python runs is analysed, everything else passes at once.
import { expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

const WORK = 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n'
const CLEAN = 'def initialize(app_context):\n    return True\n'
const MANIFEST = 'modules/standard/shop/manifest.json'
const names = (file: string): string => JSON.stringify({ entry_point: file })
const modules = {
  'modules/standard/old/api.py': CLEAN,
  'modules/standard/shop/api.py': CLEAN,
  'modules/standard/shop/main.py': WORK,
  [MANIFEST]: names('api.py'),
  'modules/standard/off/api.py': WORK,
  'modules/standard/off/.disabled': '',
}

interface Told {
  readonly verdict: string
  readonly states: readonly string[]
  readonly notices: readonly string[]
}

async function told(head: Readonly<Record<string, string>>, base: Readonly<Record<string, string>>): Promise<Told> {
  const { verdict, findings, notices } = await reviewFiles(head, base)
  return { verdict, states: findings.map((f) => `${f.baselineState} ${f.entryPoint} ${f.placement?.kind}`), notices }
}

test('a module that is switched on is new', async () => {
  const { 'modules/standard/off/.disabled': _, ...head } = modules
  expect(await told(head, modules)).toEqual({
    verdict: 'fail',
    states: ['new modules/standard/off/api.py::initialize summary'],
    notices: [],
  })
})

test('what a module that is switched off did is gone', async () => {
  const { 'modules/standard/off/.disabled': _, ...base } = modules
  expect(await told(modules, base)).toEqual({
    verdict: 'pass',
    states: ['absent modules/standard/off/api.py::initialize undefined'],
    notices: [],
  })
})

test('a manifest that names another file loads that file', async () => {
  expect(await told({ ...modules, [MANIFEST]: names('main.py') }, modules)).toEqual({
    verdict: 'fail',
    states: ['new modules/standard/shop/main.py::initialize summary'],
    notices: [],
  })
})

test.each([
  ['a manifest that no profile reads', { ...modules, 'web/manifest.json': '{}' }, modules],
  ['a switch where no profile applies', { 'tool/x.py': WORK }, { 'tool/x.py': WORK, 'tool/.disabled': '' }],
  ['nothing', modules, modules],
])('%s passes at once', async (_what, head, base) => {
  expect(await told(head, base)).toEqual({ verdict: 'pass', states: [], notices: ['No Python changed.'] })
})
