// The one place that prints. The runner obeys `::command` at the start of a line and `##[command]` anywhere in one, and takes a lone CR for
// a line end, so nothing foreign reaches standard output as it is: invisible characters become escapes, both patterns are broken.
// Lines made by core.error and its like are commands of our own; the runner reads nothing inside them as a command.
import { debug, error, info, notice, setSecret, warning } from '@actions/core'
import { logSafe, visible, visibleBlock } from '../report/visible.ts'

/** One line of the log. */
export function say(text: string): void {
  info(logSafe(visible(text)))
}

/** Several lines of the log. */
export function sayBlock(text: string): void {
  for (const line of text.split('\n')) say(line)
}

/** Shown with debug logging only. */
export function sayDebug(text: string): void {
  for (const line of text.split('\n')) debug(logSafe(visible(line)))
}

/** Never shown again by this job. */
export function hide(secret: string): void {
  setSecret(secret)
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  readonly message: string
  /** '' for none */
  readonly file: string
  readonly line: number
  readonly endLine: number
}

const PRINT = { error, warning, notice } as const

/** A line that the runner turns into an annotation. A path that cannot be shown as it is gets no link. */
export function annotate({ level, title, message, file, line, endLine }: Annotation): void {
  const place =
    file !== '' && visible(file) === file
      ? { file, startLine: Math.max(1, line), endLine: Math.max(1, line, endLine) }
      : {}
  PRINT[level](visibleBlock(message), { title: visible(title), ...place })
}

/** A problem of the run itself, in one line. */
export function complain(level: Annotation['level'], message: string): void {
  PRINT[level](visible(message.replaceAll(/\s*\n\s*/g, ' ')), { title: 'PhaseGate' })
}
