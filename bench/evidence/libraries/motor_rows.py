# Programs for the rows of Motor against a played server, in one event loop.
# Motor's client connects with its first operation.
import asyncio

import motor
import motor.motor_asyncio
from mongo_source import CLIENT, COLLECTION, CURSOR, DATABASE, URL, arguments

PACKAGE = "motor"
ASYNC = True
LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(LOOP)
SOURCE = """
import motor.motor_asyncio
from pymongo import IndexModel, InsertOne
client = motor.motor_asyncio.AsyncIOMotorClient(URL, io_loop=LOOP)
"""


def prepare():
    namespace = {"URL": URL, "LOOP": LOOP}
    exec(SOURCE, namespace)
    return namespace


def warm(namespace):
    LOOP.run_until_complete(namespace["client"].admin.command("ping"))


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    namespace["client"].close()


def version():
    return f"Motor {motor.version}"


_M = "motor.motor_asyncio.AsyncIOMotor"
_OWNERS = {
    f"{_M}Client": ("client", CLIENT), f"{_M}Database": ("client.db", DATABASE), f"{_M}Collection": ("client.db.c", COLLECTION),
    f"{_M}Cursor": ("client.db.c.find()", {**CURSOR, "to_list": "1"}),
}
RECEIVERS = {owner: receiver for owner, (receiver, _) in _OWNERS.items()}
ARGUMENTS = arguments({owner: calls for owner, (_, calls) in _OWNERS.items()})
PROGRAMS = {f"{_M}Client": "motor.motor_asyncio.AsyncIOMotorClient(URL)"}
for _owner, (_receiver, _) in _OWNERS.items():
    if "ursor" not in _owner:
        PROGRAMS[f"{_owner}.__getattr__"] = f"{_receiver}.name_of_it"
        PROGRAMS[f"{_owner}.__getitem__"] = f"{_receiver}['name_of_it']"
DIRECT = {name for name in PROGRAMS if name.endswith(("__getattr__", "__getitem__"))}
