// String literals: values as CPython computes them, f-strings with their conversions and format specs, offsets inside them.

import { describe, expect, test } from '@jest/globals'
import { a, attr, b, bare, c, call, expression, field, lowered, str, text, tuple, x } from './shapes.ts'
import type { Bare } from './shapes.ts'
import type { Expr } from '../../src/ir/model.ts'

const fstr = (...parts: Bare[]): Bare => ({ k: 'fstr', parts, lazy: false })
const bytes = (v: string): Bare => ({ k: 'const', t: 'bytes', v })

const plain: readonly (readonly [string, Bare])[] = [
  [String.raw`'a\n\t\\\'\x41\101\u0041\U0001F600'`, str("a\n\t\\'AAA😀")],
  [String.raw`'\d\_'`, str(String.raw`\d\_`)],
  [String.raw`r'\n\x'`, str(String.raw`\n\x`)],
  [String.raw`'\N{DIGIT ONE}'`, str('\ufffd')],
  ["'a\\\nb'", str('ab')],
  ["'\u0003\\n'", str('\u0003\n')],
  [String.raw`'\ud800'`, str('\ud800')],
  ["'''a\r\nb\rc'''", str('a\nb\nc')],
  [String.raw`b'\xff\u0041\N{x}\400'`, bytes('\xff\\u0041\\N{x}\0')],
  [String.raw`rb'\x'`, bytes(String.raw`\x`)],
  [`'a' "b" '''c'''`, str('abc')],
  [`b'a' b'b'`, bytes('ab')],
  [`u'a'`, str('a')],
  [`''`, str('')],
]

test.each(plain)('%j', (source, expected) => {
  expect(bare(expression(source))).toEqual(expected)
})

const formatted: readonly (readonly [string, Bare])[] = [
  [`f'a{b}c'`, fstr(text('a'), field(b), text('c'))],
  [`f'{a!r}{b!s}{c!a}'`, fstr(field(a, 'r'), field(b, 's'), field(c, 'a'))],
  [`f'{a:>{b}.{c!r}}'`, fstr(field(a, 'f', text('>'), field(b), text('.'), field(c, 'r')))],
  [`f'{a!r:x}'`, fstr(field(a, 'r', text('x')))],
  [`f'{a=}'`, fstr(text('a='), field(a, 'r'))],
  [`f'{ a = !s}'`, fstr(text(' a = '), field(a, 's'))],
  [`f'{a=:>{b}}'`, fstr(text('a='), field(a, 'f', text('>'), field(b)))],
  [`f'{{{a}}}'`, fstr(text('{'), field(a), text('}'))],
  [`f'{a:}'`, fstr(field(a))],
  [`f'{a:%H:%M}'`, fstr(field(a, 'f', text('%H:%M')))],
  [`f'{(a)}{a, b}{a,}'`, fstr(field(a), field(tuple(a, b)), field(tuple(a)))],
  [`f'{a}' 'b' f"{c}"`, fstr(field(a), text('b'), field(c))],
  [`f'{x.y(a)}'`, fstr(field(call(attr(x, 'y'), { x: a })))],
  [`f'{f"{a}"}'`, fstr(field(fstr(field(a))))],
  [`f'{'a'}'`, fstr(field(str('a')))],
  [`f'{a["b"]}'`, fstr(field({ k: 'sub', o: a, i: str('b') }))],
  [`f'{(x:=5)}'`, fstr(field({ k: 'walrus', n: 'x', x: { k: 'const', t: 'int', v: 5 } }))],
  [`f'{x:=5}'`, fstr(field(x, 'f', text('=5')))],
  [`f'{a != b}'`, fstr(field({ k: 'cmp', l: a, ops: ['!='], r: [b] }))],
  [
    `f'{ {1: a}[1] }'`,
    fstr(
      field({
        k: 'sub',
        o: { k: 'dict', xs: [{ key: { k: 'const', t: 'int', v: 1 }, value: a }] },
        i: { k: 'const', t: 'int', v: 1 },
      }),
    ),
  ],
  [String.raw`f'\N{DIGIT ONE}\x41{a}\n'`, fstr(text('\ufffdA'), field(a), text('\n'))],
  [String.raw`rf'\x{a}{{'`, fstr(text('\\x'), field(a), text('{'))],
  ["f'''{\n  a\n}'''", fstr(field(a))],
  [`f''`, fstr()],
  [`t'{a}b'`, { k: 'fstr', parts: [field(a), text('b')], lazy: true }],
  [`f"{a:{b}{c:{x}}}"`, fstr(field(a, 'f', field(b), field(c, 'f', field(x))))],
]

test.each(formatted)('%j', (source, expected) => {
  expect(bare(expression(source))).toEqual(expected)
})

test('a walrus in an f-string binds, lambdas in it are numbered in order', () => {
  const { names, body } = lowered(`f'{(x := 1)}{(lambda: 0)()}'; lambda: 1`)
  expect(names).toEqual(['x'])
  const [, second] = body
  expect(second?.k === 'expr' && second.x.k === 'lambda' && second.x.fn.qualname).toBe('<lambda2>')
})

describe('offsets inside f-strings', () => {
  test.each([
    ["f'a{ b.c() }'", 'b.c()'],
    ["f'''\n{\nb.c()\n:>{d}}'''", 'b.c()'],
    ["f'{x:{b.c()}}'", 'b.c()'],
    ["'é' f'{b.c()}'", 'b.c()'],
  ])('%j', (source, part) => {
    const calls: Expr[] = []
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      if ('k' in value && value.k === 'call') calls.push(value as Expr)
      for (const inner of Object.values(value)) walk(inner)
    }
    walk(expression(source))
    expect(calls.map(({ p, e }) => source.slice(p, e))).toEqual([part])
  })
})

test('10,000 adjacent strings are one constant', () => {
  expect(bare(expression("'a' ".repeat(10_000)))).toEqual(str('a'.repeat(10_000)))
})
