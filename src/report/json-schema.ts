// The shape of the JSON report, written once: the type `Report`, the published schema and the check of incoming reports come from here.
// It is public interface (schemaVersion 1) and changes only by adding. schemas/report.schema.json is generated from it.
import * as v from 'valibot'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
/** lines and columns count from 1, columns in UTF-16 units */
const ordinal = v.pipe(v.number(), v.integer(), v.minValue(1))
const path = v.pipe(v.string(), v.description('relative to the analysed root, separated by /'))
const commit = v.pipe(v.nullable(v.string()), v.description('commit id, or null for a directory'))

const severity = v.picklist(['error', 'warning', 'note'])
const point = { file: path, line: ordinal, column: ordinal }

const rule = v.picklist([
  'database-in-phase-1',
  'database-at-import',
  'database-scheduled-in-phase-1',
  'hook-called-not-passed',
  'missing-setup-hook',
  'missing-initialize',
  'unregistered-model',
  'unchecked-database-service',
  'unused-suppression',
  'suppression-without-reason',
])

const entryPoint = v.strictObject({
  id: v.pipe(v.string(), v.description('FILE::QUALNAME, or FILE alone for a module body')),
  file: path,
  line: ordinal,
  name: v.string(),
  profile: v.string(),
  state: v.picklist(['clean', 'finding', 'incomplete']),
  calls: v.strictObject({ reached: count, followed: count }),
})

const operation = v.strictObject({
  ...point,
  endLine: ordinal,
  endColumn: ordinal,
  symbol: v.string(),
  kind: v.picklist(['query', 'session', 'connection', 'model', 'schema', 'migration', 'transaction']),
  text: v.string(),
  added: v.pipe(
    v.optional(v.boolean()),
    v.description('only where a base was compared: not in the finding of the base'),
  ),
})

const step = v.strictObject({
  ...point,
  function: v.string(),
  kind: v.picklist([
    'call',
    'construct',
    'await',
    'enter',
    'iterate',
    'property',
    'operator',
    'import',
    'decorator',
    'default',
    'class-body',
    'invoke',
  ]),
  callee: v.string(),
  text: v.string(),
})

const placement = v.variant('kind', [
  v.strictObject({ kind: v.literal('line'), path, side: v.literal('RIGHT'), line: ordinal }),
  v.strictObject({ kind: v.literal('range'), path, side: v.literal('RIGHT'), startLine: ordinal, line: ordinal }),
  v.strictObject({ kind: v.literal('file'), path }),
  v.strictObject({ kind: v.literal('summary'), reason: v.string() }),
])

const finding = v.strictObject({
  rule,
  severity,
  confidence: v.picklist(['high', 'medium', 'low']),
  fingerprint: v.string(),
  baselineState: v.pipe(
    v.nullable(v.picklist(['new', 'unchanged', 'updated', 'absent'])),
    v.description('null without a base, or where the base could not be compared'),
  ),
  movedFrom: v.pipe(v.nullable(v.string()), v.description('fingerprint of the finding that this one replaces')),
  phase: v.nullable(v.picklist(['phase-1', 'import', 'scheduled'])),
  entryPoint: v.string(),
  message: v.string(),
  operations: v.array(operation),
  trace: v.array(step),
  guards: v.array(v.strictObject({ ...point, text: v.string() })),
  placement: v.nullable(placement),
  suggestion: v.nullable(
    v.strictObject({
      path,
      startLine: ordinal,
      endLine: ordinal,
      replacement: v.string(),
      disposition: v.picklist(['safe', 'unsafe']),
      title: v.pipe(v.string(), v.description('what the edit does')),
      patch: v.pipe(v.string(), v.description('the same edit as a unified diff, for git apply')),
    }),
  ),
  suppression: v.nullable(v.strictObject({ kind: v.picklist(['inSource', 'external']), reason: v.string() })),
  location: v.pipe(v.optional(v.strictObject(point)), v.description('only where operations is empty')),
})

export const reportSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    tool: v.strictObject({ name: v.literal('phasegate'), version: v.string() }),
    verdict: v.picklist(['pass', 'fail', 'incomplete']),
    base: commit,
    head: commit,
    entryPoints: v.array(entryPoint),
    findings: v.array(finding),
    notFollowed: v.array(
      v.strictObject({ file: path, line: ordinal, entryPoint: v.string(), text: v.string(), reason: v.string() }),
    ),
    incomplete: v.array(
      v.strictObject({ file: path, line: count, reason: v.string(), entryPoints: v.array(v.string()) }),
    ),
    suppressionsAdded: v.array(
      v.strictObject({ file: path, line: ordinal, rules: v.array(v.string()), reason: v.string() }),
    ),
    configurationChanged: v.boolean(),
    stats: v.strictObject({
      files: count,
      parsed: count,
      fromCache: count,
      milliseconds: v.pipe(v.number(), v.minValue(0)),
    }),
  }),
  v.title('PhaseGate report'),
  v.description(
    'The JSON report of phasegate check. Later releases may add properties: validate with the schema of the same release.',
  ),
)

/** The JSON report as a value. */
export type Report = v.InferOutput<typeof reportSchema>
