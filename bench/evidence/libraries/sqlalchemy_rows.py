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

# instances that were loaded, and what reading an attribute of them sends
_USER = "s = Session(engine); keep = s.get(User, 1)"
_BASE = "sqlalchemy.orm.DeclarativeBase"
_AWAITABLE = """
class Person(AsyncAttrs, Base):
    __table__ = User.__table__
    addresses = relationship(Address, viewonly=True)
s = AsyncSession(aengine)
keep = run(s.get(Person, 1))
"""
_REFLECTED = """
from sqlalchemy.ext.declarative import DeferredReflection
class Reflected(DeferredReflection, declarative_base()):
    __abstract__ = True
class Known(Reflected):
    __tablename__ = "users"
"""
RECEIVERS.update({
    "sqlalchemy.Index": "Index('i', User.__table__.c.name)", "sqlalchemy.pool.Pool": "engine.pool",
    "sqlalchemy.ext.asyncio.async_scoped_session": "async_scoped_session(afactory, lambda: 1)",
})
PROGRAMS.update({
    f"{_BASE}.<lazy-relationship>": "keep.addresses", f"{_BASE}.<deferred-column>": "keep.name", f"{_BASE}.<expired-attribute>": "keep.name",
    "sqlalchemy.ext.asyncio.AsyncAttrs.awaitable_attrs.<lazy-relationship>": "keep.awaitable_attrs.addresses",
    "sqlalchemy.ext.declarative.DeferredReflection.prepare": "DeferredReflection.prepare(engine)",
    "sqlalchemy.ext.asyncio.async_scoped_session|call": "async_scoped_session(afactory, lambda: 1)",
    f"{QUERY}.with_parent": "Session(engine).query(Address).with_parent(User(id=1), User.addresses)",
    "sqlalchemy.orm.object_session": "object_session(User())", "sqlalchemy.orm.scoped_session.query_property": "scoped_session(factory).query_property()",
    "sqlalchemy.ext.hybrid.hybrid_property": "__import__('sqlalchemy.ext.hybrid').ext.hybrid.hybrid_property(work)",
    "sqlalchemy.ext.associationproxy.association_proxy": "__import__('sqlalchemy.ext.associationproxy').ext.associationproxy.association_proxy('addresses', 'id')",
    "sqlalchemy.orm.column_property": "column_property(func.upper(User.name))", "sqlalchemy.orm.deferred": "deferred(Column(String))",
    "sqlalchemy.orm.synonym": "synonym('name')", "sqlalchemy.orm.composite": "composite(lambda a: a, Column(String))",
    "sqlalchemy.orm.undefer_group": "undefer_group('g')", "sqlalchemy.orm.with_polymorphic": "with_polymorphic(User, [])",
    "sqlalchemy.Index": "Index('i', Column('a', Integer))",
})
for _name in "contains_eager defaultload immediateload lazyload noload raiseload subqueryload".split():
    PROGRAMS[f"sqlalchemy.orm.{_name}"] = f"{_name}(User.addresses)"
for _name in "defer load_only undefer".split():
    PROGRAMS[f"sqlalchemy.orm.{_name}"] = f"{_name}(User.name)"
ARGUMENTS.update({
    "add_columns": "User.id", "add_entity": "Address", "autoflush": "False", "correlate": "User", "enable_assertions": "False", "enable_eagerloads": "False",
    "execution_options": "stream_results=True", "from_statement": "text('select * from users')", "params": "x=1", "prefix_with": "text('x')",
    "suffix_with": "text('x')", "set_label_style": "sqlalchemy.sql.selectable.LABEL_STYLE_TABLENAME_PLUS_COL", "with_hint": "User, 'x'",
    "with_statement_hint": "'x'", "with_session": "Session(engine)", "label": "'x'", "value": "User.id", "is_modified": "User()",
})
for _name in "except_ except_all intersect intersect_all union_all".split():
    ARGUMENTS[_name] = "r"
for _name in "populate_existing reset_joinpoint with_labels tuples from_self scalar_subquery as_scalar get_isolation_level get_bind expire_all expunge_all in_transaction".split():
    ARGUMENTS.setdefault(_name, "")
BEFORE.update({
    f"{_BASE}.<lazy-relationship>": _USER, f"{_BASE}.<expired-attribute>": f"{_USER}; s.commit()",
    f"{_BASE}.<deferred-column>": "s = Session(engine); keep = s.query(User).options(load_only(User.id)).first()",
    "sqlalchemy.ext.asyncio.AsyncAttrs.awaitable_attrs.<lazy-relationship>": _AWAITABLE,
    "sqlalchemy.ext.declarative.DeferredReflection.prepare": _REFLECTED, "sqlalchemy.Index.drop": "r.create(engine)",
})

# statements, loading options and results: what was sent was sent before
_RESULT = "Session(engine).execute(select(User))"
_ARESULT = "run(AsyncSession(aengine).stream(select(User)))"
RECEIVERS.update({
    "sqlalchemy.Select": "select(User)", "sqlalchemy.Result": _RESULT, "sqlalchemy.ScalarResult": f"{_RESULT}.scalars()",
    "sqlalchemy.ext.asyncio.AsyncResult": _ARESULT, "sqlalchemy.ext.asyncio.AsyncScalarResult": f"{_ARESULT}.scalars()",
    "sqlalchemy.orm.Load": "Load(User)",
})
for _owner in ("Result", "ScalarResult", "ext.asyncio.AsyncResult", "ext.asyncio.AsyncScalarResult"):
    for _name in """all fetchall fetchone fetchmany first one one_or_none scalar scalar_one scalar_one_or_none mappings freeze close keys unique tuples scalars
    partitions""".split():
        ARGUMENTS[f"sqlalchemy.{_owner}.{_name}"] = ""
    ARGUMENTS[f"sqlalchemy.{_owner}.columns"] = "0"
for _name in "selectinload joinedload subqueryload immediateload lazyload noload raiseload contains_eager defaultload".split():
    ARGUMENTS[f"sqlalchemy.orm.Load.{_name}"] = "User.addresses"
for _name in "defer undefer load_only".split():
    ARGUMENTS[f"sqlalchemy.orm.Load.{_name}"] = "User.name"
ARGUMENTS.update({
    "sqlalchemy.orm.Load.undefer_group": "'g'", "sqlalchemy.orm.Load.options": "Load(User).joinedload(User.addresses)",
    "join_from": "User, Address", "outerjoin_from": "User, Address", "with_only_columns": "User.id", "fetch": "1", "alias": "", "compile": "",
    "sqlalchemy.Select.union": "select(User)", "sqlalchemy.Select.union_all": "select(User)", "sqlalchemy.Select.add_columns": "User.id",
})
