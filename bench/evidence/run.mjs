// Evidence by execution: runs one small program per catalogue row against the real libraries and writes what was seen beside each row.
//   node bench/evidence/run.mjs --with FOLDER[:FOLDER…] [--with …] [--out bench/evidence/measured.json]
// Each --with is a PYTHONPATH that holds some of the libraries; with several of them, several versions are measured. Nothing is downloaded.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const MINUTES = 10

const values = (name) => process.argv.flatMap((arg, at) => (arg === `--${name}` ? [process.argv[at + 1] ?? ''] : []))
const paths = values('with').length === 0 ? [''] : values('with')
const [out = join(HERE, 'measured.json')] = values('out')

/** Why rows of a package have no program, for packages that nobody can run here. */
const REASONS = JSON.parse(readFileSync(join(HERE, 'not-executed.json'), 'utf8'))

async function catalogue(folder) {
  const outfile = join(folder, 'rows.mjs')
  const entry = join(HERE, '../../src/catalogue/rows/index.ts')
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' })
  const { ROWS } = await import(pathToFileURL(outfile).href)
  return ROWS
}

function measure(rows, library, path) {
  try {
    const text = execFileSync('python3', ['-W', 'ignore', join(HERE, 'measure.py'), rows, library], {
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

const folder = mkdtempSync(join(tmpdir(), 'phasegate-evidence-'))
const rows = await catalogue(folder)
const listed = join(folder, 'rows.json')
writeFileSync(listed, JSON.stringify(rows))
const measured = {}
const seenVersions = new Set()
const libraries = readdirSync(join(HERE, 'libraries')).filter((name) => name.endsWith('_rows.py'))
for (const path of paths)
  for (const library of libraries) {
    const result = measure(listed, library.replace(/\.py$/, ''), path)
    if (result === null) continue
    seenVersions.add(result.version)
    for (const [key, seen] of Object.entries(result.rows)) {
      const entry = (measured[key] ??= { effects: {} })
      if (seen.program !== undefined) entry.program = seen.program
      if (seen.effect === null) entry.why ??= seen.why
      else entry.effects[result.version] = seen.effect
    }
  }
rmSync(folder, { recursive: true })
const versions = [...seenVersions].toSorted((a, b) => (a < b ? -1 : 1))
const executed = rows.filter(
  (row) => Object.keys(measured[`${row.symbol}|${row.when}|${row.role}`]?.effects ?? {}).length > 0,
)
for (const entry of Object.values(measured)) if (Object.keys(entry.effects).length > 0) delete entry.why
const sorted = Object.fromEntries(Object.entries(measured).toSorted(([a], [b]) => (a < b ? -1 : 1)))
const report = { versions: versions, notExecuted: REASONS, rows: sorted }
writeFileSync(out, `${JSON.stringify(report, null, 1)}\n`)
process.stdout.write(`${executed.length} of ${rows.length} rows executed with ${versions.join(', ')}\n`)
