// Which sources CPython accepts: every row says whether this program calls the file unparsable. Where a python3 is installed the
// same rows are given to it. Rows of `newer` need a Python that has the syntax, those of `ours` differ on purpose.

import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { lowerModule } from '../../src/ir/lower.ts'
import { accepted, deep, latin1, newer, ours, refused } from './sources.ts'
import { pythonVersion } from './python3.ts'

const problemOf = (bytes: Uint8Array): string => {
  const [problem] = lowerModule(bytes).ir.problems
  return problem === undefined ? 'accepted' : problem.reason
}

describe('accepted', () => {
  test.each([...accepted, ...newer.map(([source]) => source)])('%j', (source) => {
    expect(problemOf(latin1(source))).toBe('accepted')
  })
})

describe('refused', () => {
  test.each(refused)('%j: line %i', (source, line) => {
    const [problem] = lowerModule(latin1(source)).ir.problems
    expect([problem?.reason, problem?.line]).toEqual(['syntax-error', line])
  })
})

describe('different on purpose', () => {
  test.each(ours)('%j: %s', (source, verdict) => {
    expect(problemOf(latin1(source))).toBe(verdict)
  })
})

describe('nested too deeply or analysed, never anything else', () => {
  test.each(deep)('%s', (_, source, verdict) => {
    const { ir } = lowerModule(latin1(source))
    expect(ir.problems.map(({ message }) => message)).toEqual(verdict === 'accepted' ? [] : ['nested too deeply'])
    expect(ir.names).toContain('after')
  })
})

/** `ast.parse` of every source, as one process: does it take it? */
const ORACLE = `
import ast, json, sys, warnings
warnings.simplefilter('ignore')
def takes(source):
    try:
        ast.parse(bytes(source))
        return True
    except (SyntaxError, ValueError):
        return False
json.dump([takes(source) for source in json.load(sys.stdin)], sys.stdout)
`

/** Those of the sources that CPython parses. */
function takes(sources: readonly string[]): string[] {
  const input = JSON.stringify(sources.map((source) => [...latin1(source)]))
  const verdicts = JSON.parse(execFileSync('python3', ['-c', ORACLE], { input, encoding: 'utf8' })) as boolean[]
  return sources.filter((_, index) => verdicts[index] === true)
}

describe('CPython says the same', () => {
  const version = pythonVersion()
  if (version === null) {
    test('skipped: no python3 here', () => expect(version).toBeNull())
    return
  }
  test('what is accepted', () => {
    const since = newer.filter(([, minor]) => minor <= version).map(([source]) => source)
    expect(takes([...accepted, ...since])).toEqual([...accepted, ...since])
  })

  test('what is refused', () => {
    expect(takes(refused.map(([source]) => source))).toEqual([])
  })
})
