// Whatever the bytes are, the lowering answers: random bytes, random tokens, and valid sources that are cut, doubled and mixed up.

import { inspect } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { array, assert, constantFrom, nat, property, tuple, uint8Array } from 'fast-check'
import { lowerModule, lowerSource } from '../../src/ir/lower.ts'
import type { ModuleIr } from '../../src/ir/model.ts'

const RUNS = { numRuns: 400, seed: 20_260_901 }

/** What JSON gives back as it was: no undefined, no number without digits, no object of a class. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || value === null) return ['string', 'boolean', 'object'].includes(typeof value)
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || (prototype !== null && Object.getPrototypeOf(prototype) === null)
}

/** What is wrong with an answer: all ranges lie in the text, starts before ends; the whole is plain JSON. */
function faultsOf(ir: ModuleIr, text: string): string[] {
  const faults: string[] = []
  const stack: unknown[] = [ir]
  while (stack.length > 0) {
    const value = stack.pop()
    if (!isPlain(value)) faults.push(`not plain JSON: ${inspect(value)}`)
    if (typeof value !== 'object' || value === null) continue
    if ('p' in value && 'e' in value) {
      const { p, e } = value as { p: number; e: number }
      if (!(p >= 0 && p <= e && e <= text.length)) faults.push(`range ${p}..${e} of ${JSON.stringify(value)}`)
    }
    stack.push(...Object.values(value))
  }
  return faults
}

const VALID = [
  'import a.b as c\nfrom . import d\n@d(1)\nclass A(B, metaclass=C):\n    """doc"""\n    x: int = 1\n    async def f(self, /, a=1, *b, c, **d):\n        async with a as b, c: await d\n        return [x async for x in y if z]\n',
  'try:\n    f(f"a{b!r:>{c}}d{e=}", *g, **h)\nexcept* (A, B) as e:\n    raise X from e\nelse: pass\nfinally:\n\tdel a[1:2, ...], b.c\n',
  'match x:\n    case {"a": [1, *_], **r} | C(y=-1) as z if z: pass\n    case {}: global q\nwhile a < b < c: x = y = lambda: (yield)\n',
  'if a: b\nelif c: d\nelse:\n  e = """\n{\n""" "b" r\'\\x\'\n  z = rb"\\x"\n  type X[T] = int\nprint(a if b else c, {**d, 1: 2}, {x for x in y}, not -a ** b)  # phasegate: ignore[x] -- y\r\n',
]
const TOKENS = (
  'if|elif|else|:|\n|\n  |\n    |\n\t|def|f|(|)|[|]|{|}|,|=|:=|"|\'|"""|f"|f\'{|}"|!r|t"|rb"|lambda|for|in|async|await|match|case|_|*|**|->|@|class|' +
  'x|.|1|0x|1_|1e|\\|\\\n|#|;|import|from|as|try|except|finally|with|return|yield|global|type|is|not|and|\r|\f|\0|é|²|😀|\u00a0|<<<<<<< |`|<>'
).split('|')

describe('the lowering never throws', () => {
  test('random bytes', () => {
    assert(
      property(uint8Array({ maxLength: 300 }), (bytes) => {
        const { ir, text } = lowerModule(bytes)
        expect(faultsOf(ir, text)).toEqual([])
      }),
      RUNS,
    )
  })

  test('random tokens', () => {
    assert(
      property(array(constantFrom(...TOKENS), { maxLength: 60 }), constantFrom('', ' '), (tokens, glue) => {
        const text = tokens.join(glue)
        expect(faultsOf(lowerSource(text), text)).toEqual([])
      }),
      RUNS,
    )
  })

  test('valid sources, cut and mixed', () => {
    const cut = tuple(nat(), nat(), constantFrom('', ...TOKENS))
    assert(
      property(constantFrom(...VALID), array(cut, { minLength: 1, maxLength: 4 }), (valid, cuts) => {
        let text = valid
        for (const [from, length, put] of cuts) {
          const start = from % (text.length + 1)
          text = text.slice(0, start) + put + text.slice(start + (length % 12))
        }
        expect(faultsOf(lowerSource(text), text)).toEqual([])
      }),
      RUNS,
    )
  })

  test('the sources themselves are valid', () => {
    expect(VALID.map((source) => lowerSource(source).problems)).toEqual(VALID.map(() => []))
  })
})
