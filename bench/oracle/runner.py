"""Runs many small Python programs and says where their probe was hit: the CPython half of the differential oracle.

Reads one JSON object a line from stdin and answers with one line each, in order:
  {"id", "files": {path: text}, "limit": runs, "changed"?: true}  ->  {"id", "runs": [run, ...], "exhaustive"} or {"id", "refused": message}
  {"id", "files", "reduce": "coarse" or "fine"}                           ->  {"id", "candidates": [{path: text or null}, ...]}
A run is {"hits": [[phase, tag, file, line, thread, stack]], "raised": [types], "outcome": "ok" or "<where>: <error>"}. Every program gets a
process of its own, forked here, with a time limit. Programs live in memory: nothing is written to disk.

Conditions that a program cannot know (`ctx.flag_1`, `os.environ.get("FLAG_1")`, `random.random() < 0.5`) take the next bit of the run's plan each time
they are evaluated, 0 when the plan is over. With "changed", so do flags of modules when their body has run: other code of the application may have come
by before. So does whether a package `missing_…` that is not in the program is installed. Plans are tried shortest first until every outcome was seen or the limit is reached.
"""
import asyncio
import gc
import importlib.abc
import importlib.machinery
import inspect
import io
import json
import logging
import os
import select
import signal
import sys
import threading
import time
import types
import warnings

# loaded before the fork, so that programs do not pay for it
import concurrent.futures
import contextlib
import dataclasses
import enum
import functools
import itertools
import operator
import random
import re
import typing

from reduce import candidates
from surroundings import Choices, Context, Environment, Foreign, Rows

SECONDS = 3
# conditions of one run whose other outcome is tried
DEEPEST = 12
# tags are numbers from here on; smaller arguments of db() belong to the program
FIRST_TAG = 1000
# flags of modules that functions or other modules set
FLAGS = re.compile(r"DONE_\d+|READY")
# how exhaustion and closing are told, not errors
ENDINGS = {"StopIteration", "StopAsyncIteration", "GeneratorExit"}


class Tree(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports modules of a program from memory."""

    def __init__(self, files, changed):
        self.changed = changed
        self.codes = {path: compile(text, path, "exec", dont_inherit=True) for path, text in files.items()}
        self.names = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in files]
        self.names += [name[:i] for name in self.names for i, letter in enumerate(name) if letter == "."]
        self.choices = None
        self.folders = {path[:i] for path in files for i, letter in enumerate(path) if letter == "/"}

    def find_spec(self, name, path=None, target=None):
        if name.startswith("missing_"):
            return importlib.machinery.ModuleSpec(name, Foreign(self.choices)) if self.choices.take() else None
        base = name.replace(".", "/")
        for file, package in ((base + "/__init__.py", True), (base + ".py", False)):
            if file in self.codes:
                spec = importlib.machinery.ModuleSpec(name, self, origin=file, is_package=package)
                if package:
                    spec.submodule_search_locations = [base]
                return spec
        if base in self.folders:
            spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = [base]
            return spec
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__file__ = module.__spec__.origin
        exec(self.codes[module.__spec__.origin], module.__dict__)
        if not self.changed:
            return
        for name, value in module.__dict__.items():
            if FLAGS.fullmatch(name) and self.choices.take():
                module.__dict__[name] = not value


class Recorder:
    """The probe: notes in which phase, at which place and through which frames it was called."""

    def __init__(self, paths):
        self.paths, self.phase, self.seen, self.raised = paths, "import", {}, set()

    def db(self, *args, **kwargs):
        stack = []
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename in self.paths:
                stack.append([frame.f_code.co_filename, frame.f_lineno])
            frame = frame.f_back
        tag = args[0] if args and type(args[0]) is int and args[0] >= FIRST_TAG else None
        thread = threading.current_thread() is not threading.main_thread()
        file, line = stack[0] if stack else ["", 0]
        self.seen.setdefault((self.phase, tag, file, line, thread), stack)
        return Rows(self.choices)

    def trace(self, frame, event, arg):
        if frame.f_code.co_filename not in self.paths:
            return None
        frame.f_trace_lines = False
        return self.local

    def local(self, frame, event, arg):
        if event == "exception" and arg[0].__name__ not in ENDINGS:
            self.raised.add(arg[0].__name__)
        return self.local

    def hits(self):
        return [[*key, stack] for key, stack in self.seen.items()]


async def boot(recorder, initialize):
    """The phase and what the application's loop does after it, whether the phase ended in an error or not."""
    try:
        await initialize(Context(recorder.choices))
    finally:
        recorder.phase = "scheduled"
        for _ in range(2):
            await asyncio.sleep(0)
        recorder.phase = "later"
        for _ in range(30):
            await asyncio.sleep(0)
        # hours pass
        loop, now = asyncio.get_running_loop(), time.monotonic
        for hours in range(1, 4):
            loop.time = lambda: now() + 3600 * hours
            for _ in range(10):
                await asyncio.sleep(0)


def run_left_over(recorder):
    """The application runs the loop of its thread, when something has made one."""
    loop = asyncio.get_event_loop_policy()._local._loop
    if loop is None or loop.is_closed():
        return
    recorder.phase = "scheduled"
    for _ in range(5):
        loop.call_soon(loop.stop)
        loop.run_forever()


def execute(recorder):
    """Imports main and calls initialize; answers how that ended."""
    where = "import"
    try:
        import main

        where = recorder.phase = "phase-1"
        if not inspect.iscoroutinefunction(main.initialize):
            main.initialize(Context(recorder.choices))
            run_left_over(recorder)
            return "ok"
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda loop, problem: None)
        asyncio.set_event_loop(loop)
        # never closed: what is pending must not be cancelled, that would run its cleanup
        loop.run_until_complete(boot(recorder, main.initialize))
        return "ok"
    except BaseException as error:
        return f"{where}: {type(error).__name__}: {error}"


def settle(recorder):
    """Waits for threads that were started; answers whether the process is as before."""
    recorder.phase = "scheduled"
    clean = True
    for thread in threading.enumerate():
        if thread is threading.current_thread():
            continue
        if "Executor" not in thread.name and not thread.name.startswith("asyncio"):
            thread.join(0.3)
            clean = clean and not thread.is_alive()
        else:
            time.sleep(0.002)
    return clean


def one(tree, plan):
    """One run in this process: (result, whether another run may follow)."""
    recorder = Recorder(frozenset(tree.codes))
    recorder.choices = tree.choices = Choices(plan)
    os.environ = Environment(recorder.choices)
    random.random = lambda: 0.25 if recorder.choices.take() else 0.75
    probe = types.ModuleType("probe")
    probe.db = recorder.db
    sys.modules["probe"] = probe
    threading.settrace(recorder.trace)
    sys.settrace(recorder.trace)
    outcome = execute(recorder)
    sys.settrace(None)
    clean = settle(recorder)
    asyncio.set_event_loop(None)
    for name in [name for name in sys.modules if name in tree.names or name.startswith("missing_")]:
        del sys.modules[name]
    result = {"hits": recorder.hits(), "raised": sorted(recorder.raised), "outcome": outcome, "taken": recorder.choices.taken}
    return result, clean


def child(tree, waiting, limit, pipe):
    """Runs the program under as many plans as it can; writes a line for each."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    sys.stdout = sys.stderr = io.StringIO()
    sys.unraisablehook = lambda problem: None
    threading.excepthook = lambda problem: None
    sys.meta_path.insert(0, tree)
    while waiting and limit > 0:
        plan = waiting.pop(0)
        result, clean = one(tree, plan)
        limit -= 1
        taken = result.pop("taken")
        waiting.extend(plan.ljust(at, "0") + "1" for at in range(len(plan), min(taken, len(plan) + DEEPEST)))
        os.write(pipe, (json.dumps([result, waiting]) + "\n").encode())
        if not clean:
            break


def lines(process, pipe):
    """What the child wrote until it ended or its time was over."""
    parts = []
    until = time.monotonic() + SECONDS + 2
    while True:
        ready = select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]
        part = os.read(pipe, 1 << 16) if ready else b""
        if not part:
            break
        parts.append(part)
    os.close(pipe)
    if not ready:
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return [json.loads(line) for line in b"".join(parts).decode().splitlines()]


def explore(tree, limit):
    """Runs under the shortest plans first. Answers the runs and whether all outcomes of all conditions were tried."""
    runs, waiting = [], [""]
    while waiting and len(runs) < limit:
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            try:
                os.close(reading)
                child(tree, waiting, limit - len(runs), writing)
            finally:
                os._exit(0)
        os.close(writing)
        written = lines(process, reading)
        if not written:
            return [*runs, {"hits": [], "raised": [], "outcome": "timeout"}], False
        runs.extend(result for result, _ in written)
        waiting = written[-1][1]
    return runs, not waiting


def answer(request):
    if request.get("reduce"):
        return {"id": request["id"], "candidates": candidates(request["files"], request["reduce"] == "fine")}
    try:
        tree = Tree({path: text for path, text in request["files"].items() if path != "probe.py"}, request.get("changed"))
    except (SyntaxError, ValueError) as error:
        return {"id": request["id"], "refused": f"{type(error).__name__}: {error}"}
    runs, exhaustive = explore(tree, request["limit"])
    return {"id": request["id"], "runs": runs, "exhaustive": exhaustive}


def main():
    gc.freeze()
    gc.disable()
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
