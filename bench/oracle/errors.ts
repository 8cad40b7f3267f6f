// Templates of errors and context managers: what is raised, caught, swallowed, cleaned up.
// Errors that leave a block stay inside a function of its own.
import { inOwnFunction } from './control.ts'
import { body } from './control.ts'
import { block, define, line, need, type Generator, type Place, type Template } from './place.ts'
import { stmt } from './templates.ts'

/** A raise statement; the program's own exception is defined where it is raised. */
function raising(p: Place, error: string): void {
  if (error === 'Boom') need(p, 'class Boom(Exception): pass')
  line(p, `raise ${error}("stop")`)
}

/** Raises here or in a function, on every path or on some. */
function raises(g: Generator, p: Place, error: string): void {
  const perhaps = g.random.chance(0.5)
  const write = (inner: Place): void =>
    perhaps ? block(inner, `if ${g.unknown(inner)}:`, (then) => raising(then, error)) : raising(inner, error)
  if (g.random.chance(0.5)) write(p)
  else line(p, `${define(g, p, { prefix: 'fail' }, write)}()`)
}

export const ERRORS: readonly Template[] = [
  stmt('try-except', 3, (g, p, d) =>
    inOwnFunction(g, p, (inner) => {
      const error = g.random.pick(['ValueError', 'KeyError', 'RuntimeError'])
      block(inner, 'try:', (t) => {
        if (g.random.chance(0.5)) g.statements(t, d - 2)
        raises(g, t, error)
        g.statements(t, d - 2)
      })
      block(
        inner,
        `except ${g.random.pick([error, error, 'Exception', 'OSError', `(${error}, OSError)`])}${g.random.chance(0.3) ? ' as error' : ''}:`,
        (t) => {
          g.statements(t, d - 2)
          if (g.random.chance(0.2)) line(t, 'raise')
        },
      )
      if (g.random.chance(0.4)) block(inner, 'else:', body(g, d - 1))
      if (g.random.chance(0.4)) block(inner, 'finally:', body(g, d - 1))
      if (g.random.chance(0.4)) g.statements(inner, d - 2)
    }),
  ),
  stmt('try-quiet', 1, (g, p, d) => {
    block(p, 'try:', (inner) => line(inner, `${g.name('value')} = 1`))
    block(p, 'except ValueError:', body(g, d))
    block(p, 'else:', body(g, d))
  }),
  stmt('try-finally', 2, (g, p, d) =>
    inOwnFunction(g, p, (inner) => {
      block(inner, 'try:', (t) => {
        g.statements(t, d - 1)
        if (g.random.chance(0.5)) line(t, 'return 1')
      })
      block(inner, 'finally:', body(g, d))
      if (g.random.chance(0.4)) g.statements(inner, d - 2)
    }),
  ),
  stmt('suppressed-raise', 1, (g, p, d) => {
    need(p, 'import contextlib')
    block(p, 'with contextlib.suppress(ValueError):', (inner) => {
      g.statements(inner, d - 1)
      raises(g, inner, 'ValueError')
      g.statements(inner, d - 1)
    })
  }),
  stmt('with', 5, (g, p, d) =>
    block(p, `with ${g.some('cm', p, d - 1)}${g.random.chance(0.4) ? ` as ${g.name('entered')}` : ''}:`, (inner) => {
      if (g.random.chance(0.6)) g.statements(inner, d - 1)
    }),
  ),
  stmt('with-raise', 2, (g, p, d) =>
    inOwnFunction(g, p, (inner) => {
      block(inner, 'try:', (t) => {
        block(t, `with ${g.some('cm', t, d - 1)}:`, (w) => {
          raises(g, w, 'ValueError')
          g.statements(w, d - 2)
        })
        g.statements(t, d - 2)
      })
      block(inner, 'except ValueError:', (t) => {
        if (g.random.chance(0.5)) g.statements(t, d - 2)
      })
    }),
  ),
  stmt('with-return', 1, (g, p, d) =>
    inOwnFunction(g, p, (inner) => {
      block(inner, `with ${g.some('cm', inner, d - 1)}:`, (w) => {
        g.statements(w, d - 2)
        line(w, 'return 1')
      })
      g.statements(inner, d - 2)
    }),
  ),
  stmt('with-two', 1, (g, p, d) =>
    block(p, `with ${g.some('cm', p, d - 1)}, ${g.some('cm', p, d - 2)}:`, body(g, d - 1)),
  ),
  stmt('cm-not-entered', 1, (g, p, d) => line(p, `${g.name('manager')} = ${g.some('cm', p, d - 1)}`)),
  stmt('exit-stack', 2, (g, p, d) => {
    need(p, 'import contextlib')
    const stack = g.name('stack')
    block(p, `with contextlib.ExitStack() as ${stack}:`, (inner) => {
      line(
        inner,
        g.random.chance(0.5)
          ? `${stack}.enter_context(${g.some('cm', inner, d - 1)})`
          : `${stack}.callback(${g.some('fn', inner, d - 1)})`,
      )
      if (g.random.chance(0.3)) line(inner, `${stack}.pop_all()`)
      if (g.random.chance(0.4)) g.statements(inner, d - 2)
    })
  }),
  stmt(
    'raise-boom',
    0.7,
    (g, p) => raises(g, p, 'Boom'),
    (p) => p.kind === 'function',
  ),
  stmt('assert', 0.5, (g, p, d) =>
    line(p, `assert ${g.random.pick(['True', '1', '[1]'])}, ${g.some('expr', p, d - 1)}`),
  ),
]
