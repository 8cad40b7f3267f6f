# Runs Phase 1 of one project under the real library and prints every statement and connection with the place in the project that caused it.
# usage: runner.py FOLDER django | runner.py FOLDER module NAME[:FUNCTION]   (the folder is the import root; SQLite in a scratch file)
import asyncio
import importlib
import json
import os
import sqlite3
import sys
import tempfile

FOLDER, KIND = os.path.realpath(sys.argv[1]), sys.argv[2]
sys.path.insert(0, FOLDER)
SEEN = []
QUIET = [False]


def stack():
    """The frames from the innermost out; synchronous code of SQLAlchemy's asynchronous sessions runs in a greenlet, whose parent waits for it."""
    frame = sys._getframe(3)
    waiting = sys.modules["greenlet"].getcurrent().parent if "greenlet" in sys.modules else None
    while True:
        while frame is not None:
            yield frame
            frame = frame.f_back
        if waiting is None:
            return
        frame, waiting = waiting.gr_frame, waiting.parent


def frames():
    out = []
    for frame in stack():
        name = os.path.realpath(frame.f_code.co_filename)
        if name.startswith(FOLDER + os.sep):
            owner = frame.f_locals.get("self")
            qualified = getattr(frame.f_code, "co_qualname", frame.f_code.co_name)
            out.append((os.path.relpath(name, FOLDER), frame.f_lineno, qualified, type(owner).__name__ if owner is not None else None))
    return out


def record(what):
    found = frames()
    if QUIET[0] or not found:
        return
    path, line, _, _ = found[0]
    outer, _, qualified, owner = found[-1]
    name = qualified.rpartition(".")[2]
    if qualified == "<module>":
        entry = outer
    else:
        entry = f"{outer}::{owner}.{name}" if owner is not None else f"{outer}::{qualified}"
    SEEN.append({"entry": entry, "file": path, "line": line, "what": what})


def watch_sqlite():
    original = sqlite3.dbapi2.connect

    def connect(*args, **kwargs):
        record("connection")
        connection = original(*args, **kwargs)
        connection.set_trace_callback(lambda sql: record("statement"))
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = connect


def watch_async():
    """aiosqlite works in a thread of its own: what it sends is seen where SQLAlchemy hands it over."""
    try:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine
    except ImportError:
        return
    event.listen(Engine, "before_cursor_execute", lambda *ignored: record("statement"))


def run_django():
    from django.conf import settings

    apps = sorted(name for name in os.listdir(FOLDER) if os.path.exists(os.path.join(FOLDER, name, "models.py")) or os.path.exists(os.path.join(FOLDER, name, "apps.py")))
    given = importlib.import_module("settings") if os.path.exists(os.path.join(FOLDER, "settings.py")) else None
    values = {name: getattr(given, name) for name in dir(given) if name.isupper()} if given else {}
    more = [name for name in values.pop("INSTALLED_APPS", []) if name not in apps]
    database = os.path.join(tempfile.mkdtemp(), "db.sqlite3")
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *more, *apps],
        SECRET_KEY="none",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        **values,
    )
    import django
    from django.apps import registry
    from django.core.management import call_command
    from django.db import connection
    from django.db.backends.utils import CursorWrapper
    from django.db.utils import OperationalError

    execute = CursorWrapper._execute

    def spied(self, sql, params, *ignored):
        record("statement")
        try:
            return execute(self, sql, params, *ignored)
        except OperationalError:
            # before the tables are there: the statement was sent, that is what counts
            return self.cursor.execute("select 1 where 0")

    CursorWrapper._execute = spied

    real = registry.apps.clear_cache

    def tables():
        """After the models and before the first ready(): what `migrate` would have made."""
        real()
        if sys._getframe(1).f_code.co_name != "populate":
            return
        registry.apps.clear_cache = real
        registry.apps.models_ready = True
        QUIET[0] = True
        with connection.schema_editor() as editor:
            for model in registry.apps.get_models():
                if model._meta.managed and not model._meta.proxy:
                    editor.create_model(model)
        call_command("createcachetable", verbosity=0)
        QUIET[0] = False

    registry.apps.clear_cache = tables
    django.setup()
    for name in apps:
        if os.path.exists(os.path.join(FOLDER, name, "admin.py")):
            importlib.import_module(f"{name}.admin")
    if "ROOT_URLCONF" in values:
        importlib.import_module(values["ROOT_URLCONF"])


def run_module(target):
    watch_sqlite()
    watch_async()
    os.chdir(tempfile.mkdtemp())
    name, _, function = target.partition(":")
    module = importlib.import_module(name)
    context = importlib.import_module("core.app_context").AppContext() if os.path.exists(os.path.join(FOLDER, "core", "app_context.py")) else None
    if function:
        result = getattr(module, function)(context)
        if asyncio.iscoroutine(result):
            asyncio.run(result)


error = None
try:
    run_django() if KIND == "django" else run_module(sys.argv[3])
except Exception as raised:
    error = f"{type(raised).__name__}: {raised}"
unique = {(one["entry"], one["file"], one["line"]): one for one in SEEN}
print(json.dumps({"error": error, "seen": list(unique.values())}))
