# Programs for the rows of SQLAlchemy: SQLite through the ordinary driver and through aiosqlite, in one file that is copied afresh for every run.
# `User` has many `Address`; asynchronous programs run in one event loop that the library module keeps.
import asyncio
import os
import shutil
import tempfile

import sqlalchemy

PACKAGE = "sqlalchemy"
ASYNC = True
FOLDER = tempfile.mkdtemp()
DATABASE = os.path.join(FOLDER, "db.sqlite3")
LOOP = asyncio.new_event_loop()
STATEMENTS_TO_OPEN = 0

SOURCE = """
import sqlalchemy
from sqlalchemy import *
from sqlalchemy import event, func
from sqlalchemy.orm import *
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.ext.asyncio import *
Base = declarative_base()
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    addresses = relationship("Address")
class Address(Base):
    __tablename__ = "addresses"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
engine = create_engine(SYNC_URL)
aengine = create_async_engine(ASYNC_URL)
metadata = Base.metadata
factory = sessionmaker(engine)
afactory = async_sessionmaker(aengine) if "async_sessionmaker" in globals() else sessionmaker(aengine, class_=AsyncSession)
def work(*args, **kwargs):
    with engine.connect() as c:
        c.execute(text("select 1"))
"""


def urls():
    return {"SYNC_URL": f"sqlite:///{DATABASE}", "ASYNC_URL": f"sqlite+aiosqlite:///{DATABASE}"}


def create():
    namespace = urls()
    exec(SOURCE, namespace)
    namespace["metadata"].create_all(namespace["engine"])
    with namespace["engine"].begin() as connection:
        connection.execute(sqlalchemy.text("insert into users (id, name) values (1, 'a')"))
        connection.execute(sqlalchemy.text("insert into addresses (id, user_id) values (1, 1)"))
    namespace["engine"].dispose()
    shutil.copy(DATABASE, DATABASE + ".fresh")


create()


def prepare():
    shutil.copy(DATABASE + ".fresh", DATABASE)
    namespace = urls()
    exec(SOURCE, namespace)
    namespace["run"] = lambda awaitable: LOOP.run_until_complete(awaitable)
    return namespace


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    for name in ("r", "x"):
        value = namespace.get(name)
        try:
            if asyncio.iscoroutinefunction(getattr(value, "close", None)):
                LOOP.run_until_complete(value.close())
            elif hasattr(value, "close"):
                value.close()
        except Exception:
            pass
    namespace["engine"].dispose()
    LOOP.run_until_complete(namespace["aengine"].dispose())


def cold(namespace):
    """The pool is empty: who needs a connection opens one."""
    if "keep" not in namespace:
        namespace["engine"].dispose()
        LOOP.run_until_complete(namespace["aengine"].dispose())


def warm(namespace):
    """The pool holds a connection, and the dialect has asked what it asks once."""
    namespace["engine"].connect().close()

    async def one():
        async with namespace["aengine"].connect():
            pass

    LOOP.run_until_complete(one())


def version():
    return f"SQLAlchemy {sqlalchemy.__version__}"


CONNECTION = "sqlalchemy.engine.Connection"
INSPECTOR = "sqlalchemy.engine.reflection.Inspector"
ACONNECTION = "sqlalchemy.ext.asyncio.AsyncConnection"
ASESSION = "sqlalchemy.ext.asyncio.AsyncSession"
SESSION = "sqlalchemy.orm.Session"
QUERY = "sqlalchemy.orm.Query"
T = "'users'"
RECEIVERS = {
    "sqlalchemy": "sqlalchemy",
    "sqlalchemy.MetaData": "metadata",
    "sqlalchemy.Table": "User.__table__",
    CONNECTION: "engine.connect()",
    "sqlalchemy.engine.Engine": "engine",
    INSPECTOR: "inspect(engine)",
    "sqlalchemy.event": "event",
    ACONNECTION: "run(aengine.connect().__aenter__())",
    "sqlalchemy.ext.asyncio.AsyncEngine": "aengine",
    ASESSION: "AsyncSession(aengine)",
    "sqlalchemy.ext.asyncio.async_sessionmaker": "afactory",
    "sqlalchemy.orm.DeclarativeBase": "User",
    QUERY: "Session(engine).query(User)",
    SESSION: "Session(engine)",
    "sqlalchemy.orm.scoped_session": "scoped_session(factory)",
    "sqlalchemy.orm.sessionmaker": "factory",
}
PROGRAMS = {
    "sqlalchemy.Column": "Column(Integer)",
    "sqlalchemy.MetaData": "MetaData()",
    "sqlalchemy.Table": "Table('users', MetaData(), autoload_with=engine)",
    "sqlalchemy.and_": "and_(User.id == 1, User.id == 2)",
    "sqlalchemy.or_": "or_(User.id == 1, User.id == 2)",
    "sqlalchemy.create_engine": "create_engine(SYNC_URL)",
    "sqlalchemy.engine_from_config": "engine_from_config({'sqlalchemy.url': SYNC_URL})",
    "sqlalchemy.delete": "delete(User)", "sqlalchemy.update": "update(User)", "sqlalchemy.insert": "insert(User)", "sqlalchemy.select": "select(User)",
    "sqlalchemy.func": "func.count()", "sqlalchemy.join": "join(User.__table__, Address.__table__)", "sqlalchemy.text": "text('select 1')",
    "sqlalchemy.inspect": "inspect(engine)",
    "sqlalchemy.ext.asyncio.AsyncSession|call": "AsyncSession(aengine)",
    "sqlalchemy.ext.asyncio.AsyncSession|entered": "AsyncSession(aengine)",
    "sqlalchemy.ext.asyncio.async_sessionmaker": "async_sessionmaker(aengine)",
    "sqlalchemy.ext.asyncio.create_async_engine": "create_async_engine(ASYNC_URL)",
    "sqlalchemy.ext.automap.automap_base": "automap_base()",
    "sqlalchemy.ext.automap.AutomapBase.prepare": "automap_base().prepare(autoload_with=engine)",
    "sqlalchemy.orm.DeclarativeBase": "declarative_base()",
    "sqlalchemy.orm.Session|call": "Session(engine)", "sqlalchemy.orm.Session|entered": "Session(engine)",
    "sqlalchemy.orm.aliased": "aliased(User)", "sqlalchemy.orm.backref": "backref('x')", "sqlalchemy.orm.configure_mappers": "configure_mappers()",
    "sqlalchemy.orm.declarative_base": "declarative_base()", "sqlalchemy.orm.joinedload": "joinedload(User.addresses)",
    "sqlalchemy.orm.mapped_column": "mapped_column()", "sqlalchemy.orm.registry": "registry()", "sqlalchemy.orm.relationship": "relationship('Address')",
    "sqlalchemy.orm.scoped_session": "scoped_session(factory)", "sqlalchemy.orm.selectinload": "selectinload(User.addresses)",
    "sqlalchemy.orm.sessionmaker": "sessionmaker(engine)",
    "sqlalchemy.event.listen": "event.listen(engine, 'connect', work)",
    "sqlalchemy.event.listens_for": "event.listens_for(engine, 'connect')(work)",
    "sqlalchemy.orm.Query.delete": "Session(engine).query(User).delete()",
    "sqlalchemy.engine.reflection.Inspector.from_engine": "sqlalchemy.engine.reflection.Inspector.from_engine(engine)",
}
ARGUMENTS = {
    "create_all": "engine", "drop_all": "engine", "reflect": "engine", "create": "engine", "drop": "engine",
    f"{CONNECTION}.execute": "text('select 1')", f"{CONNECTION}.scalar": "text('select 1')", f"{CONNECTION}.scalars": "text('select 1')",
    "exec_driver_sql": "'select 1'",
    f"{ACONNECTION}.execute": "text('select 1')", "stream": "text('select 1')", "stream_scalars": "text('select 1')",
    f"{ACONNECTION}.run_sync": "lambda c: c.execute(text('select 1'))", f"{ASESSION}.run_sync": "lambda s: s.execute(text('select 1'))", "sqlalchemy.engine.Engine.has_table": T,
    "execute": "text('select 1')", "scalar": "text('select 1')", "scalars": "text('select 1')",
    f"{QUERY}.scalar": "", f"{QUERY}.get": "1", "get": "User, 1", "get_one": "User, 1", "merge": "User(id=1, name='z')",
    "refresh": "keep", "add": "User(name='n')", "add_all": "[User(name='n')]", f"{ASESSION}.delete": "keep", f"{SESSION}.delete": "keep",
    "query": "User", "expire": "keep", "expunge": "keep", "bulk_insert_mappings": "User, [{'name': 'b'}]", "bulk_save_objects": "[User(name='c')]",
    "bulk_update_mappings": "User, [{'id': 1, 'name': 'd'}]", "filter": "User.id == 1", "where": "User.id == 1", "filter_by": "id=1", "join": "Address", "outerjoin": "Address",
    "group_by": "User.id", "having": "User.id == 1", "order_by": "User.id", "limit": "1", "offset": "1", "options": "selectinload(User.addresses)",
    "select_from": "User", "slice": "0, 1", "union": "r", f"{QUERY}.update": "{'name': 'e'}", "with_entities": "User.id", "yield_per": "1",
    "configure": "bind=engine", "run_callable": "work", "has_index": f"{T}, 'i'", "has_schema": "'main'", "has_sequence": "'s'", "reflect_table": "Table('users', MetaData()), None",
    "get_view_definition": "'v'", f"{INSPECTOR}.has_table": T,
}
for _name in """get_check_constraints get_columns get_foreign_keys get_indexes get_pk_constraint get_table_comment get_unique_constraints""".split():
    ARGUMENTS[_name] = T
for _name in """begin begin_nested commit rollback connect dispose raw_connection table_names close flush connection close_all remove all count cte distinct exists first one
one_or_none subquery with_for_update get_schema_names get_sequence_names get_table_names get_temp_table_names get_temp_view_names get_view_names""".split():
    ARGUMENTS.setdefault(_name, "")
_LOADED = "keep = r.get(User, 1)"
_ALOADED = "keep = run(r.get(User, 1))"
BEFORE = {
    f"{SESSION}.refresh": _LOADED, f"{SESSION}.delete": _LOADED, f"{SESSION}.expire": _LOADED, f"{SESSION}.expunge": _LOADED,
    f"{ASESSION}.refresh": _ALOADED, f"{ASESSION}.delete": _ALOADED,
    f"{INSPECTOR}.get_view_definition": "with engine.begin() as c: c.execute(text('create view v as select 1'))",
    "sqlalchemy.MetaData.create_all": "metadata.drop_all(engine)", "sqlalchemy.Table.create": "metadata.drop_all(engine)",
    "sqlalchemy.orm.Query.first": "", f"{CONNECTION}.begin_nested": "r.begin()",
}
_PENDING = "r.add(User(name='p'))"
PENDING = {
    f"{SESSION}.commit": _PENDING, f"{SESSION}.flush": _PENDING, f"{SESSION}.rollback": f"{_PENDING}; r.flush()", f"{SESSION}.begin_nested": _PENDING,
    f"{SESSION}.delete": f"{_LOADED}; keep.addresses = []; r.expire(keep)", f"{SESSION}.connection": "",
    f"{ASESSION}.commit": _PENDING, f"{ASESSION}.flush": _PENDING, f"{ASESSION}.rollback": f"{_PENDING}; run(r.flush())", f"{ASESSION}.begin_nested": _PENDING,
    f"{ASESSION}.delete": f"{_ALOADED}; r.expire(keep)",
    f"{CONNECTION}.commit": "r.execute(text(\"insert into users (name) values ('q')\"))", f"{CONNECTION}.rollback": "r.execute(text(\"insert into users (name) values ('q')\"))",
    f"{ACONNECTION}.commit": "run(r.execute(text(\"insert into users (name) values ('q')\")))", f"{ACONNECTION}.rollback": "run(r.execute(text(\"insert into users (name) values ('q')\")))",
}
