// The review as it may be shown: secrets masked in every text that quotes source. Each renderer starts here, so no channel can forget it.
// Paths, symbols, fingerprints and positions stay as they are: they are looked up, not only read.
import type { PlacedFinding, Review, Suggestion } from '../findings/model.ts'
import { literalsOf, maskSecrets } from './secrets.ts'
import { shorten } from './visible.ts'

export function redactFinding(finding: PlacedFinding): PlacedFinding {
  return masked(finding, maskSecrets)
}

export function redact(review: Review): Review {
  const mask = onceEach(maskSecrets)
  return {
    ...review,
    findings: review.findings.map((finding) => masked(finding, mask)),
    notFollowed: review.notFollowed.map((n) => ({ ...n, text: mask(n.text) })),
    incomplete: review.incomplete.map((i) => ({ ...i, message: mask(i.message) })),
    suppressionsAdded: review.suppressionsAdded.map((s) => ({ ...s, reason: mask(s.reason) })),
    notices: review.notices.map(mask),
  }
}

function masked(finding: PlacedFinding, mask: (text: string) => string): PlacedFinding {
  const { suppression } = finding
  return {
    ...finding,
    message: mask(finding.message),
    advice: mask(finding.advice),
    operations: finding.operations.map((o) => ({ ...o, text: mask(o.text) })),
    trace: finding.trace.map((s) => ({ ...s, text: mask(s.text) })),
    guards: finding.guards.map((g) => ({ ...g, text: mask(g.text) })),
    suppression: suppression === null ? null : { ...suppression, reason: mask(suppression.reason) },
    suggestion: showable(finding.suggestion),
  }
}

/** Findings of one review say the same things again and again; each text is looked at once. */
function onceEach(mask: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const shown = known.get(text) ?? mask(text)
    known.set(text, shown)
    return shown
  }
}

/** An edit cannot be masked (it would write the mask into the file), so one that holds a secret is not shown at all. */
function showable(suggestion: Suggestion | null): Suggestion | null {
  if (suggestion === null) return null
  const secretFree = `${suggestion.patch}\n${suggestion.replacement}`
    .split('\n')
    .every((line) => maskSecrets(line) === line)
  return secretFree ? suggestion : null
}

/** Literals in posted text keep this many units of their content; the rest of a long one adds nothing to a finding. */
const POSTED_LITERAL = 60
/** One quoted expression in posted text. */
const POSTED_QUOTE = 160

/** Source for posted text: one line, long literals and long expressions shortened. Expects text that is masked already. */
export function quoted(source: string): string {
  const line = source.replace(/\s+/g, ' ').trim()
  let shown = ''
  let from = 0
  for (const { start, end } of literalsOf(line)) {
    shown += line.slice(from, start) + shorten(line.slice(start, end), POSTED_LITERAL)
    from = end
  }
  return shorten(shown + line.slice(from), POSTED_QUOTE)
}
