# Programs for the rows of Pony: one entity in a file database that is copied afresh for every run; each program runs in a session of its own.
# A statement waits until the session needs it: saving sends it with the next query or at the end.
import os
import shutil
import tempfile

import pony
from pony import orm

PACKAGE = "pony"
FOLDER = tempfile.mkdtemp()
DATABASE = os.path.join(FOLDER, "db.sqlite3")
SOURCE = """
from pony.orm import *
import pony.orm
db = Database()
class Item(db.Entity):
    name = Required(str)
db.bind(provider="sqlite", filename=DATABASE, create_db=True)
db.generate_mapping(create_tables=True)
"""


def create():
    namespace = {"DATABASE": DATABASE}
    exec(SOURCE, namespace)
    with orm.db_session:
        namespace["Item"](name="a")
    namespace["db"].disconnect()
    shutil.copy(DATABASE, DATABASE + ".fresh")


create()


def prepare():
    shutil.copy(DATABASE + ".fresh", DATABASE)
    namespace = {"DATABASE": DATABASE}
    exec(SOURCE, namespace)
    return namespace


# what makes tables refuses to run inside a session
_OUTSIDE = {"create_tables", "drop_all_tables", "drop_table", "generate_mapping"}


def cold(namespace):
    if "inside" in namespace or "outside" in namespace:
        return
    namespace["db"].disconnect()
    namespace["session"] = orm.db_session()
    namespace["session"].__enter__()


def warm(namespace):
    cold(namespace)
    if "inside" not in namespace and "outside" not in namespace:
        namespace["db"].execute("select 1")


def finish(namespace):
    orm.rollback()
    for name in ("inside", "session"):
        if name in namespace:
            namespace[name].__exit__()
    namespace["db"].disconnect()


def version():
    return f"Pony {pony.__version__}"


RECEIVERS = {"pony.orm.Database": "db", "pony.orm.core.Entity": "Item", "pony.orm.core.Query": "Item.select()", "pony.orm": "pony.orm"}
ARGUMENTS = {
    "pony.orm.Database.drop_table": "'Item', with_all_data=True", "drop_all_tables": "with_all_data=True", "execute": "'select 1'", "pony.orm.Database.exists": "'* from Item'",
    "pony.orm.Database.get": "'id from Item'", "insert": "'Item', name='b'", "pony.orm.Database.select": "'* from Item'", "pony.orm.core.Entity.exists": "name='a'", "pony.orm.core.Entity.get": "name='a'",
    "get_by_sql": "'select * from Item'", "get_for_update": "name='a'", "select_by_sql": "'select * from Item'", "select_random": "1", "pony.orm.core.Entity.drop_table": "with_all_data=True",
    "avg": "'id'", "sum": "'id'", "filter": "lambda i: i.id > 0", "limit": "1", "order_by": "Item.name", "sort_by": "Item.name", "page": "1", "prefetch": "Item", "random": "1", "where": "lambda i: i.id > 0",
    "pony.orm.core.Query.max": "", "pony.orm.core.Query.min": "",
}
for _name in """check_tables commit create_tables flush generate_mapping get_connection rollback select fetch first for_update get count delete distinct exists to_json
without_distinct""".split():
    ARGUMENTS.setdefault(_name, "")
PROGRAMS = {
    "pony.orm.Database": "Database()", "pony.orm.Database.Entity": "db.Entity", "pony.orm.Database.bind": "Database().bind(provider='sqlite', filename=DATABASE)",
    "pony.orm.Database.generate_mapping": "other.generate_mapping(create_tables=True)", "pony.orm.core.DBSessionContextManager": "db_session()", "pony.orm.core.DBSessionContextManager.__call__": "db_session(len)",
    "pony.orm.core.Entity.__class_getitem__": "Item[1]", "pony.orm.core.Query.__getitem__": "Item.select()[:1]", "pony.orm.core.Entity.load": "one.load()", "pony.orm.core.Entity.delete": "one.delete()", "pony.orm.core.Entity.flush": "Item(name='f').flush()",
    "pony.orm.core.Query.avg": "select(i.id for i in Item).avg()", "pony.orm.core.Query.sum": "select(i.id for i in Item).sum()", "pony.orm.core.Query.max": "select(i.id for i in Item).max()",
    "pony.orm.core.Query.min": "select(i.id for i in Item).min()", "pony.orm.db_session": "db_session", "pony.orm.delete": "delete(i for i in Item)", "pony.orm.exists": "exists(i for i in Item)",
    "pony.orm.left_join": "left_join(i for i in Item)", "pony.orm.select": "select(i for i in Item)",
}
DIRECT = {"pony.orm.core.Entity.__class_getitem__", "pony.orm.core.Query.__getitem__"}
_INSIDE = "inside = db_session(); inside.__enter__()"
_ONE = f"{_INSIDE}; one = Item.get(name='a')"
BEFORE = {
    "pony.orm.Database.generate_mapping": "other = Database(); exec('class Other(other.Entity):\\n    name = Required(str)'); other.bind(provider='sqlite', filename=DATABASE)",
    "pony.orm.core.Entity.delete": _ONE, "pony.orm.core.Entity.load": f"{_INSIDE}; one = Item[1] if False else Item.select().first(); one._vals_.pop(Item.name, None)",
}
for _owner in ("pony.orm.Database", "pony.orm.core.Entity"):
    for _name in _OUTSIDE:
        BEFORE[f"{_owner}.{_name}"] = "; ".join(["outside = 1", *([BEFORE[f"{_owner}.{_name}"]] if f"{_owner}.{_name}" in BEFORE else [])])
_NEW = f"{_INSIDE}; Item(name='n')"
PENDING = {name: _NEW for name in ("pony.orm.Database.commit", "pony.orm.Database.flush", "pony.orm.Database.rollback", "pony.orm.commit", "pony.orm.flush", "pony.orm.rollback")}
PENDING["pony.orm.core.Entity.delete"] = _ONE
