// Random edits of random trees by number: node bench/successors.mjs [--trees 300] [--seed 1] [--from 0] [--show]
// Prints every tree of which the cache says something else than an analysis from nothing, with `--show` both trees; exit code 1 when there is one.
import { load } from './bundled.mjs'

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const [trees, seed, from] = [option('trees', 300), option('seed', 1), option('from', 0)]
const { reviewEdited } = await load('bench/successors/run.ts')
const { differences, edits, successors, spared, entries } = await reviewEdited(seed, from, from + trees)
for (const { tree, what, base, head } of differences) {
  console.log(`tree ${tree}: ${what}`)
  if (!process.argv.includes('--show')) continue
  for (const [path, text] of Object.entries(head))
    console.log(
      base[path] === text ? `--- ${path}\n${text}` : `--- ${path} before\n${base[path]}\n--- ${path} now\n${text}`,
    )
}
console.log(
  `${edits} edits of ${trees} trees (seed ${seed}): ${differences.length} differences; ${successors} trees judged by the one before, for which ${spared} of ${entries} analyses were not run`,
)
process.exitCode = differences.length === 0 ? 0 : 1
