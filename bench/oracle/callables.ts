// Templates of callables: everything that stores, wraps, picks or forwards a function. None of them calls what it gets unless its name says so.
import {
  block,
  define,
  defineClass,
  line,
  need,
  plain,
  topPlace,
  refer,
  type Generator,
  type Place,
  type Template,
} from './place.ts'

type Make = Template['make']
const fn = (name: string, weight: number, make: Make, when?: Template['when']): Template => ({
  name,
  sort: 'fn',
  weight,
  make,
  ...(when === undefined ? {} : { when }),
})
const fn1 = (name: string, weight: number, make: Make): Template => ({ name, sort: 'fn1', weight, make })

/** A callable that does nothing of interest. */
export function noop(g: Generator, p: Place): string {
  if (g.random.chance(0.5)) return '(lambda *a, **k: None)'
  return define(g, p, { prefix: 'noop', params: '*args, **kwargs' }, (inner) => line(inner, 'return None'))
}

const def: Make = (g, p, d) => define(g, p, {}, (inner) => g.statements(inner, d - 1))

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
  fn('dispatch-table', 3, (g, p, d) => {
    const [a, b] = [g.some('fn', p, d - 1), g.random.chance(0.5) ? noop(g, p) : g.some('fn', p, d - 2)]
    const table = g.name('TABLE')
    line(p, g.random.chance(0.8) ? `${table} = {"a": ${a}, "b": ${b}}` : `${table} = dict(a=${a}, b=${b})`)
    return g.random.pick([
      `${table}["a"]`,
      `${table}["b"]`,
      `${table}.get("a")`,
      `${table}.get("c", ${table}["b"])`,
      `${table}.pop("a")`,
      `${table}.setdefault("a", None)`,
      `list(${table}.values())[0]`,
    ])
  }),
  fn('list-of-callables', 2, (g, p, d) => {
    const list = g.name('steps')
    const [a, b] = [g.some('fn', p, d - 1), noop(g, p)]
    const way = g.random.below(4)
    if (way === 0) line(p, `${list} = [${a}, ${b}]`)
    else if (way === 1) line(p, `${list} = []\n${list}.append(${a})\n${list}.append(${b})`)
    else if (way === 2) line(p, `${list} = [${b}]\n${list}.insert(0, ${a})`)
    else line(p, `${list} = list((${a},)) + [${b}]`)
    return g.random.pick([
      `${list}[0]`,
      `${list}[1]`,
      `${list}[-1]`,
      `${list}.pop()`,
      `${list}.pop(0)`,
      `${list}[-2]`,
      `${list}[:1][0]`,
    ])
  }),
  fn('conditional-expression', 2, (g, p, d) => `(${g.some('fn', p, d - 1)} if ${g.condition(p)} else ${noop(g, p)})`),
  fn('or-and', 2, (g, p, d) =>
    g.random.pick([
      (f: string) => `(None or ${f})`,
      (f: string) => `(${f} or ${noop(g, p)})`,
      (f: string) => `(True and ${f})`,
      (f: string) => `(${noop(g, p)} and ${f})`,
    ])(g.some('fn', p, d - 1)),
  ),
  fn('getattr', 2, (g, p, d) => {
    const box = defineClass(g, p, {}, (c) => c.method('def run(self):', (inner) => g.statements(inner, d - 1)))
    return g.random.pick([
      `getattr(${box}(), "run")`,
      `getattr(${box}(), "r" + "un")`,
      `getattr(${box}(), "run", None)`,
      `getattr(${box}(), "missing", ${noop(g, p)})`,
    ])
  }),
  fn('attribute', 2, (g, p, d) => {
    const box = defineClass(g, p, {}, (c) => {
      if (g.random.chance(0.3)) c.put('step = None')
    })
    const object = g.name('box')
    line(p, `${object} = ${box}()\n${object}.step = ${g.some('fn', p, d - 1)}`)
    if (g.random.chance(0.2)) line(p, `${object}.step = ${noop(g, p)}`)
    return `${object}.step`
  }),
  fn('constructor-stores', 3, (g, p, d) => {
    const box = defineClass(g, p, {}, (c) => {
      c.method('def __init__(self, step):', (inner) => line(inner, 'self.step = step'))
      c.method('def run(self):', (inner) =>
        line(inner, g.random.pick(['return self.step()', 'return self.step', 'self.step()'])),
      )
    })
    return `${box}(${g.some('fn', p, d - 1)}).${g.random.pick(['run', 'run', 'step'])}`
  }),
  fn('function-attribute', 1, (g, p, d) => {
    const holder = noop(g, p)
    if (holder.startsWith('(')) return g.some('fn', p, d - 1)
    line(p, `${holder}.step = ${g.some('fn', p, d - 1)}`)
    return `${holder}.step`
  }),
  fn('rebinding', 3, (g, p, d) => {
    const name = g.name('step')
    const [a, b] = [g.some('fn', p, d - 1), noop(g, p)]
    const way = g.random.below(4)
    if (way === 0) line(p, `${name} = ${a}\n${name} = ${b}`)
    else if (way === 1) line(p, `${name} = ${b}\n${name} = ${a}`)
    else if (way === 2) line(p, `${name} = ${b}\nif ${g.condition(p)}:\n    ${name} = ${a}`)
    else line(p, `${name}, ${g.name('other')} = ${a}, ${b}`)
    return name
  }),
  fn('default-argument', 2, (g, p, d) => {
    const home = g.random.chance(0.5) ? topPlace(g, p) : p
    const given = g.some('fn', home, d - 1)
    const name = define(g, home, { where: 'here', params: `step=${given}` }, (inner) =>
      line(inner, g.random.pick(['return step()', 'return step'])),
    )
    return home === p ? name : refer(g, p, home.module, name)
  }),
  fn('star-forwarding', 2, (g, p, d) => {
    const forward = define(g, p, { prefix: 'forward', params: 'function, *args, **kwargs' }, (inner) =>
      line(inner, 'return function(*args, **kwargs)'),
    )
    const inner = define(g, p, { params: 'step, key=None' }, (body) =>
      line(body, g.random.pick(['return step()', 'return key()', 'return key'])),
    )
    return `(lambda: ${forward}(${inner}, ${g.some('fn', plain(p), d - 1)}, key=${noop(g, p)}))`
  }),
  fn('nonlocal', 2, (g, p, d) =>
    define(g, p, {}, (outer) => {
      const name = g.name('step')
      line(outer, `${name} = ${noop(g, outer)}`)
      const set = define(g, outer, { where: 'here', prefix: 'set' }, (inner) => {
        line(inner, `nonlocal ${name}`)
        line(inner, `${name} = ${g.some('fn', inner, d - 1)}`)
      })
      if (g.random.chance(0.8)) line(outer, `${set}()`)
      line(outer, `return ${name}()`)
    }),
  ),
  fn('global-statement', 2, (g, p, d) => {
    const name = g.name('GLOBAL')
    const home = topPlace(g, p)
    line(home, `${name} = None`)
    const install = define(g, home, { where: 'here', prefix: 'install', params: 'step' }, (inner) =>
      line(inner, `global ${name}\n${name} = step`),
    )
    const get = define(g, home, { where: 'here', prefix: 'current' }, (inner) => line(inner, `return ${name}()`))
    line(p, `${refer(g, p, home.module, install)}(${g.some('fn', p, d - 1)})`)
    return refer(g, p, home.module, get)
  }),
  fn('monkeypatch-method', 2, (g, p, d) => {
    const cls = defineClass(g, p, {}, (c) =>
      c.method('def run(self):', (inner) => {
        if (g.random.chance(0.4)) g.statements(inner, d - 2)
      }),
    )
    const replacement = define(g, p, { params: 'self' }, (inner) => g.statements(inner, d - 1))
    const object = g.name('patched')
    line(p, `${object} = ${cls}()`)
    if (g.random.chance(0.7)) line(p, `${cls}.run = ${replacement}`)
    return `${object}.run`
  }),
  fn('monkeypatch-module', 2, (g, p, d) => {
    const home = topPlace(g, p)
    if (home.module === p.module) return g.some('fn', p, d - 1)
    const name = define(g, home, { where: 'here' }, (inner) => {
      if (g.random.chance(0.4)) g.statements(inner, d - 2)
    })
    const user = define(g, home, { where: 'here' }, (inner) => line(inner, `return ${name}()`))
    need(p, `import ${home.module.name}`)
    if (g.random.chance(0.7)) line(p, `${home.module.name}.${name} = ${g.some('fn', p, d - 1)}`)
    return `${home.module.name}.${user}`
  }),
  fn('import-module', 1, (g, p, d) => {
    const home = topPlace(g, p)
    if (home.module === p.module) return g.some('fn', p, d - 1)
    const name = define(g, home, { where: 'here' }, (inner) => g.statements(inner, d - 1))
    need(p, 'import importlib')
    return g.random.chance(0.7)
      ? `importlib.import_module("${home.module.name}").${name}`
      : `getattr(importlib.import_module("${home.module.name}"), "${name}")`
  }),
  fn('fallback-import', 2, (g, p, d) => {
    const home = topPlace(g, p)
    const name = g.name('step')
    const given = g.some('fn', home, d - 1)
    line(home, `try:\n    from missing_package_${name} import ${name}\nexcept ImportError:\n    ${name} = ${given}`)
    return refer(g, p, home.module, name)
  }),
  fn('unpacking', 2, (g, p, d) => {
    const [a, b] = [g.name('first'), g.name('rest')]
    line(p, `${a}, *${b} = [${noop(g, p)}, ${g.some('fn', p, d - 1)}, ${noop(g, p)}]`)
    return g.random.pick([a, `${b}[0]`, `${b}[1]`, `${b}[-1]`])
  }),
  fn('loop-variable', 1, (g, p, d) => {
    const name = g.name('step')
    line(
      p,
      `for ${name} in (${g.some('fn', p, d - 1)}, ${g.random.chance(0.5) ? noop(g, p) : g.some('fn', p, d - 2)}):\n    pass`,
    )
    return name
  }),
  fn('walrus', 1, (g, p, d) => {
    const name = g.name('step')
    line(p, `if (${name} := ${g.some('fn', p, d - 1)}) is not None:\n    pass`)
    return name
  }),
  fn('named-tuple-field', 1, (g, p, d) => {
    need(p, 'from typing import NamedTuple')
    const cls = defineClass(g, p, { bases: 'NamedTuple', where: 'here' }, (c) => {
      c.put('step: object')
      c.put('count: int = 1')
    })
    return `${cls}(${g.some('fn', p, d - 1)}).step`
  }),
  fn('dataclass-field', 2, (g, p, d) => {
    need(p, 'import dataclasses')
    const cls = defineClass(
      g,
      p,
      { where: 'here', decorators: [g.random.pick(['dataclasses.dataclass', 'dataclasses.dataclass(frozen=True)'])] },
      (c) => {
        c.put('step: object')
        c.put('count: int = 1')
      },
    )
    return `${cls}(${g.random.chance(0.5) ? 'step=' : ''}${g.some('fn', p, d - 1)}).step`
  }),
  fn('simple-namespace', 1, (g, p, d) => {
    need(p, 'import types')
    return `types.SimpleNamespace(step=${g.some('fn', p, d - 1)}).step`
  }),
  fn('attrgetter', 1, (g, p, d) => {
    need(p, 'import operator')
    const box = defineClass(g, p, {}, (c) => c.method('def run(self):', (inner) => g.statements(inner, d - 1)))
    return `operator.attrgetter("run")(${box}())`
  }),
  fn('getattr-hook', 1, (g, p, d) => {
    const box = defineClass(g, p, {}, (c) => {
      c.method('def __init__(self, step):', (inner) => line(inner, 'self.step = step'))
      c.method('def __getattr__(self, name):', (inner) => line(inner, 'return self.step'))
    })
    return `${box}(${g.some('fn', p, d - 1)}).anything`
  }),
  fn('module-getattr', 1, (g, p, d) => {
    const home = topPlace(g, p)
    if (home.module === p.module || home.out.some((text) => text.startsWith('def __getattr__')))
      return g.some('fn', p, d - 1)
    const given = define(g, home, { where: 'here' }, (inner) => g.statements(inner, d - 1))
    block(home, 'def __getattr__(name):', (inner) =>
      line(inner, `if name == "dynamic":\n    return ${given}\nraise AttributeError(name)`),
    )
    need(p, `import ${home.module.name}`)
    return `${home.module.name}.dynamic`
  }),
  fn('match-picks', 1, (g, p, d) => {
    const name = g.name('step')
    const kind = g.random.pick(['"a"', '"b"'])
    line(
      p,
      `${name} = ${noop(g, p)}\nmatch ${kind}:\n    case "a":\n        ${name} = ${g.some('fn', p, d - 1)}\n    case _:\n        ${name} = ${noop(g, p)}`,
    )
    return name
  }),
  fn('function-that-returns', 2, (g, p, d) => {
    const given = g.some('fn', p, d - 1)
    const get = define(g, p, { prefix: 'get', where: p.kind === 'function' ? 'here' : 'top' }, (inner) =>
      line(
        inner,
        g.random.pick([
          `return ${given}`,
          `return (${given})`,
          `step = ${given}\nreturn step`,
          `try:\n    return ${given}\nfinally:\n    pass`,
        ]),
      ),
    )
    return `${get}()`
  }),
  fn('from-generator', 1, (g, p, d) => {
    const given = g.some('fn', p, d - 1)
    const make = define(g, p, { where: 'here' }, (inner) => line(inner, `yield ${given}\nyield ${noop(g, inner)}`))
    return g.random.pick([`next(${make}())`, `next(iter(${make}()))`, `list(${make}())[0]`, `[*${make}()][1]`])
  }),
  fn('min-max-filter', 1, (g, p, d) => `list(filter(None, [None, ${g.some('fn', p, d - 1)}]))[0]`),
  fn('reduce-picks', 1, (g, p, d) => {
    need(p, 'import functools')
    return `functools.reduce(lambda a, b: ${g.random.pick(['a', 'b'])}, [${g.some('fn', p, d - 1)}, ${noop(g, p)}])`
  }),
  fn(
    'service-registry',
    2,
    (g, p, d) => {
      const key = g.name('svc')
      const box = defineClass(g, p, {}, (c) => c.method('def run(self):', (inner) => g.statements(inner, d - 1)))
      const id = g.random.chance(0.5) ? `"${key}.items"` : `f"{KEY_${key}}.items"`
      if (id.startsWith('f')) need(p, `KEY_${key} = "${key}"`)
      line(p, `${p.ctx}.register_service(${id}, ${box}())`)
      return `${p.ctx}.get_service("${key}.items").run`
    },
    (p) => p.ctx !== null,
  ),
  fn('singleton', 2, (g, p, d) => {
    const home = topPlace(g, p)
    const name = g.name('Single')
    const out: string[] = []
    block({ ...home, out }, 'def run(self):', (inner) => g.statements(inner, d - 1), {
      kind: 'function',
      running: g.asynchronous,
    })
    line(
      home,
      [
        `class ${name}:`,
        '    instance = None',
        '    @classmethod',
        '    def get(cls):',
        '        if cls.instance is None:',
        '            cls.instance = cls()',
        '        return cls.instance',
        ...out.map((text) => `    ${text}`),
      ].join('\n'),
    )
    return `${refer(g, p, home.module, name)}.get().run`
  }),
  fn('lazy-global', 2, (g, p, d) => {
    const home = topPlace(g, p)
    const name = g.name('LAZY')
    line(home, `${name} = None`)
    const get = define(g, home, { where: 'here', prefix: 'get' }, (inner) => {
      line(inner, `global ${name}`)
      block(inner, `if ${name} is None:`, (then) => {
        g.statements(then, d - 1)
        line(then, `${name} = object()`)
      })
      line(inner, `return ${name}`)
    })
    if (g.random.chance(0.2)) line(home, `${get}()`)
    return refer(g, p, home.module, get)
  }),
  fn('recursive', 2, (g, p, d) => {
    return define(g, p, { params: 'n=2' }, (inner, self) => {
      if (g.random.chance(0.5)) g.statements(inner, d - 2)
      line(inner, `if n > 0:\n    return ${self}(n - 1)`)
      g.statements(inner, d - 1)
    })
  }),
  fn('mutually-recursive', 1, (g, p, d) => {
    const home = topPlace(g, p)
    const [a, b] = [g.name('ping'), g.name('pong')]
    block(
      home,
      `def ${a}(n=3):`,
      (inner) => {
        line(inner, `if n > 0:\n    return ${b}(n - 1)`)
        g.statements(inner, d - 1)
      },
      { kind: 'function' },
    )
    block(
      home,
      `def ${b}(n=3):`,
      (inner) => {
        if (g.random.chance(0.5)) g.statements(inner, d - 2)
        line(inner, `if n > 0:\n    return ${a}(n - 1)`)
      },
      { kind: 'function' },
    )
    return refer(g, p, home.module, g.random.pick([a, b]))
  }),
  fn('property-gives-callable', 1, (g, p, d) => {
    const given = g.some('fn', p, d - 1)
    const box = defineClass(g, p, { where: 'here' }, (c) =>
      c.method('def step(self):', (inner) => line(inner, `return ${given}`), ['property']),
    )
    return `${box}().step`
  }),
  fn('eval-lambda', 1, (g, p) => `eval(${JSON.stringify(`lambda: ${g.leaf(p)}`)})`),
  fn(
    'type-call',
    1,
    (g, p, d) =>
      `type("Made", (), {"run": ${define(g, p, { params: 'self' }, (inner) => g.statements(inner, d - 1))}})().run`,
  ),
  fn('enum-member-value', 1, (g, p, d) => {
    need(p, 'import enum')
    const given = g.some('fn', p, d - 1)
    const cls = defineClass(g, p, { bases: 'enum.Enum', where: 'here' }, (c) => {
      c.put(`STEP = (${given},)`)
      c.put('OTHER = (1,)')
    })
    return `${cls}.STEP.value[0]`
  }),
  fn('partialmethod', 1, (g, p, d) => {
    need(p, 'import functools')
    const cls = defineClass(g, p, { where: 'here' }, (c) => {
      c.method('def work(self, kind):', (inner) => g.statements(inner, d - 1))
      c.put('run = functools.partialmethod(work, 1)')
    })
    return `${cls}().run`
  }),
  fn('class-attribute-callable', 1, (g, p, d) => {
    const given = g.some('fn', p, d - 1)
    const cls = defineClass(g, p, { where: 'here' }, (c) => c.put(`step = staticmethod(${given})`))
    return g.random.chance(0.5) ? `${cls}.step` : `${cls}().step`
  }),
  fn('shared-helper', 3, (g, p, d) => {
    const helper = sharedHelper(g, p)
    return `(lambda: ${helper}(${g.random.chance(0.8) ? g.some('fn', plain(p), d - 1) : noop(g, p)}))`
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

/** A function of the program that several sites use with different callbacks: its summaries must not leak from one to the other. */
export function sharedHelper(g: Generator, p: Place): string {
  const module = g.modules.at(-1) ?? p.module
  const name = g.random.pick(['call_now', 'call_twice', 'keep', 'call_guarded', 'call_last', 'call_if_callable'])
  if (!module.top.some((text) => text.startsWith(`def ${name}(`)))
    module.top.unshift(...(HELPERS[name] ?? '').split('\n'))
  return refer(g, p, module, name)
}

const HELPERS: Readonly<Record<string, string>> = {
  call_now: 'def call_now(step):\n    return step()',
  call_twice: 'def call_twice(step):\n    step()\n    return step()',
  keep: 'def keep(step):\n    kept = [step]\n    return len(kept)',
  call_guarded: 'def call_guarded(step):\n    try:\n        return step()\n    finally:\n        kept = step',
  call_last:
    'def call_last(step, *others):\n    last = step\n    for other in others:\n        last = other\n    return last()',
  call_if_callable: 'def call_if_callable(step=None):\n    if callable(step):\n        return step()\n    return None',
}
