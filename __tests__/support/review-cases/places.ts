// The order of places, one case for each step of it: operation, nearest changed step, changed cause, the line beside a deletion, the
// file, the summary.
import { moduleFiles, STORE, type ReviewCase } from './model.ts'

const API = 'modules/standard/shop/api.py'
const SHOP_STORE = 'modules/standard/shop/store.py'
const ENTRY = `${API}::initialize`

const CALLS_SKIP = `from .store import load, skip


def initialize(app_context):
    skip(app_context)
    return True
`

const failing = (operation: string, ...placement: string[]): ReviewCase['expect'] => ({
  verdict: ['fail'],
  new: [{ entry: ENTRY, operations: [operation], placement }],
})

export const PLACES: readonly ReviewCase[] = [
  {
    id: 'operation-added-beside-an-old-one',
    title: 'A function that connects already gains a query',
    why: 'the finding is old, the operation is not: it counts as new work and is said where it was added',
    base: moduleFiles('shop', { 'api.py': CALLS_SKIP.replace('    skip(', '    load('), 'store.py': STORE }),
    change: {
      [SHOP_STORE]: STORE.replace(
        '    return app_context.db_sync_engine.connect()\n',
        '    rows = app_context.db_session().execute("select 1")\n    return app_context.db_sync_engine.connect(), rows\n',
      ),
    },
    expect: failing(`${SHOP_STORE}:2`, `${SHOP_STORE}:2`),
  },
  {
    id: 'nearest-changed-step',
    title: 'Two steps of the path change, the operation does not',
    why: 'the step nearest to the operation says most about the cause',
    base: moduleFiles('shop', {
      'api.py': 'from .middle import step\n\n\ndef initialize(app_context):\n    return True\n',
      'middle.py': 'from .store import load, skip\n\n\ndef step(app_context):\n    return skip(app_context)\n',
      'store.py': STORE,
    }),
    change: {
      [API]: 'from .middle import step\n\n\ndef initialize(app_context):\n    step(app_context)\n    return True\n',
      'modules/standard/shop/middle.py':
        'from .store import load, skip\n\n\ndef step(app_context):\n    return load(app_context)\n',
    },
    expect: failing(`${SHOP_STORE}:2`, 'modules/standard/shop/middle.py:5'),
  },
  {
    id: 'awaited-at-last',
    title: 'A coroutine that was only made is awaited',
    why: 'one word makes the old body run: the line of that word',
    base: moduleFiles('shop', {
      'api.py': `from .store import warm


async def initialize(app_context):
    pending = warm(app_context)
    app_context.pending = pending
    return True
`,
      'store.py': 'async def warm(app_context):\n    return app_context.db_sync_engine.connect()\n',
    }),
    change: {
      [API]: `from .store import warm


async def initialize(app_context):
    pending = await warm(app_context)
    app_context.pending = pending
    return True
`,
    },
    expect: failing(`${SHOP_STORE}:2`, `${API}:5`),
  },
  {
    id: 'one-argument-of-a-long-call',
    title: 'One argument of a call over several lines becomes a call itself',
    why: 'the changed line of that expression, not the first line of the statement',
    base: moduleFiles('shop', {
      'api.py': `from .store import load


def initialize(app_context):
    app_context.register_module_setup_hook(
        module_id="shop",
        setup_method=load,
    )
    return True
`,
      'store.py': STORE,
    }),
    change: {
      [API]: `from .store import load


def initialize(app_context):
    app_context.register_module_setup_hook(
        module_id="shop",
        setup_method=load(app_context),
    )
    return True
`,
    },
    expect: failing(`${SHOP_STORE}:2`, `${API}:7`),
  },
  {
    id: 'constant-that-guards',
    title: 'A module constant is switched on',
    why: 'neither call nor operation changes: the constant caused it',
    base: moduleFiles('shop', {
      'api.py': `from .settings import SEED
from .store import load


def initialize(app_context):
    app_context.register_service("shop", object())
    if SEED:
        load(app_context)
    return True
`,
      'settings.py': '"""Switches of the shop."""\n\nSEED = False\n',
      'store.py': STORE,
    }),
    change: { 'modules/standard/shop/settings.py': '"""Switches of the shop."""\n\nSEED = True\n' },
    expect: failing(`${SHOP_STORE}:2`, 'modules/standard/shop/settings.py:3'),
  },
  {
    id: 'base-class',
    title: 'A class gets another base',
    why: 'the work is inherited: the line of the base class',
    base: moduleFiles('shop', {
      'api.py': `from .service import Service


def initialize(app_context):
    service = Service()
    service.start(app_context)
    return True
`,
      'service.py': 'from .bases import Loading, Quiet\n\n\nclass Service(Quiet):\n    name = "shop"\n',
      'bases.py': `class Quiet:
    def start(self, app_context):
        return None


class Loading:
    def start(self, app_context):
        return app_context.db_sync_engine.connect()
`,
    }),
    change: {
      'modules/standard/shop/service.py':
        'from .bases import Loading, Quiet\n\n\nclass Service(Loading):\n    name = "shop"\n',
    },
    expect: failing('modules/standard/shop/bases.py:8', 'modules/standard/shop/service.py:4'),
  },
  {
    id: 'import-of-another-function',
    title: 'The same name is imported from elsewhere',
    why: 'the call stays as it is, the import decides what runs',
    base: moduleFiles('shop', {
      'api.py': `from .quiet import start


def initialize(app_context):
    app_context.register_service("shop", object())
    app_context.ready = True
    app_context.name = "shop"
    start(app_context)
    return True
`,
      'quiet.py': 'def start(app_context):\n    return None\n',
      'eager.py': 'def start(app_context):\n    return app_context.db_sync_engine.connect()\n',
    }),
    change: {
      [API]: `from .eager import start


def initialize(app_context):
    app_context.register_service("shop", object())
    app_context.ready = True
    app_context.name = "shop"
    start(app_context)
    return True
`,
    },
    expect: failing('modules/standard/shop/eager.py:2', `${API}:1`),
  },
  {
    id: 'default-argument',
    title: 'The default of a parameter becomes the function that loads',
    why: 'who calls without an argument runs the default: the line of the definition',
    base: moduleFiles('shop', {
      'api.py': 'from .runner import run\n\n\ndef initialize(app_context):\n    run(app_context)\n    return True\n',
      'runner.py': `from .store import load, skip


def run(app_context, step=skip):
    app_context.runs = 1
    app_context.last = None
    app_context.next = None
    app_context.state = "new"
    return step(app_context)
`,
      'store.py': STORE,
    }),
    change: {
      'modules/standard/shop/runner.py': `from .store import load, skip


def run(app_context, step=load):
    app_context.runs = 1
    app_context.last = None
    app_context.next = None
    app_context.state = "new"
    return step(app_context)
`,
    },
    expect: failing(`${SHOP_STORE}:2`, 'modules/standard/shop/runner.py:4'),
  },
  {
    id: 'registered-service',
    title: 'Another class is registered under the same name',
    why: 'the code that asks for the service is unchanged: the registration caused it',
    base: moduleFiles('shop', {
      'api.py': `from .fill import fill
from .services import Eager, Quiet


def initialize(app_context):
    app_context.register_service("shop.items", Quiet())
    app_context.ready = True
    app_context.name = "shop"
    fill(app_context)
    return True
`,
      'fill.py': `def fill(app_context):
    shop = app_context.get_service("shop.items")
    shop.items(app_context)
`,
      'services.py': `class Quiet:
    def items(self, app_context):
        return []


class Eager:
    def items(self, app_context):
        return app_context.db_sync_engine.connect()
`,
    }),
    change: {
      [API]: `from .fill import fill
from .services import Eager, Quiet


def initialize(app_context):
    app_context.register_service("shop.items", Eager())
    app_context.ready = True
    app_context.name = "shop"
    fill(app_context)
    return True
`,
    },
    expect: failing('modules/standard/shop/services.py:8', `${API}:6`),
  },
  {
    id: 'early-return-deleted',
    title: 'An early return far above the work is deleted',
    why: 'nothing was added: the line next to the deletion, inside the function that works',
    base: moduleFiles('shop', {
      'api.py': 'from .store import load\n\n\ndef initialize(app_context):\n    load(app_context)\n    return True\n',
      'store.py': `def load(app_context):
    names = []
    return names
    names.append("a")
    names.append("b")
    names.append("c")
    names.append("d")
    names.append("e")
    names.append("f")
    names.append(app_context.db_sync_engine.connect())
    return names
`,
    }),
    change: {
      [SHOP_STORE]: `def load(app_context):
    names = []
    names.append("a")
    names.append("b")
    names.append("c")
    names.append("d")
    names.append("e")
    names.append("f")
    names.append(app_context.db_sync_engine.connect())
    return names
`,
    },
    expect: failing(`${SHOP_STORE}:9`, `${SHOP_STORE}:2`, `${SHOP_STORE}:3`),
  },
  {
    id: 'early-return-deleted-in-initialize',
    title: 'An early return of initialize is deleted, the call stands far below',
    why: 'the deletion stands in the function of a step, before what the path shows of it',
    base: moduleFiles('shop', {
      'api.py': `from .store import load


def initialize(app_context):
    app_context.names = []
    return True
    app_context.name = "a"
    app_context.name = "b"
    app_context.name = "c"
    app_context.name = "d"
    app_context.name = "e"
    load(app_context)
    return True
`,
      'store.py': STORE,
    }),
    change: {
      [API]: `from .store import load


def initialize(app_context):
    app_context.names = []
    app_context.name = "a"
    app_context.name = "b"
    app_context.name = "c"
    app_context.name = "d"
    app_context.name = "e"
    load(app_context)
    return True
`,
    },
    expect: failing(`${SHOP_STORE}:2`, `${API}:5`, `${API}:6`),
  },
  {
    id: 'decorator-deleted',
    title: 'The decorator that dropped a function is deleted',
    why: 'the definition itself is the line beside the deletion',
    base: moduleFiles('shop', {
      'api.py': 'from .store import load\n\n\ndef initialize(app_context):\n    load(app_context)\n    return True\n',
      'store.py': `from .quiet import dropped


@dropped
def load(app_context):
    first = 1
    second = 2
    third = 3
    fourth = 4
    return app_context.db_sync_engine.connect(), first, second, third, fourth
`,
      'quiet.py': 'def dropped(function):\n    return lambda app_context: None\n',
    }),
    change: {
      [SHOP_STORE]: `from .quiet import dropped


def load(app_context):
    first = 1
    second = 2
    third = 3
    fourth = 4
    return app_context.db_sync_engine.connect(), first, second, third, fourth
`,
    },
    expect: failing(`${SHOP_STORE}:9`, `${SHOP_STORE}:4`),
  },
  {
    id: 'override-deleted',
    title: 'The method that overrode the loading one is deleted',
    why: 'the class lost a definition: beside the deletion, else on its file; never on an unrelated line',
    base: moduleFiles('shop', {
      'api.py': `from .service import Service


def initialize(app_context):
    Service().start(app_context)
    return True
`,
      'service.py': `from .bases import Loading


class Service(Loading):
    name = "shop"

    def start(self, app_context):
        return None
`,
      'bases.py': `class Loading:
    def start(self, app_context):
        return app_context.db_sync_engine.connect()
`,
    }),
    change: {
      'modules/standard/shop/service.py': `from .bases import Loading


class Service(Loading):
    name = "shop"
`,
    },
    expect: failing(
      'modules/standard/shop/bases.py:3',
      'modules/standard/shop/service.py:4',
      'modules/standard/shop/service.py:5',
      'modules/standard/shop/service.py',
    ),
  },
  {
    id: 'renamed-into-an-entry-point',
    title: 'A file is renamed to the name that the framework looks up',
    why: 'no line changed, so there is no hunk: a comment on the file',
    base: moduleFiles('shop', {
      'start.py': `def initialize(app_context):
    app_context.db_sync_engine.connect()
    return True
`,
      '__init__.py': '',
    }),
    change: {
      'modules/standard/shop/start.py': null,
      [API]: `def initialize(app_context):
    app_context.db_sync_engine.connect()
    return True
`,
    },
    expect: failing(`${API}:2`, API),
  },
  {
    id: 'file-that-a-manifest-names',
    title: 'The file that the manifest names in the place of api.py gains a connection',
    why: 'a manifest is read beside Python, wherever the tree comes from; a disabled module is none',
    base: {
      'core/app_context.py': 'class AppContext:\n    pass\n',
      ...moduleFiles('shop', {
        'manifest.json': '{ "entry_point": "main.py" }\n',
        'main.py': 'def initialize(app_context):\n    return True\n',
      }),
      ...moduleFiles('old', { '.disabled': '', 'api.py': 'def initialize(app_context):\n    return True\n' }),
    },
    change: {
      'modules/standard/shop/main.py': 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n',
      'modules/standard/old/api.py': 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n',
    },
    expect: {
      verdict: ['fail'],
      new: [
        {
          entry: 'modules/standard/shop/main.py::initialize',
          operations: ['modules/standard/shop/main.py:2'],
          placement: ['modules/standard/shop/main.py:2'],
        },
      ],
    },
  },
  {
    id: 'package-deleted-beside-a-module',
    title: 'The package that hid a module of the same name is deleted',
    why: 'no file of the path is part of the change: the summary',
    base: moduleFiles('shop', {
      'api.py':
        'from .helpers import start\n\n\ndef initialize(app_context):\n    start(app_context)\n    return True\n',
      'helpers/__init__.py': 'def start(app_context):\n    return None\n',
      'helpers.py': 'def start(app_context):\n    return app_context.db_sync_engine.connect()\n',
    }),
    change: { 'modules/standard/shop/helpers/__init__.py': null },
    expect: failing('modules/standard/shop/helpers.py:2', 'summary'),
  },
]
