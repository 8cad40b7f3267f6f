# Programs for the rows of Python's own functions: `work` is seen when it runs. `items()` and `job()` run it when they are iterated or awaited.
# What is lazy must not run before it is iterated: measure.py checks that for rows whose timing says so.
import asyncio
import platform

from measure import SPY

PACKAGE = (
    "builtins", "asyncio", "itertools", "functools", "contextlib", "collections", "re", "operator", "logging", "concurrent.futures", "copy", "heapq", "json", "threading",
    "timeit", "atexit", "contextvars", "importlib", "inspect", "multiprocessing", "sched", "signal", "cProfile", "weakref",
)
ASYNC = True
LOOP = asyncio.new_event_loop()

SOURCE = """
import asyncio, atexit, cProfile, collections, concurrent.futures, contextlib, contextvars, copy, functools, heapq, importlib, inspect, itertools, json
import logging, multiprocessing, operator, os, re, sched, signal, sys, tempfile, threading, time, timeit, weakref
def items():
    work()
    yield "a"
def pairs():
    work()
    yield "a", 1
async def job(*args):
    work()
class Shown:
    def __str__(self):
        work()
        return "shown"
    __copy__ = __deepcopy__ = lambda self, memo=None: work()
    @property
    def value(self):
        return work()
    def __enter__(self):
        return work()
    def __exit__(self, *error):
        pass
    def close(self):
        work()
log = logging.getLogger("rows")
log.addHandler(logging.StreamHandler(open(os.devnull, "w")))
log.propagate = False
log.setLevel(1)
stack = contextlib.ExitStack()
folder = tempfile.mkdtemp()
sys.path.insert(0, folder)
with open(os.path.join(folder, "imported_now.py"), "w") as file:
    file.write("import measure\\nmeasure.SPY.statements.append('import')")
"""


def work(*args, **kwargs):
    SPY.statements.append("work")
    return 1


def prepare():
    namespace = {"work": work}
    exec(SOURCE, namespace)
    namespace["sys"].modules.pop("imported_now", None)
    return namespace


def drive(coroutine):
    LOOP.run_until_complete(coroutine)


def finish(namespace):
    namespace["sys"].path.remove(namespace["folder"])


def version():
    return f"Python {platform.python_version()}"


_LOOP = "asyncio.get_running_loop()"
# a loop that is not the one that measures
_OWN = "concurrent.futures.ThreadPoolExecutor().submit({}).result()"
PROGRAMS = {
    **{f"builtins.{name}": f"{name}(items())" for name in ("all", "any", "enumerate", "frozenset", "iter", "list", "next", "set", "tuple", "zip")},
    "builtins.bytes": "bytes(1 for _ in items())", "builtins.sum": "sum(1 for _ in items())", "builtins.dict": "dict(pairs())",
    "builtins.filter": "filter(work, [1])", "builtins.map": "map(work, [1])", "builtins.max": "max([1, 2], key=work)", "builtins.min": "min([1, 2], key=work)",
    "builtins.sorted": "sorted([1], key=work)", "builtins.eval": "eval('work()')", "builtins.exec": "exec('work()')",
    "builtins.getattr": "getattr(Shown(), 'value')", "builtins.hasattr": "hasattr(Shown(), 'value')",
    "dict.fromkeys": "dict.fromkeys(items())", "dict.update": "{}.update(pairs())", "list.extend": "[].extend(items())", "list.sort": "[1].sort(key=work)",
    **{f"set.{name}": f"{{1}}.{name}(items())" for name in ("difference", "intersection", "union", "update")}, "str.join": "''.join(items())",
    "asyncio.AbstractEventLoop.call_at": f"{_LOOP}.call_at(0, work)", "asyncio.AbstractEventLoop.call_later": f"{_LOOP}.call_later(0, work)",
    "asyncio.AbstractEventLoop.call_soon": f"{_LOOP}.call_soon(work)", "asyncio.AbstractEventLoop.call_soon_threadsafe": f"{_LOOP}.call_soon_threadsafe(work)",
    "asyncio.AbstractEventLoop.create_task": f"{_LOOP}.create_task(job())", "asyncio.AbstractEventLoop.run_in_executor": f"{_LOOP}.run_in_executor(None, work)",
    "asyncio.AbstractEventLoop.run_until_complete": _OWN.format("lambda: asyncio.new_event_loop().run_until_complete(job())"),
    "asyncio.Future.add_done_callback": "asyncio.Future().add_done_callback(work)", "asyncio.Runner.run": _OWN.format("lambda: asyncio.Runner().run(job())"),
    "asyncio.as_completed": "asyncio.as_completed([job()])", "asyncio.create_task": "asyncio.create_task(job())", "asyncio.ensure_future": "asyncio.ensure_future(job())",
    "asyncio.gather": "asyncio.gather(job())", "asyncio.run": _OWN.format("lambda: asyncio.run(job())"),
    "asyncio.run_coroutine_threadsafe": f"asyncio.run_coroutine_threadsafe(job(), {_LOOP})", "asyncio.shield": "asyncio.shield(job())", "asyncio.to_thread": "asyncio.to_thread(work)",
    "asyncio.wait": "asyncio.wait([asyncio.ensure_future(job())])", "asyncio.wait_for": "asyncio.wait_for(job(), 1)",
    "itertools.accumulate": "itertools.islice(itertools.accumulate([1, 2], work), 1, 2)", "itertools.chain": "itertools.chain(items())", "itertools.combinations": "itertools.combinations(items(), 1)",
    "itertools.compress": "itertools.compress(items(), [1])", "itertools.cycle": "itertools.cycle(items())", "itertools.dropwhile": "itertools.dropwhile(work, [1])",
    "itertools.filterfalse": "itertools.filterfalse(work, [1])", "itertools.groupby": "itertools.groupby([1], work)", "itertools.islice": "itertools.islice(items(), 1)",
    "itertools.permutations": "itertools.permutations(items())", "itertools.product": "itertools.product(items())", "itertools.starmap": "itertools.starmap(work, [()])",
    "itertools.takewhile": "itertools.takewhile(work, [1])", "itertools.tee": "itertools.tee(items())[0]", "itertools.zip_longest": "itertools.zip_longest(items())",
    **{f"functools.{name}": f"functools.{name}(work)" for name in ("cache", "cached_property", "lru_cache", "partial", "partialmethod", "singledispatch")},
    "functools.wraps": "functools.wraps(work)(work)", "functools.reduce": "functools.reduce(work, [1, 2])",
    "contextlib.ExitStack.callback": "stack.callback(work)", "contextlib.ExitStack.push": "stack.push(work)", "contextlib.ExitStack.enter_context": "stack.enter_context(Shown())",
    "contextlib.contextmanager": "contextlib.contextmanager(work)", "contextlib.asynccontextmanager": "contextlib.asynccontextmanager(work)",
    "collections.Counter": "collections.Counter(items())", "collections.OrderedDict": "collections.OrderedDict(pairs())", "collections.defaultdict": "collections.defaultdict(work)",
    "collections.deque": "collections.deque(items())", "re.sub": "re.sub('a', lambda m: str(work()), 'a')", "re.subn": "re.subn('a', lambda m: str(work()), 'a')",
    "re.Pattern.sub": "re.compile('a').sub(lambda m: str(work()), 'a')", "re.Pattern.subn": "re.compile('a').subn(lambda m: str(work()), 'a')",
    "operator.attrgetter": "operator.attrgetter('a')", "operator.methodcaller": "operator.methodcaller('a')", "operator.call": "operator.call(work)",
    **{f"logging.Logger.{name}": f"log.{name}('%s', Shown())" for name in ("critical", "debug", "error", "exception", "info", "warning")}, "logging.Logger.log": "log.log(20, '%s', Shown())",
    "concurrent.futures.Executor.map": "concurrent.futures.ThreadPoolExecutor().map(work, [1])", "concurrent.futures.Executor.submit": "concurrent.futures.ThreadPoolExecutor().submit(work)",
    "copy.copy": "copy.copy(Shown())", "copy.deepcopy": "copy.deepcopy(Shown())", "heapq.nlargest": "heapq.nlargest(1, [1, 2], key=work)", "heapq.nsmallest": "heapq.nsmallest(1, [1, 2], key=work)",
    "json.dumps": "json.dumps(object(), default=work)", "json.loads": "json.loads('{}', object_hook=work)",
    "threading.Thread.start": "threading.Thread(target=work).start()", "threading.Timer.start": "threading.Timer(0, work).start()",
    "timeit.timeit": "timeit.timeit(work, number=1)", "timeit.repeat": "timeit.repeat(work, number=1, repeat=1)", "atexit.register": "atexit.register(lambda: None)",
    "contextvars.Context.run": "contextvars.copy_context().run(work)", "importlib.import_module": "importlib.import_module('imported_now')", "inspect.getmembers": "inspect.getmembers(Shown())",
    "sched.scheduler.enter": "sched.scheduler(time.time, time.sleep).enter(9, 1, work)", "signal.signal": "signal.signal(signal.SIGUSR1, work)", "cProfile.Profile.runcall": "cProfile.Profile().runcall(work)",
    "weakref.finalize": "weakref.finalize(Shown, work)",
}
PROGRAMS["asyncio.TaskGroup.create_task"] = "group.create_task(job())"
PROGRAMS["contextlib.closing"] = "contextlib.closing(Shown())"
NOT_SEEN = {
    "multiprocessing.Process.start": "runs in another process, where the spy does not see it",
    "asyncio.TaskGroup.create_task": "needs the group that is entered around it; bench/oracle compares it with CPython",
    "contextlib.closing": "runs at the end of the block, after the moment that is watched; bench/oracle compares it with CPython",
}
for _name in ("contextlib.ExitStack.callback", "contextlib.ExitStack.push"):
    BEFORE = {**globals().get("BEFORE", {}), _name: "at_exit = stack.close"}
