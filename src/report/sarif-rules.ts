// The rules as SARIF 2.1.0 describes them (section 3.49): texts from the rules' own metadata, ids and order stable.
import type { ReportingDescriptor } from 'sarif'
import type { RuleId, Severity } from '../findings/model.ts'
import { RULES } from '../rules/metadata.ts'

export const RULE_ORDER: readonly RuleId[] = Object.values(RULES).map((rule) => rule.id)

export function sarifRules(): ReportingDescriptor[] {
  return Object.values(RULES).map((rule) => ({
    id: rule.id,
    name: pascalCase(rule.id),
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.claim },
    help: {
      text: `${rule.claim}\n\n${rule.why}\n\nFix: ${rule.fix}`,
      markdown: `${rule.claim}\n\n**Why it matters.** ${rule.why}\n\n**Fix.** ${rule.fix}`,
    },
    defaultConfiguration: { level: rule.defaultSeverity },
    properties: {
      tags: ['database', 'startup', 'python'],
      'problem.severity': PROBLEM[rule.defaultSeverity],
      docs: rule.docs,
    },
  }))
}

/** The words of code scanning's `problem.severity`. */
const PROBLEM: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'recommendation' }

function pascalCase(id: string): string {
  return id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
