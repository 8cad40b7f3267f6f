// Reviews and findings for the tests of this room: whole values, with only what a test is about spelled out.
import type { Operation, PlacedFinding, Placement, Review } from '../../src/findings/model.ts'
import type { ReportContext } from '../../src/report/context.ts'
import type { PlanContext } from '../../src/publish/plan.ts'

export const HEAD = 'a'.repeat(40)
export const NEXT_HEAD = 'b'.repeat(40)
export const BASE = 'c'.repeat(40)

export const REPORT: ReportContext = {
  headSha: HEAD,
  baseSha: BASE,
  repository: 'acme/shop',
  serverUrl: 'https://github.example',
  runUrl: 'https://github.example/acme/shop/actions/runs/1',
  toolVersion: '1.0.0',
}

export const CONTEXT: PlanContext = {
  key: 'PhaseGate',
  head: HEAD,
  base: BASE,
  maxComments: 20,
  unknownPaths: new Set(),
  refused: new Set(),
}

export function operation(line: number, text = 'session.execute(select(Item))'): Operation {
  return {
    file: 'modules/shop/services.py',
    line,
    column: 9,
    endLine: line,
    endColumn: 9 + text.length,
    symbol: 'sqlalchemy.orm.Session.execute',
    kind: 'query',
    text,
    added: true,
  }
}

export function onLine(line: number, path = 'modules/shop/api.py'): Placement {
  return { kind: 'line', path, side: 'RIGHT', line }
}

/** A new finding with high confidence; `name` makes its fingerprint and its entry point. */
export function finding(name: string, more: Partial<PlacedFinding> = {}): PlacedFinding {
  const operations = more.operations ?? [operation(9)]
  const [first] = operations
  return {
    rule: 'database-in-phase-1',
    severity: 'error',
    confidence: 'high',
    fingerprint: name,
    phase: 'phase-1',
    entryPoint: entryOf(name),
    message: `${name} runs a query in Phase 1`,
    advice: 'Move it to the setup hook.',
    operations,
    trace: [
      {
        file: 'modules/shop/api.py',
        line: 14,
        column: 5,
        endLine: 14,
        function: 'initialize',
        kind: 'call',
        callee: 'modules.shop.services.load',
        text: 'load()',
      },
    ],
    guards: [],
    location: { file: first?.file ?? 'modules/shop/api.py', line: first?.line ?? 1, column: first?.column ?? 1 },
    suppression: null,
    workFunction: 'modules/shop/services.py::load',
    bodyHash: '0123',
    causes: [],
    baselineState: 'new',
    movedFrom: null,
    newWork: true,
    placement: onLine(14),
    suggestion: null,
    ...more,
  }
}

export function entryOf(name: string): string {
  return `modules/${name}/api.py::initialize`
}

export function review(findings: readonly PlacedFinding[], more: Partial<Review> = {}): Review {
  return {
    verdict: findings.length > 0 ? 'fail' : 'pass',
    base: BASE,
    head: HEAD,
    compared: true,
    profiles: ['modular-python-framework'],
    entryPoints: [],
    findings,
    notFollowed: [],
    incomplete: [],
    suppressionsAdded: [],
    configurationChanged: false,
    notices: [],
    failOn: 'error',
    stats: { files: 2, parsed: 2, fromCache: 0, milliseconds: 5 },
    ...more,
  }
}
