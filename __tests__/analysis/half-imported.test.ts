// Names that a module in the middle of its own import does not have yet: `from module import name` is an ImportError there (measured with CPython 3.11).
import { expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

const tree = (lookUp: string): Record<string, string> => ({
  'shop/__init__.py': '',
  'shop/app.py':
    'from flask import Flask\nfrom shop.models import Item\ndef create_app():\n    Item.lookUp()\n    return Flask(__name__)\n',
  'shop/parts.py': 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n',
  'shop/models.py':
    'from shop.parts import db\nfrom shop.lookup import known\nclass Item(db.Model):\n    lookUp = known\n',
  'shop/lookup.py': `def known():\n${lookUp.replace(/^/gm, '    ')}\nknown()\n`,
})

test('the handler runs, and nothing behind the import; once the module is there, it does', async () => {
  const files = tree(
    'try:\n    from shop.models import Item\n    return Item.query.first()\nexcept ImportError:\n    return None',
  )
  const result = await reviewed(files)
  expect(told(result)).toEqual(['database-in-phase-1 error high shop/lookup.py:4'])
  expect(result.notFollowed).toEqual([])
})

test('what the handler does is done', async () => {
  const files = tree(
    "try:\n    from shop.models import Item\nexcept ImportError:\n    import sqlite3\n    sqlite3.connect('shop.db')",
  )
  expect(told(await reviewed(files))).toEqual(['database-at-import error high shop/lookup.py:6'])
})
