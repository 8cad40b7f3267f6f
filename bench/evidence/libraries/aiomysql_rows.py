# Programs for the rows of aiomysql: one server, in one event loop.
# What it sets up when it connects counts as connecting.
import asyncio
import importlib.metadata

import aiomysql
import mariadb_source

PACKAGE = "aiomysql"
ASYNC = True
LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(LOOP)
STATEMENTS_TO_OPEN = 3


def prepare():
    return {"aiomysql": aiomysql, "OPTIONS": mariadb_source.options()}


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def version():
    return f"aiomysql {importlib.metadata.version('aiomysql')}"


PROGRAMS = {"aiomysql.connect": "aiomysql.connect(**OPTIONS)", "aiomysql.create_pool": "aiomysql.create_pool(**OPTIONS)"}
