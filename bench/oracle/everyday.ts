// Templates of what every program uses: collections that reorder, sets as flags, loops that count, threads with data of their own, copies and pickles,
// names that become builtin, values that are None.
import { noop } from './callables.ts'
import { block, define, defineClass, line, need, plain, refer, topPlace, type Place, type Template } from './place.ts'
import { expr, fn, fn1, stmt } from './templates.ts'

const local = (p: Place): boolean => p.kind === 'function'

const COLLECTED: readonly Template[] = [
  fn('ordered-entries', 1, (g, p, d) => {
    need(p, 'import collections')
    const entries = g.name('entries')
    const given = g.some('fn', p, d - 1)
    line(p, `${entries} = collections.OrderedDict(a=${given}, b=${noop(g, p)})`)
    if (g.random.chance(0.6)) line(p, `${entries}.move_to_end(${g.random.pick(['"a"', '"b"', '"b", last=False'])})`)
    return g.random.pick([
      `${entries}.popitem()[1]`,
      `${entries}.popitem(last=False)[1]`,
      `next(iter(${entries}.values()))`,
      `[*${entries}.values()][-1]`,
    ])
  }),
  fn('bounded-deque', 1, (g, p, d) => {
    need(p, 'import collections')
    const steps = g.name('steps')
    line(p, `${steps} = collections.deque([${g.some('fn', p, d - 1)}], maxlen=${g.random.pick(['1', '2', 'None'])})`)
    line(
      p,
      g.random.pick([
        `${steps}.append(${noop(g, p)})`,
        `${steps}.appendleft(${noop(g, p)})`,
        `${steps}.append(${noop(g, p)})\n${steps}.rotate(1)`,
        `${steps}.extend([${noop(g, p)}])`,
      ]),
    )
    return g.random.pick([`${steps}[0]`, `${steps}[-1]`, `${steps}.pop()`, `${steps}.popleft()`])
  }),
  fn('child-of-a-chain', 0.5, (g, p, d) => {
    need(p, 'import collections')
    const chain = g.name('chain')
    line(p, `${chain} = collections.ChainMap({"a": ${g.some('fn', p, d - 1)}}, {"b": ${g.some('fn', p, d - 2)}})`)
    return g.random.pick([
      `${chain}["a"]`,
      `${chain}["b"]`,
      `${chain}.new_child({"a": ${noop(g, p)}})["a"]`,
      `${chain}.new_child()["b"]`,
    ])
  }),
  fn('picked-by-itertools', 1, (g, p, d) => {
    need(p, 'import itertools')
    const [a, b] = [g.some('fn', p, d - 1), noop(g, p)]
    return g.random.pick([
      `next(itertools.islice([${b}, ${a}], 1, None))`,
      `next(itertools.islice([${a}, ${b}], 1, 2))`,
      `next(itertools.compress([${a}, ${b}], [0, 1]))`,
      `next(itertools.compress([${a}, ${b}], [True, False]))`,
      `next(itertools.product([${a}], [1]))[0]`,
      `next(itertools.permutations([${b}, ${a}]))[1]`,
      `next(itertools.combinations([${a}], 1))[0]`,
    ])
  }),
  stmt('flags-in-sets', 2, (g, p, d) => {
    const [a, b] = [g.name('flags'), g.name('flags')]
    line(p, `${a} = {${g.random.pick(['"x"', '"x", "y"'])}}\n${b} = {${g.random.pick(['"y"', '"x", "z"'])}}`)
    const test = g.random.pick([
      `"x" in ${a} | ${b}`,
      `"z" in ${a} & ${b}`,
      `${a} & ${b}`,
      `${a} - ${b}`,
      `"y" in ${a} ^ ${b}`,
      `${a} <= ${b}`,
      `${a} == ${b}`,
      `${a}.isdisjoint(${b})`,
      `${a}.issuperset({"x"})`,
      `"y" in ${a}.union(${b})`,
      `not ${a}.difference(["x", "y"])`,
    ])
    if (g.random.chance(0.3)) line(p, g.random.pick([`${a}.discard("x")`, `${a}.add("z")`, `${a}.update(${b})`]))
    block(p, `if ${test}:`, (then) => g.statements(then, d - 1))
  }),
]

const OBJECTS: readonly Template[] = [
  fn1('singledispatch-method', 0.7, (g, p, d) => {
    need(p, 'import functools')
    const made = defineClass(g, p, { where: 'here' }, (c) => {
      c.method('def run(self, x):', (inner) => g.statements(inner, d - 1), ['functools.singledispatchmethod'])
      c.method(`def _run(self, x: ${g.random.pick(['int', 'str'])}):`, (inner) => g.statements(inner, d - 1), [
        'run.register',
      ])
    })
    return `${made}().run`
  }),
  fn('reduced-and-loaded', 0.7, (g, p, d) => {
    const module = g.random.pick(['pickle', 'copy'])
    need(p, `import ${module}`)
    // pickle finds what is called by its name in a module
    const home = topPlace(g, p)
    const make = define(g, home, { where: 'here', prefix: 'make' }, (inner) => {
      g.statements(inner, d - 1)
      line(inner, 'return print')
    })
    const box = defineClass(g, home, { where: 'here' }, (c) =>
      c.method('def __reduce__(self):', (inner) => line(inner, `return ${make}, ()`)),
    )
    const uses = {
      pickle: ['pickle.loads(pickle.dumps(O))', 'pickle.dumps(O)'],
      copy: ['copy.copy(O)', 'copy.deepcopy(O)'],
    }
    return `(lambda: ${g.random.pick(uses[module === 'pickle' ? 'pickle' : 'copy']).replace('O', `${refer(g, p, home.module, box)}()`)})`
  }),
  stmt('dataclass-with-options', 1, (g, p, d) => {
    need(p, 'import dataclasses')
    const options = g.random.pick(['kw_only=True', 'slots=True', 'frozen=True', 'order=True', 'init=True'])
    const given = g.some('fn', p, d - 1)
    const made = defineClass(g, p, { where: 'here', decorators: [`dataclasses.dataclass(${options})`] }, (c) => {
      c.put(`rows: list = dataclasses.field(default_factory=${given})`)
      c.put('size: dataclasses.InitVar[int] = 0')
      c.method('def __post_init__(self, size):', (inner) =>
        block(inner, 'if size:', (then) => g.statements(then, d - 2)),
      )
    })
    line(p, `${made}(${g.random.pick(['', 'rows=[]', 'rows=[], size=1', 'size=0'])})`)
  }),
  stmt('method-of-none', 1, (g, p, d) =>
    block(
      p,
      `def ${g.name('careful')}():`,
      (inner) => {
        const name = g.name('found')
        line(inner, `${name} = ${g.random.pick(['None', 'None', '"text"'])}`)
        block(inner, 'try:', (t) => {
          line(t, `${name}.strip()`)
          g.statements(t, d - 1)
        })
        block(inner, 'except AttributeError:', (t) => g.statements(t, d - 2))
      },
      { kind: 'function', async: false },
    ),
  ),
  stmt(
    'while-counts',
    1.5,
    (g, p, d) => {
      const count = g.name('count')
      line(p, `${count} = 0`)
      block(p, `while ${count} < ${g.random.pick(['1', '2', '3'])}:`, (body) => {
        line(body, `${count} += 1`)
        if (g.random.chance(0.5)) g.statements(body, d - 2)
        if (g.random.chance(0.3)) line(body, `if ${count} == 2:\n    break`)
      })
      block(p, `if ${count} ${g.random.pick(['== 1', '== 2', '> 2', '!= 0'])}:`, (then) => g.statements(then, d - 1))
    },
    local,
  ),
  stmt('recursion-that-counts', 0.7, (g, p, d) => {
    const down = define(g, p, { where: 'here', prefix: 'down', params: 'n' }, (inner, self) => {
      block(inner, 'if n == 0:', (then) => {
        g.statements(then, d - 1)
        line(then, 'return n')
      })
      line(inner, `return ${self}(n - 1)`)
    })
    line(p, `${down}(${g.random.pick(['0', '1', '3', '40'])})`)
  }),
  expr('generator-throw', 0.7, (g, p, d) => {
    const make = define(g, p, { where: 'here', prefix: 'gen' }, (inner) => {
      block(inner, 'try:', (t) => line(t, 'yield 1'))
      block(inner, `except ${g.random.pick(['KeyError', 'LookupError', 'ValueError'])}:`, (t) => g.statements(t, d - 1))
      line(inner, 'yield 2')
    })
    const it = g.name('it')
    line(p, `${it} = ${make}()\nnext(${it})`)
    block(p, 'try:', (t) => line(t, `${it}.throw(KeyError("stop"))`))
    block(p, 'except KeyError:', (t) => g.statements(t, d - 2))
    return `${it}.close()`
  }),
  stmt('builtin-name', 0.7, (g, p, d) => {
    need(p, 'import builtins')
    const name = g.name('builtin')
    const given = g.some('fn', p, d - 1)
    line(
      p,
      g.random.pick([
        `builtins.${name} = ${given}`,
        `setattr(builtins, "${name}", ${given})`,
        `builtins.__dict__["${name}"] = ${given}`,
      ]),
    )
    if (g.random.chance(0.7)) line(p, `${name}()`)
  }),
]

const THREADS: readonly Template[] = [
  stmt('attributes-of-a-thread', 1, (g, p, d) => {
    need(p, 'import threading')
    const own = g.name('own')
    const given = g.some('fn', plain(p), d - 1)
    line(p, `${own} = threading.local()\n${own}.step = ${given}`)
    const work = define(g, p, { where: 'here', prefix: 'work' }, (inner) => {
      line(inner, g.random.pick([`getattr(${own}, "step", print)()`, `if hasattr(${own}, "step"):\n    ${own}.step()`]))
      g.statements(inner, d - 2)
    })
    const thread = g.name('thread')
    line(p, `${thread} = threading.Thread(target=${work})\n${thread}.start()\n${thread}.join()`)
    if (g.random.chance(0.5)) line(p, `${own}.step()`)
  }),
  stmt('variable-in-a-thread', 1, (g, p, d) => {
    need(p, 'import contextvars')
    need(p, 'import threading')
    const variable = g.name('var')
    line(p, `${variable} = contextvars.ContextVar("${variable}", default=lambda: None)`)
    const early = g.name('context')
    line(p, `${early} = contextvars.copy_context()\n${variable}.set(${g.some('fn', plain(p), d - 1)})`)
    const work = `lambda: ${variable}.get()()`
    const thread = g.name('thread')
    line(
      p,
      g.random.pick([
        `${thread} = threading.Thread(target=${work})\n${thread}.start()\n${thread}.join()`,
        `${thread} = threading.Thread(target=contextvars.copy_context().run, args=(${work},))\n${thread}.start()\n${thread}.join()`,
        `${early}.run(${work})`,
        `contextvars.copy_context().run(${work})`,
      ]),
    )
  }),
  stmt('error-of-a-future', 0.7, (g, p, d) => {
    need(p, 'from concurrent.futures import ThreadPoolExecutor')
    const fails = define(g, p, { where: 'here', prefix: 'fails' }, (inner) => {
      g.statements(inner, d - 2)
      line(inner, 'raise KeyError("stop")')
    })
    const [pool, future] = [g.name('pool'), g.name('future')]
    block(p, `with ThreadPoolExecutor(1) as ${pool}:`, (inner) => {
      line(inner, `${future} = ${pool}.submit(${fails})`)
      if (g.random.chance(0.5))
        return block(inner, `if ${future}.exception() is not None:`, (then) => g.statements(then, d - 1))
      block(inner, 'try:', (t) => {
        line(t, `${future}.result()`)
        g.statements(t, d - 2)
      })
      block(inner, 'except KeyError:', (t) => g.statements(t, d - 1))
    })
  }),
  stmt('detached-finalizer', 0.7, (g, p, d) => {
    need(p, 'import weakref')
    const box = defineClass(g, p, { where: 'here' }, () => undefined)
    const [object, end] = [g.name('box'), g.name('end')]
    const name = g.name('used')
    block(
      p,
      `def ${name}():`,
      (inner) => {
        line(inner, `${object} = ${box}()\n${end} = weakref.finalize(${object}, ${g.some('fn', inner, d - 1)})`)
        block(inner, 'try:', (t) => g.statements(t, d - 2))
        block(inner, 'finally:', (t) => line(t, `${end}.detach()`))
      },
      { kind: 'function', async: false },
    )
    line(p, `${name}()`)
  }),
]

export const EVERYDAY: readonly Template[] = [...COLLECTED, ...OBJECTS, ...THREADS]
