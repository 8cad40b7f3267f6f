// Measures `phasegate graph` on a checkout of PyCG's micro benchmark (Salis et al., ICSE 2021): programs with the call graph that each must have.
//   node bench/call-graphs.mjs CHECKOUT [--show]
// sound: no edge of the expected graph is missing. complete: no edge that is not expected. --show prints the edges that differ.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { load } from './bundled.mjs'

const [checkout, ...flags] = process.argv.slice(2)
if (checkout === undefined) {
  console.error('usage: node bench/call-graphs.mjs CHECKOUT [--show]')
  process.exit(2)
}
const SNIPPETS = join(checkout, 'micro-benchmark/snippets')

function edgesOf(adjacency) {
  return new Set(Object.entries(adjacency).flatMap(([from, targets]) => targets.map((to) => `${from} -> ${to}`)))
}

const { graph } = await load('src/cli/graph.ts')
const cases = readdirSync(SNIPPETS, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('callgraph.json'))
  .map((path) => dirname(path))
  .toSorted()
const groups = new Map()
for (const name of cases) {
  const directory = join(SNIPPETS, name)
  const expected = edgesOf(JSON.parse(readFileSync(join(directory, 'callgraph.json'), 'utf8')))
  const actual = edgesOf(JSON.parse(await graph([directory, '--entry', 'main.py', '--format', 'json'])))
  const missing = [...expected].filter((edge) => !actual.has(edge))
  const extra = [...actual].filter((edge) => !expected.has(edge))
  const category = name.split('/')[0] ?? ''
  const group = groups.get(category) ?? { programs: 0, sound: 0, complete: 0 }
  groups.set(category, {
    programs: group.programs + 1,
    sound: group.sound + (missing.length === 0 ? 1 : 0),
    complete: group.complete + (extra.length === 0 ? 1 : 0),
  })
  if (flags.includes('--show') && missing.length + extra.length > 0) {
    console.log(name)
    for (const edge of missing) console.log(`  missing  ${edge}`)
    for (const edge of extra) console.log(`  extra    ${edge}`)
  }
}

const total = { programs: 0, sound: 0, complete: 0 }
for (const [category, group] of groups) {
  console.log(
    `${category.padEnd(14)} complete ${group.complete}/${group.programs}  sound ${group.sound}/${group.programs}`,
  )
  for (const key of Object.keys(total)) total[key] += group[key]
}
console.log(`${'all'.padEnd(14)} complete ${total.complete}/${total.programs}  sound ${total.sound}/${total.programs}`)
