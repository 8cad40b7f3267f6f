// One fault, one pull request, one GitHub of its own: a run that meets the fault, what people must see then, and what must hold after every
// fault whatever it was. Then the fault is over: one run repairs what is left, and the run after that writes nothing.
import { expect } from '@jest/globals'
import type { EmbeddedGitHub } from '../../src/demo/github.ts'
import type { FileChanges } from '../../src/demo/git.ts'
import type { GitHubOptions } from '../../src/demo/options.ts'
import type { PullRequest } from '../../src/demo/state.ts'
import { problemsAfter } from '../end-to-end/aftermath.ts'
import { pageOf, type SeenPage } from '../end-to-end/page.ts'
import { PATH, SHOP, VIOLATION } from '../end-to-end/shop.ts'
import {
  BUILT,
  withStage,
  type Acted,
  type Acting,
  type Runs,
  type Stage,
  type StageOptions,
} from '../end-to-end/stage.ts'
import { notices } from '../end-to-end/told.ts'
import { afterwards } from './afterwards.ts'

const AT = `${PATH}:7`

/** What a user sees: FAULTS' own words. */
export type Outcome =
  /** as without the fault */
  | 'invisible'
  /** exit 3, the reason in job summary and check run */
  | 'incomplete'
  /** verdict as without the fault, everything told in annotations and summary, nothing on the page */
  | 'degraded'
  /** verdict as without the fault, nothing on the page, the newer commit named */
  | 'superseded'
  /** exit 2 in one line */
  | 'usage error'

export interface Fault {
  readonly id: string
  readonly what: string
  readonly outcome: Outcome
  /** before the run: what goes wrong */
  readonly fault?: (github: EmbeddedGitHub, pull: PullRequest) => void
  readonly github?: GitHubOptions
  readonly base?: FileChanges
  readonly change?: FileChanges
  readonly acting?: Acting | ((github: EmbeddedGitHub) => Acting)
  /** with SKIPPING_MINUTES: the waits of a minute or two, all of them in order */
  readonly waits?: readonly string[]
  /** each has to be in log or summary */
  readonly says?: readonly RegExp[]
  /** more that has to hold */
  readonly also?: (run: Acted, seen: Seen) => void
  /** default: one run repairs what is left, the next writes nothing; after an `invisible` fault the first one already. `never`: no further run */
  readonly repair?: 'one run' | 'never'
  /** places of the comments without the fault, and after the repair; default: the violation's */
  readonly places?: readonly string[]
  /** check runs of an `invisible` run; default: the failing one */
  readonly checks?: readonly string[]
}

export interface Seen {
  readonly stage: Stage
  readonly pull: PullRequest
  readonly page: SeenPage
}

/** Requests of one run, repetitions included. */
const MOST_REQUESTS = 60

/** A row for each fault. The first of an outcome is met by the built Action; the others, and every repair, differ in GitHub's part alone. */
export function rowsOf(faults: readonly Fault[]): (readonly [string, string, Fault, Runs])[] {
  const outcomes = faults.map(({ outcome }) => outcome)
  return faults.map((fault, at) => {
    return [fault.id, fault.what, fault, outcomes.indexOf(fault.outcome) === at ? 'built' : 'inside']
  })
}

/** Fails where something is not as it has to be; returns the writes of the run after the repair, which has nothing to do. */
export async function meet(fault: Fault, runs: Runs): Promise<readonly string[]> {
  const options: StageOptions = {
    guarded: false,
    runs: 'inside',
    ...(fault.github === undefined ? {} : { github: fault.github }),
  }
  return withStage(options, async (stage) => {
    const pull = stage.pull(fault.base ?? SHOP, fault.change ?? VIOLATION)
    const event = stage.github.eventPayload({ kind: 'pull_request', pull })
    fault.fault?.(stage.github, pull)
    const acting = typeof fault.acting === 'function' ? fault.acting(stage.github) : fault.acting
    const run = await stage.act(event, { runs, ...acting })
    expect(stage.github.unusedScripts()).toEqual([])
    const page = pageOf(stage.github, pull)
    expectOutcome(fault, run, page)
    expect(run.stdout.match(/^waited .*$/gm) ?? []).toEqual(fault.waits ?? [])
    for (const pattern of fault.says ?? []) expect(`${run.stdout}\n${run.summary}`).toMatch(pattern)
    expect(problemsAfter(stage, run, fault.outcome === 'superseded' ? null : pull)).toEqual([])
    expect(run.requests.length).toBeLessThanOrEqual(MOST_REQUESTS)
    fault.also?.(run, { stage, pull, page })
    return fault.repair === 'never' ? [] : await repaired(stage, pull, fault)
  })
}

const FAILED_CHECK = ['failure: 1 new finding']

function expectOutcome({ outcome, places = [AT], checks = FAILED_CHECK }: Fault, run: Acted, page: SeenPage): void {
  const { exitCode, outputs, summary } = run
  const verdict = outputs['verdict']
  switch (outcome) {
    case 'invisible':
      expect([exitCode, verdict, openPlaces(page), page.checks]).toEqual([1, 'fail', places.toSorted(), checks])
      return
    case 'incomplete':
      expect([exitCode, verdict, page.comments]).toEqual([3, 'incomplete', []])
      expect(summary).toMatch(/^## Incomplete: /)
      expect(page.checks.filter((check) => !check.startsWith('failure: Incomplete: '))).toEqual([])
      return
    case 'degraded':
    case 'superseded':
      expect([exitCode, verdict, page.comments, tellsEverything(run)]).toEqual([1, 'fail', [], true])
      expect(notices(run)).toHaveLength(outcome === 'degraded' ? 1 : 0)
      if (outcome === 'superseded') expect(run.stdout).toMatch(/superseded by [0-9a-f]{40}/)
      return
    case 'usage error':
      expect([exitCode, verdict, page.comments]).toEqual([2, undefined, []])
      expect(run.stdout.match(/^::error title=PhaseGate::/gm)).toHaveLength(1)
      return
    default:
      outcome satisfies never
  }
}

function openPlaces({ comments }: SeenPage): string[] {
  return comments
    .filter(({ form }) => form === 'open')
    .map(({ at }) => at)
    .toSorted()
}

function tellsEverything({ stdout, summary }: Acted): boolean {
  return stdout.includes(`,file=${PATH},line=7,endLine=7::`) && summary.includes(`[\`${AT}\`]`)
}

/** What is there after the runs that follow a fault, and what the last of them wrote. */
interface Repaired {
  readonly places: readonly string[]
  readonly writes: readonly string[]
}

async function repaired(stage: Stage, pull: PullRequest, fault: Fault): Promise<readonly string[]> {
  const runs = async (): Promise<Repaired> => repairing(stage, pull, fault)
  // a server with a dialect of its own may answer the next run in another way although it holds the same
  const { places, writes } =
    fault.github === undefined ? await afterwards(stage, pull, runs, [fault.outcome, fault.repair]) : await runs()
  expect(places).toEqual((fault.places ?? [AT]).toSorted())
  return writes
}

/** Where nothing was left to repair the next run has nothing to write already; `one run`: a notice in the summary goes first. */
async function repairing(stage: Stage, pull: PullRequest, { outcome, repair }: Fault): Promise<Repaired> {
  if (outcome !== 'invisible' || repair === 'one run') {
    const run = await stage.review(pull, { runId: 2 })
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([1, []])
  }
  const places = openPlaces(pageOf(stage.github, pull))
  // an incomplete run left no comment, so what repaired it was an ordinary first review: that the next one is silent is shown elsewhere
  if (outcome === 'incomplete' || outcome === 'usage error') return { places, writes: [] }
  const last = await stage.review(pull, { runId: 3 })
  expect([last.exitCode, problemsAfter(stage, last, pull)]).toEqual([1, []])
  return { places, writes: last.writes }
}

/** Whether a GraphQL request is the one that reads contents, or the one that lists reviews and threads. */
export const asksFor =
  (name: 'Blobs' | 'Existing') =>
  ({ body }: { readonly body: unknown }): boolean =>
    String((body as { query?: unknown } | null)?.query).includes(`query ${name}`)

/**
 * Runs before the Action: a wait of a minute or two passes at once, on its clock as well, and is told in the log. Time-outs stay as they are;
 * so do timers that no process stays alive for, such as that of an idle connection: passing them as well would use up the time of the run.
 */
const SKIP = `
const [start, now] = [globalThis.setTimeout, Date.now]
let skipped = 0
Date.now = () => now() + skipped
globalThis.setTimeout = (job, ms, ...rest) => {
  const timer = start(job, ms, ...rest)
  if (!(ms >= 50_000 && ms <= 130_000)) return timer
  const due = Date.now() + ms
  start(() => {
    // neither cleared nor unref'd meanwhile
    if (!timer.hasRef()) return
    clearTimeout(timer)
    skipped = Math.max(skipped, due - now())
    process.stdout.write('waited ' + Math.round(ms / 1000) + ' s\\n')
    job(...rest)
  }, 20)
  return timer
}
`
export const SKIPPING_MINUTES = {
  ...BUILT,
  environment: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(SKIP)}` },
}

export const REFUSED = {
  status: 403,
  body: {
    message: 'Resource not accessible by integration',
    documentation_url: 'https://docs.github.com',
    status: '403',
  },
}
export const UNPROCESSABLE = (text: string): { readonly status: number; readonly body: unknown } => ({
  status: 422,
  body: {
    message: 'Unprocessable Entity',
    errors: [text],
    documentation_url: 'https://docs.github.com',
    status: '422',
  },
})
