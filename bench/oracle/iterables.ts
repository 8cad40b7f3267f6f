// Templates of iterables (lazy ones above all) and of what consumes them. Elements are small numbers unless a template says otherwise.
import { block, define, defineClass, line, need, plain, type Generator, type Place, type Template } from './place.ts'

type Make = Template['make']
const gen = (name: string, weight: number, make: Make): Template => ({ name, sort: 'gen', weight, make })
const expr = (name: string, weight: number, make: Make): Template => ({ name, sort: 'expr', weight, make })

/** An expression over the elements of a generator, as a consumer. */
const consumer = (name: string, weight: number, write: (it: string, g: Generator, p: Place) => string): Template =>
  expr(`consume-${name}`, weight, (g, p, d) => write(g.some('gen', p, d - 1), g, plain(p)))

function generator(g: Generator, p: Place, d: number): string {
  return define(g, p, { prefix: 'gen' }, (inner) => {
    if (g.random.chance(0.7)) g.statements(inner, d - 1)
    line(inner, 'yield 1')
    if (g.random.chance(0.5)) {
      g.statements(inner, d - 1)
      if (g.random.chance(0.6)) line(inner, 'yield 2')
    }
    if (g.random.chance(0.3)) g.statements(inner, d - 2)
  })
}

export const ITERABLES: readonly Template[] = [
  gen('generator-function', 5, (g, p, d) => `${generator(g, p, d)}()`),
  gen(
    'generator-expression',
    3,
    (g, p, d) => `(${g.some('expr', plain(p), d - 1)} for _ in ${g.random.pick(['[1]', '[1, 2]', 'range(2)', '()'])})`,
  ),
  gen(
    'generator-expression-source',
    2,
    (g, p, d) =>
      `(x for x in ${g.random.chance(0.5) ? g.some('gen', p, d - 1) : `[1, ${g.some('expr', plain(p), d - 1)}]`})`,
  ),
  gen('generator-expression-filter', 1, (g, p, d) => `(x for x in [1, 2] if ${g.some('fn1', p, d - 1)}(x) or True)`),
  gen('map', 3, (g, p, d) => `map(${g.some('fn1', p, d - 1)}, ${g.random.pick(['[1]', '[1, 2]', '()'])})`),
  gen('map-over', 1, (g, p, d) => `map(id, ${g.some('gen', p, d - 1)})`),
  gen('filter', 1, (g, p, d) => `filter(${g.some('fn1', p, d - 1)}, [1, 2])`),
  gen(
    'iterator-class',
    3,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) => {
        c.method('def __init__(self):', (inner) => line(inner, 'self.left = 2'))
        c.method('def __iter__(self):', (inner) => {
          if (g.random.chance(0.4)) g.statements(inner, d - 1)
          line(inner, 'return self')
        })
        c.method('def __next__(self):', (inner) => {
          line(inner, 'if self.left == 0:\n    raise StopIteration\nself.left = self.left - 1')
          g.statements(inner, d - 1)
          line(inner, 'return self.left')
        })
      })}()`,
  ),
  gen(
    'iter-is-generator',
    2,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) =>
        c.method('def __iter__(self):', (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'yield 1')
        }),
      )}()`,
  ),
  gen(
    'iter-returns-iterator',
    2,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) =>
        c.method('def __iter__(self):', (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'return iter([1, 2])')
        }),
      )}()`,
  ),
  gen(
    'getitem-protocol',
    1,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) =>
        c.method('def __getitem__(self, index):', (inner) => {
          line(inner, 'if index > 1:\n    raise IndexError(index)')
          g.statements(inner, d - 1)
          line(inner, 'return index')
        }),
      )}()`,
  ),
  gen('iter-call', 1, (g, p, d) => `iter(${g.some('gen', p, d - 1)})`),
  gen('chain', 1, (g, p, d) => {
    need(p, 'import itertools')
    return `itertools.chain(${g.some('gen', p, d - 1)}, ${g.random.pick(['[3]', '()'])})`
  }),
  gen('islice', 1, (g, p, d) => {
    need(p, 'import itertools')
    return `itertools.islice(${g.some('gen', p, d - 1)}, ${g.random.pick(['1', '2', '0'])})`
  }),
  gen('takewhile', 1, (g, p, d) => {
    need(p, 'import itertools')
    return `itertools.takewhile(${g.some('fn1', p, d - 1)}, [1, 2])`
  }),
  gen('enumerate', 1, (g, p, d) => `enumerate(${g.some('gen', p, d - 1)})`),
  gen('zip', 1, (g, p, d) =>
    g.random.chance(0.5) ? `zip([1, 2], ${g.some('gen', p, d - 1)})` : `zip(${g.some('gen', p, d - 1)}, [1, 2])`,
  ),
  gen(
    'yield-from',
    2,
    (g, p, d) =>
      `${define(g, p, { prefix: 'gen' }, (inner) => {
        line(inner, `yield from ${g.some('gen', inner, d - 1)}`)
        if (g.random.chance(0.4)) g.statements(inner, d - 1)
      })}()`,
  ),
  gen(
    'generator-finally',
    1,
    (g, p, d) =>
      `${define(g, p, { prefix: 'gen' }, (inner) => {
        block(inner, 'try:', (body) => line(body, 'yield 1'))
        block(inner, 'finally:', (body) => g.statements(body, d - 1))
      })}()`,
  ),
  gen(
    'generator-loop',
    2,
    (g, p, d) =>
      `${define(g, p, { prefix: 'gen' }, (inner) => {
        block(inner, 'for item in [1, 2]:', (body) => {
          line(body, 'yield item')
          g.statements(body, d - 1)
        })
      })}()`,
  ),
  gen(
    'generator-method',
    1,
    (g, p, d) =>
      `${defineClass(g, p, {}, (c) =>
        c.method('def items(self):', (inner) => {
          g.statements(inner, d - 1)
          line(inner, 'yield 1')
        }),
      )}().items()`,
  ),
  gen(
    'dictionary-view',
    1,
    (g, p, d) => `{1: ${g.some('expr', plain(p), d - 1)}}.${g.random.pick(['values', 'keys', 'items'])}()`,
  ),
  gen(
    'list-comprehension',
    2,
    (g, p, d) => `[${g.some('expr', plain(p), d - 1)} for _ in ${g.random.pick(['[1]', 'range(1)', '[]'])}]`,
  ),
  gen('reversed', 1, (g, p, d) => `reversed([1, ${g.some('expr', plain(p), d - 1)}])`),
  gen(
    'iter-sentinel',
    1,
    (g, p, d) =>
      `iter(${define(g, p, {}, (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'return 0')
      })}, 0)`,
  ),
  gen(
    'recursive-generator',
    1,
    (g, p, d) =>
      `${define(g, p, { prefix: 'gen', params: 'n=1' }, (inner, self) => {
        line(inner, `if n > 0:\n    yield from ${self}(n - 1)`)
        g.statements(inner, d - 1)
        line(inner, 'yield n')
      })}()`,
  ),
  gen('starmap', 1, (g, p, d) => {
    need(p, 'import itertools')
    return `itertools.starmap(${g.some('fn1', p, d - 1)}, [(1,)])`
  }),
]

export const CONSUMERS: readonly Template[] = [
  consumer('list', 3, (it) => `list(${it})`),
  consumer('tuple', 1, (it) => `tuple(${it})`),
  consumer('star', 1, (it) => `[*${it}]`),
  consumer('next', 3, (it) => `next(iter(${it}), None)`),
  consumer('next-of-genexp', 1, (it) => `next((x for x in ${it}), None)`),
  consumer('sum', 1, (it) => `sum(1 for _ in ${it})`),
  consumer('any', 1, (it) => `any(x == 7 for x in ${it})`),
  consumer('all', 1, (it) => `all(x != 7 for x in ${it})`),
  consumer('max', 1, (it) => `max(${it}, key=lambda x: 0, default=0)`),
  consumer('sorted', 1, (it) => `sorted(${it}, key=lambda x: 0)`),
  consumer('in', 1, (it) => `(7 in ${it})`),
  consumer('comprehension', 2, (it) => `[x for x in ${it}]`),
  consumer('set-comprehension', 1, (it) => `{id(x) for x in ${it}}`),
  consumer('dict-comprehension', 1, (it) => `{id(x): x for x in ${it}}`),
  consumer('join', 1, (it) => `"".join(str(x) for x in ${it})`),
  consumer(
    'star-argument',
    1,
    (it, g, p) => `${define(g, p, { params: '*args' }, (inner) => line(inner, 'return args'))}(*${it})`,
  ),
  consumer('deque', 1, (it, _g, p) => {
    need(p, 'import collections')
    return `collections.deque(${it}, maxlen=0)`
  }),
  consumer('reduce', 1, (it, _g, p) => {
    need(p, 'import functools')
    return `functools.reduce(lambda a, b: b, ${it}, 0)`
  }),
  consumer('nothing', 3, (it) => it),
  consumer('type', 1, (it) => `type(${it})`),
  consumer(
    'for-in-function',
    2,
    (it, g, p) =>
      `${define(g, p, { params: 'items' }, (inner) => line(inner, g.random.pick(['for item in items:\n    pass', 'for item in items:\n    break', 'for item in items:\n    return item', 'first, *others = [0, *items]', 'return items'])))}(${it})`,
  ),
  expr('sorted-key', 2, (g, p, d) => `sorted([1], key=${keyed(g, p, d)})`),
  expr('min-key', 1, (g, p, d) => `min([1, 2], key=${keyed(g, p, d)})`),
  expr('list-map', 2, (g, p, d) => `list(map(${g.some('fn1', p, d - 1)}, [1]))`),
  expr('reduce-function', 1, (g, p, d) => {
    need(p, 'import functools')
    return `functools.reduce(lambda a, b: ${g.some('fn1', p, d - 1)}(b), [1, 2])`
  }),
  expr('re-sub', 1, (g, p, d) => {
    need(p, 'import re')
    return `re.sub("a", lambda found: (${g.some('fn1', p, d - 1)}(found), "")[1], "abc")`
  }),
  expr('json-default', 1, (g, p, d) => {
    need(p, 'import json')
    return `json.dumps(object(), default=lambda x: (${g.some('fn1', p, d - 1)}(x), 1)[1])`
  }),
  expr('generator-send', 1, (g, p, d) => {
    const make = define(g, p, { prefix: 'gen' }, (inner) => {
      line(inner, 'got = yield 1')
      g.statements(inner, d - 1)
      line(inner, 'yield got')
    })
    const it = g.name('it')
    line(p, `${it} = ${make}()\nnext(${it})`)
    return g.random.chance(0.7) ? `${it}.send(2)` : it
  }),
  expr('generator-close', 1, (g, p, d) => {
    const it = g.name('it')
    line(p, `${it} = ${generator(g, p, d)}()`)
    if (g.random.chance(0.6)) line(p, `next(${it}, None)`)
    return `${it}.close()`
  }),
  expr('next-twice', 2, (g, p, d) => {
    const it = g.name('it')
    line(p, `${it} = iter(${g.some('gen', p, d - 1)})`)
    return `(next(${it}, None), ${g.random.pick([`next(${it}, None)`, `list(${it})`, '1'])})`
  }),
  expr(
    'sum-of-expressions',
    1,
    (g, p, d) => `[${g.some('expr', plain(p), d - 1)}, ${g.some('expr', plain(p), d - 2)}]`,
  ),
]

/** A key function whose result can be compared. */
function keyed(g: Generator, p: Place, d: number): string {
  return `(lambda x: (${g.some('fn1', p, d - 1)}(x), x)[1])`
}
