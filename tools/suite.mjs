// npm run faults | threats | ordinary: runs the tests that stand for each id of a suite (__tests__/faults/index.json) and prints passed of total,
// one line an id. An id without a passing test, or with a failing one, fails the suite.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'

const [suite = '', ...only] = process.argv.slice(2)
const index = JSON.parse(readFileSync(new URL('../__tests__/faults/index.json', import.meta.url), 'utf8'))
const ids = Object.entries(index[suite] ?? {}).filter(([id]) => only.length === 0 || only.includes(id))
if (typeof index[suite] !== 'object' || ids.length === 0) {
  console.error('usage: node tools/suite.mjs faults|threats|ordinary [ID…]')
  process.exit(2)
}

const entries = ids.flatMap(([, tests]) => tests)
const files = [...new Set(entries.map(({ file }) => file))].map((file) => `__tests__/${file}`)
const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
// a file that is named as a whole needs all of its tests, so it is run without a pattern
const whole = new Set(entries.filter(({ test }) => test === '').map(({ file }) => `__tests__/${file}`))
const patterns = [...new Set(entries.filter(({ test }) => test !== '').map(({ test }) => escaped(test)))]

const directory = mkdtempSync(join(tmpdir(), 'phasegate-suite-'))
const results = []
try {
  run(
    files.filter((file) => whole.has(file)),
    [],
  )
  run(
    files.filter((file) => !whole.has(file)),
    ['-t', patterns.join('|')],
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}

/** Runs jest on some files and adds what it says of each test. */
function run(paths, filter) {
  if (paths.length === 0) return
  const output = join(directory, `${results.length}.json`)
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
  const options = ['--json', `--outputFile=${output}`, '--silent', ...filter, '--runTestsByPath', ...paths]
  spawnSync(process.execPath, [...jest, ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
  for (const { name, assertionResults } of JSON.parse(readFileSync(output, 'utf8')).testResults)
    for (const { fullName, status } of assertionResults)
      results.push({ file: relative(resolve('__tests__'), name), fullName, status })
}

let passed = 0
for (const [id, tests] of ids) {
  const found = tests.map(({ file, test }) =>
    results.filter((it) => it.file === file && it.fullName.includes(test) && it.status !== 'pending'),
  )
  const missing = tests.filter((_, at) => found[at].length === 0)
  const failed = found.flat().filter(({ status }) => status !== 'passed')
  const good = missing.length === 0 && failed.length === 0
  if (good) passed += 1
  console.log(`${id.padEnd(4)} ${good ? 'passed' : 'FAILED'}  ${found.flat().length} tests`)
  for (const { file, test } of missing) console.log(`     no test ${JSON.stringify(test)} in ${file}`)
  for (const { file, fullName } of failed) console.log(`     ${file}: ${fullName}`)
}
console.log(`${suite}: ${passed} passed, ${ids.length - passed} failed, ${ids.length} in all`)
process.exit(passed === ids.length ? 0 : 1)
