// The Action from beginning to end; the only place where its parts meet. Verdict and exit code are decided by the review alone: what follows
// (posting, check run, summary) can fail without changing them.
// Must stay true: never 0 when something went wrong, one line for every error, and no stack trace outside of debug logging.
import { env as processEnvironment } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { CONFIG_PATHS } from '../config/load.ts'
import { ConfigurationError } from '../config/model.ts'
import type { ChangeSet } from '../diff/model.ts'
import type { Review } from '../findings/model.ts'
import { createCheckRun } from '../github/checks.ts'
import type { GitHubClient, RepositoryName } from '../github/client.ts'
import { createReviewGateway } from '../github/gateway.ts'
import type { CheckRunDraft } from '../publish/model.ts'
import { publishReview, type Applied } from '../publish/publish.ts'
import { renderCheckRun } from '../report/check.ts'
import type { ReportContext } from '../report/context.ts'
import { exitCode, review as reviewChange } from '../review.ts'
import { openCommits, readChanges, type Commits } from './commits.ts'
import { addressIn, connect } from './connect.ts'
import { readPayload } from './event-file.ts'
import { readEvent, type ReviewRequest } from './event.ts'
import { readInputs, tokenOf, type Environment, type Inputs } from './inputs.ts'
import { complain, hide, say, sayDebug } from './log.ts'
import {
  checkRunOf,
  failedCheckRun,
  incompleteReview,
  readingProblem,
  type CheckFrame,
  type ExitCode,
} from './outcome.ts'
import { readPolicy } from './policy.ts'
import { speak } from './speak.ts'
import { readTimes } from './times.ts'
import { watchSignals, type Interruption } from './signals.ts'
import { TOOL_VERSION } from '../text/version.ts'
import { outputTargets, writeReports, type OutputTargets } from './write-reports.ts'

/** The part of a run's time that is kept for posting after the analysis. */
const PUBLISHING_SHARE = 0.2

/** Runs the Action in this process and sets its exit code. Never throws. */
export async function run(): Promise<void> {
  const interruption = watchSignals()
  process.exitCode = await guarded(processEnvironment, interruption)
}

interface Session {
  readonly env: Environment
  readonly inputs: Inputs
  readonly request: ReviewRequest
  readonly client: GitHubClient
  readonly targets: OutputTargets
  readonly interruption: Interruption
  /** milliseconds since 1970 */
  readonly deadline: number
  readonly runSeconds: number
}

async function guarded(env: Environment, interruption: Interruption): Promise<ExitCode> {
  let session: Session | null = null
  try {
    const token = tokenOf(env)
    if (token !== null) hide(token)
    session = await begin(env, interruption)
    return await reviewed(session)
  } catch (error) {
    const exit = report(error)
    if (session !== null) await tellCheckRun(session, error)
    return exit
  }
}

async function begin(env: Environment, interruption: Interruption): Promise<Session> {
  const inputs = readInputs(env)
  const request = readEvent(readPayload(env), env)
  const targets = outputTargets(inputs, env)
  const clock = { now: Date.now, wait: async (milliseconds: number) => sleep(milliseconds) }
  const { runSeconds, requestSeconds } = readTimes(env)
  const deadline = Date.now() + runSeconds * 1000
  const client = await connect(env, { token: inputs.token, clock, deadline, requestSeconds })
  return { env, inputs, request, client, targets, interruption, deadline, runSeconds }
}

/** One line; the stack with debug logging only. */
function report(error: unknown): ExitCode {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof ConfigurationError) {
    complain('error', message)
    return 2
  }
  complain('error', `internal error: ${message.slice(0, 500)}`)
  if (error instanceof Error && error.stack !== undefined) sayDebug(error.stack)
  return 3
}

/** The check run must not stay absent or green when the job ends in an error. */
async function tellCheckRun(session: Session, error: unknown): Promise<void> {
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
    sayDebug(String(second))
  }
}

interface Result {
  readonly review: Review
  readonly exit: ExitCode
  readonly changes: ChangeSet | null
}

async function reviewed(session: Session): Promise<ExitCode> {
  const { inputs, request, interruption } = session
  say(`reviewing ${request.head}${request.base === null ? '' : `, base ${request.base}`}`)
  const opened = await openCommits(session.client, request, namedFiles(inputs))
  const result = opened.ok ? await analysed(session, opened.value) : notRead(session, readingProblem(opened.refusal))
  sayNotices(result.review)
  const context = reportContext(session, result.review)
  const unwritten = writeReports(session.targets, result.review, TOOL_VERSION)
  for (const problem of unwritten) complain('error', problem)
  const written = unwritten.length === 0 ? result.exit : worse(result.exit, 3)
  if (interruption.requested()) {
    complain('error', 'interrupted by a signal before anything was posted')
    return worse(written, 3)
  }
  const posted = await posting(session, result, context)
  const exit = posted.failed ? worse(written, 3) : written
  const checked = await checking(session, { ...result, exit }, context)
  const readOnly = posted.denied && checked.denied
  const notices = readOnly ? [READ_ONLY] : [...posted.notices, ...checked.notices]
  for (const notice of notices) complain('notice', notice)
  const final = { ...result.review, notices: [...result.review.notices, ...notices] }
  speak({
    env: session.env,
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

function sayNotices({ notices, incomplete }: Review): void {
  const reasons = new Set(incomplete.map(({ message }) => message))
  for (const notice of notices) if (!reasons.has(notice)) say(`notice: ${notice}`)
}

/** Findings win over incompleteness, a usage error over nothing. */
function worse(exit: ExitCode, other: 3): ExitCode {
  return exit === 0 ? other : exit
}

async function analysed(session: Session, commits: Commits): Promise<Result> {
  const { inputs, deadline, runSeconds } = session
  const policy = await readPolicy(commits, inputs)
  if (!policy.ok) return notRead(session, readingProblem(policy.refusal))
  const { config, failOn, baseline, changed, notices } = policy.value
  const changes = await readChanges(commits)
  for (const { path, kind } of commits.head.skipped) say(`skipped ${path}: a ${kind} is never followed`)
  const places = commits.listed?.problem ?? null
  const review = await reviewChange({
    head: commits.head,
    base: commits.base,
    config,
    configurationChanged: changed,
    notices: places === null ? notices : [...notices, `Some places for comments are not known: ${places}.`],
    baseline,
    changes,
    failOn,
    onIncomplete: inputs.onIncomplete,
    maxSeconds: Math.max(1, Math.floor((deadline - Date.now()) / 1000 - runSeconds * PUBLISHING_SHARE)),
    cache: null,
    progress: say,
  })
  say(`${review.stats.files} Python files in the head, ${session.client.requests()} requests so far`)
  return { review, exit: exitCode(review, inputs.onIncomplete), changes }
}

/** Files that decide about the policy, as far as they are known before it. */
function namedFiles({ config, baseline }: Inputs): string[] {
  const configs: readonly string[] = config === null ? CONFIG_PATHS : [config]
  return baseline === null ? [...configs] : [...configs, baseline]
}

function notRead({ inputs, request }: Session, message: string): Result {
  const review = incompleteReview(request.head, inputs.failOn ?? 'error', message)
  return { review, exit: exitCode(review, inputs.onIncomplete), changes: null }
}

interface Posted {
  readonly notices: readonly string[]
  /** a right is missing */
  readonly denied: boolean
  /** an error of our own */
  readonly failed: boolean
}

async function posting(session: Session, { review, changes }: Result, context: ReportContext): Promise<Posted> {
  const { inputs, request, client, interruption } = session
  const { pull } = request
  // without a comparison nothing is new and nothing is fixed
  if (pull === null || !inputs.comments || !review.compared) return { notices: [], denied: false, failed: false }
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
    for (const line of applied.log) say(line)
    say(`comments: ${writtenWords(applied)}`)
    return { notices: applied.notices, denied: applied.denied, failed: false }
  } catch (error) {
    report(error)
    return { notices: [], denied: false, failed: true }
  }
}

function writtenWords({ posted, updated, fixed, suppressed, removed, resolved }: Applied): string {
  const counts = Object.entries({ posted, updated, fixed, suppressed, removed, resolved }).filter(
    ([, count]) => count > 0,
  )
  return counts.length === 0 ? 'nothing to write' : counts.map(([what, count]) => `${count} ${what}`).join(', ')
}

interface Checked {
  readonly url: string
  readonly notices: readonly string[]
  /** a right is missing */
  readonly denied: boolean
}

async function checking(session: Session, { review, exit }: Result, context: ReportContext): Promise<Checked> {
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

function repositoryOf({ request: { owner, repo } }: Session): RepositoryName {
  return { owner, repo }
}

/** null where no check run is wanted: the name is empty, or the event only looks at a branch. */
function checkFrame({ env, inputs, request }: Session): CheckFrame | null {
  if (inputs.checkRun === null || request.kind === 'tree') return null
  return { name: inputs.checkRun, headSha: request.head, runUrl: runUrl(env, request) }
}

function reportContext({ env, request }: Session, { head, base }: Review): ReportContext {
  return {
    headSha: head ?? request.head,
    baseSha: base,
    repository: `${request.owner}/${request.repo}`,
    serverUrl: addressIn(env, 'GITHUB_SERVER_URL') ?? 'https://github.com',
    runUrl: runUrl(env, request),
    toolVersion: TOOL_VERSION,
  }
}

function runUrl(env: Environment, { owner, repo }: ReviewRequest): string | null {
  const id = env['GITHUB_RUN_ID'] ?? ''
  const server = addressIn(env, 'GITHUB_SERVER_URL')
  return /^\d{1,20}$/.test(id) && server !== null ? `${server}/${owner}/${repo}/actions/runs/${id}` : null
}
