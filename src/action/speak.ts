// The job's own output: annotations, job summary, outputs and the last line of the log. Works without any right; where the runner offers no
// file for a summary the text goes to the log, and outputs are left out.
import { appendFileSync } from 'node:fs'
import type { OnIncomplete } from '../config/model.ts'
import type { Review } from '../findings/model.ts'
import { workflowAnnotations } from '../report/annotations.ts'
import type { ReportContext } from '../report/context.ts'
import { headline, resultLine } from '../report/headline.ts'
import { renderJobSummary } from '../report/summary.ts'
import { decisive } from '../report/totals.ts'
import { codeOf } from './event-file.ts'
import type { Environment } from './inputs.ts'
import type { Log } from './log.ts'
import { outputsOf } from './outcome.ts'
import type { OutputTargets } from './write-reports.ts'

export interface Spoken {
  readonly env: Environment
  readonly log: Log
  readonly review: Review
  readonly context: ReportContext
  readonly onIncomplete: OnIncomplete
  readonly targets: OutputTargets
  readonly checkRunUrl: string
}

export function speak(spoken: Spoken): void {
  const { log, review, context, onIncomplete } = spoken
  for (const annotation of workflowAnnotations(review)) log.annotate(annotation)
  sayIncomplete(log, review, onIncomplete)
  summarise(spoken, renderJobSummary(review, context))
  setOutputs(spoken)
  const result = resultLine(review)
  log.say(`PhaseGate: ${review.verdict === 'incomplete' ? result : `${review.verdict}: ${result}`}`)
}

/** The first reason stands in the annotation, because it is what people see without opening anything. */
function sayIncomplete({ complain, say }: Log, review: Review, onIncomplete: OnIncomplete): void {
  const reasons = [...decisive(review), ...review.incomplete.filter(({ decides }) => !decides)]
  const [first] = reasons
  const isVerdict = review.verdict === 'incomplete'
  const reason = first === undefined ? '' : `: ${first.message}`
  if (isVerdict) complain(onIncomplete === 'warn' ? 'warning' : 'error', `${headline(review)}${reason}`)
  for (const { file, line, reason: why, message } of isVerdict ? reasons.slice(1) : reasons)
    say(`incomplete: ${line > 0 ? `${file}:${line}` : file}: ${why}: ${message}`)
}

/** The file of the runner, or the log. */
function summarise({ env, log }: Spoken, summary: string): void {
  const file = env['GITHUB_STEP_SUMMARY'] ?? ''
  try {
    if (file !== '') return appendFileSync(file, `${summary}\n`)
  } catch (error) {
    log.say(`the job summary could not be written (${codeOf(error)}); here it is`)
  }
  log.sayBlock(summary)
}

/** Without GITHUB_OUTPUT @actions/core prints a command that runners have disabled. */
function setOutputs({ env, log, review, targets, checkRunUrl }: Spoken): void {
  if ((env['GITHUB_OUTPUT'] ?? '') === '') return
  const outputs = {
    ...outputsOf(review),
    'report-file': targets.json?.shown ?? '',
    'sarif-file': targets.sarif?.shown ?? '',
    'check-run-url': checkRunUrl,
  }
  try {
    for (const [name, value] of Object.entries(outputs)) log.output(name, value)
  } catch (error) {
    log.say(`the outputs could not be written (${codeOf(error)})`)
  }
}
