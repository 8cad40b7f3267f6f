// `phasegate graph` on small programs, one way of calling each: exactly the edges that are written beside the program, and CPython agrees with those
// between functions of the program.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { graph } from '../../src/cli/graph.ts'
import { pythonVersion } from '../python/python3.ts'
import { readBundle } from '../support/marked-programs.ts'

const FIXTURES = new URL('fixtures/', import.meta.url)
const programs = readBundle(new URL('call-graphs.txt', FIXTURES)).map(({ name, files: { calls = '', ...files } }) => ({
  name,
  files,
  calls: calls.trim() === '' ? [] : calls.trim().split('\n'),
}))

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phasegate-graph-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function edgesOf(name: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  const directory = join(folder, name)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  const calls = JSON.parse(await graph([directory, '--entry', 'main.py', '--format', 'json'])) as Record<
    string,
    string[]
  >
  return Object.entries(calls).flatMap(([from, targets]) => targets.map((to) => `${from} -> ${to}`))
}

test.each(programs)('$name', async ({ name, files, calls }) => {
  expect((await edgesOf(name, files)).toSorted()).toEqual(calls)
})

describe('CPython makes the same calls', () => {
  const version = pythonVersion()
  if (version === null) {
    test('skipped: no python3 here', () => expect(version).toBeNull())
    return
  }
  test('between functions of the program', () => {
    const input = JSON.stringify(Object.fromEntries(programs.map(({ name, files }) => [name, files])))
    const script = new URL('observe-calls.py', FIXTURES).pathname
    const text = execFileSync('python3', [script], { input, encoding: 'utf8', maxBuffer: 1 << 26 })
    const observed = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(observed).toEqual(
      programs.map(({ name, files, calls }) => ({ name, edges: within(files, calls), error: null })),
    )
  })
})

/** The edges that end in the program itself, not in a builtin or a library. */
function within(files: Readonly<Record<string, string>>, calls: readonly string[]): string[] {
  const own = new Set(Object.keys(files).map((path) => path.replace(/\.py$/, '').split('/')[0]))
  return calls.filter((call) => own.has(call.split(' -> ')[1]?.split('.')[0]))
}
