// Which of the known words somebody meant who wrote one with a slip: commands, options, keys, names that a framework looks up.
// A guess is only ever told to a person, never acted upon.

/** Longer words are not names. */
const LONGEST_WORD = 100

/** The candidate that was probably meant: at most two edits away, and nearer than half of the word. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (word.length > LONGEST_WORD) return null
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(plainKey(word), plainKey(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= 2 && best.distance * 2 < best.candidate.length ? best.candidate : null
}

function plainKey(text: string): string {
  return text.toLowerCase().replaceAll(/[_\s]/g, '-')
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
