# Programs for the rows of Celery: an application whose broker is in memory; nothing works on its queue.
# A task that is called like a function, or applied, runs at once.
import importlib.metadata

from callbacks import namespace

PACKAGE = "celery"
SOURCE = """
import sys, tempfile, os
import celery
from celery import Celery, shared_task, signals
app = Celery("rows", broker="memory://", backend="cache+memory://")
task = app.task(name="rows.view")(view)
folder = tempfile.mkdtemp()
os.mkdir(os.path.join(folder, "part"))
open(os.path.join(folder, "part", "__init__.py"), "w").close()
with open(os.path.join(folder, "part", "tasks.py"), "w") as file:
    file.write("import measure\\nmeasure.SPY.statements.append('import')")
sys.path.insert(0, folder)
sys.modules.pop("part.tasks", None)
"""


def prepare():
    return namespace(SOURCE)


def version():
    return f"Celery {importlib.metadata.version('celery')}"


PROGRAMS = {
    "celery.Celery.add_periodic_task": "app.add_periodic_task(10.0, task.s())", "celery.Celery.autodiscover_tasks": "app.autodiscover_tasks(['part'], force=True)",
    "celery.Celery.task": "app.task(view)", "celery.Task.__call__": "task()", "celery.Task.apply": "task.apply()", "celery.Task.apply_async": "task.apply_async()", "celery.Task.delay": "task.delay()",
    "celery.Task.s": "task.s()", "celery.Task.si": "task.si()", "celery.Task.signature": "task.signature()", "celery.shared_task": "shared_task(view)",
    "celery.signals.*.connect": "signals.worker_ready.connect(view)",
}
