// How long `phasegate check` takes and how much memory it needs on generated trees, and how both grow with the tree.
// Every run also has to give the right answer: all entry points, exactly the findings that the generator put in.
//   node bench/check.mjs            all scenarios      node bench/check.mjs small      the 200 modules only
//   node bench/check.mjs growth     250, 500 and 1000 modules of the same size, and how many times the time of one half each takes
//   node bench/check.mjs large pyright     the same tree checked by pyright (npm), fetched for this run into bench/.work
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { generateTree } from './generate-tree.mjs'
import { CLI, measure, report, WORK } from './measure.mjs'
import { measurePyright } from './pyright.mjs'

const TIMES = 3
const LINES_A_MODULE = 2000
const SCENARIOS = {
  small: { modules: 200, lines: 100_000 },
  large: { modules: 500, lines: 1_000_000 },
}

const chosen = process.argv.slice(2)
console.log(`node ${process.version}, ${process.platform} ${process.arch}`)
const isChosen = (name) => chosen.length === 0 || chosen.includes(name)
for (const [name, size] of Object.entries(SCENARIOS)) if (isChosen(name)) scenario(name, size)
if (isChosen('growth')) growth([250, 500, 1000])

function scenario(name, size) {
  const directory = join(WORK, name)
  const tree = generateTree({ directory, ...size })
  console.log(`\n${name}: ${tree.modules} modules, ${tree.files} files, ${tree.lines} lines`)
  const first = report('  first run, no cache', TIMES, () => check(directory, tree, ['--no-cache']))
  console.log(`  ${((tree.lines / first.median) * 1000).toFixed(0)} lines of the tree per second`)
  check(directory, tree, [])
  report('  second run, from the cache', TIMES, () => check(directory, tree, []))
  if (chosen.includes('pyright')) measurePyright(directory, first)
  rmSync(directory, { recursive: true, force: true })
}

/** Trees of the same modules, each twice as many as before: the time should double. */
function growth(sizes) {
  console.log('\ngrowth')
  let before = null
  for (const modules of sizes) {
    const directory = join(WORK, 'growth')
    const tree = generateTree({ directory, modules, lines: modules * LINES_A_MODULE })
    const label = `  ${tree.modules} modules, ${tree.lines} lines`
    const { processor } = report(label, 1, () => check(directory, tree, ['--no-cache']))
    if (before !== null) console.log(`  ${(processor / before).toFixed(2)} times the processor time of half as many`)
    before = processor
    rmSync(directory, { recursive: true, force: true })
  }
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
