// npm run bench:pulls [1|20|100|3000]: runs bench/pull-requests.ts on dist/.
// Exits as it does.
import { spawnSync } from 'node:child_process'
import { withBundle } from './bundled.mjs'

process.exitCode = await withBundle('bench/pull-requests.ts', (outfile) => {
  const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' })
  return status ?? 1
})
