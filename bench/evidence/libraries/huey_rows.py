# Programs for the rows of Huey: tasks and hooks are stored by every kind of Huey that the rows name.
# The Redis one never connects: nothing is enqueued.
import itertools

import huey
from callbacks import decorating, namespace

PACKAGE = "huey"
SOURCE = """
import huey, os, tempfile
from huey import crontab
made = {
    "Huey": huey.MemoryHuey(), "MemoryHuey": huey.MemoryHuey(), "SqliteHuey": huey.SqliteHuey(filename=os.path.join(tempfile.mkdtemp(), "huey.db")),
}
try:
    made["RedisHuey"] = huey.RedisHuey()
except Exception:
    pass
try:
    from django.conf import settings
    if not settings.configured:
        settings.configure(HUEY={"huey_class": "huey.MemoryHuey"}, DATABASES={})
    from huey.contrib import djhuey
except ImportError:
    pass
"""


NUMBERS = itertools.count()


def prepare():
    return {**namespace(SOURCE), "numbers": NUMBERS}


def version():
    return f"Huey {huey.__version__}"


PROGRAMS = {
    **decorating("huey.contrib.djhuey", "djhuey", "on_shutdown on_startup post_execute pre_execute signal"),
    # one Huey for all runs: tasks are told apart by their names
    "huey.contrib.djhuey.task": "djhuey.task(name=str(next(numbers)))(view)", "huey.contrib.djhuey.periodic_task": "djhuey.periodic_task(crontab(minute='0'), name=str(next(numbers)))(view)",
}
for _kind in ("Huey", "MemoryHuey", "SqliteHuey", "RedisHuey"):
    _owner = f"made['{_kind}']"
    PROGRAMS.update(decorating(f"huey.{_kind}", _owner, "on_shutdown on_startup post_execute pre_execute signal task"))
    PROGRAMS.update(decorating(f"huey.{_kind}", _owner, "periodic_task", "crontab(minute='0')"))
