# Programs for the rows of pandas: reading from the file database of sqlite_rows, through a connection and through an engine.
# The connection is opened by the program.
import pandas
import sqlite_rows

PACKAGE = "pandas"


def prepare():
    import sqlalchemy

    namespace = sqlite_rows.prepare()
    namespace.update(pandas=pandas, engine=sqlalchemy.create_engine(f"sqlite:///{sqlite_rows.DATABASE}"))
    return namespace


def version():
    return f"pandas {pandas.__version__}"


PROGRAMS = {
    "pandas.read_sql": "pandas.read_sql('select 1', engine)", "pandas.read_sql_query": "pandas.read_sql_query('select 1', engine)", "pandas.read_sql_table": "pandas.read_sql_table('t', engine)",
}
