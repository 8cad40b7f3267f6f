// pyright on the tree of a benchmark, for comparison: a checker that has to understand the same code, with another question. It is no dependency:
// it is fetched from npm for one run, and where it cannot be had the benchmark says so and goes on.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure, WORK } from './measure.mjs'

const VERSION = '1.1.414'

/** Prints one row for pyright and how many times our first run fits into it. */
export function measurePyright(directory, { processor, memory }) {
  const folder = join(WORK, 'pyright')
  mkdirSync(folder, { recursive: true })
  try {
    const install = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `pyright@${VERSION}`]
    const npm = spawnSync('npm', install, { encoding: 'utf8' })
    if (npm.status !== 0) {
      console.log(`  pyright ${VERSION} cannot be had: ${npm.error?.message ?? npm.stderr.trim().split('\n')[0]}`)
      return
    }
    // without a list of its own it leaves out what lies below a folder that begins with a dot
    writeFileSync(join(directory, 'pyrightconfig.json'), JSON.stringify({ include: ['.'], exclude: ['**/.none'] }))
    const run = measure(join(folder, 'node_modules/pyright/index.js'), ['--outputjson', '--project', directory])
    if (run.status !== 0 && run.status !== 1) {
      console.log(`  pyright ${VERSION} ended with exit code ${run.status}: ${run.stderr.slice(0, 300)}`)
      return
    }
    const cells = [`processor ${run.processor.toFixed(0)} ms`, `peak ${run.mebibytes.toFixed(0)} MiB`]
    console.log(`  pyright ${VERSION}: ${cells.join(', ')}, ${JSON.parse(run.stdout).summary.filesAnalyzed} files`)
    const ratio = `${(run.processor / processor).toFixed(1)} times the processor time`
    console.log(`  ${ratio} and ${(run.mebibytes / memory).toFixed(1)} times the memory of our first run`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
