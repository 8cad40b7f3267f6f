// Base against head: new, unchanged, updated, absent, moved. Both sides were analysed; nothing here looks at a diff.
// Must stay true: no head finding is dropped, and moved lines alone change no state.
import { normalisedText } from './fingerprint.ts'
import type { BaselineState, Finding, Operation, RawFinding, Severity } from './model.ts'

export interface CompareContext {
  /** head path → base path of files that git shows as renamed */
  readonly renames: ReadonlyMap<string, string>
  /** the base could not be read far enough to compare this finding */
  readonly incomparable: (finding: RawFinding) => boolean
}

const RANK: Readonly<Record<Severity, number>> = { note: 0, warning: 1, error: 2 }

/** Head findings with their state, then the base findings that are gone (with the base's coordinates). Without a base every state is null. */
export function compareFindings(head: readonly RawFinding[], base: readonly RawFinding[] | null, context: CompareContext): readonly Finding[] {
  if (base === null) return head.map((finding) => ({ ...finding, baselineState: null, movedFrom: null, newWork: false }))
  const byPrint = new Map<string, RawFinding>()
  for (const finding of base) byPrint.set(finding.fingerprint, finding)
  const matched = new Set<RawFinding>()
  const open: RawFinding[] = []
  const states = new Map<RawFinding, Finding>()
  for (const finding of head) {
    const old = byPrint.get(finding.fingerprint)
    if (old === undefined || matched.has(old)) open.push(finding)
    else {
      matched.add(old)
      states.set(finding, sameFinding(finding, old))
    }
  }
  for (const finding of open) {
    const rest = base.filter((old) => !matched.has(old))
    const partner = rest.find((old) => isPartner(finding, old, context))
    if (partner !== undefined) {
      matched.add(partner)
      states.set(finding, movedFinding(finding, partner))
    } else if (context.incomparable(finding)) states.set(finding, { ...finding, baselineState: null, movedFrom: null, newWork: false })
    else states.set(finding, newFinding(finding, rest))
  }
  const gone = base.filter((old) => !matched.has(old) && old.suppression === null)
  return [...head.flatMap((finding) => states.get(finding) ?? []), ...gone.map((old): Finding => ({ ...old, baselineState: 'absent', movedFrom: null, newWork: false }))]
}

function sameFinding(finding: RawFinding, old: RawFinding): Finding {
  const operations = markAdded(finding.operations, old.operations)
  const added = operations.some((o) => o.added === true)
  const raised = RANK[finding.severity] > RANK[old.severity] || (old.suppression !== null && finding.suppression === null)
  const changed = added || raised || !sameOperations(finding.operations, old.operations) || finding.severity !== old.severity || finding.confidence !== old.confidence || pathText(finding) !== pathText(old) || guardText(finding) !== guardText(old)
  const state: BaselineState = changed ? 'updated' : 'unchanged'
  return { ...finding, operations, baselineState: state, movedFrom: null, newWork: added || raised }
}

/** Work that moved: the same operations under another function, file or rule. Only a higher severity makes it new. */
function movedFinding(finding: RawFinding, partner: RawFinding): Finding {
  const raised = RANK[finding.severity] > RANK[partner.severity] || (partner.suppression !== null && finding.suppression === null)
  return { ...finding, operations: markAdded(finding.operations, partner.operations), baselineState: raised ? 'new' : 'updated', movedFrom: partner.fingerprint, newWork: raised }
}

function newFinding(finding: RawFinding, rest: readonly RawFinding[]): Finding {
  const operations = finding.operations.map((o) => ({ ...o, added: true }))
  const origin = finding.operations.length === 0 ? undefined : rest.find((old) => old.operations.length > 0 && texts(old.operations) === texts(finding.operations))
  const message = origin === undefined ? finding.message : `${finding.message} It was moved here from \`${origin.workFunction.split('::').at(-1) || origin.entryPoint}\`, not fixed.`
  return { ...finding, message, operations, baselineState: 'new', movedFrom: origin?.fingerprint ?? null, newWork: true }
}

/** An unmatched base finding with equal operations and the same entry point, or in a renamed file, or with an identical body. */
function isPartner(finding: RawFinding, old: RawFinding, context: CompareContext): boolean {
  if (finding.operations.length === 0 || !sameOperations(finding.operations, old.operations)) return false
  if (finding.entryPoint === old.entryPoint) return true
  const renamed = (path: string): string => context.renames.get(path) ?? path
  const entryFile = (id: string): string => id.split('::')[0] ?? id
  const sameEntry = `${renamed(entryFile(finding.entryPoint))}${finding.entryPoint.slice(entryFile(finding.entryPoint).length)}` === old.entryPoint
  if (sameEntry) return true
  const file = entryFile(finding.workFunction)
  if (context.renames.has(file) && renamed(file) === entryFile(old.workFunction)) return true
  return finding.bodyHash !== '' && finding.bodyHash === old.bodyHash && entryFile(finding.workFunction) !== entryFile(old.workFunction) && entryFile(finding.entryPoint).split('/').at(-1) === entryFile(old.entryPoint).split('/').at(-1) && context.renames.has(entryFile(finding.entryPoint))
}

const key = (o: Operation): string => `${o.symbol}\u0001${normalisedText(o.text)}`
const texts = (operations: readonly Operation[]): string => operations.map((o) => normalisedText(o.text)).toSorted().join('\u0001')

function sameOperations(a: readonly Operation[], b: readonly Operation[]): boolean {
  return a.length === b.length && a.map(key).toSorted().join('\0') === b.map(key).toSorted().join('\0')
}

/** Pairs of equal access path and text first, then of equal access path; only the surplus per access path is added. */
function markAdded(head: readonly Operation[], base: readonly Operation[]): Operation[] {
  const left = [...base]
  const take = (matches: (old: Operation) => boolean): boolean => {
    const index = left.findIndex(matches)
    if (index >= 0) left.splice(index, 1)
    return index >= 0
  }
  const paired = new Set<Operation>()
  for (const o of head) if (take((old) => key(old) === key(o))) paired.add(o)
  for (const o of head) if (!paired.has(o) && take((old) => old.symbol === o.symbol)) paired.add(o)
  return head.map((o) => ({ ...o, added: !paired.has(o) }))
}

/** The call path without places: another way to the same work is an update. */
function pathText(finding: RawFinding): string {
  return finding.trace.map((step) => `${step.kind}:${step.callee}`).join('>')
}

function guardText(finding: RawFinding): string {
  return finding.guards.map((guard) => normalisedText(guard.text)).join('&')
}
