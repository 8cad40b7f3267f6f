// Programs with a defect that an edit repairs: one per shape, each written in many styles (indentation, line ends, names, annotations,
// comments). What the suggestion is expected to be stands beside the program; whether it works is asked of the analysis and of CPython.
import type { RuleId, Suggestion } from '../../src/findings/model.ts'

export interface Shape {
  readonly name: string
  readonly rule: RuleId
  readonly file: string
  readonly source: string
  readonly others: Readonly<Record<string, string>>
  readonly title: RegExp
  readonly disposition: Suggestion['disposition']
}

const API = 'modules/standard/shop/api.py'
const WORK = 'with app_context.db_sync_session() as session:\n    session.execute(text("select 1"))\n'
const HEAD = 'from sqlalchemy import text\n\n\n'
const SETUP = `async def setup_module(app_context):\n${indented(WORK)}`
const SEED = `def seed(app_context):\n${indented(WORK)}`
const HOOK = 'app_context.register_module_setup_hook(module_id="shop", setup_method=setup_module)'

function indented(code: string, by = '    '): string {
  return code.replaceAll(/^(?=.)/gm, by)
}

function initialize(body: string, head = 'def initialize(app_context):'): string {
  return `${head}\n${indented(body)}`
}

interface Over {
  readonly rule?: RuleId
  readonly others?: Readonly<Record<string, string>>
  readonly disposition?: Suggestion['disposition']
  readonly file?: string
}

function shape(name: string, source: string, title: RegExp, over: Over = {}): Shape {
  return { name, source, title, rule: 'database-in-phase-1', file: API, others: {}, disposition: 'safe', ...over }
}

const hook = { rule: 'hook-called-not-passed' } as const
const missing = { rule: 'missing-setup-hook' } as const
const imported = { rule: 'database-at-import' } as const
const unsafe = { disposition: 'unsafe' } as const
const NEW = /^Move the database work into a new `setup_module` and register it$/
const INTO = /^Move the database work into `setup_module`$/
const PASS = /^Pass `[\w.]+` instead of calling it$/
const REGISTER = /^Register `\w+` instead of calling it$/
const FIRST_USE = /^Read `\w+` on first use instead of in the constructor$/
const DROP = /^Do not call `(?:setup_module|finish)` here: Phase 2 runs it$/
const MISSING = /^Register `setup_module` in `initialize`$/

const HOOKS: readonly Shape[] = [
  shape(
    'hook called',
    `${HEAD}${initialize(`${HOOK.slice(0, -1)}(app_context))\nreturn True\n`)}\n\n${SETUP}`,
    PASS,
    hook,
  ),
  shape(
    'hook called, plain function',
    `${HEAD}${initialize('app_context.register_module_setup_hook("shop", seed(app_context))\n')}\n\n${SEED}`,
    PASS,
    hook,
  ),
  shape(
    'hook called over lines',
    `${HEAD}${initialize('app_context.register_module_setup_hook(\n    module_id="shop",\n    setup_method=setup_module(\n        app_context,  # the context\n    ),\n)\nreturn True\n')}\n\n${SETUP}`,
    PASS,
    hook,
  ),
  shape(
    'hook awaited',
    `${HEAD}${initialize('app_context.register_module_setup_hook(module_id="shop", setup_method=await setup_module(app_context))\n', 'async def initialize(app_context):')}\n\n${SETUP}`,
    PASS,
    hook,
  ),
  shape(
    'hook of another module called',
    `from .setup import prepare as ready\n\n\n${initialize('app_context.register_module_setup_hook(module_id="shop", setup_method=ready(app_context))\nreturn True\n')}`,
    PASS,
    { ...hook, others: { 'modules/standard/shop/setup.py': `${HEAD}def prepare(app_context):\n${indented(WORK)}` } },
  ),
  shape(
    'hook that is a method called',
    `${HEAD}class Shop:\n    def __init__(self, app_context):\n        self.app_context = app_context\n\n    def setup(self, app_context):\n${indented(WORK, '        ')}\n\n${initialize('shop = Shop(app_context)\napp_context.register_module_setup_hook(module_id="shop", setup_method=shop.setup(app_context))\nreturn True\n')}`,
    PASS,
    hook,
  ),
]

const REGISTRATIONS: readonly Shape[] = [
  shape(
    'not registered',
    `${HEAD}${initialize('app_context.register_models([])\nreturn True\n')}\n\n${SETUP}`,
    MISSING,
    missing,
  ),
  shape(
    'not registered, no return',
    `${HEAD}${SETUP}\n\n${initialize('app_context.register_models([])\n')}`,
    MISSING,
    missing,
  ),
  shape(
    'not registered, empty',
    `${HEAD}${SETUP}\n\n${initialize('"""Nothing to do yet."""\npass\n')}`,
    MISSING,
    missing,
  ),
  shape(
    'not registered, early return',
    `${HEAD}${initialize('"""Registers."""\nif app_context is None:\n    return False\napp_context.register_models([])\nreturn True\n')}\n\n${SETUP}`,
    MISSING,
    missing,
  ),
  shape('called', `${HEAD}${initialize('seed(app_context)\nreturn True\n')}\n\n${SEED}`, REGISTER),
  shape(
    'called by keyword',
    `${HEAD}${initialize('seed(app_context=app_context)  # rows\nreturn True\n')}\n\n${SEED}`,
    REGISTER,
  ),
  shape(
    'awaited',
    `${HEAD}${initialize('await setup_module(\n    app_context\n)\nreturn True\n', 'async def initialize(app_context):')}\n\n${SETUP}`,
    REGISTER,
  ),
  shape(
    'run in a loop of its own',
    `import asyncio\n${HEAD}${initialize('asyncio.run(setup_module(app_context))\nreturn True\n')}\n\n${SETUP}`,
    REGISTER,
  ),
  shape(
    'started as a task',
    `import asyncio\n${HEAD}${initialize('asyncio.create_task(setup_module(app_context))\nreturn True\n', 'async def initialize(app_context):')}\n\n${SETUP}`,
    REGISTER,
    { rule: 'database-scheduled-in-phase-1' },
  ),
  shape(
    'called after other work was registered',
    `MODULE_ID = "standard.shop"\n${HEAD}${initialize('app_context.register_service(f"{MODULE_ID}.service", Shop(app_context))\nseed(app_context)\nlogger.info("ready")\nreturn True\n')}\n\nclass Shop:\n    def __init__(self, app_context):\n        self.app_context = app_context\n\n\n${SEED}`.replace(
      HEAD,
      'import logging\n\nfrom sqlalchemy import text\n\nlogger = logging.getLogger(__name__)\n\n\n',
    ),
    REGISTER,
  ),
  shape(
    'called in front of something else',
    `${HEAD}${initialize('seed(app_context)\nconnect_routes()\nreturn True\n')}\n\n\ndef connect_routes():\n    pass\n\n\n${SEED}`,
    REGISTER,
    unsafe,
  ),
]

const MOVES: readonly Shape[] = [
  shape('session in initialize', `${HEAD}${initialize(`${WORK}return True\n`)}`, NEW),
  shape('session in initialize, the only statement', `${HEAD}${initialize(WORK)}`, NEW),
  shape(
    'session with a comment above',
    `${HEAD}${initialize(`app_context.register_models([])\n\n# the first rows\n# of the shop\n${WORK}\nreturn True\n`)}`,
    NEW,
  ),
  shape(
    'a chain of statements',
    `${HEAD}${initialize('session = app_context.db_sync_session()\nsession.execute(text("select 1"))\nsession.commit()\nsession.close()\nreturn True\n')}`,
    NEW,
  ),
  shape(
    'a chain with something in between',
    `${HEAD}${initialize('session = app_context.db_sync_session()\napp_context.register_models([])\nrows = session.execute(text("select 1")).all()\nfor row in rows:\n    session.add(row)\nsession.commit()\nreturn True\n')}`,
    NEW,
  ),
  shape(
    'a local import and a constant',
    initialize(
      'from sqlalchemy import text as sql\n\nname = "shop"\nwith app_context.db_sync_session() as session:\n    session.execute(sql(f"select {name}"))\napp_context.register_models([])\nreturn True\n',
    ),
    NEW,
  ),
  shape(
    'a constant that stays in use',
    `${HEAD}${initialize('name = "shop"\nwith app_context.db_sync_session() as session:\n    session.execute(text(name))\napp_context.register_module_settings(name, {})\nreturn True\n')}`,
    NEW,
  ),
  shape(
    'a registered service that loads',
    `from .services import ItemService\n\n\n${initialize('service = ItemService(app_context)\nservice.load()\napp_context.register_service("shop.items", service)\nreturn True\n')}`,
    NEW,
    {
      others: {
        'modules/standard/shop/services.py': `${HEAD}class ItemService:\n    def __init__(self, app_context):\n        self.app_context = app_context\n\n    def load(self):\n        with self.app_context.db_sync_session() as session:\n            self.rows = session.execute(text("select 1")).all()\n`,
      },
    },
  ),
  shape(
    'asynchronous work',
    `${HEAD}${initialize('async with app_context.db_session() as session:\n    await session.execute(text("select 1"))\nreturn True\n', 'async def initialize(app_context):')}`,
    NEW,
  ),
  shape(
    'a text over lines',
    `${HEAD}${initialize('with app_context.db_sync_session() as session:\n    session.execute(\n        text("""\n  select 1\n    from items\n"""),\n        {"a": [x for x in range(3)]},\n    )\nreturn True\n')}`,
    NEW,
  ),
  shape(
    'a loop with functions inside',
    `${HEAD}${initialize('for name in ("a", "b"):\n    with app_context.db_sync_session() as session:\n        keep = lambda row: row is not None\n        list(filter(keep, session.execute(text(name))))\nreturn True\n')}`,
    NEW,
  ),
  shape(
    'a helper with arguments',
    `ROWS = [1]\n${HEAD}def seed(app_context, rows):\n${indented(WORK)}\n\n${initialize('seed(app_context, ROWS)\nreturn True\n')}`,
    NEW,
  ),
  shape(
    'a decorated entry point',
    `import functools\n${HEAD}def logged(fn):\n    @functools.wraps(fn)\n    def inner(app_context):\n        return fn(app_context)\n\n    return inner\n\n\n@logged\n${initialize(`${WORK}return True\n`)}`,
    NEW,
  ),
  shape(
    'inside of a try',
    `${HEAD}${initialize(`try:\n    app_context.register_models([])\n${indented(WORK)}    return True\nexcept Exception:\n    return False\n`)}`,
    NEW,
    unsafe,
  ),
  shape(
    'in front of a condition',
    `${HEAD}${initialize(`${WORK}if app_context.debug:\n    app_context.register_models([])\nreturn True\n`)}`,
    NEW,
    unsafe,
  ),
  shape(
    'under a condition',
    `${HEAD}${initialize(`if app_context.seed:\n${indented(WORK)}app_context.register_models([])\nreturn True\n`)}`,
    NEW,
  ),
  shape(
    'into the registered function',
    `${HEAD}${initialize(`${HOOK}\n${WORK}return True\n`)}\n\nasync def setup_module(app_context):\n    """Phase 2."""\n    app_context.logger.info("ready")\n`,
    INTO,
  ),
  shape(
    'into the registered function, before its return',
    `${HEAD}${initialize(`${HOOK}\n\n${WORK}\nreturn True\n`)}\n\nasync def setup_module(app_context):\n    app_context.logger.info("ready")\n    # done\n    return True\n`,
    INTO,
  ),
  shape(
    'into a function that is empty',
    `${HEAD}async def setup_module(app_context):\n    pass\n\n\n${initialize(`${HOOK}\n${WORK}`)}`,
    INTO,
  ),
  shape(
    'into a function with another parameter',
    `${HEAD}async def prepare(ctx):\n    ctx.logger.info("ready")\n\n\n${initialize(`${HOOK.replace('=setup_module', '=prepare')}\nwith app_context.db_sync_session() as session:\n    session.execute(text(f"select {app_context.name}"), [app_context for _ in range(2)])\nreturn True\n`)}`,
    /^Move the database work into `prepare`$/,
  ),
  shape(
    'into a function that nobody registers',
    `${HEAD}${initialize(`${WORK}return True\n`)}\n\nasync def setup_module(app_context):\n    app_context.logger.info("ready")\n`,
    /^Move the database work into `setup_module` and register it$/,
  ),
  shape(
    'into a function that may return early',
    `${HEAD}${initialize(`${HOOK}\n${WORK}return True\n`)}\n\nasync def setup_module(app_context):\n    if app_context.off:\n        return\n    app_context.logger.info("ready")\n`,
    INTO,
  ),
  shape(
    'into a function that asks for the database first',
    `${HEAD}${initialize(`${HOOK}\nseed(app_context, 3)\nreturn True\n`)}\n\ndef seed(app_context, rows):\n${indented(WORK)}\n\nasync def setup_module(app_context):\n    '''Phase 2.'''\n    database = app_context.get_service("core.database.service")\n    if database is None or not database.initialized:\n        app_context.logger.warning("no database")\n        return False\n    rows = await database.read("rows")\n    return bool(rows)\n`,
    INTO,
  ),
  shape(
    'registered, and called as well',
    `${HEAD}${initialize(`${HOOK}\nawait setup_module(app_context)\nreturn True\n`, 'async def initialize(app_context):')}\n\n${SETUP}`,
    DROP,
  ),
  shape(
    'registered, and called under a condition and in a loop of its own',
    `import asyncio\n\n${HEAD}${initialize(`${HOOK}\nif app_context.eager:\n    asyncio.run(setup_module(app_context))\nreturn True\n`)}\n\n${SETUP}`,
    DROP,
  ),
  shape(
    'a decorated method that calls the one for Phase 2',
    `from core.decorators import initialization_sequence, phase2_operations, register_service\n${HEAD}@register_service("shop")\n@initialization_sequence("prepare")\n@phase2_operations("finish")\nclass Shop:\n    MODULE_ID = "standard.shop"\n\n    def prepare(self):\n        self.finish()\n\n    def finish(self):\n${indented(WORK.replace('app_context', 'self.app_context'), '        ')}`,
    DROP,
  ),
  shape(
    'from a decorated method into the one for Phase 2',
    `from core.decorators import initialization_sequence, phase2_operations, register_service\n${HEAD}@register_service("shop")\n@initialization_sequence("prepare", phase="phase1")\n@phase2_operations("finish")\nclass Shop:\n    MODULE_ID = "standard.shop"\n\n    def __init__(self):\n        self.app_context = None\n\n    def prepare(self):\n${indented(WORK.replace('app_context', 'self.app_context'), '        ')}\n    async def finish(self):\n        self.ready = True\n`,
    /^Move the database work into `finish`, which runs in Phase 2$/,
  ),
]

const LOADED = 'self.names = self.load()'
const service = (body: string, rest = ''): string =>
  `${HEAD}class ItemService:\n    def __init__(self, app_context):\n        self.app_context = app_context\n${indented(body, '        ')}\n    def load(self, words="x"):\n        with self.app_context.db_sync_session() as session:\n            return session.execute(text(words)).all()\n${rest}\n\n${initialize('app_context.register_service("shop.items", ItemService(app_context))\n')}`

const CONSTRUCTORS: readonly Shape[] = [
  shape('a constructor that reads', service(`${LOADED}\n`), FIRST_USE, unsafe),
  shape('a constructor that reads, and then some', service(`${LOADED}  # once\nself.more = 1\n`), FIRST_USE, unsafe),
  shape(
    'a constructor that only reads',
    `"""Shop."""\n\n\nclass Repo:\n    def __init__(self):\n        """Makes one."""\n        self.rows = read()\n\n\ndef read():\n    import sqlite3\n\n    return sqlite3.connect("x").execute("select 1").fetchall()\n\n\n${initialize('app_context.register_service("repo", Repo())\n')}`,
    FIRST_USE,
    unsafe,
  ),
  shape(
    'a constructor that reads what it keeps',
    `from __future__ import annotations\n\nimport functools\nfrom functools import cached_property\n\n\n@functools.total_ordering\nclass Repo:\n    def __init__(self, context, words):\n        self._context = context\n        self._words = words\n        self.rows = context.db_sync_session().execute(words, [context, "context"]).all()\n\n    def __lt__(self, other):\n        return True\n\n\n${initialize('app_context.register_service("repo", Repo(app_context, "x"))\n')}`,
    FIRST_USE,
    unsafe,
  ),
]

const WEB: readonly Shape[] = [
  shape(
    'FastAPI: tables at import',
    'from fastapi import FastAPI\nfrom sqlalchemy import create_engine\nfrom sqlalchemy.orm import declarative_base\n\nengine = create_engine("sqlite://")\nBase = declarative_base()\n\nBase.metadata.create_all(bind=engine)\n\napp = FastAPI()\n',
    /^Move the database work into the lifespan/,
    { ...imported, ...unsafe, file: 'main.py' },
  ),
  shape(
    'FastAPI: tables behind the application',
    '"""The application."""\nfrom __future__ import annotations\n\nimport fastapi\nfrom sqlalchemy import create_engine\nfrom sqlalchemy.orm import declarative_base\n\nengine = create_engine("sqlite://")\nBase = declarative_base()\napi = fastapi.FastAPI(\n    title="shop",  # shown\n    version="1",\n)\n# the tables\nBase.metadata.create_all(\n    bind=engine,\n)\n\n\n@api.get("/")\ndef index():\n    return {}\n',
    /^Move the database work into the lifespan/,
    { ...imported, ...unsafe, file: 'shop/main.py' },
  ),
  shape(
    'Flask: tables in the factory',
    'from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\ndef create_app():\n    app = Flask(__name__)\n    db.init_app(app)\n    with app.app_context():\n        # once\n        db.create_all()\n    return app\n',
    /^Make it a command/,
    { ...unsafe, file: 'app.py' },
  ),
  shape(
    'Flask: tables at the top',
    'from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask(__name__)\ndb = SQLAlchemy(app)\n\nwith app.app_context():\n    db.create_all()\n\n\n@app.route("/")\ndef index():\n    return ""\n',
    /^Make it a command/,
    { ...imported, ...unsafe, file: 'app.py' },
  ),
  shape(
    'Django: choices of a form',
    'from django import forms\n\nfrom .models import Item\n\n\nclass ItemForm(forms.Form):\n    item = forms.ChoiceField(\n        label="Item",\n        choices=list(Item.objects.values_list("id", "name")),\n    )\n',
    /^Give the field a callable/,
    {
      ...imported,
      ...unsafe,
      file: 'shop/forms.py',
      others: {
        'manage.py': 'print(1)\n',
        'shop/__init__.py': '',
        'shop/apps.py':
          'from django.apps import AppConfig\n\nfrom . import forms\n\n\nclass ShopConfig(AppConfig):\n    name = "shop"\n',
        'shop/models.py':
          'from django.db import models\n\n\nclass Item(models.Model):\n    name = models.CharField(max_length=9)\n',
      },
    },
  ),
  shape(
    'Django: rows in ready()',
    'from django.apps import AppConfig\n\n\nclass ShopConfig(AppConfig):\n    name = "shop"\n\n    def ready(self):\n        from .models import Item\n\n        Item.objects.get_or_create(name="first")\n',
    /^Move it into a receiver of `post_migrate`/,
    {
      ...unsafe,
      file: 'shop/apps.py',
      others: {
        'manage.py': 'print(1)\n',
        'shop/__init__.py': '',
        'shop/models.py':
          'from django.db import models\n\n\nclass Item(models.Model):\n    name = models.CharField(max_length=9)\n',
      },
    },
  ),
]

export const SHAPES: readonly Shape[] = [...HOOKS, ...REGISTRATIONS, ...MOVES, ...CONSTRUCTORS, ...WEB]

export interface Style {
  readonly name: string
  readonly write: (source: string, file: string) => string
}

const tabs = (source: string): string => source.replaceAll(/^(?: {4})+/gm, (blanks) => '\t'.repeat(blanks.length / 4))
const narrow = (source: string): string => source.replaceAll(/^(?: {4})+/gm, (blanks) => '  '.repeat(blanks.length / 4))
const crlf = (source: string): string => source.replaceAll('\n', '\r\n')
const renamed = (source: string): string =>
  source
    .replaceAll(/\b(?<!\.)app_context\b(?=[.,):=]|$)(?!: )/gm, 'context')
    .replaceAll('for _ in', 'for _ in')
    .replaceAll('[app_context', '[context')
    .replaceAll('{app_context', '{context')
    .replaceAll('= app_context', '= context')
    .replaceAll('app_context is', 'context is')
    .replaceAll(/(?<=\(|\s)app_context\n/g, 'context\n')
const FUTURE = 'from __future__ import annotations\n'
const annotated = (source: string): string => {
  if (!source.includes('def initialize(app_context):')) return source
  const typed = source.replace('def initialize(app_context):', 'def initialize(app_context: AppContext) -> bool:')
  const first = typed.startsWith(FUTURE) ? FUTURE : ''
  return `${first}from core.app_context import AppContext\n${typed.slice(first.length)}`
}
const unended = (source: string): string => source.replace(/\n$/, '')
const commented = (source: string): string =>
  `# -*- coding: utf-8 -*-\n# Grüße 😀\n${source.replaceAll(/^(?=[a-z@].*[^,({"]$)/gm, '# ß\n').replaceAll(/^( +)return True$/gm, '$1# the end\n$1return True')}`
const nextToOthers = (source: string): string =>
  `${source}\n\nclass Other:\n    """Not part of it."""\n\n    def initialize(self, app_context):\n        return "db_session"\n`

export const STYLES: readonly Style[] = [
  { name: 'four blanks', write: (s) => s },
  { name: 'tabs', write: tabs },
  { name: 'two blanks', write: narrow },
  { name: 'CRLF', write: crlf },
  { name: 'CRLF and tabs', write: (s) => crlf(tabs(s)) },
  { name: 'another name of the context', write: renamed },
  { name: 'annotated', write: annotated },
  { name: 'no newline at the end', write: unended },
  { name: 'CRLF, no newline at the end', write: (s) => unended(crlf(s)).replace(/\r$/, '') },
  { name: 'comments and letters beyond ASCII', write: commented },
  { name: 'other code around', write: nextToOthers },
]
