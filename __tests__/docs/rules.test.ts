// Every Python sample of a rule's page is analysed: what it is marked with is found, and nothing else. A sample is `# finding: RULE` or
// `# ok` in its first line, in sections that begin with `# file: PATH`; the fragments that show how to suppress have to suppress that rule.
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { reviewFiles, type Files } from '../support/review-files.ts'

const PAGES = new URL('../../docs/rules/', import.meta.url)

interface Page {
  readonly rule: string
  readonly samples: readonly string[]
}

const pages = readdirSync(PAGES)
  .filter((name) => name.endsWith('.md'))
  .toSorted()
  .map((name): Page => {
    const text = readFileSync(new URL(name, PAGES), 'utf8')
    const samples = [...text.matchAll(/^```python\n(.*?)^```$/gms)].map((match) => match[1] ?? '')
    return { rule: name.replace(/\.md$/, ''), samples }
  })

const MARK = /^# (?:finding: ([\w-]+(?:, [\w-]+)*)|ok)\n/

/** The rules that a sample is marked with; null for a fragment without a mark. */
function marksOf(sample: string): readonly string[] | null {
  const mark = MARK.exec(sample)
  return mark === null ? null : (mark[1]?.split(', ') ?? [])
}

function filesOf(sample: string): Files {
  const [, ...parts] = sample.split(/^# file: (.+)\n/m)
  return Object.fromEntries(parts.flatMap((path, at) => (at % 2 === 0 ? [[path, parts[at + 1] ?? '']] : [])))
}

async function rulesIn(sample: string): Promise<string[]> {
  const { findings, notFollowed, incomplete } = await reviewFiles(filesOf(sample))
  expect(incomplete).toEqual([])
  const found = findings.filter(({ suppression }) => suppression === null).map(({ rule }) => rule)
  return [...new Set([...found, ...(notFollowed.length > 0 ? ['not-followed'] : [])])].toSorted()
}

const marked = pages.flatMap(({ rule, samples }) =>
  samples.flatMap((sample) => {
    const rules = marksOf(sample)
    return rules === null ? [] : [[rule, rules.join(', ') || 'ok', rules, sample] as const]
  }),
)
test.each(marked)('the sample of %s that is marked %s', async (_page, _mark, rules, sample) => {
  expect(await rulesIn(sample)).toEqual(rules.toSorted())
})

const fragments = pages.flatMap(({ rule, samples }) =>
  samples.filter((sample) => marksOf(sample) === null).map((sample) => [rule, sample] as const),
)
test.each(fragments)('the fragment of %s gives a reason to suppress that rule', (rule, fragment) => {
  expect(fragment).toMatch(new RegExp(`# phasegate: ignore\\[${rule}\\] -- \\w`))
})
