// One reviewed tree, as short as a test wants to write it: what each finding says, and what was left open.
import type { Review } from '../../src/findings/model.ts'
import { reviewFiles } from './review-files.ts'

/** Reviews files without a base. `config` is the text of a configuration. */
export function reviewed(files: Readonly<Record<string, string>>, config: string | null = null): Promise<Review> {
  return reviewFiles(files, null, config ?? undefined)
}

/** `rule severity confidence file:line,…` of every finding, in order. */
export function told(result: Review): string[] {
  return result.findings.map((f) => {
    const places = f.operations.length === 0 ? [f.location] : f.operations
    return `${f.rule} ${f.severity} ${f.confidence} ${places.map((o) => `${o.file}:${o.line}`).join(',')}`
  })
}
