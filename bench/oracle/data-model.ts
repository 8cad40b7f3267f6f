// Templates of what classes may define besides operators: enumerations, descriptors, classes that are made by code, patterns, ends of objects.
// What a hook runs is composed from the other templates; some uses leave the hook alone.
import { noop } from './callables.ts'
import { inOwnFunction } from './control.ts'
import { block, define, defineClass, line, need, plain, type ClassBody, type Generator, type Place } from './place.ts'
import type { Template } from './place.ts'
import { cls, expr, fn, stmt } from './templates.ts'

const descriptor = (g: Generator, p: Place, d: number): string =>
  define(g, p, { where: 'here', prefix: 'field', params: 'step' }, (outer) => {
    const made = defineClass(g, outer, { where: 'here' }, (c) => {
      c.method('def __get__(self, instance, owner):', (inner) => {
        if (g.random.chance(0.5)) line(inner, 'if instance is None:\n    return self')
        if (g.random.chance(0.3)) g.statements(inner, d - 2)
        line(inner, g.random.pick(['return step()', 'return step']))
      })
    })
    line(outer, `return ${made}()`)
  })

const method = (c: ClassBody, g: Generator, d: number, header: string, decorators: readonly string[] = []): void =>
  c.method(`def ${header}:`, (inner) => g.statements(inner, d), decorators)

const CLASSES: readonly Template[] = [
  cls('init-subclass-keyword', 1, (g, p, d) => {
    const base = defineClass(g, p, { where: 'here' }, (c) =>
      c.method('def __init_subclass__(cls, eager=False, **kwargs):', (inner) => {
        line(inner, 'super().__init_subclass__(**kwargs)')
        block(inner, 'if eager:', (then) => g.statements(then, d - 1))
      }),
    )
    const given = g.random.pick(['', ', eager=True', ', eager=False'])
    return defineClass(g, p, { bases: `${base}${given}`, where: 'here' }, (c) => {
      if (g.random.chance(0.5)) method(c, g, d - 2, '__init__(self, *args)')
    })
  }),
  cls('class-decorator-replaces', 1, (g, p, d) => {
    const decorate = define(g, p, { where: 'here', params: 'cls' }, (outer) => {
      const other = defineClass(g, outer, { bases: g.random.pick(['cls', 'object']), where: 'here' }, (c) => {
        if (g.random.chance(0.6))
          c.method('def __init__(self, *args):', (inner) => {
            if (g.random.chance(0.5)) line(inner, 'super().__init__()')
            g.statements(inner, d - 2)
          })
      })
      line(outer, `return ${other}`)
    })
    return defineClass(g, p, { where: 'here', decorators: [decorate] }, (c) =>
      method(c, g, d - 1, '__init__(self, *args)'),
    )
  }),
  cls('prepared-namespace', 0.7, (g, p, d) => {
    const namespace = defineClass(g, p, { bases: 'dict', where: 'here' }, (c) =>
      c.method('def __setitem__(self, key, value):', (inner) => {
        block(inner, 'if key == "field":', (then) => g.statements(then, d - 1))
        line(inner, 'super().__setitem__(key, value)')
      }),
    )
    const meta = defineClass(g, p, { bases: 'type', where: 'here' }, (c) =>
      c.method('def __prepare__(mcs, name, bases):', (inner) => line(inner, `return ${namespace}()`), ['classmethod']),
    )
    return defineClass(g, p, { bases: `metaclass=${meta}`, where: 'here' }, (c) =>
      c.put(g.random.pick(['field = 1', 'other = 1'])),
    )
  }),
  cls('protocol-implementation', 1, (g, p, d) => {
    need(p, 'from typing import Protocol, runtime_checkable')
    const protocol = defineClass(g, p, { bases: 'Protocol', where: 'here', decorators: ['runtime_checkable'] }, (c) =>
      c.method('def run(self):', (inner) => line(inner, '...')),
    )
    const made = defineClass(g, p, { where: 'here', bases: g.random.pick([protocol, 'object']) }, (c) => {
      method(c, g, d - 1, 'run(self)')
      if (g.random.chance(0.6)) c.method('def __init__(self, *args):', (inner) => line(inner, 'self.run()'))
    })
    if (g.random.chance(0.5))
      block(p, `if isinstance(${made}(), ${protocol}):`, (then) => line(then, `${made}().run()`))
    return made
  }),
  cls('made-by-type', 1, (g, p, d) => {
    need(p, 'import types')
    const init = define(g, p, { params: 'self, *args' }, (inner) => g.statements(inner, d - 1))
    const name = g.name('Made')
    line(
      p,
      g.random.chance(0.6)
        ? `${name} = type("${name}", (), {"__init__": ${init}})`
        : `${name} = types.new_class("${name}", (), {}, lambda namespace: namespace.update(__init__=${init}))`,
    )
    return name
  }),
  cls('mixins-cooperate', 1, (g, p, d) => {
    const mixin = (): string =>
      defineClass(g, p, { where: 'here' }, (c) =>
        c.method('def __init__(self, *args):', (inner) => {
          g.statements(inner, d - 2)
          if (g.random.chance(0.7)) line(inner, 'super().__init__(*args)')
        }),
      )
    return defineClass(g, p, { bases: `${mixin()}, ${mixin()}`, where: 'here' }, () => undefined)
  }),
  cls('singleton-new', 1, (g, p, d) =>
    defineClass(g, p, { where: 'here' }, (c) => {
      c.put('_one = None')
      c.method('def __new__(cls, *args):', (inner) => {
        block(inner, 'if cls._one is None:', (then) => {
          line(then, 'cls._one = super().__new__(cls)')
          g.statements(then, d - 1)
        })
        line(inner, 'return cls._one')
      })
    }),
  ),
]

const CALLABLES: readonly Template[] = [
  fn('enum-with-callable', 1, (g, p, d) => {
    need(p, 'import enum')
    const given = g.some('fn', p, d - 1)
    const made = defineClass(g, p, { bases: 'enum.Enum', where: 'here' }, (c) => {
      c.put(`ONE = ("one", ${given})`)
      c.method('def __init__(self, label, step):', (inner) => {
        line(inner, 'self.step = step')
        if (g.random.chance(0.3)) g.statements(inner, d - 2)
      })
    })
    return g.random.pick([`${made}.ONE.step`, `${made}["ONE"].step`, `[*${made}][0].step`, `${made}.ONE.value[1]`])
  }),
  fn('descriptor-from-factory', 1, (g, p, d) => {
    const field = descriptor(g, p, d)
    const given = g.some('fn', p, d - 1)
    const box = defineClass(g, p, { where: 'here' }, (c) => c.put(`rows = ${field}(${given})`))
    return `(lambda: ${g.random.pick([`${box}().rows`, `${box}().rows`, `${box}.rows`, box])})`
  }),
  fn('proxy', 1, (g, p, d) => {
    const box = defineClass(g, p, {}, (c) => method(c, g, d - 1, 'run(self)'))
    const proxy = defineClass(g, p, { where: 'here' }, (c) => {
      c.method('def __init__(self, target):', (inner) => line(inner, 'self._target = target'))
      c.method('def __getattr__(self, name):', (inner) => line(inner, 'return getattr(self._target, name)'))
      if (g.random.chance(0.3)) method(c, g, d - 2, 'run(self)')
    })
    return `${proxy}(${box}()).run`
  }),
  fn('method-type', 1, (g, p, d) => {
    need(p, 'import types')
    const box = defineClass(g, p, { where: 'here' }, (c) => method(c, g, d - 2, 'run(self)'))
    const run = define(g, p, { params: 'self' }, (inner) => g.statements(inner, d - 1))
    const object = g.name('box')
    line(p, `${object} = ${box}()`)
    if (g.random.chance(0.7)) line(p, `${object}.run = types.MethodType(${run}, ${object})`)
    return `${object}.run`
  }),
  fn('namespace-of-object', 1, (g, p, d) => {
    const box = defineClass(g, p, { where: 'here' }, () => undefined)
    const object = g.name('box')
    const given = g.some('fn', p, d - 1)
    line(
      p,
      `${object} = ${box}()\n${g.random.pick([
        `${object}.__dict__["step"] = ${given}`,
        `${object}.__dict__.update(step=${given})`,
        `vars(${object})["step"] = ${given}`,
        `setattr(${object}, "st" + "ep", ${given})`,
      ])}`,
    )
    return g.random.pick([`${object}.step`, `vars(${object})["step"]`, `getattr(${object}, "step")`])
  }),
  fn('class-changed-later', 1, (g, p, d) => {
    const [one, other] = [0, 1].map(() =>
      defineClass(g, p, { where: 'here' }, (c) => method(c, g, d - 1, 'run(self)')),
    ) as [string, string]
    const object = g.name('box')
    line(p, `${object} = ${one}()`)
    if (g.random.chance(0.6)) line(p, `${object}.__class__ = ${other}`)
    return `${object}.run`
  }),
  fn('bound-by-get', 0.7, (g, p, d) => {
    const run = define(g, p, { params: 'self' }, (inner) => g.statements(inner, d - 1))
    return `${run}.__get__(object())`
  }),
  fn('property-object', 0.7, (g, p, d) => {
    const run = define(g, p, { params: 'self' }, (inner) => g.statements(inner, d - 1))
    const box = defineClass(g, p, { where: 'here' }, (c) => c.put(`rows = property(${run})`))
    return `(lambda: ${g.random.pick([`${box}().rows`, `${box}.rows.fget(None)`, `${box}.rows`])})`
  }),
]

const USES: readonly Template[] = [
  expr('enum-missing', 1, (g, p, d) => {
    need(p, 'import enum')
    const made = defineClass(g, p, { bases: 'enum.Enum', where: 'here' }, (c) => {
      c.put('ONE = 1')
      c.method(
        'def _missing_(cls, value):',
        (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'return cls.ONE')
        },
        ['classmethod'],
      )
    })
    return g.random.pick([`${made}(7)`, `${made}(1)`, `${made}["ONE"]`])
  }),
  expr('enum-auto', 0.7, (g, p, d) => {
    need(p, 'import enum')
    const made = defineClass(g, p, { bases: 'enum.Enum', where: 'here' }, (c) => {
      c.method(
        'def _generate_next_value_(name, start, count, last_values):',
        (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'return name')
        },
        ['staticmethod'],
      )
      c.put(g.random.pick(['ONE = enum.auto()', 'ONE = 1']))
    })
    return `${made}.ONE`
  }),
  expr('subclasscheck', 0.5, (g, p, d) => {
    const meta = defineClass(g, p, { bases: 'type', where: 'here' }, (c) =>
      c.method('def __subclasscheck__(cls, subclass):', (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'return True')
      }),
    )
    return `issubclass(int, ${defineClass(g, p, { bases: `metaclass=${meta}`, where: 'here' }, () => undefined)})`
  }),
  expr('total-ordering', 0.7, (g, p, d) => {
    need(p, 'import functools')
    const made = defineClass(g, p, { where: 'here', decorators: ['functools.total_ordering'] }, (c) => {
      c.method('def __lt__(self, other):', (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'return True')
      })
      c.method('def __eq__(self, other):', (inner) => line(inner, 'return False'))
    })
    const object = g.name('thing')
    line(p, `${object} = ${made}()`)
    return `(${object} ${g.random.pick(['<', '>=', '>', '<=', '=='])} ${object})`
  }),
  expr('user-dict', 0.7, (g, p, d) => {
    need(p, 'import collections')
    const missing = g.random.chance(0.5)
    const made = defineClass(g, p, { bases: 'collections.UserDict', where: 'here' }, (c) =>
      c.method(`def ${missing ? '__missing__' : '__getitem__'}(self, key):`, (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'return 1')
      }),
    )
    const object = g.name('thing')
    line(p, `${object} = ${made}(k=1)`)
    // which keys such a dictionary has is not followed
    return g.random.pick([`${object}["${missing ? 'z' : 'k'}"]`, `${object}.get("z")`, `("k" in ${object})`])
  }),
  stmt('weakref-finalize', 1, (g, p, d) =>
    inOwnFunction(g, p, (inner) => {
      need(inner, 'import weakref')
      const box = defineClass(g, inner, { where: 'here' }, () => undefined)
      const [object, end] = [g.name('box'), g.name('end')]
      line(inner, `${object} = ${box}()\n${end} = weakref.finalize(${object}, ${g.some('fn', inner, d - 1)})`)
      line(inner, g.random.pick([`${end}()`, `${end}.detach()`, `del ${object}`, `${end}.alive`]))
    }),
  ),
  stmt(
    'del-of-local',
    1,
    (g, p, d) => {
      const box = defineClass(g, p, { where: 'here' }, (c) => method(c, g, d - 1, '__del__(self)'))
      const object = g.name('box')
      const ends = [
        `${object} = ${box}()`,
        `${object} = ${box}()\n${object} = None`,
        `${box}()`,
        `${object} = [${box}()]`,
      ]
      line(p, g.random.pick(ends))
    },
    (p) => p.kind === 'function' && !p.async,
  ),
  stmt('annotations', 1, (g, p, d) => {
    const given = g.some('expr', plain(p), d - 1)
    const where = g.random.below(4)
    if (where === 0) line(p, `def ${g.name('f')}(value: ${given}): pass`)
    else if (where === 1) line(p, `def ${g.name('f')}() -> (${given}): pass`)
    else if (where === 2) defineClass(g, p, { where: 'here' }, (c) => c.put(`field: ${given}`))
    else line(p, `${g.name('value')}: ${given} = 1`)
  }),
  stmt('keyword-only-default', 0.7, (g, p, d) => {
    const given = g.some('expr', plain(p), d - 1)
    line(p, `def ${g.name('f')}(*, value=${given}): pass`)
  }),
  stmt('match-sequence', 1, (g, p, d) => {
    const given = g.some('fn', p, d - 1)
    const subject = g.random.pick([`["run", ${given}]`, `("run", ${given}, ${noop(g, p)})`, `["stop"]`])
    block(p, `match ${subject}:`, (m) => {
      block(m, `case ["stop"]:`, (then) => g.statements(then, d - 2))
      block(m, `case ["run", step]:`, (then) => line(then, 'step()'))
      block(m, `case ["run", step, *rest]:`, (then) => line(then, g.random.pick(['step()', 'rest[0]()', 'rest'])))
    })
  }),
  stmt('match-mapping', 1, (g, p, d) => {
    const given = g.some('fn', p, d - 1)
    block(p, `match ${g.random.pick([`{"run": ${given}}`, `{"run": ${given}, "more": 1}`, '{"stop": 1}'])}:`, (m) => {
      block(m, `case {"stop": _}:`, (then) => g.statements(then, d - 2))
      block(m, `case {"run": step, **rest}${g.random.pick([' if rest', ''])}:`, (then) => line(then, 'step()'))
      block(m, `case _:`, (then) => g.statements(then, d - 2))
    })
  }),
  stmt('match-property', 0.7, (g, p, d) => {
    const box = defineClass(g, p, { where: 'here' }, (c) =>
      c.method(
        'def size(self):',
        (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'return 1')
        },
        ['property'],
      ),
    )
    block(p, `match ${g.random.pick([`${box}()`, '5'])}:`, (m) => {
      block(m, `case ${box}(size=${g.random.pick(['1', '2', 'found'])}):`, (then) => g.statements(then, d - 2))
      block(m, `case _:`, (then) => g.statements(then, d - 2))
    })
  }),
]

export const DATA_MODEL: readonly Template[] = [...CLASSES, ...CALLABLES, ...USES]
