// Templates of what people write in start-up code: registries, plug-ins, event emitters, descriptors, class hierarchies over several modules, caches.
// Each is a small pattern of its own; what it runs is composed from the other templates.
import {
  block,
  define,
  defineClass,
  freshModule,
  line,
  need,
  refer,
  topPlace,
  type Generator,
  type Place,
  type Template,
} from './place.ts'
import { fn, stmt } from './templates.ts'

/** Lines of a class or function that needs nothing of the program, at the top of some module. */
function written(g: Generator, p: Place, prefix: string, text: (name: string) => string): string {
  const home = topPlace(g, p)
  const name = g.name(prefix)
  line(home, text(name))
  return refer(g, p, home.module, name)
}

const REGISTRY = (name: string): string =>
  `class ${name}:
    def __init__(self):
        self.items = {}
    def register(self, key, value=None, *, order=0):
        if value is None:
            return lambda function: self.register(key, function, order=order)
        self.items[key] = value
        return value
    def get(self, key):
        return self.items[key]`

const EMITTER = (name: string): string =>
  `class ${name}:
    def __init__(self):
        self.handlers = {}
    def on(self, event, handler):
        self.handlers.setdefault(event, []).append(handler)
        return handler
    def emit(self, event):
        for handler in self.handlers.get(event, []):
            handler()`

const PATTERNS: readonly Template[] = [
  fn('registry-object', 2, (g, p, d) => {
    const registry = g.name('registry')
    line(p, `${registry} = ${written(g, p, 'Registry', REGISTRY)}()`)
    line(p, `${registry}.register("one", ${g.some('fn', p, d - 1)})`)
    return g.random.pick([`${registry}.get("one")`, `${registry}.items["one"]`, `(lambda: ${registry}.get("one"))`])
  }),
  fn('plugin-decorator-with-arguments', 2, (g, p, d) => {
    const registry = g.name('plugins')
    line(p, `${registry} = ${written(g, p, 'Registry', REGISTRY)}()`)
    define(g, p, { where: 'here', decorators: [`${registry}.register("one", order=2)`] }, (inner) =>
      g.statements(inner, d - 1),
    )
    return g.random.pick([`${registry}.get("one")`, `[*${registry}.items.values()][0]`])
  }),
  fn('registry-of-subclasses', 2, (g, p, d) => {
    const base = defineClass(g, p, { where: 'here' }, (c) => {
      c.put('registry = {}')
      c.method('def __init_subclass__(cls, key="none", **kwargs):', (inner) =>
        line(inner, 'super().__init_subclass__(**kwargs)\ncls.registry[key] = cls'),
      )
    })
    defineClass(g, p, { where: 'here', bases: `${base}, key="one"` }, (c) =>
      c.method('def run(self):', (inner) => g.statements(inner, d - 1)),
    )
    return `${base}.registry["one"]().run`
  }),
  fn('hierarchy-over-modules', 3, (g, p, d) => {
    const base = defineClass(g, p, { where: 'top' }, (c) => {
      c.method('def __init__(self, *args):', (inner) => line(inner, 'self.setup()'))
      c.method('def setup(self):', (inner) => (g.random.chance(0.5) ? g.statements(inner, d - 2) : undefined))
      c.method('def run(self):', (inner) => g.statements(inner, d - 1))
    })
    const derived = defineClass(g, p, { where: 'here', bases: base }, (c) => {
      if (g.random.chance(0.6))
        c.method('def setup(self):', (inner) => {
          if (g.random.chance(0.6)) line(inner, 'super().setup()')
          g.statements(inner, d - 2)
        })
      if (g.random.chance(0.5)) c.method('def run(self):', (inner) => line(inner, 'return super().run()'))
    })
    return `${derived}().run`
  }),
  fn('descriptor-with-name', 1, (g, p, d) => {
    const field = defineClass(g, p, { where: 'here' }, (c) => {
      c.method('def __set_name__(self, owner, name):', (inner) => line(inner, 'self.name = "_" + name'))
      c.method('def __set__(self, instance, value):', (inner) => line(inner, 'setattr(instance, self.name, value)'))
      c.method('def __get__(self, instance, owner):', (inner) => {
        if (g.random.chance(0.5)) g.statements(inner, d - 2)
        line(inner, 'return getattr(instance, self.name)')
      })
    })
    const box = defineClass(g, p, { where: 'here' }, (c) => c.put(`step = ${field}()`))
    const object = g.name('box')
    line(p, `${object} = ${box}()\n${object}.step = ${g.some('fn', p, d - 1)}`)
    return `${object}.step`
  }),
  fn('star-import-with-all', 1, (g, p, d) => {
    const module = g.name('exported')
    const home = freshModule(g, `${module}.py`, module)
    const name = define(g, home, { where: 'here' }, (inner) => g.statements(inner, d - 1))
    line(home, `hidden = ${name}\n__all__ = ["${name}"]`)
    need(p, `from ${module} import *`)
    return name
  }),
  fn('conditional-import', 2, (g, p, d) => {
    const module = g.name('late')
    const home = freshModule(g, `${module}.py`, module)
    const name = define(g, home, { where: 'here' }, (inner) => g.statements(inner, d - 1))
    const seen = g.name('step')
    block(p, `if ${g.condition(p)}:`, (then) => line(then, `from ${module} import ${name} as ${seen}`))
    block(p, 'else:', (other) => line(other, `${seen} = print`))
    return seen
  }),
  fn('result-of-a-delegate', 1, (g, p, d) => {
    const inner = define(g, p, { where: 'here', params: 'step' }, (body) => {
      if (g.random.chance(0.5)) g.statements(body, d - 2)
      line(body, 'yield 1\nreturn step')
    })
    const outer = define(g, p, { where: 'here', params: 'step' }, (body) =>
      line(body, `got = yield from ${inner}(step)\nyield got\ngot()`),
    )
    return `[*${outer}(${g.some('fn', p, d - 1)})][1]`
  }),
]

const STATEMENTS: readonly Template[] = [
  stmt('event-emitter', 2, (g, p, d) => {
    const emitter = g.name('emitter')
    line(p, `${emitter} = ${written(g, p, 'Emitter', EMITTER)}()`)
    line(p, `${emitter}.on("ready", ${g.some('fn', p, d - 1)})`)
    if (g.random.chance(0.6)) line(p, `${emitter}.emit("${g.random.pick(['ready', 'ready', 'other'])}")`)
  }),
  stmt('cached-property-read-twice', 1, (g, p, d) => {
    need(p, 'import functools')
    const cls = defineClass(g, p, { where: 'here' }, (c) =>
      c.method(
        'def rows(self):',
        (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'return 1')
        },
        ['functools.cached_property'],
      ),
    )
    const object = g.name('box')
    line(p, `${object} = ${cls}()`)
    if (g.random.chance(0.7)) line(p, `${object}.rows\n${object}.rows`)
  }),
  stmt('post-init-chain', 1, (g, p, d) => {
    need(p, 'from dataclasses import dataclass')
    const base = defineClass(g, p, { where: 'here', decorators: ['dataclass'] }, (c) => {
      c.put('count: int = 0')
      c.method('def __post_init__(self):', (inner) => g.statements(inner, d - 1))
    })
    const derived = defineClass(g, p, { where: 'here', decorators: ['dataclass'], bases: base }, (c) => {
      c.put('size: int = 0')
      if (g.random.chance(0.6))
        c.method('def __post_init__(self):', (inner) => {
          if (g.random.chance(0.6)) line(inner, 'super().__post_init__()')
          g.statements(inner, d - 2)
        })
    })
    line(p, `${derived}(size=1)`)
  }),
  stmt('match-class', 1, (g, p, d) => {
    const cls = defineClass(g, p, { where: 'here' }, (c) => {
      c.put('__match_args__ = ("step",)')
      c.method('def __init__(self, step):', (inner) => line(inner, 'self.step = step'))
    })
    block(p, `match ${cls}(${g.random.pick([g.some('fn', p, d - 1), 'None'])}):`, (inner) => {
      block(inner, `case ${cls}(step=None):`, (then) => g.statements(then, d - 2))
      block(inner, `case ${g.random.pick([`${cls}(found)`, `${cls}(step=found)`])}:`, (then) => line(then, 'found()'))
    })
  }),
  stmt('returns-in-nested-finally', 1, (g, p, d) => {
    const name = define(g, p, { prefix: 'part' }, (inner) => {
      block(inner, 'try:', (outer) => {
        block(outer, 'try:', (t) => {
          g.statements(t, d - 2)
          line(t, 'return 1')
        })
        block(outer, 'finally:', (f) => {
          g.statements(f, d - 2)
          if (g.random.chance(0.4)) block(f, `if ${g.condition(f)}:`, (then) => line(then, 'return 2'))
        })
      })
      block(inner, 'finally:', (f) => g.statements(f, d - 2))
      g.statements(inner, d - 2)
    })
    line(p, `${name}()`)
  }),
  stmt('exit-stack-under-a-condition', 1, (g, p, d) => {
    need(p, 'import contextlib')
    const stack = g.name('stack')
    block(p, `with contextlib.ExitStack() as ${stack}:`, (inner) => {
      block(inner, `if ${g.condition(inner)}:`, (then) => line(then, `${stack}.callback(${g.some('fn', then, d - 1)})`))
      if (g.random.chance(0.4)) g.statements(inner, d - 2)
    })
  }),
]

const awaits = (p: Place): boolean => p.async && !p.quiet

const WAITING: readonly Template[] = [
  stmt(
    'queue',
    1,
    (g, p, d) => {
      need(p, 'import asyncio')
      const queue = g.name('queue')
      line(p, `${queue} = asyncio.Queue()\nawait ${queue}.put(${g.some('fn', p, d - 1)})`)
      if (g.random.chance(0.7)) line(p, `(await ${queue}.get())()`)
    },
    awaits,
  ),
  stmt(
    'gathered-results',
    1,
    (g, p, d) => {
      need(p, 'import asyncio')
      const make = define(g, p, { async: true, prefix: 'co', params: 'step', quiet: true }, (inner) =>
        line(inner, 'return step'),
      )
      const steps = g.name('steps')
      line(p, `${steps} = await asyncio.gather(${make}(${g.some('fn', p, d - 1)}), ${make}(print))\n${steps}[0]()`)
    },
    awaits,
  ),
  stmt(
    'async-exit-stack-callbacks',
    0.7,
    (g, p, d) => {
      need(p, 'import contextlib')
      const stack = g.name('stack')
      const close = define(g, p, { async: true, prefix: 'close' }, (inner) => g.statements(inner, d - 1))
      block(p, `async with contextlib.AsyncExitStack() as ${stack}:`, (inner) => {
        line(inner, `${stack}.push_async_callback(${close})`)
        if (g.random.chance(0.4)) g.statements(inner, d - 2)
      })
    },
    awaits,
  ),
]

export const STARTUP: readonly Template[] = [...PATTERNS, ...STATEMENTS, ...WAITING]
