# Programs for the rows of FastAPI and Starlette: path operations, events, dependencies and background tasks keep what they are given.
# Nothing is served.
import importlib.metadata

from callbacks import decorating, namespace, storing

PACKAGE = ("fastapi", "starlette")
SOURCE = """
import contextlib, fastapi, fastapi.routing, starlette.applications
app = fastapi.FastAPI()
router = fastapi.APIRouter()
star = starlette.applications.Starlette()
tasks = fastapi.BackgroundTasks()
@contextlib.asynccontextmanager
async def lifespan(app):
    work()
    yield
def view():
    return work()
class Middleware:
    def __init__(self, app):
        work()
"""


def prepare():
    return namespace(SOURCE)


def version():
    return f"FastAPI {importlib.metadata.version('fastapi')} with Starlette {importlib.metadata.version('starlette')}"


_METHODS = "api_route delete get head options patch post put trace websocket"
PROGRAMS = {
    **decorating("fastapi.APIRouter", "router", _METHODS, "'/'"), **decorating("fastapi.FastAPI", "app", _METHODS, "'/'"),
    **decorating("fastapi.APIRouter", "router", "on_event", "'startup'"), **decorating("fastapi.FastAPI", "app", "on_event", "'startup'"),
    **decorating("fastapi.FastAPI", "app", "exception_handler", "404"), **decorating("fastapi.FastAPI", "app", "middleware", "'http'"),
    **storing("fastapi", "fastapi", "Depends Security"), **storing("fastapi.FastAPI", "app", "add_api_route add_api_websocket_route", "'/', view"),
    "fastapi.FastAPI.add_event_handler": "app.add_event_handler('startup', view)", "fastapi.FastAPI.add_middleware": "app.add_middleware(Middleware)",
    "fastapi.BackgroundTasks.add_task": "tasks.add_task(view)", "fastapi.FastAPI": "fastapi.FastAPI(lifespan=lifespan)",
    "starlette.applications.Starlette.add_event_handler": "star.add_event_handler('startup', view)", "starlette.applications.Starlette.on_event": "star.on_event('startup')(view)",
}
