// Findings for tests, from the few facts that a test is about. Fingerprints are the real ones.
import { fingerprintOf } from '../../src/findings/fingerprint.ts'
import type { Finding, Operation, RawFinding, TraceStep } from '../../src/findings/model.ts'

export const ENTRY = 'm/api.py::initialize'
export const WORK = 'm/services.py::Shop.load'

/** `symbol text` or only the text; `file:line` or `file:line-endLine` says where it stands. */
export function operation(what: string, at = 'm/services.py:10'): Operation {
  const [symbol = '', ...rest] = what.split(' ')
  const [file = '', lines = ''] = at.split(':')
  const [line = 0, endLine = line] = lines.split('-').map(Number)
  const text = rest.length === 0 ? `${symbol}()` : rest.join(' ')
  return { file, line, column: 5, endLine, endColumn: 20, symbol, kind: 'query', text, added: null }
}

export function step(at: string, inFunction = 'initialize', callee = 'm.services.Shop.load'): TraceStep {
  const [file = '', lines = ''] = at.split(':')
  const [line = 0, endLine = line] = lines.split('-').map(Number)
  return { file, line, column: 5, endLine, function: inFunction, kind: 'call', callee, text: `${callee}(ctx)` }
}

export function finding(facts: Partial<RawFinding> = {}): RawFinding {
  const rule = facts.rule ?? 'database-in-phase-1'
  const entryPoint = facts.entryPoint ?? ENTRY
  const workFunction = facts.workFunction ?? WORK
  const operations = facts.operations ?? [operation('s.execute')]
  const [first] = operations
  return {
    rule,
    severity: 'error',
    confidence: 'high',
    fingerprint: fingerprintOf(rule, entryPoint, workFunction),
    phase: 'phase-1',
    entryPoint,
    message: 'initialize reaches the database.',
    advice: 'Move it.',
    operations,
    trace: [step('m/api.py:4')],
    guards: [],
    location: first ?? { file: 'm/api.py', line: 1, column: 1 },
    suppression: null,
    workFunction,
    bodyHash: '',
    causes: [],
    ...facts,
  }
}

/** A finding after comparison: new work unless said otherwise. */
export function compared(facts: Partial<Finding> = {}): Finding {
  return { ...finding(facts), baselineState: 'new', movedFrom: null, newWork: true, ...facts }
}
