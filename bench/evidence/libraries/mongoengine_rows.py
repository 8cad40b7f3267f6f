# Programs for the rows of mongoengine against a played server: one document class.
# A document class without indexes asks for them with its first query.
import mongoengine
from mongo_source import URL

PACKAGE = "mongoengine"
SOURCE = """
import time
import mongoengine
mongoengine.disconnect()
mongoengine.connect(host=URL, uuidRepresentation="standard")
class Thing(mongoengine.Document):
    name = mongoengine.StringField()
    other = mongoengine.ReferenceField("self")
    meta = {"indexes": ["name"]}
def waited(value):
    time.sleep(0.3)
    return value
thing = Thing(id="507f1f77bcf86cd799439011", name="a", other="507f1f77bcf86cd799439012")
thing._created = False
"""


def prepare():
    namespace = {"URL": URL}
    exec(SOURCE, namespace)
    return namespace


def finish(namespace):
    mongoengine.disconnect()


def version():
    return f"mongoengine {mongoengine.__version__}"


RECEIVERS = {"mongoengine.Document": "thing"}
ARGUMENTS = {
    "create_index": "'name'", "compare_indexes": "", "delete": "", "drop_collection": "", "ensure_indexes": "", "list_indexes": "", "modify": "name='b'", "reload": "", "save": "", "select_related": "",
    "update": "name='b'",
}
PROGRAMS = {
    "mongoengine.connect": "waited(mongoengine.connect('db', alias='other', host=URL))", "mongoengine.connection.get_connection": "waited(mongoengine.connection.get_connection('later'))",
    "mongoengine.get_connection": "waited(mongoengine.get_connection('later'))", "mongoengine.Document.objects": "Thing.objects",
}
_LATER = "mongoengine.disconnect('later'); mongoengine.register_connection('later', 'db', host=URL)"
BEFORE = {"mongoengine.get_connection": _LATER, "mongoengine.connection.get_connection": _LATER}
BEFORE |= {f"mongoengine.Document.{name}": "thing.save()" for name in ("modify", "update")}
