// `--format github`: workflow commands on stdout, one per line, and a last line with the result.
// Source of the escaping: actions/runner, src/Runner.Common/ActionCommand.cs (data and properties escape differently).
import type { Review } from '../findings/model.ts'
import { type WorkflowAnnotation, workflowAnnotations } from './annotations.ts'
import { coverageLine, isUntouched, resultLine } from './headline.ts'
import { logSafe } from './visible.ts'

/** Text after the second `::`. */
function escapeData(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** Value of a property: the separators are escaped as well. */
function escapeProperty(value: string): string {
  return escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

function command(annotation: WorkflowAnnotation): string {
  const { level, file, line, endLine, title, message } = annotation
  const properties = [
    `file=${escapeProperty(file)}`,
    `line=${line}`,
    `endLine=${endLine}`,
    `title=${escapeProperty(title)}`,
  ]
  return `::${level} ${properties.join(',')}::${escapeData(message)}`
}

/** Lines end with LF. An incomplete review is an error annotation of its own. */
export function renderGithub(review: Review): string {
  const words = resultLine(review)
  const result =
    review.verdict === 'incomplete'
      ? `::error title=PhaseGate::${escapeData(words)}`
      : logSafe(isUntouched(review) ? words : `${words}; ${coverageLine(review)}`)
  return `${[...workflowAnnotations(review).map((a) => command(a).replaceAll('##[', '##%5B')), result].join('\n')}\n`
}
