# Programs for the rows of packages around SQLAlchemy: sqlalchemy-utils, SQLModel and databases: SQLModel on SQLite, the others on PostgreSQL where the kind of database matters.
# Databases is asynchronous and runs in one event loop.
import asyncio
import importlib
import importlib.metadata
import os
import tempfile

import postgres

ASYNC = True
LOOP = asyncio.new_event_loop()
_NAMES = {"sqlalchemy_utils": "sqlalchemy-utils", "sqlmodel": "sqlmodel", "databases": "databases"}


def there(name):
    try:
        importlib.import_module(name)
    except Exception:
        return False
    return True


def server():
    try:
        return postgres.dsn()
    except Exception:
        return None


# SQLModel alone does without a server
PG = server()
PACKAGE = tuple(name for name in _NAMES if there(name) and (PG is not None or name == "sqlmodel"))
assert PACKAGE
SOURCES = {
    "sqlalchemy_utils": "import sqlalchemy_utils, uuid\nOTHER = PG.rpartition('/')[0] + '/d' + uuid.uuid4().hex\n",
    "sqlmodel": """
import sqlmodel
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlalchemy.ext.asyncio import create_async_engine
engine = sqlmodel.create_engine(URL)
session = sqlmodel.Session(engine)
asession = AsyncSession(create_async_engine(AURL))
""",
    "databases": """
import databases
database = databases.Database(AURL)
run(database.connect())
run(database.execute("create table t (a integer)"))
fresh = databases.Database(PG)
""",
}


def prepare():
    path = os.path.join(tempfile.mkdtemp(), "db.sqlite3")
    namespace = {"URL": f"sqlite:///{path}", "AURL": f"sqlite+aiosqlite:///{path}", "run": LOOP.run_until_complete, "PG": PG}
    for name in PACKAGE:
        exec(SOURCES[name], namespace)
    return namespace


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    for name in ("database", "fresh"):
        if name in namespace and namespace[name].is_connected:
            # a pool waits for ever for a connection that a program left open
            LOOP.run_until_complete(asyncio.wait([asyncio.ensure_future(namespace[name].disconnect(), loop=LOOP)], timeout=1))
    if "asession" in namespace:
        LOOP.run_until_complete(namespace["asession"].close())
        namespace["session"].close()


def version_of(package):
    return f"{package} {importlib.metadata.version(_NAMES[package])}"


PROGRAMS = {
    "sqlalchemy_utils.create_database": "sqlalchemy_utils.create_database(OTHER)", "sqlalchemy_utils.database_exists": "sqlalchemy_utils.database_exists(PG)",
    "sqlalchemy_utils.drop_database": "sqlalchemy_utils.drop_database(OTHER)", "sqlmodel.SQLModel.metadata": "sqlmodel.SQLModel.metadata",
    "sqlmodel.Session.exec": "session.exec(sqlmodel.text('select 1'))", "sqlmodel.ext.asyncio.session.AsyncSession.exec": "asession.exec(sqlmodel.text('select 1'))",
    "databases.Database|call": "databases.Database(AURL)", "databases.Database|entered": "fresh", "databases.Database.connect": "fresh.connect()", "databases.Database.execute": "database.execute('select 1')",
    "databases.Database.execute_many": "database.execute_many('insert into t values (:a)', [{'a': 1}])", "databases.Database.transaction": "database.transaction()",
    "databases.Database.iterate": "database.iterate('select 1')", **{f"databases.Database.fetch_{name}": f"database.fetch_{name}('select 1')" for name in ("all", "one", "val")},
}
BEFORE = {"sqlalchemy_utils.drop_database": "sqlalchemy_utils.create_database(OTHER)"}
