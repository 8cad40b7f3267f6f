// Every Python sample of a profile's page is analysed: what it is marked with is found, and nothing else. A page's YAML block that begins with
// `# phasegate.yml` is the configuration of its samples.
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { reviewFiles, type Files } from '../support/review-files.ts'

const PAGES = new URL('../../docs/profiles/', import.meta.url)
const MARK = /^# (?:finding: ([\w-]+(?:, [\w-]+)*)|ok)\n/

function filesOf(sample: string): Files {
  const [, ...parts] = sample.split(/^# file: (.+)\n/m)
  return Object.fromEntries(parts.flatMap((path, at) => (at % 2 === 0 ? [[path, parts[at + 1] ?? '']] : [])))
}

const samples = readdirSync(PAGES)
  .filter((name) => name.endsWith('.md'))
  .toSorted()
  .flatMap((name) => {
    const text = readFileSync(new URL(name, PAGES), 'utf8')
    const configuration = /^```yaml\n(# phasegate\.yml.*?)^```$/ms.exec(text)?.[1]
    return [...text.matchAll(/^```python\n(.*?)^```$/gms)].map(({ 1: sample = '', index }) => {
      const marks = MARK.exec(sample)
      const line = text.slice(0, index).split('\n').length
      return [name.replace(/\.md$/, ''), line, marks?.[1] ?? 'ok', marks, sample, configuration] as const
    })
  })

test.each(samples)('%s.md:%i is a sample of %s', async (page, _line, mark, marks, sample, configuration) => {
  expect(marks).not.toBeNull()
  const { findings, notFollowed, incomplete, profiles } = await reviewFiles(filesOf(sample), null, configuration)
  expect(incomplete).toEqual([])
  expect(profiles).toEqual([page])
  const found = findings.filter(({ suppression }) => suppression === null).map(({ rule }) => rule)
  const rules = [...new Set([...found, ...(notFollowed.length > 0 ? ['not-followed'] : [])])].toSorted()
  expect(rules).toEqual(mark === 'ok' ? [] : mark.split(', ').toSorted())
})
