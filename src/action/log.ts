// The one place that prints. The runner obeys `::command` at the start of a line and `##[command]` anywhere in one, and takes a lone CR for
// a line end, so nothing foreign reaches standard output as it is: invisible characters become escapes, both patterns are broken.
// Lines made by core.error and its like are commands of our own; the runner reads nothing inside them as a command.
import type * as core from '@actions/core'
import { logSafe, visible, visibleBlock } from '../report/visible.ts'

/** What of @actions/core a run speaks through. Given, because that one writes to the process: two runs in one could not be told apart. */
export type Toolkit = Pick<typeof core, 'debug' | 'error' | 'info' | 'notice' | 'setOutput' | 'setSecret' | 'warning'>

export interface Log {
  /** one line of the log */
  readonly say: (text: string) => void
  /** several lines of the log */
  readonly sayBlock: (text: string) => void
  /** shown with debug logging only */
  readonly sayDebug: (text: string) => void
  /** never shown again by this job */
  readonly hide: (secret: string) => void
  /** a line that the runner turns into an annotation; a path that cannot be shown as it is gets no link */
  readonly annotate: (annotation: Annotation) => void
  /** a problem of the run itself, in one line */
  readonly complain: (level: Annotation['level'], message: string) => void
  /** one output of the step; throws if the runner's file for them cannot be written */
  readonly output: (name: string, value: string) => void
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

export function createLog(toolkit: Toolkit): Log {
  const say = (text: string): void => toolkit.info(logSafe(visible(text)))
  return {
    say,
    sayBlock: (text) => {
      for (const line of text.split('\n')) say(line)
    },
    sayDebug: (text) => {
      for (const line of text.split('\n')) toolkit.debug(logSafe(visible(line)))
    },
    hide: toolkit.setSecret,
    annotate: ({ level, title, message, file, line, endLine }) => {
      const place =
        file !== '' && visible(file) === file
          ? { file, startLine: Math.max(1, line), endLine: Math.max(1, line, endLine) }
          : {}
      toolkit[level](visibleBlock(message), { title: visible(title), ...place })
    },
    complain: (level, message) => toolkit[level](visible(message.replaceAll(/\s*\n\s*/g, ' ')), { title: 'PhaseGate' }),
    output: toolkit.setOutput,
  }
}
