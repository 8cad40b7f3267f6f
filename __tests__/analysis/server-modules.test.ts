// Modules that take the application from another one and do the rest of the start: which of them are entry points.
import { expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

const SHOP =
  'from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\ndef create_app():\n    app = Flask(__name__)\n    db.init_app(app)\n    return app\napp = create_app()\n'
const CREATE = 'with app.app_context():\n    db.create_all()\n'

const entries = async (files: Record<string, string>): Promise<readonly (readonly string[])[]> => {
  const result = await reviewed({ 'shop/__init__.py': SHOP, ...files })
  return [result.entryPoints.map(({ id }) => id).filter((id) => !id.startsWith('shop/')), told(result)]
}

test.each(['wsgi.py', 'run.py', 'main.py', 'deploy/server.py'])(
  '%s that creates tables with the application of a package',
  async (file) => {
    expect(await entries({ [file]: `from shop import app, db\n${CREATE}` })).toEqual([
      [file],
      [`database-at-import error high ${file}:3`],
    ])
  },
)

test('the application that a package builds in another module, by a relative import', async () => {
  const files = {
    'shop/web.py': `from . import app as flask_app, db\nwith flask_app.app_context():\n    db.drop_all()\n`,
  }
  expect(await entries(files)).toEqual([[], ['database-at-import error high shop/web.py:3']])
})

test.each([
  ['only imports it', 'run.py', 'from shop import app\n'],
  ['names it again', 'wsgi.py', 'from shop import app\napplication = app\n'],
  [
    'starts it as a program',
    'run.py',
    `from shop import app, db\nif __name__ == "__main__":\n    db.create_all()\n    app.run()\n`,
  ],
  ['takes something else of the package', 'run.py', `from shop import db\nprint(db)\n`],
  ['is not named like a server', 'seed.py', `from shop import app, db\n${CREATE}`],
])('no entry point: a module that %s', async (_what, file, text) => {
  expect(await entries({ [file]: text })).toEqual([[], []])
})

test('what the package itself does is told of the package only', async () => {
  const result = await reviewed({
    'shop/__init__.py': `${SHOP}${CREATE}`,
    'wsgi.py': 'from shop import app\nprint(app)\n',
  })
  expect(result.findings.map((f) => f.entryPoint)).toEqual(['shop/__init__.py'])
})

test('an application of FastAPI', async () => {
  const result = await reviewed({
    'shop/app.py':
      'from fastapi import FastAPI\nfrom sqlalchemy import create_engine\nfrom sqlalchemy.orm import declarative_base\nengine = create_engine("sqlite://")\nBase = declarative_base()\napp = FastAPI()\n',
    'main.py': 'from shop.app import app, Base, engine\nBase.metadata.create_all(engine)\n',
  })
  expect(told(result)).toEqual(['database-at-import error medium main.py:2'])
})

test('load(app) of a plug-in of CTFd, and no other function of that name', async () => {
  const plugin =
    'from CTFd.models import db\nfrom CTFd.plugins.migrations import upgrade\ndef load(app):\n    db.create_all()\n    upgrade(plugin_name="whale")\n'
  const result = await reviewed({
    'whale/__init__.py': plugin,
    'whale/loader.py': plugin,
    'other/__init__.py': 'def load(app):\n    app.db.create_all()\n',
  })
  expect(result.entryPoints.map(({ id }) => id)).toEqual(['whale/__init__.py', 'whale/__init__.py::load'])
  expect(told(result)).toEqual(['database-in-phase-1 error high whale/__init__.py:4,whale/__init__.py:5'])
})
