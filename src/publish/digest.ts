// What a marker remembers of a finding: its severity and one short hash per operation, without lines. So a later run can tell work that
// was added from work that was only removed or moved.
import { createHash } from 'node:crypto'
import type { PlacedFinding, Severity } from '../findings/model.ts'
import type { MarkedFinding } from './marker.ts'

/** Hex digits of one operation's hash: 32 bits, compared inside one finding only. */
const OPERATION_DIGITS = 8
/** Operations that are told apart; those beyond are hashed together. Keeps a marker of 30 findings below 5,000 characters. */
const OPERATIONS = 12
const ENTRY_DIGITS = 12

const RANKS: Readonly<Record<Severity, string>> = { note: '0', warning: '1', error: '2' }

export function markOf(finding: PlacedFinding): MarkedFinding {
  return { fingerprint: finding.fingerprint, digest: digestOf(finding), entry: entryHash(finding.entryPoint) }
}

export function entryHash(entryPoint: string): string {
  return hash(entryPoint, ENTRY_DIGITS)
}

function digestOf(finding: PlacedFinding): string {
  const all = finding.operations
    .map(({ symbol, kind, text }) => hash(JSON.stringify([symbol, kind, text]), OPERATION_DIGITS))
    .toSorted()
  const rest = all.slice(OPERATIONS)
  return (
    RANKS[finding.severity] +
    all.slice(0, OPERATIONS).join('') +
    (rest.length > 0 ? hash(rest.join(''), OPERATION_DIGITS) : '')
  )
}

/** Whether `now` has an operation that `before` lacks, or a higher severity. A digest of a foreign form counts as different. */
export function addsWork(before: string, now: string): boolean {
  const [old, current] = [before.slice(1), now.slice(1)].map(
    (text) => text.match(new RegExp(`.{${OPERATION_DIGITS}}`, 'g')) ?? [],
  )
  if (before.charAt(0) < now.charAt(0)) return true
  const left = [...(old ?? [])]
  return (current ?? []).some((operation) => {
    const at = left.indexOf(operation)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

function hash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits)
}
