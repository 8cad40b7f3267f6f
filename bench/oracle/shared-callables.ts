// Templates of callables that several places of a program share: singletons, lazy globals, recursion, members of classes, helpers.
// What one place does with them must not leak into another one.
import { noop } from './callables.ts'
import {
  block,
  define,
  defineClass,
  freshModule,
  line,
  need,
  plain,
  refer,
  topPlace,
  type Generator,
  type Place,
  type Template,
} from './place.ts'
import { fn } from './templates.ts'

export const SHARED_CALLABLES: readonly Template[] = [
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
]

/** A function of the program that several sites use with different callbacks: its summaries must not leak from one to the other. */
export function sharedHelper(g: Generator, p: Place): string {
  const module = g.modules.find(({ file }) => file === SHARED) ?? freshModule(g, SHARED, 'callbacks').module
  const name = g.random.pick(['call_now', 'call_twice', 'keep', 'call_guarded', 'call_last', 'call_if_callable'])
  if (!module.top.some((text) => text.startsWith(`def ${name}(`)))
    module.top.unshift(...(HELPERS[name] ?? '').split('\n'))
  return refer(g, p, module, name)
}

/** It imports nothing, so that any module may import it at any time. */
const SHARED = 'callbacks.py'

const HELPERS: Readonly<Record<string, string>> = {
  call_now: 'def call_now(step):\n    return step()',
  call_twice: 'def call_twice(step):\n    step()\n    return step()',
  keep: 'def keep(step):\n    kept = [step]\n    return len(kept)',
  call_guarded: 'def call_guarded(step):\n    try:\n        return step()\n    finally:\n        kept = step',
  call_last:
    'def call_last(step, *others):\n    last = step\n    for other in others:\n        last = other\n    return last()',
  call_if_callable: 'def call_if_callable(step=None):\n    if callable(step):\n        return step()\n    return None',
}
