// What holds for a review of any change, whatever the code: reviews of random programs and edits of them are held against it.
// Each answer is one sentence about what does not hold; nothing is asserted here.
import { safeParse } from 'valibot'
import { cutText } from '../../src/cache/pack.ts'
import type { IrCache } from '../../src/cache/store.ts'
import { loadConfig } from '../../src/config/load.ts'
import { hunkOf } from '../../src/diff/anchors.ts'
import type { ChangeSet } from '../../src/diff/model.ts'
import type { PlacedFinding, Review } from '../../src/findings/model.ts'
import { reportSchema } from '../../src/report/json-schema.ts'
import { serialise, toReport } from '../../src/report/json.ts'
import { review } from '../../src/review.ts'
import { changesBetween } from '../../src/sources/changes.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { CONFIGURATION } from '../oracle/analyser.ts'
import type { Files } from '../oracle/model.ts'
import type { Edit } from './edits.ts'

const CONFIG = loadConfig(CONFIGURATION, 'phasegate.yml')

interface Reviewed {
  readonly result: Review
  readonly changes: ChangeSet | null
}

async function reviewed(head: Files, base: Files | null, cache: IrCache | null = null): Promise<Reviewed> {
  const [after, before] = [memoryReader(head), base === null ? null : memoryReader(base)]
  const changes = before === null ? null : await changesBetween(before, after)
  const result = await review({
    head: after,
    base: before,
    config: CONFIG,
    configurationChanged: false,
    notices: [],
    baseline: [],
    changes,
    failOn: 'error',
    onIncomplete: 'fail',
    maxSeconds: null,
    cache,
    team: null,
    progress: () => undefined,
    trials: 0,
  })
  return { result, changes }
}

/** What does not hold for an edit; empty when everything does. */
export async function violations(base: Files, head: Files, leaves: Edit['leaves']): Promise<string[]> {
  const there = await reviewed(head, base)
  const back = await reviewed(base, head)
  const alone = await reviewed(head, null)
  const kept = memoryCache()
  await reviewed(head, base, kept)
  const cached = await reviewed(head, base, kept)
  return [
    ...placed(there),
    ...schema(there.result),
    ...(text(there.result) === text(cached.result) ? [] : ['the cache changes the report']),
    ...sameAlone(there, alone),
    ...reverted(there.result, back.result),
    ...(leaves === 'any' ? [] : unaffected(there.result, leaves)),
  ]
}

/** A cache that lives as long as the review. */
function memoryCache(): IrCache {
  const values = new Map<string, string>()
  return {
    get: (id) => values.get(id) ?? null,
    cut: (id) => cutText(values.get(id) ?? ''),
    set: (id, value) => values.set(id, value),
    flush: () => undefined,
  }
}

/** The report without what differs from run to run. */
function text(result: Review): string {
  return serialise({ ...toReport(result, '0'), stats: null })
}

function told({ rule, entryPoint, workFunction, operations }: PlacedFinding): string {
  return `${rule} of ${entryPoint} in ${workFunction} (${operations.map(({ file, line }) => `${file}:${line}`).join(', ')})`
}

function fact(finding: PlacedFinding): string {
  return JSON.stringify([finding.fingerprint, finding.severity, finding.confidence, told(finding)])
}

/** New work stands on a line that the host takes, or says why it stands nowhere. */
function placed({ result, changes }: Reviewed): string[] {
  return result.findings.flatMap((finding) => {
    const { placement, baselineState } = finding
    if (baselineState === 'absent') return placement === null ? [] : [`${told(finding)} is gone and has a place`]
    if (placement === null) return [`${told(finding)} has no place`]
    if (placement.kind === 'summary') return placement.reason === '' ? [`${told(finding)} says no reason`] : []
    const file = changes?.files.find((it) => it.path === placement.path)
    if (file === undefined || file.status === 'removed') return [`${told(finding)} stands in a file without changes`]
    if (placement.kind === 'file') return []
    const hunk = hunkOf(file.hunks, placement.line)
    const first = placement.kind === 'range' ? placement.startLine : placement.line
    const fits = hunk !== null && hunk === hunkOf(file.hunks, first)
    return fits && (placement.kind === 'line' || first < placement.line)
      ? []
      : [`${told(finding)} stands outside of a hunk`]
  })
}

function schema(result: Review): string[] {
  const checked = safeParse(reportSchema, toReport(result, '0'))
  return checked.success ? [] : [`the report does not fit its schema: ${checked.issues[0].message}`]
}

/**
 * The base decides about states and places, never about what is found. Without a change nothing is looked for; where the head could not be
 * read, findings of the base are kept open.
 */
function sameAlone({ result: compared, changes }: Reviewed, { result: alone }: Reviewed): string[] {
  if (changes?.files.length === 0) return []
  const found = new Set(alone.findings.map(fact))
  const extra = compared.findings.filter((it) => it.baselineState !== 'absent' && !found.delete(fact(it)))
  const isOpen = alone.incomplete.length > 0 && extra.every(({ baselineState }) => baselineState === null)
  return found.size === 0 && (extra.length === 0 || isOpen) ? [] : ['other findings with a base than without one']
}

/** What is new and was nowhere before is gone again when the change is taken back. */
function reverted(there: Review, back: Review): string[] {
  const gone = new Set(back.findings.filter((it) => it.baselineState === 'absent').map((it) => it.fingerprint))
  return there.findings
    .filter((it) => it.baselineState === 'new' && it.movedFrom === null && !gone.has(it.fingerprint))
    .filter((it) =>
      back.findings.every(({ movedFrom, baselineState }) => movedFrom !== it.fingerprint && baselineState !== null),
    )
    .map((it) => `${told(it)} is new, and not gone when the change is taken back`)
}

function unaffected({ findings, verdict }: Review, leaves: 'same' | 'moved'): string[] {
  const allowed: readonly (string | null)[] = leaves === 'same' ? ['unchanged'] : ['unchanged', 'updated']
  const states = findings
    .filter((it) => !allowed.includes(it.baselineState))
    .map((it) => `${told(it)} is ${it.baselineState ?? 'not compared'} although nothing changed`)
  return verdict === 'fail' ? [...states, 'a change of nothing fails'] : states
}
