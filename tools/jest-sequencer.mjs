// Which test file is run first: the dearest, so that on two cores both end together. Jest goes by what it measured last time, which a fresh
// clone has not, and then by size, which says little here: some of the shortest files start the most processes.
// Must stay true: every file is run once, whatever its place; the list is about time alone and may be out of date.
import DefaultSequencer from '@jest/test-sequencer'

/** By processor time, most first; from 4 seconds on. */
const DEAREST = [
  'analysis/fixtures',
  'end-to-end/scale',
  'end-to-end/ordinary',
  'faults/threats',
  'faults/runs',
  'faults/reading',
  'faults/trees',
  'end-to-end/trouble',
  'oracle/oracle',
  'fixes/shapes',
  'end-to-end/two-stages',
  'faults/writing',
  'architecture',
  'end-to-end/cli-check',
  'end-to-end/limits',
  'fixes/behaviour',
  'end-to-end/rights',
  'faults/hosts',
  'ir/cpython',
  'end-to-end/events',
  'sources/git',
  'end-to-end/reviews',
].map((name) => `/__tests__/${name}.test.ts`)

const placeOf = ({ path }) => {
  const place = DEAREST.findIndex((name) => path.replaceAll('\\', '/').endsWith(name))
  return place < 0 ? DEAREST.length : place
}

// jest takes a default export only
export default class extends DefaultSequencer {
  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- jest's method, which returns a new list
    return super.sort(tests).toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}
