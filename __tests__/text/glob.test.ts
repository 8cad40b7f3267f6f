import { describe, expect, test } from '@jest/globals'
import { globProblem, matchingPaths, pathMatcher } from '../../src/text/glob.ts'

describe('a glob', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['**/*.py', ['a.py', 'a/b.py', 'a/b/c.py', '.x/a.py', 'a\\b.py'], ['a.pyc', 'a/b.txt', 'py']],
    ['*.py', ['a.py', '.py'], ['a/b.py']],
    ['modules/*/api.py', ['modules/a/api.py'], ['modules/api.py', 'modules/a/b/api.py']],
    ['modules/**/api.py', ['modules/api.py', 'modules/a/b/api.py'], ['x/modules/api.py']],
    ['**', ['a', 'a/b'], []],
    ['tests/', ['tests/a.py', 'tests/b/c.py'], ['x/tests/a.py']],
    ['./a/*.py', ['a/b.py'], ['b.py']],
    ['a/**/b/**/c', ['a/b/c', 'a/x/b/y/z/c', 'a/b/b/c/c'], ['a/c', 'b/c']],
    ['**/a*b*c', ['abc', 'x/a-b-c', 'axbxbxc'], ['ab', 'x/acb']],
    ['x?.py', ['xa.py', 'x..py'], ['x.py', 'xab.py', 'x/.py']],
    ['[a-c]x[!0-9].py', ['axb.py', 'cx-.py'], ['dxb.py', 'ax1.py']],
    ['[]].py', ['].py'], ['a.py']],
    ['{a,b/c}/*.{py,pyi}', ['a/x.py', 'b/c/x.pyi'], ['b/x.py', 'a/x.txt']],
    ['{a,{b,c}}.py', ['a.py', 'b.py', 'c.py'], ['{b.py']],
    ['a.b', ['a.b'], ['axb']],
    ['__proto__/*', ['__proto__/x'], ['x']],
  ])('%s', (glob, matching, others) => {
    const matches = pathMatcher([glob])
    expect([globProblem(glob), matching.filter((it) => !matches(it)), others.filter((it) => matches(it))]).toEqual([
      null,
      [],
      [],
    ])
  })

  test('several globs are one of them; none matches nothing', () => {
    const matches = pathMatcher(['a/*', 'b/*'])
    expect(['a/x', 'b/x', 'c/x'].map((path) => matches(path))).toEqual([true, true, false])
    expect(pathMatcher([])('a')).toBe(false)
  })

  test('one list answers each set of globs for itself', () => {
    const paths = ['a/x', 'b/x', 'c']
    expect([['a/*'], ['a/*', 'c'], [], ['a/*']].map((globs) => matchingPaths(paths, globs))).toEqual([
      ['a/x'],
      ['a/x', 'c'],
      [],
      ['a/x'],
    ])
  })

  test('two hundred stars against a long path take no time', () => {
    const path = `${'a'.repeat(2000)}/${'a'.repeat(2000)}`
    expect(pathMatcher([`${'*a'.repeat(200)}b`, `${'**/'.repeat(200)}b`, `${'a*'.repeat(100)}/*b`])(path)).toBe(false)
  })
})
