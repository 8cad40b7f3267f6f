// Generates schemas/*.schema.json from the valibot schemas that the code itself uses; `--check` only compares and fails on a difference.
import { mkdtempSync, readFileSync, rmSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { toJsonSchema } from '@valibot/to-json-schema'
import { build } from 'esbuild'

const SCHEMAS = [
  { source: 'src/report/json-schema.ts', name: 'reportSchema', target: 'schemas/report.schema.json' },
  { source: 'src/config/schema.ts', name: 'configSchema', target: 'schemas/config.schema.json' },
]

/** The exported schema, loaded from TypeScript through one bundle in a temporary folder of this directory. */
async function load(source, name, directory) {
  const outfile = join(directory, `${name}.mjs`)
  await build({ entryPoints: [source], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' })
  const exports = await import(pathToFileURL(outfile).href)
  if (exports[name] === undefined) throw new Error(`${source} does not export ${name}`)
  return exports[name]
}

/** What JSON Schema cannot say (our own checks, transformations) is left out: the schema may accept more, never less. */
function describe(schema) {
  const { $schema: _, ...shape } = toJsonSchema(schema, {
    typeMode: 'input',
    target: 'draft-2020-12',
    errorMode: 'ignore',
  })
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...shape }
}

const check = process.argv.includes('--check')
const directory = mkdtempSync('.schemas-')
const stale = []
try {
  for (const { source, name, target } of SCHEMAS.filter((s) => existsSync(s.source))) {
    const json = `${JSON.stringify(describe(await load(source, name, directory)), null, 2)}\n`
    if (existsSync(target) && readFileSync(target, 'utf8') === json) continue
    if (check) stale.push(target)
    else writeFileSync(target, json)
    console.log(`${target} ${check ? 'is out of date' : 'written'}`)
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}
if (stale.length > 0) {
  console.error('Run "node tools/schemas.mjs" and commit the result.')
  process.exitCode = 1
}
