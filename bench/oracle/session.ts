// Runs generated programs through CPython and the analyser and collects how they disagree. No output: callers print or assert.
import { createAnalyser } from './analyser.ts'
import { afterChanges, compare } from './compare.ts'
import type { Interpreter } from './cpython.ts'
import { generate } from './generate.ts'
import type { Disagreement, DisagreementKind, Files, OracleProgram, Run, Verdict } from './model.ts'

/** Executions tried for one program. */
export const RUN_LIMIT = 16
/** Executions tried where flags may have been changed before. */
const CHANGED_LIMIT = 64
/** Flags of modules (runner.py). */
const FLAG = /\b(?:DONE_\d+|READY)\b/
/** Exceptions that templates raise on purpose, and loops inside of loops; any other one that ends a run means that the program itself is wrong. */
const INTENDED =
  /^(?:ok|[a-z0-9-]+: RuntimeError: (?:asyncio\.run\(\) cannot be called from a running event loop|Cannot run the event loop while another loop is running)|[a-z0-9-]+: (?:Boom|ValueError|KeyError|RuntimeError): (?:'?stop'?|)|[a-z0-9-]+: ExceptionGroup: .*)$/

export interface Failure {
  readonly program: OracleProgram
  readonly disagreements: readonly Disagreement[]
}

export interface Statistics {
  programs: number
  /** refused by CPython, or ended by an error that no template meant */
  discarded: number
  executions: number
  /** probe sites that some execution reached, per phase */
  hits: number
  reported: number
  handlers: number
  notExhaustive: number
  certain: number
  readonly kinds: Record<DisagreementKind, number>
  /** programs that used each feature */
  readonly features: Record<string, number>
  /** why programs were discarded */
  readonly reasons: Record<string, number>
}

export function emptyStatistics(): Statistics {
  return {
    programs: 0,
    discarded: 0,
    executions: 0,
    hits: 0,
    reported: 0,
    handlers: 0,
    notExhaustive: 0,
    certain: 0,
    kinds: { silent: 0, 'not-followed': 0, 'false-alarm': 0, overconfident: 0 },
    features: {},
    reasons: {},
  }
}

export interface Judgement {
  /** null when the program cannot be judged */
  readonly disagreements: readonly Disagreement[] | null
  readonly reason: string
  readonly runs: readonly Run[]
  readonly exhaustive: boolean
  readonly verdict: Verdict
}

export type Judge = (files: Files) => Promise<Judgement>

const NOTHING: Verdict = { reported: [], unknowns: [], incomplete: null }

/** Judges single programs. */
export function createJudge(interpreter: Interpreter): Judge {
  const analyser = createAnalyser()
  return async (files) => {
    const waiting = interpreter.run(files, RUN_LIMIT)
    const verdict = await analyser(files)
    const outcome = await waiting
    if ('refused' in outcome)
      return { disagreements: null, reason: outcome.refused, runs: [], exhaustive: false, verdict: NOTHING }
    const broken = outcome.runs.find((run) => !INTENDED.test(run.outcome))
    if (broken !== undefined)
      return {
        disagreements: null,
        reason: broken.outcome,
        runs: outcome.runs,
        exhaustive: outcome.exhaustive,
        verdict,
      }
    let disagreements = compare(outcome, verdict)
    if (
      disagreements.some(({ kind }) => kind === 'false-alarm') &&
      Object.values(files).some((text) => FLAG.test(text))
    ) {
      const changed = await interpreter.run(files, CHANGED_LIMIT, true)
      if (!('refused' in changed)) disagreements = afterChanges(disagreements, [outcome, changed], verdict)
    }
    return {
      disagreements,
      reason: '',
      runs: outcome.runs,
      exhaustive: outcome.exhaustive,
      verdict,
    }
  }
}

export interface Range {
  readonly seed: number
  readonly from: number
  readonly to: number
}

/** Judges the programs from..to-1 of a seed. `onFailure` is told about each program with a disagreement. */
export async function runPrograms(
  judge: Judge,
  range: Range,
  onFailure: (failure: Failure) => void | Promise<void>,
): Promise<Statistics> {
  const statistics = emptyStatistics()
  let pending: { readonly program: OracleProgram; readonly judgement: Promise<Judgement> } | null = null
  for (let n = range.from; n <= range.to; n++) {
    // one program ahead: CPython runs the next one while this one is compared
    const next = n < range.to ? generate(range.seed, n) : null
    const ahead = next === null ? null : { program: next, judgement: judge(next.files) }
    if (pending !== null) await account(statistics, pending.program, await pending.judgement, onFailure)
    pending = ahead
  }
  return statistics
}

async function account(
  s: Statistics,
  program: OracleProgram,
  judgement: Judgement,
  onFailure: (failure: Failure) => void | Promise<void>,
): Promise<void> {
  s.programs++
  s.executions += judgement.runs.length
  if (judgement.disagreements === null) {
    s.discarded++
    const reason = judgement.reason.replaceAll(/\d+/g, 'N').slice(0, 90)
    s.reasons[reason] = (s.reasons[reason] ?? 0) + 1
    return
  }
  for (const feature of program.features) s.features[feature] = (s.features[feature] ?? 0) + 1
  s.hits += new Set(
    judgement.runs.flatMap((run) => run.hits.map((hit) => `${hit.phase} ${hit.tag ?? hit.line} ${hit.file}`)),
  ).size
  s.reported += judgement.verdict.reported.length
  s.handlers += judgement.verdict.reported.filter((op) => op.handler).length
  s.certain += judgement.verdict.reported.filter((op) => !op.may && op.resolution === 0).length
  if (!judgement.exhaustive) s.notExhaustive++
  for (const { kind } of judgement.disagreements) s.kinds[kind]++
  if (judgement.disagreements.length > 0) await onFailure({ program, disagreements: judgement.disagreements })
}
