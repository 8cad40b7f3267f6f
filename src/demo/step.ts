// What GitHub's runner gives a step and takes from it: inputs as INPUT_*, the event in a file, outputs and summary in files, an empty
// workspace, nothing of our own environment. Knows nothing of what the step is or how it is started.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { minimalPath } from './environment.ts'
import type { RunnerEvent } from './events.ts'

export interface Step {
  readonly event: RunnerEvent
  /** where the step finds GitHub */
  readonly github: { readonly url: string; readonly graphqlUrl: string; readonly serverUrl: string }
  /** `github-token` and others by their names in action.yml; what is not named gets its default */
  readonly inputs: Readonly<Record<string, string>>
  /** set or, with undefined, removed after everything else */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** default: an empty directory that is deleted afterwards */
  readonly workspace?: string
  /** GITHUB_RUN_ID and GITHUB_RUN_ATTEMPT (defaults 1 and 1) */
  readonly runId?: number
  readonly attempt?: number
}

export interface Written {
  /** what the step wrote to GITHUB_STEP_SUMMARY */
  readonly summary: string
  /** what it wrote to GITHUB_OUTPUT */
  readonly outputs: Readonly<Record<string, string>>
}

export interface PreparedStep {
  readonly environment: Readonly<Record<string, string>>
  readonly workspace: string
  readonly written: () => Written
  /** Deletes what was made for the step. */
  readonly close: () => void
}

/** Inputs as the runner passes them when the workflow says nothing: every declared input is there, without a default as "". */
const DEFAULT_INPUTS: Readonly<Record<string, string>> = {
  'github-token': '',
  config: '',
  profiles: '',
  'fail-on': '',
  'on-incomplete': '',
  comments: 'true',
  'max-comments': '20',
  'check-run': 'PhaseGate',
  'sarif-file': '',
  'report-file': '',
  stage: 'review',
  'cache-directory': '',
  baseline: '',
}

/** `node`: the program that will run the step; its directory is all of the PATH. */
export function prepareStep(step: Step, node: string): PreparedStep {
  const directory = mkdtempSync(join(tmpdir(), 'phasegate-run-'))
  const workspace = step.workspace ?? join(directory, 'workspace')
  mkdirSync(workspace, { recursive: true })
  const files = {
    event: join(directory, 'event.json'),
    summary: join(directory, 'summary.md'),
    output: join(directory, 'output.txt'),
  }
  writeFileSync(files.event, JSON.stringify(step.event.payload))
  writeFileSync(files.summary, '')
  writeFileSync(files.output, '')
  return {
    environment: runnerEnvironment(step, { directory, workspace, node, ...files }),
    workspace,
    written: () => ({
      summary: readFileSync(files.summary, 'utf8'),
      outputs: readOutputs(readFileSync(files.output, 'utf8')),
    }),
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}

interface Places {
  readonly directory: string
  readonly workspace: string
  readonly node: string
  readonly event: string
  readonly summary: string
  readonly output: string
}

function runnerEnvironment(step: Step, places: Places): Record<string, string> {
  const { event, github } = step
  const pull = (event.payload as { pull_request?: { head?: { ref?: string }; base?: { ref?: string } } }).pull_request
  const inputs = Object.entries({ ...DEFAULT_INPUTS, ...step.inputs })
  const all: Record<string, string | undefined> = {
    PATH: minimalPath(places.node),
    HOME: places.directory,
    LANG: 'C.UTF-8',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__phasegate',
    GITHUB_ACTOR: event.repository.split('/')[0],
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    GITHUB_SERVER_URL: github.serverUrl,
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: places.event,
    GITHUB_REPOSITORY: event.repository,
    GITHUB_REPOSITORY_OWNER: event.repository.split('/')[0],
    GITHUB_SHA: event.sha,
    GITHUB_REF: event.ref,
    GITHUB_HEAD_REF: pull?.head?.ref ?? '',
    GITHUB_BASE_REF: pull?.base?.ref ?? '',
    GITHUB_WORKFLOW: 'PhaseGate',
    GITHUB_JOB: 'phase-1',
    GITHUB_RUN_ID: `${step.runId ?? 1}`,
    GITHUB_RUN_NUMBER: `${step.runId ?? 1}`,
    GITHUB_RUN_ATTEMPT: `${step.attempt ?? 1}`,
    GITHUB_WORKSPACE: places.workspace,
    GITHUB_STEP_SUMMARY: places.summary,
    GITHUB_OUTPUT: places.output,
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    RUNNER_TEMP: places.directory,
    RUNNER_ENVIRONMENT: 'github-hosted',
    // Hyphens stay, blanks become underscores: the runner's own rule.
    ...Object.fromEntries(inputs.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])),
    ...step.environment,
  }
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** The two forms of an output file: `name=value`, and `name<<DELIMITER` with lines up to the delimiter. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const [, name, sign, rest] = /^([^=<]+)(=|<<)(.*)$/.exec(lines[at] ?? '') ?? []
    if (name === undefined || rest === undefined) continue
    if (sign === '=') {
      outputs[name] = rest
      continue
    }
    const end = lines.indexOf(rest, at + 1)
    outputs[name] = lines.slice(at + 1, end).join('\n')
    at = end < 0 ? lines.length : end
  }
  return outputs
}
