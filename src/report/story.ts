// What a finding says, sentence by sentence: what runs, where it starts, why this change causes it, how the path goes, the fix.
// Channels choose the sentences and the markup; no channel has wording of its own for them.
import type { Confidence, Operation, PlacedFinding, TraceStep } from '../findings/model.ts'
import { shortSha } from './context.ts'
import { guardWords } from '../rules/messages.ts'
import { type Phrase, enumerated, name } from './phrase.ts'
import { quoted } from './redact.ts'
import { isNewWork } from './totals.ts'
import { PHASE_WORDS, calleeName, functionName, operationVerb, qualnameOf, ruleOf, stepVerb } from './words.ts'

/** One line of the call path: where it stands and what happens there. */
export interface PathLine {
  readonly file: string
  readonly line: number
  readonly endLine: number
  readonly sentence: Phrase
  /** the expression, shortened for posted text */
  readonly source: string
  /** the expression as the finding has it */
  readonly text: string
  readonly column: number
  /** known for operations; a step only knows its text */
  readonly endColumn: number | null
}

/** The operation that a reader should look at first: the first added one, else the first. */
export function mainOperation(finding: PlacedFinding): Operation | null {
  const added = finding.baselineState === 'updated' ? finding.operations.find((o) => o.added === true) : undefined
  return added ?? finding.operations[0] ?? null
}

/** The headline: `session.execute(q)` queries the database in Phase 1. */
export function titleOf(finding: PlacedFinding): Phrase {
  const operation = mainOperation(finding)
  if (operation === null || finding.phase === null || finding.rule === 'hook-called-not-passed')
    return [ruleOf(finding).title]
  return [name(quoted(operation.text)), ` ${operationVerb(operation)} ${PHASE_WORDS[finding.phase]}`]
}

/** What runs and where it starts. */
export function whatRuns(finding: PlacedFinding): Phrase {
  const operation = mainOperation(finding)
  if (operation === null) return [finding.message]
  const work: Phrase = ['The database work at ', name(`${operation.file}:${operation.line}`)]
  const entry = name(finding.entryPoint)
  if (finding.phase === 'import') return [...work, ' runs when ', entry, ' is imported.']
  if (finding.phase === 'scheduled')
    return [...work, ' runs in a task, thread or timer that ', entry, ' starts and does not wait for.']
  if (finding.trace.length === 0) return [...work, ...standsIn(finding, entry)]
  return [...work, ' runs while the Phase-1 entry point ', entry, ' runs.']
}

/** An entry point may be another function than its name says: what a decorator gave back, what was imported, what a class inherits. */
function standsIn({ workFunction, entryPoint }: PlacedFinding, entry: Phrase[number]): Phrase {
  if (workFunction === entryPoint) return [' stands in the Phase-1 entry point ', entry, ' itself.']
  const called = functionName(workFunction.slice(workFunction.indexOf('::') + 2))
  return [' stands in ', called, ', which the framework calls as the Phase-1 entry point ', entry, '.']
}

/** Why this change causes it. Null without a base: then there is nothing to compare with. */
export function causeOf(finding: PlacedFinding, baseSha: string | null): Phrase | null {
  const base: Phrase = baseSha === null ? ['the base'] : ['base ', name(shortSha(baseSha))]
  if (finding.baselineState === null) return null
  if (finding.baselineState === 'new') return newSince(finding, base)
  if (finding.baselineState === 'updated') return updatedSince(finding, base)
  return ['It was there at ', ...base, finding.baselineState === 'absent' ? ' and is gone.' : '.']
}

function newSince(finding: PlacedFinding, base: Phrase): Phrase {
  if (finding.operations.length === 0) return ['This was not so at ', ...base, '.']
  const moved =
    finding.movedFrom === null ? '.' : '. The same work was removed elsewhere: it moved here and is not fixed.'
  return ['Clean at ', ...base, ': this work did not run there. ', ...anchorOf(finding), moved]
}

function updatedSince(finding: PlacedFinding, base: Phrase): Phrase {
  if (!isNewWork(finding)) {
    return finding.movedFrom === null
      ? ['It was there at ', ...base, ' in a slightly different form.']
      : ['It was there at ', ...base, ' in another place: it moved, it is not new.']
  }
  const added = finding.operations.filter((o) => o.added === true)
  if (added.length === 0)
    return ['It was there at ', ...base, ' as a lesser one: the severity is now ', finding.severity, '.']
  const names = enumerated(added.slice(0, 3).map((o) => name(quoted(o.text))))
  const more = added.length > 3 ? ` and ${added.length - 3} more` : ''
  return ['At ', ...base, ' this function already did database work here. This change adds ', ...names, `${more}.`]
}

/** Which part of the path the change touches, told by the place where the finding could be put. */
function anchorOf(finding: PlacedFinding): Phrase {
  const { placement } = finding
  if (placement === null || placement.kind === 'summary') return ['With this change the path below leads there']
  if (placement.kind === 'file')
    return ['The path below leads there through ', name(placement.path), ', which this change touches']
  const first = placement.kind === 'range' ? placement.startLine : placement.line
  const touches = (place: { file: string; line: number; endLine: number }): boolean =>
    place.file === placement.path && place.line <= placement.line && place.endLine >= first
  if (finding.operations.some(touches)) return ['This change writes the operation itself']
  const step = finding.trace.findIndex(touches)
  if (step < 0) return ['This change decides what the path below reaches']
  return [`This change writes step ${step + 1} of the path below; the database work itself is older`]
}

/** Whether the decorator itself is what runs; otherwise the framework runs what is named in it. */
function isApplied({ text, callee }: TraceStep): boolean {
  const decorator = /^@?[\w.]*/.exec(text)?.[0].split('.').at(-1)?.replace('@', '')
  return callee.split('.').includes(decorator ?? '')
}

export function stepSentence(step: TraceStep): Phrase {
  const callee = name(calleeName(step))
  if (step.kind === 'invoke') return [functionName(step.function), ' has ', callee, ' run']
  if (step.kind === 'decorator' && !isApplied(step))
    return [functionName(step.function), ' names ', callee, ' in a decorator']
  return [functionName(step.function), ` ${stepVerb(step.kind)} `, callee]
}

export function operationSentence(finding: PlacedFinding, operation: Operation): Phrase {
  return [functionName(qualnameOf(finding.workFunction)), ` ${operationVerb(operation)}`]
}

/** The call path from the entry point to the operation, both included. Empty for rules without database work. */
export function pathOf(finding: PlacedFinding): readonly PathLine[] {
  const operation = mainOperation(finding)
  if (operation === null) return []
  return [
    ...finding.trace.map((s) => lineOf(s, stepSentence(s))),
    lineOf(operation, operationSentence(finding, operation)),
  ]
}

function lineOf(place: TraceStep | Operation, sentence: Phrase): PathLine {
  const { file, line, endLine, column, text } = place
  return {
    file,
    line,
    endLine,
    column,
    endColumn: 'endColumn' in place ? place.endColumn : null,
    sentence,
    source: quoted(text),
    text,
  }
}

/** The operations of the function besides the one that the path leads to. */
export function otherOperations(finding: PlacedFinding): readonly Operation[] {
  const main = mainOperation(finding)
  return finding.operations.filter((o) => o !== main)
}

/** Conditions are quoted, never taken as an excuse. */
export function guardsOf(finding: PlacedFinding): Phrase | null {
  if (finding.guards.length === 0) return null
  const joined = finding.guards.slice(0, 5).flatMap((g, i): Phrase => {
    const place = name(`${g.file}:${g.line}`)
    return [i === 0 ? '' : ', ', guardWords(g, finding.guards[i - 1]), name(quoted(g.text)), ' (', place, ')']
  })
  const more = finding.guards.length > 5 ? ` and ${finding.guards.length - 5} more` : ''
  const warning =
    finding.severity === 'warning' &&
    ruleOf(finding).defaultSeverity === 'error' &&
    finding.guards.some((g) => g.lowers)
  const why = warning ? ' That is not so by default, hence a warning.' : ''
  return ['It runs only ', ...joined, `${more}.${why} A condition changes whether it runs, not when.`]
}

const DOUBT: Readonly<Record<Confidence, string>> = {
  high: '',
  medium: 'Confidence is medium: it runs on some paths only, or a step of the path is assumed.',
  low: 'Confidence is low: a step of the path is a guess by name. This never fails a check.',
}

/** How sure the analysis is, where that is less than fully. */
export function confidenceOf(finding: PlacedFinding): Phrase | null {
  return finding.confidence === 'high' ? null : [DOUBT[finding.confidence]]
}

export function fixOf(finding: PlacedFinding): string {
  return finding.advice === '' ? ruleOf(finding).fix : finding.advice
}

/** The comment that suppresses it. */
export function suppressionComment(finding: PlacedFinding): string {
  return `# phasegate: ignore[${finding.rule}] -- reason`
}

/** `modules/shop/api.py::initialize → ShopService → load`: the path in one line, for lists. */
export function pathInOneLine(finding: PlacedFinding): string {
  const names = finding.trace.map(calleeName)
  const shown = names.length > 4 ? [...names.slice(0, 2), '…', ...names.slice(-1)] : names
  return [finding.entryPoint, ...shown].join(' → ')
}

/** Where an annotation stands: at the changed line that a comment would stand at, because others are not shown beside the diff. */
export function shownAt(finding: PlacedFinding): ReturnType<typeof placeOf> {
  const { placement } = finding
  if (placement === null || (placement.kind !== 'line' && placement.kind !== 'range')) return placeOf(finding)
  const line = placement.kind === 'range' ? placement.startLine : placement.line
  return { file: placement.path, line, endLine: placement.line }
}

/** Where a list sends the reader: the main operation, or the rule's own location. */
export function placeOf(finding: PlacedFinding): {
  readonly file: string
  readonly line: number
  readonly endLine: number
} {
  const { file, line, endLine } = mainOperation(finding) ?? { ...finding.location, endLine: finding.location.line }
  return { file, line, endLine }
}
