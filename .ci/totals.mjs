// Adds up the Jest reports of a run and prints the totals alone on the last line. Refuses a run that ran nothing, skipped a test, or
// left out a test file that compares with CPython; a step that is not a test counts as one failure.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [scratch, ...failedSteps] = process.argv.slice(2)
const STEPS_WITH_REPORT = { tests: 'tests.json', 'end to end, Node 24': 'e2e-24.json' }

const problems = []
let passed = 0
let failed = 0
const suites = new Map()

for (const [step, name] of Object.entries(STEPS_WITH_REPORT)) {
  let report
  try {
    report = JSON.parse(readFileSync(join(scratch, name), 'utf8'))
  } catch {
    problems.push(`${step}: no report`)
    continue
  }
  passed += report.numPassedTests
  failed += report.numFailedTests + report.numRuntimeErrorTestSuites
  if (report.numPassedTests === 0) problems.push(`${step}: no test passed`)
  const skipped = report.numPendingTests + report.numTodoTests
  if (skipped > 0) problems.push(`${step}: ${skipped} tests skipped`)
  for (const suite of report.testResults) {
    suites.set(suite.name, suite.status)
    if (suite.status !== 'passed') console.log(`failed: ${suite.name}`)
    // a suite that found no python3 says so in a test of this title
    for (const { title } of suite.assertionResults)
      if (/^skipped\b/.test(title)) problems.push(`${suite.name}: ${title}`)
  }
  // Jest can fail without a failing test, for example on a worker that crashed
  if (failedSteps.includes(step) && report.numFailedTests + report.numRuntimeErrorTestSuites === 0)
    problems.push(`${step}: failed`)
}

for (const step of failedSteps) if (!(step in STEPS_WITH_REPORT)) problems.push(`${step}: failed`)

const withPython = readdirSync('__tests__', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join(process.cwd(), '__tests__', file))
  .filter((file) => readFileSync(file, 'utf8').includes('python3'))
if (withPython.length === 0) problems.push('no test compares with CPython')
for (const file of withPython) if (suites.get(file) !== 'passed') problems.push(`did not compare with CPython: ${file}`)

for (const problem of problems) console.log(problem)
failed += problems.length
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
