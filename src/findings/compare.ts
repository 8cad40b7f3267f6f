// Base against head: which findings are new, old, changed, moved or gone. Everything hangs on fingerprints and operations, never on lines:
// moving code up or down must not change any state.
// Must stay true: what a change adds is never called old. Old is only what the base had with the same fingerprint, or what moved.
import { normalised } from './fingerprint.ts'
import { createLeftovers, isHigher } from './leftovers.ts'
import type { Leftovers } from './leftovers.ts'
import type { Finding, Operation, RawFinding, TraceStep } from './model.ts'
import { haveEqualTexts, marked, matchOperations } from './operations.ts'
import type { OperationMatch } from './operations.ts'
import { findPartners, isSuppressedInSource, renamedId, spokenFunction } from './partners.ts'
import type { Moves, Renames } from './partners.ts'

export interface ComparisonContext extends Moves {
  /** The base could not be read or parsed far enough to say whether this finding of the head was there. */
  readonly incomparable: (finding: RawFinding) => boolean
  /** The head could not be read or parsed far enough to say whether this finding of the base is gone. */
  readonly unseen: (finding: RawFinding) => boolean
}

/** Findings of the head in their order, then those that only the base has, with the base's coordinates: absent, or not comparable. Without a base nothing is compared. */
export function compareFindings(
  head: readonly RawFinding[],
  base: readonly RawFinding[] | null,
  context: ComparisonContext,
): readonly Finding[] {
  if (base === null) return head.map((finding) => uncompared(finding))
  const pairs = matchFingerprints(head, base)
  const paired = new Set(pairs.values())
  const [strangers, unmatched] = [head.filter((it) => !pairs.has(it)), base.filter((it) => !paired.has(it))]
  const partners = findPartners(strangers, unmatched, context)
  const grown = matchRenamed(strangers, unmatched, { partners, renames: context.renames })
  const moved = new Set([...partners.values(), ...grown.values()])
  const candidates = unmatched.filter((finding) => !moved.has(finding))

  for (const [finding, old] of grown) pairs.set(finding, old)
  const known = new Map([...pairs].map(([finding, old]) => [finding, matchKnown(finding, old)]))
  const removed = new Map(candidates.map((old) => [old, old.operations]))
  for (const [finding, old] of pairs) removed.set(old, known.get(finding)?.removed ?? [])
  const leftovers = createLeftovers(removed)
  const before = (finding: RawFinding): string => renamedId(finding.entryPoint, context.renames)
  const unknown = strangers.filter((it) => !partners.has(it) && !grown.has(it))
  const split = claimWhole(unknown, leftovers, before)
  const rest = claimAdded(known, leftovers, before)
  const mixed = claimParts(
    unknown.filter((it) => !split.has(it)),
    leftovers,
    before,
  )
  const gone = candidates.filter((finding) => !leftovers.isUsedUp(finding))

  const stateOf = (finding: RawFinding): Finding => {
    const [old, match] = [pairs.get(finding), known.get(finding)]
    if (old !== undefined && match !== undefined) return knownState(finding, old, { match, claimed: rest.get(finding) })
    const partner = partners.get(finding) ?? split.get(finding)
    return partner === undefined ? addedState(finding, gone, mixed.get(finding)) : relocatedState(finding, partner)
  }
  const states = head.map((finding): Finding => {
    const state = stateOf(finding)
    return state.newWork && context.incomparable(finding) ? uncompared(finding) : state
  })
  return [...states, ...gone.map((it) => (context.unseen(it) ? uncompared(it) : absentState(it)))]
}

/** Pairs with equal fingerprints. Where a fingerprint stands twice, equal operations are paired before others. */
function matchFingerprints(head: readonly RawFinding[], base: readonly RawFinding[]): Map<RawFinding, RawFinding> {
  const waiting = new Map<string, RawFinding[]>()
  for (const finding of base) {
    const known = waiting.get(finding.fingerprint)
    if (known === undefined) waiting.set(finding.fingerprint, [finding])
    else known.push(finding)
  }
  const pairs = new Map<RawFinding, RawFinding>()
  for (const onlyEqual of [true, false])
    for (const finding of head) {
      if (pairs.has(finding)) continue
      const candidates = waiting.get(finding.fingerprint) ?? []
      const at = candidates.findIndex((old) => !onlyEqual || matchOperations(finding.operations, old.operations).equal)
      const [old] = at < 0 ? [] : candidates.splice(at, 1)
      if (old !== undefined) pairs.set(finding, old)
    }
  return pairs
}

interface Renaming {
  readonly partners: ReadonlyMap<RawFinding, RawFinding>
  readonly renames: Renames
}

/** The same finding in a renamed file, with other operations than before: it is compared like any finding that was there. */
function matchRenamed(
  strangers: readonly RawFinding[],
  unmatched: readonly RawFinding[],
  { partners, renames }: Renaming,
): ReadonlyMap<RawFinding, RawFinding> {
  const taken = new Set(partners.values())
  const free = new Map(unmatched.filter((it) => !taken.has(it)).map((old) => [identityOf(old, (id) => id), old]))
  const found = new Map<RawFinding, RawFinding>()
  for (const finding of strangers) {
    const key = identityOf(finding, (id) => renamedId(id, renames))
    const isRenamed = key !== identityOf(finding, (id) => id)
    const old = isRenamed && !partners.has(finding) ? free.get(key) : undefined
    if (old === undefined) continue
    found.set(finding, old)
    free.delete(key)
  }
  return found
}

function identityOf({ rule, entryPoint, workFunction }: RawFinding, id: (text: string) => string): string {
  return JSON.stringify([rule, id(entryPoint), id(workFunction)])
}

/** A suppression in the source that was taken away brings its operations back: then nothing of the base counts. */
function matchKnown(finding: RawFinding, old: RawFinding): OperationMatch {
  return matchOperations(finding.operations, wasAccepted(finding, old) ? [] : old.operations)
}

function wasAccepted(finding: RawFinding, old: RawFinding): boolean {
  return isSuppressedInSource(old) && !isSuppressedInSource(finding)
}

/** New findings of which every operation left another function of the same entry point; with the finding where the first one stood. */
function claimWhole(
  findings: readonly RawFinding[],
  leftovers: Leftovers,
  entryBefore: (finding: RawFinding) => string,
): ReadonlyMap<RawFinding, RawFinding> {
  const split = new Map<RawFinding, RawFinding>()
  for (const finding of findings) {
    const { operations, severity } = finding
    const [origin = null] = leftovers.claim(entryBefore(finding), { operations, severity, whole: true })
    if (origin !== null) split.set(finding, origin)
  }
  return split
}

/** Of the added operations of known findings, those that left another function of the same entry point. */
function claimAdded(
  known: ReadonlyMap<RawFinding, OperationMatch>,
  leftovers: Leftovers,
  entryBefore: (finding: RawFinding) => string,
): ReadonlyMap<RawFinding, ReadonlySet<Operation>> {
  const claimed = new Map<RawFinding, ReadonlySet<Operation>>()
  for (const [finding, { operations }] of known) {
    const added = operations.filter((operation) => operation.added === true)
    if (added.length === 0) continue
    const wanted = { operations: added, severity: finding.severity, whole: false }
    const origins = leftovers.claim(entryBefore(finding), wanted)
    claimed.set(finding, new Set(added.filter((_, at) => origins[at] !== null)))
  }
  return claimed
}

/** For each operation of new findings whether it left another function of the same entry point. */
function claimParts(
  findings: readonly RawFinding[],
  leftovers: Leftovers,
  entryBefore: (finding: RawFinding) => string,
): ReadonlyMap<RawFinding, readonly boolean[]> {
  return new Map(
    findings.map((finding) => {
      const { operations, severity } = finding
      const origins = leftovers.claim(entryBefore(finding), { operations, severity, whole: false })
      return [finding, origins.map((origin) => origin !== null)]
    }),
  )
}

function uncompared(finding: RawFinding): Finding {
  const operations = marked(finding.operations, null)
  return { ...finding, operations, baselineState: null, movedFrom: null, newWork: false }
}

interface Known {
  readonly match: OperationMatch
  /** added here, but old work of the entry point */
  readonly claimed: ReadonlySet<Operation> | undefined
}

function knownState(finding: RawFinding, old: RawFinding, { match, claimed }: Known): Finding {
  const operations = match.operations.map((it) => (claimed?.has(it) === true ? { ...it, added: false } : it))
  const newWork =
    operations.some((it) => it.added === true) || wasAccepted(finding, old) || isHigher(finding.severity, old.severity)
  const same = match.equal && finding.severity === old.severity && areAlikeReached(finding, old)
  const movedFrom = finding.fingerprint === old.fingerprint ? null : old.fingerprint
  return { ...finding, operations, baselineState: same && !newWork ? 'unchanged' : 'updated', movedFrom, newWork }
}

/** The work of a finding that stood elsewhere in the base. */
function relocatedState(finding: RawFinding, origin: RawFinding): Finding {
  const newWork = isHigher(finding.severity, origin.severity)
  const operations = marked(finding.operations, false)
  const baselineState = newWork ? 'new' : 'updated'
  return { ...finding, operations, baselineState, movedFrom: origin.fingerprint, newWork }
}

/** New work. When the same texts were removed elsewhere, the message says so; that is never a reason to pass. `old`: for each operation whether it moved here. */
function addedState(finding: RawFinding, gone: readonly RawFinding[], old: readonly boolean[] = []): Finding {
  const origin = gone.find((it) => haveEqualTexts(finding.operations, it.operations)) ?? null
  const left = origin?.workFunction === finding.workFunction ? origin.entryPoint : origin?.workFunction
  const note = left === undefined ? '' : ` Moved here from ${spokenFunction(left)}, not fixed.`
  return {
    ...finding,
    message: `${finding.message}${note}`,
    operations: finding.operations.map((it, at) => ({ ...it, added: old[at] !== true })),
    baselineState: 'new',
    movedFrom: origin?.fingerprint ?? null,
    newWork: true,
  }
}

function absentState(finding: RawFinding): Finding {
  const operations = marked(finding.operations, false)
  return { ...finding, operations, baselineState: 'absent', movedFrom: null, newWork: false }
}

/** Whether the work is reached in the same way, positions aside: call path, guards, confidence, phase, suppression. */
function areAlikeReached(a: RawFinding, b: RawFinding): boolean {
  return (
    a.confidence === b.confidence &&
    a.phase === b.phase &&
    a.suppression?.kind === b.suppression?.kind &&
    areAlike(a.guards, b.guards, isSameText) &&
    areAlike(a.trace, b.trace, isSameStep)
  )
}

function isSameStep(a: TraceStep, b: TraceStep): boolean {
  return (
    a.file === b.file && a.function === b.function && a.kind === b.kind && a.callee === b.callee && isSameText(a, b)
  )
}

function isSameText(a: { readonly text: string }, b: { readonly text: string }): boolean {
  return a.text === b.text || normalised(a.text) === normalised(b.text)
}

function areAlike<T>(a: readonly T[], b: readonly T[], same: (one: T, other: T) => boolean): boolean {
  return a.length === b.length && a.every((one, at) => same(one, b[at] as T))
}
