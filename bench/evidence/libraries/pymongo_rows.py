# Programs for the rows of pymongo, synchronous and asynchronous, against a played server.
# A client connects in a thread of its own soon after it was made.
import asyncio

import pymongo
from mongo_source import CLIENT, COLLECTION, CURSOR, DATABASE, URL, arguments

PACKAGE = "pymongo"
ASYNC = True
LOOP = asyncio.new_event_loop()
SOURCE = """
import time
import pymongo
from pymongo import IndexModel, InsertOne
client = pymongo.MongoClient(URL)
def waited(client):
    time.sleep(0.3)
    return client
if hasattr(pymongo, "AsyncMongoClient"):
    async def made():
        return pymongo.AsyncMongoClient(URL)
    aclient = run(made())
"""


def prepare():
    namespace = {"URL": URL, "run": LOOP.run_until_complete}
    exec(SOURCE, namespace)
    return namespace


def warm(namespace):
    namespace["client"].admin.command("ping")


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    namespace["client"].close()
    if "aclient" in namespace:
        LOOP.run_until_complete(namespace["aclient"].close())


def version():
    return f"pymongo {pymongo.version}"


_A = "pymongo.asynchronous"
_OWNERS = {
    "pymongo.MongoClient": ("client", CLIENT), "pymongo.database.Database": ("client.db", DATABASE), "pymongo.collection.Collection": ("client.db.c", COLLECTION),
    "pymongo.cursor.Cursor": ("client.db.c.find()", CURSOR), "pymongo.AsyncMongoClient": ("aclient", CLIENT), f"{_A}.database.AsyncDatabase": ("aclient.db", DATABASE),
    f"{_A}.collection.AsyncCollection": ("aclient.db.c", COLLECTION), f"{_A}.cursor.AsyncCursor": ("aclient.db.c.find()", CURSOR),
}
RECEIVERS = {owner: receiver for owner, (receiver, _) in _OWNERS.items()}
ARGUMENTS = arguments({owner: calls for owner, (_, calls) in _OWNERS.items()})
PROGRAMS = {"pymongo.MongoClient": "waited(pymongo.MongoClient(URL))", "pymongo.AsyncMongoClient": "pymongo.AsyncMongoClient(URL)"}
for _owner, (_receiver, _) in _OWNERS.items():
    if "ursor" not in _owner:
        PROGRAMS[f"{_owner}.__getattr__"] = f"{_receiver}.name_of_it"
        PROGRAMS[f"{_owner}.__getitem__"] = f"{_receiver}['name_of_it']"
PROGRAMS["pymongo.cursor.Cursor.__getitem__"] = "client.db.c.find()[0]"
DIRECT = {name for name in PROGRAMS if name.endswith(("__getattr__", "__getitem__"))}
