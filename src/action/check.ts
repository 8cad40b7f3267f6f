// The check run as one step of a run. It repeats the job's result and never decides it; where nobody wants one, or the event only looks at a
// branch, there is none.
import { ConfigurationError } from '../config/model.ts'
import { createCheckRun } from '../github/checks.ts'
import type { CheckRunDraft } from '../publish/model.ts'
import { renderCheckRun } from '../report/check.ts'
import type { ReportContext } from '../report/context.ts'
import { checkRunOf, failedCheckRun, type CheckFrame } from './outcome.ts'
import { repositoryOf, runUrl, type Result, type Session } from './session.ts'

/** The check run must not stay absent or green when the job ends in an error. */
export async function tellCheckRun(session: Session, error: unknown): Promise<void> {
  const frame = checkFrame(session)
  if (frame === null) return
  const isUsage = error instanceof ConfigurationError
  const message = isUsage ? error.message : 'PhaseGate failed; the log of the job says more.'
  const draft = failedCheckRun(
    isUsage ? 'Configuration error' : 'Incomplete: internal error',
    `\`\`\`text\n${message.replaceAll('`', "'")}\n\`\`\``,
    frame,
  )
  try {
    await createCheckRun(session.client, repositoryOf(session), draft)
  } catch (second) {
    session.log.sayDebug(String(second))
  }
}

export interface Checked {
  readonly url: string
  readonly notices: readonly string[]
  /** a right is missing */
  readonly denied: boolean
}

export async function checking(session: Session, { review, exit }: Result, context: ReportContext): Promise<Checked> {
  const frame = checkFrame(session)
  if (frame === null || session.interruption.requested()) return { url: '', notices: [], denied: false }
  const draft: CheckRunDraft = checkRunOf(review, exit, renderCheckRun(review, context), frame)
  const created = await createCheckRun(session.client, repositoryOf(session), draft)
  if (created.ok) return { url: created.value.url, notices: [], denied: false }
  const { kind, status, message } = created.refusal
  // said before: nothing could be read either
  if (status === 401) return { url: '', notices: [], denied: false }
  const lacks = kind === 'forbidden' || kind === 'not-found'
  const why = lacks
    ? 'the token may not do this. It needs `checks: write`: add `permissions: { checks: write }` to the job, or set `check-run: ""` to do without one'
    : message
  return { url: '', notices: [`Check run: ${why.replace(/\.+$/, '')}.`], denied: lacks }
}

/** null where no check run is wanted: the name is empty, the event only looks at a branch, or there are two stages. */
function checkFrame({ env, inputs, request }: Session): CheckFrame | null {
  if (inputs.stage !== 'review' || inputs.checkRun === null || request.kind === 'tree') return null
  return { name: inputs.checkRun, headSha: request.head, runUrl: runUrl(env, request) }
}
