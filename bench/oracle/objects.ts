// Templates of code that runs without a call: operators, truth tests, properties, descriptors, attribute hooks and context managers.
import { block, define, defineClass, line, need, plain, type Generator, type Place, type Template } from './place.ts'

const expr = (name: string, weight: number, make: Template['make'], when?: Template['when']): Template => ({
  name,
  sort: 'expr',
  weight,
  make,
  ...(when === undefined ? {} : { when }),
})
const cm = (name: string, weight: number, make: Template['make']): Template => ({ name, sort: 'cm', weight, make })

/** method header, what it returns, and expressions that make it run (`O` is the object) */
const PROTOCOLS: readonly (readonly [name: string, header: string, result: string, triggers: readonly string[]])[] = [
  [
    'bool',
    '__bool__(self)',
    'True',
    [
      'bool(O)',
      '(not O)',
      '(1 if O else 2)',
      '(O and 1)',
      '(O or 1)',
      'all([O])',
      'any([O])',
      'list(filter(None, [O]))',
    ],
  ],
  ['len', '__len__(self)', '1', ['len(O)', 'bool(O)', '(not O)', '(1 if O else 2)']],
  ['contains', '__contains__(self, item)', 'True', ['(1 in O)', '(1 not in O)']],
  ['getitem', '__getitem__(self, key)', '1', ['O[0]', 'O["k"]', 'O[1:2]']],
  ['add', '__add__(self, other)', '1', ['(O + 1)', 'sum([O], 0) if False else O + 2']],
  ['radd', '__radd__(self, other)', '1', ['(1 + O)', 'sum([O])']],
  ['mul', '__mul__(self, other)', '1', ['(O * 2)']],
  ['matmul', '__matmul__(self, other)', '1', ['(O @ 2)']],
  ['neg', '__neg__(self)', '1', ['(-O)']],
  ['invert', '__invert__(self)', '1', ['(~O)']],
  ['eq', '__eq__(self, other)', 'True', ['(O == 1)', '(1 == O)', '(O != 1)', '(O in [1])']],
  ['lt', '__lt__(self, other)', 'True', ['(O < 1)', '(O < 2 < 3)', 'sorted([O, O])', '(1 > O)']],
  ['gt', '__gt__(self, other)', 'True', ['(O > 1)', 'max([O, O])']],
  ['str', '__str__(self)', '"text"', ['str(O)', 'f"{O}"', '"{}".format(O)', '"%s" % O', 'format(O)']],
  ['repr', '__repr__(self)', '"text"', ['repr(O)', 'f"{O!r}"', 'str(O)', '"%r" % (O,)']],
  ['format', '__format__(self, spec)', '"text"', ['f"{O:>3}"', 'format(O, "x")', 'f"{O}"']],
  ['hash', '__hash__(self)', '1', ['hash(O)', '{O: 1}', '{O}', 'set([O])', '{}.get(O)']],
  ['int', '__int__(self)', '1', ['int(O)']],
  ['index', '__index__(self)', '0', ['[1][O]', 'range(O)', 'hex(O)']],
  ['abs', '__abs__(self)', '1', ['abs(O)']],
  ['round', '__round__(self, digits=0)', '1', ['round(O)']],
  ['call', '__call__(self, *args)', '1', ['O()', 'O(1)', 'callable(O)']],
  ['getattr', '__getattr__(self, name)', '1', ['O.anything', 'getattr(O, "other", None)', 'hasattr(O, "third")']],
  ['dir', '__dir__(self)', '["a"]', ['dir(O)']],
  ['reversed', '__reversed__(self)', 'iter(())', ['reversed(O)', 'list(reversed(O))']],
  ['missing', '__missing__(self, key)', '1', ['O["k"]']],
  ['or', '__or__(self, other)', '1', ['(O | 1)']],
  ['floordiv', '__floordiv__(self, other)', '1', ['(O // 2)']],
  ['iadd', '__iadd__(self, other)', 'self', []],
  ['enter', '__enter__(self)', 'self', []],
]

/** Triggers that need statements. */
const STATEMENT_TRIGGERS: readonly (readonly [name: string, header: string, result: string, statement: string])[] = [
  ['iadd', '__iadd__(self, other)', 'self', 'O += 1'],
  ['setitem', '__setitem__(self, key, value)', 'None', 'O["k"] = 1'],
  ['delitem', '__delitem__(self, key)', 'None', 'del O["k"]'],
  ['setattr', '__setattr__(self, name, value)', 'None', 'O.name = 1'],
  ['delattr', '__delattr__(self, name)', 'None', 'del O.name'],
  ['iter-unpack', '__iter__(self)', 'iter((1, 2))', 'U1, U2 = O'],
  ['while-bool', '__bool__(self)', 'False', 'while O:\n    pass'],
  ['assert-bool', '__bool__(self)', 'True', 'assert O'],
  ['if-bool', '__bool__(self)', 'True', 'if O:\n    pass'],
  ['for-iter', '__iter__(self)', 'iter((1,))', 'for U1 in O:\n    pass'],
  ['del-object', '__del__(self)', 'None', 'del O'],
  ['match-class', '__eq__(self, other)', 'True', 'match 1:\n    case 2:\n        pass\n    case _:\n        O == 1'],
]

function withMethod(g: Generator, p: Place, d: number, header: string, result: string): string {
  const bases = header.startsWith('__missing__') ? { bases: 'dict' } : {}
  return defineClass(g, p, bases, (c) => {
    c.method(`def ${header}:`, (inner) => {
      g.statements(inner, d - 1)
      line(inner, `return ${result}`)
    })
    if (header.startsWith('__eq__')) c.put('__hash__ = None')
  })
}

export const OBJECTS: readonly Template[] = [
  ...PROTOCOLS.filter(([, , , triggers]) => triggers.length > 0).map(([name, header, result, triggers]) =>
    expr(`implicit-${name}`, 0.5, (g, p, d) => {
      const object = `${withMethod(g, p, d, header, result)}()`
      if (g.random.chance(0.5)) return `(${g.random.pick(triggers).replaceAll('O', object)})`
      const named = g.name('thing')
      line(p, `${named} = ${object}`)
      return `(${g.random.pick(triggers).replaceAll('O', named)})`
    }),
  ),
  ...STATEMENT_TRIGGERS.map(
    ([name, header, result, statement]): Template => ({
      name: `implicit-${name}`,
      sort: 'stmt',
      weight: 0.3,
      make: (g, p, d) => {
        const cls = withMethod(g, p, d, header, result)
        const object = g.name('thing')
        line(p, `${object} = ${cls}()`)
        if (g.random.chance(0.85))
          line(p, statement.replaceAll('O', object).replace('U1', g.name('a')).replace('U2', g.name('b')))
        return ''
      },
    }),
  ),
  expr('property', 3, (g, p, d) => {
    const cls = defineClass(g, p, {}, (c) =>
      c.method('def items(self):', (inner) => g.statements(inner, d - 1), ['property']),
    )
    return g.random.pick([
      `${cls}().items`,
      `${cls}().items`,
      `${cls}.items`,
      `hasattr(${cls}(), "items")`,
      `getattr(${cls}(), "items")`,
      `${cls}()`,
    ])
  }),
  expr('cached-property', 1, (g, p, d) => {
    need(p, 'import functools')
    const cls = defineClass(g, p, { where: 'here' }, (c) =>
      c.method('def items(self):', (inner) => g.statements(inner, d - 1), ['functools.cached_property']),
    )
    const object = g.name('thing')
    line(p, `${object} = ${cls}()`)
    return g.random.pick([`${object}.items`, `(${object}.items, ${object}.items)`, object])
  }),
  expr('inherited-property', 1, (g, p, d) => {
    const base = defineClass(g, p, { where: 'here' }, (c) =>
      c.method('def items(self):', (inner) => g.statements(inner, d - 1), ['property']),
    )
    const derived = defineClass(g, p, { bases: base, where: 'here' }, (c) => {
      if (g.random.chance(0.4)) c.put('items = ()')
    })
    return `${derived}().items`
  }),
  {
    name: 'property-setter',
    sort: 'stmt',
    weight: 1,
    make: (g, p, d) => {
      const cls = defineClass(g, p, {}, (c) => {
        c.method(
          'def items(self):',
          (inner) => {
            if (g.random.chance(0.3)) g.statements(inner, d - 2)
          },
          ['property'],
        )
        c.method('def items(self, value):', (inner) => g.statements(inner, d - 1), ['items.setter'])
        if (g.random.chance(0.4)) c.method('def items(self):', (inner) => g.statements(inner, d - 2), ['items.deleter'])
      })
      const object = g.name('thing')
      line(
        p,
        `${object} = ${cls}()\n${g.random.pick([`${object}.items = 1`, `${object}.items = 1`, `setattr(${object}, "items", 1)`, `${object}.items`])}`,
      )
      return ''
    },
  },
  expr('descriptor-get', 2, (g, p, d) => {
    const field = defineClass(g, p, { where: 'here' }, (c) => {
      c.method('def __get__(self, instance, owner):', (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'return 1')
      })
      if (g.random.chance(0.4)) c.method('def __set__(self, instance, value):', (inner) => g.statements(inner, d - 2))
    })
    const cls = defineClass(g, p, { where: 'here' }, (c) => c.put(`field = ${field}()`))
    return g.random.pick([`${cls}().field`, `${cls}.field`, `${cls}()`])
  }),
  {
    name: 'descriptor-set',
    sort: 'stmt',
    weight: 1,
    make: (g, p, d) => {
      const field = defineClass(g, p, { where: 'here' }, (c) =>
        c.method('def __set__(self, instance, value):', (inner) => g.statements(inner, d - 1)),
      )
      const cls = defineClass(g, p, { where: 'here' }, (c) => {
        c.put(`field = ${field}()`)
        if (g.random.chance(0.5)) c.method('def __init__(self):', (inner) => line(inner, 'self.field = 1'))
      })
      const object = g.name('thing')
      line(p, `${object} = ${cls}()`)
      if (g.random.chance(0.5)) line(p, `${object}.field = 2`)
      return ''
    },
  },
  expr('getattribute', 1, (g, p, d) => {
    const cls = defineClass(g, p, {}, (c) => {
      c.put('count = 1')
      c.method('def __getattribute__(self, name):', (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'return object.__getattribute__(self, name)')
      })
    })
    return g.random.pick([`${cls}().count`, `${cls}().count`, `${cls}.count`])
  }),
  expr(
    'class-getitem',
    0.5,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) =>
        c.method('def __class_getitem__(cls, item):', (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'return cls')
        }),
      )}[int]`,
  ),
  expr('instancecheck', 0.5, (g, p, d) => {
    const meta = defineClass(g, p, { bases: 'type', where: 'here' }, (c) =>
      c.method('def __instancecheck__(cls, instance):', (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'return True')
      }),
    )
    return `isinstance(1, ${defineClass(g, p, { bases: `metaclass=${meta}`, where: 'here' }, () => undefined)})`
  }),
  expr('metaclass-property', 0.5, (g, p, d) => {
    const meta = defineClass(g, p, { bases: 'type', where: 'here' }, (c) =>
      c.method('def items(cls):', (inner) => g.statements(inner, d - 1), ['property']),
    )
    return `${defineClass(g, p, { bases: `metaclass=${meta}`, where: 'here' }, () => undefined)}.items`
  }),
  expr(
    'method-chain',
    1,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) => {
        c.method('def first(self):', (inner) => {
          if (g.random.chance(0.4)) g.statements(inner, d - 1)
          line(inner, 'return self')
        })
        c.method('def second(self):', (inner) => g.statements(inner, d - 1))
      })}().first().second()`,
  ),
  expr('methodcaller', 1, (g, p, d) => {
    need(p, 'import operator')
    return `operator.methodcaller("run")(${defineClass(g, p, {}, (c) => c.method('def run(self):', (inner) => g.statements(inner, d - 1)))}())`
  }),
  expr('defaultdict', 1, (g, p, d) => {
    need(p, 'import collections')
    return `collections.defaultdict(${g.some('fn', p, d - 1)}${g.random.chance(0.3) ? ', {"k": 1}' : ''})["k"]`
  }),
  expr('dict-default-argument', 0.5, (g, p, d) => `{"k": 1}.get("k", ${g.some('expr', plain(p), d - 1)})`),
  expr('enum-access', 0.5, (g, p, d) => {
    need(p, 'import enum')
    const cls = defineClass(g, p, { bases: 'enum.Enum', where: 'here' }, (c) => {
      c.put('FIRST = 1')
      c.method('def work(self):', (inner) => g.statements(inner, d - 1))
    })
    return g.random.pick([
      `${cls}.FIRST.work()`,
      `${cls}(1).work()`,
      `${cls}["FIRST"].work()`,
      `[m.work() for m in ${cls}]`,
      `${cls}.FIRST`,
    ])
  }),
  expr('enum-constructor', 0.5, (g, p, d) => {
    need(p, 'import enum')
    return defineClass(g, p, { bases: 'enum.Enum', where: 'here' }, (c) => {
      c.method('def __init__(self, value):', (inner) => g.statements(inner, d - 1))
      c.put('FIRST = 1')
    })
  }),
  expr('dataclass-method', 0.5, (g, p, d) => {
    need(p, 'import dataclasses')
    return `${defineClass(g, p, { where: 'here', decorators: ['dataclasses.dataclass(order=True)'] }, (c) => {
      c.put('count: int = 0')
      c.method('def run(self):', (inner) => g.statements(inner, d - 1))
    })}(1).run()`
  }),
  cm(
    'cm-class',
    4,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) => {
        c.method('def __enter__(self):', (inner) => {
          if (g.random.chance(0.6)) g.statements(inner, d - 1)
          line(inner, 'return self')
        })
        c.method('def __exit__(self, *error):', (inner) => {
          if (g.random.chance(0.6)) g.statements(inner, d - 1)
          line(inner, `return ${g.random.pick(['None', 'False', 'True', 'None'])}`)
        })
      })}()`,
  ),
  cm(
    'contextmanager',
    4,
    (g, p, d) =>
      `${define(g, p, { where: 'here', prefix: 'around', decorators: [contextmanager(p)] }, (inner) => {
        if (g.random.chance(0.6)) g.statements(inner, d - 1)
        const after: string[] = []
        if (g.random.chance(0.6)) g.statements({ ...inner, out: after }, d - 1)
        if (g.random.chance(0.5)) block(inner, 'try:', (body) => line(body, 'yield 1'))
        else {
          line(inner, 'yield 1')
          inner.out.push(...after)
          return
        }
        if (g.random.chance(0.7))
          block(inner, 'finally:', (body) => {
            body.out.push(...after)
          })
        else
          block(inner, `except ${g.random.pick(['ValueError', 'Exception', 'KeyError'])}:`, (body) => {
            body.out.push(...after)
          })
      })}()`,
  ),
  cm('suppress', 1, (g, p) => {
    need(p, 'import contextlib')
    return `contextlib.suppress(${g.random.pick(['ValueError', 'KeyError', 'Exception'])})`
  }),
  cm('closing', 1, (g, p, d) => {
    need(p, 'import contextlib')
    return `contextlib.closing(${defineClass(g, p, {}, (c) => c.method('def close(self):', (inner) => g.statements(inner, d - 1)))}())`
  }),
  cm('nullcontext', 1, (g, p, d) => {
    need(p, 'import contextlib')
    return `contextlib.nullcontext(${g.some('expr', plain(p), d - 1)})`
  }),
  cm('cm-from-function', 1, (g, p, d) => {
    const given = g.some('cm', p, d - 1)
    return `${define(g, p, { where: 'here', prefix: 'open' }, (inner) => line(inner, `return ${given}`))}()`
  }),
]

function contextmanager(p: Place): string {
  need(p, 'import contextlib')
  return 'contextlib.contextmanager'
}
