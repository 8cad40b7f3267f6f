// The differential oracle on a fixed set of random programs: what CPython does in each phase, the analyser reports, and nothing else.
// The seed is the first one; nothing here may be chosen so that it passes. `node bench/oracle/run.mjs` runs as many programs as wanted.
import { describe, expect, test } from '@jest/globals'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startInterpreter } from '../../bench/oracle/cpython.ts'
import { generate, PROBE } from '../../bench/oracle/generate.ts'
import { createJudge, runPrograms } from '../../bench/oracle/session.ts'
import { pythonVersion } from '../python/python3.ts'

const SEED = 1
const PROGRAMS = 300
const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url))
const RUNNER = fileURLToPath(new URL('../../bench/oracle/runner.py', import.meta.url))

test('the programs are the same for a seed on every machine', () => {
  expect(generate(SEED, 7)).toEqual(generate(SEED, 7))
  expect(generate(SEED, 7).files).not.toEqual(generate(SEED, 8).files)
})

describe('under CPython', () => {
  const version = pythonVersion()
  if (version === null) {
    test('skipped: no python3 here', () => expect(version).toBeNull())
    return
  }

  test(`${PROGRAMS} random programs do what the analyser says`, async () => {
    const interpreter = startInterpreter(RUNNER)
    const disagreements: string[] = []
    const statistics = await runPrograms(
      createJudge(interpreter),
      { seed: SEED, from: 0, to: PROGRAMS },
      ({ program, disagreements: found }) => {
        for (const d of found) disagreements.push(`${program.id}: ${d.kind} ${d.phase} ${d.where} (${d.detail})`)
      },
    )
    interpreter.close()
    expect(disagreements).toEqual([])
    expect(statistics.programs).toBe(PROGRAMS)
    // the comparison means something only if almost all programs can be judged and do work
    expect(statistics.discarded).toBeLessThan(PROGRAMS / 50)
    expect(statistics.hits).toBeGreaterThan(PROGRAMS)
  })

  test('programs that once disagreed do what the analyser says', async () => {
    const interpreter = startInterpreter(RUNNER)
    const judge = createJudge(interpreter)
    const outcomes: Record<string, unknown> = {}
    for (const name of readdirSync(FIXTURES).toSorted()) {
      const { disagreements, reason, runs } = await judge(programOf(readFileSync(`${FIXTURES}/${name}`, 'utf8')))
      const hits = runs.some((run) => run.hits.length > 0)
      outcomes[name] = disagreements?.length === 0 && hits ? 'agreed' : { disagreements, reason, hits }
    }
    interpreter.close()
    expect(outcomes).toEqual(Object.fromEntries(Object.keys(outcomes).map((name) => [name, 'agreed'])))
  })
})

/** A fixture is one text: `# file: NAME` lines begin the files of a program, main.py first. */
function programOf(text: string): Record<string, string> {
  const files: Record<string, string> = { 'probe.py': PROBE }
  for (const part of text.split(/^# file: /m).slice(1)) {
    const end = part.indexOf('\n')
    files[part.slice(0, end).trim()] = part.slice(end + 1)
  }
  return files
}
