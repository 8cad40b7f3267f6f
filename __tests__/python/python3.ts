// The python3 of this machine, for tests that compare with CPython; null where there is none.
// With PHASEGATE_REQUIRE_PYTHON=1 its absence is an error, so that no run that has to be complete skips the comparison.

import { spawnSync } from 'node:child_process'

/** The minor version of python3 (11 for 3.11), or null. The tests need at least 3.11. */
export function pythonVersion(): number | null {
  const { stdout, status } = spawnSync('python3', ['-c', 'import sys; print(sys.version_info.minor)'], {
    encoding: 'utf8',
  })
  const minor = status === 0 ? Number(stdout.trim()) : Number.NaN
  if (minor >= OLDEST) return minor
  if (process.env['PHASEGATE_REQUIRE_PYTHON'] === '1')
    throw new Error(`python3 of version 3.${OLDEST} or newer is required`)
  process.stdout.write('python3 is missing or too old: the comparison with CPython is skipped\n')
  return null
}

const OLDEST = 11
