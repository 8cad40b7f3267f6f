# Programs for the rows of Quart: the same hooks as Flask's, for asynchronous views.
# Nothing is served.
import importlib.metadata

from callbacks import decorating, namespace, storing

PACKAGE = "quart"
SOURCE = """
import quart
app = quart.Quart("rows")
blue = quart.Blueprint("blue", "rows")
view = aview
"""


def prepare():
    return namespace(SOURCE)


def version():
    return f"Quart {importlib.metadata.version('quart')}"


_HOOKS = "after_request after_serving before_request before_serving before_websocket context_processor teardown_appcontext"
_BLUEPRINT = "after_request before_request before_websocket context_processor"
PROGRAMS = {
    **storing("quart.Quart", "app", _HOOKS), **storing("quart.Blueprint", "blue", _BLUEPRINT),
    **storing("quart.Blueprint", "blue", "after_app_serving before_app_serving"),
    **decorating("quart.Quart", "app", "delete get patch post put route websocket", "'/'"), **decorating("quart.Blueprint", "blue", "delete get patch post put route websocket", "'/'"),
    **decorating("quart.Quart", "app", "errorhandler", "404"), **decorating("quart.Blueprint", "blue", "errorhandler", "404"),
}
