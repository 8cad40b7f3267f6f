# Programs for the rows of Beanie against a played server, in one event loop: one document class over an asynchronous client.
# The client connects with its first operation.
import asyncio

import beanie
import pymongo
from mongo_source import URL

PACKAGE = "beanie"
ASYNC = True
LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(LOOP)


class Item(beanie.Document):
    name: str = "a"
    n: int = 1


def prepare():
    client = pymongo.AsyncMongoClient(URL)
    LOOP.run_until_complete(beanie.init_beanie(database=client["db"], document_models=[Item]))
    namespace = {"client": client, "beanie": beanie, "Item": Item, "run": LOOP.run_until_complete}
    namespace["item"] = Item(name="b")
    namespace["kept"] = Item(id="5f4e3f3f3f3f3f3f3f3f3f3f", name="c")
    return namespace


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    LOOP.run_until_complete(namespace["client"].close())


def version():
    return f"Beanie {beanie.__version__}"


_MANY = "beanie.odm.queries.find.FindMany"
RECEIVERS = {"beanie.Document": "Item", _MANY: "Item.find()"}
ARGUMENTS = {
    "find": "", "find_many": "", "find_all": "", "all": "", "find_one": "", "beanie.Document.get": "'5f4e3f3f3f3f3f3f3f3f3f3f'", "insert_one": "Item()", "insert_many": "[Item()]",
    "count": "", "delete_all": "", "sort": "'name'", "skip": "1", "limit": "1", "project": "Item", "to_list": "", "first_or_none": "", "exists": "", f"{_MANY}.delete": "", f"{_MANY}.update": "{'$set': {'n': 2}}",
    f"{_MANY}.__aiter__": "",
}
PROGRAMS = {
    "beanie.init_beanie": "beanie.init_beanie(database=client['db'], document_models=[Item])", "beanie.odm.queries.find.FindOne": "Item.find_one()", f"{_MANY}.__aiter__": "Item.find()",
    **{f"beanie.Document.{name}": f"item.{name}()" for name in ("insert", "create")}, **{f"beanie.Document.{name}": f"kept.{name}()" for name in ("save", "replace", "delete", "sync", "fetch_all_links")},
    **{f"beanie.Document.{name}": f"kept.{name}({{'$set': {{'n': 2}}}})" for name in ("update",)}, "beanie.Document.set": "kept.set({'n': 2})",
}
