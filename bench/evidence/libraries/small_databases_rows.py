# Programs for the rows of small libraries over SQLite: dataset, records, SQLObject, sqlite-utils and yoyo, each measured where it can be imported.
# All use one file database with a table `item`; a library that is not there has no version and no program.
import os
import shutil
import sqlite3
import tempfile

import installed

_NAMES = {"dataset": "dataset", "records": "records", "sqlobject": "sqlobject", "sqlite-utils": "sqlite_utils", "yoyo": "yoyo"}
_DISTRIBUTIONS = {"sqlobject": "SQLObject", "yoyo": "yoyo-migrations"}
_THERE = installed.modules_of(_NAMES)
PACKAGE = tuple(_THERE)
FOLDER = tempfile.mkdtemp()
DATABASE = os.path.join(FOLDER, "db.sqlite3")
_FIRST = sqlite3.connect(DATABASE)
_FIRST.executescript("create table item (id integer primary key, name text); insert into item (name) values ('a'); create table gone (id integer primary key);")
_FIRST.close()
shutil.copy(DATABASE, DATABASE + ".fresh")
os.mkdir(os.path.join(FOLDER, "migrations"))
open(os.path.join(FOLDER, "migrations", "0001.py"), "w").write("from yoyo import step\nsteps = [step('create table made (id integer)', 'drop table made')]\n")
_SOURCES = {
    "dataset": "import dataset\ndset = dataset.connect(URL)\n",
    "records": "import records\nrec = records.Database(URL)\n",
    "sqlobject": """
import sqlobject
sqlobject.sqlhub.processConnection = sqlobject.connectionForURI(URI)
Item = type("Item", (sqlobject.SQLObject,), {"name": sqlobject.StringCol(), "sqlmeta": type("sqlmeta", (), {"registry": str(next(NUMBERS))})})
""",
    "sqlite-utils": "import sqlite_utils\nutils = sqlite_utils.Database(DATABASE)\n",
    "yoyo": "import yoyo\nbackend = yoyo.get_backend(URL)\nmigrations = yoyo.read_migrations(FOLDER + '/migrations')\n",
}
NUMBERS = iter(range(10**6))


def prepare():
    # a file of its own for every run: these libraries keep connections, and one of them changes the journal of the file
    database = f"{DATABASE}{next(NUMBERS)}"
    shutil.copy(DATABASE + ".fresh", database)
    namespace = {"DATABASE": database, "URL": f"sqlite:///{database}", "URI": f"sqlite:{database}", "FOLDER": FOLDER, "NUMBERS": NUMBERS}
    for name in _THERE:
        exec(_SOURCES[name], namespace)
    return namespace


def warm(namespace):
    if "dset" in namespace:
        list(namespace["dset"].query("select 1"))
    if "rec" in namespace:
        namespace["rec"].query("select 1").all()


def version_of(package):
    return installed.version_of(package, _DISTRIBUTIONS)


RECEIVERS = {
    "dataset.Database": "dset", "dataset.Table": "dset['item']", "records.Database": "rec", "sqlobject.SQLObject": "Item", "sqlobject.main.SelectResults": "Item.select()",
    "sqlite_utils.Database": "utils", "sqlite_utils.db.Table": "utils['item']", "yoyo.backends.DatabaseBackend": "backend", "dataset": "dataset", "yoyo": "yoyo", "sqlobject": "sqlobject",
}
_ROW = "{'name': 'b'}"
ARGUMENTS = {
    "dataset.connect": "URL", "dataset.Database.query": "'select 1'", "dataset.Database.load_table": "'item'", "dataset.Database.has_table": "'item'", "dataset.Database.get_table": "'item'",
    "dataset.Database.create_table": "'made'", "dataset.Table.insert": _ROW, "dataset.Table.insert_many": f"[{_ROW}]", "dataset.Table.insert_ignore": f"{_ROW}, ['name']",
    "dataset.Table.update": "{'id': 1, 'name': 'c'}, ['id']", "dataset.Table.update_many": "[{'id': 1, 'name': 'c'}], ['id']", "dataset.Table.upsert": f"{_ROW}, ['name']",
    "dataset.Table.upsert_many": f"[{_ROW}], ['name']", "dataset.Table.distinct": "'name'", "dataset.Table.create_column": "'more', dset.types.text", "dataset.Table.create_index": "['name']",
    "records.Database.query": "'select 1'", "records.Database.bulk_query": "'insert into item (name) values (:name)', [{'name': 'b'}]", "sqlobject.connectionForURI": "URI",
    "sqlobject.SQLObject.get": "1", "sqlobject.SQLObject.deleteBy": "name='a'", "sqlobject.SQLObject.deleteMany": "Item.q.name == 'a'", "sqlobject.SQLObject.delete": "1", "sqlobject.SQLObject.selectBy": "name='a'",
    "sqlobject.main.SelectResults.filter": "Item.q.name == 'a'", "limit": "1", "orderBy": "'name'", "newClause": "Item.q.name == 'a'", "sum": "'id'", "min": "'id'", "max": "'id'", "avg": "'id'",
    "sqlite_utils.Database.execute": "'select 1'", "executescript": "'select 1;'", "sqlite_utils.Database.query": "'select 1'", "sqlite_utils.Database.create_table": "'made', {'id': int}", "create_view": "'seen', 'select 1'",
    "rename_table": "'gone', 'went'", "sqlite_utils.Database.table": "'item'", "sqlite_utils.db.Table.insert": _ROW, "insert_all": f"[{_ROW}]", "sqlite_utils.db.Table.upsert": "{'id': 1, 'name': 'c'}, pk='id'",
    "upsert_all": "[{'id': 1, 'name': 'c'}], pk='id'", "sqlite_utils.db.Table.update": "1, {'name': 'c'}", "sqlite_utils.db.Table.delete": "1", "delete_where": "'id = 1'", "sqlite_utils.db.Table.get": "1", "count_where": "'id = 1'",
    "lookup": _ROW, "add_column": "'more', str", "sqlite_utils.db.Table.create_index": "['name']", "transform": "rename={'name': 'title'}", "enable_fts": "['name']", "rows_where": "'id = 1'", "search": "'a'",
    "get_backend": "URL", "read_migrations": "FOLDER", "apply_migrations": "migrations", "rollback_migrations": "migrations", "to_apply": "migrations", "to_rollback": "migrations", "is_applied": "migrations[0]",
    "apply_one": "migrations[0]", "yoyo.backends.DatabaseBackend.execute": "'select 1'",
}
for _name in """begin commit rollback find find_one all count delete drop get_table_names get_connection transaction createTable dropTable clearTable tableExists createIndexes select distinct reversed getOne sync
table_names view_names enable_wal vacuum exists lock""".split():
    ARGUMENTS.setdefault(_name, "")
PROGRAMS = {
    "dataset.Database|call": "dataset.Database(URL)", "dataset.Database|entered": "dset", "dataset.Database.__getitem__": "dset['item']", "records.Database": "records.Database(URL)", "sqlobject.SQLObject": "Item(name='b')",
    "sqlobject.SQLObject.set": "one.set(name='c')", "sqlobject.SQLObject.sync": "one.sync()", "sqlobject.SQLObject.destroySelf": "one.destroySelf()", "sqlobject.main.SelectResults.getOne": "Item.selectBy(name='a').getOne()",
    "sqlobject.SQLObject.createTable": "Item.createTable(ifNotExists=True)", "sqlite_utils.Database": "sqlite_utils.Database(DATABASE)", "sqlite_utils.Database.__getitem__": "utils['item']",
    "sqlite_utils.db.Table.create": "utils['made'].create({'id': int})", "sqlite_utils.db.Table.rows": "utils['item'].rows", "sqlite_utils.db.Table.search": "utils['item'].search('a')",
    "dataset.Table.__iter__": "dset['item']",
}
DIRECT = {"dataset.Database.__getitem__", "sqlite_utils.Database.__getitem__"}
BEFORE = {**{f"sqlobject.SQLObject.{name}": "one = Item.get(1)" for name in ("set", "sync", "destroySelf")}, "sqlite_utils.db.Table.search": "utils['item'].enable_fts(['name'])"}
PENDING = {f"dataset.Database.{name}": "r.begin(); r['item'].insert({'name': 'p'})" for name in ("commit", "rollback")}
