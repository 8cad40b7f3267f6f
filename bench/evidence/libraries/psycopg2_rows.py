# Programs for the rows of psycopg2, and of the interface that all drivers share (PEP 249): one server, one table, a connection per program.
# What was fetched into the client is read without a message.
import postgres
import psycopg2
import psycopg2.pool

PACKAGE = ("psycopg2", "pep249")


def prepare():
    namespace = {"psycopg2": psycopg2, "DSN": postgres.dsn()}
    exec("import io\nc = psycopg2.connect(DSN)\nk = c.cursor()\nk.execute('create temp table t (a int)')\nc.commit()", namespace)
    return namespace


def finish(namespace):
    namespace["c"].close()


def version():
    return f"psycopg2 {psycopg2.__version__.split()[0]}"


_NAMES = {"psycopg2.extensions.cursor": "k", "psycopg2.extensions.connection": "c", "pep249.Cursor": "k", "pep249.Connection": "c"}
RECEIVERS = dict(_NAMES)
ARGUMENTS = {
    "commit": "", "rollback": "", "cursor": "", "callproc": "'now'", "copy_expert": "'copy t to stdout', io.StringIO()", "copy_from": "io.StringIO('1\\n'), 't'", "copy_to": "io.StringIO(), 't'",
    "execute": "'select 1'", "executemany": "'insert into t values (%s)', [(1,)]", "fetchall": "", "fetchmany": "", "fetchone": "",
}
PROGRAMS = {
    "psycopg2.connect": "psycopg2.connect(DSN)", "psycopg2.pool.AbstractConnectionPool": "psycopg2.pool.AbstractConnectionPool(1, 2, DSN)",
    "psycopg2.pool.SimpleConnectionPool": "psycopg2.pool.SimpleConnectionPool(1, 2, DSN)", "psycopg2.pool.ThreadedConnectionPool": "psycopg2.pool.ThreadedConnectionPool(1, 2, DSN)",
}
BEFORE = {f"{owner}.{name}": "k.execute('select 1')" for owner in ("psycopg2.extensions.cursor", "pep249.Cursor") for name in ("fetchone", "fetchall", "fetchmany")}
PENDING = {f"{owner}.{name}": "k.execute('insert into t values (1)')" for owner in ("psycopg2.extensions.connection", "pep249.Connection") for name in ("commit", "rollback")}
