// What reading public projects taught: each test is the rule behind one finding that was missed or wrong there, in a tree of our own.
// The projects, with commits and lines, are in docs/real-code.md.
import { describe, expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

const application = (body: string): Record<string, string> => ({
  'shop/app.py': `from flask import Flask\nfrom shop.parts import *\ndef create_app():\n    app = Flask(__name__)\n${body.replace(/^/gm, '    ')}\n    return app\n`,
  'shop/__init__.py': '',
  'shop/parts.py':
    'from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy import inspect\nfrom apscheduler.schedulers.background import BackgroundScheduler\nfrom apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore\nfrom apscheduler.jobstores.memory import MemoryJobStore\ndb = SQLAlchemy()\ndef look(subject):\n    return inspect(subject)\ndef look_at(engine):\n    return inspect(engine)\n',
})
const open = async (body: string): Promise<string[]> => {
  const result = await reviewed(application(body))
  return [...told(result), ...result.notFollowed.map((n) => `not followed ${n.text}`)]
}

describe('a call that is work for some arguments only', () => {
  test('inspect() of something unknown is inspection of a model, unless its name says otherwise', async () => {
    expect(await open('import vendor\nlook(vendor.find())')).toEqual([])
    expect(await open('import vendor\nlook_at(vendor.find())')).toEqual([
      'database-in-phase-1 error medium shop/parts.py:10',
    ])
    expect(await open('look(db.engine)')).toEqual(['database-in-phase-1 error high shop/parts.py:8'])
  })

  test.each([
    ['BackgroundScheduler()', 'pass'],
    ["BackgroundScheduler(jobstores={'default': MemoryJobStore()})", 'pass'],
    ['BackgroundScheduler(timezone="UTC")', "scheduler.add_jobstore('memory')"],
  ])('a scheduler with its jobs in memory: %s, %s', async (make, then) => {
    expect(await open(`scheduler = ${make}\n${then}\nscheduler.start()`)).toEqual([])
  })

  test.each([
    ["BackgroundScheduler(jobstores={'default': SQLAlchemyJobStore(url='sqlite://')})", 'pass'],
    ['BackgroundScheduler()', "scheduler.add_jobstore(SQLAlchemyJobStore(url='sqlite://'), 'default')"],
    ['BackgroundScheduler()', "scheduler.add_jobstore('sqlalchemy', url='sqlite://')"],
    ['BackgroundScheduler()', "scheduler.configure(jobstores={'default': SQLAlchemyJobStore(url='sqlite://')})"],
  ])('a scheduler with its jobs in a table: %s, %s', async (make, then) => {
    expect(await open(`scheduler = ${make}\n${then}\nscheduler.start()`)).toEqual([
      'database-in-phase-1 error medium shop/app.py:7',
    ])
  })
})

describe('a scheduler that Flask-APScheduler configures', () => {
  const made = 'from flask_apscheduler import APScheduler\nscheduler = APScheduler()\n'
  const then = '\nscheduler.init_app(app)\nscheduler.start()'

  test.each(['pass', 'app.config["SCHEDULER_JOBSTORES"] = {"default": MemoryJobStore()}'])(
    'has its jobs in memory: %s',
    async (set) => {
      expect(await open(made + set + then)).toEqual([])
    },
  )

  test.each([
    'app.config["SCHEDULER_JOBSTORES"] = {"default": SQLAlchemyJobStore(url="sqlite://")}',
    'class Config:\n    SCHEDULER_JOBSTORES = {"default": SQLAlchemyJobStore(url="sqlite://")}',
    'class Config:\n    SCHEDULER_JOBSTORES = {"default": {"type": "sqlalchemy", "url": "sqlite://"}}',
  ])('has its jobs in a table: %s', async (set) => {
    const line = 8 + set.split('\n').length
    expect(await open(made + set + then)).toEqual([`database-in-phase-1 error medium shop/app.py:${line}`])
  })
})

const linesOfDefault = async (imports: string, field: string, build: string): Promise<number[]> => {
  const text = `${imports}\ndef first():\n    return U.lookup()\nclass U(Model):\n    n = ${field}\n    @classmethod\n    def lookup(cls):\n        import sqlite3\n        return sqlite3.connect("u")\nasync def initialize(app):\n    ${build}\n`
  const result = await reviewed({ 'modules/standard/u/api.py': text })
  return [...new Set(result.findings.flatMap((f) => f.operations.map((o) => o.line)))]
}

describe('defaults of fields that are functions of the tree', () => {
  test.each([
    ['from peewee import IntegerField, Model', 'IntegerField(default=first)', [9], [9]],
    ['from tortoise import fields; from tortoise.models import Model', 'fields.IntField(default=first)', [9], []],
    ['from mongoengine import Document as Model, IntField', 'IntField(default=first)', [9], []],
    [
      'from piccolo.table import Table as Model; from piccolo.columns import Integer',
      'Integer(default=first)',
      [9],
      [],
    ],
  ])('%s: run when an instance is built', async (imports, field, without, given) => {
    expect(await linesOfDefault(imports, field, 'U()')).toEqual(without)
    expect(await linesOfDefault(imports, field, 'U(n=1)')).toEqual(given)
  })
})

describe('a session whose transaction is a block', () => {
  const head =
    'from sqlalchemy import Column, Integer, create_engine\nfrom sqlalchemy.orm import declarative_base, sessionmaker\nBase = declarative_base()\nclass U(Base):\n    __tablename__ = "u"\n    id = Column(Integer, primary_key=True)\n    name = Column(Integer)\nS = sessionmaker(create_engine("sqlite://"))\n'
  const lines = async (body: string): Promise<number[]> => {
    const result = await reviewed({ 'modules/standard/u/api.py': `${head}async def initialize(app):\n${body}` })
    return [...new Set(result.findings.flatMap((f) => f.operations.map((o) => o.line)))]
  }

  test('what it held is read again when the block has ended', async () => {
    const body = '    s = S()\n    with s.begin():\n        u = s.get(U, 1)\n        u.name\n    u.name\n    u.name\n'
    expect(await lines(body)).toEqual([10, 11, 12, 14])
    expect(await lines(body.replace('S()', 'S(expire_on_commit=False)'))).toEqual([10, 11, 12])
  })
})

describe('names that Flask-SQLAlchemy passes on', () => {
  test('are those of SQLAlchemy', async () => {
    expect(await open('db.inspect(db.engine)')).toEqual(['database-in-phase-1 error high shop/app.py:5'])
    expect(await open("db.Table('items', db.metadata, db.Column('id', db.Integer, default=look))")).toEqual([])
  })
})

describe('functions that a library keeps', () => {
  test.each([
    'from wtforms import StringField\nStringField("name", validators=[look], filters=(look,), default=look)',
    'from marshmallow import fields\nfields.String(validate=look)',
    'from flask_login import login_required\nlogin_required(look)',
    'from sqlalchemy.ext.associationproxy import association_proxy\nassociation_proxy("entries", "user", creator=look)',
    'app.jinja_env.globals.update(look=look)',
    'from werkzeug.local import LocalProxy\nLocalProxy(lambda: look(db.engine))',
    'class Item:\n    from sqlalchemy.ext.hybrid import hybrid_property\n    @hybrid_property\n    def end(self): return 1\n    @end.expression\n    def end(cls): return 2\n    @end.setter\n    def end(self, value): pass',
  ])('are not listed: %s', async (body) => {
    expect(await open(body)).toEqual([])
  })

  test('what another package does with them stays open', async () => {
    expect(await open('from vendor import run\nrun(look)')).toEqual(['not followed run(look)'])
  })

  test('a proxy runs its function when a member is read', async () => {
    expect(await open('from werkzeug.local import LocalProxy\nLocalProxy(lambda: look(db.engine)).names')).toEqual([
      'database-in-phase-1 error high shop/parts.py:8',
    ])
  })
})

const djangoTree = (files: Record<string, string>): Record<string, string> => ({
  'manage.py': '',
  'shop/__init__.py': '',
  'shop/models/__init__.py': 'from shop.models.stock.base import Item\n',
  'shop/models/stock/__init__.py': '',
  'shop/models/stock/base.py':
    'from django.db import models\nclass Item(models.Model):\n    name = models.TextField()\n',
  ...files,
})

describe('models by name', () => {
  test.each(["self.get_model('Item')", "apps.get_model('shop', 'Item')", "apps.get_model('other', 'Thing')"])(
    'in a folder below models/, or outside of the tree: %s',
    async (named) => {
      const files = djangoTree({
        'shop/apps.py': `from django.apps import AppConfig, apps\nclass ShopConfig(AppConfig):\n    name = 'shop'\n    def ready(self):\n        for item in ${named}.objects.all():\n            print(item)\n`,
      })
      const certainty = named.includes('other') ? 'medium' : 'high'
      expect(told(await reviewed(files))).toEqual([`database-in-phase-1 error ${certainty} shop/apps.py:5`])
    },
  )
})

test('a class with fields of a model is one, whatever base from elsewhere it has', async () => {
  const files = {
    'manage.py': '',
    'shop/models.py':
      'from django.db import models\nfrom typed import Typed\nclass Item(Typed):\n    name = models.TextField()\n',
    'shop/apps.py':
      'from django.apps import AppConfig\nclass ShopConfig(AppConfig):\n    def ready(self):\n        from shop.models import Item\n        Item.objects.get(name="a")\n',
  }
  expect(told(await reviewed(files))).toEqual(['database-in-phase-1 error medium shop/apps.py:5'])
})

describe('an empty query set', () => {
  test.each([
    ['Item.objects.none()', false],
    ['Item.objects.none().order_by("name")', false],
    ['Item.objects.all()', true],
    ['Item.objects.none().union(Item.objects.all())', true],
  ])('choices=%s', async (choices, works) => {
    const files = djangoTree({
      'shop/urls.py': 'from shop import forms\nurlpatterns = []\n',
      'shop/forms.py': `from django import forms\nfrom shop.models import Item\nclass Search(forms.Form):\n    item = forms.MultipleChoiceField(choices=${choices})\n`,
    })
    expect(told(await reviewed(files))).toEqual(works ? ['database-at-import error high shop/forms.py:4'] : [])
  })
})

const queueTree = (body: string): Record<string, string> => ({
  'shop/queue.py': `import sqlite3\nfrom celery import Celery\nclass Jobs:\n    def stop(self, job):\n        sqlite3.connect('jobs.db').execute('select 1')\n${body.replace(/^/gm, '        ')}\n`,
})

describe('a Celery object in a function', () => {
  test('that only sends messages is no start of an application', async () => {
    expect(told(await reviewed(queueTree('client = Celery()\nclient.send_task("stop", [job])')))).toEqual([])
    expect(told(await reviewed(queueTree('client = Celery()\nreturn Control(app=client).revoke(job)')))).toEqual([])
  })
  test.each([
    'return Celery("shop")',
    'app = Celery("shop")\nif job: return app',
    'self.app = Celery("shop")',
    'Celery("shop").worker_main()',
  ])('that leaves it or starts there is one: %s', async (body) => {
    expect(told(await reviewed(queueTree(body)))).toEqual([
      'database-in-phase-1 error high shop/queue.py:5,shop/queue.py:5',
    ])
  })
})

const serializer = (body: string, made = 'many=True'): Record<string, string> => ({
  'shop/models.py':
    'from django.db import models\nclass Item(models.Model):\n    name = models.CharField(max_length=9)\n',
  'shop/apps.py':
    'from django.apps import AppConfig\nclass ShopConfig(AppConfig):\n    name = "shop"\n    def ready(self):\n        from . import views\n',
  'shop/views.py': `from rest_framework import serializers\nfrom .models import Item\nclass ItemSerializer(serializers.ModelSerializer):\n    def __init__(self, *args, **kwargs):\n        super().__init__(*args, **kwargs)\n        ${body}\nclass BoxSerializer(serializers.Serializer):\n    items = ItemSerializer(${made})\n`,
})

describe('a serializer of Django REST framework in a class body', () => {
  test.each([
    'if self.instance is not None: Item.objects.first()',
    "if getattr(self, 'initial_data', None): Item.objects.first()",
    "if hasattr(self, 'initial_data'): Item.objects.first()",
    "if self.context.get('request'): Item.objects.first()",
  ])('has no instance, no data and no request: %s', async (body) => {
    expect(told(await reviewed(serializer(body)))).toEqual([])
  })

  test.each([
    ['if self.instance is None: Item.objects.first()', 'many=True'],
    ["if not hasattr(self, 'initial_data'): Item.objects.first()", 'many=True'],
    ["if hasattr(self, 'initial_data'): Item.objects.first()", 'data={}'],
    ['if self.instance: Item.objects.first()', 'Item(name="a")'],
    ["if self.context.get('request'): Item.objects.first()", "context={'request': object()}"],
  ])('what it is given counts: %s with %s', async (body, made) => {
    expect(told(await reviewed(serializer(body, made)))).toEqual([
      expect.stringMatching(/^database-in-phase-1 error (high|medium) shop\/views.py:6$/),
    ])
  })
})

const applicationOf = (parameters: string): Record<string, string> => ({
  'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
  'oauth.py': `from peewee import Model\nclass Client(Model): pass\ndef create_application(${parameters}):\n    return Client.create()\n`,
})

test('a function with the name of a factory that needs many arguments makes another kind of application', async () => {
  expect(told(await reviewed(applicationOf('org, name, home, back, **more')))).toEqual([])
  expect(told(await reviewed(applicationOf('config=None, *, name="", home="", back=""')))).toEqual([
    'database-in-phase-1 error high oauth.py:4',
  ])
})
