// What has to be true after every run, whatever it met. Each problem is one line, so that a test can ask for an empty list.
// Nothing here knows what a run should have found.
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { PullRequest } from '../../src/demo/state.ts'
import { readMarker } from '../../src/publish/marker.ts'
import { totalsProblems } from './totals.ts'
import type { Acted, Stage } from './stage.ts'

const EXITS: Readonly<Record<string, readonly number[]>> = { pass: [0], fail: [1], incomplete: [3, 0] }
const REPORT_SCHEMA = new URL('../../schemas/report.schema.json', import.meta.url)

/** `pull`: null for events without one. */
export function problemsAfter(stage: Stage, acted: Acted, pull: PullRequest | null): string[] {
  return [
    ...endProblems(acted),
    ...secrecyProblems(stage, acted),
    ...reportProblems(acted),
    ...checkProblems(stage, acted),
    ...(pull === null ? [] : pageProblems(stage, pull)),
    ...totalsProblems(stage, acted, pull),
    ...stage.objections(),
  ]
}

function endProblems({ exitCode, signal, stdout, stderr, summary, outputs }: Acted): string[] {
  const verdict = outputs['verdict'] ?? ''
  const trace = /^\s+at .+:\d+:\d+\)?$|unhandled|\bundefined\b|\[object /im
  return [
    ...(signal === null && exitCode !== null && exitCode >= 0 && exitCode <= 3
      ? []
      : [`ended with ${exitCode} ${signal}`]),
    ...(stderr === '' ? [] : [`stderr: ${stderr}`]),
    ...[stdout, summary].flatMap((text) => trace.exec(text)?.[0] ?? []),
    ...(verdict === '' || EXITS[verdict]?.includes(exitCode ?? -1) === true
      ? []
      : [`${verdict} with exit ${exitCode}`]),
    ...(verdict === '' && exitCode === 0 ? ['exit 0 without a verdict'] : []),
  ]
}

/** The check run that the run points to has the colour of the job. */
function checkProblems({ github }: Stage, { exitCode, outputs, report }: Acted): string[] {
  const id = Number(outputs['check-run-url']?.split('/').at(-1))
  const check = github.checkRuns(report?.head ?? '').find((it) => it.id === id)
  const expected = exitCode === 0 ? 'success' : 'failure'
  if (check === undefined || check.conclusion === expected) return []
  return [`exit ${exitCode} beside a check run that is ${check.conclusion}`]
}

/** The token, its Base64 and its URL form, wherever the run could have left it. The runner itself removes the line that masks it. */
function secrecyProblems(
  { github }: Stage,
  { token, stdout, stderr, summary, outputs, report, sarif }: Acted,
): string[] {
  const bodies = github.requests.map(({ body, query }) => JSON.stringify([body, query]))
  const log = stdout.replace(`::add-mask::${token}\n`, '')
  const all = [log, stderr, summary, JSON.stringify([outputs, report, sarif]), ...bodies]
  const forms = [token, Buffer.from(token).toString('base64').replace(/=+$/, ''), encodeURIComponent(token)]
  return forms.filter((form) => all.some((text) => text.includes(form))).map(() => 'the token is shown')
}

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
const fitsSchema = ajv.compile(JSON.parse(readFileSync(REPORT_SCHEMA, 'utf8')) as object)

function reportProblems({ report }: Acted): string[] {
  if (report === null || fitsSchema(report)) return []
  return (fitsSchema.errors ?? []).map(({ instancePath, message }) => `report ${instancePath} ${message ?? ''}`)
}

function pageProblems({ github }: Stage, pull: PullRequest): string[] {
  const ours = github.reviews(pull).filter(({ author }) => author.type === 'Bot')
  const live = github
    .comments(pull)
    .filter(({ author, thread }) => author.type === 'Bot' && thread.resolvedBy === null)
    .flatMap(({ body }) => readMarker(body) ?? [])
    .filter(({ state }) => state === 'open')
    .flatMap(({ key, findings }) => findings.map(({ fingerprint }) => `${key} ${fingerprint}`))
  const conclusions = github.checkRuns(pull.headSha).map(({ conclusion }) => conclusion ?? 'unfinished')
  return [
    ...ours.filter(({ state }) => state !== 'COMMENTED').map(({ state }) => `a review that is ${state}`),
    ...live.filter((it, at) => live.indexOf(it) !== at).map((it) => `two live comments for ${it}`),
    ...conclusions
      .filter((it) => !['success', 'failure', 'cancelled'].includes(it))
      .map((it) => `a check run that is ${it}`),
  ]
}
