import { describe, expect, test } from '@jest/globals'
import { CONFIG_PATHS, defaultConfig, loadConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/model.ts'

const load = (text: string): Config => loadConfig(text, 'phasegate.yml')

function message(text: string): string {
  try {
    return `accepted: ${JSON.stringify(load(text))}`
  } catch (error) {
    const { name, message: said } = error as Error
    return name === 'ConfigurationError' ? said : `${name}: ${said}`
  }
}

const repeated = (text: string, count: number): string => Array.from({ length: count }, () => text).join('')

describe('a sound configuration', () => {
  test('every key', () => {
    const text = `
profiles: [modular-python-framework, django, django]
include: ["**/*.py"]
exclude: ["legacy/**"]
entry-points:
  - files: "plugins/*/__init__.py"
    function: load
    context: app
  - { files: "x/*.py", extends: my.PluginBase, methods: [register] }
  - files: "boot.py"
operations:
  - { symbol: "probe.db", kind: query }
  - { symbol: "my.db.Client.fetch", kind: session, when: awaited, sends: statement, returns: my.Row, certainty: may }
deferrals: [{ symbol: "*.on_ready", arguments: [0, callback] }]
invokers: [{ symbol: "my.retry", arguments: [0] }]
services: { "shop.items": "modules.shop.services.ItemService" }
rules: { unregistered-model: off, database-scheduled-in-phase-1: error }
allow:
  - { entry-point: "modules/core/database/api.py::initialize", reason: "bootstraps the database itself" }
events: [{ subscribe: "*.on", arguments: [1], emit: "*.emit" }]
baseline: phasegate-baseline.json
fail-on: warning
`
    expect(load(text)).toEqual({
      file: 'phasegate.yml',
      profiles: ['modular-python-framework', 'django'],
      detect: false,
      include: ['**/*.py'],
      exclude: ['legacy/**'],
      entryPoints: [
        { files: 'plugins/*/__init__.py', function: 'load', class: null, extends: null, methods: [], context: 'app' },
        {
          files: 'x/*.py',
          function: null,
          class: null,
          extends: 'my.PluginBase',
          methods: ['register'],
          context: null,
        },
        { files: 'boot.py', function: null, class: null, extends: null, methods: [], context: null },
      ],
      operations: [
        {
          package: '(configuration)',
          symbol: 'probe.db',
          kind: 'query',
          when: 'call',
          role: 'operation',
          evidence: 'configuration',
        },
        {
          package: '(configuration)',
          symbol: 'my.db.Client.fetch',
          kind: 'session',
          when: 'awaited',
          role: 'operation',
          evidence: 'configuration',
          sends: 'statement',
          returns: 'my.Row',
          certainty: 'may',
        },
      ],
      deferrals: [{ symbol: '*.on_ready', arguments: [0, 'callback'] }],
      invokers: [{ symbol: 'my.retry', arguments: [0] }],
      services: { 'shop.items': 'modules.shop.services.ItemService' },
      rules: { 'unregistered-model': 'off', 'database-scheduled-in-phase-1': 'error' },
      allow: [{ entryPoint: 'modules/core/database/api.py::initialize', reason: 'bootstraps the database itself' }],
      events: [{ subscribe: '*.on', arguments: [1], emit: '*.emit' }],
      baseline: 'phasegate-baseline.json',
      failOn: 'warning',
    })
  })

  test.each([
    ['an empty file', ''],
    ['comments only', '# profiles: [django]\n# nothing yet\n'],
    ['a byte order mark and CRLF', '\uFEFF# nothing\r\n'],
    ['only a document mark', '---\n'],
  ])('%s is the defaults', (_, text) => {
    expect(load(text)).toEqual({ ...defaultConfig(), file: 'phasegate.yml' })
  })

  test('byte order mark, CRLF, and no newline at the end', () => {
    expect(load('\uFEFFfail-on: note\r\nprofiles: [flask]').failOn).toBe('note')
  })

  test('words that were booleans in old YAML are text, text stays text', () => {
    expect(load('rules: { missing-initialize: off }').rules).toEqual({ 'missing-initialize': 'off' })
    expect(load('services: { "yes": a.B, "1": a.C }').services).toEqual({ yes: 'a.B', '1': 'a.C' })
  })

  test('anchors and aliases within the limits', () => {
    expect(load('include: &all ["a/*.py"]\nexclude: *all\n').exclude).toEqual(['a/*.py'])
  })

  test('names of the prototype are services like any other', () => {
    const { services } = load('services: { __proto__: a.B, constructor: a.C, toString: a.D }')
    expect(Object.entries(services)).toEqual([
      ['__proto__', 'a.B'],
      ['constructor', 'a.C'],
      ['toString', 'a.D'],
    ])
    expect(Object.getPrototypeOf(services)).toBeNull()
    expect(({} as Record<string, unknown>)['B']).toBeUndefined()
  })

  test('the places where a configuration may stand', () => {
    expect(CONFIG_PATHS).toEqual(['phasegate.yml', '.github/phasegate.yml'])
  })
})

const RULE_IDS =
  'database-in-phase-1, database-at-import, database-scheduled-in-phase-1, hook-called-not-passed, missing-setup-hook, missing-initialize, ' +
  'unregistered-model, unchecked-database-service, not-followed, unused-suppression, suppression-without-reason'

describe('a wrong configuration is refused with file, line and key', () => {
  test.each<[string, string, string]>([
    ['a scalar', 'django', 'phasegate.yml:1: expected a map of settings at the top'],
    ['a list', '- a\n', 'phasegate.yml:1: expected a map of settings at the top'],
    ['two documents', 'fail-on: note\n---\nfail-on: never\n', 'phasegate.yml:2: more than one document in the file'],
    [
      'a key without a value',
      '\nrules:\n',
      'phasegate.yml:2: rules: expected a map from rules to severities, got nothing',
    ],
    ['a number for a list', 'profiles: 3', 'phasegate.yml:1: profiles: expected a list, got number 3'],
    ['a map for a list', 'allow: {}', 'phasegate.yml:1: allow: expected a list, got a map'],
    [
      'a list for a map',
      'services: []',
      'phasegate.yml:1: services: expected a map from service names to classes, got a list',
    ],
    ['a near key', 'fail-om: note', 'phasegate.yml:1: fail-om: unknown key; did you mean fail-on?'],
    ['a key with another separator', 'fail_on: note', 'phasegate.yml:1: fail_on: unknown key; did you mean fail-on?'],
    [
      'a near key inside',
      'allow:\n  - reason: x\n    entrypoint: y\n',
      'phasegate.yml:3: allow[0].entrypoint: unknown key; did you mean entry-point?',
    ],
    ['a far key', 'allow: [{ who: x }]', 'phasegate.yml:1: allow[0].who: unknown key; known are entry-point, reason'],
    [
      'an unknown rule',
      'rules: { database-in-phase1: off }',
      'phasegate.yml:1: rules.database-in-phase1: unknown key; did you mean database-in-phase-1?',
    ],
    [
      'a rule from nowhere',
      'rules: { nothing: off }',
      `phasegate.yml:1: rules.nothing: unknown key; known are ${RULE_IDS}`,
    ],
    ['the same key twice', 'fail-on: note\nfail-on: never\n', 'phasegate.yml:2: the same key stands here twice'],
    [
      'a boolean for a severity',
      'rules: { missing-initialize: true }',
      'phasegate.yml:1: rules.missing-initialize: expected one of off, note, warning, error, got boolean true; put text in quotes',
    ],
    [
      'no for a severity',
      'rules: { missing-initialize: NO }',
      'phasegate.yml:1: rules.missing-initialize: expected one of off, note, warning, error, got "NO"',
    ],
    [
      'a number for text',
      'baseline: 010',
      'phasegate.yml:1: baseline: expected text, got number 10; put text in quotes',
    ],
    [
      'a decimal for text',
      'include: [1.10]',
      'phasegate.yml:1: include[0]: expected text, got number 1.1; put text in quotes',
    ],
    ['a number as key', 'services: { 1: a.B }', 'phasegate.yml:1: 1 is no key: keys are text'],
    [
      'a merge key',
      'x: &a { fail-on: note }\n<<: *a\n',
      'phasegate.yml:1: x: unknown key; known are profiles, include, exclude, entry-points, operations, deferrals, invokers, services, rules, allow, events, baseline, fail-on',
    ],
    [
      'a merge key inside',
      'allow: [{ <<: { reason: x } }]',
      'phasegate.yml:1: allow[0]."<<": unknown key; known are entry-point, reason',
    ],
    ['a tag', 'baseline: !foo x', 'phasegate.yml:1: Unresolved tag: !foo; tags are not supported'],
    [
      'a tag of JavaScript',
      'baseline: !!js/function "x"',
      'phasegate.yml:1: Unresolved tag: tag:yaml.org,2002:js/function; tags are not supported',
    ],
    ['a tag of YAML', 'baseline: !!str 1', 'phasegate.yml:1: the tag tag:yaml.org,2002:str is not supported'],
    [
      'an unquoted glob',
      'include: [**/*.py]',
      'phasegate.yml:1: no anchor for **/*.py; a value that begins with * has to be quoted',
    ],
    [
      'an unquoted @',
      'include: [@x]',
      'phasegate.yml:1: Plain value cannot start with reserved character @; put the value in quotes',
    ],
    ['a tab', 'allow:\n\t- reason: x\n', 'phasegate.yml:2: a tab cannot indent YAML; use blanks'],
    [
      'an undefined alias',
      'include: [a, *b]',
      'phasegate.yml:1: no anchor for *b; a value that begins with * has to be quoted',
    ],
    ['a complex key', '? [a]\n: b\n', 'phasegate.yml:1: a list or map is no key: keys are text'],
    ['a NUL', 'fail-on: note\n# \0\n', 'phasegate.yml:2: a NUL byte; this is not a text file'],
    [
      '__proto__',
      '__proto__: { fail-on: never }',
      'phasegate.yml:1: __proto__: unknown key; known are profiles, include, exclude, entry-points, operations, deferrals, invokers, services, rules, allow, events, baseline, fail-on',
    ],
    [
      'constructor',
      'allow: [{ constructor: x }]',
      'phasegate.yml:1: allow[0].constructor: unknown key; known are entry-point, reason',
    ],
    [
      'toString as rule',
      'rules: { toString: off }',
      `phasegate.yml:1: rules.toString: unknown key; known are ${RULE_IDS}`,
    ],
    ['an alias of itself', 'include: &a [*a]', 'phasegate.yml:1: the alias *a stands for itself'],
    [
      'an unknown profile',
      'profiles: [rails]',
      'phasegate.yml:1: profiles[0]: expected one of modular-python-framework, django, flask, fastapi, celery, plain, got "rails"',
    ],
    [
      'an unknown severity',
      'fail-on: fatal',
      'phasegate.yml:1: fail-on: expected one of error, warning, note, never, got "fatal"',
    ],
    [
      'an unknown kind',
      'operations: [{ symbol: a.b, kind: read }]',
      'phasegate.yml:1: operations[0].kind: expected one of query, session, connection, model, schema, migration, transaction, got "read"',
    ],
    [
      'an unknown moment',
      'operations: [{ symbol: a.b, kind: query, when: later }]',
      'phasegate.yml:1: operations[0].when: expected one of call, awaited, entered, iterated, evaluated, got "later"',
    ],
    [
      'a wrong symbol',
      'operations: [{ symbol: "a..b", kind: query }]',
      'phasegate.yml:1: operations[0].symbol: expected a dotted name such as my.db.Client.fetch or *.fetch, got "a..b"',
    ],
    [
      'a negative position',
      'invokers: [{ symbol: a.b, arguments: [-1] }]',
      'phasegate.yml:1: invokers[0].arguments[0]: expected a position (0, 1, …) or the name of a keyword, got number -1',
    ],
    [
      'no position',
      'invokers: [{ symbol: a.b, arguments: [] }]',
      'phasegate.yml:1: invokers[0].arguments: expected at least one position or keyword name, got a list',
    ],
    [
      'an entry without files',
      'entry-points:\n  - function: load\n',
      'phasegate.yml:2: entry-points[0].files: missing; entry-points[0] needs it',
    ],
    [
      'an entry with two kinds',
      'entry-points: [{ files: a.py, function: f, class: C }]',
      'phasegate.yml:1: entry-points[0]: function and class exclude each other',
    ],
    [
      'methods alone',
      'entry-points: [{ files: a.py, methods: [m] }]',
      'phasegate.yml:1: entry-points[0].methods: methods needs class or extends',
    ],
    [
      'methods of a function',
      'entry-points: [{ files: a.py, function: f, methods: [m] }]',
      'phasegate.yml:1: entry-points[0].methods: methods needs class or extends',
    ],
    [
      'an allowance without reason',
      'allow:\n  - entry-point: a.py::f\n',
      'phasegate.yml:2: allow[0].reason: missing; allow[0] needs it',
    ],
    [
      'an allowance with a blank reason',
      'allow: [{ entry-point: a, reason: " " }]',
      'phasegate.yml:1: allow[0].reason: expected text that is not empty, got " "',
    ],
    [
      'plain without entry points',
      'profiles: [plain]',
      'phasegate.yml:1: profiles[0]: the profile plain needs entry-points',
    ],
    [
      'a glob that leaves',
      'include: ["a/../../b.py"]',
      'phasegate.yml:1: include[0]: the glob has .. and would leave the analysed directory',
    ],
    [
      'a hidden ..',
      'include: ["{a,..}/b.py"]',
      'phasegate.yml:1: include[0]: the glob has .. and would leave the analysed directory',
    ],
    [
      'an absolute glob',
      'exclude: ["/etc/*"]',
      'phasegate.yml:1: exclude[0]: the glob is not relative to the analysed directory',
    ],
    [
      'a drive',
      'exclude: ["C:x/*"]',
      'phasegate.yml:1: exclude[0]: the glob is not relative to the analysed directory',
    ],
    [
      'a backslash',
      'exclude: ["a\\\\b"]',
      'phasegate.yml:1: exclude[0]: the glob has a backslash; use / between directories',
    ],
    [
      'twenty brace groups',
      `entry-points: [{ files: "${repeated('{a,b}', 20)}" }]`,
      'phasegate.yml:1: entry-points[0].files: the glob has braces that do not match, or stand for too many alternatives',
    ],
    ['an open set', 'include: ["a[b"]', 'phasegate.yml:1: include[0]: the glob has a [ without its ]'],
    [
      'a glob of 10 KB',
      `include: ["${repeated('a', 10_240)}"]`,
      `phasegate.yml:1: include[0]: expected text of at most 1000 characters, got "${repeated('a', 60)}…"`,
    ],
    [
      'a baseline outside',
      'baseline: ../b.json',
      'phasegate.yml:1: baseline: expected a path inside of the analysed directory, with /',
    ],
  ])('%s', (_, text, expected) => {
    expect(message(text)).toBe(expected)
  })
})

describe('limits hold before the parser', () => {
  test('size', () => {
    expect(message(`#${repeated('x', 65_536)}`)).toBe('phasegate.yml: larger than 64 KB')
    expect(message(`#${repeated('x', 65_535)}`)).toMatch(/^accepted/)
    expect(message(`#${repeated('é', 32_768)}`)).toBe('phasegate.yml: larger than 64 KB')
  })

  test('aliases', () => {
    const list = (count: number): string => `include: [&a x${repeated(', *a', count)}]`
    expect(message(list(101))).toBe('phasegate.yml: more than 100 aliases')
    expect(message(list(100))).toMatch(/^accepted/)
    expect(message(`include: [${repeated('"**/*.py", ', 300)}]`)).toMatch(/^accepted/)
  })

  test('aliases that multiply', () => {
    const levels = Array.from({ length: 9 }, (_, at) => `x${at}: &x${at} [${repeated(`*x${at - 1}, `, 9)}]`)
    expect(message(['x: &x-1 [a, b]', ...levels].join('\n'))).toMatch(
      /^phasegate.yml:\d+: the aliases stand for too many values$/,
    )
  })

  test('depth, in every shape, for every depth', () => {
    const shapes: ((depth: number) => string)[] = [
      (depth) => repeated('[', depth),
      (depth) => repeated('{ a: ', depth),
      (depth) => `${repeated('- ', depth)}a`,
      (depth) => `${repeated('? ', depth)}a`,
      (depth) => Array.from({ length: depth }, (_, at) => `${repeated(' ', at)}a:`).join('\n'),
      (depth) => `a: ${repeated('[', depth)}x${repeated(']', depth)}`,
      (depth) => repeated(`--- ${repeated('[', depth)}\n`, Math.floor(60_000 / (depth + 5))),
      (depth) => `# ]]]]\na: [ "]", ${repeated("[ ']', ", depth)}`,
    ]
    const depths = [33, 34, 40, 64, 100, 500, 1000, 5000]
    const accepted = shapes.flatMap((shape, at) =>
      depths
        .filter((depth) => {
          const text = shape(depth)
          return !/nested deeper than 32 levels|larger than 64 KB/.test(message(text))
        })
        .map((depth) => `shape ${at} depth ${depth}`),
    )
    expect(accepted).toEqual([])
    for (let depth = 1; depth <= 30; depth++)
      for (const shape of shapes) expect(message(shape(depth))).not.toMatch(/deeper/)
  })
})
