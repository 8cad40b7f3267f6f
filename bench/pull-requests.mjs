// npm run bench:pulls [1|20|100|3000]: bundles bench/pull-requests.ts, because Node 20 reads no TypeScript, and runs it on dist/.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const directory = mkdtempSync(join(tmpdir(), 'phasegate-bench-'))
try {
  const outfile = join(directory, 'bench.mjs')
  await build({
    entryPoints: ['bench/pull-requests.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    banner: { js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);" },
  })
  const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = status ?? 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
