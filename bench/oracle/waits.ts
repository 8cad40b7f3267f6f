// Templates of waits: tasks that do their second part in a later turn, waits that are cut short, events, queues and locks that others hand over.
// What has no turn of its own in between is quiet: how many turns other awaitables take differs between versions of Python.
import { block, define, line, need, type Generator, type Place, type Template } from './place.ts'
import { stmt } from './templates.ts'

const suspends = (p: Place): boolean => p.async && !p.quiet

/** A coroutine function of its own, for the statement that starts it. */
const part = (g: Generator, p: Place, fill: (inner: Place) => void, params = ''): string => {
  need(p, 'import asyncio')
  return define(g, p, { where: 'here', async: true, prefix: 'part', params, quiet: true }, fill)
}

const turns = (g: Generator): string =>
  Array.from({ length: g.random.below(3) + 1 }, () => 'await asyncio.sleep(0)').join('\n')

export const WAITS: readonly Template[] = [
  stmt(
    'task-in-two-parts',
    1.5,
    (g, p, d) => {
      const work = part(g, p, (inner) => {
        if (g.random.chance(0.5)) g.statements(inner, d - 2)
        line(inner, 'await asyncio.sleep(0)')
        g.statements(inner, d - 1)
      })
      line(p, `asyncio.create_task(${work}())\n${turns(g)}`)
    },
    suspends,
  ),
  stmt(
    'task-that-loops',
    0.7,
    (g, p, d) => {
      const work = part(g, p, (inner) =>
        block(inner, `for _ in range(${g.random.pick(['1', '2', '3'])}):`, (body) => {
          line(body, 'await asyncio.sleep(0)')
          g.statements(body, d - 1)
        }),
      )
      const name = g.name('task')
      line(p, `${name} = asyncio.create_task(${work}())\n${turns(g)}`)
      if (g.random.chance(0.5)) line(p, `await ${name}`)
    },
    suspends,
  ),
  stmt(
    'wait-cut-short',
    1,
    (g, p, d) => {
      const [seconds, limit] = g.random.pick([
        ['30', '0.001'],
        ['0', '60'],
        ['0.001', '60'],
      ])
      const work = part(g, p, (inner) => {
        if (g.random.chance(0.4)) g.statements(inner, d - 2)
        line(inner, `await asyncio.sleep(${seconds})`)
        g.statements(inner, d - 1)
      })
      const how = g.random.below(2)
      block(p, 'try:', (t) => {
        if (how === 0) line(t, `await asyncio.wait_for(${work}(), ${limit})`)
        else block(t, `async with asyncio.timeout(${limit}):`, (inner) => line(inner, `await ${work}()`))
      })
      block(p, 'except asyncio.TimeoutError:', (t) => g.statements(t, d - 2))
    },
    (p, g) => suspends(p) && g.asynchronous,
  ),
  stmt(
    'event-between-tasks',
    1,
    (g, p, d) => {
      const event = g.name('event')
      const waiter = part(
        g,
        p,
        (inner) => {
          line(inner, 'await event.wait()')
          g.statements(inner, d - 1)
        },
        'event',
      )
      line(p, `${event} = asyncio.Event()\nasyncio.create_task(${waiter}(${event}))\nawait asyncio.sleep(0)`)
      if (g.random.chance(0.7)) line(p, `${event}.set()\n${turns(g)}`)
      else line(p, `${event}.set()`)
    },
    suspends,
  ),
  stmt(
    'event-is-set',
    1,
    (g, p, d) => {
      const module = g.random.pick(['threading', 'asyncio'])
      need(p, `import ${module}`)
      const event = g.name('event')
      line(p, `${event} = ${module}.Event()`)
      line(p, g.random.pick([`${event}.set()`, `${event}.set()\n${event}.clear()`, '', `${event}.clear()`]))
      block(p, `if ${g.random.pick(['', 'not '])}${event}.is_set():`, (then) => g.statements(then, d - 1))
    },
    (p) => p.kind === 'function',
  ),
  stmt(
    'queue-between-tasks',
    0.7,
    (g, p, d) => {
      const queue = g.name('queue')
      const producer = part(
        g,
        p,
        (inner) => {
          line(inner, `await queue.put(${g.some('fn', inner, d - 1)})`)
          if (g.random.chance(0.5)) {
            line(inner, 'await asyncio.sleep(0)')
            g.statements(inner, d - 2)
          }
        },
        'queue',
      )
      line(p, `${queue} = asyncio.Queue()\nasyncio.create_task(${producer}(${queue}))\n(await ${queue}.get())()`)
    },
    suspends,
  ),
  stmt(
    'lock-that-a-task-has',
    0.7,
    (g, p, d) => {
      const lock = g.name('lock')
      const holder = part(
        g,
        p,
        (inner) =>
          block(inner, 'async with lock:', (held) => {
            line(held, 'await asyncio.sleep(0)')
            g.statements(held, d - 1)
          }),
        'lock',
      )
      line(p, `${lock} = asyncio.Lock()\nasyncio.create_task(${holder}(${lock}))\nawait asyncio.sleep(0)`)
      if (g.random.chance(0.6)) block(p, `async with ${lock}:`, (inner) => g.statements(inner, d - 2))
    },
    suspends,
  ),
  stmt(
    'context-of-a-task',
    0.7,
    (g, p, d) => {
      need(p, 'import contextvars')
      const variable = g.name('var')
      line(p, `${variable} = contextvars.ContextVar("${variable}", default=lambda: None)`)
      const setter = part(g, p, (inner) => line(inner, `${variable}.set(${g.some('fn', inner, d - 1)})`))
      line(
        p,
        g.random.pick([
          `await asyncio.create_task(${setter}())`,
          `await ${setter}()`,
          `await asyncio.gather(${setter}())`,
        ]),
      )
      line(p, `${variable}.get()()`)
    },
    suspends,
  ),
]
