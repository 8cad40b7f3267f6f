# Programs for the rows of sqlite3, Python's own driver: one file database with one table.
# A connection is opened by the program itself; there is no pool.
import os
import shutil
import sqlite3
import tempfile

PACKAGE = "sqlite3"
FOLDER = tempfile.mkdtemp()
DATABASE = os.path.join(FOLDER, "db.sqlite3")
first = sqlite3.connect(DATABASE)
first.execute("create table t (a)")
first.commit()
first.close()
shutil.copy(DATABASE, DATABASE + ".fresh")


def prepare():
    shutil.copy(DATABASE + ".fresh", DATABASE)
    return {"sqlite3": sqlite3, "DATABASE": DATABASE}


def finish(namespace):
    if "r" in namespace and hasattr(namespace["r"], "close"):
        namespace["r"].close()


def cold(namespace):
    pass


warm = cold


def version():
    return f"sqlite3 {sqlite3.sqlite_version} of Python"


RECEIVERS = {"sqlite3": "sqlite3", "sqlite3.Connection": "sqlite3.connect(DATABASE)", "sqlite3.Cursor": "sqlite3.connect(DATABASE).cursor()"}
PROGRAMS = {
    "sqlite3.Connection|entered": "sqlite3.connect(DATABASE)",
}
ARGUMENTS = {
    "connect": "DATABASE", "register_adapter": "int, str", "register_converter": "'x', bytes", "backup": "sqlite3.connect(':memory:')",
    "commit": "", "rollback": "", "create_function": "'f', 0, lambda: 1", "cursor": "", "execute": "'select 1'",
    "executemany": "'insert into t values (?)', [(1,)]", "executescript": "'select 1;'", "iterdump": "",
}
BEFORE = {}
NOT_SEEN = {"sqlite3.Connection.backup": "copies pages without an SQL statement, which the spy does not see"}
PENDING = {"sqlite3.Connection.commit": "r.execute('insert into t values (1)')", "sqlite3.Connection.rollback": "r.execute('insert into t values (1)')"}
