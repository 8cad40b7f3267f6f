// The whole pipeline over trees that exist only in memory, for scenarios and documentation samples. Nothing is mocked: the same review that
// the Action and the command line run, with another reader.
import { defaultConfig, loadConfig } from '../../src/config/load.ts'
import type { PlacedFinding, Review } from '../../src/findings/model.ts'
import { review } from '../../src/review.ts'
import { changesBetween } from '../../src/sources/changes.ts'
import { memoryReader } from '../../src/sources/memory.ts'

export type Files = Readonly<Record<string, string>>

/** `base`: null for a whole tree. `configuration`: YAML, the defaults without it. */
export async function reviewFiles(head: Files, base: Files | null = null, configuration?: string): Promise<Review> {
  const before = base === null ? null : memoryReader(base)
  const after = memoryReader(head)
  return review({
    head: after,
    base: before,
    changes: before === null ? null : await changesBetween(before, after),
    config: configuration === undefined ? defaultConfig() : loadConfig(configuration, 'phasegate.yml'),
    configurationChanged: false,
    notices: [],
    baseline: [],
    failOn: 'error',
    onIncomplete: 'fail',
    maxSeconds: null,
    cache: null,
    progress: () => undefined,
  })
}

/** `file:line` of each operation. */
export function placesOf({ operations }: Pick<PlacedFinding, 'operations'>): string[] {
  return operations.map(({ file, line }) => `${file}:${line}`)
}
