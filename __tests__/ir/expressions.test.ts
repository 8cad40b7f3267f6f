// Every kind of expression, whole values without offsets; offsets have a table of their own.

import { describe, expect, test } from '@jest/globals'
import {
  a,
  arg,
  attr,
  b,
  bare,
  c,
  call,
  d,
  expression,
  fn,
  int,
  name,
  none,
  param,
  str,
  tuple,
  x,
  y,
} from './shapes.ts'
import type { Bare } from './shapes.ts'

const cmp = (l: Bare, ops: string[], ...r: Bare[]): Bare => ({ k: 'cmp', l, ops, r })
const bin = (l: Bare, op: string, r: Bare): Bare => ({ k: 'bin', op, l, r })
const bool = (op: string, ...xs: Bare[]): Bare => ({ k: 'bool', op, xs })
const comp = (t: string, element: Bare, clauses: Bare[], value: Bare = null): Bare => ({
  k: 'comp',
  t,
  x: element,
  value,
  clauses,
})
const loop = (target: Bare, iter: Bare, ...ifs: Bare[]): Bare => ({ target, iter, ifs, async: false })
const slice = (lower: Bare, upper: Bare, step: Bare): Bare => ({ k: 'slice', a: lower, b: upper, c: step })
const constant = (t: string, v: Bare): Bare => ({ k: 'const', t, v })

const table: readonly (readonly [string, Bare])[] = [
  ['x', x],
  ['(x)', x],
  ['ﬁx', name('fix')],
  ['x.ﬁx', attr(x, 'fix')],
  ['match', name('match')],
  ['None', none],
  ['True', constant('bool', true)],
  ['False', constant('bool', false)],
  ['__debug__', constant('bool', true)],
  ['...', constant('ellipsis', null)],
  ['1_000', int(1000)],
  ['0xFF', int(255)],
  ['9007199254740993', int('9007199254740993')],
  ['1.5e3', constant('float', 1500)],
  ['1e999', constant('float', 'inf')],
  ['2j', constant('complex', 2)],
  ['a.b.c', attr(attr(a, 'b'), 'c')],
  ['a[b]', { k: 'sub', o: a, i: b }],
  ['a[b, c]', { k: 'sub', o: a, i: tuple(b, c) }],
  ['a[b,]', { k: 'sub', o: a, i: tuple(b) }],
  ['a[*b]', { k: 'sub', o: a, i: tuple({ k: 'star', x: b }) }],
  ['a[1:2:3]', { k: 'sub', o: a, i: slice(int(1), int(2), int(3)) }],
  ['a[:, ::b]', { k: 'sub', o: a, i: tuple(slice(null, null, null), slice(null, null, b)) }],
  ['a()', call(a)],
  ['a(b, *c, d=x, **y)', call(a, arg(b), { x: c, s: 1 }, { x, n: 'd' }, { x: y, s: 2 })],
  ['a(**b, c=d)', call(a, { x: b, s: 2 }, { x: d, n: 'c' })],
  ['a(x for x in y)', call(a, arg(comp('gen', x, [loop(x, y)])))],
  ['a + b * c', bin(a, '+', bin(b, '*', c))],
  ['a - b - c', bin(bin(a, '-', b), '-', c)],
  ['a ** b ** c', bin(a, '**', bin(b, '**', c))],
  ['a @ b // c % d', bin(bin(bin(a, '@', b), '//', c), '%', d)],
  ['a << b >> c', bin(bin(a, '<<', b), '>>', c)],
  ['a | b ^ c & d', bin(a, '|', bin(b, '^', bin(c, '&', d)))],
  ['a / b', bin(a, '/', b)],
  ['not a', { k: 'un', op: 'not', x: a }],
  ['-+~a', { k: 'un', op: '-', x: { k: 'un', op: '+', x: { k: 'un', op: '~', x: a } } }],
  ['-1', { k: 'un', op: '-', x: int(1) }],
  ['a < b', cmp(a, ['<'], b)],
  ['a < b <= c', cmp(a, ['<', '<='], b, c)],
  ['a < (b < c)', cmp(a, ['<'], cmp(b, ['<'], c))],
  ['(a < b) < c', cmp(cmp(a, ['<'], b), ['<'], c)],
  ['a == b != c > d', cmp(a, ['==', '!=', '>'], b, c, d)],
  ['a in b', cmp(a, ['in'], b)],
  ['a is not b not in c is d >= x', cmp(a, ['is not', 'not in', 'is', '>='], b, c, d, x)],
  ['a and b and c', bool('and', a, b, c)],
  ['a or b and c or d', bool('or', a, bool('and', b, c), d)],
  ['(a and b) and c', bool('and', bool('and', a, b), c)],
  ['a if b else c', { k: 'if', c: b, t: a, f: c }],
  ['a if b else c if d else x', { k: 'if', c: b, t: a, f: { k: 'if', c: d, t: c, f: x } }],
  ['[a, *b]', { k: 'list', xs: [a, { k: 'star', x: b }] }],
  ['[]', { k: 'list', xs: [] }],
  ['a, b', tuple(a, b)],
  ['()', tuple()],
  ['(a,)', tuple(a)],
  ['{a, *b}', { k: 'set', xs: [a, { k: 'star', x: b }] }],
  ['{}', { k: 'dict', xs: [] }],
  [
    '{a: b, **c}',
    {
      k: 'dict',
      xs: [
        { key: a, value: b },
        { key: null, value: c },
      ],
    },
  ],
  ['[x for x in y]', comp('list', x, [loop(x, y)])],
  ['[(x for x in y)]', { k: 'list', xs: [comp('gen', x, [loop(x, y)])] }],
  ['{x for x in y}', comp('set', x, [loop(x, y)])],
  ['{a: b for a, b in c if d if x}', comp('dict', a, [loop(tuple(a, b), c, d, x)], b)],
  ['(x for y in a if b for x in y)', comp('gen', x, [loop(y, a, b), loop(x, y)])],
  ['[x async for x in y]', comp('list', x, [{ target: x, iter: y, ifs: [], async: true }])],
  ['(yield)', { k: 'yield', x: null }],
  ['(yield a, b)', { k: 'yield', x: tuple(a, b) }],
  ['(yield from a)', { k: 'yieldfrom', x: a }],
  ['await a.b()', { k: 'await', x: call(attr(a, 'b')) }],
  ['(x := a)', { k: 'walrus', n: 'x', x: a }],
  ['lambda: x', { k: 'lambda', fn: fn({ body: [{ k: 'return', x }] }) }],
  [
    'lambda a, /, b=c, *d, x, **y: (yield)',
    {
      k: 'lambda',
      fn: fn({
        generator: true,
        params: [param('a', 'a/'), param('b', 'a', { default: c }), param('d', '*'), param('x', 'k'), param('y', '**')],
        body: [{ k: 'return', x: { k: 'yield', x: null } }],
        locals: ['a', 'b', 'd', 'x', 'y'],
      }),
    },
  ],
  ['print >> x, "z"', tuple(bin(name('print'), '>>', x), str('z'))],
]

test.each(table)('%s', (source, expected) => {
  expect(bare(expression(source))).toEqual(expected)
})

describe('offsets are those of CPython', () => {
  // [source, the part that the expression covers]
  test.each([
    ['x', 'x'],
    ['( x )', 'x'],
    ['((1))', '1'],
    ['( # ( \n a.b # )\n )', 'a.b'],
    ['((a).b)', '(a).b'],
    ['((f)(x))', '(f)(x)'],
    ['( (f(x)) )', 'f(x)'],
    ['(a)[0]', '(a)[0]'],
    ['((a[0]))', 'a[0]'],
    ['((a) + (b))', '(a) + (b)'],
    ['(a < (b))', 'a < (b)'],
    ['((a) and b)', '(a) and b'],
    ['((a) if b else (c))', '(a) if b else (c)'],
    ['(not (a))', 'not (a)'],
    ['(await (a))', 'await (a)'],
    ['((yield))', 'yield'],
    ['(yield (a))', 'yield (a)'],
    ['((lambda: (x)))', 'lambda: (x)'],
    ['("a" "b")', '"a" "b"'],
    ['([a])', '[a]'],
    ['({})', '{}'],
    ['(...)', '...'],
    ['(None)', 'None'],
    ['(x := (a))', 'x := (a)'],
    ['(a, b)', '(a, b)'],
    ['𝐱(é)', '𝐱(é)'],
  ])('%j covers %j', (source, part) => {
    const { p, e } = expression(source)
    expect(source.slice(p, e)).toBe(part)
  })
})
