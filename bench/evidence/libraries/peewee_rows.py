# Programs for the rows of peewee: one model in a file database that is copied afresh for every run.
# peewee opens its connection with the first statement unless `connect()` did.
import os
import shutil
import tempfile

import peewee

PACKAGE = "peewee"
FOLDER = tempfile.mkdtemp()
DATABASE = os.path.join(FOLDER, "db.sqlite3")

SOURCE = """
from peewee import *
database = SqliteDatabase(DATABASE)
class Item(Model):
    name = CharField(null=True)
    class Meta:
        database = database
class Part(Model):
    item = ForeignKeyField(Item, backref="parts", null=True)
    class Meta:
        database = database
"""


def create():
    namespace = {"DATABASE": DATABASE}
    exec(SOURCE, namespace)
    namespace["database"].create_tables([namespace["Item"], namespace["Part"]])
    namespace["Item"].create(name="a")
    namespace["database"].close()
    shutil.copy(DATABASE, DATABASE + ".fresh")


create()


def prepare():
    shutil.copy(DATABASE + ".fresh", DATABASE)
    namespace = {"DATABASE": DATABASE, "peewee": peewee}
    exec(SOURCE, namespace)
    namespace["item"] = namespace["Item"].get()
    return namespace


def finish(namespace):
    if not namespace["database"].is_closed():
        namespace["database"].close()


def cold(namespace):
    if namespace["database"].transaction_depth() == 0:
        finish(namespace)


def warm(namespace):
    namespace["database"].connect(reuse_if_open=True)


def version():
    return f"peewee {peewee.__version__}"


RECEIVERS = {"peewee": "peewee", "peewee.Database": "database", "peewee.Model": "Item", "peewee.Query": "Item.select()"}
PROGRAMS = {
    "peewee.prefetch": "prefetch(Item.select(), Part.select())",
    "peewee.Database|entered": "database",
    "peewee.Database": "Database(None)", "peewee.SqliteDatabase": "SqliteDatabase(DATABASE)",
    "peewee.PostgresqlDatabase": "PostgresqlDatabase('x')", "peewee.MySQLDatabase": "MySQLDatabase('x')",
    "peewee.Model.save": "item.save()", "peewee.Model.delete_instance": "item.delete_instance()",
    "peewee.Model.__class_getitem__": "Item[1]",
    "peewee.Model.bulk_update": "Item.bulk_update([item], [Item.name])",
    "peewee.Query.returning": "Item.insert(name='r').returning(Item)",
    "peewee.Query.on_conflict": "Item.insert(name='r').on_conflict('replace')",
    "peewee.Query.on_conflict_ignore": "Item.insert(name='r').on_conflict_ignore()",
    "peewee.Query.on_conflict_replace": "Item.insert(name='r').on_conflict_replace()",
    "peewee.Query.execute": "Item.select().execute()",
}
DIRECT = {"peewee.Model.__class_getitem__"}
ARGUMENTS = {
    "bind": "[Item]", "create_tables": "[Item]", "drop_tables": "[Part]", "execute_sql": "'select 1'", "get_columns": "'item'", "get_indexes": "'item'",
    "table_exists": "'item'", "peewee.Model.table_exists": "", "init": "DATABASE", "bulk_create": "[Item(name='b')]", "create": "name='c'",
    "delete_by_id": "1", "get_by_id": "1", "get_or_create": "name='a'", "get_or_none": "Item.name == 'a'", "peewee.Model.get": "", "peewee.Query.get": "",
    "peewee.Query.get_or_none": "", "insert": "name='i'", "insert_from": "Item.select(Item.name), [Item.name]", "insert_many": "[{'name': 'm'}]", "raw": "'select 1'",
    "replace": "name='r'", "replace_many": "[{'name': 'r'}]", "set_by_id": "1, {'name': 's'}", "update": "name='u'", "filter": "Item.name == 'a'", "where": "Item.name == 'a'",
    "alias": "'x'", "columns": "Item.name", "group_by": "Item.name", "having": "Item.name == 'a'", "join": "Part",
    "join_from": "Item, Part", "limit": "1", "offset": "1", "order_by": "Item.name", "paginate": "1", "switch": "Item", "with_cte": "", "from_": "Item",
}
for _name in """connect connection atomic begin commit rollback connection_context get_tables savepoint transaction create_table delete drop_table select truncate_table count dicts
distinct exists first for_update iterator namedtuples objects peek scalar tuples""".split():
    ARGUMENTS.setdefault(_name, "")
_OPEN = "database.connect(reuse_if_open=True)"
BEFORE = {"peewee.Database.savepoint": f"{_OPEN}; database.begin()"}
PENDING = {"peewee.Database.commit": "database.begin()"}
