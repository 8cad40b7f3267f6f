// The whole pipeline over trees that exist only in memory, for scenarios and documentation samples. Nothing is mocked: the same review that
// the Action and the command line run, with another reader.
import { defaultConfig, loadConfig } from '../../src/config/load.ts'
import type { PlacedFinding, Review } from '../../src/findings/model.ts'
import { review, type ReviewInput } from '../../src/review.ts'
import { changesBetween } from '../../src/sources/changes.ts'
import { memoryReader } from '../../src/sources/memory.ts'

export type Files = Readonly<Record<string, string>>

/** A review as it is without a base, a baseline, a cache or a limit; what a test is about is given. */
export function reviewOf(input: Partial<ReviewInput> & Pick<ReviewInput, 'head'>): Promise<Review> {
  return review({
    base: null,
    config: defaultConfig(),
    configurationChanged: false,
    notices: [],
    baseline: [],
    changes: null,
    failOn: 'error',
    onIncomplete: 'fail',
    maxSeconds: null,
    cache: null,
    team: null,
    progress: () => undefined,
    ...input,
  })
}

/** The configuration of a text; the defaults without one. */
export function configOf(text: string | null | undefined): ReviewInput['config'] {
  return text === null || text === undefined ? defaultConfig() : loadConfig(text, 'phasegate.yml')
}

type Sources = Readonly<Record<string, string | Uint8Array>>

/** `base`: null for a whole tree. `configuration`: YAML, the defaults without it. */
export async function reviewFiles(head: Sources, base: Sources | null = null, configuration?: string): Promise<Review> {
  const after = memoryReader(head)
  const config = configOf(configuration)
  if (base === null) return reviewOf({ head: after, config })
  const before = memoryReader(base)
  return reviewOf({ head: after, base: before, config, changes: await changesBetween(before, after) })
}

/** `file:line` of each operation. */
export function placesOf({ operations }: Pick<PlacedFinding, 'operations'>): string[] {
  return operations.map(({ file, line }) => `${file}:${line}`)
}
