// A finding told without markup: annotations of jobs and check runs, which show plain text. Same sentences as everywhere.
// Invisible characters are escaped; escaping for workflow commands is the printer's business.
import type { PlacedFinding } from '../findings/model.ts'
import { shortSha } from './context.ts'
import { toPlain } from './phrase.ts'
import { causeOf, confidenceOf, guardsOf, otherOperations, pathOf, titleOf, fixOf, whatRuns } from './story.ts'
import { quoted } from './redact.ts'
import { shorten, visible } from './visible.ts'
import { ruleOf } from './words.ts'

/** Title of a check-run annotation: 255 characters (REST, "Create a check run"). */
const LONGEST_TITLE = 255
const LISTED_STEPS = 30

export function plainTitle(finding: PlacedFinding): string {
  return shorten(`${ruleOf(finding).title} (${finding.rule})`, LONGEST_TITLE)
}

/** Several lines, at most `units` UTF-16 units. */
export function plainBody(finding: PlacedFinding, baseSha: string | null, units: number): string {
  const claim =
    finding.operations.length === 0
      ? visible(finding.message)
      : `${toPlain(titleOf(finding))}. ${toPlain(whatRuns(finding))}`
  const extras = [
    causeOf(finding, baseSha === null ? null : shortSha(baseSha)),
    guardsOf(finding),
    confidenceOf(finding),
  ]
  const [cause, guards, confidence] = extras.map((phrase) => (phrase === null ? '' : toPlain(phrase)))
  const parts = [claim, cause, steps(finding), others(finding), guards, confidence, `Fix: ${visible(fixOf(finding))}`]
  return shorten(parts.filter((part) => part !== undefined && part !== '').join('\n'), units)
}

function steps(finding: PlacedFinding): string {
  const path = pathOf(finding)
  const shown = path
    .slice(0, LISTED_STEPS)
    .map((s, i) => `${i + 1}. ${visible(s.file)}:${s.line} ${toPlain(s.sentence)}: ${visible(s.source)}`)
  return [...shown, ...(path.length > LISTED_STEPS ? [`… ${path.length - LISTED_STEPS} more steps`] : [])].join('\n')
}

function others(finding: PlacedFinding): string {
  const rest = otherOperations(finding)
  if (rest.length === 0) return ''
  const shown = rest.slice(0, 5).map((o) => `${visible(quoted(o.text))} (line ${o.line})`)
  return `Also: ${shown.join(', ')}${rest.length > 5 ? ` and ${rest.length - 5} more` : ''}`
}
