// Templates of callables: functions, methods, partials and decorated functions. None of them calls what it gets unless its name says so.
// Callables that are kept somewhere are stored-callables.ts.
import {
  block,
  define,
  defineClass,
  line,
  need,
  plain,
  refer,
  topPlace,
  type Generator,
  type Place,
  type Template,
} from './place.ts'
import { fn, fn1 } from './templates.ts'

/** A callable that does nothing of interest. */
export function noop(g: Generator, p: Place): string {
  if (g.random.chance(0.5)) return '(lambda *a, **k: None)'
  return define(g, p, { prefix: 'noop', params: '*args, **kwargs' }, (inner) => line(inner, 'return None'))
}

const def: Template['make'] = (g, p, d) => define(g, p, {}, (inner) => g.statements(inner, d - 1))

export const CALLABLES: readonly Template[] = [
  fn('lambda', 3, (g, p, d) => `(lambda: ${g.some('expr', plain(p), d - 1)})`),
  fn('def', 4, def),
  fn('nested-def', 2, (g, p, d) =>
    define(g, p, {}, (outer) => {
      const inner = define(g, outer, { where: 'here' }, (body) => g.statements(body, d - 1))
      line(outer, g.random.chance(0.7) ? `return ${inner}()` : `return ${inner}`)
    }),
  ),
  fn('partial', 2, (g, p, d) => {
    need(p, 'import functools')
    return g.random.chance(0.6)
      ? `functools.partial(${g.some('fn1', p, d - 1)}, 1)`
      : `functools.partial(${g.some('fn', p, d - 1)})`
  }),
  fn(
    'bound-method',
    3,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) => c.method('def run(self):', (inner) => g.statements(inner, d - 1)))}().run`,
  ),
  fn('inherited-method', 2, (g, p, d) => {
    const base = defineClass(g, p, { where: 'here' }, (c) =>
      c.method('def run(self):', (inner) => g.statements(inner, d - 1)),
    )
    const derived = defineClass(g, p, { bases: base, where: 'here' }, (c) => {
      if (g.random.chance(0.6))
        c.method('def run(self):', (inner) => {
          if (g.random.chance(0.5)) g.statements(inner, d - 2)
          if (g.random.chance(0.6)) line(inner, 'return super().run()')
        })
    })
    return `${derived}().run`
  }),
  fn('template-method', 2, (g, p, d) => {
    const base = defineClass(g, p, { where: 'here' }, (c) => {
      c.method('def run(self):', (inner) => line(inner, 'return self.step()'))
      c.method('def step(self):', (inner) => g.statements(inner, d - 1))
    })
    const derived = defineClass(g, p, { bases: base, where: 'here' }, (c) =>
      c.method('def step(self):', (inner) => g.statements(inner, d - 1)),
    )
    return `${g.random.chance(0.5) ? base : derived}().run`
  }),
  fn('super-diamond', 2, (g, p, d) => {
    const root = defineClass(g, p, { where: 'here' }, (c) =>
      c.method('def run(self):', (inner) => {
        if (g.random.chance(0.5)) g.statements(inner, d - 2)
      }),
    )
    const side = (): string =>
      defineClass(g, p, { bases: root, where: 'here' }, (c) =>
        c.method('def run(self):', (inner) => {
          if (g.random.chance(0.5)) g.statements(inner, d - 2)
          if (g.random.chance(0.7)) line(inner, 'super().run()')
        }),
      )
    const [left, right] = [side(), side()]
    const both = defineClass(g, p, { bases: `${left}, ${right}`, where: 'here' }, (c) => {
      if (g.random.chance(0.5)) c.method('def run(self):', (inner) => line(inner, 'return super().run()'))
    })
    return `${g.random.pick([both, both, left])}().run`
  }),
  fn('static-and-class-method', 2, (g, p, d) => {
    const kind = g.random.pick(['staticmethod', 'classmethod'])
    const cls = defineClass(g, p, {}, (c) =>
      c.method(`def run(${kind === 'classmethod' ? 'cls' : ''}):`, (inner) => g.statements(inner, d - 1), [kind]),
    )
    return g.random.chance(0.5) ? `${cls}.run` : `${cls}().run`
  }),
  fn(
    'callable-instance',
    2,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) => c.method('def __call__(self):', (inner) => g.statements(inner, d - 1)))}()`,
  ),
  fn('class-as-callable', 2, (g, p, d) => g.some('cls', p, d - 1)),
  fn('unbound-method', 1, (g, p, d) => {
    need(p, 'import functools')
    const cls = defineClass(g, p, {}, (c) => c.method('def run(self):', (inner) => g.statements(inner, d - 1)))
    return `functools.partial(${cls}.run, ${cls}())`
  }),
  fn('decorated', 5, (g, p, d) => {
    const home = g.random.chance(0.5) ? topPlace(g, p) : p
    const count = g.random.chance(0.25) ? 2 : 1
    const decorators = Array.from({ length: count }, () => g.some('deco', home, d - 1))
    const name = define(g, home, { where: 'here', decorators }, (inner) => g.statements(inner, d - 1))
    return home === p ? name : refer(g, p, home.module, name)
  }),
  fn('decorated-by-hand', 1, (g, p, d) => `${g.some('deco', p, d - 1)}(${g.some('fn', p, d - 1)})`),
  fn('cached', 2, (g, p, d) => {
    const home = g.random.chance(0.5) ? topPlace(g, p) : p
    need(home, 'import functools')
    const name = define(
      g,
      home,
      {
        where: 'here',
        decorators: [g.random.pick(['functools.lru_cache', 'functools.lru_cache(maxsize=None)', 'functools.cache'])],
      },
      (inner) => g.statements(inner, d - 1),
    )
    if (g.random.chance(0.3)) line(home, `${name}()`)
    return home === p ? name : refer(g, p, home.module, name)
  }),
  fn('closure-factory', 3, (g, p, d) => {
    const make = define(g, p, { prefix: 'make', params: 'step' }, (outer) => {
      const inner = define(g, outer, { where: 'here' }, (body) => {
        if (g.random.chance(0.3)) g.statements(body, d - 2)
        line(body, g.random.pick(['step()', 'return step()', 'return step', 'for _ in range(2): step()']))
      })
      line(outer, `return ${inner}`)
    })
    return `${make}(${g.some('fn', p, d - 1)})`
  }),
  fn1('lambda-1', 3, (g, p, d) => `(lambda x: ${g.some('expr', plain(p), d - 1)})`),
  fn1('def-1', 3, (g, p, d) =>
    define(g, p, { params: 'x' }, (inner) => {
      g.statements(inner, d - 1)
      line(inner, `return ${g.random.pick(['x', '1', 'x', 'True'])}`)
    }),
  ),
  fn1('ignore-argument', 2, (g, p, d) => `(lambda x, step=${g.some('fn', p, d - 1)}: step())`),
  fn1(
    'method-1',
    2,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) =>
        c.method('def run(self, x):', (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'return x')
        }),
      )}().run`,
  ),
  fn1('singledispatch', 1, (g, p, d) => {
    need(p, 'import functools')
    const name = define(g, p, { where: 'here', decorators: ['functools.singledispatch'], params: 'x' }, (inner) =>
      g.statements(inner, d - 1),
    )
    block(
      p,
      `@${name}.register(${g.random.pick(['int', 'str'])})\ndef _${name}(x):`,
      (inner) => g.statements(inner, d - 1),
      { kind: 'function', async: false, running: g.asynchronous },
    )
    return name
  }),
  fn1('partial-1', 1, (g, p, d) => {
    need(p, 'import functools')
    const two = define(g, p, { params: 'a, b' }, (inner) => {
      g.statements(inner, d - 1)
      line(inner, 'return b')
    })
    return `functools.partial(${two}, 1)`
  }),
]
