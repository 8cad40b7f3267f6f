# Programs for the rows of schedule: a job is described word by word and kept by `do`.
# Nothing runs the pending jobs.
import importlib.metadata

from callbacks import namespace

PACKAGE = "schedule"


def prepare():
    return namespace("import schedule\njob = schedule.every(2).days\n")


def version():
    return f"schedule {importlib.metadata.version('schedule')}"


_DAYS = "monday tuesday wednesday thursday friday saturday sunday day hour minute second week"
PROGRAMS = {
    **{f"schedule.Job.{name}": f"schedule.every().{name}" for name in _DAYS.split()},
    **{f"schedule.Job.{name}": f"schedule.every(2).{name}" for name in "days hours minutes seconds weeks".split()},
    "schedule.Job.at": "job.at('10:30')", "schedule.Job.do": "job.do(view)", "schedule.Job.tag": "job.tag('a')", "schedule.Job.to": "job.to(3)", "schedule.Job.until": "job.until('2999-01-01')",
    "schedule.every": "schedule.every()", "schedule.Scheduler.every": "schedule.Scheduler().every()",
}
DIRECT = set(PROGRAMS)
