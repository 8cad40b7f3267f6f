// Templates of functions of the standard library that call what they get, keep it, or call it only when somebody asks for an element.
// Those of asyncio are lifetimes.ts, those that hooks of a class answer data-model.ts.
import { noop } from './callables.ts'
import { block, define, defineClass, line, need, plain, type Generator, type Place, type Template } from './place.ts'
import { expr, fn, fn1, gen, stmt } from './templates.ts'

/** A function of one argument that gives it back when it has done its work. */
const through = (g: Generator, p: Place, d: number): string => `(lambda x: (${g.some('fn1', p, d - 1)}(x), x)[1])`

/** An expression with a callable of one argument in the place of `F`, that gives its argument back. */
const keyed = (name: string, module: string, uses: readonly string[]): Template =>
  expr(`call-${name}`, 0.5, (g, p, d) => {
    if (module !== '') need(p, `import ${module}`)
    return g.random.pick(uses).replaceAll('F', through(g, plain(p), d))
  })

/** An iterator over elements, with a callable of one argument in the place of `F` or an iterable in the place of `I`. */
const lazily = (name: string, module: string, uses: readonly string[]): Template =>
  gen(`lazy-${name}`, 0.5, (g, p, d) => {
    need(p, `import ${module}`)
    const text = g.random.pick(uses)
    return text.includes('F')
      ? text.replaceAll('F', through(g, plain(p), d))
      : text.replaceAll('I', g.some('gen', p, d - 1))
  })

const KEYED: readonly Template[] = [
  keyed('nsmallest', 'heapq', ['heapq.nsmallest(1, [1, 2], key=F)', 'heapq.nlargest(1, [1], key=F)']),
  keyed('bisect', 'bisect', [
    'bisect.bisect_left([1, 2], 1, key=F)',
    'bisect.insort([1], 2, key=F)',
    'bisect.bisect([], 1, key=F)',
  ]),
  keyed('list-sort', '', ['[1, 2].sort(key=F)', '[].sort(key=F)', '[1].sort(reverse=True)']),
  keyed('compare', 'functools', [
    'sorted([1, 2], key=functools.cmp_to_key(lambda a, b: F(0)))',
    'functools.cmp_to_key(F)',
  ]),
  keyed('json-hook', 'json', [
    'json.loads("{}", object_hook=F)',
    'json.loads("[1]", parse_int=F)',
    'json.loads("[]", object_hook=F)',
  ]),
  keyed('any-of-map', '', ['any(map(F, [1, 2]))', 'all(map(F, [0, 1]))', 'any(map(F, []))', 'max(map(F, [1]))']),
  keyed('regular-expression', 're', [
    're.sub("a", lambda found: str(F(1)), "a")',
    're.compile("b").sub(lambda found: str(F(1)), "b")',
  ]),
  keyed('timeit', 'timeit', [
    'timeit.timeit(lambda: F(1), number=1)',
    'timeit.Timer(lambda: F(1))',
    'timeit.repeat(lambda: F(1), number=1, repeat=1)',
  ]),
  keyed('operator-call', 'operator', [
    'operator.call(F, 1)',
    'operator.itemgetter(0)([F])',
    'operator.itemgetter(0)([F])(1)',
  ]),
  keyed('statistics', 'statistics', ['statistics.mean(map(F, [1, 2]))', 'statistics.mean([1, 2])']),
  keyed('counter', 'collections', [
    'collections.Counter(map(F, [1, 2]))',
    'collections.deque(map(F, [1]), maxlen=1)',
    'collections.OrderedDict(zip([1], map(F, [1])))',
  ]),
  keyed('mock', 'unittest.mock', [
    'unittest.mock.Mock(side_effect=F)(1)',
    'unittest.mock.Mock(side_effect=F)',
    'unittest.mock.MagicMock(wraps=F)(1)',
  ]),
  keyed('copied-context', 'contextvars', [
    'contextvars.copy_context().run(F, 1)',
    'contextvars.Context().run(F, 1)',
    'contextvars.copy_context()',
  ]),
]

const LAZY: readonly Template[] = [
  lazily('accumulate', 'itertools', [
    'itertools.accumulate([1, 2], lambda a, b: F(b))',
    'itertools.accumulate([1], lambda a, b: F(b))',
    'itertools.accumulate(I, lambda a, b: b)',
  ]),
  lazily('filterfalse', 'itertools', ['itertools.filterfalse(F, [1, 2])', 'itertools.filterfalse(None, I)']),
  lazily('dropwhile', 'itertools', ['itertools.dropwhile(F, [1, 2])', 'itertools.dropwhile(F, [0, 1])']),
  lazily('groupby', 'itertools', ['itertools.groupby([1, 2], F)', 'itertools.groupby(I)']),
  lazily('chain-from', 'itertools', [
    'itertools.chain.from_iterable([I])',
    'itertools.chain.from_iterable([[], I])',
    'itertools.chain([3], I)',
  ]),
  lazily('zip-longest', 'itertools', ['itertools.zip_longest([1], I)', 'itertools.zip_longest(I, [1])']),
  lazily('pairwise', 'itertools', ['itertools.pairwise(I)']),
  lazily('tee', 'itertools', ['itertools.tee(I)[0]', 'itertools.tee(I)']),
  lazily('cycle', 'itertools', ['itertools.islice(itertools.cycle(I), 3)', 'itertools.repeat(1, 2)']),
  lazily('merge', 'heapq', ['heapq.merge(I, key=lambda x: 0)']),
  lazily('map-of-two', 'itertools', [
    'map(lambda a, b: F(a), [1, 2], itertools.count())',
    'map(lambda a, b: a, itertools.count(), I)',
  ]),
]

const CALLABLES: readonly Template[] = [
  fn('context-variable', 1, (g, p, d) => {
    need(p, 'import contextvars')
    const name = g.name('var')
    line(p, `${name} = contextvars.ContextVar("${name}", default=${noop(g, p)})`)
    const given = g.some('fn', p, d - 1)
    const way = g.random.below(3)
    if (way === 0) line(p, `${name}.set(${given})`)
    else if (way === 1) {
      const token = g.name('token')
      line(p, `${token} = ${name}.set(${given})\n${name}.reset(${token})`)
    }
    return `${name}.get()`
  }),
  fn('nested-partials', 1.5, (g, p, d) => {
    need(p, 'import functools')
    const call = define(g, p, { params: 'a=None, *rest, step=None' }, (inner) =>
      line(inner, g.random.pick(['return a()', 'return rest[0]()', 'step()', 'return step'])),
    )
    const [a, b, c] = [g.some('fn', p, d - 1), noop(g, p), g.random.chance(0.5) ? noop(g, p) : g.some('fn', p, d - 2)]
    return `functools.partial(functools.partial(${call}, ${a}, step=${b}), ${c}${g.random.chance(0.5) ? `, step=${a}` : ''})`
  }),
  fn('item-getter', 0.7, (g, p, d) => {
    need(p, 'import operator')
    return `operator.itemgetter("one")({"one": ${g.some('fn', p, d - 1)}, "two": ${noop(g, p)}})`
  }),
  fn('chain-map', 0.7, (g, p, d) => {
    need(p, 'import collections')
    const given = g.some('fn', p, d - 1)
    return g.random.pick([
      `collections.ChainMap({"one": ${given}}, {"one": ${noop(g, p)}})["one"]`,
      `collections.ChainMap({}, {"one": ${given}})["one"]`,
      `collections.ChainMap({"one": ${noop(g, p)}}, {"one": ${given}})["one"]`,
    ])
  }),
  fn('three-wrappers', 1.5, (g, p, d) => {
    const inner = define(g, p, { prefix: 'last', params: 'step, *more, key=None' }, (body) =>
      line(body, g.random.pick(['return step()', 'return more[0]()', 'key()', 'return key'])),
    )
    const middle = define(g, p, { prefix: 'middle', params: 'function, *args, **kwargs' }, (body) => {
      if (g.random.chance(0.3)) g.statements(body, d - 2)
      line(body, 'return function(*args, **kwargs)')
    })
    const outer = define(g, p, { prefix: 'outer', params: '*args, **kwargs' }, (body) =>
      line(body, 'return args[0](*args[1:], **kwargs)'),
    )
    const [a, b, c] = [g.some('fn', plain(p), d - 1), noop(g, p), g.some('fn', plain(p), d - 2)]
    return `(lambda: ${outer}(${middle}, ${inner}, ${a}, ${b}, key=${c}))`
  }),
  fn('context-decorator', 1, (g, p, d) => {
    need(p, 'import contextlib')
    const around = defineClass(g, p, { bases: 'contextlib.ContextDecorator', where: 'here' }, (c) => {
      c.method('def __enter__(self):', (inner) => g.statements(inner, d - 1))
      c.method('def __exit__(self, *error):', (inner) => {
        if (g.random.chance(0.4)) g.statements(inner, d - 2)
      })
    })
    return define(g, p, { where: 'here', decorators: [`${around}()`] }, (inner) => g.statements(inner, d - 1))
  }),
  fn('globals-by-name', 0.7, (g, p, d) => {
    const name = define(g, p, { where: 'top' }, (inner) => g.statements(inner, d - 1))
    return p.module.top.some((text) => text.includes(`def ${name}(`)) ? `globals()["${name}"]` : name
  }),
  fn1('dispatch-method', 1, (g, p, d) => {
    need(p, 'import functools')
    const box = defineClass(g, p, { where: 'here' }, (c) => {
      c.method('def show(self, x):', (inner) => g.statements(inner, d - 1), ['functools.singledispatchmethod'])
      c.method('def _(self, x):', (inner) => g.statements(inner, d - 1), [
        `show.register(${g.random.pick(['int', 'str', 'list'])})`,
      ])
    })
    return `${box}().show`
  }),
  fn1('dispatch-by-annotation', 1, (g, p, d) => {
    need(p, 'import functools')
    const name = define(g, p, { where: 'here', decorators: ['functools.singledispatch'], params: 'x' }, (inner) =>
      g.statements(inner, d - 1),
    )
    block(
      p,
      `@${name}.register\ndef _${name}(x: ${g.random.pick(['int', 'str'])}):`,
      (inner) => g.statements(inner, d - 1),
      {
        kind: 'function',
        async: false,
        running: g.asynchronous,
      },
    )
    return name
  }),
]

const USES: readonly Template[] = [
  stmt('exit-stack-by-hand', 1, (g, p, d) => {
    need(p, 'import contextlib')
    const stack = g.name('stack')
    line(p, `${stack} = contextlib.ExitStack()\n${stack}.callback(${g.some('fn', p, d - 1)})`)
    line(p, g.random.pick([`${stack}.close()`, `${stack}.pop_all().close()`, `with ${stack}:\n    pass`, stack]))
  }),
  stmt('exit-stack-push', 1, (g, p, d) => {
    need(p, 'import contextlib')
    const stack = g.name('stack')
    const close = define(g, p, { params: '*error' }, (inner) => g.statements(inner, d - 1))
    block(p, `with contextlib.ExitStack() as ${stack}:`, (inner) => {
      line(inner, `${stack}.push(${close})`)
      g.statements(inner, d - 2)
    })
  }),
  stmt('json-encoder', 0.7, (g, p, d) => {
    need(p, 'import json')
    const encoder = defineClass(g, p, { bases: 'json.JSONEncoder', where: 'here' }, (c) =>
      c.method('def default(self, value):', (inner) => {
        g.statements(inner, d - 1)
        line(inner, 'return 1')
      }),
    )
    line(p, `json.dumps(${g.random.pick(['object()', '[object()]', '1'])}, cls=${encoder})`)
  }),
  stmt('syntax-visitor', 0.7, (g, p, d) => {
    need(p, 'import ast')
    const visitor = defineClass(g, p, { bases: 'ast.NodeVisitor', where: 'here' }, (c) =>
      c.method('def visit_Name(self, node):', (inner) => g.statements(inner, d - 1)),
    )
    if (g.random.chance(0.3)) line(p, `${visitor}()`)
    else line(p, `${visitor}().visit(ast.parse("a"))`)
  }),
  stmt('patched-object', 1, (g, p, d) => {
    need(p, 'import unittest.mock')
    const box = defineClass(g, p, { where: 'here' }, (c) =>
      c.method('def run(self):', (inner) => g.statements(inner, d - 1)),
    )
    const given = g.some('fn', p, d - 1)
    block(p, `with unittest.mock.patch.object(${box}, "run", lambda self: ${given}()):`, (inner) => {
      if (g.random.chance(0.6)) line(inner, `${box}().run()`)
    })
    if (g.random.chance(0.5)) line(p, `${box}().run()`)
  }),
  stmt('warnings-caught', 0.5, (g, p, d) => {
    need(p, 'import warnings')
    block(p, 'with warnings.catch_warnings():', (inner) => g.statements(inner, d - 1))
  }),
  stmt('redirected-output', 0.5, (g, p, d) => {
    need(p, 'import contextlib')
    need(p, 'import io')
    block(p, 'with contextlib.redirect_stdout(io.StringIO()):', (inner) => g.statements(inner, d - 1))
  }),
  stmt('dictionary-of-steps', 2, (g, p, d) => {
    const [table, step] = [g.name('STEPS'), g.name('step')]
    line(p, `${table} = {"one": ${g.some('fn', p, d - 1)}, "two": ${noop(g, p)}}`)
    line(
      p,
      g.random.pick([
        `for ${step} in ${table}.values():\n    ${step}()`,
        `for name, ${step} in ${table}.items():\n    if name == "${g.random.pick(['one', 'two'])}":\n        ${step}()`,
        `for name in ${table}:\n    ${table}[name]()`,
        `for ${step} in ${table}.values():\n    pass`,
        `[${step}() for ${step} in ${table}.values()]`,
        `{name: ${step}() for name, ${step} in ${table}.items()}`,
        `(${step}() for ${step} in ${table}.values())`,
        `for name in sorted(${table}):\n    ${table}[name]()\n    break`,
      ]),
    )
  }),
  stmt('pipeline-of-steps', 1, (g, p, d) => {
    const [value, step] = [g.name('value'), g.name('step')]
    line(
      p,
      `${value} = 1\nfor ${step} in (${g.some('fn1', p, d - 1)}, ${g.some('fn1', p, d - 1)}):\n    ${value} = ${step}(${value})`,
    )
  }),
]

export const CALLBACKS: readonly Template[] = [...KEYED, ...LAZY, ...CALLABLES, ...USES]
