// One project for each profile, as its users write them: real trees below fixtures/, where `# finding: RULE` stands on every line that must be told
// and `# ok` on lines that look like work and are none. A missing and an extra finding fail; what a phasegate.yml of the tree says counts.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { PROFILES } from '../../src/profiles/index.ts'
import { reviewFiles } from '../support/review-files.ts'

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url))
const MARK = / +# finding: ([\w-]+(?:, [\w-]+)*)$/

function treeOf(profile: string): Readonly<Record<string, string>> {
  const folder = join(FIXTURES, profile)
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]
    }),
  )
}

/** `FILE:LINE RULE` of each mark. */
const marksOf = (files: Readonly<Record<string, string>>): string[] =>
  Object.entries(files).flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const rules = MARK.exec(line)?.[1]?.split(', ') ?? []
      return rules.map((rule) => `${file}:${index + 1} ${rule}`)
    }),
  )

test.each(PROFILES.map(({ id }) => [id]))('the project of %s', async (profile) => {
  const { 'phasegate.yml': configuration, ...files } = treeOf(profile)
  const { findings, incomplete, notFollowed, profiles } = await reviewFiles(files, null, configuration)
  const told = findings
    .filter(({ severity }) => severity !== 'note')
    .flatMap(({ rule, operations, location }) => {
      const places = operations.length > 0 ? operations : [location]
      return places.map(({ file, line }) => `${file}:${line} ${rule}`)
    })
  expect([...new Set(told)].toSorted()).toEqual(marksOf(files).toSorted())
  expect(findings.filter(({ confidence }) => confidence === 'low')).toEqual([])
  expect({ incomplete, notFollowed, profiles }).toEqual({ incomplete: [], notFollowed: [], profiles: [profile] })
})
