// Where the built Action is tried from outside: an embedded GitHub, the guard in front of it, pull requests as people open them, and
// runs as the runner starts them. What has to hold after every run whatever it met is checked here (aftermath.ts), not in each test.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'
import type { FileChanges } from '../../src/demo/git.ts'
import type { GitHubOptions } from '../../src/demo/options.ts'
import { tokenHash } from '../../src/demo/rights.ts'
import { runAction, type ActionResult, type ActionRun } from '../../src/demo/run-action.ts'
import type { PullRequest, Repository, Rights } from '../../src/demo/state.ts'
import type { RunnerEvent } from '../../src/demo/events.ts'
import type { Report } from '../../src/report/json-schema.ts'
import { startGuardedProxy } from './guarded-proxy.ts'
import { runInside } from './inside.ts'

export const ACTION = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface Stage {
  readonly github: EmbeddedGitHub
  /** a new repository with one commit on `main` */
  readonly repository: (files: FileChanges) => Repository
  /** a new repository and a pull request with one commit on it */
  readonly pull: (base: FileChanges, change: FileChanges) => PullRequest
  readonly act: (event: RunnerEvent, options?: Acting) => Promise<Acted>
  /** the event `pull_request` for the pull request as it is now */
  readonly review: (pull: PullRequest, options?: Acting) => Promise<Acted>
  /** what neither GitHub nor its published descriptions would accept */
  readonly objections: () => readonly string[]
  readonly close: () => Promise<void>
}

export interface StageOptions {
  readonly github?: GitHubOptions
  /** without the guard bytes go through as they are: for answers that no description allows */
  readonly guarded?: boolean
  /** what runs where a run does not say it; default: the built Action */
  readonly runs?: Runs
}

/**
 * The built Action in a process of its own, as the runner starts it; or the Action from src/ in the process of the test, which takes a
 * fraction of the time. What the process is needs the first, and so does one run of every kind; what GitHub is told needs the second only.
 */
export type Runs = 'built' | 'inside'

export const BUILT = { runs: 'built' } as const

export interface Acting
  extends Partial<Pick<ActionRun, 'inputs' | 'environment' | 'runId' | 'attempt' | 'onStart' | 'timeout' | 'github'>> {
  /** of the token; default: what a workflow for pull requests of the same repository has */
  readonly rights?: Rights
  /** files that are in the workspace before the run, such as a downloaded artifact */
  readonly files?: Readonly<Record<string, string>>
  /** login of the token's account; default: github-actions[bot] */
  readonly login?: string
  readonly runs?: Runs
}

export interface Acted extends ActionResult {
  readonly token: string
  /** `GET /repos/…/pulls/1 200` without the repository's part, in order */
  readonly requests: readonly string[]
  /** those of them that change something */
  readonly writes: readonly string[]
  /** what it wrote into report-file; null if there is none */
  readonly report: Report | null
  readonly sarif: unknown
}

export const REVIEWER: Rights = { contents: 'read', 'pull-requests': 'write', checks: 'write' }

export async function openStage({
  github: dialect,
  guarded = true,
  runs: usual = 'built',
}: StageOptions = {}): Promise<Stage> {
  const github = await startGitHub(dialect)
  const proxy = guarded ? await startGuardedProxy(github.url) : null
  const { url, graphqlUrl } = proxy ?? github
  const api = { url, graphqlUrl, serverUrl: github.serverUrl }
  let made = 0
  const repository = (files: FileChanges): Repository => github.createRepository(`acme/app-${++made}`, files)
  const act = async (event: RunnerEvent, options: Acting = {}): Promise<Acted> => {
    const { rights = REVIEWER, login, files = {}, runs = usual, ...rest } = options
    const token = github.createToken(rights, login === undefined ? {} : { login })
    const workspace = mkdtempSync(join(tmpdir(), 'phasegate-workspace-'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, name), text)
    try {
      const inputs = { 'github-token': token, 'report-file': 'report.json', 'sarif-file': 'report.sarif' }
      const step = { event, github: api, workspace, ...rest, inputs: { ...inputs, ...options.inputs } }
      const result = await (runs === 'built' ? runAction({ actionPath: ACTION, ...step }) : runInside(step))
      const log = github.requests.filter((it) => it.tokenHash === tokenHash(token))
      const lines = log.map((it) => ({ write: isWrite(it), text: requestLine(it) }))
      return {
        ...result,
        token,
        requests: lines.map(({ text }) => text),
        writes: lines.filter(({ write }) => write).map(({ text }) => text),
        report: readJson(join(workspace, 'report.json')) as Report | null,
        sarif: readJson(join(workspace, 'report.sarif')),
      }
    } finally {
      rmSync(workspace, { recursive: true, force: true })
    }
  }
  return {
    github,
    repository,
    pull: (base, change) => {
      const { fullName } = repository(base)
      github.commit(fullName, 'topic', change)
      return github.openPullRequest({ repository: fullName, head: 'topic', title: 'A change' })
    },
    act,
    review: async (pull, options) => act(github.eventPayload({ kind: 'pull_request', pull }), options),
    objections: () => [...github.violations(), ...(proxy?.problems() ?? [])],
    close: async () => {
      await proxy?.close()
      await github.close()
    },
  }
}

/** A stage of its own for one test. */
export async function withStage<T>(options: StageOptions, use: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await openStage(options)
  try {
    return await use(stage)
  } finally {
    await stage.close()
  }
}

type Logged = EmbeddedGitHub['requests'][number]

function isWrite({ method, path, body }: Logged): boolean {
  if (path !== '/graphql') return method !== 'GET'
  return /^\s*mutation\b/.test(String((body as { query?: unknown } | null)?.query))
}

function requestLine({ method, path, status }: Logged): string {
  const short = path
    .replace(/^\/repos\/[^/]+\/[^/]+/, '')
    .replaceAll(/[0-9a-f]{40}/g, ':sha')
    .replaceAll(/\d{9,}/g, ':id')
  return `${method} ${short} ${status ?? 'unanswered'}`
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
