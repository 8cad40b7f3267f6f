// Random pull requests by number: node bench/changes.mjs [--programs 1000] [--seed 1] [--from 0] [--show]
// Prints every invariant that does not hold, with `--show` the two trees; exit code 1 when there is one.
import { load } from './bundled.mjs'

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const [programs, seed, from] = [option('programs', 1000), option('seed', 1), option('from', 0)]
const { reviewRandom } = await load('bench/changes/run.ts')
const found = await reviewRandom(seed, from, from + programs)
for (const { program, edit, what, base, head } of found) {
  console.log(`${program}, ${edit}: ${what}`)
  if (!process.argv.includes('--show')) continue
  for (const [side, files] of [
    ['base', base],
    ['head', head],
  ])
    for (const [path, text] of Object.entries(files))
      if (path !== 'probe.py') console.log(`--- ${side} ${path}\n${text}`)
}
console.log(`${programs} changes of random programs (seed ${seed}): ${found.length} times something did not hold`)
process.exitCode = found.length === 0 ? 0 : 1
