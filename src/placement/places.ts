// The places that a change set offers: changed lines, lines next to deletions, changed files. All line arithmetic of this room is here.
// Lines of findings are converted to the host's way of counting before they meet a hunk.
import { addedWithin, hunkOf, isCommentable } from '../diff/anchors.ts'
import type { ChangeSet, ChangedFile, Hunk } from '../diff/model.ts'
import type { Placement } from '../findings/model.ts'

/** Lines `line` to `endLine` of a file, both included. */
export interface Span {
  readonly file: string
  readonly line: number
  readonly endLine: number
}

/** The line as the host counts it, for a line as reports count it. */
export type LineCount = (path: string, line: number) => number

export interface Places {
  /** where a changed span can be commented; null if no line of it was added */
  readonly changed: (span: Span) => Placement | null
  /** the commentable line next to a deletion between the first and the last line of the span */
  readonly besideDeletion: (span: Span) => Placement | null
  /** the span itself, where a hunk shows it because of a deletion */
  readonly nearDeletion: (span: Span) => Placement | null
  /** the file as a whole, if the change touches it and it is still there */
  readonly file: (path: string) => Placement | null
  readonly isRemoved: (path: string) => boolean
}

export function createPlaces(changes: ChangeSet, count: LineCount): Places {
  const files = new Map(changes.files.map((file) => [file.path, file]))
  const present = (path: string): ChangedFile | null => {
    const file = files.get(path)
    return file === undefined || file.status === 'removed' ? null : file
  }
  const onSpan =
    (find: (hunks: readonly Hunk[], span: Span) => Placement | null) =>
    (span: Span): Placement | null => {
      const hunks = present(span.file)?.hunks ?? []
      if (hunks.length === 0) return null
      const [line, last] = [count(span.file, span.line), count(span.file, span.endLine)]
      return find(hunks, { file: span.file, line, endLine: Math.max(line, last) })
    }
  return {
    changed: onSpan(changedPlace),
    besideDeletion: onSpan(deletionPlace),
    nearDeletion: onSpan(shownPlace),
    file: (path) => (present(path) === null ? null : { kind: 'file', path }),
    isRemoved: (path) => files.get(path)?.status === 'removed',
  }
}

function changedPlace(hunks: readonly Hunk[], span: Span): Placement | null {
  const added = addedWithin(hunks, span.line, span.endLine)
  const [first, last] = [added[0], added.at(-1)]
  if (first === undefined || last === undefined) return null
  const hunk = hunkOf(hunks, span.line)
  const whole = hunk !== null && hunk === hunkOf(hunks, span.endLine)
  // of a long expression the lines that changed: the rest of it is old
  return whole ? spanPlace(hunks, { ...span, line: first, endLine: last }, last) : spanPlace(hunks, span, last)
}

/**
 * The whole span if one hunk shows all of it, else its last line (a range over two hunks is refused), else the given line of it.
 * A range of one line is a line: the host refuses equal ends.
 */
function spanPlace(hunks: readonly Hunk[], { file, line, endLine }: Span, fallback: number): Placement {
  const hunk = hunkOf(hunks, line)
  if (line < endLine && hunk !== null && hunk === hunkOf(hunks, endLine))
    return { kind: 'range', path: file, side: 'RIGHT', startLine: line, line: endLine }
  return lineAt(file, isCommentable(hunks, endLine) ? endLine : fallback)
}

function lineAt(path: string, line: number): Placement {
  return { kind: 'line', path, side: 'RIGHT', line }
}

/** A deletion stands before a line: that line, or the one above it, as long as it belongs to the span and a hunk shows it. */
function deletionPlace(hunks: readonly Hunk[], span: Span): Placement | null {
  for (const { before } of hunks.flatMap((hunk) => hunk.deletions)) {
    const beside = [before, before - 1].find(
      (line) => line >= span.line && line <= span.endLine && isCommentable(hunks, line),
    )
    if (beside !== undefined) return lineAt(span.file, beside)
  }
  return null
}

/** The deleted lines stood within the few lines that the hunk shows around the span. */
function shownPlace(hunks: readonly Hunk[], span: Span): Placement | null {
  const hunk = hunkOf(hunks, span.line)
  return hunk === null || hunk.deletions.length === 0 ? null : spanPlace(hunks, span, span.line)
}
