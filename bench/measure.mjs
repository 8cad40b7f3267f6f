// Runs one command of dist/ and measures it from outside: wall time, peak memory, exit code. The peak is what the process itself
// reports when it ends (ru_maxrss), written by a module that is loaded before the program.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
export const WORK = join(ROOT, 'bench/.work')
export const CLI = join(ROOT, 'dist/cli.js')
export const ACTION = join(ROOT, 'dist/main.js')

/** { status, stdout, stderr, milliseconds, mebibytes } */
export function measure(program, programArguments, env = {}) {
  mkdirSync(WORK, { recursive: true })
  const scratch = mkdtempSync(join(WORK, 'run-'))
  const peak = join(scratch, 'peak')
  const preload = pathToFileURL(join(ROOT, 'bench/peak-memory.mjs')).href
  const from = performance.now()
  const run = spawnSync(process.execPath, ['--import', preload, program, ...programArguments], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, ...env, PHASEGATE_BENCH_PEAK: peak },
  })
  const milliseconds = performance.now() - from
  try {
    const mebibytes = Number(readFileSync(peak, 'utf8')) / 1024
    return { status: run.status, stdout: run.stdout, stderr: run.stderr, milliseconds, mebibytes }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Runs `times` times; prints one row: minimum and median of the time, maximum of the memory. */
export function report(label, times, once) {
  const runs = Array.from({ length: times }, once)
  const sorted = runs.map((run) => run.milliseconds).toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]
  const memory = Math.max(...runs.map((run) => run.mebibytes))
  const cells = [`min ${sorted[0].toFixed(0)} ms`, `median ${median.toFixed(0)} ms`, `peak ${memory.toFixed(0)} MiB`]
  console.log(`${label.padEnd(52)} ${cells.map((cell) => cell.padStart(16)).join(' ')}`)
  return { runs, median }
}
