// Annotations of the job: new findings only, the worst of each level. Old ones would show up under files that nobody touched.
// Values, not command lines: whoever prints them escapes them (github.ts, or the Action's own printer).
import type { PlacedFinding, Review, Severity } from '../findings/model.ts'
import { plainBody, plainTitle } from './plain.ts'
import { plural } from './phrase.ts'
import { redact } from './redact.ts'
import { shownAt } from './story.ts'
import { sortFindings, worstFirst } from './totals.ts'

export type AnnotationLevel = 'error' | 'warning' | 'notice'

export interface WorkflowAnnotation {
  readonly level: AnnotationLevel
  readonly title: string
  readonly message: string
  /** '' for an annotation without a place */
  readonly file: string
  readonly line: number
  readonly endLine: number
}

/** A runner shows 10 annotations per level and step (actions/runner, ExecutionContext.cs): nine and one that counts the rest. */
const SHOWN_PER_LEVEL = 9
/** A runner cuts the text at 4,096 characters (same file); escaping may double some of ours. */
const LONGEST_MESSAGE = 4000

const LEVELS: Readonly<Record<Severity, AnnotationLevel>> = { error: 'error', warning: 'warning', note: 'notice' }

export function levelOf(finding: PlacedFinding): AnnotationLevel {
  return LEVELS[finding.severity]
}

export function workflowAnnotations(review: Review): WorkflowAnnotation[] {
  const safe = redact(review)
  const fresh = worstFirst(sortFindings(safe).fresh)
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const all = fresh.filter((f) => levelOf(f) === level)
    // ten fit as they are: the tenth place is only needed for a count when there are more
    const shown = all.length > SHOWN_PER_LEVEL + 1 ? all.slice(0, SHOWN_PER_LEVEL) : all
    const rest = all.slice(shown.length)
    return shown.map((f) => annotation(f, level, safe.base)).concat(countOf(rest, level))
  })
}

function annotation(finding: PlacedFinding, level: AnnotationLevel, baseSha: string | null): WorkflowAnnotation {
  const { file, line, endLine } = shownAt(finding)
  return {
    level,
    title: plainTitle(finding),
    message: plainBody(finding, baseSha, LONGEST_MESSAGE),
    file,
    line,
    endLine,
  }
}

function countOf(rest: readonly PlacedFinding[], level: AnnotationLevel): WorkflowAnnotation[] {
  const [first] = rest
  if (first === undefined) return []
  const message = `${plural(rest.length, 'more finding')} of this level; the job summary and the report file list all of them.`
  return [{ level, title: `${rest.length} more`, message, ...shownAt(first) }]
}
