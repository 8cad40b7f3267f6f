// Where a finding can be said on a pull request: the first place of a fixed order that the change shows. An old helper that a new call
// reaches is commented at the call, new work in an old helper in the helper, and in an all-new module at the database line.
// Must stay true: whatever is returned as a line or range stands inside one hunk on the new side, and never on an unrelated line.
import type { ChangeSet } from '../diff/model.ts'
import type { Finding, Placement } from '../findings/model.ts'
import { createPlaces } from './places.ts'
import type { LineCount, Places, Span } from './places.ts'

/** What placing has to know about the head's source besides the finding. */
export interface PlaceContext {
  /** a line as the report counts it (LF, CRLF and a lone CR end a line) as the host counts it (LF only) */
  readonly lines: LineCount
  /** asked only where neither an operation nor a step changed */
  readonly related: (finding: Finding) => Related
}

export interface Related {
  /** what binds the names that the path uses, nearest to the operation first */
  readonly bindings: readonly Span[]
  /** whole functions of the path, nearest to the operation first, and what they use: a deletion inside them is related */
  readonly definitions: readonly Span[]
}

/** Where findings can be said on a change. Those that are gone or could not be compared have no place on a line. */
export function placerOn(changes: ChangeSet, context: PlaceContext): (finding: Finding) => Placement {
  const places = createPlaces(changes, context.lines)
  return (finding) => placed(finding, places, context)
}

function placed(finding: Finding, places: Places, context: PlaceContext): Placement {
  if (finding.baselineState === null)
    return { kind: 'summary', reason: 'base or head could not be read far enough to compare this finding' }
  if (finding.baselineState === 'absent') return { kind: 'summary', reason: 'the finding is gone' }
  return (
    first(operationSpans(finding), places.changed) ??
    first(finding.trace.toReversed(), places.changed) ??
    first(finding.causes, places.changed) ??
    relatedPlace(finding, places, context.related(finding))
  )
}

function relatedPlace(finding: Finding, places: Places, { bindings, definitions }: Related): Placement {
  return (
    first(bindings, places.changed) ??
    first([...definitions, ...functionSpans(finding)], places.besideDeletion) ??
    first([...operationSpans(finding), ...finding.trace.toReversed()], places.nearDeletion) ??
    first(files(finding, definitions), places.file) ?? { kind: 'summary', reason: summaryReason(finding, places) }
  )
}

function first<T>(items: readonly T[], find: (item: T) => Placement | null): Placement | null {
  for (const item of items) {
    const found = find(item)
    if (found !== null) return found
  }
  return null
}

/** The operations, those that this change added in front. Rules without operations stand at their own line. */
function operationSpans({ operations, location }: Finding): readonly Span[] {
  if (operations.length === 0) return [{ ...location, endLine: location.line }]
  return [...operations.filter((it) => it.added !== false), ...operations.filter((it) => it.added === false)]
}

/** What of the functions on the path stands on it, nearest to the operation first: from the first such line to the last; then the causes. */
function functionSpans({ operations, trace, causes, workFunction }: Finding): readonly Span[] {
  const spans = new Map<string, Span>()
  const extend = (key: string, { file, line, endLine }: Span): void => {
    const known = spans.get(key)
    const from = Math.min(known?.line ?? line, line)
    spans.set(key, { file, line: from, endLine: Math.max(known?.endLine ?? endLine, endLine) })
  }
  for (const operation of operations) extend(`${operation.file}\n${nameOf(workFunction)}`, operation)
  for (const step of trace.toReversed()) extend(`${step.file}\n${step.function}`, step)
  return [...spans.values(), ...causes]
}

/** The part after `::`; '' for a module body. */
function nameOf(workFunction: string): string {
  const at = workFunction.indexOf('::')
  return at < 0 ? '' : workFunction.slice(at + 2)
}

/** Every file of the path, nearest to the operation first, then those of what it uses. */
function files({ operations, trace, causes, location }: Finding, definitions: readonly Span[]): readonly string[] {
  const all = [...operations, ...trace.toReversed(), ...causes, location, ...definitions]
  return [...new Set(all.map((it) => it.file))]
}

function summaryReason(finding: Finding, places: Places): string {
  return files(finding, []).some((path) => places.isRemoved(path))
    ? 'the change removes the file in which this stood'
    : 'no line of the path to the database is part of this change'
}
