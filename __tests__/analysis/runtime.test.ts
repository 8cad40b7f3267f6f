// Phase 1 of whole projects against what the real libraries did: bench/runtime ran each of them under Django, SQLAlchemy, Flask, FastAPI and Celery and
// kept every place that a statement was sent from. Each is found under the same entry point, and what is found with high confidence was sent.
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { ROWS } from '../../src/catalogue/rows/index.ts'
import { reviewFiles } from '../support/review-files.ts'

const RUNTIME = new URL('../../bench/runtime/', import.meta.url)
const seen = JSON.parse(readFileSync(new URL('seen.json', RUNTIME), 'utf8')) as Readonly<Record<string, string[]>>

/** `=== name [how]`, then `# file: PATH` sections. */
function projects(): readonly { readonly name: string; readonly files: Readonly<Record<string, string>> }[] {
  const folder = new URL('projects/', RUNTIME)
  return readdirSync(folder).flatMap((file) =>
    readFileSync(new URL(file, folder), 'utf8')
      .split(/^=== /m)
      .slice(1)
      .map((text) => {
        const [head = '', ...parts] = text.split(/^# file: (.+)\n/m)
        const files = parts.flatMap((path, at) => (at % 2 === 0 ? [[path, parts[at + 1] ?? '']] : []))
        return { name: head.trim().replace(/ \[.+\]$/, ''), files: Object.fromEntries(files) as Record<string, string> }
      }),
  )
}

/** Rows that say themselves that it depends on what is not followed. */
const MAY = new Set(ROWS.filter((row) => row.certainty === 'may').map((row) => row.symbol))
/** Kinds of work that send a statement when they happen; a session opens nothing, a pool may have a connection. */
const SENDS: ReadonlySet<string> = new Set(['query', 'model', 'schema', 'migration'])

test.each(projects().map((one) => [one.name, one.files] as const))('%s', async (name, files) => {
  const { 'phasegate.yml': configuration, ...sources } = files
  const { findings, incomplete } = await reviewFiles(sources, null, configuration)
  const work = findings.filter(({ phase }) => phase !== 'scheduled')
  const places = (wanted: typeof work, sure: boolean): string[] =>
    wanted.flatMap(({ entryPoint, operations }) =>
      operations
        .filter(({ kind, symbol }) => !sure || (SENDS.has(kind) && !MAY.has(symbol)))
        .map(({ file, line }) => `${entryPoint} ${file}:${line}`),
    )
  const found = new Set(places(work, false))
  const certain = places(
    work.filter(({ confidence, severity }) => confidence === 'high' && severity === 'error'),
    true,
  )
  expect({
    missed: seen[name]?.filter((place) => !found.has(place)),
    notSent: certain.filter((place) => seen[name]?.includes(place) !== true),
    incomplete,
  }).toEqual({ missed: [], notSent: [], incomplete: [] })
})
