# Programs for the rows of Sanic: hooks and routes are stored by applications and blueprints; nothing is served.
# Each program has an application of its own name, as Sanic keeps them all.
import itertools

import sanic
from callbacks import decorating, namespace, storing

PACKAGE = "sanic"
SOURCE = """
import sanic
app = sanic.Sanic(NAME)
blue = sanic.Blueprint("blue")
view = aview
"""
_NUMBER = itertools.count()


def prepare():
    return namespace(SOURCE.replace("NAME", f"'rows{next(_NUMBER)}'"))


def version():
    return f"Sanic {sanic.__version__}"


PROGRAMS = {}
for _kind, _owner in (("Sanic", "app"), ("Blueprint", "blue")):
    _prefix = f"sanic.{_kind}"
    PROGRAMS.update(storing(_prefix, _owner, "after_server_start after_server_stop before_server_start before_server_stop main_process_start on_request on_response"))
    PROGRAMS.update(decorating(_prefix, _owner, "delete get patch post put route websocket", "'/'"))
    PROGRAMS.update(decorating(_prefix, _owner, "exception", "KeyError"))
    PROGRAMS.update(decorating(_prefix, _owner, "listener", "'before_server_start'"))
    PROGRAMS.update(decorating(_prefix, _owner, "middleware", "'request'"))
