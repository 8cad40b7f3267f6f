// Random pull requests: programs of the oracle and edits of them, each review held against what holds for every review.
import { generate } from '../oracle/generate.ts'
import type { Files } from '../oracle/model.ts'
import { createRandom, seedOf } from '../oracle/random.ts'
import { EDITS } from './edits.ts'
import { violations } from './invariants.ts'

export interface Violation {
  readonly program: string
  readonly edit: string
  readonly what: string
  readonly base: Files
  readonly head: Files
}

/** Programs `from` to `to` (not included), each with one edit in turn, and every seventh with the next program as its head. */
export async function reviewRandom(seed: number, from: number, to: number): Promise<readonly Violation[]> {
  const found: Violation[] = []
  for (let n = from; n < to; n++) {
    const { id, files: base } = generate(seed, n)
    const edit = EDITS[n % EDITS.length]
    if (edit === undefined) continue
    const another = n % 7 === 6
    const head = another ? generate(seed, n + 1).files : edit.make(base, createRandom(seedOf(seed, n)))
    for (const what of await violations(base, head, another ? 'any' : edit.leaves))
      found.push({ program: id, edit: another ? 'another program' : edit.name, what, base, head })
  }
  return found
}
