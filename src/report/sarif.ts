// `--format sarif`: the review as SARIF 2.1.0. Every finding is one result (old, fixed and suppressed ones included), the call path is
// its code flow, what was not followed and what is incomplete are notifications of the invocation. Section numbers are those of the standard.
import type { CodeFlow, Invocation, Location, Log, Message, Notification, Region, Result } from 'sarif'
import type { Incomplete, NotFollowed, Operation, PlacedFinding, Review, TraceStep } from '../findings/model.ts'
import { encodePath } from './context.ts'
import { serialise } from './json.ts'
import { toPlain } from './phrase.ts'
import { redact } from './redact.ts'
import { RULE_ORDER, sarifRules } from './sarif-rules.ts'
import { mainOperation, operationSentence, otherOperations, stepSentence, fixOf } from './story.ts'
import { decisive } from './totals.ts'
import { ZERO_WIDTH_SPACE, visibleBlock } from './visible.ts'
import { incompleteWords, notFollowedWords } from './words.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
/** The name ends in its version (3.27.17): a change of what goes into the hash gets the next number. */
const FINGERPRINT = 'phasegate/v1'
const ROOT = 'SRCROOT'

export function renderSarif(review: Review, toolVersion: string): string {
  const safe = redact(review)
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'PhaseGate', version: toolVersion, semanticVersion: toolVersion, rules: sarifRules() },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [ROOT]: { description: { text: 'The root of the analysed tree.' } } },
        invocations: [invocation(safe)],
        results: safe.findings.filter((f) => f.rule !== 'not-followed').map(result),
        properties: {
          verdict: safe.verdict,
          base: safe.base,
          head: safe.head,
          profiles: safe.profiles,
          entryPoints: safe.entryPoints.length,
          configurationChanged: safe.configurationChanged,
        },
      },
    ],
  }
  return serialise(log)
}

function invocation(review: Review): Invocation {
  const complete = review.verdict !== 'incomplete' && decisive(review).length === 0
  const notes = [...review.incomplete.map(incompleteNotification), ...review.notFollowed.map(notFollowedNotification)]
  return { executionSuccessful: complete, toolExecutionNotifications: notes }
}

function incompleteNotification(incomplete: Incomplete): Notification {
  const { file, line, reason, message } = incomplete
  const why = message === '' ? '' : `: ${message}`
  return {
    level: incomplete.decides ? 'error' : 'note',
    descriptor: { id: `incomplete/${reason}` },
    message: words(`${file} ${incompleteWords(reason)}${why}`),
    locations: [location(file, line > 0 ? { startLine: line } : null)],
    properties: { entryPoints: incomplete.entryPoints },
  }
}

function notFollowedNotification({ file, line, text, reason, entryPoint }: NotFollowed): Notification {
  return {
    level: 'note',
    descriptor: { id: `not-followed/${reason}` },
    associatedRule: { id: 'not-followed', index: RULE_ORDER.indexOf('not-followed') },
    message: words(`Not followed: ${text} (${notFollowedWords(reason)})`),
    locations: [location(file, { startLine: line })],
    properties: { entryPoint },
  }
}

/**
 * A message of foreign words: braces are doubled, because single ones are placeholders (3.11.5), and `](`, which Python writes in
 * `handlers[key](x)`, is broken, because it would be an embedded link (3.11.6).
 */
function words(text: string): Message {
  return { text: visibleBlock(text).replace(/[{}]/g, '$&$&').replaceAll('](', `]${ZERO_WIDTH_SPACE}(`) }
}

function location(file: string, region: Region | null, message?: string): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodePath(file), uriBaseId: ROOT },
      ...(region === null ? {} : { region }),
    },
    ...(message === undefined ? {} : { message: words(message) }),
  }
}

function operationRegion(o: Operation): Region {
  return {
    startLine: o.line,
    startColumn: o.column,
    endLine: o.endLine,
    endColumn: o.endColumn,
    snippet: { text: o.text },
  }
}

function stepRegion(s: TraceStep | { line: number; column: number; text: string }): Region {
  return { startLine: s.line, startColumn: s.column, snippet: { text: s.text } }
}

function result(finding: PlacedFinding): Result {
  const main = mainOperation(finding)
  const flow = main === null ? null : codeFlow(finding, main)
  return {
    ruleId: finding.rule,
    ruleIndex: RULE_ORDER.indexOf(finding.rule),
    ...grade(finding),
    message: words(`${finding.message}\n\nFix: ${fixOf(finding)}`),
    locations: [primaryLocation(finding, main)],
    ...(flow === null ? {} : { codeFlows: [flow] }),
    ...related(finding),
    partialFingerprints: { [FINGERPRINT]: finding.fingerprint },
    ...(finding.baselineState === null ? {} : { baselineState: finding.baselineState }),
    // an empty array says "not suppressed", no array says "unknown" (3.27.23)
    suppressions:
      finding.suppression === null
        ? []
        : [{ kind: finding.suppression.kind, justification: visibleBlock(finding.suppression.reason) }],
    ...fixes(finding),
    properties: {
      confidence: finding.confidence,
      phase: finding.phase,
      entryPoint: finding.entryPoint,
      movedFrom: finding.movedFrom,
      severity: finding.severity,
    },
  }
}

/** A guess asks for a person: kind `review`, and then the level has to be `none` (3.27.10). Everything else fails at its severity. */
function grade(finding: PlacedFinding): Pick<Result, 'kind' | 'level'> {
  return finding.confidence === 'low' ? { kind: 'review', level: 'none' } : { kind: 'fail', level: finding.severity }
}

function primaryLocation(finding: PlacedFinding, main: Operation | null): Location {
  const { file, line, column } = finding.location
  const place =
    main === null
      ? location(file, { startLine: line, startColumn: column })
      : location(main.file, operationRegion(main))
  return finding.workFunction === ''
    ? place
    : { ...place, logicalLocations: [{ fullyQualifiedName: finding.workFunction }] }
}

function codeFlow(finding: PlacedFinding, main: Operation): CodeFlow {
  const steps = finding.trace.map((s, i) => ({
    location: location(s.file, stepRegion(s), toPlain(stepSentence(s))),
    kinds: ['call'],
    nestingLevel: i,
    executionOrder: i + 1,
    importance: 'essential' as const,
  }))
  const last = {
    location: location(main.file, operationRegion(main), toPlain(operationSentence(finding, main))),
    kinds: ['call'],
    nestingLevel: steps.length,
    executionOrder: steps.length + 1,
    importance: 'essential' as const,
  }
  return {
    message: words(`From ${finding.entryPoint} to the database`),
    threadFlows: [{ locations: [...steps, last] }],
  }
}

/** Guards and the other operations of the function: places that explain, not places to fix. */
function related(finding: PlacedFinding): Pick<Result, 'relatedLocations'> {
  const guards = finding.guards.map((g) => location(g.file, stepRegion(g), `Runs only under: ${g.text}`))
  const others = otherOperations(finding).map((o) =>
    location(o.file, operationRegion(o), toPlain(operationSentence(finding, o))),
  )
  const all = [...guards, ...others]
  for (const [id, place] of all.entries()) place.id = id
  return all.length === 0 ? {} : { relatedLocations: all }
}

/** Safe edits only: a viewer may apply them without asking. */
function fixes({ suggestion }: PlacedFinding): Pick<Result, 'fixes'> {
  if (suggestion === null || suggestion.disposition !== 'safe') return {}
  const { path, startLine, endLine, replacement, title } = suggestion
  const replacements = [
    { deletedRegion: { startLine, endLine }, insertedContent: { text: replacement.replace(/\n$/, '') } },
  ]
  return {
    fixes: [
      {
        description: { text: `${title}.` },
        artifactChanges: [{ artifactLocation: { uri: encodePath(path), uriBaseId: ROOT }, replacements }],
      },
    ],
  }
}
