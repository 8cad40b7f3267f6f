// Compares what CPython did with what the analyser reports, phase by phase and probe site by probe site. A pure function: the judge of the oracle.
// Accepted both ways: the moment at which a thread that nobody joins runs, and `except` bodies (any call may raise).
import type { Disagreement, Hit, NotFollowedPlace, Observation, Reported, Run, Verdict } from './model.ts'

/** All disagreements about one program, in a fixed order. Executions that end in an error of their own count for what they did before. */
export function compare(observed: Observation, verdict: Verdict): Disagreement[] {
  const hits = observed.runs.flatMap((run) => run.hits)
  return [...missed(hits, verdict), ...invented(observed, hits, verdict), ...overconfident(observed.runs, verdict)]
}

/**
 * What is left of the disagreements when other code of the application may have changed flags before: no guard excuses what stands behind one, so the
 * analyser reports it.
 */
export function afterChanges(
  disagreements: readonly Disagreement[],
  observed: readonly Observation[],
  verdict: Verdict,
): Disagreement[] {
  const runs = observed.flatMap((observation) => observation.runs)
  const exhaustive = observed.every((observation) => observation.exhaustive)
  const hits = runs.flatMap((run) => run.hits)
  const left = new Set(invented({ runs, exhaustive }, hits, verdict).map(({ phase, where }) => `${phase} ${where}`))
  return disagreements.filter(({ kind, phase, where }) => kind !== 'false-alarm' || left.has(`${phase} ${where}`))
}

const nameOf = (hit: Hit): string => (hit.tag === null ? `${hit.file}:${hit.line}` : String(hit.tag))

/** The report speaks of the place at which the hit was seen. */
function sameSite(hit: Hit, op: Reported): boolean {
  if (hit.tag !== null && op.tag !== null) return hit.tag === op.tag
  if (hit.tag !== null && op.inside.includes(hit.tag)) return true
  // code of a string that a thread runs has no line of the program under it
  if (hit.file === '' && op.tag === null) return true
  return hit.file === op.file && hit.line >= op.line && hit.line <= op.endLine
}

/** The phase of a report fits the moment of a hit. */
function samePhase(hit: Hit, op: Reported): boolean {
  if (hit.thread) return true
  if (hit.phase === 'later') return op.phase === 'scheduled'
  return hit.phase === op.phase
}

function missed(hits: readonly Hit[], verdict: Verdict): Disagreement[] {
  const out = new Map<string, Disagreement>()
  for (const hit of hits) {
    if (hit.phase === 'later' || verdict.reported.some((op) => sameSite(hit, op) && samePhase(hit, op))) continue
    if (isTold(hit, hits, verdict)) continue
    const reason = verdict.incomplete ?? verdict.unknowns.find((place) => onTheWay(hit, place))?.reason ?? null
    const elsewhere = verdict.reported.filter((op) => sameSite(hit, op)).map((op) => op.phase)
    const detail = reason ?? (elsewhere.length > 0 ? `reported as ${elsewhere.join(', ')}` : 'not reported')
    const key = `${hit.phase} ${nameOf(hit)}`
    if (out.get(key)?.kind !== 'silent')
      out.set(key, { kind: reason === null ? 'silent' : 'not-followed', phase: hit.phase, where: nameOf(hit), detail })
  }
  return [...out.values()]
}

/** What a task did inside of the phase, and does again after it, is told once. */
function isTold(hit: Hit, hits: readonly Hit[], verdict: Verdict): boolean {
  if (hit.phase !== 'scheduled') return false
  const before = hits.find((other) => other.phase === 'phase-1' && nameOf(other) === nameOf(hit))
  return before !== undefined && verdict.reported.some((op) => sameSite(before, op) && samePhase(before, op))
}

function onTheWay(hit: Hit, place: NotFollowedPlace): boolean {
  return hit.stack.some(([file, line]) => file === place.file && line >= place.line && line <= place.endLine)
}

function invented(observed: Observation, hits: readonly Hit[], verdict: Verdict): Disagreement[] {
  if (!observed.exhaustive) return []
  return verdict.reported
    .filter((op) => !op.handler && !hits.some((hit) => sameSite(hit, op) && samePhase(hit, op)))
    .map((op) => ({
      kind: 'false-alarm',
      phase: op.phase,
      where: siteName(op),
      detail: op.may ? 'possible' : 'certain',
    }))
}

function overconfident(runs: readonly Run[], verdict: Verdict): Disagreement[] {
  const quiet = runs.filter((run) => run.outcome === 'ok' && run.raised.length === 0)
  return verdict.reported
    .filter(
      (op) =>
        !op.may &&
        op.resolution === 0 &&
        runs.some((run) => run.hits.some((hit) => sameSite(hit, op) && samePhase(hit, op))),
    )
    .filter((op) => quiet.some((run) => !run.hits.some((hit) => sameSite(hit, op) && samePhase(hit, op))))
    .map((op) => ({
      kind: 'overconfident',
      phase: op.phase,
      where: siteName(op),
      detail: 'certain, but an execution does not do it',
    }))
}

const siteName = (op: Reported): string => (op.tag === null ? `${op.file}:${op.line}` : String(op.tag))
