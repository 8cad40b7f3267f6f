// The differential oracle: random Python programs, run under CPython (python3), compared with the analyser. Deterministic for a seed.
//   node bench/oracle/run.mjs [--programs 2000] [--seed 1] [--from 0] [--shrink 5] [--out FOLDER]
// Prints what was compared, every disagreement (the first ones made smaller), and how many programs used each feature.
// Exit code 1 when the analyser missed work silently or reported work that no execution did.

import { fork } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withBundle } from '../bundled.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const WORKERS = 2
/** programs that a worker takes at a time */
const SLICE = 500

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const programs = Number(option('programs', '2000'))
const seed = Number(option('seed', '1'))
const first = Number(option('from', '0'))
const shrinks = Number(option('shrink', '5'))
const out = option('out', null)

/** One slice in a process of its own. */
function judged(worker, from, to, shrink) {
  return new Promise((resolve, reject) => {
    const child = fork(worker, { stdio: 'inherit' })
    child.on('message', resolve)
    child.on('exit', (code) => (code === 0 ? undefined : reject(new Error(`a worker ended with ${code}`))))
    child.send({ script: join(HERE, 'runner.py'), seed, from, to, shrinks: shrink })
  })
}

function added(a, b) {
  if (typeof a === 'number') return a + b
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...keys].map((key) => [key, added(a[key] ?? 0, b[key] ?? 0)]))
}

const started = performance.now()
const slices = []
for (let from = first; from < first + programs; from += SLICE)
  slices.push([from, Math.min(from + SLICE, first + programs)])
const outcomes = []
const left = { shrinks }
async function loop(worker) {
  for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) {
    const outcome = await judged(worker, ...slice, left.shrinks)
    left.shrinks = Math.max(0, left.shrinks - outcome.failures.length)
    outcomes.push(outcome)
  }
}
await withBundle('bench/oracle/worker.ts', (worker) => Promise.all(Array.from({ length: WORKERS }, () => loop(worker))))

const failures = outcomes.flatMap((outcome) => outcome.failures)
for (const { id, disagreement, files } of failures) {
  console.log(`\n${id}: ${disagreement.kind} ${disagreement.phase} ${disagreement.where} (${disagreement.detail})`)
  for (const [path, text] of Object.entries(files)) {
    if (path === 'probe.py') continue
    if (failures.indexOf(failures.find((f) => f.id === id)) < shrinks) console.log(`--- ${path}\n${text.trimEnd()}`)
    if (out === null) continue
    const file = join(out, id, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
const total = outcomes.map((outcome) => outcome.statistics).reduce((a, b) => added(a, b))
const { features, reasons, kinds, ...counts } = total
const names = outcomes[0].features
console.log(`\nfeatures (${names.filter((name) => features[name] > 0).length} of ${names.length} used):`)
console.log(names.map((name) => `${name} ${features[name] ?? 0}`).join(', '))
if (Object.keys(reasons).length > 0) console.log('\ndiscarded:', reasons)
console.log('\n', { ...counts, ...kinds, seconds: Math.round((performance.now() - started) / 100) / 10 })
process.exitCode = kinds.silent + kinds['false-alarm'] + kinds.overconfident > 0 ? 1 : 0
