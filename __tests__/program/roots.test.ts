import { describe, expect, test } from '@jest/globals'
import type { ImportResult } from '../../src/program/program.ts'
import { createRoots } from '../../src/program/roots.ts'

const PATHS = [
  'core/bootstrap.py',
  'core/logging.py',
  'modules/__init__.py',
  'modules/shop/__init__.py',
  'modules/shop/api.py',
  'modules/shop/repo.py',
  'src/lib_a/__init__.py',
  'src/lib_a/tools.py',
  'plain/main.py',
  'plain/helper.py',
  'json.py',
  'site/hub/__init__.py',
  'site/hub/logging.py',
  'site/hub/wide/deep/__init__.py',
  'site/hub/wide/deep/views.py',
  'site/hub/database/__init__.py',
  'site/hub/database/manage.py',
  'site/hub/database/queue.py',
]
const roots = createRoots(PATHS)

describe('absolute imports', () => {
  test.each([
    [
      'modules/shop/api.py',
      'modules.shop.repo',
      { kind: 'file', file: 'modules/shop/repo.py', packages: ['modules/__init__.py', 'modules/shop/__init__.py'] },
    ],
    ['modules/shop/api.py', 'core.bootstrap', { kind: 'file', file: 'core/bootstrap.py', packages: [] }],
    ['modules/shop/api.py', 'core', { kind: 'namespace', directory: 'core', packages: [] }],
    [
      'modules/shop/api.py',
      'lib_a.tools',
      { kind: 'file', file: 'src/lib_a/tools.py', packages: ['src/lib_a/__init__.py'] },
    ],
    [
      'modules/shop/api.py',
      'modules.shop.nothing',
      { kind: 'missing', packages: ['modules/__init__.py', 'modules/shop/__init__.py'] },
    ],
    ['modules/shop/api.py', 'sqlalchemy.orm', { kind: 'external' }],
    // a script's own directory is where its plain imports are found
    ['plain/main.py', 'helper', { kind: 'file', file: 'plain/helper.py', packages: [] }],
    // a file beside it never hides the standard library
    ['core/bootstrap.py', 'logging', { kind: 'external' }],
    // neither does a module of the package that a folder without __init__.py is in, nor one beside a manage.py inside of a package
    ['site/hub/wide/deep/views.py', 'logging', { kind: 'external' }],
    ['site/hub/wide/deep/views.py', 'queue', { kind: 'external' }],
    ['site/hub/database/manage.py', 'queue', { kind: 'external' }],
  ])('%s imports %s', (from, module, expected) => {
    expect(roots.resolve(from, module, 0)).toEqual(expected)
  })
})

describe('a tree that holds the library of Python itself', () => {
  const first = ['site.py', 'os.py', 'stat.py', 'abc.py', 'io.py', 'codecs.py']
  const files = [...first, 're/__init__.py', 're/_parser.py', 'sre_compile.py', 'app/main.py']

  test('what its modules do for others is known without it; other files, and relative imports, are found in it', () => {
    const library = createRoots(files)
    const parser: ImportResult = { kind: 'file', file: 're/_parser.py', packages: [] }
    expect([
      library.resolve('app/main.py', 're', 0),
      library.resolve('sre_compile.py', 're._parser', 0),
      library.resolve('app/main.py', 'sre_compile', 0),
      library.resolve('re/__init__.py', '_parser', 1),
    ]).toEqual([
      { kind: 'external' },
      { kind: 'external' },
      { kind: 'file', file: 'sre_compile.py', packages: [] },
      parser,
    ])
  })

  test('a tree that has some of these names only has modules of its own', () => {
    const library = createRoots(files.filter((file) => file !== 'codecs.py'))
    expect(library.resolve('app/main.py', 're', 0)).toEqual({ kind: 'file', file: 're/__init__.py', packages: [] })
  })
})

describe('relative imports', () => {
  test.each([
    ['modules/shop/api.py', 'repo', 1, { kind: 'file', file: 'modules/shop/repo.py', packages: [] }],
    ['modules/shop/api.py', '', 1, { kind: 'file', file: 'modules/shop/__init__.py', packages: [] }],
    [
      'modules/shop/api.py',
      'shop.repo',
      2,
      { kind: 'file', file: 'modules/shop/repo.py', packages: ['modules/shop/__init__.py'] },
    ],
    ['core/bootstrap.py', '', 1, { kind: 'namespace', directory: 'core', packages: [] }],
    ['json.py', 'x', 3, { kind: 'missing', packages: [] }],
  ])('%s: %s with %d dots', (from, module, level, expected) => {
    expect(roots.resolve(from, module, level)).toEqual(expected)
  })
})

test.each([
  ['modules/shop/api.py', 'modules.shop.api'],
  ['modules/shop/__init__.py', 'modules.shop'],
  ['src/lib_a/tools.py', 'lib_a.tools'],
  ['json.py', 'json'],
])('%s is the module %s', (file, name) => {
  expect(roots.moduleName(file)).toBe(name)
})
