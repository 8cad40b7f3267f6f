// Names: what a scope binds, qualified names, lambdas' numbers, and what a module says about names it changes elsewhere.

import { describe, expect, test } from '@jest/globals'
import type { ClassIr, FunctionIr } from '../../src/ir/model.ts'
import { lowered } from './shapes.ts'

/** Every function and class of a source by its qualified name, in source order. */
function definitions(source: string): Map<string, FunctionIr | ClassIr> {
  const found = new Map<string, FunctionIr | ClassIr>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('qualname' in value) found.set(String(value.qualname), value as FunctionIr | ClassIr)
    for (const inner of Object.values(value)) walk(inner)
  }
  walk(lowered(source).body)
  return found
}

describe('locals of a function', () => {
  test.each<readonly [string, readonly string[]]>([
    ['a = b', ['a']],
    ['a = b; a = c', ['a']],
    ['a, (b, *c), [d] = x', ['a', 'b', 'c', 'd']],
    ['a.b = c[d] = x', []],
    ['a += 1', ['a']],
    ['a: int', ['a']],
    ['a: int = 1', ['a']],
    ['(a): int', []],
    ['a.b: int = 1', []],
    ['for a, b in c: d = 1', ['a', 'b', 'd']],
    ['with a as b, c as (d, e): pass', ['b', 'd', 'e']],
    ['try: pass\n  except E as e: pass', ['e']],
    ['import a.b, c.d as e', ['a', 'e']],
    ['from a import b, c as d', ['b', 'd']],
    ['def g(x): y = 1', ['g']],
    ['class A: y = 1', ['A']],
    ['del a, (b, c)', ['a', 'b', 'c']],
    ['(a := 1)', ['a']],
    ['[x for x in (a := y)]', ['a']],
    ['[(b := x) for x in y if (c := x)]', ['b', 'c']],
    ['{x: y for x, y in z}', []],
    ['lambda x: (y := x)', []],
    [
      'match x:\n    case a, *b: pass\n    case {"k": c, **d}: pass\n    case A(e) | f as g: pass\n    case _: pass',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    ],
    ['type T = int', ['T']],
    ['global a\n  a = b = 1', ['b']],
    ['a = 1\n  if x:\n    nonlocal a', []],
    ['ﬁ = 1', ['fi']],
  ])('%j', (body, locals) => {
    const found = definitions(`def f():\n  ${body}\n`).get('f')
    expect(found?.locals).toEqual(locals)
  })

  test('parameters come first', () => {
    const found = definitions('def f(b, /, a=(w := 1), *args, k, **kw):\n c = a = 1').get('f')
    expect(found?.locals).toEqual(['b', 'a', 'args', 'k', 'kw', 'c'])
  })
})

test('a class binds its own names; an annotation alone binds none', () => {
  const found = definitions('class A:\n x = 1\n y: int\n def f(self): self.z = 1\n [i for i in x]').get('A')
  expect(found?.locals).toEqual(['x', 'f'])
})

test('qualified names have no <locals>', () => {
  const names = [...definitions('class A:\n def f(self):\n  def g():\n   class B:\n    def h(self): pass').keys()]
  expect(names).toEqual(['A', 'A.f', 'A.f.g', 'A.f.g.B', 'A.f.g.B.h'])
})

test('lambdas are numbered by scope, in source order', () => {
  const source = `
@d(lambda: 1)
def f(a=lambda: 2, b: (lambda: 3) = lambda: 4):
  x = [lambda: 1 for y in (lambda: 2)()]
  return lambda: lambda: (lambda: 0)
class A(m=lambda: 5):
  k = lambda self: 1
lambda: {k: lambda: 1}
`
  // decorators and defaults come before the function itself in its scope's numbering, not in the tree
  const numbered = [...definitions(source).values()].filter((found) => found.name === '<lambda>')
  const inOrder = numbered.toSorted((left, right) => left.p - right.p).map(({ qualname }) => qualname)
  expect(inOrder).toEqual([
    '<lambda1>',
    '<lambda2>',
    '<lambda3>',
    '<lambda4>',
    'f.<lambda1>',
    'f.<lambda2>',
    'f.<lambda3>',
    'f.<lambda3>.<lambda1>',
    'f.<lambda3>.<lambda1>.<lambda1>',
    '<lambda5>',
    'A.<lambda1>',
    '<lambda6>',
    '<lambda6>.<lambda1>',
  ])
})

test('globals and nonlocals of a function', () => {
  const found = definitions('def f():\n global a, b\n a = 1\n def g():\n  nonlocal c\n  c = 1\n c = 2')
  const [outer, inner] = [found.get('f'), found.get('f.g')]
  expect([outer?.globals, outer?.nonlocals, outer?.locals]).toEqual([['a', 'b'], [], ['g', 'c']])
  expect([inner?.globals, inner?.nonlocals, inner?.locals]).toEqual([[], ['c'], []])
})

test('what a module binds, and what functions rebind', () => {
  const ir = lowered('import a.b\nx = 1\ny: int\ndef f():\n global x, z, w\n x = 2\n for w in q: v = 1\nclass A: pass')
  expect(ir.names).toEqual(['a', 'x', 'f', 'A', 'z', 'w'])
  expect(ir.rebound).toEqual(['x', 'w'])
})

test('attributes stored on anything but self and cls', () => {
  const source =
    'a.B = 1\nself.c = 2\ncls.d, e.f = x\nself.g.h += 1\nfor i.j in x: pass\n[0 for k.l in x]\nwith m as n.o: pass\ndel p.q\nr.s: int\nt.u: int = 1'
  expect(lowered(source).attributeStores.toSorted()).toEqual(['B', 'f', 'h', 'j', 'l', 'o', 'q', 'u'])
})

test('attributes stored on names that are only ever imported', () => {
  const source = `import a, b.c, d.e as f
from .g import h as i
def set_up(f): f.X = 1
j = 1
import j
a.A = b.B = i.I = j.J = 1
b.c.C = 1`
  const { attributeStores, moduleStores } = lowered(source)
  expect(attributeStores.toSorted()).toEqual(['C', 'J', 'X'])
  expect(moduleStores).toEqual([
    { level: 0, module: 'a', name: 'A' },
    { level: 0, module: 'b', name: 'B' },
    { level: 1, module: 'g.h', name: 'I' },
  ])
})

test.each([
  ['from __future__ import annotations', true],
  ['from __future__ import annotations as x', true],
  ['from __future__ import division', false],
  ['from .__future__ import annotations', false],
  ['import __future__', false],
])('%s: annotations are lazy: %s', (source, lazy) => {
  expect(lowered(source).lazyAnnotations).toBe(lazy)
})

test.each([
  ['"doc"', true],
  ['"a" "b"', true],
  ['b"a"', false],
  ['f"a"', false],
  ['x = "a"', false],
  ['pass; "a"', false],
])('docstring %j: %s', (body, docstring) => {
  const found = definitions(`def f(): ${body}`).get('f')
  expect(found !== undefined && 'docstring' in found && found.docstring).toBe(docstring)
})
