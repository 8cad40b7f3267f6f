// When a suppression counts as unused: what matters is whether it hid work, not whether its line was reached.
import { expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

const PHASE_1 = '# phasegate: ignore[database-in-phase-1] -- why'
const SCHEDULED = '# phasegate: ignore[database-scheduled-in-phase-1] -- why'
const HEAD = `import threading

def work(app_context):
    app_context.db_sync_engine.connect()

def idle(app_context):
    return app_context

def through(app_context):
    work(app_context)

def initialize(app_context):
`

/** Rules of what is found, each with its line or `hidden`. */
async function found(body: readonly string[]): Promise<string[]> {
  const text = `${HEAD}${body.map((line) => `    ${line}\n`).join('')}`
  const { findings } = await reviewFiles({ 'modules/shop/api.py': text })
  const first = HEAD.split('\n').length
  return findings.map(({ rule, suppression, location }) =>
    suppression === null
      ? `${rule}${rule === 'unused-suppression' ? ` ${location.line - first}` : ''}`
      : `${rule} hidden`,
  )
}

test.each<readonly [string, readonly string[], readonly string[]]>([
  ['on a call that does no database work', [`idle(app_context)  ${PHASE_1}`], ['unused-suppression 0']],
  ['above such a call', [PHASE_1, 'idle(app_context)'], ['unused-suppression 0']],
  ['on a call that does', [`work(app_context)  ${PHASE_1}`], ['database-in-phase-1 hidden']],
  ['on a call whose helper does', [`through(app_context)  ${PHASE_1}`], ['database-in-phase-1 hidden']],
  [
    'on one of two ways to the work: the other one is found, and this one is hidden',
    [`work(app_context)  ${PHASE_1}`, 'through(app_context)'],
    ['database-in-phase-1'],
  ],
  [
    'of Phase 1 where the work is only scheduled',
    [`threading.Thread(target=work, args=(app_context,)).start()  ${PHASE_1}`],
    ['database-scheduled-in-phase-1', 'unused-suppression 0'],
  ],
  [
    'of scheduled work where it is scheduled',
    [`threading.Thread(target=work, args=(app_context,)).start()  ${SCHEDULED}`],
    ['database-scheduled-in-phase-1 hidden'],
  ],
  [
    'of scheduled work where it runs at once',
    [`work(app_context)  ${SCHEDULED}`],
    ['database-in-phase-1', 'unused-suppression 0'],
  ],
  [
    'on a call beside one that does the work',
    [`idle(app_context)  ${PHASE_1}`, `work(app_context)  ${PHASE_1}`],
    ['database-in-phase-1 hidden', 'unused-suppression 0'],
  ],
])('a suppression %s', async (_, body, expected) => {
  expect((await found(body)).toSorted()).toEqual(expected.toSorted())
})
