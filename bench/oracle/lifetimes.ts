// Templates of tasks, futures, events and asynchronous generators that are ended, cancelled, closed or told of an end; and of errors in groups.
// Nothing here depends on how many turns of the event loop a version of Python takes.
import { inOwnFunction } from './control.ts'
import { block, define, line, need, plain, type Generator, type Place, type Template } from './place.ts'
import { fn, stmt } from './templates.ts'

const awaits = (p: Place): boolean => p.async
/** control may go to the event loop here */
const suspends = (p: Place): boolean => p.async && !p.quiet

/** A coroutine function with a body that suspends nowhere. */
const quietly = (g: Generator, p: Place, d: number): string => {
  need(p, 'import asyncio')
  return define(g, p, { async: true, prefix: 'co', quiet: true, where: 'here' }, (inner) => g.statements(inner, d - 1))
}

const generator = (g: Generator, p: Place, d: number): string =>
  define(g, p, { async: true, prefix: 'agen', where: 'here' }, (inner) => {
    block(inner, 'try:', (t) => {
      if (g.random.chance(0.5)) g.statements(t, d - 2)
      line(t, 'yield 1')
      g.statements(t, d - 2)
      line(t, 'yield 2')
    })
    block(inner, 'finally:', (f) => g.statements(f, d - 1))
  })

const ASYNCHRONOUS: readonly Template[] = [
  stmt(
    'async-generator-closed',
    1,
    (g, p, d) => {
      const it = g.name('agen')
      line(p, `${it} = ${generator(g, p, d)}()`)
      line(
        p,
        g.random.pick([
          `await anext(${it})\nawait ${it}.aclose()`,
          `await ${it}.aclose()`,
          `await anext(${it})\nawait anext(${it})\nawait ${it}.aclose()`,
        ]),
      )
    },
    awaits,
  ),
  stmt(
    'async-closing',
    1,
    (g, p, d) => {
      need(p, 'import contextlib')
      const it = g.name('agen')
      block(p, `async with contextlib.aclosing(${generator(g, p, d)}()) as ${it}:`, (inner) => {
        block(inner, `async for ${g.name('x')} in ${it}:`, (loop) => line(loop, g.random.pick(['break', 'pass'])))
      })
    },
    awaits,
  ),
  stmt(
    'async-generator-sent',
    0.7,
    (g, p, d) => {
      const make = define(g, p, { async: true, prefix: 'agen', where: 'here' }, (inner) => {
        line(inner, 'got = yield 1')
        g.statements(inner, d - 1)
        line(inner, 'yield got')
      })
      const it = g.name('agen')
      line(p, `${it} = ${make}()\nawait anext(${it})${g.random.chance(0.6) ? `\nawait ${it}.asend(2)` : ''}`)
    },
    awaits,
  ),
  stmt(
    'done-callback',
    1,
    (g, p, d) => {
      const task = g.name('task')
      const co = quietly(g, p, d)
      line(
        p,
        `${task} = asyncio.create_task(${co}())\n${task}.add_done_callback(lambda done: ${g.some('fn', plain(p), d - 1)}())`,
      )
      line(p, `await ${task}\nawait asyncio.sleep(0)\nawait asyncio.sleep(0)`)
    },
    suspends,
  ),
  stmt(
    'task-cancelled-before-it-starts',
    1,
    (g, p, d) => {
      const task = g.name('task')
      line(p, `${task} = asyncio.create_task(${quietly(g, p, d)}())\n${task}.cancel()`)
      need(p, 'import contextlib')
      line(p, `with contextlib.suppress(asyncio.CancelledError):\n    await ${task}`)
    },
    suspends,
  ),
  stmt(
    'task-cancelled-while-it-waits',
    1,
    (g, p, d) => {
      need(p, 'import asyncio')
      need(p, 'import contextlib')
      const task = g.name('task')
      const co = define(g, p, { async: true, prefix: 'co', quiet: true, where: 'here' }, (inner) => {
        block(inner, 'try:', (t) => {
          g.statements(t, d - 2)
          line(t, 'await asyncio.sleep(60)')
          g.statements(t, d - 2)
        })
        block(inner, g.random.pick(['finally:', 'except asyncio.CancelledError:']), (f) => g.statements(f, d - 1))
      })
      line(p, `${task} = asyncio.create_task(${co}())\nawait asyncio.sleep(0)\n${task}.cancel()`)
      line(p, `with contextlib.suppress(asyncio.CancelledError):\n    await ${task}`)
    },
    suspends,
  ),
  stmt(
    'task-that-waits',
    1.5,
    (g, p, d) => {
      need(p, 'import asyncio')
      const task = g.name('task')
      const co = define(g, p, { async: true, prefix: 'co', quiet: true, where: 'here' }, (inner) => {
        if (g.random.chance(0.5)) g.statements(inner, d - 2)
        const wait = (at: Place): void => {
          line(at, 'await asyncio.sleep(60)')
          g.statements(at, d - 1)
        }
        if (g.random.chance(0.5)) block(inner, 'while True:', wait)
        else wait(inner)
      })
      line(p, `${task} = asyncio.create_task(${co}())`)
      if (g.random.chance(0.6)) line(p, 'await asyncio.sleep(0)')
    },
    suspends,
  ),
  stmt(
    'task-that-waits-awaited',
    0.7,
    (g, p, d) => {
      need(p, 'import asyncio')
      const task = g.name('task')
      const co = define(g, p, { async: true, prefix: 'co', quiet: true, where: 'here' }, (inner) => {
        if (g.random.chance(0.5)) g.statements(inner, d - 2)
        line(inner, 'await asyncio.sleep(0.001)')
        g.statements(inner, d - 1)
      })
      line(p, `${task} = asyncio.create_task(${co}())\nawait asyncio.sleep(0)`)
      if (g.random.chance(0.5)) g.statements(p, d - 2)
      line(p, `await ${task}`)
    },
    suspends,
  ),
  stmt(
    'task-group-that-fails',
    1,
    (g, p, d) =>
      inOwnFunction(g, p, (part) => {
        if (!part.async) return g.statements(part, d - 1)
        const co = quietly(g, part, d)
        block(part, 'try:', (t) =>
          block(t, 'async with asyncio.TaskGroup() as group:', (inner) => {
            line(inner, `group.create_task(${co}())`)
            if (g.random.chance(0.5)) line(inner, 'await asyncio.sleep(0)')
            line(inner, 'raise ValueError("stop")')
          }),
        )
        block(part, 'except* ValueError:', (t) => g.statements(t, d - 2))
      }),
    suspends,
  ),
  stmt(
    'event-set',
    1,
    (g, p, d) => {
      need(p, 'import asyncio')
      const [event, task] = [g.name('event'), g.name('task')]
      line(p, `${event} = asyncio.Event()`)
      const co = define(g, p, { async: true, prefix: 'co', quiet: true, where: 'here' }, (inner) => {
        g.statements(inner, d - 2)
        line(inner, `await ${event}.wait()`)
        g.statements(inner, d - 1)
      })
      line(p, `${task} = asyncio.create_task(${co}())\n${event}.set()\nawait ${task}`)
    },
    suspends,
  ),
  stmt(
    'semaphore',
    0.5,
    (g, p, d) => {
      need(p, 'import asyncio')
      block(p, 'async with asyncio.Semaphore(1):', (inner) => g.statements(inner, d - 1))
    },
    awaits,
  ),
  stmt(
    'future-given',
    0.7,
    (g, p, d) => {
      need(p, 'import asyncio')
      const future = g.name('future')
      line(p, `${future} = asyncio.get_running_loop().create_future()\n${future}.set_result(${g.some('fn', p, d - 1)})`)
      line(p, g.random.pick([`(await ${future})()`, `await ${future}`, `${future}.result()()`]))
    },
    awaits,
  ),
  stmt(
    'wait-for-first',
    0.7,
    (g, p, d) => {
      const co = quietly(g, p, d)
      line(p, `await asyncio.wait({asyncio.create_task(${co}())}, return_when=asyncio.FIRST_COMPLETED)`)
    },
    suspends,
  ),
  stmt(
    'gather-of-many',
    1,
    (g, p, d) => {
      need(p, 'import asyncio')
      const co = define(g, p, { async: true, prefix: 'co', quiet: true, where: 'here', params: 'n' }, (inner) =>
        g.statements(inner, d - 1),
      )
      line(p, `await asyncio.gather(*(${co}(n) for n in ${g.random.pick(['range(2)', '()', '[1]'])}))`)
    },
    suspends,
  ),
  stmt(
    'gather-that-returns-errors',
    0.7,
    (g, p, d) => {
      need(p, 'import asyncio')
      const co = define(g, p, { async: true, prefix: 'co', quiet: true, where: 'here' }, (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'raise ValueError("stop")')
      })
      line(p, `await asyncio.gather(${co}(), return_exceptions=True)`)
      g.statements(p, d - 2)
    },
    suspends,
  ),
]

const GROUPS: readonly Template[] = [
  stmt('error-group', 1.5, (g, p, d) =>
    inOwnFunction(g, p, (part) => {
      block(part, 'try:', (t) => {
        g.statements(t, d - 2)
        line(t, `raise ExceptionGroup("stop", [ValueError("stop")${g.random.chance(0.5) ? ', KeyError("stop")' : ''}])`)
      })
      block(part, `except* ${g.random.pick(['ValueError', 'OSError'])}:`, (h) => g.statements(h, d - 1))
      block(part, 'except* (KeyError, ValueError):', (h) => g.statements(h, d - 2))
      if (g.random.chance(0.3)) block(part, 'finally:', (f) => g.statements(f, d - 2))
      if (g.random.chance(0.4)) g.statements(part, d - 2)
    }),
  ),
  stmt('error-that-is-no-group', 0.7, (g, p, d) =>
    inOwnFunction(g, p, (part) => {
      block(part, 'try:', (t) => line(t, 'raise ValueError("stop")'))
      block(part, `except* ${g.random.pick(['ValueError', 'Exception'])} as group:`, (h) => {
        g.statements(h, d - 1)
        if (g.random.chance(0.4)) line(h, 'group.exceptions')
      })
      g.statements(part, d - 2)
    }),
  ),
]

const THREADS: readonly Template[] = [
  stmt('executor-starts', 0.7, (g, p, d) => {
    need(p, 'from concurrent.futures import ThreadPoolExecutor')
    const pool = g.name('pool')
    block(p, `with ThreadPoolExecutor(1, initializer=${g.some('fn', plain(p), d - 1)}) as ${pool}:`, (inner) => {
      if (g.random.chance(0.7)) line(inner, `${pool}.submit(len, ()).result()`)
    })
  }),
  stmt('future-callback', 0.7, (g, p, d) => {
    need(p, 'from concurrent.futures import Future')
    const future = g.name('future')
    line(p, `${future} = Future()\n${future}.add_done_callback(lambda done: ${g.some('fn', plain(p), d - 1)}())`)
    if (g.random.chance(0.6)) line(p, `${future}.set_result(1)`)
  }),
  fn('queue-of-steps', 0.7, (g, p, d) => {
    need(p, 'import queue')
    const waiting = g.name('waiting')
    line(
      p,
      `${waiting} = queue.${g.random.pick(['Queue', 'SimpleQueue', 'LifoQueue'])}()\n${waiting}.put(${g.some('fn', p, d - 1)})`,
    )
    return `${waiting}.get()`
  }),
  stmt('local-of-thread', 0.5, (g, p, d) => {
    need(p, 'import threading')
    const local = g.name('local')
    line(p, `${local} = threading.local()\n${local}.step = ${g.some('fn', p, d - 1)}\n${local}.step()`)
  }),
]

export const LIFETIMES: readonly Template[] = [...ASYNCHRONOUS, ...GROUPS, ...THREADS]
