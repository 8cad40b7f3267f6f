// The Action from beginning to end; the only place where its parts meet. Verdict and exit code are decided by the review alone: what follows
// (posting, check run, summary) can fail without changing them.
// Must stay true: never 0 when something went wrong, one line for every error, and no stack trace outside of debug logging.
import type { Review } from '../findings/model.ts'
import { analysed, namedFiles, notRead } from './analyse.ts'
import { checking, tellCheckRun } from './check.ts'
import { openCommits } from './commits.ts'
import { connect } from './connect.ts'
import { readPayload } from './event-file.ts'
import { readEvent } from './event.ts'
import { readInputs, tokenOf } from './inputs.ts'
import type { Log } from './log.ts'
import { readingProblem, type ExitCode } from './outcome.ts'
import { directoryInWorkspace } from './output-files.ts'
import { posting } from './post.ts'
import { publishStage } from './publish-stage.ts'
import { report, reportContext, type Session, type Surroundings } from './session.ts'
import { speak } from './speak.ts'
import { TOOL_VERSION } from '../text/version.ts'
import { readTimes } from './times.ts'
import { outputTargets, writeReports } from './write-reports.ts'

/** Runs the Action and returns its exit code. Touches nothing of the process itself, so runs beside each other do not meet. Never throws. */
export async function run(surroundings: Surroundings): Promise<ExitCode> {
  const { env, log } = surroundings
  let session: Session | null = null
  try {
    const token = tokenOf(env)
    if (token !== null) log.hide(token)
    session = await begin(surroundings)
    return await (session.inputs.stage === 'publish' ? publishStage(session) : reviewed(session))
  } catch (error) {
    const exit = report(log, error)
    if (session !== null) await tellCheckRun(session, error)
    return exit
  }
}

async function begin(surroundings: Surroundings): Promise<Session> {
  const { env, clock } = surroundings
  const inputs = readInputs(env)
  const payload = readPayload(env)
  const request = readEvent(payload, env, inputs.stage)
  const targets = outputTargets(inputs, env)
  const cacheDirectory = directoryInWorkspace('cache-directory', inputs.cacheDirectory, env)
  const { runSeconds, requestSeconds } = readTimes(env)
  const deadline = clock.now() + runSeconds * 1000
  const client = await connect(env, { token: inputs.token, clock, deadline, requestSeconds })
  return { ...surroundings, inputs, request, payload, client, targets, cacheDirectory, deadline, runSeconds }
}

async function reviewed(session: Session): Promise<ExitCode> {
  const { inputs, request, interruption, log } = session
  log.say(`reviewing ${request.head}${request.base === null ? '' : `, base ${request.base}`}`)
  const opened = await openCommits(session.client, request, namedFiles(inputs))
  const result = opened.ok ? await analysed(session, opened.value) : notRead(session, readingProblem(opened.refusal))
  sayNotices(log, result.review)
  const context = reportContext(session, result.review)
  const unwritten = writeReports(session.targets, result.review, TOOL_VERSION)
  for (const problem of unwritten) log.complain('error', problem)
  const written = unwritten.length === 0 ? result.exit : worse(result.exit, 3)
  if (interruption.requested()) {
    log.complain('error', 'interrupted by a signal before anything was posted')
    return worse(written, 3)
  }
  const posted = await posting(session, result, context)
  const exit = posted.failed ? worse(written, 3) : written
  const checked = await checking(session, { ...result, exit }, context)
  const readOnly = posted.denied && checked.denied
  const notices = readOnly ? [READ_ONLY] : [...posted.notices, ...checked.notices]
  for (const notice of notices) log.complain('notice', notice)
  const final = { ...result.review, notices: [...result.review.notices, ...unwritten, ...notices] }
  speak({
    env: session.env,
    log,
    review: final,
    context,
    onIncomplete: inputs.onIncomplete,
    targets: session.targets,
    checkRunUrl: checked.url,
  })
  return exit
}

/** One notice where a token may write neither, as on a pull request from a fork. */
const READ_ONLY =
  'Review comments and check run: the token may only read. They need `pull-requests: write` and `checks: write`: add ' +
  '`permissions: { contents: read, pull-requests: write, checks: write }` to the job. Pull requests from forks and from ' +
  'Dependabot get a read-only token.'

function sayNotices({ say }: Log, { notices, incomplete }: Review): void {
  const reasons = new Set(incomplete.map(({ message }) => message))
  for (const notice of notices) if (!reasons.has(notice)) say(`notice: ${notice}`)
}

/** Findings win over incompleteness, a usage error over nothing. */
function worse(exit: ExitCode, other: 3): ExitCode {
  return exit === 0 ? other : exit
}
