// Randomness with a seed: the same seed gives the same programs on every machine. Nothing else in the oracle may draw numbers.

export interface Random {
  /** below 1 */
  next(): number
  /** a whole number below n */
  below(n: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  weighted<T extends { readonly weight: number }>(items: readonly T[]): T
}

/** mulberry32: small, fast, good enough to choose templates. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number): number => Math.floor(next() * n)
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick,
    weighted: (items) => {
      let at = next() * items.reduce((sum, item) => sum + item.weight, 0)
      for (const item of items) {
        at -= item.weight
        if (at < 0) return item
      }
      return pick(items)
    },
  }
}

/** A seed of its own for the n-th program of a run, so that any program can be made alone. */
export function seedOf(seed: number, n: number): number {
  return Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(n + 1, 0xc2b2ae35)
}
