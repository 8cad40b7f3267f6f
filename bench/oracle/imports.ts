// Templates of imports that run a module's body where they stand: lazy, of packages, in a circle.
// The modules are new: nothing else imports them.
import { block, freshModule, line, type Generator, type Template } from './place.ts'
import { stmt } from './templates.ts'

export const IMPORTS: readonly Template[] = [
  stmt('lazy-import', 2, (g, p, d) => {
    const name = newModule(g, d)
    line(
      p,
      g.random.pick([
        `import ${name}`,
        `from ${name} import ANSWER as ${g.name('answer')}`,
        `import importlib\nimportlib.import_module("${name}")`,
        `__import__("${name}")`,
      ]),
    )
  }),
  stmt('package-import', 1, (g, p, d) => {
    const pkg = g.name('pkg')
    const outer = freshModule(g, `${pkg}/__init__.py`, pkg)
    g.statements(outer, d - 2)
    line(outer, 'NAME = 1')
    const inner = freshModule(g, `${pkg}/sub.py`, `${pkg}.sub`)
    if (g.random.chance(0.7)) g.statements(inner, d - 2)
    line(inner, 'ANSWER = 1')
    if (g.random.chance(0.4))
      line(outer, g.random.pick(['from .sub import ANSWER', 'from . import sub', 'from .sub import *']))
    line(
      p,
      g.random.pick([
        `import ${pkg}.sub`,
        `from ${pkg} import sub as ${g.name('sub')}`,
        `from ${pkg}.sub import ANSWER as ${g.name('answer')}`,
        `import ${pkg}`,
        `from ${pkg} import NAME as ${g.name('name')}`,
      ]),
    )
  }),
  stmt('circular-import', 1, (g, p, d) => {
    const [a, b] = [g.name('ring'), g.name('ring')]
    const [first, second] = [freshModule(g, `${a}.py`, a), freshModule(g, `${b}.py`, b)]
    line(first, `EARLY = 1\nimport ${b}`)
    g.statements(first, d - 2)
    line(second, `import ${a}`)
    if (g.random.chance(0.5)) line(second, `from ${a} import EARLY`)
    g.statements(second, d - 2)
    block(second, 'def late():', (inner) => g.statements(inner, d - 2), { kind: 'function' })
    const start = g.random.chance(0.5)
    line(first, start ? `${b}.late()` : 'LATE = 1')
    line(p, `import ${start ? a : b}`)
  }),
]

/** A module that nothing imports yet. */
function newModule(g: Generator, d: number): string {
  const name = g.name('lazy')
  const place = freshModule(g, `${name}.py`, name)
  g.statements(place, d - 1)
  line(place, 'ANSWER = 42')
  return name
}
