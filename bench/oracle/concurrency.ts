// Templates of coroutines, tasks, asynchronous iteration and context managers, threads and executors.
// Bodies that a task runs never suspend (`quiet`): what they do happens in one turn of the loop, on every version of Python.
import { define, defineClass, line, need, plain, block, type Generator, type Place, type Template } from './place.ts'

type Make = Template['make']
const coro = (name: string, weight: number, make: Make, when?: Template['when']): Template => ({
  name,
  sort: 'coro',
  weight,
  make,
  ...(when === undefined ? {} : { when }),
})
const agen = (name: string, weight: number, make: Make): Template => ({ name, sort: 'agen', weight, make })
const acm = (name: string, weight: number, make: Make): Template => ({ name, sort: 'acm', weight, make })
const stmt = (
  name: string,
  weight: number,
  make: (g: Generator, p: Place, d: number) => void,
  when: NonNullable<Template['when']>,
): Template => ({
  name,
  sort: 'stmt',
  weight,
  make: (g, p, d) => {
    make(g, p, d)
    return ''
  },
  when,
})

const awaits = (p: Place): boolean => p.async
/** control may go to the event loop here */
const suspends = (p: Place): boolean => p.async && !p.quiet
const noLoop = (p: Place, g: Generator): boolean => !p.running && !g.asynchronous

function asyncio(p: Place): Place {
  need(p, 'import asyncio')
  return p
}

const quiet = (p: Place): Place => ({ ...p, quiet: true })
const task = (g: Generator, p: Place, d: number): string => g.some('coro', quiet(asyncio(p)), d - 1)

export const CONCURRENCY: readonly Template[] = [
  coro(
    'async-def',
    5,
    (g, p, d) => `${define(g, p, { async: true, prefix: 'co' }, (inner) => g.statements(inner, d - 1))}()`,
  ),
  coro(
    'async-argument',
    1,
    (g, p, d) =>
      `${define(g, p, { async: true, prefix: 'co', params: 'value' }, (inner) => {
        if (g.random.chance(0.5)) g.statements(inner, d - 1)
      })}(${g.some('expr', plain(p), d - 1)})`,
  ),
  coro(
    'async-callback',
    2,
    (g, p, d) =>
      `${define(g, p, { async: true, prefix: 'co', params: 'step' }, (inner) => line(inner, g.random.pick(['step()', 'return step', 'return step()'])))}(${g.some('fn', p, d - 1)})`,
  ),
  coro(
    'async-method',
    2,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) => c.method('async def run(self):', (inner) => g.statements(inner, d - 1)))}().run()`,
  ),
  coro(
    'async-nested',
    2,
    (g, p, d) =>
      `${define(g, p, { async: true, prefix: 'co' }, (inner) => line(inner, `${g.random.pick(['await ', 'await ', 'return await ', 'value = ', 'return '])}${g.some('coro', inner, d - 1)}`))}()`,
  ),
  coro('async-wrapped', 1, (g, p, d) => {
    const wrap = define(
      g,
      p,
      { prefix: 'wrap', params: 'function', where: p.kind === 'function' ? 'here' : 'top' },
      (outer) => {
        const inner = define(g, outer, { where: 'here', async: true, params: '*args' }, (body) => {
          if (g.random.chance(0.3)) g.statements(body, d - 2)
          line(body, 'return await function(*args)')
        })
        line(outer, `return ${inner}`)
      },
    )
    const given = define(g, p, { async: true, where: p.kind === 'function' ? 'here' : 'top' }, (inner) =>
      g.statements(inner, d - 1),
    )
    return `${wrap}(${given})()`
  }),
  coro('to-thread', 1, (g, p, d) => `asyncio.to_thread(${g.some('fn', asyncio(p), d - 1)})`, suspends),
  coro('wait-for', 1, (g, p, d) => `asyncio.wait_for(${g.some('coro', quiet(asyncio(p)), d - 1)}, 5)`, suspends),
  coro('async-lambda', 1, (g, p, d) => `(lambda: ${g.some('coro', plain(p), d - 1)})()`),

  stmt('await', 12, (g, p, d) => line(p, `await ${g.some('coro', p, d - 1)}`), awaits),
  stmt(
    'coroutine-dropped',
    3,
    (g, p, d) => line(p, `${g.random.pick(['', `${g.name('c')} = `])}${g.some('coro', p, d - 1)}`),
    () => true,
  ),
  stmt(
    'coroutine-send',
    1,
    (g, p, d) => {
      const c = g.name('c')
      line(
        p,
        `${c} = ${g.some('coro', quiet({ ...p, async: false }), d - 1)}\ntry:\n    ${c}.send(None)\nexcept StopIteration:\n    pass`,
      )
    },
    () => true,
  ),
  stmt('gather', 2, (g, p, d) => line(p, `await asyncio.gather(${task(g, p, d)}, ${task(g, p, d - 1)})`), suspends),
  stmt('gather-dropped', 0.7, (g, p, d) => line(p, `${g.name('later')} = asyncio.gather(${task(g, p, d)})`), awaits),
  stmt('create-task', 2, (g, p, d) => line(p, `${g.name('task')} = asyncio.create_task(${task(g, p, d)})`), awaits),
  stmt(
    'create-task-awaited',
    2,
    (g, p, d) => {
      const t = g.name('task')
      line(p, `${t} = asyncio.create_task(${task(g, p, d)})`)
      if (g.random.chance(0.4)) g.statements(p, d - 2)
      line(p, `await ${t}`)
    },
    suspends,
  ),
  stmt(
    'create-task-let-in',
    2,
    (g, p, d) => line(p, `${g.name('task')} = asyncio.create_task(${task(g, p, d)})\nawait asyncio.sleep(0)`),
    suspends,
  ),
  stmt(
    'ensure-future',
    0.7,
    (g, p, d) => line(p, `${g.name('task')} = asyncio.ensure_future(${task(g, p, d)})`),
    awaits,
  ),
  stmt(
    'task-group',
    1.5,
    (g, p, d) =>
      block(p, `async with asyncio.TaskGroup() as group:`, (inner) => {
        line(inner, `group.create_task(${task(g, inner, d)})`)
        if (g.random.chance(0.4)) g.statements(inner, d - 2)
      }),
    suspends,
  ),
  stmt(
    'sleep',
    0.7,
    (_g, p) => {
      asyncio(p)
      line(p, 'await asyncio.sleep(0)')
    },
    suspends,
  ),
  stmt(
    'wait-tasks',
    0.7,
    (g, p, d) => line(p, `await asyncio.wait([asyncio.create_task(${task(g, p, d)})])`),
    suspends,
  ),
  stmt('shield', 0.5, (g, p, d) => line(p, `await asyncio.shield(${task(g, p, d)})`), suspends),
  stmt(
    'as-completed',
    0.5,
    (g, p, d) => line(p, `for done in asyncio.as_completed([${task(g, p, d)}]):\n    await done`),
    suspends,
  ),
  stmt(
    'call-soon',
    0.7,
    (g, p, d) => {
      asyncio(p)
      line(p, `asyncio.get_running_loop().call_soon(${g.some('fn', p, d - 1)})`)
      if (!p.quiet && g.random.chance(0.4)) line(p, 'await asyncio.sleep(0)')
    },
    awaits,
  ),
  stmt(
    'run-in-executor',
    1,
    (g, p, d) => line(p, `await asyncio.get_running_loop().run_in_executor(None, ${g.some('fn', asyncio(p), d - 1)})`),
    suspends,
  ),
  stmt(
    'run-in-executor-dropped',
    0.5,
    (g, p, d) => line(p, `asyncio.get_running_loop().run_in_executor(None, ${g.some('fn', asyncio(p), d - 1)})`),
    awaits,
  ),
  stmt(
    'asyncio-timeout',
    0.5,
    (g, p, d) => {
      asyncio(p)
      block(p, 'async with asyncio.timeout(5):', (inner) => g.statements(inner, d - 1))
    },
    awaits,
  ),
  stmt(
    'asyncio-lock',
    0.5,
    (g, p, d) => {
      asyncio(p)
      block(p, 'async with asyncio.Lock():', (inner) => g.statements(inner, d - 1))
    },
    awaits,
  ),
  stmt(
    'await-object',
    1,
    (g, p, d) =>
      line(
        p,
        `await ${defineClass(g, p, {}, (c) =>
          c.method('def __await__(self):', (inner) => {
            g.statements(inner, d - 1)
            line(inner, 'return iter(())')
          }),
        )}()`,
      ),
    awaits,
  ),
  stmt(
    'asyncio-run-inside',
    0.5,
    (g, p, d) => {
      asyncio(p)
      const c = g.name('c')
      line(p, `${c} = ${g.some('coro', quiet(p), d - 1)}\ntry:\n    asyncio.run(${c})\nexcept RuntimeError:\n    pass`)
    },
    awaits,
  ),
  stmt('asyncio-run', 3, (g, p, d) => line(p, `asyncio.run(${task(g, p, d)})`), noLoop),
  stmt(
    'run-until-complete',
    1,
    (g, p, d) => line(p, `asyncio.new_event_loop().run_until_complete(${task(g, p, d)})`),
    noLoop,
  ),
  stmt(
    'async-for',
    2,
    (g, p, d) =>
      block(p, `async for ${g.name('x')} in ${g.some('agen', p, d - 1)}:`, (inner) => {
        if (g.random.chance(0.5)) g.statements(inner, d - 1)
      }),
    awaits,
  ),
  stmt('async-comprehension', 1, (g, p, d) => line(p, `[x async for x in ${g.some('agen', p, d - 1)}]`), awaits),
  stmt('anext', 1, (g, p, d) => line(p, `await anext(aiter(${g.some('agen', p, d - 1)}), None)`), awaits),
  stmt(
    'async-generator-dropped',
    1,
    (g, p, d) => line(p, `${g.name('later')} = ${g.some('agen', p, d - 1)}`),
    () => true,
  ),
  stmt(
    'async-with',
    3,
    (g, p, d) =>
      block(p, `async with ${g.some('acm', p, d - 1)}:`, (inner) => {
        if (g.random.chance(0.6)) g.statements(inner, d - 1)
      }),
    awaits,
  ),
  stmt(
    'async-exit-stack',
    0.7,
    (g, p, d) => {
      need(p, 'import contextlib')
      block(p, 'async with contextlib.AsyncExitStack() as stack:', (inner) =>
        line(inner, `await stack.enter_async_context(${g.some('acm', inner, d - 1)})`),
      )
    },
    awaits,
  ),
  stmt(
    'await-in-expression',
    1,
    (g, p, d) =>
      line(
        p,
        `${g.name('pair')} = (await ${g.some('coro', p, d - 1)}, ${g.random.chance(0.5) ? g.some('expr', p, d - 1) : '1'})`,
      ),
    awaits,
  ),

  agen(
    'async-generator',
    4,
    (g, p, d) =>
      `${define(g, p, { async: true, prefix: 'agen' }, (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'yield 1')
        if (g.random.chance(0.5)) g.statements(inner, d - 1)
      })}()`,
  ),
  agen(
    'async-iterator-class',
    2,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) => {
        c.method('def __init__(self):', (inner) => line(inner, 'self.left = 1'))
        c.method('def __aiter__(self):', (inner) => {
          if (g.random.chance(0.3)) g.statements(inner, d - 1)
          line(inner, 'return self')
        })
        c.method('async def __anext__(self):', (inner) => {
          line(inner, 'if self.left == 0:\n    raise StopAsyncIteration\nself.left = self.left - 1')
          g.statements(inner, d - 1)
          line(inner, 'return 1')
        })
      })}()`,
  ),

  acm(
    'acm-class',
    3,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) => {
        c.method('async def __aenter__(self):', (inner) => {
          if (g.random.chance(0.6)) g.statements(inner, d - 1)
          line(inner, 'return self')
        })
        c.method('async def __aexit__(self, *error):', (inner) => {
          if (g.random.chance(0.6)) g.statements(inner, d - 1)
          line(inner, 'return None')
        })
      })}()`,
  ),
  acm('asynccontextmanager', 3, (g, p, d) => {
    need(p, 'import contextlib')
    return `${define(
      g,
      p,
      { where: 'here', async: true, prefix: 'around', decorators: ['contextlib.asynccontextmanager'] },
      (inner) => {
        if (g.random.chance(0.6)) g.statements(inner, d - 1)
        if (g.random.chance(0.5)) {
          line(inner, 'yield 1')
          if (g.random.chance(0.5)) g.statements(inner, d - 1)
          return
        }
        block(inner, 'try:', (body) => line(body, 'yield 1'))
        block(inner, 'finally:', (body) => g.statements(body, d - 1))
      },
    )}()`
  }),

  stmt(
    'thread-joined',
    1.5,
    (g, p, d) => {
      need(p, 'import threading')
      const t = g.name('thread')
      line(p, `${t} = threading.Thread(target=${g.some('fn', plain(p), d - 1)})\n${t}.start()\n${t}.join()`)
    },
    () => true,
  ),
  stmt(
    'thread-started',
    0.7,
    (g, p, d) => {
      need(p, 'import threading')
      line(p, `threading.Thread(target=${g.some('fn', plain(p), d - 1)}).start()`)
    },
    (p) => p.kind === 'function',
  ),
  stmt(
    'thread-not-started',
    0.7,
    (g, p, d) => {
      need(p, 'import threading')
      line(p, `${g.name('thread')} = threading.Thread(target=${g.some('fn', p, d - 1)})`)
    },
    () => true,
  ),
  stmt(
    'thread-subclass',
    0.5,
    (g, p, d) => {
      need(p, 'import threading')
      const cls = defineClass(g, p, { bases: 'threading.Thread', where: 'here' }, (c) =>
        c.method('def run(self):', (inner) => g.statements(inner, d - 1)),
      )
      const t = g.name('thread')
      line(p, `${t} = ${cls}()\n${g.random.chance(0.7) ? `${t}.start()\n${t}.join()` : ''}`)
    },
    () => true,
  ),
  stmt(
    'executor',
    1.5,
    (g, p, d) => {
      need(p, 'from concurrent.futures import ThreadPoolExecutor')
      const pool = g.name('pool')
      block(p, `with ThreadPoolExecutor(1) as ${pool}:`, (inner) =>
        line(
          inner,
          g.random.pick([
            (f: string) => `${pool}.submit(${f})`,
            (f: string) => `${pool}.submit(${f}).result()`,
            (f: string) => `list(${pool}.map(lambda x: ${f}(), [1]))`,
            (f: string) => `${pool}.map(lambda x: ${f}(), [1])`,
          ])(g.some('fn', plain(inner), d - 1)),
        ),
      )
    },
    () => true,
  ),
]
