# Programs for the rows of asyncpg: one server, one table, in one event loop.
# A transaction is entered around what needs one.
import asyncio

import asyncpg
import postgres

PACKAGE = "asyncpg"
ASYNC = True
LOOP = asyncio.new_event_loop()
SOURCE = """
import asyncpg, io
c = run(asyncpg.connect(DSN))
run(c.execute("create table if not exists t (a int)"))
async def made(**options):
    return await asyncpg.create_pool(DSN, **options)
async def bare():
    return asyncpg.create_pool(DSN, min_size=1)
def heard(*args):
    pass
async def out(data):
    pass
"""


def prepare():
    namespace = {"DSN": postgres.dsn(), "run": LOOP.run_until_complete}
    exec(SOURCE, namespace)
    return namespace


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    namespace["c"].terminate()
    for name in ("pool", "x"):
        if isinstance(namespace.get(name), asyncpg.Pool):
            namespace[name].terminate()


def version():
    return f"asyncpg {asyncpg.__version__}"


RECEIVERS = {"asyncpg.Connection": "c"}
ARGUMENTS = {
    "execute": "'select 1'", "executemany": "'insert into t values ($1)', [(1,)]", "fetch": "'select 1'", "fetchrow": "'select 1'", "fetchval": "'select 1'", "prepare": "'select 1'", "reset": "",
    "add_listener": "'a', heard", "copy_from_query": "'select 1', output=out", "copy_from_table": "'t', output=out", "copy_records_to_table": "'t', records=[(1,)]",
    "copy_to_table": "'t', source=io.BytesIO(b'1\\n')", "cursor": "'select 1'", "set_type_codec": "'json', encoder=str, decoder=str, schema='pg_catalog'", "transaction": "", "acquire": "",
}
PROGRAMS = {"asyncpg.connect": "asyncpg.connect(DSN)", "asyncpg.create_pool": "asyncpg.create_pool(DSN, min_size=1)", "asyncpg.transaction.Transaction.start": "c.transaction().start()"}
BEFORE = {"asyncpg.Connection.cursor": "run(c.transaction().start())"}
PROGRAMS.update({f"asyncpg.create_pool|{moment}|free": "asyncpg.create_pool(DSN, min_size=0)" for moment in ("awaited", "entered")})
for _name in ("acquire", "copy_from_query", "copy_from_table", "copy_records_to_table", "copy_to_table", "execute", "executemany", "fetch", "fetchrow", "fetchval"):
    PROGRAMS[f"asyncpg.Pool.{_name}"] = f"pool.{_name}({ARGUMENTS[_name]})"
    BEFORE[f"asyncpg.Pool.{_name}"] = "pool = run(made(min_size=0))"
