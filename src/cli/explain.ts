// `phasegate rules` and `phasegate explain RULE`: what each rule claims, why it matters, how it is fixed.
// The texts are those of the reports.
import { ConfigurationError } from '../config/model.ts'
import type { RuleId } from '../findings/model.ts'
import { wrapped } from '../report/text-finding.ts'
import { meant } from './arguments.ts'
import { RULES } from '../rules/metadata.ts'

/** Characters of a line: readable in any terminal, the same everywhere. */
const WIDTH = 100

/** All rules with their severities, a line each that fits into 80 cells; `explain` says what they claim. */
export function rulesText(): string {
  const width = Math.max(...Object.keys(RULES).map((id) => id.length))
  return Object.values(RULES)
    .map((rule) => `${rule.id.padEnd(width)}  ${rule.defaultSeverity.padEnd(7)}  ${rule.title}`)
    .join('\n')
}

export function explainText(id: string): string {
  if (!Object.hasOwn(RULES, id))
    throw new ConfigurationError(
      `${id}: no such rule; ${meant(id, Object.keys(RULES)) ?? '`phasegate rules` lists them'}`,
    )
  const rule = RULES[id as RuleId]
  return [
    `${rule.id} (${rule.defaultSeverity}): ${rule.title}`,
    '',
    ...wrapped(rule.claim, WIDTH, ''),
    '',
    ...wrapped(`Why: ${rule.why}`, WIDTH, ''),
    '',
    ...wrapped(`Fix: ${rule.fix}`, WIDTH, ''),
    '',
    `Suppress: # phasegate: ignore[${rule.id}] -- reason`,
    '',
    `More: ${rule.docs}`,
  ].join('\n')
}
