// The Action's inputs: names, defaults and forms, read from the variables that the runner sets (`INPUT_` and the name in upper case, blanks as
// `_`, hyphens kept). Pure. An unset input arrives as an empty text, which means "not given"; only `check-run` has a meaning for it.
// Must stay true: no message contains the value of the token.
import { ConfigurationError, type FailOn, type OnIncomplete } from '../config/model.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** `collect`: decides and leaves a report, writes nothing on the page. `publish`: writes the review, decides nothing. */
export type Stage = 'review' | 'collect' | 'publish'

export interface Inputs {
  readonly token: string
  readonly stage: Stage
  /** path inside the repository */
  readonly config: string | null
  /** empty: the configuration's, else detection */
  readonly profiles: readonly string[]
  readonly failOn: FailOn | null
  readonly onIncomplete: OnIncomplete
  readonly comments: boolean
  readonly maxComments: number
  /** null: no check run; also tells the comments of two jobs apart, so both stages are given the same */
  readonly checkRun: string | null
  readonly sarifFile: string | null
  readonly reportFile: string | null
  /** where lowered files are kept between runs; null: nowhere */
  readonly cacheDirectory: string | null
  /** path inside the repository */
  readonly baseline: string | null
}

/** What the two stages hand over where `report-file` says nothing. */
const REPORT_FILE = 'phasegate-report.json'
const MAX_COMMENTS = 20
const MOST_COMMENTS = 1000
const CHECK_RUN = 'PhaseGate'
/** What fits into lists and rulesets; longer names are cut there. */
const LONGEST_NAME = 100

/** Throws a ConfigurationError that names the input. */
export function readInputs(env: Environment): Inputs {
  const token = readToken(env)
  if (given(env, 'shard') !== '') throw wrong('shard', 'is not available yet (planned)')
  const stage = oneOf(env, 'stage', ['review', 'collect', 'publish'] as const) ?? 'review'
  return {
    token,
    stage,
    config: repositoryPath(env, 'config'),
    profiles: given(env, 'profiles')
      .split(/[\s,]+/)
      .filter((name) => name !== ''),
    failOn: oneOf(env, 'fail-on', ['error', 'warning', 'note', 'never'] as const),
    onIncomplete: oneOf(env, 'on-incomplete', ['fail', 'warn'] as const) ?? 'fail',
    comments: readComments(env) && stage !== 'collect',
    maxComments: readMaxComments(env),
    checkRun: readCheckRun(env),
    sarifFile: outputPath(env, 'sarif-file'),
    reportFile: outputPath(env, 'report-file') ?? (stage === 'review' ? null : REPORT_FILE),
    cacheDirectory: outputPath(env, 'cache-directory'),
    baseline: repositoryPath(env, 'baseline'),
  }
}

/** The token alone, so that it can be masked before anything else can go wrong; null if it is unusable. */
export function tokenOf(env: Environment): string | null {
  const token = rawInput(env, 'github-token')?.trim() ?? ''
  return token === '' ? null : token
}

function rawInput(env: Environment, name: string): string | undefined {
  return env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]
}

function given(env: Environment, name: string): string {
  return (rawInput(env, name) ?? '').trim()
}

function wrong(name: string, problem: string): ConfigurationError {
  return new ConfigurationError(`input ${name}: ${problem}`)
}

/** Quoted for a message: one line, not too long. */
function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
}

function readToken(env: Environment): string {
  const token = rawInput(env, 'github-token') ?? ''
  if (token.trim() === '') throw wrong('github-token', 'is empty; pass ${{ github.token }}')
  // a header cannot hold them, and the error of the HTTP client would quote the token
  if (/[\r\n]/.test(token)) throw wrong('github-token', 'contains a line break')
  if (/[^\x20-\x7e]/.test(token)) throw wrong('github-token', 'contains characters that no token has')
  return token.trim()
}

function oneOf<T extends string>(env: Environment, name: string, allowed: readonly T[]): T | null {
  const value = given(env, name)
  if (value === '') return null
  const found = allowed.find((it) => it === value)
  if (found === undefined) throw wrong(name, `${shown(value)} is not one of ${allowed.join(', ')}`)
  return found
}

/** The spellings of YAML's core schema, as `core.getBooleanInput` takes them. */
function readComments(env: Environment): boolean {
  const value = given(env, 'comments')
  if (['', 'true', 'True', 'TRUE'].includes(value)) return true
  if (['false', 'False', 'FALSE'].includes(value)) return false
  throw wrong('comments', `${shown(value)} is neither true nor false`)
}

function readMaxComments(env: Environment): number {
  const value = given(env, 'max-comments')
  if (value === '') return MAX_COMMENTS
  if (!/^\d{1,4}$/.test(value) || Number(value) > MOST_COMMENTS)
    throw wrong('max-comments', `${shown(value)} is not a whole number from 0 to ${MOST_COMMENTS}`)
  return Number(value)
}

/** Unset is the default, empty is none: the runner fills in the default of action.yml, so both can be told apart. */
function readCheckRun(env: Environment): string | null {
  const raw = rawInput(env, 'check-run')
  if (raw === undefined) return CHECK_RUN
  const name = raw.trim()
  if (name === '') return null
  // C0, C1 and the line separators: a name stands in one line everywhere
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)) throw wrong('check-run', 'contains a line break or another control character')
  if (name.length > LONGEST_NAME) throw wrong('check-run', `is longer than ${LONGEST_NAME} characters`)
  return name
}

/** A path inside the repository, `/` as separator. */
function repositoryPath(env: Environment, name: string): string | null {
  const value = given(env, name).replace(/^(?:\.\/)+/, '')
  if (value === '') return null
  if (/[\p{Cc}]/u.test(value)) throw wrong(name, 'contains a control character')
  if (value.includes('\\')) throw wrong(name, `${shown(value)} contains a backslash; separate with /`)
  if (/^(?:\/|[A-Za-z]:|~)/.test(value)) throw wrong(name, `${shown(value)} is not relative to the repository`)
  if (/(?:^|\/)\.{1,2}(?:\/|$)|\/\/|\/$|%2f/i.test(value))
    throw wrong(name, `${shown(value)} is not a plain path inside the repository`)
  return value
}

/** Whether it is inside the workspace is checked where it is written. */
function outputPath(env: Environment, name: string): string | null {
  const value = given(env, name)
  if (value === '') return null
  if (/[\p{Cc}]/u.test(value)) throw wrong(name, 'contains a control character')
  return value
}
