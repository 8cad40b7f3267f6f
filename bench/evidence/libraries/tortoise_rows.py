# Programs for the rows of Tortoise: two models in a file database that is copied afresh for every run, in one event loop.
# Tortoise connects with its first statement, and a connection is opened again after it was closed.
import asyncio
import itertools
import os
import shutil
import tempfile
import types

import postgres
import tortoise
from tortoise import Tortoise, connections

PACKAGE = "tortoise"
ASYNC = True
LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(LOOP)
FOLDER = tempfile.mkdtemp()
DATABASE = os.path.join(FOLDER, "db.sqlite3")
# the database from which another one is made
os.environ["PGDATABASE"] = "postgres"
_NUMBER = itertools.count()
URL = f"sqlite://{DATABASE}"
SOURCE = """
import tortoise
from tortoise import Tortoise, connections, fields
from tortoise.models import Model
from tortoise.transactions import in_transaction
class Item(Model):
    name = fields.CharField(max_length=9)
    class Meta:
        app = "rows"
class Part(Model):
    item = fields.ForeignKeyField("rows.Item", related_name="parts", null=True)
    class Meta:
        app = "rows"
"""
SCOPE = {"__name__": "rows_models", "__module__": "rows_models", "URL": URL, "run": LOOP.run_until_complete}
exec(SOURCE, SCOPE)


# what Tortoise looks for in a module of models
MODELS = types.ModuleType("rows_models")
MODELS.__models__ = [SCOPE["Item"], SCOPE["Part"]]


async def initialise():
    await Tortoise.init(db_url=URL, modules={"rows": [MODELS]})


async def create():
    await initialise()
    await Tortoise.generate_schemas()
    await SCOPE["Item"].create(name="a")
    await SCOPE["Part"].create(item_id=1)
    await connections.close_all(discard=False)
    shutil.copy(DATABASE, DATABASE + ".fresh")


LOOP.run_until_complete(create())


def prepare():
    shutil.copy(DATABASE + ".fresh", DATABASE)
    LOOP.run_until_complete(initialise())
    namespace = {**SCOPE, "MODELS": MODELS, "FRESH": postgres.dsn().replace("postgresql:", "postgres:") + str(next(_NUMBER))}
    namespace["item"] = LOOP.run_until_complete(SCOPE["Item"].get(id=1))
    namespace["part"] = LOOP.run_until_complete(SCOPE["Part"].get(id=1))
    LOOP.run_until_complete(connections.close_all(discard=False))
    return namespace


def warm(namespace):
    LOOP.run_until_complete(SCOPE["Item"].first().values("id"))


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    LOOP.run_until_complete(connections.close_all(discard=False))


def version():
    return f"Tortoise {tortoise.__version__}"


_CLIENT = "tortoise.backends.base.client.BaseDBAsyncClient"
RECEIVERS = {"tortoise.Tortoise": "Tortoise", "tortoise.connections": "connections", _CLIENT: "connections.get('default')", "tortoise.models.Model": "Item", "tortoise.queryset.QuerySet": "Item.all()"}
ARGUMENTS = {
    "tortoise.Tortoise.get_connection": "'default'", "tortoise.Tortoise.init": "db_url=URL, modules={'rows': [MODELS]}", "tortoise.connections.get": "'default'",
    "execute_insert": "'insert into item (name) values (?)', ['b']", "execute_many": "'insert into item (name) values (?)', [['b']]", "execute_query": "'select 1'", "execute_query_dict": "'select 1'",
    "execute_script": "'select 1;'", "annotate": "n=tortoise.functions.Count('id')", "bulk_create": "[Item(name='b')]", "bulk_update": "[item], ['name']", "tortoise.models.Model.create": "name='b'",
    "exclude": "name='b'", "filter": "name='a'", "get_or_create": "name='a'", "update_or_create": "name='a'", "in_bulk": "[1], 'id'", "tortoise.models.Model.get": "id=1", "tortoise.models.Model.get_or_none": "id=1",
    "tortoise.models.Model.latest": "'id'", "tortoise.models.Model.earliest": "'id'", "latest": "'id'", "earliest": "'id'", "raw": "'select * from item'", "tortoise.queryset.QuerySet.get": "id=1",
    "tortoise.queryset.QuerySet.get_or_none": "id=1", "force_index": "'i'", "use_index": "'i'", "group_by": "'name'", "limit": "1", "offset": "1", "only": "'id'", "order_by": "'id'", "values": "'id'", "values_list": "'id'",
    "prefetch_related": "'parts'", "using_db": "None", "tortoise.queryset.QuerySet.update": "name='c'", "tortoise.models.Model.exists": "name='a'", "select_related": "'parts'",
}
for _name in "generate_schemas _drop_databases all count delete distinct exists explain first last select_for_update".split():
    ARGUMENTS.setdefault(_name, "")
PROGRAMS = {
    "tortoise.Tortoise.init|awaited|operation": "Tortoise.init(db_url=FRESH, modules={'rows': [MODELS]}, _create_db=True)",
    "tortoise.models.Model.delete": "item.delete()", "tortoise.models.Model.save": "item.save()", "tortoise.models.Model.refresh_from_db": "item.refresh_from_db()",
    "tortoise.models.Model.fetch_related": "part.fetch_related('item')", "tortoise.queryset.QuerySet|awaited": "Item.all()", "tortoise.queryset.QuerySet|iterated": "Item.all()",
    "tortoise.queryset.QuerySet.select_related": "Part.all().select_related('item')", "tortoise.transactions.in_transaction": "in_transaction()",
    "tortoise.contrib.fastapi.register_tortoise": "register(FastAPI(), db_url=URL, modules={'rows': [MODELS]}, generate_schemas=True)",
}
BEFORE = {
    "tortoise.contrib.fastapi.register_tortoise": "from fastapi import FastAPI; from tortoise.contrib.fastapi import register_tortoise as register",
    **{f"tortoise.{owner}.annotate": "import tortoise.functions" for owner in ("models.Model", "queryset.QuerySet")},
}
NOT_SEEN = {
    "tortoise.queryset.QuerySet.explain": "SQLite shows no EXPLAIN to the spy", "tortoise.Tortoise._drop_databases": "removes the file of SQLite without a statement",
}
