// From two commits to a review: the policy, the change, the pipeline. Reads through the API alone and writes nothing.
import { openCache } from '../cache/store.ts'
import { CONFIG_PATHS } from '../config/load.ts'
import { exitCode, review as reviewChange } from '../review.ts'
import { readChanges, type Commits } from './commits.ts'
import type { Inputs } from './inputs.ts'
import { incompleteReview, readingProblem } from './outcome.ts'
import { readPolicy } from './policy.ts'
import type { Result, Session } from './session.ts'
import { TOOL_VERSION } from '../text/version.ts'

/** The part of a run's time that is kept for posting after the analysis. */
const PUBLISHING_SHARE = 0.2

export async function analysed(session: Session, commits: Commits): Promise<Result> {
  const { inputs, log, clock, deadline, runSeconds } = session
  const policy = await readPolicy(commits, inputs)
  if (!policy.ok) return notRead(session, readingProblem(policy.refusal))
  const { config, failOn, baseline, changed, notices } = policy.value
  const changes = await readChanges(commits)
  for (const { path, kind } of commits.head.skipped) log.say(`skipped ${path}: a ${kind} is never followed`)
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
    maxSeconds: Math.max(1, Math.floor((deadline - clock.now()) / 1000 - runSeconds * PUBLISHING_SHARE)),
    // every read is a request, asked once for all entry points: sharing them out would ask more often
    team: null,
    cache: session.cacheDirectory === null ? null : openCache(session.cacheDirectory, TOOL_VERSION),
    progress: log.say,
  })
  log.say(`Python files in the head: ${review.stats.files}; requests so far: ${session.client.requests()}`)
  return { review, exit: exitCode(review, inputs.onIncomplete), changes }
}

/** Files that decide about the policy, as far as they are known before it. */
export function namedFiles({ config, baseline }: Inputs): string[] {
  const configs: readonly string[] = config === null ? CONFIG_PATHS : [config]
  return baseline === null ? [...configs] : [...configs, baseline]
}

export function notRead({ inputs, request }: Session, message: string): Result {
  const review = incompleteReview(request.head, inputs.failOn ?? 'error', message)
  return { review, exit: exitCode(review, inputs.onIncomplete), changes: null }
}
