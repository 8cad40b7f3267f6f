// One reviewed tree, as short as a test wants to write it: what each finding says, and what was left open.
import { defaultConfig, loadConfig } from '../../src/config/load.ts'
import type { Review } from '../../src/findings/model.ts'
import { review } from '../../src/review.ts'
import { memoryReader } from '../../src/sources/memory.ts'

/** Reviews files without a base. `config` is the text of a configuration. */
export function reviewed(files: Readonly<Record<string, string>>, config: string | null = null): Promise<Review> {
  return review({
    head: memoryReader(files),
    base: null,
    config: config === null ? defaultConfig() : loadConfig(config, 'phasegate.yml'),
    configurationChanged: false,
    notices: [],
    baseline: [],
    changes: null,
    failOn: 'error',
    onIncomplete: 'fail',
    maxSeconds: null,
    cache: null,
    progress: () => undefined,
  })
}

/** `rule severity confidence file:line,…` of every finding, in order. */
export function told(result: Review): string[] {
  return result.findings.map((f) => {
    const places = f.operations.length === 0 ? [f.location] : f.operations
    return `${f.rule} ${f.severity} ${f.confidence} ${places.map((o) => `${o.file}:${o.line}`).join(',')}`
  })
}
