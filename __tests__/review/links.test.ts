// A symbolic link in the place of a file that the base has, or of a directory with files: the review is incomplete, and what stood there is not
// called fixed.
import { expect, test } from '@jest/globals'
import { changesBetween } from '../../src/sources/changes.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { reviewOf } from '../support/review-files.ts'

const [API, WORK] = ['modules/standard/x/api.py', 'modules/standard/x/work.py']
const BASE = {
  [API]: 'from .work import load\n\n\ndef initialize(ctx):\n    load(ctx)\n',
  [WORK]: 'def load(ctx):\n    ctx.db_sync_engine.connect()\n',
  'modules/standard/y/api.py': 'def initialize(ctx):\n    pass\n',
}

test.each<[string, string, string, readonly string[], readonly (string | null)[]]>([
  ['of the entry point', API, 'incomplete', [API], [null]],
  ['of a function on the path', WORK, 'incomplete', [WORK], [null]],
  ['of a clean module', 'modules/standard/y/api.py', 'incomplete', ['modules/standard/y/api.py'], ['unchanged']],
  ['of a directory', 'modules/standard/x', 'incomplete', [API, WORK], [null]],
  ['of nothing', 'modules/standard/x/other.py', 'pass', [], ['unchanged']],
  ['of nothing, beside a file', 'modules/standard/x/ap', 'pass', [], ['unchanged']],
])('a link in the place %s', async (_, link, verdict, incomplete, states) => {
  const base = memoryReader(BASE)
  const rest = Object.entries(BASE).filter(([path]) => path !== link && !path.startsWith(`${link}/`))
  const files = memoryReader({ ...Object.fromEntries(rest), 'lib/new.py': '' })
  const head = { ...files, links: async () => [{ path: link, isDirectory: false }] }
  const review = await reviewOf({ head, base, changes: await changesBetween(base, head) })
  expect([review.verdict, review.incomplete.filter((it) => it.decides).map(({ file }) => file)]).toEqual([
    verdict,
    incomplete,
  ])
  expect(review.findings.filter(({ rule }) => rule === 'database-in-phase-1').map((it) => it.baselineState)).toEqual(
    states,
  )
})
