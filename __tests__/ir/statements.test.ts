// Every kind of statement and pattern, whole values without offsets.

import { describe, expect, test } from '@jest/globals'
import {
  a,
  arg,
  attr,
  b,
  bare,
  c,
  call,
  cls,
  d,
  e,
  fn,
  int,
  lowered,
  name,
  none,
  param,
  pass,
  run,
  statement,
  str,
  tuple,
  x,
  y,
} from './shapes.ts'
import type { Bare } from './shapes.ts'

const loop = { target: a, iter: b, body: [pass], orelse: [], async: false }
const attempt = { body: [pass], handlers: [], orelse: [], final: [], star: false }
const clause = (type: Bare, n: Bare): Bare => ({ type, n, body: [pass] })
const alias = (n: string, as: Bare = null): Bare => ({ n, as })

const table: readonly (readonly [string, Bare])[] = [
  ['x', run(x)],
  ['x = y', { k: 'assign', targets: [x], x: y }],
  ['a = b.c, d[0] = x = y', { k: 'assign', targets: [a, tuple(attr(b, 'c'), { k: 'sub', o: d, i: int(0) }), x], x: y }],
  ['a, *b = c', { k: 'assign', targets: [tuple(a, { k: 'star', x: b })], x: c }],
  ['x = yield', { k: 'assign', targets: [x], x: { k: 'yield', x: null } }],
  ['x += 1', { k: 'aug', target: x, op: '+', x: int(1) }],
  ['x @= y', { k: 'aug', target: x, op: '@', x: y }],
  ['x //= y', { k: 'aug', target: x, op: '//', x: y }],
  ['x >>= y', { k: 'aug', target: x, op: '>>', x: y }],
  ['x: a', { k: 'ann', target: x, annotation: a, x: null }],
  ['x.y: "a b" = c', { k: 'ann', target: attr(x, 'y'), annotation: str('a b'), x: c }],
  ['del a, b.c, d[0]', { k: 'del', targets: [a, attr(b, 'c'), { k: 'sub', o: d, i: int(0) }] }],
  ['return', { k: 'return', x: null }],
  ['return a, b', { k: 'return', x: tuple(a, b) }],
  ['raise', { k: 'raise', x: null, from: null }],
  ['raise a from b', { k: 'raise', x: a, from: b }],
  ['assert a, b', { k: 'assert', x: a, message: b }],
  ['assert a', { k: 'assert', x: a, message: null }],
  ['if a: pass', { k: 'if', c: a, t: [pass], f: [] }],
  [
    'if a: pass\nelif b: x\nelif c: y\nelse: pass',
    { k: 'if', c: a, t: [pass], f: [{ k: 'if', c: b, t: [run(x)], f: [{ k: 'if', c, t: [run(y)], f: [pass] }] }] },
  ],
  ['while a:\n  break\nelse: continue', { k: 'while', c: a, body: [{ k: 'break' }], orelse: [{ k: 'continue' }] }],
  ['for a in b: pass', { k: 'for', ...loop }],
  [
    'async for a, b in c, d: pass\nelse: x',
    { k: 'for', ...loop, target: tuple(a, b), iter: tuple(c, d), orelse: [run(x)], async: true },
  ],
  ['with a: pass', { k: 'with', items: [{ x: a, target: null }], body: [pass], async: false }],
  [
    'async with a as b, c as (d, e): pass',
    {
      k: 'with',
      items: [
        { x: a, target: b },
        { x: c, target: tuple(d, e) },
      ],
      body: [pass],
      async: true,
    },
  ],
  [
    'with (a as b, c): pass',
    {
      k: 'with',
      items: [
        { x: a, target: b },
        { x: c, target: null },
      ],
      body: [pass],
      async: false,
    },
  ],
  ['with (a, b) as c: pass', { k: 'with', items: [{ x: tuple(a, b), target: c }], body: [pass], async: false }],
  ['try: pass\nfinally: x', { k: 'try', ...attempt, final: [run(x)] }],
  [
    'try: pass\nexcept a as b: pass\nexcept (c, d): pass\nexcept: pass\nelse: x\nfinally: y',
    {
      k: 'try',
      ...attempt,
      handlers: [clause(a, 'b'), clause(tuple(c, d), null), clause(null, null)],
      orelse: [run(x)],
      final: [run(y)],
    },
  ],
  ['try: pass\nexcept* a: pass', { k: 'try', ...attempt, handlers: [clause(a, null)], star: true }],
  ['try: pass\nexcept a, b: pass', { k: 'try', ...attempt, handlers: [clause(tuple(a, b), null)] }],
  ['import a.b, c as d', { k: 'import', names: [alias('a.b'), alias('c', 'd')] }],
  ['from a.b import c, d as e', { k: 'from', level: 0, module: 'a.b', names: [alias('c'), alias('d', 'e')] }],
  ['from .... import a', { k: 'from', level: 4, module: '', names: [alias('a')] }],
  ['from ..a import (b,)', { k: 'from', level: 2, module: 'a', names: [alias('b')] }],
  ['from a import *', { k: 'from', level: 0, module: 'a', names: [alias('*')] }],
  ['global a, b', { k: 'global', names: ['a', 'b'] }],
  ['nonlocal a', { k: 'nonlocal', names: ['a'] }],
  ['type X[T: (int, lambda: 1) = str] = list[T]', { k: 'typealias', n: 'X' }],
  ['type = a', { k: 'assign', targets: [name('type')], x: a }],
  ['match(a)', run(call(name('match'), arg(a)))],
  ['def f(): pass', { k: 'def', fn: fn({ name: 'f', qualname: 'f', body: [pass] }) }],
  [
    '@a.b(c)\n@d\nasync def f[T](x, /, y: a = b, *, c=1, **e) -> d:\n  "doc"\n  await x',
    {
      k: 'def',
      fn: fn({
        name: 'f',
        qualname: 'f',
        async: true,
        docstring: true,
        returns: d,
        decorators: [call(attr(a, 'b'), arg(c)), d],
        params: [
          param('x', 'a/'),
          param('y', 'a', { annotation: a, default: b }),
          param('c', 'k', { default: int(1) }),
          param('e', '**'),
        ],
        body: [run(str('doc')), run({ k: 'await', x })],
        locals: ['x', 'y', 'c', 'e'],
      }),
    },
  ],
  [
    'def f(*a: *b): yield',
    {
      k: 'def',
      fn: fn({
        name: 'f',
        qualname: 'f',
        generator: true,
        params: [param('a', '*', { annotation: { k: 'star', x: b } })],
        body: [run({ k: 'yield', x: null })],
        locals: ['a'],
      }),
    },
  ],
  ['class A: pass', { k: 'class', cls: cls({ name: 'A', qualname: 'A', body: [pass] }) }],
  [
    '@a\nclass A[T](b, *c, d=e, **x):\n  y = 1',
    {
      k: 'class',
      cls: cls({
        name: 'A',
        qualname: 'A',
        decorators: [a],
        bases: [arg(b), { x: c, s: 1 }, { x: e, n: 'd' }, { x, s: 2 }],
        body: [{ k: 'assign', targets: [y], x: int(1) }],
        locals: ['y'],
      }),
    },
  ],
]

test.each(table)('%j', (source, expected) => {
  expect(bare(statement(source))).toEqual(expected)
})

test('statements on one line stand in order', () => {
  expect(bare(lowered('a; b\nif c: a; b').body)).toEqual([run(a), run(b), { k: 'if', c, t: [run(a), run(b)], f: [] }])
})

const capture = (n: Bare): Bare => ({ k: 'capture', n })
const value = (v: Bare): Bare => ({ k: 'value', x: v })
const sequence = (...xs: Bare[]): Bare => ({ k: 'sequence', xs })
const mapping = (xs: Bare[], rest: Bare = null): Bare => ({ k: 'mapping', xs, rest })
const rest = (n: Bare): Bare => ({ k: 'rest', n })
const klass = (of: Bare, xs: Bare[], kw: Bare[] = []): Bare => ({ k: 'class', cls: of, xs, kw })

describe('patterns', () => {
  test.each<readonly [string, Bare]>([
    ['a', capture('a')],
    ['_', capture(null)],
    ['(a)', capture('a')],
    ['1', value(int(1))],
    ['-1', value({ k: 'un', op: '-', x: int(1) })],
    ['1 + 2j', value({ k: 'bin', op: '+', l: int(1), r: { k: 'const', t: 'complex', v: 2 } })],
    ['"a" "b"', value(str('ab'))],
    ['None', value(none)],
    ['a.b.c', value(attr(attr(a, 'b'), 'c'))],
    ['1 | 2', { k: 'or', xs: [value(int(1)), value(int(2))] }],
    ['(1 | 2) as a', { k: 'as', pattern: { k: 'or', xs: [value(int(1)), value(int(2))] }, n: 'a' }],
    ['a, *_', sequence(capture('a'), rest(null))],
    ['*a,', sequence(rest('a'))],
    ['[]', sequence()],
    ['()', sequence()],
    ['(a,)', sequence(capture('a'))],
    ['[a, (b, *c)]', sequence(capture('a'), sequence(capture('b'), rest('c')))],
    ['{}', mapping([])],
    ['{ # }\n }', mapping([])],
    ['[{}, A({})]', sequence(mapping([]), klass(name('A'), [mapping([])]))],
    [
      '{"k": a, x.y: {}, **b}',
      mapping(
        [
          { key: str('k'), value: capture('a') },
          { key: attr(x, 'y'), value: mapping([]) },
        ],
        'b',
      ),
    ],
    ['A()', klass(name('A'), [])],
    ['a.B(c, d=1)', klass(attr(a, 'B'), [capture('c')], [{ n: 'd', x: value(int(1)) }])],
  ])('%j', (source, pattern) => {
    expect(bare(statement(`match x:\n case ${source} if y: pass`))).toEqual({
      k: 'match',
      x,
      cases: [{ pattern, guard: y, body: [pass] }],
    })
  })
})

describe('offsets of definitions', () => {
  test.each([
    ['@a\ndef f(): pass', 'def f(): pass', 'f'],
    ['@a\nasync  def f(): pass', 'async  def f(): pass', 'f'],
    ['@a\nclass A: pass', 'class A: pass', 'A'],
    ['(lambda x: x)', 'lambda x: x', 'lambda'],
  ])('%j', (source, whole, named) => {
    const [first] = lowered(source).body
    const lambda = first?.k === 'expr' && first.x.k === 'lambda' ? first.x.fn : null
    const found = first?.k === 'def' ? first.fn : first?.k === 'class' ? first.cls : lambda
    expect(source.slice(found?.p, found?.e)).toBe(whole)
    expect(source.slice(found?.np, found?.ne)).toBe(named)
  })
})
