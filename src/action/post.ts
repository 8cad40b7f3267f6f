// The review on the pull request, as one step of a run: what was posted, what it could not do, and in which words the log says so.
import { createReviewGateway } from '../github/gateway.ts'
import { publishReview, type Applied } from '../publish/publish.ts'
import type { ReportContext } from '../report/context.ts'
import { report, type Result, type Session } from './session.ts'

export interface Posted {
  readonly notices: readonly string[]
  /** a right is missing */
  readonly denied: boolean
  /** an error of our own */
  readonly failed: boolean
  /** what was written, in words */
  readonly written: string
}

export async function posting(session: Session, { review, changes }: Result, context: ReportContext): Promise<Posted> {
  const { inputs, request, client, interruption, log } = session
  const { pull } = request
  // without a comparison nothing is new and nothing is fixed
  if (pull === null || !inputs.comments || !review.compared)
    return { notices: [], denied: false, failed: false, written: NOTHING }
  const gateway = createReviewGateway(
    client,
    { owner: request.owner, repo: request.repo, number: pull.number },
    request.head,
  )
  try {
    const applied = await publishReview({ review, report: context }, gateway, {
      key: inputs.checkRun ?? '',
      head: request.head,
      base: context.baseSha,
      maxComments: inputs.maxComments,
      unknownPaths: new Set(
        (changes?.files ?? []).filter(({ anchoring }) => anchoring === 'unknown').map(({ path }) => path),
      ),
      number: pull.number,
      locked: pull.locked,
      wait: client.clock.wait,
      stopped: interruption.requested,
    })
    for (const line of applied.log) log.say(line)
    const written = writtenWords(applied)
    log.say(`comments: ${written}`)
    return { notices: applied.notices, denied: applied.denied, failed: false, written }
  } catch (error) {
    report(log, error)
    return { notices: [], denied: false, failed: true, written: NOTHING }
  }
}

const NOTHING = 'nothing to write'

function writtenWords({ posted, updated, fixed, suppressed, removed, resolved }: Applied): string {
  const counts = Object.entries({ posted, updated, fixed, suppressed, removed, resolved }).filter(
    ([, count]) => count > 0,
  )
  return counts.length === 0 ? NOTHING : counts.map(([what, count]) => `${count} ${what}`).join(', ')
}
