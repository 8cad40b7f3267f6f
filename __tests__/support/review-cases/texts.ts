// How lines are counted and how large files are placed: line ends, byte order marks, files without a last newline, changes for which the
// host sends no patch, and several findings that meet on one line.
import { moduleFiles, STORE, type ReviewCase } from './model.ts'

const API = 'modules/standard/shop/api.py'
const SHOP_STORE = 'modules/standard/shop/store.py'
const ENTRY = `${API}::initialize`

const QUIET = 'def load(app_context):\n    return None\n'
const CALLS_LOAD = 'from .store import load\n\n\ndef initialize(app_context):\n    load(app_context)\n    return True\n'
const crlf = (text: string): string => text.replaceAll('\n', '\r\n')
const at = (file: string, line: number, placement = `${file}:${line}`): ReviewCase['expect'] => ({
  verdict: ['fail'],
  new: [{ entry: ENTRY, operations: [`${file}:${line}`], placement: [placement] }],
})
const numbered = (count: number): string => Array.from({ length: count }, (_, n) => `VALUE_${n} = ${n}\n`).join('')
const caller = (name: string): Record<string, string> => ({
  [`modules/standard/${name}/api.py`]:
    'from modules.shared import load\n\n\ndef initialize(app_context):\n    load(app_context)\n    return True\n',
})
const CALLERS = Array.from({ length: 12 }, (_, n) => `m${n + 1}`)

export const TEXTS: readonly ReviewCase[] = [
  {
    id: 'crlf',
    title: 'A file with CRLF line ends gains a connection',
    why: 'a line end is one line end, however many characters it has',
    base: moduleFiles('shop', { 'api.py': crlf(CALLS_LOAD), 'store.py': crlf(QUIET) }),
    change: {
      [SHOP_STORE]: crlf(
        `${QUIET.replace('return None', 'app_context.name = 1')}    return app_context.db_sync_engine.connect()\n`,
      ),
    },
    expect: at(SHOP_STORE, 3),
  },
  {
    id: 'crlf-to-lf',
    title: 'Every line end of a file with an old violation changes',
    why: 'all lines look changed, the work is old',
    base: moduleFiles('shop', { 'api.py': CALLS_LOAD, 'store.py': crlf(STORE) }),
    change: { [SHOP_STORE]: STORE },
    expect: { verdict: ['pass'], unchanged: [{ entry: ENTRY, operations: [`${SHOP_STORE}:2`] }] },
  },
  {
    id: 'lone-cr',
    title: 'A lone CR stands above the work',
    why: 'Python ends a line there, git does not: the comment is one line further up than the report says',
    base: moduleFiles('shop', { 'api.py': CALLS_LOAD, 'store.py': `A = 1\rB = 2\n\n\n${QUIET}` }),
    change: {
      [SHOP_STORE]: `A = 1\rB = 2\n\n\n${QUIET.replace('return None', 'return app_context.db_sync_engine.connect()')}`,
    },
    expect: at(SHOP_STORE, 6, `${SHOP_STORE}:5`),
  },
  {
    id: 'no-newline-at-the-end',
    title: 'The work is the last line of a file that ends without a newline',
    why: 'the mark of git is no line',
    base: moduleFiles('shop', { 'api.py': CALLS_LOAD, 'store.py': QUIET.trimEnd() }),
    change: {
      [SHOP_STORE]: 'def load(app_context):\n    app_context.name = 1\n    app_context.db_sync_engine.connect()',
    },
    expect: at(SHOP_STORE, 3),
  },
  {
    id: 'byte-order-mark',
    title: 'The first line has a byte order mark and does the work',
    why: 'the mark has no column and is no line',
    base: moduleFiles('shop', { 'api.py': 'def initialize(app_context): return True\n' }),
    change: { [API]: '\uFEFFdef initialize(app_context): return app_context.db_sync_engine.connect()\n' },
    expect: at(API, 1),
  },
  {
    id: 'separators-in-strings',
    title: 'Strings above the work hold U+2028, a form feed and a vertical tab',
    why: 'they end no line, neither for Python nor for git',
    base: moduleFiles('shop', { 'api.py': CALLS_LOAD, 'store.py': `A = "\u2028\u2029\f\v\u0085"\n\n\n${QUIET}` }),
    change: {
      [SHOP_STORE]: `A = "\u2028\u2029\f\v\u0085"\n\n\n${QUIET.replace('return None', 'return app_context.db_sync_engine.connect()')}`,
    },
    expect: at(SHOP_STORE, 5),
  },
  {
    id: 'patch-left-out',
    title: 'A file changes in more lines than the host sends a patch for',
    why: 'the hunks are made from the two contents, and the comment is tried on its own',
    base: moduleFiles('shop', { 'api.py': CALLS_LOAD, 'store.py': `${numbered(1200)}\n\n${QUIET}` }),
    change: {
      [SHOP_STORE]: `${numbered(1200).replaceAll(' = ', ' = 1 + ')}\n\n${QUIET.replace('return None', 'return app_context.db_sync_engine.connect()')}`,
    },
    expect: at(SHOP_STORE, 1204),
  },
  {
    id: 'statement-over-many-lines',
    title: 'One line in the middle of an old, long statement changes it into work',
    why: 'the whole expression is what runs: its last line, or a line of it',
    base: moduleFiles('shop', {
      'api.py': CALLS_LOAD,
      'store.py':
        'def load(app_context):\n    return (\n        app_context\n        .name\n        .connect()\n    )\n',
    }),
    change: {
      [SHOP_STORE]:
        'def load(app_context):\n    return (\n        app_context\n        .db_sync_engine\n        .connect()\n    )\n',
    },
    expect: {
      verdict: ['fail'],
      new: [{ entry: ENTRY, operations: [`${SHOP_STORE}:3`], placement: [`${SHOP_STORE}:4`, `${SHOP_STORE}:5`] }],
    },
  },
  {
    id: 'twelve-modules-one-line',
    title: 'A helper that twelve modules call gains a connection',
    why: 'one line is one cause: one comment that names all twelve',
    base: { ...Object.assign({}, ...CALLERS.map(caller)), 'modules/shared.py': QUIET },
    change: { 'modules/shared.py': QUIET.replace('return None', 'return app_context.db_sync_engine.connect()') },
    expect: {
      verdict: ['fail'],
      new: CALLERS.map((name) => ({
        entry: `modules/standard/${name}/api.py::initialize`,
        operations: ['modules/shared.py:2'],
        placement: ['modules/shared.py:2'],
      })),
    },
    comments: 1,
  },
  {
    id: 'two-functions-one-line',
    title: 'One new call reaches two functions that work',
    why: 'two works are two comments, each with its own path and its own fix',
    base: moduleFiles('shop', {
      'api.py': 'from .store import both\n\n\ndef initialize(app_context):\n    return True\n',
      'store.py': `def one(app_context):
    return app_context.db_sync_engine.connect()


def two(app_context):
    return app_context.db_session().execute("select 1")


def both(app_context):
    one(app_context)
    two(app_context)
`,
    }),
    change: {
      [API]: 'from .store import both\n\n\ndef initialize(app_context):\n    both(app_context)\n    return True\n',
    },
    expect: {
      verdict: ['fail'],
      new: [
        { entry: ENTRY, operations: [`${SHOP_STORE}:2`], placement: [`${API}:5`] },
        { entry: ENTRY, operations: [`${SHOP_STORE}:6`], placement: [`${API}:5`] },
      ],
    },
  },
]
