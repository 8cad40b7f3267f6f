// Code that moves: renamed files, moved functions, work that is only written elsewhere. What moved is old, what was added on the way is new.
import { moduleFiles, STORE, type ReviewCase } from './model.ts'

const API = 'modules/standard/shop/api.py'
const SHOP_STORE = 'modules/standard/shop/store.py'
const NEW_STORE = 'modules/standard/shop/storage.py'
const ENTRY = `${API}::initialize`

const CALLS_LOAD = `from .store import load


def initialize(app_context):
    load(app_context)
    return True
`
const OLD = moduleFiles('shop', { 'api.py': CALLS_LOAD, 'store.py': STORE })

export const MOVES: readonly ReviewCase[] = [
  {
    id: 'renamed-and-grown',
    title: 'A file is renamed, and its old function gains a query',
    why: 'the rename moved the connection, only the query is new work; it is said on its own line',
    base: OLD,
    change: {
      [SHOP_STORE]: null,
      [API]: CALLS_LOAD.replace('.store', '.storage'),
      [NEW_STORE]: STORE.replace(
        '    return app_context.db_sync_engine.connect()\n',
        '    app_context.db_session().execute("select 1")\n    return app_context.db_sync_engine.connect()\n',
      ),
    },
    expect: {
      verdict: ['fail'],
      new: [{ entry: ENTRY, operations: [`${NEW_STORE}:2`], placement: [`${NEW_STORE}:2`] }],
    },
  },
  {
    id: 'module-renamed',
    title: 'The folder of a module is renamed, entry point and all',
    why: 'the same violation in a renamed entry point is not this change',
    base: OLD,
    change: {
      [API]: null,
      [SHOP_STORE]: null,
      'modules/standard/store/api.py': CALLS_LOAD,
      'modules/standard/store/store.py': STORE,
    },
    expect: {
      verdict: ['pass'],
      unchanged: [
        { entry: 'modules/standard/store/api.py::initialize', operations: ['modules/standard/store/store.py:2'] },
      ],
    },
  },
  {
    id: 'module-copied',
    title: 'A module is copied, violation included',
    why: 'a second entry point does the work now: that is new, the first one is old',
    base: OLD,
    change: { 'modules/standard/copy/api.py': CALLS_LOAD, 'modules/standard/copy/store.py': STORE },
    expect: {
      verdict: ['fail'],
      new: [
        {
          entry: 'modules/standard/copy/api.py::initialize',
          operations: ['modules/standard/copy/store.py:2'],
          placement: ['modules/standard/copy/store.py:2'],
        },
      ],
      unchanged: [{ entry: ENTRY, operations: [`${SHOP_STORE}:2`] }],
    },
  },
  {
    id: 'helper-inlined',
    title: 'A helper is written into initialize and deleted',
    why: 'the same operation of the same entry point',
    base: OLD,
    change: {
      [API]: 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n    return True\n',
      [SHOP_STORE]: null,
    },
    expect: { verdict: ['pass'], unchanged: [{ entry: ENTRY, operations: [`${API}:2`] }] },
  },
  {
    id: 'helper-extracted',
    title: 'The work of initialize is extracted into a helper',
    why: 'lines of it look added, the work is old',
    base: moduleFiles('shop', {
      'api.py': 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n    return True\n',
    }),
    change: { [API]: CALLS_LOAD, [SHOP_STORE]: STORE },
    expect: { verdict: ['pass'], unchanged: [{ entry: ENTRY, operations: [`${SHOP_STORE}:2`] }] },
  },
  {
    id: 'helper-extracted-and-grown',
    title: 'The work of initialize is extracted into a helper that queries as well',
    why: 'the query is new, the connection moved: nothing is fixed',
    base: moduleFiles('shop', {
      'api.py': 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n    return True\n',
    }),
    change: {
      [API]: CALLS_LOAD,
      [SHOP_STORE]: `def load(app_context):
    app_context.db_sync_engine.connect()
    app_context.db_session().execute("select 1")
`,
    },
    expect: {
      verdict: ['fail'],
      new: [{ entry: ENTRY, operations: [`${SHOP_STORE}:3`], placement: [`${SHOP_STORE}:3`] }],
    },
  },
  {
    id: 'function-renamed',
    title: 'The function that works is renamed and moved down in its file',
    why: 'its body is the same',
    base: OLD,
    change: {
      [API]: CALLS_LOAD.replaceAll('load', 'fetch'),
      [SHOP_STORE]: `def skip(app_context):
    return None


def fetch(app_context):
    return app_context.db_sync_engine.connect()
`,
    },
    expect: { verdict: ['pass'], unchanged: [{ entry: ENTRY, operations: [`${SHOP_STORE}:6`] }] },
  },
  {
    id: 'moved-to-module-level',
    title: 'The call moves out of initialize to the module body',
    why: 'the most common false repair: it runs even earlier, and that is new',
    base: moduleFiles('shop', {
      'api.py': `from core.database import engine


def initialize(app_context):
    engine.connect()
    return True
`,
    }),
    change: {
      [API]: `from core.database import engine

connection = engine.connect()


def initialize(app_context):
    return True
`,
    },
    expect: {
      verdict: ['fail'],
      new: [{ entry: API, operations: [`${API}:3`], placement: [`${API}:3`] }],
      fixed: [{ entry: ENTRY, operations: [`${API}:5`] }],
    },
  },
  {
    id: 'order-swapped',
    title: 'Two calls of initialize change places',
    why: 'the same work in another order is the same work',
    base: moduleFiles('shop', {
      'api.py': `from .store import load


def initialize(app_context):
    app_context.register_service("shop", object())
    load(app_context)
    return True
`,
      'store.py': STORE,
    }),
    change: {
      [API]: `from .store import load


def initialize(app_context):
    load(app_context)
    app_context.register_service("shop", object())
    return True
`,
    },
    expect: { verdict: ['pass'], unchanged: [{ entry: ENTRY, operations: [`${SHOP_STORE}:2`] }] },
  },
  {
    id: 'one-of-two-fixed',
    title: 'One of two functions that initialize calls is handed over instead',
    why: 'the repaired one is gone, the other one stays old',
    base: moduleFiles('shop', {
      'api.py': `from .store import load
from .prices import read


def initialize(app_context):
    load(app_context)
    read(app_context)
    return True
`,
      'store.py': STORE,
      'prices.py': 'def read(app_context):\n    return app_context.db_session().execute("select price")\n',
    }),
    change: {
      [API]: `from .store import load
from .prices import read


def initialize(app_context):
    load(app_context)
    app_context.register_module_setup_hook(module_id="shop", setup_method=read)
    return True
`,
    },
    expect: {
      verdict: ['pass'],
      fixed: [{ entry: ENTRY, operations: ['modules/standard/shop/prices.py:2'] }],
      unchanged: [{ entry: ENTRY, operations: [`${SHOP_STORE}:2`] }],
    },
  },
  {
    id: 'fixed-in-another-file',
    title: 'The helper drops its work, its callers stay',
    why: 'gone is gone, wherever it was repaired',
    base: OLD,
    change: { [SHOP_STORE]: 'def load(app_context):\n    return None\n' },
    expect: { verdict: ['pass'], fixed: [{ entry: ENTRY, operations: [`${SHOP_STORE}:2`] }] },
  },
  {
    id: 'module-deleted',
    title: 'A module with a violation is deleted',
    why: 'an entry point that is no longer there has no work',
    base: OLD,
    change: {
      [API]: null,
      [SHOP_STORE]: null,
      'modules/standard/news/api.py': 'def initialize(app_context):\n    return True\n',
    },
    expect: { verdict: ['pass'], fixed: [{ entry: ENTRY, operations: [`${SHOP_STORE}:2`] }] },
  },
]
