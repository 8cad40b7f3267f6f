// How long `phasegate check` takes and how much memory it needs on generated trees, and how both grow with the tree.
// Every run also has to give the right answer: all entry points, exactly the findings that the generator put in.
//   node bench/check.mjs            all scenarios      node bench/check.mjs small      the 200 modules only
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { generateTree } from './generate-tree.mjs'
import { CLI, measure, report, WORK } from './measure.mjs'

const TIMES = 3
const SCENARIOS = {
  small: { modules: 200, lines: 100_000, cached: true },
  large: { modules: 500, lines: 1_000_000, cached: true },
  // the same file sizes as `large`, twice as many modules: the time should double
  growth: { modules: 1000, lines: 2_000_000, cached: false },
}

const chosen = process.argv.slice(2)
console.log(`node ${process.version}, ${process.platform} ${process.arch}`)
for (const [name, { modules, lines, cached }] of Object.entries(SCENARIOS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const directory = join(WORK, name)
  const tree = generateTree({ directory, modules, lines })
  console.log(`\n${name}: ${tree.modules} modules, ${tree.files} files, ${tree.lines} lines`)
  const { median } = report('  first run, no cache', TIMES, () => check(directory, tree, ['--no-cache']))
  console.log(`  ${((tree.lines / median) * 1000).toFixed(0)} lines of the tree per second`)
  if (cached) {
    check(directory, tree, [])
    report('  second run, from the cache', TIMES, () => check(directory, tree, []))
  }
  rmSync(directory, { recursive: true, force: true })
}

function check(directory, tree, options) {
  const run = measure(CLI, ['check', directory, '--format', 'json', '--quiet', ...options], {
    XDG_CACHE_HOME: join(WORK, 'cache'),
  })
  const expected = {
    status: tree.findings > 0 ? 1 : 0,
    entryPoints: tree.modules,
    findings: tree.findings,
    incomplete: 0,
  }
  const { notFollowed, ...answer } = counts(run)
  const actual = { status: run.status, ...answer }
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}\n${run.stderr.slice(0, 2000)}`)
  }
  // nothing in the generated trees is beyond the analysis, so each of these is a loss of precision
  if (notFollowed > 0) console.log(`  ${notFollowed} calls not followed, 0 expected`)
  return run
}

function counts({ stdout, stderr }) {
  try {
    const { entryPoints, findings, incomplete, notFollowed } = JSON.parse(stdout)
    const initialize = entryPoints.filter((entry) => entry.name === 'initialize')
    const errors = findings.filter((finding) => finding.rule === 'database-in-phase-1')
    return {
      entryPoints: initialize.length,
      findings: errors.length,
      incomplete: incomplete.length,
      notFollowed: notFollowed.length,
    }
  } catch {
    throw new Error(`no JSON report: ${stdout.slice(0, 500)}\n${stderr.slice(0, 2000)}`)
  }
}
