# Programs for the rows of aiopg: connecting asks the server for its types, so that it is more than a connection.
# In one event loop.
import asyncio

import aiopg
import postgres

PACKAGE = "aiopg"
ASYNC = True
LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(LOOP)


def prepare():
    namespace = {"DSN": postgres.dsn(), "run": LOOP.run_until_complete}
    exec("import aiopg\ntry:\n    import aiopg.sa\nexcept Exception:\n    pass\n", namespace)
    return namespace


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def version():
    return f"aiopg {aiopg.__version__}"


PROGRAMS = {"aiopg.connect": "aiopg.connect(DSN)", "aiopg.create_pool": "aiopg.create_pool(DSN)", "aiopg.sa.create_engine": "aiopg.sa.create_engine(DSN)"}
