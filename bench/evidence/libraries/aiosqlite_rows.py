# Programs for the rows of aiosqlite: the same file database as for sqlite3, in one event loop.
# A connection is opened by the program itself; there is no pool.
import asyncio
import importlib.metadata

import aiosqlite
import sqlite_rows

PACKAGE = "aiosqlite"
ASYNC = True
LOOP = asyncio.new_event_loop()


def prepare():
    namespace = sqlite_rows.prepare()
    namespace.update(aiosqlite=aiosqlite, run=LOOP.run_until_complete)
    return namespace


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    if hasattr(namespace.get("r"), "close"):
        LOOP.run_until_complete(namespace["r"].close())
    x = namespace.get("x")
    if isinstance(x, aiosqlite.Connection) and x._running:
        LOOP.run_until_complete(x.close())


def cold(namespace):
    pass


warm = cold


def version():
    return f"aiosqlite {importlib.metadata.version('aiosqlite')}"


RECEIVERS = {"aiosqlite": "aiosqlite", "aiosqlite.Connection": "run(aiosqlite.connect(DATABASE).__aenter__())"}
PROGRAMS = {}
ARGUMENTS = {
    "connect": "DATABASE", "commit": "", "rollback": "", "cursor": "", "execute": "'select 1'", "execute_fetchall": "'select 1'",
    "execute_insert": "'insert into t values (1)'", "executemany": "'insert into t values (?)', [(1,)]", "executescript": "'select 1;'",
}
BEFORE = {}
_INSERT = "run(r.execute('insert into t values (1)'))"
PENDING = {"aiosqlite.Connection.commit": _INSERT, "aiosqlite.Connection.rollback": _INSERT}
