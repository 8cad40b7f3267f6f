// Templates of decorators and classes: what a decorated name becomes, and what constructing (or defining) a class runs.
import { define, defineClass, line, need, plain, topPlace, type Generator, type Place, type Template } from './place.ts'

type Make = Template['make']
const deco = (name: string, weight: number, make: Make, when?: Template['when']): Template => ({
  name,
  sort: 'deco',
  weight,
  make,
  ...(when === undefined ? {} : { when }),
})
const cls = (name: string, weight: number, make: Make): Template => ({ name, sort: 'cls', weight, make })

/** A wrapper inside a decorator, returned by it. */
function wrapper(g: Generator, outer: Place, d: number, calls: boolean): void {
  const wraps = g.random.chance(0.5)
  if (wraps) need(outer, 'import functools')
  const name = define(
    g,
    outer,
    {
      where: 'here',
      prefix: 'wrapper',
      params: '*args, **kwargs',
      decorators: wraps ? ['functools.wraps(function)'] : [],
    },
    (inner) => {
      if (d > 0 && g.random.chance(0.4)) g.statements(inner, d - 1)
      line(
        inner,
        calls
          ? g.random.pick([
              'return function(*args, **kwargs)',
              'result = function(*args, **kwargs)\nreturn result',
              'try:\n    return function(*args, **kwargs)\nfinally:\n    args = ()',
            ])
          : 'return None',
      )
    },
  )
  line(outer, `return ${name}`)
}

export const WRAPPERS: readonly Template[] = [
  deco('decorator-identity', 1, (g, p) =>
    g.random.chance(0.5)
      ? define(g, p, { prefix: 'same', params: 'function' }, (inner) => line(inner, 'return function'))
      : '(lambda function: function)',
  ),
  deco('decorator-wraps', 3, (g, p, d) =>
    define(g, p, { prefix: 'wrap', params: 'function' }, (inner) => wrapper(g, inner, d - 1, true)),
  ),
  deco('decorator-drops', 2, (g, p, d) =>
    define(g, p, { prefix: 'drop', params: 'function' }, (inner) => wrapper(g, inner, d - 1, false)),
  ),
  deco('decorator-works', 2, (g, p, d) =>
    define(g, p, { prefix: 'mark', params: 'function' }, (inner) => {
      g.statements(inner, d - 1)
      line(inner, 'return function')
    }),
  ),
  deco('decorator-calls', 1, (g, p) =>
    define(g, p, { prefix: 'eager', params: 'function' }, (inner) => line(inner, 'function()\nreturn function')),
  ),
  deco('decorator-factory', 3, (g, p, d) => {
    const make = define(g, p, { prefix: 'factory', params: 'value=None' }, (outer) => {
      if (g.random.chance(0.2)) g.statements(outer, d - 1)
      const inner = define(g, outer, { where: 'here', prefix: 'decorate', params: 'function' }, (body) =>
        wrapper(g, body, d - 1, g.random.chance(0.7)),
      )
      line(outer, `return ${inner}`)
    })
    return `${make}(${g.random.pick(['', '1', `value=${g.some('expr', plain(p), d - 2)}`])})`
  }),
  deco('decorator-class', 2, (g, p, d) =>
    defineClass(g, p, { prefix: 'Wrapped' }, (c) => {
      c.method('def __init__(self, function):', (inner) => line(inner, 'self.function = function'))
      c.method('def __call__(self, *args):', (inner) => {
        if (g.random.chance(0.3)) g.statements(inner, d - 1)
        if (g.random.chance(0.7)) line(inner, 'return self.function(*args)')
      })
    }),
  ),
  deco('decorator-registers', 2, (g, p) => {
    const top = topPlace(g, p)
    const at = top.module === p.module ? top : p
    const list = g.name('HANDLERS')
    line(at, `${list} = []`)
    return define(g, at, { where: 'here', prefix: 'register', params: 'function' }, (inner) =>
      line(inner, `${list}.append(function)\nreturn function`),
    )
  }),
  deco('decorator-replaces', 1, (g, p, d) => {
    const given = g.some('fn', p, d - 1)
    return `(lambda function: ${given})`
  }),
  deco('decorator-context-manager', 1, (g, p, d) => {
    need(p, 'import contextlib')
    return `${define(g, p, { where: 'here', prefix: 'around', decorators: ['contextlib.contextmanager'] }, (inner) => {
      g.statements(inner, d - 1)
      line(inner, 'yield')
    })}()`
  }),
  deco(
    'decorator-route',
    1,
    (_g, p) => `${p.ctx}.route("/items")`,
    (p) => p.ctx !== null,
  ),

  cls('init-method', 4, (g, p, d) =>
    defineClass(g, p, {}, (c) => c.method('def __init__(self, *args):', (inner) => g.statements(inner, d - 1))),
  ),
  cls('constructor-inherited', 2, (g, p, d) => {
    const base = defineClass(g, p, { where: 'here' }, (c) =>
      c.method('def __init__(self, *args):', (inner) => g.statements(inner, d - 1)),
    )
    return defineClass(g, p, { bases: base, where: 'here' }, (c) => {
      if (g.random.chance(0.5))
        c.method('def __init__(self, *args):', (inner) => {
          if (g.random.chance(0.6)) line(inner, 'super().__init__(*args)')
        })
    })
  }),
  cls('new-method', 1, (g, p, d) =>
    defineClass(g, p, {}, (c) =>
      c.method('def __new__(cls, *args):', (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'return super().__new__(cls)')
      }),
    ),
  ),
  cls('metaclass-call', 1, (g, p, d) => {
    const meta = defineClass(g, p, { bases: 'type', where: 'here' }, (c) =>
      c.method('def __call__(cls, *args):', (inner) => {
        g.statements(inner, d - 1)
        if (g.random.chance(0.6)) line(inner, 'return super().__call__(*args)')
      }),
    )
    return defineClass(g, p, { bases: `metaclass=${meta}`, where: 'here' }, (c) => {
      if (g.random.chance(0.5)) c.method('def __init__(self, *args):', (inner) => g.statements(inner, d - 2))
    })
  }),
  cls('metaclass-new', 1, (g, p, d) => {
    const name = g.random.pick(['__new__', '__init__', '__prepare__'])
    const meta = defineClass(g, p, { bases: 'type', where: 'here' }, (c) => {
      if (name === '__new__')
        c.method('def __new__(mcs, name, bases, namespace):', (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'return super().__new__(mcs, name, bases, namespace)')
        })
      else if (name === '__init__')
        c.method('def __init__(cls, name, bases, namespace):', (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'super().__init__(name, bases, namespace)')
        })
      else
        c.method(
          'def __prepare__(name, bases):',
          (inner) => {
            g.statements(inner, d - 1)
            line(inner, 'return {}')
          },
          ['staticmethod'],
        )
    })
    return defineClass(g, p, { bases: `metaclass=${meta}`, where: 'here' }, (c) =>
      c.method('def __init__(self, *args):', (inner) => {
        if (g.random.chance(0.4)) g.statements(inner, d - 2)
      }),
    )
  }),
  cls('init-subclass', 1, (g, p, d) => {
    const base = defineClass(g, p, { where: 'here' }, (c) =>
      c.method('def __init_subclass__(cls, **kwargs):', (inner) => g.statements(inner, d - 1)),
    )
    return defineClass(g, p, { bases: base, where: 'here' }, () => undefined)
  }),
  cls('set-name', 1, (g, p, d) => {
    const field = defineClass(g, p, { where: 'here' }, (c) =>
      c.method('def __set_name__(self, owner, name):', (inner) => g.statements(inner, d - 1)),
    )
    return defineClass(g, p, { where: 'here' }, (c) => c.put(`field = ${field}()`))
  }),
  cls('class-body', 2, (g, p, d) => {
    const text = g.some('expr', plain(p), d - 1)
    return defineClass(g, p, { where: 'here' }, (c) => c.put(`value = ${text}`))
  }),
  cls('class-decorator', 1, (g, p, d) => {
    const decorate = define(g, p, { where: 'here', params: 'cls' }, (inner) => {
      if (g.random.chance(0.5)) g.statements(inner, d - 1)
      line(inner, g.random.pick(['return cls', 'return cls', 'return type("Other", (), {})']))
    })
    return defineClass(g, p, { where: 'here', decorators: [decorate] }, (c) =>
      c.method('def __init__(self, *args):', (inner) => g.statements(inner, d - 1)),
    )
  }),
  cls('dataclass-default-factory', 2, (g, p, d) => {
    need(p, 'import dataclasses')
    const factory = g.some('fn', p, d - 1)
    return defineClass(g, p, { where: 'here', decorators: ['dataclasses.dataclass'] }, (c) =>
      c.put(`items: list = dataclasses.field(default_factory=${factory})`),
    )
  }),
  cls('dataclass-post-init', 2, (g, p, d) => {
    need(p, 'from dataclasses import dataclass, field')
    return defineClass(g, p, { where: 'here', decorators: ['dataclass'] }, (c) => {
      c.put('count: int = 0')
      c.method('def __post_init__(self):', (inner) => g.statements(inner, d - 1))
    })
  }),
  cls('instance-attribute-in-init', 1, (g, p, d) =>
    defineClass(g, p, {}, (c) => {
      c.method('def __init__(self, *args):', (inner) => line(inner, 'self.items = self.load()'))
      c.method('def load(self):', (inner) => g.statements(inner, d - 1))
    }),
  ),
  cls('slots-and-setattr', 1, (g, p, d) =>
    defineClass(g, p, {}, (c) => {
      c.method('def __init__(self, *args):', (inner) => line(inner, 'self.count = 1'))
      c.method('def __setattr__(self, name, value):', (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'object.__setattr__(self, name, value)')
      })
    }),
  ),
  cls('generic-class', 1, (g, p, d) => {
    need(p, 'from typing import Generic, TypeVar')
    need(p, 'T = TypeVar("T")')
    return defineClass(g, p, { where: 'here', bases: 'Generic[T]' }, (c) =>
      c.method('def __init__(self, *args):', (inner) => g.statements(inner, d - 1)),
    )
  }),
  cls('abstract-base', 1, (g, p, d) => {
    need(p, 'import abc')
    const base = defineClass(g, p, { bases: 'abc.ABC', where: 'here' }, (c) => {
      c.method('def __init__(self, *args):', (inner) => line(inner, 'self.start()'))
      c.method('def start(self):', (inner) => line(inner, 'raise NotImplementedError'), ['abc.abstractmethod'])
    })
    return defineClass(g, p, { bases: base, where: 'here' }, (c) =>
      c.method('def start(self):', (inner) => g.statements(inner, d - 1)),
    )
  }),
]
