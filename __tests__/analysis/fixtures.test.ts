// Small programs, one feature of the language or of its library each, with marked lines: the analysis has to find exactly what is marked, as
// surely as it is marked, and CPython has to agree with every mark.
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { CONFIGURATION } from '../../bench/oracle/analyser.ts'
import { pythonVersion } from '../python/python3.ts'
import { readBundle, type MarkedProgram } from '../support/marked-programs.ts'
import { reviewFiles } from '../support/review-files.ts'

const FOLDER = new URL('fixtures/', import.meta.url)
const PROBE = 'def db(*args, **kwargs):\n    pass\n'
const bundles = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => [name, readBundle(new URL(name, FOLDER))] as const)

async function said(program: MarkedProgram): Promise<Omit<MarkedProgram, 'files'>> {
  const review = await reviewFiles({ ...program.files, 'probe.py': PROBE }, null, CONFIGURATION)
  const at = (confident: boolean): string[] =>
    review.findings
      .filter(({ confidence }) => (confidence === 'high') === confident)
      .flatMap(({ phase, operations }) => operations.map(({ file, line }) => `${phase ?? 'none'} ${file}:${line}`))
  return {
    name: program.name,
    runs: sorted(at(true)),
    may: sorted(at(false)),
    notFollowed: sorted(review.notFollowed.map(({ file, line, reason }) => `${file}:${line} ${reason}`)),
  }
}

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted()

describe.each(bundles)('%s', (_name, programs) => {
  test.each(programs.map((program) => [program.name, program] as const))('%s', async (_program, program) => {
    const { files: _files, runs, may, notFollowed, name } = program
    expect(await said(program)).toEqual({
      name,
      runs: sorted(runs),
      may: sorted(may),
      notFollowed: sorted(notFollowed),
    })
  })
})

interface Observed {
  readonly name: string
  readonly hits: readonly (readonly [phase: string, file: string, line: number, ownThread: boolean])[]
  readonly error: string | null
}

/** Marks that CPython does not confirm, and calls of the probe that no mark announces. */
function contradictions(program: MarkedProgram, { hits, error }: Observed): string[] {
  // attrs and pydantic may not be installed here
  if (error?.includes('ModuleNotFoundError') === true) return []
  const seen = hits.filter(([phase]) => phase !== 'later')
  // a thread that nobody waits for is scheduled, whenever it happens to run
  const places = new Set(
    seen.flatMap(([phase, file, line, own]) => [
      `${phase} ${file}:${line}`,
      ...(own ? [`scheduled ${file}:${line}`] : []),
    ]),
  )
  const marked = new Set([...program.runs, ...program.may])
  const announced = (hit: (typeof seen)[number]): boolean =>
    marked.has(`${hit[0]} ${hit[1]}:${hit[2]}`) || (hit[3] && marked.has(`scheduled ${hit[1]}:${hit[2]}`))
  return [
    ...program.runs.filter((place) => !places.has(place)).map((place) => `${program.name}: never ran ${place}`),
    ...seen.filter((hit) => !announced(hit)).map((hit) => `${program.name}: ran ${hit.slice(0, 3).join(' ')}`),
    ...(error === null ? [] : [`${program.name}: ${error}`]),
  ]
}

describe('CPython agrees with the marks', () => {
  const version = pythonVersion()
  if (version === null) {
    test('skipped: no python3 here', () => expect(version).toBeNull())
    return
  }
  test.each(bundles)(
    '%s',
    (_name, programs) => {
      const input = JSON.stringify(Object.fromEntries(programs.map(({ name, files }) => [name, files])))
      const script = new URL('observe.py', FOLDER).pathname
      const text = execFileSync('python3', [script], { input, encoding: 'utf8', maxBuffer: 1 << 26 })
      const observed = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Observed)
      expect(
        observed.flatMap((run, index) => (programs[index] === undefined ? [] : contradictions(programs[index], run))),
      ).toEqual([])
    },
    60_000,
  )
})
