// How many lines of Python a second are parsed and lowered on one thread: the modules of the standard library of python3 (without
// its tests), or of the folder given. Prints the best of several rounds: the first ones run code that is not compiled yet.
//   node bench/parse.mjs [FOLDER]

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from './bundled.mjs'

const ROUNDS = 8
const LEFT_OUT = /^(?:test|tests|idle_test|site-packages|__pycache__|lib2to3)$/

function* pythonFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !LEFT_OUT.test(entry.name)) yield* pythonFiles(path)
    else if (entry.isFile() && entry.name.endsWith('.py')) yield path
  }
}

const standardLibrary = () =>
  execFileSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'], { encoding: 'utf8' }).trim()

const { lowerModule } = await load('src/ir/lower.ts')
const sources = [...pythonFiles(process.argv[2] ?? standardLibrary())].map((path) => readFileSync(path))
const lines = sources.reduce((sum, source) => sum + lowerModule(source).ir.lines.length, 0)
const rounds = Array.from({ length: ROUNDS }, () => {
  const start = performance.now()
  for (const source of sources) lowerModule(source)
  return performance.now() - start
})
const best = Math.min(...rounds)
console.log(
  `${sources.length} files, ${lines} lines: ${Math.round(best)} ms, ${Math.round(lines / best)} thousand lines a second`,
)
