// Libraries that run, wait for, wrap or keep functions: each line runs alone in an async `initialize`, with `db` and `adb` using the database.
// Work that runs is found with the function's own arguments; what is only kept is silent and not listed as unfollowed either.
import { describe, expect, test } from '@jest/globals'
import { reviewed } from '../support/analysed.ts'

const HEAD =
  'import asyncio\ndef db(ctx):\n    with ctx.db_sync_session() as s:\n        pass\n' +
  'async def adb(ctx):\n    async with ctx.db_session() as s:\n        pass\n'

async function seen(before: string, line: string, kind = 'async def'): Promise<{ rules: string[]; unknown: string[] }> {
  const text = `${HEAD}${before}\n${kind} initialize(app_context):\n    ${line}\n`
  const result = await reviewed({ 'modules/standard/b/api.py': text })
  return { rules: result.findings.map((f) => f.rule), unknown: result.notFollowed.map((n) => n.text) }
}

describe('runs in Phase 1', () => {
  test.each([
    ['from asgiref.sync import async_to_sync', 'async_to_sync(adb)(app_context)'],
    ['from asgiref.sync import sync_to_async', 'await sync_to_async(db)(app_context)'],
    ['from asgiref.sync import sync_to_async\n@sync_to_async\ndef go(ctx): db(ctx)', 'await go(app_context)'],
    [
      'from asgiref.sync import sync_to_async\n@sync_to_async(thread_sensitive=True)\ndef go(ctx): db(ctx)',
      'await go(app_context)',
    ],
    ['import gevent', 'gevent.spawn(db, app_context).join()'],
    ['from multiprocessing.pool import ThreadPool', 'ThreadPool(2).map(db, [app_context])'],
    ['from multiprocessing import Pool', 'Pool(2).starmap(db, [(app_context,)])'],
    ['from multiprocessing import Pool', 'Pool(initializer=db, initargs=(app_context,))'],
    ['from toolz import pipe', 'pipe(app_context, db)'],
    [
      'from wrapt import decorator\n@decorator\ndef w(wrapped, instance, args, kwargs): return wrapped(*args, **kwargs)\n@w\ndef go(ctx): db(ctx)',
      'go(app_context)',
    ],
    [
      'from decorator import decorator\n@decorator\ndef w(f, *a, **k): return f(*a, **k)\n@w\ndef go(ctx): db(ctx)',
      'go(app_context)',
    ],
    [
      'from decorator import decorator\n@decorator\ndef w(f, *a, **k): return db(a[1])\nclass S:\n    @w\n    def go(self, ctx): pass',
      'S().go(app_context)',
    ],
    [
      'from cached_property import cached_property\nclass S:\n    def __init__(self, c): self.c = c\n    @cached_property\n    def rows(self): return db(self.c)',
      'S(app_context).rows',
    ],
    ['import nest_asyncio\nnest_asyncio.apply()', 'asyncio.get_event_loop().run_until_complete(adb(app_context))'],
  ])('%s: %s', async (before, line) => {
    expect((await seen(before, line)).rules).toEqual(['database-in-phase-1'])
  })

  test('uvloop.run, where no loop runs yet', async () => {
    expect((await seen('import uvloop', 'uvloop.run(adb(app_context))', 'def')).rules).toEqual(['database-in-phase-1'])
    expect((await seen('import uvloop', 'uvloop.run(adb(app_context))')).rules).toEqual([])
  })
})

describe('is only kept', () => {
  test.each([
    ['from asgiref.sync import async_to_sync', 'app_context.x = async_to_sync(adb)'],
    ['from asgiref.sync import sync_to_async', 'app_context.x = sync_to_async(db)(app_context)'],
    [
      'from apscheduler.schedulers.background import BackgroundScheduler',
      "BackgroundScheduler().add_job(db, 'interval')",
    ],
    ['import schedule', 'schedule.every(10).minutes.do(db, app_context)'],
    ['import typer\ncli = typer.Typer()\n@cli.command()\ndef seed(): db(None)', 'app_context.cli = cli'],
    ['import dramatiq\n@dramatiq.actor\ndef seed(): db(None)', 'seed.send()'],
    ['import pytest\n@pytest.fixture\ndef s(): db(None)', 'pass'],
    ['from somewhere import plugin\n@plugin\ndef s(): db(None)', 'pass'],
  ])('%s: %s', async (before, line) => {
    expect(await seen(before, line)).toEqual({ rules: [], unknown: [] })
  })
})

test.each([
  ['from more_itertools import consume', 'consume(db(app_context) for _ in range(2))'],
  ['from somewhere import run', 'run(adb(app_context))'],
  ['from somewhere import run', 'run(db)'],
])('%s: what %s does is listed as not followed', async (before, line) => {
  expect(await seen(before, line)).toEqual({ rules: [], unknown: [line] })
})
