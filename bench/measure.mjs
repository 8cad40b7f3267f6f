// Runs one Node program and measures it from outside: wall time, processor time, peak memory, exit code. Processor time and peak are what the
// process itself reports when it ends (getrusage), written by a module that is loaded before the program.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
export const WORK = join(ROOT, 'bench/.work')
export const CLI = join(ROOT, 'dist/cli.js')
export const ACTION = join(ROOT, 'dist/main.js')

/** { status, stdout, stderr, milliseconds, processor, mebibytes }; `processor` in milliseconds, all threads. */
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
    const [kibibytes, microseconds] = readFileSync(peak, 'utf8').split(' ').map(Number)
    const { status, stdout, stderr } = run
    return { status, stdout, stderr, milliseconds, processor: microseconds / 1000, mebibytes: kibibytes / 1024 }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Runs `times` times; prints one row: minimum and median of the time, the processor time of the median, maximum of the memory. */
export function report(label, times, once) {
  const runs = Array.from({ length: times }, once)
  const walls = runs.map((run) => run.milliseconds)
  const median = medianOf(walls)
  const processor = medianOf(runs.map((run) => run.processor))
  const memory = Math.max(...runs.map((run) => run.mebibytes))
  const cells = [
    `min ${Math.min(...walls).toFixed(0)} ms`,
    `median ${median.toFixed(0)} ms`,
    `processor ${processor.toFixed(0)} ms`,
    `peak ${memory.toFixed(0)} MiB`,
  ]
  console.log(`${label.padEnd(52)} ${cells.map((cell) => cell.padStart(18)).join(' ')}`)
  return { runs, median, processor, memory }
}

function medianOf(figures) {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]
}
