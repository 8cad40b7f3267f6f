# Programs for the rows of MySQL's own connector: what it sets up when it connects counts as connecting.
# One server behind a relay.
import mariadb_source
import mysql.connector

PACKAGE = "mysql"
STATEMENTS_TO_OPEN = 4


def prepare():
    return {"mysql": mysql, "OPTIONS": mariadb_source.options()}


def version():
    return f"MySQL Connector/Python {mysql.connector.__version__}"


PROGRAMS = {"mysql.connector.connect": "mysql.connector.connect(**OPTIONS, use_pure=True)"}
