// Templates of coroutines and tasks. Bodies that a task runs never suspend (`quiet`): what they do happens in one turn of the loop, on every
// version of Python. Asynchronous iteration is asynchronous.ts, threads are threads.ts.
import { block, define, defineClass, line, need, plain, type Generator, type Place, type Template } from './place.ts'
import { coro, stmt } from './templates.ts'

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
    'await-in-expression',
    1,
    (g, p, d) =>
      line(
        p,
        `${g.name('pair')} = (await ${g.some('coro', p, d - 1)}, ${g.random.chance(0.5) ? g.some('expr', p, d - 1) : '1'})`,
      ),
    awaits,
  ),
]
