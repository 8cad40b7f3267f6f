// Profiles named by `--profile` or the input `profiles`: what they replace, what they keep, and the sentences for wrong ones.
import { expect, test } from '@jest/globals'
import { defaultConfig, loadConfig } from '../../src/config/load.ts'
import { withProfiles } from '../../src/config/profiles.ts'

const WITH_ENTRY = loadConfig('profiles: [django]\nentry-points:\n  - { files: "plugins/*.py" }\n', 'phasegate.yml')

test('named profiles take the place of the configured ones, once each, and end detection', () => {
  expect(withProfiles(WITH_ENTRY, ['flask', 'celery', 'flask'], '--profile')).toEqual({
    ...WITH_ENTRY,
    profiles: ['flask', 'celery'],
    detect: false,
  })
})

test('without a name nothing changes', () => {
  expect(withProfiles(WITH_ENTRY, [], '--profile')).toBe(WITH_ENTRY)
})

test('plain uses the entry points of the configuration', () => {
  expect(withProfiles(WITH_ENTRY, ['plain'], '--profile').profiles).toEqual(['plain'])
  expect(() => withProfiles(defaultConfig(), ['plain'], 'input profiles')).toThrow(
    'input profiles: the profile plain needs entry-points in the configuration',
  )
})

test('an unknown one is named with those that are known', () => {
  expect(() => withProfiles(defaultConfig(), ['django', 'rails'], '--profile')).toThrow(
    '--profile: "rails" is not a profile; known are modular-python-framework, django, flask, fastapi, celery, plain',
  )
})
