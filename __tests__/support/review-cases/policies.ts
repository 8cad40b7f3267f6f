// Pull requests that change what they are judged by: suppressions, baselines, the configuration. Only what tightens holds at once.
import { moduleFiles, type ReviewCase } from './model.ts'

const API = 'modules/standard/shop/api.py'
const ENTRY = `${API}::initialize`

const CLEAN = 'def initialize(app_context):\n    return True\n'
const WORKS = 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n    return True\n'
const SUPPRESSED = WORKS.replace(
  'connect()\n',
  'connect()  # phasegate: ignore[database-in-phase-1] -- the pool is warmed here\n',
)
const NEW: ReviewCase['expect'] = {
  verdict: ['fail'],
  new: [{ entry: ENTRY, operations: [`${API}:2`], placement: [`${API}:2`] }],
}

const loosened = (id: string, title: string, files: Readonly<Record<string, string>>): ReviewCase => ({
  id,
  title,
  why: 'the pull request cannot loosen what it is judged by: its violation still fails',
  base: { ...moduleFiles('shop', { 'api.py': CLEAN }), 'phasegate.yml': 'fail-on: error\n' },
  change: { [API]: WORKS, ...files },
  expect: NEW,
})

export const POLICIES: readonly ReviewCase[] = [
  loosened('fail-on-loosened', 'A violation comes with fail-on: never', { 'phasegate.yml': 'fail-on: never\n' }),
  loosened('rule-loosened', 'A violation comes with its rule switched off', {
    'phasegate.yml': 'fail-on: error\nrules: { database-in-phase-1: off }\n',
  }),
  loosened('excluded', 'A violation comes with its file excluded', {
    'phasegate.yml': 'fail-on: error\nexclude: ["modules/standard/shop/**"]\n',
  }),
  loosened('allowed', 'A violation comes with its entry point allowed', {
    'phasegate.yml': `fail-on: error\nallow: [{ entry-point: "${ENTRY}", reason: "later" }]\n`,
  }),
  {
    id: 'suppressed-at-once',
    title: 'A violation comes with its suppression',
    why: 'a reason that reviewers can read is accepted, and listed as new',
    base: moduleFiles('shop', { 'api.py': CLEAN }),
    change: { [API]: SUPPRESSED },
    expect: { verdict: ['pass'] },
  },
  {
    id: 'suppression-removed',
    title: 'The suppression of an old violation is removed',
    why: 'what was accepted no longer is: it counts as new work, on its line',
    base: moduleFiles('shop', { 'api.py': SUPPRESSED }),
    change: { [API]: WORKS },
    expect: NEW,
  },
  {
    id: 'allowed-at-base',
    title: 'An allowed entry point gains more work',
    why: 'the base allows the entry point, whatever it does',
    base: {
      ...moduleFiles('shop', { 'api.py': CLEAN }),
      'phasegate.yml': `allow: [{ entry-point: "${ENTRY}", reason: "bootstraps" }]\n`,
    },
    change: { [API]: WORKS },
    expect: { verdict: ['pass'] },
  },
  {
    id: 'severity-raised-at-once',
    title: 'The rule is made stricter in the change that violates it',
    why: 'tightening holds at once',
    base: {
      ...moduleFiles('shop', { 'api.py': CLEAN }),
      'phasegate.yml': 'rules: { database-in-phase-1: warning }\n',
    },
    change: { [API]: WORKS, 'phasegate.yml': 'rules: { database-in-phase-1: error }\n' },
    expect: NEW,
  },
]
