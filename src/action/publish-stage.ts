// The second stage of two: started by the end of a workflow that could only read, in a workflow that may write. It finds the pull request by
// what GitHub says about that run, analyses the same commits again through the API, and posts the review. It gives no verdict and makes no
// check run: the first stage is the gate.
// Must stay true: what is posted comes from git objects alone, never from the report that the first stage left.
import { appendFileSync } from 'node:fs'
import { pullsOfBranch } from '../github/pull-of-branch.ts'
import { readPullRequest } from '../github/pull-request.ts'
import { analysed } from './analyse.ts'
import { agrees, readCollected } from './collected.ts'
import { openCommits } from './commits.ts'
import { codeOf } from './event-file.ts'
import { readWorkflowRun, type ReviewRequest, type WorkflowRun } from './event.ts'
import type { Log } from './log.ts'
import { readingProblem, type ExitCode } from './outcome.ts'
import { namedFiles } from './analyse.ts'
import { posting } from './post.ts'
import { reportContext, repositoryOf, type Session } from './session.ts'

export async function publishStage(session: Session): Promise<ExitCode> {
  const { log } = session
  const run = readWorkflowRun(session.payload)
  if (run.event !== 'pull_request')
    return nothing(
      session,
      `the run that started this one was for ${run.event}, and only pull_request names the head of a pull request`,
    )
  const collected = readCollected(session.targets.json?.target ?? '', run.headSha)
  if (collected.kind === 'refused') {
    log.complain('error', `report-file ${collected.reason}; nothing was published`)
    return 3
  }
  const found = await findPull(session, run)
  if (found.kind === 'none') return nothing(session, found.why)
  if (found.kind === 'failed') return failed(log, found.message)
  const { request } = found
  log.say(`pull request #${request.pull?.number ?? 0}, reviewing ${request.head}`)
  const own = { ...session, request }
  const opened = await openCommits(own.client, request, namedFiles(own.inputs))
  if (!opened.ok) return failed(log, readingProblem(opened.refusal))
  const result = await analysed(own, opened.value)
  if (!agrees(collected.report, result.review))
    log.say(
      'the report of the first stage says something else than this analysis; what is posted comes from this analysis',
    )
  if (own.interruption.requested()) return failed(log, 'interrupted by a signal before anything was posted')
  const posted = await posting(own, result, reportContext(own, result.review))
  for (const notice of posted.notices) log.complain('notice', notice)
  if (posted.failed) return 3
  summarise(
    own,
    `Published the review of pull request #${request.pull?.number ?? 0} at \`${request.head.slice(0, 7)}\`: ${posted.written}.`,
  )
  return 0
}

type Found =
  | { readonly kind: 'pull'; readonly request: ReviewRequest }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'failed'; readonly message: string }

/** Exactly one open pull request with this branch and this commit as its head. */
async function findPull(session: Session, { headRepository, headBranch, headSha }: WorkflowRun): Promise<Found> {
  const { client, request } = session
  if (headRepository === null) return { kind: 'none', why: 'the repository of the head was deleted' }
  const repository = repositoryOf(session)
  const listed = await pullsOfBranch(client, repository, { repository: headRepository, branch: headBranch })
  if (!listed.ok) return { kind: 'failed', message: readingProblem(listed.refusal) }
  const [first, ...others] = listed.value
  if (first === undefined) return { kind: 'none', why: 'no open pull request has this branch as its head' }
  if (others.length > 0) {
    const numbers = listed.value.map(({ number }) => `#${number}`).join(', ')
    return { kind: 'none', why: `several open pull requests have this branch as their head: ${numbers}` }
  }
  if (first.headSha !== headSha)
    return { kind: 'none', why: `superseded by ${first.headSha}: a newer run publishes for that commit` }
  const facts = await readPullRequest(client, repository, first.number)
  if (!facts.ok) return { kind: 'failed', message: readingProblem(facts.refusal) }
  const { baseSha, changedFiles, locked } = facts.value
  const pull = { number: first.number, changedFiles, locked }
  return { kind: 'pull', request: { ...request, kind: 'pull-request', head: headSha, base: baseSha, pull } }
}

/** Not an error: there is nothing that this run could say. */
function nothing(session: Session, why: string): ExitCode {
  session.log.complain('notice', `Nothing was published: ${why}.`)
  summarise(session, `Nothing was published: ${why}.`)
  return 0
}

function failed({ complain }: Log, message: string): ExitCode {
  complain('error', `Nothing was published: ${message.replace(/\.+$/, '')}.`)
  return 3
}

function summarise({ env, log }: Session, text: string): void {
  const file = env['GITHUB_STEP_SUMMARY'] ?? ''
  try {
    if (file !== '') appendFileSync(file, `${text}\n`)
  } catch (error) {
    log.say(`the job summary could not be written (${codeOf(error)})`)
  }
}
