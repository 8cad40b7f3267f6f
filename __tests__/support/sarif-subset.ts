// The part of the SARIF 2.1.0 schema that our output uses, written from the standard (section numbers beside it), without unknown keys:
// a property that the standard does not have, or has elsewhere, fails. The standard's own schema is larger and says the same.

const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const
const ordinal = { type: 'integer', minimum: 1 } as const
const bag = { type: 'object' } as const

function shape(properties: Record<string, object>, required: readonly string[] = []): object {
  return { type: 'object', properties, required, additionalProperties: false }
}

function listOf(items: object): object {
  return { type: 'array', items }
}

const message = shape({ text }, ['text']) // 3.11
const artifactLocation = shape({ uri: { type: 'string', format: 'uri-reference' }, uriBaseId: text }, ['uri']) // 3.4
const region = shape({
  startLine: ordinal,
  startColumn: ordinal,
  endLine: ordinal,
  endColumn: ordinal,
  snippet: shape({ text }),
}) // 3.30
const location = shape({
  id: count,
  message,
  physicalLocation: shape({ artifactLocation, region }, ['artifactLocation']),
  logicalLocations: listOf(shape({ fullyQualifiedName: text })),
}) // 3.28

const descriptor = shape(
  {
    id: text,
    name: text,
    shortDescription: message,
    fullDescription: message,
    help: shape({ text, markdown: text }, ['text']),
    defaultConfiguration: shape({ level: { enum: ['none', 'note', 'warning', 'error'] } }),
    properties: bag,
  },
  ['id'],
) // 3.49

const threadFlowLocation = shape({
  location,
  kinds: listOf(text),
  nestingLevel: count,
  executionOrder: count,
  importance: { enum: ['important', 'essential', 'unimportant'] },
}) // 3.38

const replacement = shape({ deletedRegion: region, insertedContent: shape({ text }) }, ['deletedRegion']) // 3.57
const artifactChange = shape({ artifactLocation, replacements: listOf(replacement) }, [
  'artifactLocation',
  'replacements',
]) // 3.56

const result = shape(
  {
    ruleId: text,
    ruleIndex: count,
    kind: { enum: ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'] },
    level: { enum: ['none', 'note', 'warning', 'error'] },
    message,
    locations: listOf(location),
    relatedLocations: listOf(location),
    codeFlows: listOf(
      shape({ message, threadFlows: listOf(shape({ locations: listOf(threadFlowLocation) }, ['locations'])) }, [
        'threadFlows',
      ]),
    ),
    partialFingerprints: { type: 'object', additionalProperties: text },
    baselineState: { enum: ['new', 'unchanged', 'updated', 'absent'] },
    suppressions: listOf(shape({ kind: { enum: ['inSource', 'external'] }, justification: text }, ['kind'])),
    fixes: listOf(
      shape({ description: message, artifactChanges: { type: 'array', minItems: 1, items: artifactChange } }, [
        'artifactChanges',
      ]),
    ),
    properties: bag,
  },
  ['message'],
) // 3.27

const notification = shape(
  {
    level: { enum: ['none', 'note', 'warning', 'error'] },
    descriptor: shape({ id: text }),
    associatedRule: shape({ id: text, index: count }),
    message,
    locations: listOf(location),
    properties: bag,
  },
  ['message'],
) // 3.58

const run = shape(
  {
    tool: shape(
      { driver: shape({ name: text, version: text, semanticVersion: text, rules: listOf(descriptor) }, ['name']) },
      ['driver'],
    ),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    originalUriBaseIds: { type: 'object', additionalProperties: shape({ description: message }) },
    invocations: listOf(
      shape({ executionSuccessful: { type: 'boolean' }, toolExecutionNotifications: listOf(notification) }, [
        'executionSuccessful',
      ]),
    ),
    results: listOf(result),
    properties: bag,
  },
  ['tool'],
) // 3.14

/** Section 3.13. */
export const sarifSubset: object = shape(
  { $schema: { type: 'string', format: 'uri' }, version: { const: '2.1.0' }, runs: listOf(run) },
  ['version', 'runs'],
)
