// Where a finding can be said on the pull request: the first of the changed operation, the changed step nearest to it, the changed definition that
// caused it, the line beside a deletion, the file, the summary. A line always stands inside a hunk on the new side, never on an unrelated line.
import { addedWithin, hunkOf, isCommentable } from '../diff/anchors.ts'
import type { ChangedFile, ChangeSet } from '../diff/model.ts'
import type { Finding, Operation, Placement } from '../findings/model.ts'

interface Lines {
  readonly file: string
  readonly line: number
  readonly endLine: number
}

/** The place for a head finding. Lines count as git does. */
export function place(finding: Finding, changes: ChangeSet): Placement {
  const files = new Map(changes.files.filter((f) => f.status !== 'removed').map((f) => [f.path, f]))
  return (
    firstChanged(operationsOf(finding), files) ??
    firstChanged(finding.trace.toReversed().map((step) => ({ file: step.file, line: step.line, endLine: step.endLine })), files) ??
    firstChanged(finding.causes, files) ??
    (finding.operations.length === 0 ? firstChanged([{ ...finding.location, endLine: finding.location.line }], files) : null) ??
    besideDeletion(finding, files) ??
    fileOf(finding, files) ?? { kind: 'summary', reason: reasonOf(finding, files) }
  )
}

/** Operations that this change added come first: old ones may only have been re-indented. */
function operationsOf(finding: Finding): Lines[] {
  const added = finding.operations.filter((o: Operation) => o.added === true)
  return [...added, ...finding.operations.filter((o) => o.added !== true)]
}

function firstChanged(candidates: readonly Lines[], files: ReadonlyMap<string, ChangedFile>): Placement | null {
  for (const candidate of candidates) {
    const file = files.get(candidate.file)
    if (file !== undefined && addedWithin(file.hunks, candidate.line, candidate.endLine).length > 0) return anchor(file, candidate)
  }
  return null
}

/** A range when the whole expression stands in one hunk; otherwise its last line that can carry a comment. */
function anchor(file: ChangedFile, lines: Lines): Placement {
  const { path } = file
  const hunk = hunkOf(file.hunks, lines.line)
  if (lines.endLine > lines.line && hunk !== null && hunk === hunkOf(file.hunks, lines.endLine)) return { kind: 'range', path, side: 'RIGHT', startLine: lines.line, line: lines.endLine }
  for (let line = lines.endLine; line >= lines.line; line--) if (isCommentable(file.hunks, line)) return { kind: 'line', path, side: 'RIGHT', line }
  return { kind: 'file', path }
}

/** The commentable line next to deleted lines, when they stood between or directly beside the known lines of a step's file. */
function besideDeletion(finding: Finding, files: ReadonlyMap<string, ChangedFile>): Placement | null {
  const known: Lines[] = [...finding.operations, ...finding.trace.toReversed(), ...finding.causes]
  for (const name of new Set(known.map((k) => k.file))) {
    const file = files.get(name)
    if (file === undefined) continue
    const lines = known.filter((k) => k.file === name)
    const first = Math.min(...lines.map((k) => k.line))
    const last = Math.max(...lines.map((k) => k.endLine))
    for (const hunk of file.hunks) {
      for (const deletion of hunk.deletions) {
        if (deletion.before < first || deletion.before > last + 1) continue
        const line = isCommentable(file.hunks, deletion.before) ? deletion.before : deletion.before - 1
        if (isCommentable(file.hunks, line)) return { kind: 'line', path: name, side: 'RIGHT', line }
      }
    }
  }
  return null
}

function fileOf(finding: Finding, files: ReadonlyMap<string, ChangedFile>): Placement | null {
  const names = [...finding.operations.map((o) => o.file), ...finding.trace.toReversed().map((step) => step.file), finding.location.file, ...finding.causes.map((c) => c.file)]
  const path = names.find((name) => files.has(name))
  return path === undefined ? null : { kind: 'file', path }
}

function reasonOf(finding: Finding, files: ReadonlyMap<string, ChangedFile>): string {
  if (files.size === 0) return 'the pull request changes no file that a comment could stand on'
  return finding.trace.length === 0 ? 'its file is not part of the change' : 'no file of its call path is part of the change'
}
