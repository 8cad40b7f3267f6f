// The words that reports use for the kinds of the model: operations, steps, phases, reasons. One table each, no sentences.
import type { Operation, OperationKindName, Phase, PlacedFinding, StepKind, TraceStep } from '../findings/model.ts'
import { RULES } from '../rules/metadata.ts'
import { type Name, name } from './phrase.ts'

/** What an operation does, as a predicate: `session.commit()` *ends a transaction*. */
const OPERATION_VERB: Readonly<Record<OperationKindName, string>> = {
  query: 'queries the database',
  session: 'uses a database session',
  connection: 'uses a database connection',
  model: 'works on model rows',
  schema: 'changes the schema',
  migration: 'runs a migration',
  transaction: 'opens or ends a transaction',
}

/** Methods of every driver and ORM that say which end of a transaction they are. */
const TRANSACTION_VERB: ReadonlyMap<string, string> = new Map([
  ['commit', 'commits a transaction'],
  ['rollback', 'rolls a transaction back'],
  ['begin', 'opens a transaction'],
  ['begin_nested', 'opens a transaction'],
])

export function operationVerb({ kind, symbol }: Operation): string {
  const verb = kind === 'transaction' ? TRANSACTION_VERB.get(symbol.slice(symbol.lastIndexOf('.') + 1)) : undefined
  return verb ?? OPERATION_VERB[kind]
}

export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  'phase-1': 'in Phase 1',
  import: 'at import, before Phase 1',
  scheduled: 'in a task that Phase 1 starts',
}

const STEP_VERB: Readonly<Record<StepKind, string>> = {
  call: 'calls',
  construct: 'constructs',
  await: 'awaits',
  enter: 'enters',
  iterate: 'iterates over',
  property: 'reads the property',
  operator: 'runs the operator method',
  import: 'imports',
  decorator: 'applies the decorator',
  default: 'evaluates the default in',
  'class-body': 'runs the class body of',
  invoke: 'has something run:',
}

export function stepVerb(kind: StepKind): string {
  return STEP_VERB[kind]
}

/** Where a step or an operation stands. A module body has no name of its own. */
export function functionName(qualname: string): Name | string {
  return qualname === '' ? 'the module body' : name(qualname)
}

/** The part of a dotted path that a reader of the line recognises: `ShopService.load`, `load`, `ShopService` for a constructor. */
export function calleeName(step: TraceStep): string {
  if (step.kind === 'import') return step.callee
  const parts = step.callee.split('.')
  const constructs = step.kind === 'construct' || step.kind === 'decorator' || step.kind === 'invoke'
  if (constructs && parts.length > 1 && /^__(?:init|new|post_init|call)__$/.test(parts.at(-1) ?? '')) parts.pop()
  const last = parts.at(-1) ?? step.callee
  const owner = parts.at(-2)
  // PEP 8: classes begin with a capital letter (perhaps after underscores), modules do not
  return owner !== undefined && /^_*\p{Lu}/u.test(owner) ? `${owner}.${last}` : last
}

/** The qualified name in `FILE::QUALNAME`, '' for a module body. */
export function qualnameOf(id: string): string {
  const at = id.indexOf('::')
  return at < 0 ? '' : id.slice(at + 2)
}

export function entryName(finding: PlacedFinding): string {
  return qualnameOf(finding.entryPoint) || 'the module body'
}

export function ruleOf(finding: PlacedFinding): (typeof RULES)[keyof typeof RULES] {
  return RULES[finding.rule]
}

const INCOMPLETE_WORDS: Readonly<Record<string, string>> = {
  'syntax-error': 'could not be parsed',
  'missing-file': 'could not be read: its content is not available',
  unreadable: 'could not be read',
  budget: 'was not analysed to the end',
}

export function incompleteWords(reason: string): string {
  return Object.hasOwn(INCOMPLETE_WORDS, reason) ? (INCOMPLETE_WORDS[reason] ?? reason) : `is incomplete (${reason})`
}

const NOT_FOLLOWED_WORDS: Readonly<Record<string, string>> = {
  'untyped-parameter': 'method of a parameter whose type is not known',
  'dynamic-getattr': 'attribute name computed at run time',
  'external-callable': 'given to a package that is not described',
  'string-key-unresolved': 'registry key not constant, or never registered',
  exec: 'computed code',
  'dynamic-import': 'module name computed at run time',
  'never-returns': 'it always raises, or loops for ever, here: what follows does not run',
  'unresolved-import': 'import without a file in the tree',
  'too-many-targets': 'too many possible targets',
  'recursion-cap': 'recursion did not settle',
}

export function notFollowedWords(reason: string): string {
  return Object.hasOwn(NOT_FOLLOWED_WORDS, reason) ? (NOT_FOLLOWED_WORDS[reason] ?? reason) : reason
}
