// The rules' texts and pages: complete, in step with each other, and in the form in which their samples can be run.
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { RULES, type RuleMetadata } from '../../src/rules/metadata.ts'

const rules = Object.values(RULES)

function page(rule: RuleMetadata): string {
  return readFileSync(new URL(`../../${rule.docs}`, import.meta.url), 'utf8')
}

/** The first line of every Python sample that is a whole module layout. */
function samples(text: string): string[] {
  return [...text.matchAll(/^```python\n([^\n]*)\n# file: [\w/]+\.py\n[^]*?^```$/gm)].map((m) => m[1] ?? '')
}

function sentences(text: string): number {
  return text.match(/[.](?:\s|$)/g)?.length ?? 0
}

test('eleven rules, each under its own id', () => {
  expect(rules).toHaveLength(11)
  for (const [id, rule] of Object.entries(RULES)) expect(rule.id).toBe(id)
})

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('one claim, two or three sentences why, a repair', () => {
    expect(sentences(rule.claim)).toBe(1)
    expect([2, 3]).toContain(sentences(rule.why))
    expect(rule.fix).toMatch(/^[A-Z].*\.$/)
  })

  test('its page has the title, the severity, a bad and a good sample', () => {
    const text = page(rule)
    expect(text.startsWith(`# ${rule.title}\n\n\`${id}\`, ${rule.defaultSeverity} by default\n\n`)).toBe(true)
    expect(samples(text)).toEqual([expect.stringMatching(new RegExp(`^# finding: ${id}(?:, |$)`)), '# ok'])
    expect(text.match(/^## .*$/gm)).toEqual(
      expect.arrayContaining(['## Why it matters', '## How to fix', '## How to suppress']),
    )
  })
})
