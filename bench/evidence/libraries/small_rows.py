# Programs for the rows of small packages that keep or run one callable: one program each, measured where the package can be imported.
# A package that is not there has no version and no program.
import installed
from callbacks import namespace

_NAMES = {
    "typer": "typer", "aiocache": "aiocache", "flask-socketio": "flask_socketio", "prometheus-client": "prometheus_client", "sentry-sdk": "sentry_sdk", "gevent": "gevent",
    "watchdog": "watchdog.observers", "dramatiq": "dramatiq.brokers.stub", "pytest": "pytest", "anyio": "anyio", "trio": "trio",
}
_THERE = installed.modules_of(_NAMES)
PACKAGE = tuple(_THERE)


def prepare():
    return {**namespace(""), **installed.top_modules(_THERE)}


def version_of(package):
    return installed.version_of(package, {})


PROGRAMS = {
    "typer.Typer.callback": "typer.Typer().callback()(view)", "typer.Typer.command": "typer.Typer().command()(view)", "aiocache.cached": "aiocache.cached()(aview)",
    "aiocache.cached_stampede": "aiocache.cached_stampede()(aview)", "aiocache.multi_cached": "aiocache.multi_cached('keys')(aview)",
    "flask_socketio.SocketIO.event": "flask_socketio.SocketIO().event(view)", "flask_socketio.SocketIO.on": "flask_socketio.SocketIO().on('e')(view)",
    "flask_socketio.SocketIO.on_error": "flask_socketio.SocketIO().on_error()(view)", "flask_socketio.SocketIO.on_error_default": "flask_socketio.SocketIO().on_error_default(view)",
    "prometheus_client.Gauge.set_function": "prometheus_client.Gauge('rows', 'rows', registry=None).set_function(view)", "sentry_sdk.init": "sentry_sdk.init(before_send=view)",
    "gevent.spawn_later": "gevent.wait([gevent.spawn_later(0, work)])", "watchdog.observers.Observer.schedule": "watchdog.observers.Observer().schedule(view, '.')",
    "dramatiq.actor": "dramatiq.actor(view, broker=dramatiq.brokers.stub.StubBroker())", "pytest.fixture": "pytest.fixture(view)", "anyio.run": "anyio.run(job)", "trio.run": "trio.run(job)",
}
