// Reviews written by hand for tests of everything that shows them: each kind of finding once, in a small invented shop.
// `finding` fills what a test does not care about; every value is fixed, so that goldens stay as they are.
import type {
  EntryPoint,
  Guard,
  NotFollowed,
  Operation,
  PlacedFinding,
  Review,
  TraceStep,
} from '../../src/findings/model.ts'
import type { ReportContext } from '../../src/report/context.ts'

export const HEAD = '3f1c9e2a7b5d4860f1c2d3e4a5b60718293a4b5c'
export const BASE = 'a90b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3'

export const context: ReportContext = {
  headSha: HEAD,
  baseSha: BASE,
  repository: 'acme/shop',
  serverUrl: 'https://github.com',
  runUrl: 'https://github.com/acme/shop/actions/runs/42',
  toolVersion: '1.2.3',
}

export const localContext: ReportContext = {
  headSha: null,
  baseSha: null,
  repository: null,
  serverUrl: null,
  runUrl: null,
  toolVersion: '1.2.3',
}

const API = 'modules/standard/shop/api.py'
const SERVICES = 'modules/standard/shop/services.py'

export function operation(over: Partial<Operation> = {}): Operation {
  return {
    file: SERVICES,
    line: 9,
    column: 23,
    endLine: over.line ?? 9,
    endColumn: 52,
    symbol: 'sqlalchemy.orm.Session.execute',
    kind: 'query',
    text: 'session.execute(select(Item))',
    added: true,
    ...over,
  }
}

export function step(over: Partial<TraceStep> = {}): TraceStep {
  return {
    file: API,
    line: 14,
    column: 15,
    endLine: over.line ?? 14,
    function: 'initialize',
    kind: 'construct',
    callee: 'modules.standard.shop.services.ShopService.__init__',
    text: 'ShopService(app_context)',
    ...over,
  }
}

export function finding(over: Partial<PlacedFinding> = {}): PlacedFinding {
  const operations = over.operations ?? [operation()]
  const first = operations[0]
  const at = over.location ?? { file: first?.file ?? API, line: first?.line ?? 1, column: first?.column ?? 1 }
  return {
    rule: 'database-in-phase-1',
    severity: 'error',
    confidence: 'high',
    fingerprint: '5e8dd316726b0335',
    phase: 'phase-1',
    entryPoint: `${API}::initialize`,
    message: '`session.execute(select(Item))` queries the database while `initialize` runs (in `ShopService.__init__`)',
    advice:
      'Move the query into `setup_module` and register it with `register_module_setup_hook`, or load the items on first use.',
    operations,
    trace: [step()],
    guards: [],
    location: at,
    suppression: null,
    workFunction: `${SERVICES}::ShopService.__init__`,
    bodyHash: '00',
    causes: [],
    baselineState: 'new',
    movedFrom: null,
    newWork: true,
    placement: { kind: 'line', path: SERVICES, side: 'RIGHT', line: 9 },
    suggestion: null,
    ...over,
  }
}

const guard: Guard = { file: API, line: 21, column: 8, text: 'settings.WARM_CACHE', lowers: true }

/** Work in a task that Phase 1 starts, under a setting, two operations, on a range. */
export const scheduled = finding({
  rule: 'database-scheduled-in-phase-1',
  severity: 'warning',
  confidence: 'medium',
  fingerprint: '11aa22bb33cc44dd',
  phase: 'scheduled',
  message: '`conn.fetch(SQL)` runs in a task that `initialize` starts',
  operations: [
    operation({
      file: API,
      line: 31,
      column: 12,
      endLine: 33,
      endColumn: 6,
      symbol: 'asyncpg.Connection.fetch',
      text: 'conn.fetch("select sku from stock")',
    }),
    operation({
      file: API,
      line: 35,
      column: 5,
      endLine: 35,
      endColumn: 19,
      symbol: 'asyncpg.Connection.close',
      kind: 'connection',
      text: 'conn.close()',
    }),
  ],
  trace: [
    step({
      line: 22,
      column: 9,
      endLine: 22,
      kind: 'invoke',
      callee: 'modules.standard.shop.api.warm',
      text: 'asyncio.create_task(warm(app_context))',
    }),
  ],
  guards: [guard],
  workFunction: `${API}::warm`,
  placement: { kind: 'range', path: API, side: 'RIGHT', startLine: 31, line: 33 },
  advice: 'Start the task from `setup_module`.',
})

/** There before; this change adds a second operation. */
export const extended = finding({
  fingerprint: '77aa77aa77aa77aa',
  entryPoint: 'modules/core/audit/api.py::initialize',
  baselineState: 'updated',
  operations: [
    operation({
      file: 'modules/core/audit/api.py',
      line: 8,
      column: 5,
      endLine: 8,
      endColumn: 31,
      text: 'session.add(Entry("start"))',
      kind: 'model',
      added: false,
    }),
    operation({
      file: 'modules/core/audit/api.py',
      line: 9,
      column: 5,
      endLine: 9,
      endColumn: 21,
      text: 'session.commit()',
      kind: 'transaction',
      symbol: 'sqlalchemy.orm.Session.commit',
      added: true,
    }),
  ],
  trace: [],
  workFunction: 'modules/core/audit/api.py::initialize',
  placement: { kind: 'line', path: 'modules/core/audit/api.py', side: 'RIGHT', line: 9 },
  advice: '',
})

export const moved = finding({
  fingerprint: 'beefbeefbeefbeef',
  entryPoint: 'modules/core/users/api.py::initialize',
  baselineState: 'updated',
  newWork: false,
  movedFrom: 'feedfeedfeedfeed',
  operations: [operation({ file: 'modules/core/users/store.py', line: 4, added: false })],
  workFunction: 'modules/core/users/store.py::seed',
})

export const unchanged = finding({
  fingerprint: '0123456789abcdef',
  entryPoint: 'modules/core/legacy/api.py::initialize',
  baselineState: 'unchanged',
  newWork: false,
  operations: [operation({ file: 'modules/core/legacy/api.py', line: 40, added: false })],
  trace: [],
  workFunction: 'modules/core/legacy/api.py::initialize',
})

export const absent = finding({
  fingerprint: 'cafecafecafecafe',
  entryPoint: 'modules/core/mail/api.py::initialize',
  baselineState: 'absent',
  newWork: false,
  placement: null,
  operations: [operation({ file: 'modules/core/mail/api.py', line: 12, added: false })],
  workFunction: 'modules/core/mail/api.py::initialize',
})

export const suppressed = finding({
  fingerprint: 'aaaabbbbccccdddd',
  entryPoint: 'modules/core/database/api.py::initialize',
  operations: [
    operation({
      file: 'modules/core/database/api.py',
      line: 19,
      kind: 'schema',
      symbol: 'sqlalchemy.MetaData.create_all',
      text: 'Base.metadata.create_all(engine)',
    }),
  ],
  trace: [],
  suppression: { kind: 'external', reason: 'bootstraps the database itself' },
})

export const guess = finding({
  severity: 'warning',
  confidence: 'low',
  fingerprint: '9999888877776666',
  entryPoint: 'modules/standard/chat/api.py::initialize',
  operations: [
    operation({
      file: 'modules/standard/chat/log.py',
      line: 7,
      column: 9,
      endColumn: 29,
      symbol: '?.execute',
      text: 'store.execute(QUERY)',
    }),
  ],
  workFunction: 'modules/standard/chat/log.py::Log.open',
  placement: { kind: 'summary', reason: 'low confidence is never posted on a line' },
})

/** Deep call path, nothing of it inside the diff. */
export const unplaced = finding({
  fingerprint: '1212121212121212',
  entryPoint: 'modules/standard/blog/api.py::initialize',
  trace: [
    step({
      file: 'modules/standard/blog/api.py',
      line: 6,
      column: 5,
      kind: 'call',
      callee: 'modules.standard.blog.boot.start',
      text: 'boot.start(app_context)',
    }),
    step({
      file: 'modules/standard/blog/boot.py',
      line: 11,
      column: 10,
      function: 'start',
      kind: 'enter',
      callee: 'modules.standard.blog.boot.unit_of_work',
      text: 'unit_of_work()',
    }),
    step({
      file: 'modules/standard/blog/boot.py',
      line: 3,
      column: 5,
      function: 'unit_of_work',
      kind: 'property',
      callee: 'modules.standard.blog.store.Store.session',
      text: 'store.session',
    }),
  ],
  operations: [
    operation({
      file: 'modules/standard/blog/store.py',
      line: 15,
      column: 16,
      endColumn: 28,
      kind: 'session',
      symbol: 'sqlalchemy.orm.sessionmaker.__call__',
      text: 'self.maker()',
    }),
  ],
  workFunction: 'modules/standard/blog/store.py::Store.session',
  placement: { kind: 'summary', reason: 'no line of the path is part of the diff' },
})

export const notComparable = finding({
  fingerprint: '3434343434343434',
  entryPoint: 'modules/standard/poll/api.py::initialize',
  baselineState: null,
  newWork: false,
  operations: [operation({ file: 'modules/standard/poll/api.py', line: 5, added: null })],
  placement: { kind: 'summary', reason: 'the base could not be parsed' },
  workFunction: 'modules/standard/poll/api.py::initialize',
})

export const withoutEntry = finding({
  rule: 'missing-initialize',
  severity: 'warning',
  fingerprint: '5656565656565656',
  phase: null,
  entryPoint: 'modules/standard/news/api.py',
  message: '`modules/standard/news/api.py` defines no `initialize`, so the module cannot be validated',
  advice: '',
  operations: [],
  trace: [],
  location: { file: 'modules/standard/news/api.py', line: 1, column: 1 },
  workFunction: '',
  placement: { kind: 'file', path: 'modules/standard/news/api.py' },
})

/** The hook is called; a safe edit replaces exactly the commented line. */
export const calledHook = finding({
  rule: 'hook-called-not-passed',
  fingerprint: '7878787878787878',
  entryPoint: 'modules/standard/tags/api.py::initialize',
  message: '`setup_module(app_context)` is called here and its result, a coroutine, is registered as the hook',
  advice: 'Pass `setup_module` itself.',
  operations: [],
  trace: [],
  location: { file: 'modules/standard/tags/api.py', line: 18, column: 9 },
  workFunction: 'modules/standard/tags/api.py::initialize',
  placement: { kind: 'line', path: 'modules/standard/tags/api.py', side: 'RIGHT', line: 18 },
  suggestion: {
    path: 'modules/standard/tags/api.py',
    startLine: 18,
    endLine: 18,
    replacement: '        setup_method=setup_module,\n',
    disposition: 'safe',
    title: 'Pass `setup_module` instead of calling it',
    patch:
      '--- a/modules/standard/tags/api.py\n+++ b/modules/standard/tags/api.py\n@@ -18,1 +18,1 @@\n-        setup_method=setup_module(app_context),\n+        setup_method=setup_module,\n',
  },
})

/** Moved out of a function into the module body: still there, now even earlier. */
export const importTime = finding({
  rule: 'database-at-import',
  fingerprint: '9090909090909090',
  phase: 'import',
  entryPoint: 'modules/standard/cart/api.py',
  movedFrom: 'abababababababab',
  trace: [
    step({
      file: 'modules/standard/cart/api.py',
      line: 2,
      column: 1,
      function: '',
      kind: 'import',
      callee: 'modules.standard.cart.rates',
      text: 'from . import rates',
    }),
  ],
  operations: [operation({ file: 'modules/standard/cart/rates.py', line: 5, column: 9, endColumn: 38 })],
  workFunction: 'modules/standard/cart/rates.py',
  placement: { kind: 'line', path: 'modules/standard/cart/rates.py', side: 'RIGHT', line: 5 },
})

/** One changed line that `count` modules reach. */
export function shared(count: number, over: Partial<PlacedFinding> = {}): PlacedFinding[] {
  return Array.from({ length: count }, (_, i) => {
    const file = `modules/standard/m${String(i + 1).padStart(2, '0')}/api.py`
    return finding({
      fingerprint: String(i).padStart(16, '0'),
      entryPoint: `${file}::initialize`,
      trace: [step({ file, line: 5, callee: 'modules.core.base.Service.__init__', text: 'Service(app_context)' })],
      operations: [operation({ file: 'modules/core/base.py', line: 21 })],
      workFunction: 'modules/core/base.py::Service.__init__',
      placement: { kind: 'line', path: 'modules/core/base.py', side: 'RIGHT', line: 21 },
      ...over,
    })
  })
}

export const everyKind: readonly PlacedFinding[] = [
  finding(),
  scheduled,
  extended,
  moved,
  unchanged,
  absent,
  suppressed,
  guess,
  unplaced,
  notComparable,
  withoutEntry,
  calledHook,
  importTime,
]

function entry(id: string, state: EntryPoint['state'], calls: EntryPoint['calls']): EntryPoint {
  const [file = '', qualname = ''] = id.split('::')
  return { id, file, line: 12, name: qualname, profile: 'modular-python-framework', state, calls }
}

function missed(line: number, reason: string, text: string): NotFollowed {
  return { file: 'modules/standard/shop/plugins.py', line, entryPoint: `${API}::initialize`, text, reason }
}

/** Everything at once: each kind of finding and everything else that a review can say. */
export const fullReview: Review = {
  verdict: 'fail',
  base: BASE,
  head: HEAD,
  compared: true,
  profiles: ['modular-python-framework'],
  entryPoints: [
    entry(`${API}::initialize`, 'finding', { reached: 41, followed: 40 }),
    entry(API, 'clean', { reached: 3, followed: 3 }),
    entry('modules/core/legacy/api.py::initialize', 'finding', { reached: 7, followed: 7 }),
    entry('modules/standard/forum/api.py::initialize', 'incomplete', { reached: 2, followed: 1 }),
  ],
  findings: everyKind,
  notFollowed: [
    missed(7, 'untyped-parameter', 'plugin.run(ctx)'),
    missed(9, 'untyped-parameter', 'plugin.stop()'),
    missed(12, 'exec', 'exec(render(template))'),
  ],
  incomplete: [
    {
      file: 'modules/standard/forum/threads.py',
      line: 3,
      reason: 'syntax-error',
      message: 'looks like Python 2',
      entryPoints: ['modules/standard/forum/api.py::initialize'],
      decides: true,
    },
    {
      file: 'modules/standard/old/x.py',
      line: 1,
      reason: 'unreadable',
      message: 'encoding not supported: rot13',
      entryPoints: [],
      decides: false,
    },
  ],
  suppressionsAdded: [
    { file: 'modules/core/search/api.py', line: 30, rules: ['database-in-phase-1'], reason: 'index is built once' },
  ],
  configurationChanged: true,
  notices: [
    'Configuration: allow gains modules/core/search/api.py::initialize; this is looser, so it applies after the merge.',
    'Some places for comments are not known: only 300 of 3100 changed files are listed.',
  ],
  failOn: 'error',
  stats: { files: 812, parsed: 97, fromCache: 90, milliseconds: 410 },
}

/** Two trees, nothing to report. */
export const cleanReview: Review = {
  ...fullReview,
  verdict: 'pass',
  entryPoints: [entry(`${API}::initialize`, 'clean', { reached: 41, followed: 41 })],
  findings: [],
  notFollowed: [],
  incomplete: [],
  suppressionsAdded: [],
  configurationChanged: false,
  notices: [],
}

/** One file could not be parsed and nothing was found. */
export const incompleteReview: Review = { ...cleanReview, verdict: 'incomplete', incomplete: fullReview.incomplete }

/** A directory without a base. */
export const directoryReview: Review = {
  ...cleanReview,
  verdict: 'fail',
  base: null,
  head: null,
  compared: false,
  findings: [
    finding({ baselineState: null, placement: null, newWork: false, operations: [operation({ added: null })] }),
    { ...suppressed, baselineState: null, placement: null, newWork: false },
  ],
}
