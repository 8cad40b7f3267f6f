// TypeScript of this repository for the benchmarks: bundled first, because Node 20 reads no TypeScript.
// Dependencies of the bundle that are CommonJS need a `require`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const ROOT = resolve(import.meta.dirname, '..')

/** Calls `use` with the bundle of `source`, a path from the root of the repository; the bundle is gone when it is done. */
export async function withBundle(source, use) {
  const folder = mkdtempSync(join(tmpdir(), 'phasegate-bench-'))
  try {
    const outfile = join(folder, 'bundle.mjs')
    await build({
      entryPoints: [join(ROOT, source)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);" },
      logLevel: 'error',
    })
    return await use(outfile)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The exports of a module of this repository. */
export function load(source) {
  return withBundle(source, (outfile) => import(pathToFileURL(outfile).href))
}
