// Templates of asynchronous generators, iterators and context managers, and of what consumes them.
// They stand where a coroutine may wait.
import { block, define, defineClass, line, need, type Place, type Template } from './place.ts'
import { acm, agen, stmt } from './templates.ts'

const awaits = (p: Place): boolean => p.async

export const ASYNCHRONOUS: readonly Template[] = [
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
]
