// What a review says about each fingerprint, for comments that were written earlier: is it still new, only unknown this time, or gone?
// Must stay true: what could not be analysed is never taken for fixed.
import type { PlacedFinding, Review } from '../findings/model.ts'
import { sortFindings } from '../report/totals.ts'
import { entryHash, markOf } from './digest.ts'
import type { MarkedFinding } from './marker.ts'

/** `keep`: nothing may be concluded, the comment stays as it is. */
export type Standing = 'new' | 'keep' | 'suppressed' | 'gone'

export interface Fact {
  readonly finding: PlacedFinding
  readonly mark: MarkedFinding
  readonly standing: Exclude<Standing, 'gone'> | 'old'
}

export interface Facts {
  readonly all: readonly Fact[]
  readonly get: (fingerprint: string) => Fact | null
  readonly standing: (mark: MarkedFinding) => Standing
}

export function factsOf(review: Review): Facts {
  const { fresh, old, suppressed, notComparable } = sortFindings(review)
  const all = [
    ...asFacts(fresh, 'new'),
    ...asFacts(notComparable, 'keep'),
    ...asFacts(suppressed, 'suppressed'),
    ...asFacts(old, 'old'),
  ]
  const byFingerprint = new Map(all.toReversed().map((fact) => [fact.mark.fingerprint, fact]))
  const unknownEntry = incompleteEntries(review)
  const movedFrom = new Set(all.map(({ finding }) => finding.movedFrom))
  return {
    all,
    get: (fingerprint) => byFingerprint.get(fingerprint) ?? null,
    standing: ({ fingerprint, entry }) => {
      const fact = byFingerprint.get(fingerprint)
      // work that the base has as well is no longer this pull request's: the same as gone
      if (fact !== undefined) return fact.standing === 'old' ? 'gone' : fact.standing
      return movedFrom.has(fingerprint) || unknownEntry(entry) ? 'keep' : 'gone'
    },
  }
}

function asFacts(findings: readonly PlacedFinding[], standing: Fact['standing']): Fact[] {
  return findings.map((finding) => ({ finding, standing, mark: markOf(finding) }))
}

/** Entry points about which this review knows nothing. Incompleteness that names none may concern all of them. */
function incompleteEntries(review: Review): (entry: string) => boolean {
  const everywhere = review.incomplete.some(({ decides, entryPoints }) => decides && entryPoints.length === 0)
  const named = review.incomplete.flatMap(({ entryPoints }) => entryPoints)
  const states = review.entryPoints.filter(({ state }) => state === 'incomplete').map(({ id }) => id)
  const hashes = new Set([...named, ...states].map(entryHash))
  return (entry) => everywhere || hashes.has(entry)
}

/** Said inline or in a review at all; the rest stands in reports and in the summary. */
export function isSayable({ finding, standing }: Fact): boolean {
  return standing === 'new' && finding.severity !== 'note' && finding.confidence !== 'low'
}
