// Holds src/ to the house rules: who may import whom, which package belongs to which room, and that importing is not working.
// The table below and the one in docs/architecture.md are the same; a room or an import that neither names is a failure.
import { describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { globalsUsed, workAtImport } from './support/module-body.ts'
import {
  children,
  readSources,
  resolveImport,
  type SourceModule,
  sourceModule,
  type Syntax,
} from './support/source-modules.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** room → rooms it may import, besides itself and `text` (which every room may import). */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  text: [],
  catalogue: [],
  diff: [],
  findings: [],
  python: [],
  ir: ['python'],
  profiles: ['catalogue'],
  program: ['python', 'ir'],
  analysis: ['ir', 'program', 'catalogue', 'profiles'],
  rules: ['ir', 'program', 'analysis', 'profiles', 'findings'],
  config: ['profiles', 'catalogue', 'rules', 'findings'],
  placement: ['diff', 'findings'],
  fixes: ['ir', 'program', 'profiles', 'findings'],
  report: ['findings', 'rules', 'placement', 'fixes'],
  publish: ['placement', 'report', 'findings'],
  sources: ['diff', 'program', 'config'],
  cache: ['ir', 'program'],
  github: ['diff', 'program', 'publish', 'findings'],
  review: [
    'diff',
    'program',
    'catalogue',
    'analysis',
    'profiles',
    'rules',
    'findings',
    'config',
    'placement',
    'fixes',
    'cache',
  ],
  threads: ['program', 'catalogue', 'analysis', 'profiles', 'cache', 'review'],
  demo: ['diff'],
  cli: [
    'config',
    'diff',
    'sources',
    'review',
    'report',
    'cache',
    'rules',
    'catalogue',
    'profiles',
    'analysis',
    'program',
    'fixes',
    'findings',
    'demo',
    'threads',
  ],
  action: ['config', 'diff', 'sources', 'github', 'review', 'report', 'publish', 'cache', 'findings'],
  main: ['action'],
  worker: ['threads'],
}

/** Of these rooms an importer may use only the listed files. */
const NARROW: readonly { readonly from: string; readonly room: string; readonly files: readonly string[] }[] = [
  { from: 'sources', room: 'config', files: ['config/model.ts'] },
]

/** package → rooms that may import it; the first match decides and an unlisted package is a failure. */
const PACKAGES: readonly { readonly name: RegExp; readonly rooms: readonly string[] | 'any' }[] = [
  { name: /^@actions\//, rooms: ['action'] },
  { name: /^@octokit\//, rooms: ['github'] },
  { name: /^parse-diff$/, rooms: ['diff'] },
  { name: /^yaml$/, rooms: ['config'] },
  { name: /^@zzzen\/pyright-internal\//, rooms: ['python'] },
  { name: /^graphql(\/|$)/, rooms: ['demo'] },
  { name: /^(valibot|sarif)$/, rooms: 'any' },
  { name: /^node:fs(\/|$)/, rooms: ['sources', 'config', 'cache', 'action', 'cli', 'demo'] },
  { name: /^node:worker_threads$/, rooms: ['threads'] },
  { name: /^node:child_process$/, rooms: ['sources', 'demo'] },
  { name: /^node:(http|https|http2|net|tls|dgram)$/, rooms: ['demo'] },
  // sources/ gives git the little of the environment that it needs
  { name: /^node:process$/, rooms: ['action', 'cli', 'github', 'demo', 'sources'] },
  { name: /^node:/, rooms: 'any' },
]

const GLOBALS = new Set(['process', 'fetch', 'console'])
const GLOBAL_ROOMS = new Set(['action', 'cli', 'github', 'demo'])
/** The only files that do something when they are run. */
const ENTRY_FILES = new Set(['main.ts', 'cli.ts', 'worker.ts'])
const LONGEST_FILE = 350
/** characters of an opening comment of one line */
const SHORTEST_PURPOSE = 80
const VAGUE_NAME = /(^|[-_.])(manager|helper|util|handler|data|info)s?([-_.]|$)/i

const modules = readSources(`${ROOT}src`)
const byPath = (path: string): SourceModule | undefined => modules.find((m) => m.path === path)

function offences(check: (module: SourceModule) => readonly string[]): readonly string[] {
  return modules.flatMap((module) => check(module).map((what) => `src/${module.path}: ${what}`))
}

function roomOf(path: string): string {
  return (path.split('/')[0] ?? path).replace(/\.ts$/, '')
}

function importOffences(module: SourceModule): readonly string[] {
  return module.imports.flatMap(({ specifier, line }) => {
    const target = resolveImport(module.path, specifier)
    if (target === null) return packageAllowed(specifier, module.room) ? [] : [`${line}: imports ${specifier}`]
    const allowed = importAllowed(module.room, target) && (target.startsWith('../') || specifier.endsWith('.ts'))
    return allowed ? [] : [`${line}: imports ${specifier}`]
  })
}

function importAllowed(room: string, target: string): boolean {
  // package.json is the one place that knows the version
  if (target === '../package.json') return true
  const other = roomOf(target)
  if (other === room || other === 'text') return true
  const narrow = NARROW.find((rule) => rule.from === room && rule.room === other)
  return (ROOMS[room]?.includes(other) ?? false) && (narrow?.files.includes(target) ?? true)
}

function packageAllowed(specifier: string, room: string): boolean {
  const rule = PACKAGES.find(({ name }) => name.test(specifier))
  return rule !== undefined && (rule.rooms === 'any' || rule.rooms.includes(room))
}

/** Two lines of comment, or one that is as long as two short ones. */
function opensWithPurpose(text: string): boolean {
  const lines = text.split('\n').filter((line) => !line.startsWith('#!'))
  const end = lines.findIndex((line) => !/^\s*(\/\/|\/\*|\*)/.test(line))
  return end >= 2 || (lines[0] ?? '').length >= SHORTEST_PURPOSE
}

function syntaxOffences(node: Syntax): readonly string[] {
  const banned = ['ExportDefaultDeclaration', 'TSEnumDeclaration', 'TSModuleDeclaration', 'TSExportAssignment']
  const here = banned.includes(node.type) ? [`${node.loc?.start.line}: ${node.type}`] : []
  return [...here, ...children(node).flatMap(syntaxOffences)]
}

/** Cycles of the import graph, each as the path that closes it; `follow` says which imports count. */
function cycles(follow: (typeOnly: boolean) => boolean): readonly string[] {
  const edges = new Map(
    modules.map((m) => [
      m.path,
      m.imports.filter((i) => follow(i.typeOnly)).flatMap((i) => resolveImport(m.path, i.specifier) ?? []),
    ]),
  )
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '))
    if (start >= 0 || done.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return found
}

/** The first table of docs/architecture.md: its second cell names rooms in backticks. */
function documentedRooms(): Readonly<Record<string, readonly string[]>> {
  const [page = ''] = readFileSync(`${ROOT}docs/architecture.md`, 'utf8').split('| package |')
  const rows = [...page.matchAll(/^\| `([a-z]+)` \| ([^|]*) \|/gm)]
  return Object.fromEntries(
    rows.map(([, room, cell]) => [room, [...(cell ?? '').matchAll(/`([a-z]+)`/g)].map((m) => m[1] ?? '')]),
  )
}

describe('rooms', () => {
  test('every source file belongs to a room of the table', () => {
    expect(offences((m) => (m.room in ROOMS ? [] : ['no such room']))).toEqual([])
  })

  test('imports follow the table, type-only imports included', () => {
    expect(offences(importOffences)).toEqual([])
  })

  test('the table itself has no cycle between rooms', () => {
    const order: string[] = []
    const place = (room: string): void => {
      if (order.includes(room)) return
      for (const other of ROOMS[room] ?? []) place(other)
      order.push(room)
    }
    Object.keys(ROOMS).forEach(place)
    const backwards = order.flatMap((room, at) => (ROOMS[room] ?? []).filter((other) => order.indexOf(other) > at))
    expect(backwards).toEqual([])
  })

  test('docs/architecture.md prints the same table', () => {
    expect(documentedRooms()).toEqual(ROOMS)
  })

  // types may refer to each other inside a room: nothing of that is left at run time
  test('there is no import cycle', () => {
    expect(cycles((typeOnly) => !typeOnly)).toEqual([])
  })
})

describe('importing is not working', () => {
  test('module bodies only declare', () => {
    expect(
      offences((m) => (ENTRY_FILES.has(m.path) ? [] : workAtImport(m, byPath).map((o) => `${o.line}: ${o.what}`))),
    ).toEqual([])
  })

  test('the process, the network and the console are reached from the rims only', () => {
    expect(
      offences((m) =>
        GLOBAL_ROOMS.has(m.room) || ENTRY_FILES.has(m.path)
          ? []
          : globalsUsed(m, GLOBALS).map((o) => `${o.line}: ${o.what}`),
      ),
    ).toEqual([])
  })

  test('shipped code imports shipped dependencies only', () => {
    const listed = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { dependencies: Record<string, string> }
    const missing = offences((m) =>
      m.imports
        .filter((i) => !i.typeOnly && !i.specifier.startsWith('.') && !i.specifier.startsWith('node:'))
        .map((i) => /^(@[^/]+\/)?[^/]+/.exec(i.specifier)?.[0] ?? i.specifier)
        .filter((name) => !(name in listed.dependencies)),
    )
    expect(missing).toEqual([])
  })
})

describe('files', () => {
  test(`none is longer than ${LONGEST_FILE} lines`, () => {
    expect(offences(({ text }) => (text.trimEnd().split('\n').length > LONGEST_FILE ? ['too long'] : []))).toEqual([])
  })

  test('each opens with a comment that says what it is for', () => {
    expect(offences(({ text }) => (opensWithPurpose(text) ? [] : ['opens without saying what it is for']))).toEqual([])
  })

  test('no default exports, enums or namespaces', () => {
    expect(offences((m) => m.body.flatMap(syntaxOffences))).toEqual([])
  })

  test('no file has a vague name', () => {
    expect(offences((m) => (m.path.split('/').some((part) => VAGUE_NAME.test(part)) ? ['vague name'] : []))).toEqual([])
  })

  test('the entry of the Action calls run and nothing else', () => {
    if (!existsSync(`${ROOT}src/main.ts`)) return
    const entry = modules.find((m) => m.path === 'main.ts')
    expect(entry?.body.map((s) => s.type)).toEqual(['ImportDeclaration', 'ExpressionStatement'])
  })
})

const parsed = (text: string): SourceModule => sourceModule('room/file.ts', text)
const used = (text: string): readonly string[] => globalsUsed(parsed(text), GLOBALS).map((o) => o.what)

describe('the checks themselves', () => {
  test('see every form of import', () => {
    const text = [
      "import { a, type B } from './a.ts'",
      "import type { C } from './c.ts'",
      "export { d } from './d.ts'",
      "export * from './e.ts'",
      "type F = import('./f.ts').F",
      "const load = () => import('./g.ts')",
    ].join('\n')
    expect(parsed(text).imports.map((i) => [i.specifier, i.typeOnly])).toEqual([
      ['./a.ts', false],
      ['./c.ts', true],
      ['./d.ts', false],
      ['./e.ts', false],
      ['./f.ts', true],
      ['./g.ts', false],
    ])
  })

  test('tell constants from work', () => {
    const other = sourceModule(
      'room/other.ts',
      'export const later = (f) => () => f()\nexport const now = (f) => { f(); return f }',
    )
    const lookup = (path: string): SourceModule | undefined => (path === other.path ? other : undefined)
    const work = (text: string): readonly string[] => workAtImport(parsed(text), lookup).map((o) => o.what)
    expect(work("const A = new Set(['x'])\nexport const B = Object.freeze({ c: () => run() })")).toEqual([])
    expect(work("import * as v from 'valibot'\nconst S = v.object({})")).toEqual([])
    expect(work("import { object } from 'valibot'\nconst S = object({})")).toEqual([])
    expect(work("const A = 'a b'.split(' ').map((word) => word.trim())")).toEqual([])
    expect(work("const A = ['a'].map((word) => read(word))")).toEqual(['read()'])
    expect(work("const A = ['a'].map((word) => { read(word) })")).toEqual(['ExpressionStatement'])
    expect(work("import { later } from './other.ts'\nconst A = later(run)")).toEqual([])
    expect(work("import { now } from './other.ts'\nconst A = now(run)")).toEqual(['now()'])
    expect(work('const row = (a) => ({ a })\nconst A = row(1)')).toEqual([])
    expect(work('const A = run()')).toEqual(['run()'])
    expect(work('const A = tag`x`')).toEqual(['tag tag'])
    expect(work('const f = (a) => { if (a) return 1; return b }\nconst A = f(1)')).toEqual([])
    expect(work('const f = (a) => { while (a) b(); return b }\nconst A = f(1)')).toEqual(['f()'])
    expect(work('export const B = { c: [new Client()] }')).toEqual(['new Client'])
    expect(work('run()')).toEqual(['ExpressionStatement'])
    expect(work('if (x) { run() }')).toEqual(['IfStatement'])
    expect(work('class A { static b = run(); c = run(); d() { run() } }')).toEqual(['run()'])
    expect(work('const a = await 1')).toEqual(['await'])
  })

  test('tell the global from a name of our own', () => {
    expect(used('const a = () => process.env')).toEqual(['process'])
    expect(used('const a = () => globalThis.fetch(x)')).toEqual(['fetch'])
    expect(used('function a(fetch: (u: string) => void) { fetch(u) }')).toEqual([])
    expect(used('const a = { fetch: 1 }; const b = (x: T) => x.fetch')).toEqual([])
    expect(used('type A = typeof fetch; interface B { process: string; console(): void }')).toEqual([])
  })

  test('know vague names', () => {
    const names = ['string-utils.ts', 'helper.ts', 'event-handlers.ts', 'database.ts', 'metadata.ts', 'information.ts']
    expect(names.filter((name) => VAGUE_NAME.test(name))).toEqual(['string-utils.ts', 'helper.ts', 'event-handlers.ts'])
  })
})
