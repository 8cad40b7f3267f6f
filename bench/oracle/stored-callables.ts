// Templates of callables that are kept somewhere and read back: tables, lists, attributes, variables, fields, results of other functions.
// Nothing here calls what it keeps unless its name says so.
import { noop } from './callables.ts'
import { block, define, defineClass, freshModule, line, need, plain, refer, topPlace, type Template } from './place.ts'
import { fn } from './templates.ts'

export const STORED_CALLABLES: readonly Template[] = [
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
    // whether a package that is missing here is installed elsewhere nobody knows; a module that raises is known
    const module = g.name('optional')
    line(freshModule(g, `${module}.py`, module), 'raise ImportError("stop")')
    const given = g.some('fn', home, d - 1)
    line(home, `try:\n    from ${module} import ${name}\nexcept ImportError:\n    ${name} = ${given}`)
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
    const get = define(g, p, { prefix: 'get', where: 'here' }, (inner) =>
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
]
