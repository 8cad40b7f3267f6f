// Libraries for databases as people use them: each line runs alone in Phase 1 and is an operation, or costs nothing.
// The heads are shared, so that what a line means depends on the library's rules and not on the line.
import { describe, expect, test } from '@jest/globals'
import { reviewed } from '../support/analysed.ts'

interface Library {
  readonly head: string
  readonly operations: readonly string[]
  readonly free: readonly string[]
}

const LIBRARIES: Readonly<Record<string, Library>> = {
  peewee: {
    head: "from peewee import *\ndb = SqliteDatabase('x.db')\nclass U(Model):\n    name = CharField()\n    class Meta:\n        database = db\n",
    operations: [
      'db.connect()',
      'db.create_tables([U])',
      "U.create(name='x')",
      "U.get(U.name == 'x')",
      'list(U.select())',
      "U.insert(name='x').execute()",
      "U(name='x').save()",
      'U.create_table()',
      "db.execute_sql('select 1')",
      'for u in U.select(): pass',
      "U.select().where(U.name == 'x').count()",
      'with db.atomic(): pass',
      'with db.connection_context(): pass',
      "U.update(name='y').where(U.id == 1).execute()",
      "U.get_or_create(name='x')",
      'U.select().order_by(U.name).first()',
      'U[1]',
    ],
    free: ["U.select().where(U.name == 'x')", "db.init('y.db')", 'db.atomic()', "U.update(name='y').where(U.id == 1)"],
  },
  'models that are not in the tree': {
    head: 'from shop.models import Item\nfrom shop.schemas import Shape\n',
    operations: [
      'Item.query.all()',
      "Item.query.filter_by(name='x').first()",
      'Item.query.get_or_404(1)',
      'for item in Item.query.order_by(Item.name): pass',
      'Item.objects.get(id=1)',
    ],
    free: [
      'Item.query',
      "Item.query.filter_by(name='x')",
      'Shape.query.all()',
      'Item.all()',
      'Item.get(1)',
      'Item.filter(1)',
    ],
  },
  tortoise: {
    head: 'from tortoise import Tortoise, fields\nfrom tortoise.models import Model\nclass U(Model):\n    name = fields.CharField(max_length=3)\n',
    operations: [
      'await Tortoise.generate_schemas()',
      "await Tortoise.init(db_url='sqlite://x', modules={'m': ['m']}, _create_db=True)",
      'await U.all()',
      "await U.filter(name='x').first()",
      "await U.create(name='x')",
      "await U(name='x').save()",
      'async for u in U.all(): pass',
    ],
    free: [
      "U.filter(name='x')",
      "U(name='x')",
      "U.all().order_by('name')",
      "await Tortoise.init(db_url='sqlite://x', modules={'m': ['m']})",
    ],
  },
  pony: {
    head: "from pony.orm import *\ndb = Database()\nclass U(db.Entity):\n    name = Required(str)\n@db_session\ndef add():\n    U(name='x')\n",
    operations: [
      "db.bind(provider='sqlite', filename='x')",
      'db.generate_mapping(create_tables=True)',
      'select(u for u in U)[:]',
      "U.get(name='x')",
      'U[1]',
      'commit()',
      "db.execute('select 1')",
      'with db_session: pass',
    ],
    free: ['select(u for u in U)', 'app_context.add = add'],
  },
  piccolo: {
    head: 'from piccolo.table import Table\nfrom piccolo.columns import Varchar\nfrom piccolo.engine.postgres import PostgresEngine\nfrom piccolo.engine.sqlite import SQLiteEngine\nclass U(Table):\n    name = Varchar()\n',
    operations: [
      'await U.select()',
      'U.select().run_sync()',
      'U.create_table(if_not_exists=True).run_sync()',
      'await U.objects().first()',
      "await U(name='x').save()",
      "PostgresEngine(config={'database': 'x'})",
      'SQLiteEngine().atomic().run_sync()',
      'await SQLiteEngine().atomic().run()',
    ],
    free: [
      "U.select().where(U.name == 'x')",
      'U.create_table(if_not_exists=True)',
      'U.table_exists()',
      'SQLiteEngine()',
      'await SQLiteEngine().start_connection_pool()',
      'SQLiteEngine().atomic().add(U.select())',
    ],
  },
  mongoengine: {
    head: 'from mongoengine import *\nclass U(Document):\n    name = StringField()\n',
    operations: ["connect('db')", "U.objects(name='x').first()", "U(name='x').save()", 'U.drop_collection()'],
    free: ["U(name='x')"],
  },
  sqlmodel: {
    head: "from sqlmodel import SQLModel, Field, Session, create_engine, select\nclass U(SQLModel, table=True):\n    id: int = Field(primary_key=True)\nengine = create_engine('sqlite://')\n",
    operations: [
      'SQLModel.metadata.create_all(engine)',
      'Session(engine).exec(select(U)).all()',
      'Session(engine).get(U, 1)',
    ],
    free: ['select(U)'],
  },
  'sqlalchemy by star': {
    head: "from sqlalchemy import *\nfrom sqlalchemy.orm import *\nBase = declarative_base()\nclass U(Base):\n    __tablename__ = 'u'\n    id = Column(Integer, primary_key=True)\nengine = create_engine('sqlite://')\nS = sessionmaker(engine)\nSS = scoped_session(S)\n",
    operations: [
      'Base.metadata.create_all(engine)',
      'engine.connect()',
      'SS.query(U).all()',
      'inspect(engine).get_table_names()',
      "Table('u', MetaData(), autoload_with=engine)",
      'MetaData().reflect(bind=engine)',
      "engine.has_table('u')",
      'with S.begin() as s: s.add(U())',
    ],
    free: [
      'select(U)',
      "Table('v', MetaData(), *unknown())",
      'inspect(U)',
      'configure_mappers()',
      "event.listen(engine, 'connect', lambda *a: None)",
      'S.configure(bind=engine)',
      'engine.dispose()',
    ],
  },
  'flask_sqlalchemy with a mixin in front': {
    head: 'from flask_sqlalchemy import SQLAlchemy\nfrom flask_login import UserMixin\ndb = SQLAlchemy()\nclass U(UserMixin, db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n',
    operations: ['U.query.all()', 'U.query.filter_by(id=1).first()', 'db.create_all()', 'db.session.commit()'],
    free: ['U()', 'U.query.filter_by(id=1)'],
  },
  'django with a mixin in front': {
    head: 'from django.db import models\nfrom ext import Mixin\nclass U(Mixin, models.Model):\n    def keep(self):\n        super().save()\n',
    operations: ['U().save()', 'U.objects.create()'],
    free: ['U()', 'U.objects.filter(id=1)'],
  },
  'django forms and validation': {
    head: 'from django import forms\nfrom django.db import models\nclass Shop(models.Model):\n    name = models.CharField(max_length=9, unique=True)\nclass Item(models.Model):\n    name = models.CharField(max_length=9)\n    shop = models.ForeignKey(Shop, on_delete=models.CASCADE)\nclass Plain(models.Model):\n    name = models.CharField(max_length=9)\nclass Once(Plain):\n    class Meta:\n        abstract = True\n        constraints = [models.UniqueConstraint(fields=["name"], name="once")]\nclass ItemForm(forms.ModelForm):\n    class Meta:\n        model = Item\n        fields = ["name", "shop"]\nclass NameForm(forms.ModelForm):\n    class Meta:\n        model = Item\n        fields = ["name"]\nclass ShopForm(forms.ModelForm):\n    class Meta:\n        model = Shop\n        fields = ["name"]\nItems = forms.modelformset_factory(Item, fields=["name"])\n',
    operations: [
      'str(ItemForm())',
      'f"{ItemForm()}"',
      'ItemForm({"name": "a"}).errors',
      'ShopForm({"name": "a"}).is_valid()',
      'list(Items())',
      'len(Items())',
      'str(Items())',
      'Items().forms',
      'Items(data).is_valid()',
      'Items(data).save()',
      'forms.inlineformset_factory(Shop, Item)(instance=shop).forms',
      'Shop(name="a").full_clean()',
      'Shop(name="a").validate_unique()',
      'Item(name="a").clean_fields()',
      'Once(name="a").full_clean()',
      'Once(name="a").validate_constraints()',
      'Plain(id=1, name="a").validate_unique()',
    ],
    free: [
      'str(NameForm())',
      'ItemForm().errors',
      'NameForm({"name": "a"}).is_valid()',
      'NameForm({"name": "a"}).errors',
      'Items()',
      'Plain(name="a").full_clean()',
      'Plain(name="a").validate_unique()',
      'Shop(name="a").clean_fields()',
      'Shop(name="a").validate_constraints()',
    ],
  },
  'an engine that does not resolve': {
    head: 'from core.database import engine\n',
    operations: ['engine.table_names()', "engine.has_table('x')", 'engine.connect()'],
    free: ['engine.dialect'],
  },
  dataset: {
    head: "import dataset\ndb = dataset.connect('sqlite://')\ntable = db['item']\n",
    operations: [
      "db.query('select 1')",
      "table.insert({'a': 1})",
      'table.find_one(a=1)',
      'list(table)',
      'db.tables',
      'with db: pass',
    ],
    free: ["dataset.connect('sqlite://')", "db['item']"],
  },
  SQLObject: {
    head: 'from sqlobject import SQLObject, StringCol\nclass U(SQLObject):\n    name = StringCol()\n',
    operations: [
      "U(name='x')",
      'U.get(1)',
      'list(U.select())',
      'U.select().count()',
      'U.createTable(ifNotExists=True)',
    ],
    free: ['U.select()', "U.selectBy(name='x')"],
  },
  'records, sqlite-utils, yoyo, cassandra, neo4j': {
    head: "import records, sqlite_utils, yoyo\nfrom cassandra.cluster import Cluster\nfrom neo4j import GraphDatabase\ncluster = Cluster()\ndriver = GraphDatabase.driver('bolt://x')\nrows = records.Database('sqlite://')\n",
    operations: [
      "rows.query('select 1')",
      "sqlite_utils.Database('x.db')",
      "yoyo.get_backend('sqlite:///x')",
      'cluster.connect()',
      'driver.verify_connectivity()',
      "driver.session().run('RETURN 1')",
    ],
    free: ["records.Database('sqlite://')", "yoyo.read_migrations('m')", 'Cluster()', 'driver.session()'],
  },
  beanie: {
    head: 'from beanie import Document, init_beanie\nclass U(Document):\n    name: str\n',
    operations: [
      'await init_beanie(database=None, document_models=[U])',
      "await U.find_one(U.name == 'x')",
      'await U.find().to_list()',
      "await U(name='x').insert()",
      'await U.get(1)',
      'async for u in U.find_all(): pass',
    ],
    free: ['U.find()', 'U.find_all().sort()'],
  },
  'other drivers': {
    head: 'import aiopg, aiomysql, duckdb, clickhouse_driver, psycopg, aiosqlite\n',
    operations: [
      "await aiopg.connect('x')",
      'await aiomysql.create_pool()',
      "duckdb.sql('select 1')",
      "clickhouse_driver.Client('x').execute('s')",
      "psycopg.connect('x')",
      "async with aiosqlite.connect('x') as c: pass",
    ],
    free: ["aiosqlite.connect('x')", "clickhouse_driver.Client('x')", "clickhouse_driver.connect('x')"],
  },
}

async function linesOf(head: string, line: string): Promise<number[]> {
  const text = `${head}async def initialize(app_context):\n    ${line}\n`
  const result = await reviewed({ 'modules/standard/l/api.py': text })
  return [...new Set(result.findings.flatMap((f) => f.operations.map((o) => o.line)))]
}

describe.each(Object.entries(LIBRARIES))('%s', (_, { head, operations, free }) => {
  const at = head.split('\n').length + 1

  test.each(operations)('%s is an operation', async (line) => {
    expect(await linesOf(head, line)).toEqual([at])
  })

  test.each(free)('%s costs nothing', async (line) => {
    expect(await linesOf(head, line)).toEqual([])
  })
})

test('what a model of peewee creates is built, defaults included, and saved', async () => {
  const text = [
    'import sqlite3',
    'from peewee import CharField, Model',
    'def key(): sqlite3.connect("x")',
    'class U(Model):',
    '    name = CharField(default=key)',
    '    def save(self, *args, **kwargs): sqlite3.connect("y")',
    'def initialize(app_context):',
    "    U.create(name='x')",
  ]
  const result = await reviewed({ 'modules/standard/l/api.py': text.join('\n') })
  expect(result.findings.flatMap((f) => f.operations.map((o) => o.line)).toSorted((a, b) => a - b)).toEqual([3, 6, 8])
})
