// Heads that cannot be parsed: what the base had is neither fixed nor new, whatever the damage takes away, even the entry point itself.
import { expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

const API = 'modules/standard/shop/api.py'
const STORE = 'modules/standard/shop/store.py'
const BASE = {
  [API]: 'from .store import load\n\n\ndef initialize(app_context):\n    load(app_context)\n    return True\n',
  [STORE]: 'def load(app_context):\n    return app_context.db_sync_engine.connect()\n',
}

test.each([
  ['the function that works', { ...BASE, [STORE]: 'def load(app_context:\n    return (\n' }],
  ['the entry point', { ...BASE, [API]: 'from .store import load\n\ndef initialize(app_context:\n    load(\n' }],
  ['the whole file of the entry point', { ...BASE, [API]: '<<<<<<< ours\n((((\n' }],
  ['a file that is not text', { ...BASE, [API]: 'def initialize(app_context):\n    return "\u0000"\n' }],
])('damage to %s leaves the finding of the base open', async (_what, head) => {
  const review = await reviewFiles(head, BASE)
  expect([review.verdict, review.findings.map((it) => [it.rule, it.baselineState])]).toEqual([
    'incomplete',
    [['database-in-phase-1', null]],
  ])
})
