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

describe('bounded cost', () => {
  test('a recursive parser with nested loops ends within its budget', async () => {
    const body = Array.from(
      { length: 12 },
      (_, i) =>
        `            if c == "${i}":\n                while self.more():\n                    out.append(self.parse(depth + 1, out))\n`,
    ).join('')
    const files = {
      [api('p')]:
        `class Parser:\n    def more(self):\n        return self.items\n    def parse(self, depth, out):\n        while True:\n            c = self.next()\n${body}            if not c:\n                return out\n    def next(self):\n        return self.items.pop()\ndef initialize(app_context):\n    p = Parser()\n    p.items = list("abc")\n    p.parse(0, [])\n    app_context.db_session().commit()\n`,
    }
    const result = await reviewed(files)
    expect(result.incomplete).toEqual([])
    expect(told(result)).toEqual([`database-in-phase-1 error high ${api('p')}:51,${api('p')}:51`])
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
