# Programs for the rows of PyMySQL: connecting sends what the driver sets up, which counts as connecting.
# A connection that is deferred opens nothing.
import mariadb_source
import pymysql

PACKAGE = "pymysql"
# SET AUTOCOMMIT
STATEMENTS_TO_OPEN = 1


def prepare():
    return {"pymysql": pymysql, "OPTIONS": mariadb_source.options()}


def version():
    return f"PyMySQL {pymysql.__version__}"


PROGRAMS = {"pymysql.connect": "pymysql.connect(**OPTIONS)", "pymysql.connect|call|builder": "pymysql.connect(defer_connect=True, **OPTIONS)"}
