# Programs for the rows of psycopg 3 and its pool: one server, one table; asynchronous programs run in one event loop.
# A pool opens its connections in threads or tasks of its own: the programs that watch it wait a moment.
import asyncio

import postgres
import psycopg
import psycopg_pool

PACKAGE = ("psycopg", "psycopg_pool")
ASYNC = True
LOOP = asyncio.new_event_loop()
SOURCE = """
import psycopg, psycopg_pool, time
c = psycopg.connect(DSN)
c.execute("create temp table t (a int)")
c.commit()
a = run(psycopg.AsyncConnection.connect(DSN))
run(a.execute("create temp table t (a int)"))
run(a.commit())
def waited(pool):
    time.sleep(0.5)
    return pool
async def built(**options):
    return psycopg_pool.AsyncConnectionPool(DSN, **options)
"""


def prepare():
    namespace = {"DSN": postgres.dsn(), "run": LOOP.run_until_complete}
    exec(SOURCE, namespace)
    return namespace


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    namespace["c"].close()
    LOOP.run_until_complete(namespace["a"].close())
    pool = namespace.get("pool")
    if pool is not None:
        closed = pool.close()
        if closed is not None:
            LOOP.run_until_complete(closed)


def version():
    return f"psycopg {psycopg.__version__}"


RECEIVERS = {"psycopg.Connection": "c", "psycopg.AsyncConnection": "a"}
ARGUMENTS = {"commit": "", "rollback": "", "transaction": "", "pipeline": "", "execute": "'select 1'"}
PROGRAMS = {
    "psycopg.Connection.connect": "psycopg.Connection.connect(DSN)", "psycopg.AsyncConnection.connect": "psycopg.AsyncConnection.connect(DSN)",
    "psycopg_pool.ConnectionPool": "pool = waited(psycopg_pool.ConnectionPool(DSN, open=True))", "psycopg_pool.ConnectionPool.open": "waited(pool.open())",
    **{f"psycopg_pool.{kind}.{name}": f"pool.{name}()" for kind in ("ConnectionPool", "AsyncConnectionPool") for name in ("getconn", "connection", "wait")},
    "psycopg_pool.AsyncConnectionPool.open": "pool.open(wait=True)", "psycopg.Connection.notifies": "c.notifies()",
}
_POOL = "pool = psycopg_pool.ConnectionPool(DSN, open={})"
_APOOL = "pool = run(built(open=False)){}"
BEFORE = {
    "psycopg_pool.ConnectionPool.open": _POOL.format("False"), "psycopg_pool.ConnectionPool.getconn": _POOL.format("True"), "psycopg_pool.ConnectionPool.connection": _POOL.format("True"),
    "psycopg_pool.ConnectionPool.wait": _POOL.format("True"), "psycopg_pool.AsyncConnectionPool.open": _APOOL.format(""),
    **{f"psycopg_pool.AsyncConnectionPool.{name}": _APOOL.format("; run(pool.open())") for name in ("getconn", "connection", "wait")},
}
NOT_SEEN = {
    "psycopg.Connection.notifies": "waits until somebody notifies",
    "psycopg.Connection.pipeline": "sends at the end of the block, or when it is full",
    "psycopg_pool.AsyncConnectionPool": "opens in the running loop, where the program has already ended",
}
PENDING = {"psycopg.Connection.commit": "c.execute('insert into t values (1)')", "psycopg.Connection.rollback": "c.execute('insert into t values (1)')"}
