# Programs for the rows of drivers whose server nobody has here: a server that says nothing sees that they connect, and a played one what they send.
# A driver that is not there has no version and no program.
import os

import installed
import servers

_NAMES = {
    "oracledb": "oracledb", "pymssql": "pymssql", "pyodbc": "pyodbc", "clickhouse_driver": "clickhouse_driver", "clickhouse-driver": "clickhouse_driver",
    "clickhouse-connect": "clickhouse_connect", "cx_Oracle": "cx_Oracle", "snowflake": "snowflake.connector", "duckdb": "duckdb",
}
_DISTRIBUTIONS = {"clickhouse_driver": "clickhouse-driver", "snowflake": "snowflake-connector-python"}
_THERE = installed.modules_of(_NAMES)
PACKAGE = tuple(_THERE)
STATE = {"SILENT": servers.listen(servers.silent), "CLICKHOUSE": servers.listen(servers.clickhouse), "HTTP": servers.listen(servers.refusing)}
# ODBC takes a driver by its file where none is registered
STATE["ODBC"] = os.environ.get("PHASEGATE_ODBC", "FreeTDS")


def refused(connect):
    """Runs what a server does not answer."""
    try:
        connect()
    except Exception:
        return


def prepare():
    return {**STATE, "HOST": servers.HOST, "refused": refused, **installed.top_modules(_THERE)}


def version_of(package):
    return installed.version_of(package, _DISTRIBUTIONS)


RECEIVERS = {"clickhouse_driver.Client": "clickhouse_driver.Client(HOST, port=CLICKHOUSE)"}
ARGUMENTS = {"execute": "'select 1'", "execute_iter": "'select 1'", "query_dataframe": "'select 1'", "insert_dataframe": "'insert into t values', None"}
PROGRAMS = {
    "oracledb.connect": "refused(lambda: oracledb.connect(user='a', password='b', dsn=f'{HOST}:{SILENT}/a'))",
    "pymssql.connect": "refused(lambda: pymssql.connect(server=HOST, port=str(SILENT), user='a', password='b', login_timeout=1))",
    "pyodbc.connect": "refused(lambda: pyodbc.connect(f'Driver={ODBC};Server={HOST};Port={SILENT};Uid=a;Pwd=b;TDS_Version=7.4', timeout=1))",
    "clickhouse_driver.connect": "clickhouse_driver.connect(host=HOST, port=CLICKHOUSE)", "clickhouse_driver.Client": "clickhouse_driver.Client(HOST, port=CLICKHOUSE)",
    "clickhouse_connect.get_client": "clickhouse_connect.get_client(host=HOST, port=HTTP)",
}
