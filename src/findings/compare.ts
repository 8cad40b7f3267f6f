// Base against head: which findings are new, old, changed, moved or gone. Everything hangs on fingerprints and operations, never on lines:
// moving code up or down must not change any state.
// Must stay true: what a change adds is never called old. Old is only what the base had with the same fingerprint, or what moved.
import type { Finding, RawFinding, Severity } from './model.ts'
import { haveEqualTexts, marked, matchOperations } from './operations.ts'
import { findPartners, isSuppressedInSource } from './partners.ts'
import type { Renames } from './partners.ts'

export interface ComparisonContext {
  readonly renames: Renames
  /** The base could not be read or parsed far enough to say whether this finding of the head was there. */
  readonly incomparable: (finding: RawFinding) => boolean
}

/** Findings of the head in their order, then those that only the base has, with the base's coordinates. Without a base nothing is compared. */
export function compareFindings(
  head: readonly RawFinding[],
  base: readonly RawFinding[] | null,
  context: ComparisonContext,
): readonly Finding[] {
  if (base === null) return head.map((finding) => uncompared(finding))
  const same = matchFingerprints(head, base)
  const paired = new Set(same.values())
  const unmatched = base.filter((finding) => !paired.has(finding))
  const partners = findPartners(
    head.filter((finding) => !same.has(finding)),
    unmatched,
    context.renames,
  )
  const moved = new Set(partners.values())
  const gone = unmatched.filter((finding) => !moved.has(finding))
  const states = head.map((finding): Finding => {
    const old = same.get(finding)
    const partner = partners.get(finding)
    const state =
      old !== undefined
        ? known(finding, old)
        : partner !== undefined
          ? relocated(finding, partner)
          : added(finding, gone)
    return state.newWork && context.incomparable(finding) ? uncompared(finding) : state
  })
  return [...states, ...gone.map((finding) => absent(finding))]
}

/** Pairs with equal fingerprints. Where a fingerprint stands twice, equal operations are paired before others. */
function matchFingerprints(
  head: readonly RawFinding[],
  base: readonly RawFinding[],
): ReadonlyMap<RawFinding, RawFinding> {
  const waiting = new Map<string, RawFinding[]>()
  for (const finding of base) waiting.set(finding.fingerprint, [...(waiting.get(finding.fingerprint) ?? []), finding])
  const pairs = new Map<RawFinding, RawFinding>()
  for (const onlyEqual of [true, false])
    for (const finding of head) {
      const candidates = waiting.get(finding.fingerprint) ?? []
      const at = candidates.findIndex((old) => !onlyEqual || matchOperations(finding.operations, old.operations).equal)
      const old = candidates[at]
      if (old === undefined || pairs.has(finding)) continue
      pairs.set(finding, old)
      candidates.splice(at, 1)
    }
  return pairs
}

function uncompared(finding: RawFinding): Finding {
  const operations = marked(finding.operations, null)
  return { ...finding, operations, baselineState: null, movedFrom: null, newWork: false }
}

/** The same fingerprint in the base. A suppression that was taken away brings its operations back: they are added. */
function known(finding: RawFinding, old: RawFinding): Finding {
  const wasAccepted = isSuppressedInSource(old) && !isSuppressedInSource(finding)
  const { operations, equal, anyAdded } = matchOperations(finding.operations, wasAccepted ? [] : old.operations)
  const newWork = anyAdded || wasAccepted || isHigher(finding.severity, old.severity)
  const unchanged =
    equal && !newWork && finding.severity === old.severity && circumstances(finding) === circumstances(old)
  return { ...finding, operations, baselineState: unchanged ? 'unchanged' : 'updated', movedFrom: null, newWork }
}

/** The work of a finding that stood elsewhere in the base. */
function relocated(finding: RawFinding, partner: RawFinding): Finding {
  const newWork = isHigher(finding.severity, partner.severity)
  const operations = marked(finding.operations, false)
  const baselineState = newWork ? 'new' : 'updated'
  return { ...finding, operations, baselineState, movedFrom: partner.fingerprint, newWork }
}

/** New work. When the same texts were removed elsewhere, the message says so; that is never a reason to pass. */
function added(finding: RawFinding, gone: readonly RawFinding[]): Finding {
  const origin = gone.find((old) => haveEqualTexts(finding.operations, old.operations)) ?? null
  const note = origin === null ? '' : ` Moved here from ${origin.workFunction}, not fixed.`
  return {
    ...finding,
    message: `${finding.message}${note}`,
    operations: marked(finding.operations, true),
    baselineState: 'new',
    movedFrom: origin?.fingerprint ?? null,
    newWork: true,
  }
}

function absent(finding: RawFinding): Finding {
  const operations = marked(finding.operations, false)
  return { ...finding, operations, baselineState: 'absent', movedFrom: null, newWork: false }
}

const RANK: Readonly<Record<Severity, number>> = { note: 0, warning: 1, error: 2 }

function isHigher(severity: Severity, than: Severity): boolean {
  return RANK[severity] > RANK[than]
}

/** How the work is reached, without positions: call path, guards, confidence, phase. */
function circumstances({ trace, guards, confidence, phase, suppression }: RawFinding): string {
  return JSON.stringify([
    trace.map((step) => [step.file, step.function, step.kind, step.callee, step.text]),
    guards.map((guard) => guard.text),
    confidence,
    phase,
    suppression?.kind ?? null,
  ])
}
