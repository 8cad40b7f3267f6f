// Files that are not valid Python: what is said about them, and what of them is analysed all the same.

import { describe, expect, test } from '@jest/globals'
import { lowerModule, lowerSource, MAX_SOURCE_BYTES } from '../../src/ir/lower.ts'
import { a, attr, b, bare, c, call, f, name, pass, run, x } from './shapes.ts'
import type { Bare } from './shapes.ts'

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const unknown = (why: string, ...xs: Bare[]): Bare => ({ k: 'unknown', why, xs })
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('the first problem of a file', () => {
  test.each([
    ['a\nprint "x"\n', 2, 'looks like Python 2: print statement'],
    ['if a: print u"x" % b', 1, 'looks like Python 2: print statement'],
    ['exec "x" in ns', 1, 'looks like Python 2: exec statement'],
    ['x = `a`', 1, 'looks like Python 2: backticks'],
    ['if a <> b: pass', 1, 'looks like Python 2: the operator <>'],
    ['os.chmod(a, 0777)', 1, 'looks like Python 2: the number 0777'],
    ['x = 10L', 1, 'looks like Python 2: an old number'],
    ['x = ur"a"', 1, 'looks like Python 2: a ur"" string'],
    ['raise E, "x"', 1, 'looks like Python 2: raise with a comma'],
    ['def f(a, (b, c)): pass', 1, 'looks like Python 2: a tuple parameter'],
    ['a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n', 2, 'conflict marks of a merge'],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n', 1, 'a Git LFS pointer, not the file itself'],
    ['a\nx = "\0"', 2, 'the file contains a NUL byte'],
    ['if a:\n\tb\n        c\n', 3, 'inconsistent use of tabs and spaces in indentation'],
    ['x = 1__0', 1, 'invalid number'],
    [`x = ${'9'.repeat(4301)}`, 1, 'number with too many digits'],
    ['a\nNone = 1', 2, 'cannot assign to this constant'],
    ['f() = 1', 1, 'cannot assign to this expression'],
    ['x = b"é"', 1, 'bytes can only contain ASCII literal characters'],
    ['x = "a\\x1"', 1, 'invalid escape in a string'],
    ['f"{a!x}"', 1, 'invalid conversion in an f-string'],
    ['"a" b"b"', 1, 'cannot mix string literals of different kinds'],
    ['x = (1,\n\ny = 2\n', 1, '"(" was not closed'],
    ['a\n"""\nb\n', 2, 'String literal is unterminated'],
  ])('%j', (source, line, message) => {
    expect(lowerModule(encode(source)).ir.problems).toEqual([{ reason: 'syntax-error', line, message }])
  })

  test('there is one, though more is wrong', () => {
    expect(lowerSource('x = = 1\nprint "a"\n)').problems).toHaveLength(1)
  })

  test('conflict marks in a string of a valid file are none', () => {
    expect(lowerSource('"""\n<<<<<<< a\n=======\n>>>>>>> b\n"""').problems).toEqual([])
  })
})

describe('bytes', () => {
  test('invalid UTF-8 in code or in a string', () => {
    const { ir, text } = lowerModule(bytes('a\n"\xff"\n'))
    expect(ir.problems).toEqual([{ reason: 'syntax-error', line: 2, message: 'not UTF-8: byte 0xff' }])
    expect(text).toBe('a\n"\ufffd"\n')
    expect(bare(ir.body[0])).toEqual(run(a))
  })

  test('invalid UTF-8 in comments only is accepted, as an import does', () => {
    expect(lowerModule(bytes('# \xff\nx = 1 # \xfe\n')).ir.problems).toEqual([])
  })

  test('offsets are those of the decoded text, without the byte order mark', () => {
    const { ir, text } = lowerModule(bytes('\xef\xbb\xbfx = "\xc3\xa9"; y\n'))
    expect([text, ir.body.map(({ p, e }) => text.slice(p, e))]).toEqual(['x = "é"; y\n', ['x = "é"', 'y']])
  })

  test('unreadable files have no text', () => {
    const { ir, text } = lowerModule(bytes('# coding: utf-7\nx = 1\n'))
    expect(text).toBe('')
    expect(ir).toEqual({
      body: [],
      names: [],
      rebound: [],
      attributeStores: [],
      moduleStores: [],
      lazyAnnotations: false,
      imports: [],
      classes: [],
      suppressions: [],
      lines: [0],
      problems: [{ reason: 'unreadable', line: 1, message: 'encoding not supported: utf-7' }],
    })
  })

  test('a file over the cap', () => {
    const { ir } = lowerModule(new Uint8Array(MAX_SOURCE_BYTES + 1).fill(0x20))
    expect(ir.problems).toEqual([{ reason: 'unreadable', line: 1, message: 'file is larger than 8 MB' }])
  })

  test('a file with too many tokens', () => {
    expect(lowerSource(';'.repeat(2_100_000)).problems).toEqual([
      { reason: 'unreadable', line: 1, message: 'file has more than 2000000 tokens' },
    ])
  })
})

describe('what is analysed of a broken file', () => {
  test.each<readonly [string, readonly Bare[]]>([
    ['a\nprint "x"\nb', [run(a), run(name('print')), run({ k: 'const', t: 'str', v: 'x' }), run(b)]],
    ['a\nb.\nc', [run(a), unknown('syntax error', b), run(c)]],
    ['a\nb.c(a(), \nc', [run(a), run(call(attr(b, 'c'), { x: call(a) }, { x: c }))]],
    ['@a\n@b()\nx', [unknown('syntax error', a, call(b)), run(x)]],
    ['@a\ndef f: pass\nx', [unknown('syntax error', a, f), unknown('syntax error'), run(x)]],
    ['if a\n  b\nc', [{ k: 'if', c: a, t: [run(b)], f: [] }, run(c)]],
    ['if a:\nb', [{ k: 'if', c: a, t: [], f: [] }, run(b)]],
    ['class :\n  a', [unknown('syntax error')]],
    ['try: a\nb', [{ k: 'try', body: [run(a)], handlers: [], orelse: [], final: [], star: false }, run(b)]],
    [
      'for a\n  pass\nb',
      [{ k: 'for', target: a, iter: unknown('syntax error'), body: [], orelse: [], async: false }, pass, run(b)],
    ],
  ])('%j', (source, body) => {
    const ir = lowerSource(source)
    expect(ir.problems).toHaveLength(1)
    expect(bare(ir.body)).toEqual(body)
  })

  test('f-strings keep their fields', () => {
    const ir = lowerSource('f"{a} {b + } {c}"')
    expect(ir.problems).toHaveLength(1)
    expect(JSON.stringify(bare(ir.body))).toContain('"id":"a"')
  })

  test('a chain that is too deep is cut, what stands in its last links is kept', () => {
    const ir = lowerSource(`x = a${'.b(c())'.repeat(300)}`)
    expect(ir.problems).toEqual([{ reason: 'syntax-error', line: 1, message: 'nested too deeply' }])
    expect(JSON.stringify(bare(ir.body))).toContain('"why":"nested too deeply"')
  })
})
