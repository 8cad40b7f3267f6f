// The runtime oracle: Phase 1 of whole projects under the real Django and SQLAlchemy, statement by statement with its stack, against what `check` says.
//   node bench/runtime/run.mjs --with FOLDER[:FOLDER…] [--only TEXT] [--show] [--write]      (a PYTHONPATH with the libraries; nothing is downloaded)
// Each project of projects/ must agree: what a statement was sent from is found under the same entry point at the same line, and what is
// found with high confidence was sent. Exit code 1 when one does not. What is only possible and was not sent is counted; --show names the places.
// --write keeps what was sent in seen.json: __tests__/analysis/runtime.test.ts compares it with the findings on every run of the tests.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogue } from '../catalogue.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const at = process.argv.indexOf('--with')
const libraries = at < 0 ? '' : (process.argv[at + 1] ?? '')
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined

/** `=== name [django | module NAME[:FUNCTION]]`, then `# file: PATH` sections. */
function projects() {
  const folder = join(HERE, 'projects')
  const all = readdirSync(folder)
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
  return all
    .join('')
    .split(/^=== /m)
    .slice(1)
    .map((text) => {
      const [head = '', ...lines] = text.split('\n')
      const [, name = head, how = 'django'] = /^(.*?) \[(.+)\]$/.exec(head) ?? []
      const files = {}
      let current = ''
      for (const line of lines) {
        const file = /^# file: (.+)$/.exec(line)?.[1]
        if (file === undefined) files[current] = `${files[current] ?? ''}${line}\n`
        else files[(current = file)] = ''
      }
      delete files['']
      return { name, how, files }
    })
}

function observed(folder, how) {
  const text = execFileSync('python3', ['-W', 'ignore', join(HERE, 'runner.py'), folder, ...how.split(' ')], {
    env: { ...process.env, PYTHONPATH: libraries, PYTHONDONTWRITEBYTECODE: '1' },
    encoding: 'utf8',
  })
  return JSON.parse(text.slice(text.lastIndexOf('\n{') + 1))
}

function told(folder) {
  const cli = join(HERE, '../../dist/cli.js')
  const run = spawnSync(process.execPath, [cli, 'check', folder, '--format', 'json', '--no-cache'], {
    encoding: 'utf8',
  })
  return JSON.parse(run.stdout)
}

const SENDS = new Set(['query', 'model', 'schema', 'migration'])
/** Symbols whose rows say themselves that it depends on what is not followed. */
const MAY = new Set((await catalogue()).filter((row) => row.certainty === 'may').map((row) => row.symbol))
/** The text of a place `ENTRY FILE:LINE`. */
function lineOf(project, key) {
  const [, file = '', line = ''] = / (\S+):(\d+)$/.exec(key) ?? []
  return project.files[file]?.split('\n')[Number(line) - 1]?.trim() ?? ''
}

const kept = {}
const place = (entry, one) => `${entry} ${one.file}:${one.line}`
let wrong = 0
let idleInAll = 0
let possibleInAll = 0
for (const project of projects().filter((one) => only === undefined || one.name.includes(only))) {
  const folder = mkdtempSync(join(tmpdir(), 'phasegate-runtime-'))
  for (const [file, text] of Object.entries(project.files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  const real = observed(folder, project.how)
  const report = told(folder)
  rmSync(folder, { recursive: true })
  const sends = report.findings.filter((f) => f.operations.length > 0 && f.phase !== 'scheduled')
  const found = new Set(sends.flatMap((f) => f.operations.map((o) => place(f.entryPoint, o))))
  const sure = new Set(
    // a session opens nothing, and a pool may have a connection
    sends
      .filter((f) => f.confidence === 'high' && f.severity === 'error')
      .flatMap((f) =>
        f.operations.filter((o) => SENDS.has(o.kind) && !MAY.has(o.symbol)).map((o) => place(f.entryPoint, o)),
      ),
  )
  const seen = new Set(real.seen.map((one) => place(one.entry, one)))
  const possible = new Set(
    sends.flatMap((f) => f.operations.filter((o) => SENDS.has(o.kind)).map((o) => place(f.entryPoint, o))),
  )
  const idle = [...possible].filter((key) => !sure.has(key) && !real.seen.some((one) => place(one.entry, one) === key))
  idleInAll += idle.length
  possibleInAll += possible.size
  kept[project.name] = [...seen].toSorted((a, b) => (a < b ? -1 : 1))
  const missed = [...seen].filter((key) => !found.has(key))
  const extra = [...sure].filter((key) => !seen.has(key))
  const ok = missed.length === 0 && extra.length === 0 && real.error === null
  if (!ok) wrong++
  process.stdout.write(
    `${ok ? 'same ' : 'DIFFERS'} ${project.name}: ${seen.size} places sent, ${found.size} found, ${idle.length} of ${possible.size} statements possible but not sent${real.error === null ? '' : ` (ended with ${real.error})`}\n`,
  )
  for (const key of missed) process.stdout.write(`  missed ${key}: ${lineOf(project, key)}\n`)
  for (const key of process.argv.includes('--show') ? idle : [])
    process.stdout.write(`  possible ${key}: ${lineOf(project, key)}\n`)
  for (const key of extra) process.stdout.write(`  not sent ${key}: ${lineOf(project, key)}\n`)
}
if (process.argv.includes('--write')) writeFileSync(join(HERE, 'seen.json'), `${JSON.stringify(kept, null, 2)}\n`)
process.stdout.write(`${idleInAll} of ${possibleInAll} places of statements are possible only and were not sent\n`)
process.exitCode = wrong === 0 ? 0 : 1
