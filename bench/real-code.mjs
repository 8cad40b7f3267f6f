// Database work in Phase 1 of public projects, read by hand at the commits that real-code.json names: what of it is found, and what commits that
// brought it or took it away are said to have done. Needs git directories of those projects, and no network.
//   node bench/real-code.mjs FOLDER [part of a repository's name]
// FOLDER holds one folder a project, `owner+name` or `owner/name`: a bare repository, a checkout, or either of them in a folder `repo`.
// What is not there is named at the end; it counts neither as found nor as missed.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from './bundled.mjs'

const [folder, part = ''] = process.argv.slice(2)
if (folder === undefined) {
  console.error('usage: node bench/real-code.mjs FOLDER [part of a name]')
  process.exit(2)
}

/** The git directory of a project; null when it is not in the folder. */
function directoryOf(repository) {
  for (const name of [repository.replace('/', '+'), repository])
    for (const inner of ['repo/.git', 'repo', '.git', ''])
      if (existsSync(join(folder, name, inner, 'objects'))) return join(folder, name, inner)
  return null
}

/** `file:line` of all operations of the findings in that state. */
function places({ findings }, state) {
  const wanted = findings.filter((f) => state === null || state.includes(f.baselineState))
  return new Set(wanted.flatMap((f) => f.operations.map(({ file, line }) => `${file}:${line}`)))
}

const STATES = { present: null, introduced: ['new', 'updated'], fixed: ['absent'] }
const { reviewed } = await load('bench/real-code.ts')
const cases = JSON.parse(readFileSync(join(import.meta.dirname, 'real-code.json'), 'utf8'))
const missing = []
const totals = {}
for (const one of cases.filter(({ repository }) => repository.includes(part))) {
  const directory = directoryOf(one.repository)
  const name = `${one.kind.padEnd(10)} ${one.repository} ${one.head.slice(0, 9)}`
  let result = null
  try {
    result = directory === null ? null : await reviewed(directory, one.head, one.base ?? null)
  } catch (error) {
    missing.push(`${name}: ${error.message}`)
    continue
  }
  if (result === null) {
    missing.push(`${name}: no such folder`)
    continue
  }
  const seen = places(result, STATES[one.kind])
  const total = (totals[one.kind] ??= { places: 0, right: 0 })
  for (const place of one.places) {
    total.places++
    if (seen.has(place)) total.right++
    else console.log(`${name}  not ${one.kind === 'present' ? 'found' : `said to be ${one.kind}`}: ${place}`)
  }
}
for (const [kind, { places: all, right }] of Object.entries(totals))
  console.log(`${kind.padEnd(10)} ${right} of ${all}`)
for (const line of missing) console.log(`missing    ${line}`)
process.exit(Object.values(totals).every(({ places: all, right }) => all === right) && missing.length === 0 ? 0 : 1)
