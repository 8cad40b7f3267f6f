// Inputs as the runner passes them: every declared one is there, unset ones as an empty text, hyphens kept in the names.
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readInputs, tokenOf, type Inputs } from '../../src/action/inputs.ts'

const TOKEN = `ghs_${'Ab3.x_'.repeat(86)}`

function inputs(given: Readonly<Record<string, string>>): Inputs {
  const all = Object.entries({ 'github-token': TOKEN, 'check-run': 'PhaseGate', ...given })
  return readInputs(Object.fromEntries(all.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])))
}

const DEFAULTS: Inputs = {
  token: TOKEN,
  stage: 'review',
  config: null,
  profiles: [],
  failOn: null,
  onIncomplete: 'fail',
  comments: true,
  maxComments: 20,
  checkRun: 'PhaseGate',
  sarifFile: null,
  reportFile: null,
  cacheDirectory: null,
  baseline: null,
}

const NAMES = [
  'config',
  'profiles',
  'fail-on',
  'on-incomplete',
  'comments',
  'max-comments',
  'sarif-file',
  'report-file',
  'stage',
  'cache-directory',
  'baseline',
  'shard',
]

describe('readInputs', () => {
  test('nothing but a token', () => {
    expect(readInputs({ 'INPUT_GITHUB-TOKEN': TOKEN })).toEqual(DEFAULTS)
  })

  test.each([
    ['empty', ''],
    ['blank', '  '],
  ])('%s inputs are not given', (_, value) => {
    expect(inputs(Object.fromEntries(NAMES.map((name) => [name, value])))).toEqual(DEFAULTS)
  })

  test('everything given', () => {
    const given = {
      config: './ci/phasegate.yml',
      profiles: 'django, flask\nfastapi',
      'fail-on': ' warning ',
      'on-incomplete': 'warn',
      comments: 'False',
      'max-comments': '0',
      'check-run': ' Phase 1 ',
      'sarif-file': 'out/a.sarif',
      'report-file': '/w/out/report.json',
      stage: 'review',
      'cache-directory': '.cache/phasegate',
      baseline: 'phasegate-baseline.json',
    }
    expect(inputs(given)).toEqual({
      token: TOKEN,
      stage: 'review',
      config: 'ci/phasegate.yml',
      profiles: ['django', 'flask', 'fastapi'],
      failOn: 'warning',
      onIncomplete: 'warn',
      comments: false,
      maxComments: 0,
      checkRun: 'Phase 1',
      sarifFile: 'out/a.sarif',
      reportFile: '/w/out/report.json',
      cacheDirectory: '.cache/phasegate',
      baseline: 'phasegate-baseline.json',
    })
  })

  test.each([
    ['', null],
    [' ', null],
    ['Phase 1 gate', 'Phase 1 gate'],
    ['x'.repeat(100), 'x'.repeat(100)],
  ])('check-run %j is %j', (value, expected) => {
    expect(inputs({ 'check-run': value }).checkRun).toBe(expected)
  })

  test.each<[string, string, RegExp]>([
    ['github-token', '', /^input github-token: is empty/],
    ['github-token', '  ', /^input github-token: is empty/],
    ['github-token', 'ghs_a\nb', /^input github-token: contains a line break$/],
    ['github-token', 'ghs_a\n', /^input github-token: contains a line break$/],
    ['github-token', 'ghs_\u00e9', /^input github-token: contains characters that no token has$/],
    ['fail-on', 'Error', /^input fail-on: "Error" is not one of error, warning, note, never$/],
    ['fail-on', 'none', /^input fail-on/],
    ['on-incomplete', 'ignore', /^input on-incomplete: "ignore" is not one of fail, warn$/],
    ['comments', 'yes', /^input comments: "yes" is neither true nor false$/],
    ['comments', 'on', /^input comments/],
    ['comments', '1', /^input comments/],
    ['max-comments', '-1', /^input max-comments: "-1" is not a whole number from 0 to 1000$/],
    ['max-comments', '1e9', /^input max-comments/],
    ['max-comments', '2.5', /^input max-comments/],
    ['max-comments', 'abc', /^input max-comments/],
    ['max-comments', '1001', /^input max-comments/],
    ['max-comments', '99999999999', /^input max-comments/],
    ['check-run', 'x'.repeat(300), /^input check-run: is longer than 100 characters$/],
    ['check-run', 'a\nb', /^input check-run: contains a line break/],
    ['check-run', 'a\u2028b', /^input check-run: contains a line break/],
    ['stage', 'Review', /^input stage: "Review" is not one of review, collect, publish$/],
    ['shard', '1/4', /^input shard: is not available yet \(planned\)$/],
    ['config', '/etc/passwd', /^input config: "\/etc\/passwd" is not relative to the repository$/],
    ['config', '../other.yml', /^input config: .* is not a plain path inside the repository$/],
    ['config', 'a/../../b.yml', /^input config/],
    ['config', 'a//b.yml', /^input config/],
    ['config', 'a/', /^input config/],
    ['config', 'C:/x.yml', /^input config/],
    ['config', 'a\\b.yml', /^input config: .* contains a backslash/],
    ['config', 'a%2fb.yml', /^input config/],
    ['config', '~/x.yml', /^input config/],
    ['baseline', '..', /^input baseline/],
    ['baseline', 'a\u0000b', /^input baseline: contains a control character$/],
    ['report-file', 'a\nb', /^input report-file: contains a control character$/],
  ])('%s: %j is refused', (name, value, message) => {
    expect(() => inputs({ [name]: value })).toThrow(message)
    expect(() => inputs({ [name]: value })).toThrow(expect.objectContaining({ name: 'ConfigurationError' }))
  })

  test('the two stages hand a report over, and the first one writes no comments', () => {
    expect(inputs({ stage: 'collect' })).toEqual({
      ...DEFAULTS,
      stage: 'collect',
      comments: false,
      reportFile: 'phasegate-report.json',
    })
    expect(inputs({ stage: 'publish', 'report-file': 'in/report.json' })).toEqual({
      ...DEFAULTS,
      stage: 'publish',
      reportFile: 'in/report.json',
    })
  })

  test('no message contains the token', () => {
    const messages = ['ghs_secret\nx', 'ghs_secret\u00e9'].map((token) => {
      try {
        inputs({ 'github-token': token })
        return 'accepted'
      } catch (error) {
        return String(error)
      }
    })
    expect(messages.filter((message) => message.includes('secret') || message === 'accepted')).toEqual([])
  })

  test('the token alone', () => {
    expect([tokenOf({}), tokenOf({ 'INPUT_GITHUB-TOKEN': ' ' }), tokenOf({ 'INPUT_GITHUB-TOKEN': ' x ' })]).toEqual([
      null,
      null,
      'x',
    ])
  })
})

describe('action.yml', () => {
  const text = readFileSync(fileURLToPath(new URL('../../action.yml', import.meta.url)), 'utf8')

  test('declares every input that is read, and no other', () => {
    const block = text.slice(text.indexOf('\ninputs:'), text.indexOf('\noutputs:'))
    const declared = [...block.matchAll(/^ {2}([\w-]+):$/gm)].map(([, name]) => name)
    expect(new Set(declared)).toEqual(new Set([...NAMES, 'check-run', 'github-token']))
  })

  test('gives no default that would hide the configuration', () => {
    expect([...text.matchAll(/^ {4}default: (.*)$/gm)].map(([, value]) => value)).toEqual([
      '${{ github.token }}',
      'PhaseGate',
    ])
  })

  test('declares the outputs of the contract', () => {
    const block = text.slice(text.indexOf('\noutputs:'), text.indexOf('\nruns:'))
    const declared = [...block.matchAll(/^ {2}([\w-]+):$/gm)].map(([, name]) => name)
    expect(declared).toEqual([
      'verdict',
      'new-findings',
      'fixed-findings',
      'report-file',
      'sarif-file',
      'check-run-url',
      'summary',
    ])
  })
})
