// Templates of statements: conditions, loops, matching, narrowing, and what is only stored for later.
// Errors and context managers are errors.ts, imports imports.ts.
import { noop } from './callables.ts'
import { sharedHelper } from './shared-callables.ts'
import {
  block,
  define,
  line,
  need,
  plain,
  refer,
  topPlace,
  type Generator,
  type Place,
  type Template,
} from './place.ts'
import { stmt } from './templates.ts'

const inFunction = (p: Place): boolean => p.kind === 'function'

/** The body of a block: statements that may be nothing. */
export const body =
  (g: Generator, d: number) =>
  (inner: Place): void =>
    g.statements(inner, d - 1)

/** A block of its own in a function, so that what leaves it stays inside. */
export function inOwnFunction(g: Generator, p: Place, write: (inner: Place) => void): void {
  const async = p.async && g.random.chance(0.5)
  const call = define(g, p, { prefix: 'part', async }, write)
  line(p, `${async ? 'await ' : ''}${call}()`)
}

export const STATEMENTS: readonly Template[] = [
  stmt('expression-statement', 10, (g, p, d) => line(p, g.some('expr', p, d - 1))),
  stmt('assignment', 2, (g, p, d) => line(p, `${g.name('value')} = ${g.some('expr', p, d - 1)}`)),
  stmt('call', 8, (g, p, d) => line(p, `${g.some('fn', p, d - 1)}()`)),
  stmt('call-stored', 2, (g, p, d) => {
    const name = g.name('step')
    line(p, `${name} = ${g.some('fn', p, d - 1)}\n${name}()`)
  }),
  stmt('stored-only', 3, (g, p, d) => line(p, `${g.name('kept')} = ${g.some('fn', p, d - 1)}`)),
  stmt(
    'hook',
    2,
    (g, p, d) => line(p, `${p.ctx}.${g.random.pick(['hook(', 'include(', 'on("event", '])}${g.some('fn', p, d - 1)})`),
    (p) => p.ctx !== null,
  ),
  stmt(
    'event',
    1,
    (g, p, d) => {
      const event = g.name('event')
      line(p, `${p.ctx}.on("${event}", ${g.some('fn', p, d - 1)})`)
      if (g.random.chance(0.6)) line(p, `${p.ctx}.emit("${event}")`)
    },
    (p) => p.ctx !== null,
  ),
  stmt('shared-helper-call', 3, (g, p, d) => line(p, `${sharedHelper(g, p)}(${g.some('fn', p, d - 1)})`)),
  stmt('if', 4, (g, p, d) => {
    block(p, `if ${g.condition(p)}:`, body(g, d))
    if (g.random.chance(0.3)) block(p, `elif ${g.condition(p)}:`, body(g, d - 1))
    if (g.random.chance(0.5)) block(p, 'else:', body(g, d))
  }),
  stmt('early-return', 3, (g, p, d) =>
    inOwnFunction(g, p, (inner) => {
      block(inner, `if ${g.condition(inner)}:`, (then) => {
        if (g.random.chance(0.3)) g.statements(then, d - 2)
        line(then, 'return None')
      })
      g.statements(inner, d - 1)
    }),
  ),
  stmt('dead-after-return', 1, (g, p, d) =>
    inOwnFunction(g, p, (inner) => {
      g.statements(inner, d - 1)
      line(inner, 'return 1')
      g.statements(inner, d - 1)
    }),
  ),
  stmt('for', 3, (g, p, d) => {
    const item = g.name('item')
    block(p, `for ${item} in ${g.random.pick(['[1]', '[1, 2]', '()', 'range(2)', '{"k": 1}', '"ab"'])}:`, (inner) => {
      g.statements(inner, d - 1)
      if (g.random.chance(0.4))
        block(inner, `if ${g.condition(inner)}:`, (then) => line(then, g.random.pick(['break', 'continue'])))
      if (g.random.chance(0.4)) g.statements(inner, d - 2)
    })
    if (g.random.chance(0.3)) block(p, 'else:', body(g, d))
  }),
  stmt('for-over', 3, (g, p, d) =>
    block(p, `for ${g.name('item')} in ${g.some('gen', p, d - 1)}:`, (inner) => {
      if (g.random.chance(0.5)) g.statements(inner, d - 1)
      if (g.random.chance(0.3)) line(inner, g.random.pick(['break', 'continue']))
    }),
  ),
  stmt('for-callables', 2, (g, p, d) => {
    const step = g.name('step')
    line(p, `for ${step} in [${g.some('fn', p, d - 1)}, ${noop(g, p)}]:\n    ${step}()`)
  }),
  stmt('while', 2, (g, p, d) => {
    const n = g.name('n')
    line(p, `${n} = ${g.random.pick(['0', '2', '1'])}`)
    block(p, `while ${n} > 0:`, (inner) => {
      line(inner, `${n} -= 1`)
      g.statements(inner, d - 1)
      if (g.random.chance(0.3)) line(inner, g.random.pick(['break', 'continue']))
    })
    if (g.random.chance(0.3)) block(p, 'else:', body(g, d))
  }),
  stmt('while-unknown', 1, (g, p, d) =>
    block(p, `while ${g.unknown(p)}:`, (inner) => {
      g.statements(inner, d - 1)
      line(inner, 'break')
    }),
  ),
  stmt('while-true', 1, (g, p, d) =>
    block(p, 'while True:', (inner) => {
      g.statements(inner, d - 1)
      line(inner, 'break')
    }),
  ),
  stmt('match-constant', 2, (g, p, d) =>
    block(p, `match ${g.random.pick(['"a"', '"b"', '1', '("a", 1)', '{"k": 1}'])}:`, (inner) => {
      block(inner, `case ${g.random.pick(['"a"', '"a" | "b"', '("a", x)', '{"k": x}', 'str()'])}:`, body(g, d))
      block(inner, 'case _:', body(g, d))
    }),
  ),
  stmt('match-guard', 1, (g, p, d) =>
    block(p, 'match 1:', (inner) => {
      block(inner, `case x if ${g.condition(inner)}:`, body(g, d))
      block(inner, 'case 1:', body(g, d))
    }),
  ),
  stmt('narrowing', 3, (g, p, d) => {
    const name = g.name('value')
    const [value, test] = g.random.pick([
      ['None', `${name} is None`],
      ['1', `${name} is None`],
      ['"text"', `isinstance(${name}, str)`],
      ['1', `isinstance(${name}, (str, bytes))`],
      ['None', `callable(${name})`],
      ['print', `callable(${name})`],
      ['object()', `hasattr(${name}, "missing")`],
      ['[]', `isinstance(${name}, list)`],
      ['0', name],
      ['"x"', `${name} == "x"`],
      ['"x"', `${name} in ("x", "y")`],
      ['3', `${name} > 2`],
      ['True', `not ${name}`],
    ] as const)
    line(p, `${name} = ${value}`)
    block(p, `if ${test}:`, body(g, d))
    if (g.random.chance(0.6)) block(p, 'else:', body(g, d))
  }),
  stmt('optional-callback', 2, (g, p, d) => {
    const name = define(g, p, { params: 'step=None' }, (inner) => {
      block(
        inner,
        g.random.pick([
          'if step is not None:',
          'if step:',
          'if callable(step):',
          'if step is None:\n    return None\nif True:',
        ]),
        (then) => line(then, 'step()'),
      )
      if (g.random.chance(0.3)) g.statements(inner, d - 2)
    })
    line(p, `${name}(${g.random.chance(0.7) ? g.some('fn', p, d - 1) : ''})`)
  }),
  stmt('boolean-operators', 2, (g, p, d) =>
    line(
      p,
      `${g.random.pick(['True', 'False', g.unknown(p), 'None', '""', '1'])} ${g.random.pick(['and', 'or'])} ${g.some('expr', p, d - 1)}`,
    ),
  ),
  stmt('conditional-call', 2, (g, p, d) =>
    line(p, `${g.some('expr', p, d - 1)} if ${g.condition(p)} else ${g.some('expr', p, d - 2)}`),
  ),
  stmt('comparison-chain', 0.5, (g, p, d) =>
    line(p, `${g.random.pick(['1 < 0', '0 < 1', '2 > 1'])} < ${wrapNumber(g, p, d)}`),
  ),
  stmt('walrus-condition', 0.5, (g, p, d) => {
    const n = g.name('n')
    block(p, `if (${n} := ${g.random.pick(['0', '1'])}):`, body(g, d))
  }),
  stmt('del-name', 1, (g, p, d) => {
    const name = g.name('step')
    line(p, `${name} = ${g.some('fn', p, d - 1)}\n${g.random.chance(0.5) ? `${name}()\n` : ''}del ${name}`)
  }),
  stmt(
    'exec-literal',
    1,
    (g, p) =>
      line(
        p,
        `exec(${JSON.stringify(g.random.chance(0.6) ? g.leaf(p) : `def made():\n    ${g.leaf(p)}\n${g.random.chance(0.6) ? 'made()' : ''}`)})`,
      ),
    inFunction,
  ),
  stmt('eval-literal', 0.5, (g, p) => line(p, `eval(${JSON.stringify(g.leaf(p))})`)),
  stmt(
    'nested-function-unused',
    1,
    (g, p, d) => {
      define(g, p, { where: 'here' }, (inner) => g.statements(inner, d - 1))
    },
    inFunction,
  ),
  stmt('atexit', 0.3, (g, p, d) => {
    need(p, 'import atexit')
    line(p, `atexit.register(${g.some('fn', p, d - 1)})`)
  }),
  stmt('class-statement', 1, (g, p, d) => {
    g.some('cls', p, d - 1)
  }),
  stmt('construct', 3, (g, p, d) => line(p, `${g.some('cls', p, d - 1)}()`)),
  stmt('global-read-later', 1, (g, p, d) => {
    const home = topPlace(g, p)
    const flag = g.name('ENABLED')
    line(home, `${flag} = ${g.random.pick(['True', 'False', '0', '1', 'None'])}`)
    block(p, `if ${refer(g, p, home.module, flag)}:`, body(g, d))
  }),
  stmt('counter-loop-with-flag', 1, (g, p, d) => {
    const done = g.name('done')
    line(p, `${done} = False`)
    block(p, `for ${g.name('i')} in range(2):`, (inner) => {
      block(inner, `if ${done}:`, body(g, d))
      line(inner, `${done} = True`)
    })
  }),
  stmt('swap', 0.5, (g, p, d) => {
    const [a, b] = [g.name('a'), g.name('b')]
    line(
      p,
      `${a}, ${b} = ${g.some('fn', p, d - 1)}, ${noop(g, p)}\n${a}, ${b} = ${b}, ${a}\n${g.random.pick([a, b])}()`,
    )
  }),
  stmt('augmented-list', 0.5, (g, p, d) => {
    const list = g.name('list')
    line(
      p,
      `${list} = []\n${list} += [${g.some('fn', p, d - 1)}]\nfor ${g.name('x')} in ${list}:\n    ${list}[0]()\n    break`,
    )
  }),
  stmt('keyword-arguments', 1, (g, p, d) => {
    const name = define(g, p, { params: '**handlers' }, (inner) =>
      line(
        inner,
        g.random.pick([
          'handlers["one"]()',
          'for handler in handlers.values():\n    handler()',
          'handlers.get("two", print)',
          'for name, handler in handlers.items():\n    if name == "one":\n        handler()',
        ]),
      ),
    )
    line(p, `${name}(one=${g.some('fn', p, d - 1)})`)
  }),
  stmt('run-queue', 1, (g, p, d) => {
    const queue = g.name('queue')
    line(p, `${queue} = [${g.some('fn', p, d - 1)}]\nwhile ${queue}:\n    ${queue}.pop()()`)
  }),
  stmt('lambda-default-in-loop', 0.5, (g, p, d) => {
    const [list, f] = [g.name('list'), g.name('f')]
    line(
      p,
      `${list} = []\nfor ${f} in [${g.some('fn', p, d - 1)}, ${noop(g, p)}]:\n    ${list}.append(lambda ${f}=${f}: ${f}())\n${list}[${g.random.pick(['0', '1'])}]()`,
    )
  }),
  stmt(
    'late-binding-in-loop',
    0.5,
    (g, p, d) => {
      const [list, f] = [g.name('list'), g.name('f')]
      line(
        p,
        `${list} = []\nfor ${f} in [${g.some('fn', p, d - 1)}, ${noop(g, p)}]:\n    ${list}.append(lambda: ${f}())\n${list}[0]()`,
      )
    },
    (p) => p.kind === 'function',
  ),
]

function wrapNumber(g: Generator, p: Place, d: number): string {
  return `(${g.some('expr', plain(p), d - 1)}, 5)[1]`
}
