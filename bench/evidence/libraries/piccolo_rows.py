# Programs for the rows of Piccolo: three tables in a file database that is copied afresh for every run, and one server for its PostgreSQL engine.
# Piccolo opens a connection for every query of SQLite, so that a program which executes anything opens one.
import asyncio
import os
import shutil
import tempfile

import piccolo
import postgres

PACKAGE = "piccolo"
ASYNC = True
LOOP = asyncio.new_event_loop()
FOLDER = tempfile.mkdtemp()
DATABASE = os.path.join(FOLDER, "db.sqlite3")
os.environ["PICCOLO_CONF"] = "rows_without_configuration"
SOURCE = """
import piccolo.table
from piccolo.columns import ForeignKey, LazyTableReference, Varchar
from piccolo.columns.m2m import M2M
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine
from piccolo.query.methods.select import Count
from piccolo.table import Table
engine = SQLiteEngine(path=DATABASE)
class Item(Table, db=engine):
    name = Varchar(unique=True)
    tags = M2M(LazyTableReference("ItemTag", module_path="rows_tables"))
class Tag(Table, db=engine):
    name = Varchar()
class ItemTag(Table, db=engine):
    item = ForeignKey(Item)
    tag = ForeignKey(Tag)
"""


def made():
    import sys
    import types

    module = sys.modules["rows_tables"] = types.ModuleType("rows_tables")
    module.__dict__.update(DATABASE=DATABASE, run=LOOP.run_until_complete)
    exec(SOURCE, module.__dict__)
    return module.__dict__


SCOPE = made()
SCOPE["REMOTE"] = {"dsn": postgres.dsn()}


async def create():
    await SCOPE["piccolo"].table.create_db_tables(SCOPE["Item"], SCOPE["Tag"], SCOPE["ItemTag"])
    await SCOPE["Item"](name="a").save()
    await SCOPE["Tag"](name="t").save()


LOOP.run_until_complete(create())
shutil.copy(DATABASE, DATABASE + ".fresh")


def prepare():
    shutil.copy(DATABASE + ".fresh", DATABASE)
    namespace = dict(SCOPE)
    namespace["item"] = LOOP.run_until_complete(SCOPE["Item"].objects().first())
    namespace["tag"] = LOOP.run_until_complete(SCOPE["Tag"].objects().first())
    namespace["pair"] = SCOPE["ItemTag"](item=1, tag=1)
    return namespace


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    engine = namespace.get("r")
    if getattr(engine, "pool", None) is not None:
        LOOP.run_until_complete(engine.close_connection_pool())


def version():
    return f"Piccolo {piccolo.__VERSION__}"


RECEIVERS = {
    "piccolo.engine.postgres.PostgresEngine": "PostgresEngine(config=REMOTE)", "piccolo.engine.sqlite.SQLiteEngine": "engine", "piccolo.query.Query": "Item.objects()",
    "piccolo.table.Table": "Item", "piccolo.table": "piccolo.table",
}
_S = "Item.select(Item.name)"
ARGUMENTS = {
    "piccolo.query.Query.get": "Item.name == 'a'", "get_or_create": "Item.name == 'a'", "limit": "1", "offset": "1", "order_by": "Item.name", "prefetch": "ItemTag.item", "where": "Item.name == 'a'",
    "callback": "print", "add": "Tag.create_table()", "add_m2m": "tag, m2m=Item.tags", "get_m2m": "Item.tags", "remove_m2m": "tag, m2m=Item.tags", "create_index": "[Item.name]", "drop_index": "[Item.name]", "insert": "Item(name='b')",
    "raw": "'select 1'", "piccolo.table.Table.update": "{Item.name: 'c'}, force=True", "piccolo.table.Table.delete": "force=True", "update_self": "{Item.name: 'd'}",
    **{f"piccolo.table.{name}": "Tag" for name in "create_db_tables create_db_tables_sync create_tables drop_db_tables drop_db_tables_sync drop_tables".split()},
}
for _kind, _receiver in (("postgres.", "PostgresEngine(config=REMOTE)"), ("sqlite.", "engine")):
    RECEIVERS[f"piccolo.engine.{_kind}Atomic"] = f"{_receiver}.atomic()"
for _name in """check_version start_connection_pool transaction atomic first freeze run run_sync lock_rows alter count create_table exists objects select table_exists indexes
""".split():
    ARGUMENTS.setdefault(_name, "")
PROGRAMS = {
    "piccolo.engine.postgres.Atomic|awaited": "remote_atomic", "piccolo.engine.sqlite.Atomic|awaited": "local_atomic",
    "piccolo.engine.postgres.PostgresEngine": "PostgresEngine(config=REMOTE)", "piccolo.engine.sqlite.SQLiteEngine": "SQLiteEngine(path=DATABASE)", "piccolo.query.Query|awaited": "Item.objects()", "piccolo.query.Query.add": "Item.insert().add(Item(name='b'))", "piccolo.query.Query.columns": f"{_S}.columns(Item.id)",
    "piccolo.query.Query.distinct": f"{_S}.distinct()", "piccolo.query.Query.group_by": f"{_S}.group_by(Item.name)", "piccolo.query.Query.output": f"{_S}.output(as_list=True)",
    "piccolo.query.Query.on_conflict": "Item.insert(Item(name='b')).on_conflict(action='DO NOTHING')", "piccolo.query.Query.returning": "Item.insert(Item(name='b')).returning(Item.id)",
    "piccolo.query.Query.values": "Item.update(force=True).values({Item.name: 'e'})", "piccolo.table.Table.all_related": "ItemTag.all_related()", "piccolo.table.Table.get_related": "pair.get_related(ItemTag.item)",
    **{f"piccolo.table.Table.{name}": f"item.{name}({ARGUMENTS.get(name, '')})" for name in "save remove refresh add_m2m get_m2m remove_m2m update_self".split()},
}
_ADD = "{} = {}.atomic(); {}.add(Tag.raw('select 1'))"
BEFORE = {"piccolo.engine.postgres.Atomic": _ADD.format("remote_atomic", "PostgresEngine(config=REMOTE)", "remote_atomic"), "piccolo.engine.sqlite.Atomic": _ADD.format("local_atomic", "engine", "local_atomic")}
BEFORE.update({f"piccolo.engine.{kind}.Atomic.{name}": "r.add(Tag.raw('select 1'))" for kind in ("postgres", "sqlite") for name in ("run", "run_sync")})
