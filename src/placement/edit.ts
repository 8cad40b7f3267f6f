// A comment that carries a one-click edit stands on exactly the lines that the edit replaces (GitHub, "Incorporating feedback": a suggestion
// replaces the range of its comment). Only where one hunk shows all of them and none of them was deleted; otherwise the comment stays.
import { hunkOf } from '../diff/anchors.ts'
import type { ChangeSet } from '../diff/model.ts'
import type { Finding, Placement, RuleId, Suggestion } from '../findings/model.ts'

/** A longer range repeats more than it changes: then the patch is shown instead. */
const MOST_LINES = 30

/** Findings about a registration. Everything else stays on the line that does the work or leads to it. */
const REGISTRATION_RULES: ReadonlySet<RuleId> = new Set(['hook-called-not-passed', 'missing-setup-hook'])

/** The placement, widened to the lines of a safe edit around it where the host would take it as a suggestion. */
export function placeOnEdit(
  finding: Pick<Finding, 'rule'>,
  placement: Placement,
  edit: Suggestion,
  changes: ChangeSet,
): Placement {
  const { path, startLine, endLine } = edit
  if (!REGISTRATION_RULES.has(finding.rule)) return placement
  if (placement.kind !== 'line' && placement.kind !== 'range') return placement
  const first = placement.kind === 'range' ? placement.startLine : placement.line
  const around = path === placement.path && startLine <= first && placement.line <= endLine
  if (edit.disposition !== 'safe' || !around || endLine - startLine >= MOST_LINES || edit.patch.includes('\r'))
    return placement
  const hunks = changes.files.find((file) => file.path === path)?.hunks ?? []
  const hunk = hunkOf(hunks, startLine)
  if (hunk === null || hunkOf(hunks, endLine) !== hunk) return placement
  if (hunk.deletions.some(({ before }) => before > startLine && before <= endLine)) return placement
  return startLine === endLine
    ? { kind: 'line', path, side: 'RIGHT', line: endLine }
    : { kind: 'range', path, side: 'RIGHT', startLine, line: endLine }
}
