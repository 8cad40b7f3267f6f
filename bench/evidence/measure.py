# Measures what catalogue rows claim: runs one small program per row against the real library, with a spy on every SQLite connection.
# usage: measure.py ROWS.json LIBRARY   (prints one JSON object: version and row key -> effect). Programs are data: see libraries/.
import asyncio
import atexit
import importlib
import json
import os
import re
import signal
import sqlite3
import sys
import threading
import time
import warnings

warnings.simplefilter("ignore")


class Spy:
    """Counts connections that are opened and statements that SQLite executes, BEGIN and COMMIT included."""

    def __init__(self):
        self.connections = 0
        self.statements = []

    def clear(self):
        self.connections = 0
        self.statements.clear()

    def install(self):
        original = sqlite3.dbapi2.connect

        def connect(*args, **kwargs):
            self.connections += 1
            connection = original(*args, **kwargs)
            connection.set_trace_callback(self.statements.append)
            return connection

        sqlite3.connect = sqlite3.dbapi2.connect = connect


SPY = Spy()

# symbols whose programs use the value themselves
DIRECT = set()
IMPLICIT = {
    "__bool__": "bool(x)",
    "__len__": "len(x)",
    "__contains__": "object() in x",
    "__getitem__": "x[0]",
    "__repr__": "repr(x)",
    "__str__": "str(x)",
    "__reduce__": "__import__('pickle').dumps(x)",
}


def nothing(namespace):
    """A library without connections to open or close."""


# what a library module need not say
DEFAULTS = {
    "RECEIVERS": {}, "PROGRAMS": {}, "ARGUMENTS": {}, "BEFORE": {}, "PENDING": {},
    "finish": nothing, "cold": nothing, "warm": nothing,
}


def program(library, row):
    """The expression of a row, and its receiver; None when nobody wrote a program for it."""
    symbol, moment = row["symbol"], row["when"]
    for key in (f"{symbol}|{moment}|{row['role']}", f"{symbol}|{moment}", symbol):
        if key in library.PROGRAMS:
            return None, library.PROGRAMS[key]
    owner, _, name = symbol.rpartition(".")
    if owner not in library.RECEIVERS:
        return None
    receiver = library.RECEIVERS[owner]
    if name.startswith("__") and name != "__call__":
        return receiver, "r"
    if name == "__call__":
        return receiver, "r()"
    if moment == "evaluated":
        return receiver, f"r.{name}"
    arguments = library.ARGUMENTS.get(f"{owner}.{name}", library.ARGUMENTS.get(name))
    return None if arguments is None else (receiver, f"r.{name}({arguments})")


async def rest(namespace):
    """Libraries that work in threads of their own say how long to wait for them."""
    if namespace.get("REST"):
        await asyncio.sleep(namespace["REST"])


def consume(x):
    """One element of what is lazy."""
    for _ in x:
        break


async def settle(namespace):
    """Until what was scheduled, or handed to a thread, has run; the end of the block of what runs there."""
    if "at_exit" in namespace:
        namespace["at_exit"]()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        time.sleep(0.2)
    else:
        await asyncio.sleep(0.1)


async def act(row, namespace, code):
    """Builds what the row is about, then does, under the spy, only what the row is about."""
    name = row["symbol"].rpartition(".")[2]
    moment = row["when"]
    direct = row["symbol"] in DIRECT or name not in IMPLICIT
    if moment == "call" and row.get("timing") == "iterated":
        SPY.clear()
        exec(f"x = {code}", namespace)
        if SPY.statements:
            raise RuntimeError("ran before it was iterated")
        consume(namespace["x"])
        return
    if moment == "call" or (moment == "evaluated" and direct):
        SPY.clear()
        exec(f"_ = {code}", namespace)
        if row.get("timing", "now") != "now":
            await settle(namespace)
        return
    exec(f"x = {code}", namespace)
    x = namespace["x"]
    SPY.clear()
    if moment == "awaited":
        await x
    elif moment == "entered":
        if hasattr(type(x), "__aenter__"):
            async with x:
                await rest(namespace)
                counted = (SPY.connections, list(SPY.statements))
        else:
            with x:
                counted = (SPY.connections, list(SPY.statements))
        SPY.connections = counted[0]
        SPY.statements[:] = counted[1]
    elif moment == "iterated":
        if hasattr(x, "__aiter__") and name != "__iter__":
            async for _ in x:
                pass
        else:
            for _ in x:
                pass
    else:
        exec(f"_ = {IMPLICIT[name]}", namespace)


def run(library, row, receiver, code, state, before):
    """One run from one state of the connection: (connections, statements, error)."""
    namespace = library.prepare()
    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        error = None
        try:
            if receiver is not None:
                exec(f"r = {receiver}", namespace)
            if before:
                exec(before, namespace)
            state(namespace)
        except Exception as raised:
            SPY.clear()
            return 0, 0, described(raised)
        SPY.clear()
        name = row["symbol"].rpartition(".")[2]
        suspends = row["when"] == "awaited" or (row["when"] in ("entered", "iterated") and name.strip("_").startswith("ai"))
        try:
            if getattr(library, "ASYNC", False):
                library.drive(act(row, namespace, code))
            elif suspends:
                asyncio.run(act(row, namespace, code))
            else:
                drive(act(row, namespace, code))
        except Exception as raised:
            error = described(raised)
        return SPY.connections, len(SPY.statements), error
    finally:
        signal.alarm(0)
        library.finish(namespace)


# a program that waits for ever is one that could not be measured
SECONDS = 10


def late(*_):
    raise TimeoutError(f"no end within {SECONDS} seconds")


def described(error):
    """In one line, without what differs from machine to machine."""
    text = re.sub(r"\s*\(?/\S+|\b0x[0-9a-f]+", "", str(error))
    return f"{type(error).__name__}: {text}"[:160].strip()


def drive(coroutine):
    """Runs a coroutine that never suspends, so that code which refuses to run under an event loop runs."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise RuntimeError("suspended")


def measured(library, row):
    unseen = getattr(library, "NOT_SEEN", {}).get(row["symbol"])
    if unseen is not None:
        return {"effect": None, "why": unseen}
    found = program(library, row)
    if found is None:
        return {"effect": None, "why": "no program"}
    receiver, code = found
    before = library.BEFORE.get(row["symbol"])
    cold = run(library, row, receiver, code, library.cold, before)
    warm = run(library, row, receiver, code, library.warm, before)
    # opening a connection may send statements of its own
    opening = getattr(library, "STATEMENTS_TO_OPEN", 0) * warm[0]
    effect = "statement" if warm[1] > opening else "connection" if cold[0] > 0 else "nothing"
    out = {"effect": effect, "program": code if receiver is None else f"r = {receiver}; {code}"}
    error = warm[2] if warm[2] is not None else cold[2]
    if error is not None and effect != "statement":
        return {"effect": None, "why": error, "program": out["program"]}
    pending = library.PENDING.get(row["symbol"])
    if pending is not None:
        later = run(library, row, receiver, code, library.warm, pending)
        if effect != "statement" and later[1] > 0:
            out["effect"] = "pending"
    return out


def main():
    rows = json.load(open(sys.argv[1]))
    # what a library prints is not the result
    out_stream, sys.stdout = sys.stdout, sys.stderr
    sys.path.insert(0, __file__.rpartition("/")[0] + "/libraries")
    SPY.install()
    sys.modules["measure"] = sys.modules["__main__"]
    library = importlib.import_module(sys.argv[2])
    for name, value in DEFAULTS.items():
        if not hasattr(library, name):
            setattr(library, name, value)
    DIRECT.update(getattr(library, "DIRECT", ()))
    if hasattr(library, "install"):
        library.install(SPY)
    out = {}
    for row in rows:
        if row["package"] in (library.PACKAGE if isinstance(library.PACKAGE, tuple) else (library.PACKAGE,)):
            seen = measured(library, row)
            if hasattr(library, "version_of"):
                seen["version"] = library.version_of(row["package"])
            out["|".join((row["symbol"], row["when"], row["role"]))] = seen
    version = library.version() if hasattr(library, "version") else ", ".join(map(library.version_of, library.PACKAGE))
    json.dump({"version": version, "rows": out}, out_stream)
    out_stream.flush()
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            # a driver's own thread would keep the process
            atexit._run_exitfuncs()
            os._exit(0)


main()
