// Templates of state that modules keep and definitions that depend on conditions: flags that are set while the program starts, functions that are
// defined on one path, imports that only types need, modules that answer for names that they do not have.
import { noop } from './callables.ts'
import {
  block,
  define,
  defineClass,
  freshModule,
  line,
  need,
  refer,
  topPlace,
  type Generator,
  type Place,
  type Template,
} from './place.ts'
import { fn, stmt } from './templates.ts'

/** How functions written at the top of a module end. */
const inside = (g: Generator): Partial<Place> => ({ kind: 'function', async: false, running: g.asynchronous })

const CALLABLES: readonly Template[] = [
  fn('defined-by-condition', 2, (g, p, d) => {
    const name = g.name('chosen')
    const write = (at: Place): void => block(at, `def ${name}():`, (inner) => g.statements(inner, d - 1), inside(g))
    block(p, `if ${g.condition(p)}:`, write)
    block(p, 'else:', write)
    return name
  }),
  fn('defined-in-try', 1, (g, p, d) => {
    const name = g.name('chosen')
    const module = g.name('optional')
    const home = freshModule(g, `${module}.py`, module)
    if (g.random.chance(0.5)) line(home, 'raise ImportError("stop")')
    block(p, 'try:', (t) => {
      line(t, `import ${module}`)
      block(t, `def ${name}():`, (inner) => g.statements(inner, d - 1), inside(g))
    })
    block(p, 'except ImportError:', (t) => block(t, `def ${name}():`, (inner) => g.statements(inner, d - 1), inside(g)))
    return name
  }),
  fn('defined-twice', 1, (g, p, d) => {
    const name = g.name('again')
    for (let i = 0; i < 2; i++) block(p, `def ${name}():`, (inner) => g.statements(inner, d - 1), inside(g))
    return name
  }),
  fn('module-answers', 1, (g, p, d) => {
    const module = g.name('answering')
    const home = freshModule(g, `${module}.py`, module)
    const given = define(g, home, { where: 'here' }, (inner) => g.statements(inner, d - 1))
    block(
      home,
      'def __getattr__(name):',
      (inner) => {
        if (g.random.chance(0.3)) g.statements(inner, d - 2)
        line(inner, `if name == "dynamic":\n    return ${given}\nraise AttributeError(name)`)
      },
      inside(g),
    )
    const name = g.name('dynamic')
    line(p, `from ${module} import dynamic as ${name}`)
    return name
  }),
  fn('types-only', 1, (g, p, d) => {
    need(p, 'from typing import TYPE_CHECKING')
    const module = g.name('typed')
    const home = freshModule(g, `${module}.py`, module)
    g.statements(home, d - 2)
    const name = define(g, home, { where: 'here' }, (inner) => g.statements(inner, d - 1))
    block(p, 'if TYPE_CHECKING:', (then) => line(then, `from ${module} import ${name}`))
    block(p, 'else:', (other) => line(other, `${name} = ${noop(g, other)}`))
    return name
  }),
  fn('missing-package', 2, (g, p, d) => {
    const home = topPlace(g, p)
    const name = g.name('step')
    const given = g.some('fn', home, d - 1)
    line(home, `try:\n    from ${g.name('missing')} import ${name}\nexcept ImportError:\n    ${name} = ${given}`)
    // what a package that nobody knows gives may be anything, None too: it is only called
    return `(lambda: ${refer(g, p, home.module, name)}())`
  }),
  fn('missing-module', 1, (g, p, d) => {
    const name = g.name('package')
    const given = g.some('fn', p, d - 1)
    line(p, `try:\n    import ${g.name('missing')} as ${name}\nexcept ImportError:\n    ${name} = None`)
    return `(${given} if ${name} is None else ${noop(g, p)})`
  }),
]

const USES: readonly Template[] = [
  stmt('once', 2, (g, p, d) => {
    const home = topPlace(g, p)
    const flag = g.name('DONE')
    line(home, `${flag} = ${g.random.pick(['False', 'False', 'False', 'True'])}`)
    const once = define(g, home, { where: 'here', prefix: 'once' }, (inner) => {
      line(inner, `global ${flag}`)
      block(inner, `if ${flag}:`, (then) => line(then, 'return None'))
      line(inner, `${flag} = True`)
      g.statements(inner, d - 1)
    })
    const name = refer(g, p, home.module, once)
    line(p, `${name}()${g.random.chance(0.5) ? `\n${name}()` : ''}`)
  }),
  stmt('flag-set-from-outside', 1.5, (g, p, d) => {
    const module = g.name('flags')
    const home = freshModule(g, `${module}.py`, module)
    line(home, 'READY = False')
    block(home, 'def work():', (inner) => block(inner, 'if READY:', (then) => g.statements(then, d - 1)), inside(g))
    line(p, `import ${module}`)
    if (g.random.chance(0.4)) line(p, `${module}.work()`)
    if (g.random.chance(0.6)) line(p, `${module}.READY = True`)
    line(p, `${module}.work()`)
  }),
  stmt('settings-object', 1, (g, p, d) => {
    const home = topPlace(g, p)
    const box = defineClass(g, { ...home }, { where: 'here' }, (c) =>
      c.put(`debug = ${g.random.pick(['True', 'False'])}`),
    )
    const settings = g.name('settings')
    line(home, `${settings} = ${box}()`)
    const name = refer(g, p, home.module, settings)
    if (g.random.chance(0.5)) line(p, `${name}.debug = ${g.random.pick(['True', 'False'])}`)
    block(p, `if ${name}.debug:`, (then) => g.statements(then, d - 1))
  }),
  stmt('items-of-a-module-list', 1, (g, p, d) => {
    const home = topPlace(g, p)
    const list = g.name('CALLBACKS')
    line(home, `${list} = []`)
    const add = define(g, home, { where: 'here', prefix: 'add', params: 'step' }, (inner) =>
      line(inner, `${list}.append(step)\nreturn step`),
    )
    const run = define(g, home, { where: 'here', prefix: 'run' }, (inner) =>
      line(inner, `for step in ${list}:\n    step()${g.random.chance(0.3) ? `\n${list}.clear()` : ''}`),
    )
    const [adds, runs] = [refer(g, p, home.module, add), refer(g, p, home.module, run)]
    const given = g.some('fn', p, d - 1)
    line(
      p,
      g.random.pick([
        `${adds}(${given})\n${runs}()`,
        `${runs}()\n${adds}(${given})`,
        `${adds}(${given})\n${runs}()\n${runs}()`,
      ]),
    )
  }),
  stmt('version-of-a-lazy-value', 1, (g, p, d) => {
    const home = topPlace(g, p)
    const cache = g.name('CACHE')
    line(home, `${cache} = {}`)
    const get = define(g, home, { where: 'here', prefix: 'cached', params: 'key' }, (inner) => {
      block(inner, `if key not in ${cache}:`, (then) => {
        g.statements(then, d - 1)
        line(then, `${cache}[key] = 1`)
      })
      line(inner, `return ${cache}[key]`)
    })
    const name = refer(g, p, home.module, get)
    line(p, `${name}("a")${g.random.pick(['', `\n${name}("a")`, `\n${name}("b")`])}`)
  }),
  stmt('import-ring-of-names', 1, (g, p, d) => {
    const [a, b] = [g.name('circle'), g.name('circle')]
    const [first, second] = [freshModule(g, `${a}.py`, a), freshModule(g, `${b}.py`, b)]
    const early = define(g, first, { where: 'here' }, (inner) => g.statements(inner, d - 2))
    line(first, `from ${b} import late`)
    g.statements(first, d - 2)
    line(second, `from ${a} import ${early}`)
    if (g.random.chance(0.5)) line(second, `${early}()`)
    block(
      second,
      'def late():',
      (inner) => line(inner, `from ${a} import ${early} as again\nreturn again()`),
      inside(g),
    )
    line(p, `import ${a}\n${a}.late()`)
  }),
]

export const MODULE_STATE: readonly Template[] = [...CALLABLES, ...USES]
