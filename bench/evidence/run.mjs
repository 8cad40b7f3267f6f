// Evidence by execution: runs one small program per catalogue row against the real libraries and writes what was seen beside each row.
//   node bench/evidence/run.mjs --with FOLDER[:FOLDER…] [--with …] [--python COMMAND] [--only LIBRARY] [--add] [--out bench/evidence/measured.json]
// Each --with is a PYTHONPATH that holds some of the libraries; with several of them, several versions are measured. Nothing is downloaded.
// --add keeps what other versions did for the same program; --only measures the rows of one file of libraries/.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogue } from '../catalogue.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const MINUTES = 10

const values = (name) => process.argv.flatMap((arg, at) => (arg === `--${name}` ? [process.argv[at + 1] ?? ''] : []))
const paths = values('with').length === 0 ? [''] : values('with')
const [out = join(HERE, 'measured.json')] = values('out')
const [python = 'python3'] = values('python')
const [only] = values('only')

/** Why rows of a package have no program, for packages that nobody can run here. */
const REASONS = JSON.parse(readFileSync(join(HERE, 'not-executed.json'), 'utf8'))

function measure(rows, library, path) {
  try {
    const text = execFileSync(python, ['-W', 'ignore', join(HERE, 'measure.py'), rows, library], {
      env: { ...process.env, PYTHONPATH: path },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: MINUTES * 60_000,
    })
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What was measured before: rows that were not measured now, and other versions of those that were, unless their program is another one. */
function keepEarlier(earlier) {
  const keys = new Set(rows.map((row) => `${row.symbol}|${row.when}|${row.role}`))
  for (const [key, before] of Object.entries(earlier.rows)) {
    if (!keys.has(key)) continue
    const now = measured[key]
    if (now === undefined) measured[key] = before
    else if (now.program === before.program) now.effects = { ...before.effects, ...now.effects }
    for (const version of Object.keys(measured[key].effects)) seenVersions.add(version)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'phasegate-evidence-'))
const rows = await catalogue()
const listed = join(folder, 'rows.json')
writeFileSync(listed, JSON.stringify(rows))
const measured = {}
const seenVersions = new Set()
const files = readdirSync(join(HERE, 'libraries')).filter((name) => name.endsWith('_rows.py'))
const libraries = files.filter((name) => only === undefined || name === `${only}_rows.py`)
for (const path of paths)
  for (const library of libraries) {
    const result = measure(listed, library.replace(/\.py$/, ''), path)
    if (result === null) continue
    for (const [key, seen] of Object.entries(result.rows)) {
      const entry = (measured[key] ??= { effects: {} })
      if (seen.program !== undefined) entry.program = seen.program
      const version = seen.version ?? result.version
      seenVersions.add(version)
      if (seen.effect === null) entry.why ??= seen.why
      else entry.effects[version] = seen.effect
    }
  }
rmSync(folder, { recursive: true })
if (process.argv.includes('--add')) keepEarlier(JSON.parse(readFileSync(out, 'utf8')))
const versions = [...seenVersions].toSorted((a, b) => (a < b ? -1 : 1))
const executed = rows.filter(
  (row) => Object.keys(measured[`${row.symbol}|${row.when}|${row.role}`]?.effects ?? {}).length > 0,
)
for (const entry of Object.values(measured)) if (Object.keys(entry.effects).length > 0) delete entry.why
const sorted = Object.fromEntries(Object.entries(measured).toSorted(([a], [b]) => (a < b ? -1 : 1)))
const report = { versions: versions, notExecuted: REASONS, rows: sorted }
writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`)
process.stdout.write(`${executed.length} of ${rows.length} rows executed with ${versions.join(', ')}\n`)
