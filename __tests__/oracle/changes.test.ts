// Random pull requests on a fixed set of programs: places, states, schema, cache, and that a change of nothing changes nothing.
// `node bench/changes.mjs` runs as many as wanted.
import { expect, test } from '@jest/globals'
import { EDITS } from '../../bench/changes/edits.ts'
import { reviewRandom } from '../../bench/changes/run.ts'

const SEED = 1
const CHANGES = 2 * EDITS.length

test(`${CHANGES} changes of random programs are reviewed as every change is`, async () => {
  const found = await reviewRandom(SEED, 0, CHANGES)
  expect(found.map(({ program, edit, what }) => `${program}, ${edit}: ${what}`)).toEqual([])
})
