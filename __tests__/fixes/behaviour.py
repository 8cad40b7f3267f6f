# Asked by a test: what does a module do when the framework starts it? Reads JSON {name: source}; runs initialize() with a context that only
# takes notes, then the registered hooks, and writes JSON {name: {"first": [...], "second": [...], "registered": [...], "error": "..."}}.
import asyncio
import inspect
import json
import sys
import types

sqlalchemy = types.ModuleType("sqlalchemy")
sqlalchemy.text = lambda words: words
sys.modules["sqlalchemy"] = sqlalchemy


class Session:
    def __init__(self, log):
        self.log = log

    def execute(self, words, *rest):
        self.log.append(f"execute {words}")
        return self

    def all(self):
        return ["row"]

    def __getattr__(self, name):
        return lambda *args: self.log.append(name)

    def __enter__(self):
        self.log.append("enter")
        return self

    def __exit__(self, *args):
        self.log.append("exit")


class Quiet:
    def __getattr__(self, name):
        return lambda *args: None


class Context:
    flag = True
    name = "shop"
    logger = Quiet()

    def __init__(self):
        self.log, self.hooks, self.registered, self.services = [], [], [], {}

    def db_sync_session(self):
        self.log.append("session")
        return Session(self.log)

    def register_module_setup_hook(self, module_id, setup_method):
        assert callable(setup_method) and module_id == "standard.shop", module_id
        self.hooks.append(setup_method)

    def register_service(self, name, service):
        self.registered.append(f"service {name} {type(service).__name__}")
        self.services[name] = service

    def register_models(self, models):
        self.registered.append(f"models {models}")

    def get_service(self, name):
        return Quiet() if name.startswith("core.") else self.services[name]


def run(function, context):
    result = function(context)
    return asyncio.run(result) if inspect.iscoroutine(result) else result


def behaviour(source):
    context = Context()
    try:
        scope = {"__name__": "api"}
        exec(compile(source, "api.py", "exec"), scope)
        returned = run(scope["initialize"], context)
        first = list(context.log)
        for hook in context.hooks:
            run(hook, context)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    second = context.log[len(first):]
    return {"first": first, "second": second, "registered": context.registered, "returned": repr(returned)}


json.dump({name: behaviour(source) for name, source in json.loads(sys.stdin.buffer.read()).items()}, sys.stdout)
