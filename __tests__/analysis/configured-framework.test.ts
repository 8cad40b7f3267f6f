// A framework that only the configuration describes has what shipped profiles have: context, operations, deferrals, invokers, events, services.
// One project uses all of them, so that the answer is one value.
import { describe, expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

const CONFIGURATION = `profiles: [plain]
entry-points:
  - { files: "plugins/*.py", function: load, context: host }
operations: [{ symbol: "vault.open", kind: connection }]
deferrals: [{ symbol: "*.on_ready", arguments: [0] }]
invokers: [{ symbol: "host_tools.retry", arguments: [0] }]
events: [{ subscribe: "*.on", arguments: [1], emit: "*.emit" }]
services: { "shop.store": "store.Store" }
`

const FILES = {
  'store.py':
    'class Store:\n    def __init__(self, host):\n        self.host = host\n    def fill(self):\n        self.host.db_session().execute("select 1")\n',
  'plugins/a.py': `import vault
import host_tools
def started():
    vault.open("a")
def later(app):
    vault.open("b")
def again():
    vault.open("c")
def load(name, host, flags=None):
    host.on_ready(later)
    host.on("start", started)
    host.emit("start")
    host_tools.retry(again)
    host.get_service("shop.store").fill()
`,
}

test('a framework that only the configuration describes', async () => {
  expect(told(await reviewed(FILES, CONFIGURATION))).toEqual([
    'database-in-phase-1 error medium plugins/a.py:4',
    'database-in-phase-1 error high plugins/a.py:8',
    'database-in-phase-1 error medium store.py:5,store.py:5',
  ])
})

const PLUGINS = 'profiles: [plain]\nentry-points: [{ files: "plugins/*.py", function: load }]\n'
const EVENTS = 'events: [{ subscribe: "*.on", arguments: [1], emit: "*.emit" }]\n'
const STARTED = 'import sqlite3\ndef started():\n    sqlite3.connect("a")\n'

test.each([
  ['a bus of a library', 'from somewhere import bus\n', 'bus.on("start", started)\n    bus.emit("start")', true],
  [
    'a bus that a library builds',
    'from pyee import EventEmitter\nbus = EventEmitter()\n',
    'bus.on("start", started)\n    bus.emit("start")',
    true,
  ],
  ['a module of functions', 'import bus\n', 'bus.on("start", started)\n    bus.emit("start")', true],
  ['another event', 'import bus\n', 'bus.on("start", started)\n    bus.emit("stop")', false],
  ['another bus', 'from somewhere import bus, other\n', 'bus.on("start", started)\n    other.emit("start")', false],
])('events of %s', async (_what, imports, body, runs) => {
  const files = { 'plugins/a.py': `${STARTED}${imports}def load(app):\n    ${body}\n` }
  expect(told(await reviewed(files, PLUGINS + EVENTS))).toEqual(
    runs ? ['database-in-phase-1 error medium plugins/a.py:3'] : [],
  )
})

const LIFESPAN = 'profiles: [fastapi]\nentry-points: [{ files: main.py, function: lifespan, context: app }]\n'

test.each([
  ['a context manager', 'from contextlib import asynccontextmanager\n', '@asynccontextmanager\nasync def'],
  ['a context manager that is not asynchronous', 'from contextlib import contextmanager\n', '@contextmanager\ndef'],
  ['an asynchronous generator', '\n', '\nasync def'],
])('a lifespan that the configuration names is entered and not left: %s', async (_what, imports, define) => {
  const body = '    sqlite3.connect("a")\n    yield\n    sqlite3.connect("b")\n'
  const main = `import sqlite3\n${imports}from fastapi import FastAPI\n${define} lifespan(app):\n${body}app = FastAPI(lifespan=lifespan)\n`
  expect(told(await reviewed({ 'main.py': main }, LIFESPAN))).toEqual(['database-in-phase-1 error high main.py:6'])
})

describe('classes that extend a base of the tree', () => {
  const BASE =
    'class Root:\n    def install(self):\n        self.tables()\nclass Base(Root):\n    def tables(self): pass\n'
  const PLUGIN = `from lib import Base
import sqlite3
class Plugin(Base):
    def tables(self):
        sqlite3.connect("a")
`
  test.each([
    ['the module that defines it', 'lib.base.Base', 'from .base import Base\n'],
    ['the package that hands it on', 'lib.Base', 'from .base import Base\n'],
    ['the package that hands it on with a star', 'lib.Base', 'from .base import *\n'],
  ])('named by %s', async (_, base, init) => {
    const files = { 'lib/base.py': BASE, 'lib/__init__.py': init, 'plugins/a.py': PLUGIN }
    const config = `entry-points: [{ files: "plugins/*.py", extends: ${base}, methods: [install] }]\n`
    expect(told(await reviewed(files, config))).toEqual(['database-in-phase-1 error high plugins/a.py:5'])
  })
})
