// Defects that were found on real or generated trees, each at the smallest tree that shows it.
import { describe, expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

const api = (name: string): string => `modules/standard/${name}/api.py`

describe('contexts', () => {
  test('a decorator that every module uses is told apart per entry point', async () => {
    const files: Record<string, string> = {
      'core/decorators.py':
        'import functools\ndef traced(f):\n    @functools.wraps(f)\n    def wrapper(*args, **kwargs):\n        return f(*args, **kwargs)\n    return wrapper\n',
    }
    for (let i = 0; i < 45; i++) {
      const work = i === 44 ? 'app_context.db_session().execute("select 1")' : 'pass'
      files[api(`m${i}`)] = `from core.decorators import traced\n@traced\ndef initialize(app_context):\n    ${work}\n`
    }
    const result = await reviewed(files)
    expect(told(result)).toEqual([`database-in-phase-1 error high ${api('m44')}:4,${api('m44')}:4`])
    expect(result.notFollowed).toEqual([])
  })
})

describe('an attribute that a base of another package may have', () => {
  test('does not end the path where `__getattr__` raises', async () => {
    const files = {
      [api('proxy')]:
        'from vendor import Base\nclass Proxy(Base):\n    def __getattr__(self, name):\n        raise AttributeError(name)\ndef initialize(app_context):\n    Proxy().start()\n    app_context.db_session().commit()\n',
    }
    const result = await reviewed(files)
    expect(told(result)).toEqual([`database-in-phase-1 error high ${api('proxy')}:7,${api('proxy')}:7`])
    expect(result.notFollowed).toEqual([])
  })
})

describe('a function that costs much', () => {
  test('with nothing instead of a function it does not do what it did with one', async () => {
    const costs = '    n = [1, 2, 3, 4, 5, 6, 7, 8, 9]\n'.repeat(700)
    const uses = Array.from({ length: 8 }, (_, i) => `@kept\ndef f${i}(x):\n    raise TypeError(x)\n`).join('')
    const files = {
      [api('often')]:
        `import functools\ndef kept(func=None):\n${costs}    if func is None:\n        return functools.partial(kept)\n` +
        '    @functools.wraps(func)\n    def inner(x):\n        return func(x)\n    return inner\n' +
        `${uses}@kept()\ndef last(x):\n    return x\n` +
        'def initialize(app_context):\n    app_context.db_session().commit()\n',
    }
    const result = await reviewed(files)
    expect(told(result)).toHaveLength(1)
    expect(result.notFollowed).toEqual([])
  })
})

const withBeside = (beside: string): Record<string, string> => ({
  'modules/__init__.py': '',
  'modules/shop/__init__.py': '',
  'modules/shop/api.py': 'from psycopg2 import connect\ndef initialize(app_context):\n    connect("x")\n',
  'modules/shop/psycopg2.py': beside,
})

describe('a file beside the importer that bears the name of a library', () => {
  const found = 'database-in-phase-1 error high modules/shop/api.py:3'

  test('is not it where it imports that library itself', async () => {
    const files = withBeside('import psycopg2\nfrom psycopg2 import connect\nraise SystemExit\n')
    expect(told(await reviewed(files))).toEqual([found])
  })

  test('is not it where it binds nothing of what is asked for', async () => {
    expect(told(await reviewed(withBeside('def __dir__():\n    return []\n')))).toEqual([found])
  })

  test('is it where it does', async () => {
    const files = withBeside('def connect(name):\n    return name\n')
    expect(told(await reviewed(files))).toEqual([])
  })
})

describe('one call, several callees', () => {
  test('a function that a loop calls with several functions runs all of them', async () => {
    const files = {
      [api('o')]:
        'class Job:\n    def __init__(self, step): self.step = step\n    def run(self): self.step()\ndef initialize(ctx):\n    def seed(): ctx.db_session().commit()\n    for job in [Job(print), Job(seed)]:\n        job.run()\n',
    }
    expect(told(await reviewed(files))).toEqual([`database-in-phase-1 error high ${api('o')}:5,${api('o')}:5`])
  })
})

describe('bounded cost', () => {
  test('a recursive parser with nested loops ends within its budget', async () => {
    const body = Array.from(
      { length: 12 },
      (_, i) =>
        `            if c == "${i}":\n                while self.more():\n                    out.append(self.parse(depth + 1, out))\n`,
    ).join('')
    const files = {
      [api('p')]:
        `class Parser:\n    def more(self):\n        return self.items\n    def parse(self, depth, out):\n        while True:\n            c = self.next()\n${body}            if not c:\n                return out\n    def next(self):\n        return input()\ndef initialize(app_context):\n    p = Parser()\n    p.items = list("abc")\n    p.parse(0, [])\n    app_context.db_session().commit()\n`,
    }
    const result = await reviewed(files)
    expect(result.incomplete).toEqual([])
    expect(told(result)).toEqual([`database-in-phase-1 error high ${api('p')}:51,${api('p')}:51`])
  })

  test('where the budget ends it is not said that nothing comes to its end', async () => {
    const row = `[${Array.from({ length: 60 }, () => '0').join(', ')}]`
    const steps = Array.from({ length: 12 }, (_, i) => i)
    const loops = `    for a in T:\n        for b in T:\n            for c in T:\n                n = ${row}\n`
    const files = {
      [api('b')]:
        `T = (${steps.join(', ')})\n${steps.map((i) => `def f${i}():\n${loops}`).join('')}` +
        `def run():\n${steps.map((i) => `    f${i}()\n`).join('')}def initialize(app_context):\n    run()\n`,
    }
    const result = await reviewed(files)
    expect(result.incomplete.map(({ reason }) => reason)).toEqual(['budget'])
    expect(result.notFollowed).toEqual([])
  })

  test('a class that takes a method from object does not run in circles', async () => {
    const files = {
      [api('o')]:
        'class A:\n    __hash__ = object.__hash__\n    __ne__ = object.__ne__\ndef initialize(app_context):\n    A() != A()\n    {A(): 1}\n    app_context.db_session().commit()\n',
    }
    expect(told(await reviewed(files))).toEqual([`database-in-phase-1 error high ${api('o')}:7,${api('o')}:7`])
  })
})

describe('values of libraries', () => {
  test('an attribute of the context may be false', async () => {
    const files = {
      [api('c')]: 'def initialize(ctx):\n    if ctx.skip:\n        return\n    ctx.db_session().commit()\n',
    }
    expect(told(await reviewed(files))).toEqual([`database-in-phase-1 error medium ${api('c')}:4,${api('c')}:4`])
  })

  test('a session factory from an unresolved database module is assumed to be one', async () => {
    const files = {
      [api('s')]: 'from core.db import SessionLocal\ndef initialize(ctx):\n    SessionLocal().query(User).all()\n',
    }
    expect(told(await reviewed(files))).toEqual([
      `database-in-phase-1 error medium ${api('s')}:3,${api('s')}:3,${api('s')}:3`,
    ])
  })

  test('a setting that is read with a false default lowers to a warning', async () => {
    const files = {
      'manage.py': '',
      'shop/apps.py':
        'from django.apps import AppConfig\nfrom django.conf import settings\nfrom .models import Item\nclass ShopConfig(AppConfig):\n    def ready(self):\n        if getattr(settings, "WARM", False):\n            list(Item.objects.all())\n',
      'shop/models.py': 'from django.db import models\nclass Item(models.Model):\n    pass\n',
    }
    expect(told(await reviewed(files))).toEqual(['database-in-phase-1 warning medium shop/apps.py:7'])
  })
})

describe('what cannot be read is never clean', () => {
  test('an entry file that does not parse', async () => {
    const result = await reviewed({ [api('b')]: 'def initialize(app_context:\n    pass\n' })
    expect(result.verdict).toBe('incomplete')
    expect(result.incomplete.map((i) => [i.file, i.reason])).toEqual([[api('b'), 'syntax-error']])
  })
})

const config = (entry: string): string =>
  `profiles: [plain]\nentry-points:\n  - ${entry}\noperations:\n  - { symbol: "db.query", kind: query }\n`

describe('configured entry points', () => {
  const DB = { 'db.py': 'def query(): pass\n' }

  test('the constructor of an object that is built for a method belongs to the method', async () => {
    const files = {
      ...DB,
      'p/a.py':
        'from db import query\nclass P:\n    def __init__(self):\n        query()\n    def register(self, app):\n        pass\n',
    }
    const result = await reviewed(files, config('{ files: "p/*.py", class: P, methods: [register] }'))
    expect(told(result)).toEqual(['database-in-phase-1 error high p/a.py:4'])
  })

  test('methods that only the base class of the tree defines are entry points', async () => {
    const files = {
      ...DB,
      'base.py': 'from db import query\nclass Base:\n    def register(self, app):\n        query()\n',
      'p/a.py': 'from base import Base\nclass P(Base):\n    pass\n',
    }
    const result = await reviewed(files, config('{ files: "p/*.py", extends: base.Base, methods: [register] }'))
    expect(result.findings.map((f) => [f.entryPoint, f.location.file, f.location.line])).toEqual([
      ['p/a.py::P.register', 'base.py', 4],
    ])
  })

  test('the context is the parameter that the configuration names', async () => {
    const files = { 'p/a.py': 'def load(name, app):\n    app.db_session().commit()\n' }
    const result = await reviewed(files, config('{ files: "p/*.py", function: load, context: app }'))
    expect(result.findings.map((f) => f.location.line)).toEqual([2])
  })
})

describe('what is not followed says so', () => {
  test('a function of the tree whose file is not there', async () => {
    const result = await reviewed({ [api('x')]: 'from .gone import load\ndef initialize(app_context):\n    load()\n' })
    expect(result.notFollowed.map((n) => [n.line, n.reason])).toEqual([[3, 'unresolved-import']])
  })

  test('what a pure library returns is silent', async () => {
    const body = 'from datetime import datetime\ndef initialize(app_context):\n    datetime.now().isoformat()\n'
    expect((await reviewed({ [api('x')]: body })).notFollowed).toEqual([])
  })
})

describe('guards', () => {
  test.each([
    ['sys.argv[1] == "worker"', 'warning'],
    ['"worker" in sys.argv', 'warning'],
    ['sys.argv[1] != "migrate"', 'error'],
    ['"migrate" not in sys.argv', 'error'],
  ])('if %s: %s', async (condition, severity) => {
    const files = {
      [api('g')]:
        `import sys\ndef initialize(app_context):\n    if ${condition}:\n        app_context.db_session().commit()\n`,
    }
    expect((await reviewed(files)).findings.map((f) => f.severity)).toEqual([severity])
  })
})

test('Depends gets the function, not its generator', async () => {
  const files = {
    'main.py':
      'from fastapi import FastAPI, Depends\napp = FastAPI()\ndef get_db():\n    yield 1\n@app.get("/")\ndef read(db=Depends(get_db())):\n    return db\n',
  }
  const result = await reviewed(files)
  expect(told(result)).toEqual(['hook-called-not-passed error high main.py:6'])
  expect(result.notFollowed).toEqual([])
})

describe('modules and namespaces', () => {
  test('a name put into __dict__ is an attribute: no __setattr__ runs for it, and __getattr__ is not asked', async () => {
    const body =
      'class Proxy:\n    def __init__(self, target):\n        self.__dict__["_target"] = target\n        self.__dict__.update(_alias="a")\n' +
      '    def __getattr__(self, name):\n        return getattr(self._target, name)\n' +
      '    def __setattr__(self, name, value):\n        setattr(self._target, name, value)\n' +
      'class Rows:\n    def load(self, ctx):\n        ctx.db_session()\n' +
      'def initialize(app_context):\n    Proxy(Rows()).load(app_context)\n    app_context.db_sync_session()\n'
    expect(told(await reviewed({ [api('x')]: body }))).toEqual([
      'database-in-phase-1 error high modules/standard/x/api.py:11',
      'database-in-phase-1 error high modules/standard/x/api.py:14',
    ])
  })

  test('a module that was imported on some paths has run on all of them after the next import', async () => {
    const body =
      'import os\ndef initialize(app_context):\n    if os.getenv("X"):\n        import settings\n    import settings\n' +
      '    settings.hook = app_context.db_session\n    import settings\n    settings.hook()\n'
    expect(told(await reviewed({ 'settings.py': 'def hook():\n    pass\n', [api('x')]: body }))).toEqual([
      'database-in-phase-1 error high modules/standard/x/api.py:8',
    ])
  })

  test('where a module has run, what it imports has run too', async () => {
    const body =
      'import os\ndef initialize(app_context):\n    if os.getenv("X"):\n        import first\n    import first\n' +
      '    first.settings.hook = app_context.db_session\n    import settings\n    settings.hook()\n'
    const files = { 'settings.py': 'def hook():\n    pass\n', 'first.py': 'import settings\n', [api('x')]: body }
    expect(told(await reviewed(files))).toEqual(['database-in-phase-1 error high modules/standard/x/api.py:8'])
  })
})
