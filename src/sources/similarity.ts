// Which removed file became which added file, where no host tells us: equal content first, then at least half of the lines in common,
// as `git diff -M` does. Used for working trees and plain directories; between commits git itself is asked.
// Must stay true: the answer depends on contents and paths only, never on the order in which files were listed.
import { basename } from 'node:path/posix'

export interface NamedText {
  readonly path: string
  readonly id: string
  /** one character per byte, so that nothing is lost and lines end at LF */
  readonly text: string
}

/** Git's default threshold for a rename (git-diff, `-M`): half of the content. */
export const RENAME_SIMILARITY = 0.5
/** Above this many pairs only files with equal content are renames; git has such a limit too (git-config, `diff.renameLimit`). */
const PAIR_LIMIT = 40_000

/** Added path → removed path. Every path is used at most once. */
export function renamesBetween(
  removed: readonly NamedText[],
  added: readonly NamedText[],
): ReadonlyMap<string, string> {
  const renames = new Map<string, string>()
  const taken = new Set<string>()
  const pair = (to: NamedText, from: NamedText): void => {
    renames.set(to.path, from.path)
    taken.add(from.path)
  }
  const byId = new Map<string, NamedText[]>()
  for (const from of removed) byId.set(from.id, [...(byId.get(from.id) ?? []), from])
  for (const to of added.toSorted(byName)) {
    const same = (byId.get(to.id) ?? []).filter((from) => from.text !== '' && !taken.has(from.path))
    const best = same.toSorted((a, b) => sameName(b, to) - sameName(a, to) || byName(a, b))[0]
    if (best !== undefined) pair(to, best)
  }
  const open = { from: removed.filter((it) => !taken.has(it.path)), to: added.filter((it) => !renames.has(it.path)) }
  if (open.from.length * open.to.length > PAIR_LIMIT) return renames
  for (const { from, to } of similarPairs(open.from, open.to))
    if (!taken.has(from.path) && !renames.has(to.path)) pair(to, from)
  return renames
}

interface Pair {
  readonly from: NamedText
  readonly to: NamedText
  readonly score: number
}

/** Pairs above the threshold, the most similar first; among equals the one that keeps its name. */
function similarPairs(removed: readonly NamedText[], added: readonly NamedText[]): readonly Pair[] {
  const counts = new Map(removed.map((from) => [from.path, lineCounts(from.text)]))
  const pairs = added.flatMap((to) => {
    const lines = lineCounts(to.text)
    return removed.flatMap((from): Pair[] => {
      // the score cannot exceed the ratio of the sizes
      if (Math.min(from.text.length, to.text.length) < RENAME_SIMILARITY * Math.max(from.text.length, to.text.length))
        return []
      const score = similarity(counts.get(from.path) ?? new Map(), lines, Math.max(from.text.length, to.text.length))
      return score >= RENAME_SIMILARITY ? [{ from, to, score }] : []
    })
  })
  return pairs.toSorted(
    (a, b) =>
      b.score - a.score ||
      sameName(b.from, b.to) - sameName(a.from, a.to) ||
      byName(a.to, b.to) ||
      byName(a.from, b.from),
  )
}

/** The share of the larger file that stands in both, in bytes of whole lines, as git weighs it (`diffcore_count_changes`). */
function similarity(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>, larger: number): number {
  if (larger === 0) return 0
  const [small, big] = a.size <= b.size ? [a, b] : [b, a]
  let common = 0
  for (const [line, count] of small) common += Math.min(count, big.get(line) ?? 0) * line.length
  return common / larger
}

function lineCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const line of text.split(/(?<=\n)/)) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

function sameName(a: NamedText, b: NamedText): number {
  return basename(a.path) === basename(b.path) ? 1 : 0
}

function byName(a: NamedText, b: NamedText): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}
