# Programs for the rows of APScheduler: jobs are kept; with a store in a table, starting asks for it.
# Schedulers for other event loops are only built.
import importlib.metadata

from callbacks import namespace

PACKAGE = "apscheduler"
SOURCE = """
import os, tempfile
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
one = BackgroundScheduler()
stored = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(url="sqlite:///" + os.path.join(tempfile.mkdtemp(), "jobs.sqlite3"))})
"""


def prepare():
    return namespace(SOURCE)


def finish(made):
    if made["stored"].running:
        made["stored"].shutdown()


def version():
    return f"APScheduler {importlib.metadata.version('apscheduler')}"


BEFORE = {
    "apscheduler.schedulers.base.BaseScheduler": "exec('from apscheduler.schedulers.base import BaseScheduler\\nclass base_scheduler(BaseScheduler):\\n    shutdown = wakeup = lambda self: None')",
    "apscheduler.schedulers.gevent.GeventScheduler": "from apscheduler.schedulers.gevent import GeventScheduler as gevent_scheduler",
    "apscheduler.schedulers.tornado.TornadoScheduler": "from apscheduler.schedulers.tornado import TornadoScheduler as tornado_scheduler",
}
_BASE = "apscheduler.schedulers.base.BaseScheduler"
PROGRAMS = {
    "apscheduler.schedulers.gevent.GeventScheduler": "gevent_scheduler()", "apscheduler.schedulers.tornado.TornadoScheduler": "tornado_scheduler()", _BASE: "base_scheduler()",
    "apscheduler.schedulers.asyncio.AsyncIOScheduler": "AsyncIOScheduler()", "apscheduler.schedulers.background.BackgroundScheduler": "BackgroundScheduler()",
    "apscheduler.schedulers.blocking.BlockingScheduler": "BlockingScheduler()", f"{_BASE}.add_job": "one.add_job(view, 'interval', seconds=9)", f"{_BASE}.add_listener": "one.add_listener(view)",
    f"{_BASE}.scheduled_job": "one.scheduled_job('interval', seconds=9)(view)", f"{_BASE}.start": "stored.start()",
}
