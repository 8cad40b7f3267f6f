# Programs for the rows of mysqlclient: what it sets up when it connects counts as connecting.
# One server behind a relay.
import mariadb_source
import MySQLdb

PACKAGE = "MySQLdb"
STATEMENTS_TO_OPEN = 3


def prepare():
    return {"MySQLdb": MySQLdb, "OPTIONS": mariadb_source.options()}


def version():
    return f"mysqlclient {MySQLdb.__version__}"


PROGRAMS = {"MySQLdb.connect": "MySQLdb.connect(**OPTIONS)"}
