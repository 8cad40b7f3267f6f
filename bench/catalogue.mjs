// The shipped catalogue rows, for benchmarks that run without a build: the sources are bundled into a scratch folder and imported.
// Nothing of dist/ is used, so that rows that were just changed are the ones that are measured.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const ROWS = fileURLToPath(new URL('../src/catalogue/rows/index.ts', import.meta.url))

export async function catalogue() {
  const folder = mkdtempSync(join(tmpdir(), 'phasegate-rows-'))
  const outfile = join(folder, 'rows.mjs')
  await build({ entryPoints: [ROWS], bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' })
  const { ROWS: rows } = await import(pathToFileURL(outfile).href)
  rmSync(folder, { recursive: true })
  return rows
}
