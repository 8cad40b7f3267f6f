// Modules as the framework loads them, under the default configuration: the lines with database work are marked, everything else is clean.
import { expect, test } from '@jest/globals'
import { readBundle } from '../support/marked-programs.ts'
import { reviewFiles } from '../support/review-files.ts'

const programs = readBundle(new URL('fixtures/framework/modules.txt', import.meta.url))

test.each(programs.map((program) => [program.name, program] as const))('%s', async (_name, program) => {
  const review = await reviewFiles(program.files)
  const places = (certain: boolean): string[] => [
    ...new Set(
      review.findings
        .filter(({ confidence, severity }) => severity !== 'note' && (confidence === 'high') === certain)
        .flatMap(({ phase, operations }) => operations.map(({ file, line }) => `${phase ?? 'none'} ${file}:${line}`)),
    ),
  ]
  expect({ runs: places(true), may: places(false), open: review.notFollowed, incomplete: review.incomplete }).toEqual({
    runs: program.runs,
    may: program.may,
    open: [],
    incomplete: [],
  })
})

test.each([
  ['of the file that its manifest names', 'main.py', ['modules/standard/n/main.py']],
  ['of the usual file, when its manifest names nothing of the tree', 'gone.py', ['modules/standard/n/api.py']],
])('a module without an entry point is one %s', async (_what, named, missing) => {
  const { findings } = await reviewFiles({
    'modules/standard/n/manifest.json': JSON.stringify({ entry_point: named }),
    'modules/standard/n/main.py': 'VERSION = 1\n',
    'modules/standard/n/api.py': 'router = None\n',
  })
  expect(findings.map(({ rule, entryPoint }) => [rule, entryPoint])).toEqual(
    missing.map((file) => ['missing-initialize', file]),
  )
})

test.each([
  ['a package', { 'modules/shop/api/__init__.py': 'def initialize(context):\n    context.db_sync_engine.connect()\n' }],
  [
    'the file that a manifest names',
    {
      'modules/shop/manifest.json': JSON.stringify({ entry_point: 'main.py' }),
      'modules/shop/main.py': 'def initialize(context):\n    context.db_sync_engine.connect()\n',
    },
  ],
])('the framework is seen by %s alone', async (_what, files) => {
  const { profiles, findings } = await reviewFiles(files)
  expect(profiles).toEqual(['modular-python-framework'])
  expect(findings.flatMap(({ operations }) => operations.map(({ line }) => line))).toEqual([2])
})

test('the decorators of a base class count, wherever its module is imported from', async () => {
  const { findings } = await reviewFiles({
    'modules/standard/m/__init__.py': '',
    'modules/standard/m/names.py': 'STEP = "go"\n',
    'modules/standard/m/base.py':
      'from core.decorators import initialization_sequence\nfrom . import names\n@initialization_sequence(names.STEP)\nclass Base:\n    def go(self):\n        self.app_context.db_sync_engine.connect()\n',
    'modules/standard/m/api.py':
      'from core.decorators import register_service\nfrom . import base\n@register_service("m")\nclass Shop(base.Base):\n    MODULE_ID = "standard.m"\n',
  })
  expect(findings.map(({ entryPoint, operations }) => [entryPoint, operations.map(({ line }) => line)])).toEqual([
    ['modules/standard/m/api.py::Shop.go', [6]],
  ])
})
