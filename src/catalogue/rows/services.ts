// Catalogue rows: apscheduler, celery, redis. Data only; the fields are explained in docs/catalogue.md.
// One row per access path and moment. A row without evidence "measured" or "documented" is to be verified before it is relied on.
import type { CatalogueRow } from '../model.ts'

export const SERVICES: readonly CatalogueRow[] = [
  {"package": "apscheduler", "symbol": "apscheduler.schedulers.base.BaseScheduler.start", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "certainty": "may", "evidence": "measured", "note": "only with a job store in a database; the memory store sends nothing"},
  {"package": "celery", "symbol": "celery.Celery.add_periodic_task", "kind": "none", "when": "call", "role": "deferral", "arguments": [1], "evidence": "to be verified"},
  {"package": "celery", "symbol": "celery.Celery.autodiscover_tasks", "kind": "none", "when": "call", "role": "importer", "evidence": "documented", "note": "imports the tasks modules when the application imports its defaults; with force=True at once"},
  {"package": "celery", "symbol": "celery.Celery.task", "kind": "none", "when": "call", "role": "deferral", "arguments": ["<decorated>"], "evidence": "to be verified"},
  {"package": "celery", "symbol": "celery.Task.__call__", "kind": "none", "when": "call", "role": "invoker", "arguments": ["<self.run>"], "timing": "now", "evidence": "documented"},
  {"package": "celery", "symbol": "celery.Task.apply", "kind": "none", "when": "call", "role": "invoker", "arguments": ["<self.run>"], "timing": "now", "evidence": "documented"},
  {"package": "celery", "symbol": "celery.Task.apply_async", "kind": "none", "when": "call", "role": "deferral", "arguments": ["<self.run>"], "evidence": "documented", "note": "sends a message; with task_always_eager the body runs at once"},
  {"package": "celery", "symbol": "celery.Task.delay", "kind": "none", "when": "call", "role": "deferral", "arguments": ["<self.run>"], "evidence": "documented", "note": "sends a message; with task_always_eager the body runs at once"},
  {"package": "celery", "symbol": "celery.Task.s", "kind": "none", "when": "call", "role": "builder", "evidence": "to be verified"},
  {"package": "celery", "symbol": "celery.Task.si", "kind": "none", "when": "call", "role": "builder", "evidence": "to be verified"},
  {"package": "celery", "symbol": "celery.Task.signature", "kind": "none", "when": "call", "role": "builder", "evidence": "to be verified"},
  {"package": "celery", "symbol": "celery.shared_task", "kind": "none", "when": "call", "role": "deferral", "arguments": ["<decorated>"], "evidence": "to be verified"},
  {"package": "celery", "symbol": "celery.signals.*.connect", "kind": "none", "when": "call", "role": "deferral", "arguments": ["<decorated>", 0], "evidence": "to be verified"},
  {"package": "redis", "symbol": "redis.ConnectionPool", "kind": "none", "when": "call", "role": "builder", "evidence": "documented"},
  {"package": "redis", "symbol": "redis.Redis", "kind": "none", "when": "call", "role": "builder", "evidence": "measured"},
  {"package": "redis", "symbol": "redis.Redis.*", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "default": "off", "evidence": "to be verified", "note": "a cache, not a database, unless the configuration says so"},
  {"package": "redis", "symbol": "redis.Redis.from_url", "kind": "none", "when": "call", "role": "builder", "returns": "redis.Redis", "evidence": "measured"},
  {"package": "redis", "symbol": "redis.Redis.get", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "default": "off", "evidence": "measured", "note": "a cache, not a database, unless the configuration says so"},
  {"package": "redis", "symbol": "redis.Redis.ping", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "default": "off", "evidence": "to be verified", "note": "a cache, not a database, unless the configuration says so"},
  {"package": "redis", "symbol": "redis.Redis.set", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "default": "off", "evidence": "to be verified", "note": "a cache, not a database, unless the configuration says so"},
]
