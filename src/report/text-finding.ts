// One finding in a terminal: header, what runs, the call path with source lines and carets, conditions, why, the fix.
// Colours come in through `paint`, so that the same code writes plain text.
import type { PlacedFinding, Review } from '../findings/model.ts'
import { type Range, excerpt } from './excerpt.ts'
import { toPlain } from './phrase.ts'
import {
  type PathLine,
  causeOf,
  confidenceOf,
  guardsOf,
  otherOperations,
  pathOf,
  placeOf,
  suppressionComment,
  titleOf,
  fixOf,
} from './story.ts'
import { visible } from './visible.ts'
import { ruleOf } from './words.ts'

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan' | 'green'
export type Paint = (style: Style | Style[], text: string) => string

export interface TextOptions {
  readonly color: boolean
  /** a line of a file of the head as it is now, without its line break; null when it cannot be had */
  readonly sources: (file: string, line: number) => string | null
  /** cells of the terminal */
  readonly width: number
}

const NARROWEST = 60
const COLOURS = { error: 'red', warning: 'yellow', note: 'cyan' } as const
/** Steps told with their source; the middle of a longer path is counted. */
const SHOWN_STEPS = 12

/** `why` is said once per rule: the caller knows which finding is the first. */
export function textFinding(
  finding: PlacedFinding,
  review: Review,
  options: TextOptions & { why: boolean },
  paint: Paint,
): string {
  const header = `${paint(['bold', COLOURS[finding.severity]], finding.severity)}${paint('bold', `[${finding.rule}]`)} ${visible(finding.entryPoint)}`
  const claim = finding.operations.length === 0 ? visible(finding.message) : toPlain(titleOf(finding))
  const lines = [
    header,
    ...indented(claim, options).map((line) => paint('bold', line)),
    ...indented(stateOf(finding, review), options),
    ...path(finding, options, paint),
    ...others(finding, options),
    ...[guardsOf(finding), confidenceOf(finding)].flatMap((phrase) =>
      phrase === null ? [] : indented(toPlain(phrase), options),
    ),
    ...(options.why ? labelled('why', ruleOf(finding).why, options, paint) : []),
    ...labelled('fix', visible(fixOf(finding)), options, paint),
    ...edit(finding, options, paint),
    ...labelled('keep', suppressionComment(finding), options, paint),
  ]
  return lines.join('\n')
}

/** The finding in one line, for the lists. */
export function findingLine(finding: PlacedFinding): string {
  const place = placeOf(finding)
  const what = finding.operations.length === 0 ? visible(finding.message) : toPlain(titleOf(finding))
  return `${finding.severity}[${finding.rule}] ${visible(place.file)}:${place.line} ${what}, from ${visible(finding.entryPoint)}`
}

function stateOf(finding: PlacedFinding, review: Review): string {
  if (!review.compared) return ''
  const cause = causeOf(finding, review.base)
  return cause === null ? 'Not compared: the base could not be read or parsed far enough.' : toPlain(cause)
}

function path(finding: PlacedFinding, options: TextOptions, paint: Paint): string[] {
  const steps = pathOf(finding)
  if (steps.length === 0) return ruleLocation(finding, options, paint)
  // a finding of the base has lines that are no longer there
  const sourceOf = ({ file, line }: PathLine): string | null =>
    finding.baselineState === 'absent' ? null : options.sources(file, line)
  const half = SHOWN_STEPS / 2
  const tell = (shown: readonly PathLine[], first: number): string[] =>
    shown.flatMap((step, i) => [
      `  ${first + i}. ${paint('cyan', `${visible(step.file)}:${step.line}`)} ${toPlain(step.sentence)}`,
      ...sourceLines(sourceOf(step), step, options, paint),
    ])
  if (steps.length <= SHOWN_STEPS) return tell(steps, 1)
  return [
    ...tell(steps.slice(0, half), 1),
    `  … ${steps.length - SHOWN_STEPS} more steps`,
    ...tell(steps.slice(-half), steps.length - half + 1),
  ]
}

/** Without the line itself the quoted expression is shown: it is part of the finding. */
function sourceLines(line: string | null, step: PathLine, options: TextOptions, paint: Paint): string[] {
  const gutter = `${step.line}`.padStart(8)
  if (line === null) return [`${gutter} | ${visible(step.source)}`]
  const shown = excerpt(line, rangeOf(line, step), Math.max(NARROWEST, options.width) - gutter.length - 3)
  return [
    `${paint('dim', `${gutter} |`)} ${shown.text}`,
    `${paint('dim', `${' '.repeat(gutter.length)} |`)} ${paint('red', shown.carets)}`,
  ]
}

/** The carets' range: the expression's own end on one line, else as far as the line still reads like the expression. */
function rangeOf(line: string, step: PathLine): Range {
  if (step.endLine > step.line) return { column: step.column, endColumn: null }
  if (step.endColumn !== null) return { column: step.column, endColumn: step.endColumn }
  let length = 0
  while (length < step.text.length && line.charAt(step.column - 1 + length) === step.text.charAt(length)) length += 1
  // a shortened expression ends in an ellipsis and so covers at least what it still shows
  return { column: step.column, endColumn: step.column + Math.max(1, length) }
}

function ruleLocation(finding: PlacedFinding, options: TextOptions, paint: Paint): string[] {
  const { file, line } = finding.location
  const source = options.sources(file, line)
  const shown =
    source === null
      ? []
      : [
          `${`${line}`.padStart(8)} | ${excerpt(source, { column: 1, endColumn: null }, Math.max(NARROWEST, options.width) - 11).text}`,
        ]
  return [`  ${paint('cyan', `${visible(file)}:${line}`)}`, ...shown]
}

function others(finding: PlacedFinding, options: TextOptions): string[] {
  const rest = otherOperations(finding)
  if (rest.length === 0) return []
  const shown = rest
    .slice(0, 5)
    .map(
      (o) =>
        `${visible(o.text)} (line ${o.line}${o.added === true && finding.baselineState === 'updated' ? ', added' : ''})`,
    )
  return indented(
    `The same function also runs ${shown.join(', ')}${rest.length > 5 ? ` and ${rest.length - 5} more` : ''}.`,
    options,
  )
}

/** What a tried edit would do, and how to get it. */
function edit({ suggestion }: PlacedFinding, options: TextOptions, paint: Paint): string[] {
  if (suggestion === null) return []
  const how =
    suggestion.disposition === 'safe'
      ? 'phasegate check --fix does it'
      : 'the patch is in the Markdown and JSON reports; look at what else it changes'
  return labelled('edit', `${visible(suggestion.title)} (${how}).`, options, paint)
}

function indented(text: string, options: TextOptions): string[] {
  return text === '' ? [] : wrapped(text, options.width, '  ')
}

function labelled(label: string, text: string, options: TextOptions, paint: Paint): string[] {
  const indent = ' '.repeat(8)
  const [first = '', ...rest] = wrapped(text, options.width, indent)
  return [`  ${paint('dim', `${label}:`.padEnd(6))}${first.slice(indent.length)}`, ...rest]
}

/** Lines of at most `width` cells where words allow it; every line begins with `indent`. */
export function wrapped(text: string, width: number, indent: string): string[] {
  const room = Math.max(NARROWEST, width) - indent.length
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(indent + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, indent + line]
}
