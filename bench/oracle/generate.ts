// Composes a random Python program from templates: modules, probe sites in initialize() and at import, and unknown conditions.
// Same seed, same program. The features of a program are the names of the templates it contains.
import { ASYNCHRONOUS } from './asynchronous.ts'
import { CALLABLES } from './callables.ts'
import { CALLBACKS } from './callbacks.ts'
import { CONCURRENCY } from './concurrency.ts'
import { STATEMENTS } from './control.ts'
import { DATA_MODEL } from './data-model.ts'
import { EVERYDAY } from './everyday.ts'
import { ERRORS } from './errors.ts'
import { IMPORTS } from './imports.ts'
import { CONSUMERS, ITERABLES } from './iterables.ts'
import type { OracleProgram } from './model.ts'
import { HOOKED } from './library-hooks.ts'
import { LIFETIMES } from './lifetimes.ts'
import { MODULE_STATE } from './module-state.ts'
import { OBJECTS } from './objects.ts'
import {
  block,
  FIRST_TAG,
  line,
  need,
  refer,
  topPlace,
  type Generator,
  type Module,
  type Place,
  type Sort,
  type Template,
} from './place.ts'
import { SHARED_CALLABLES } from './shared-callables.ts'
import { STARTUP } from './startup.ts'
import { STORED_CALLABLES } from './stored-callables.ts'
import { THREADS } from './threads.ts'
import { WAITS } from './waits.ts'
import { createRandom, seedOf } from './random.ts'
import { WRAPPERS } from './wrappers.ts'

export const PROBE = `"""A call of db() stands for any database operation."""


def db(*args, **kwargs):
    return None
`

const TEMPLATES: readonly Template[] = [
  ...CALLABLES,
  ...STORED_CALLABLES,
  ...SHARED_CALLABLES,
  ...WRAPPERS,
  ...ITERABLES,
  ...CONSUMERS,
  ...OBJECTS,
  ...STATEMENTS,
  ...ERRORS,
  ...IMPORTS,
  ...STARTUP,
  ...CONCURRENCY,
  ...ASYNCHRONOUS,
  ...THREADS,
  ...HOOKED,
  ...DATA_MODEL,
  ...CALLBACKS,
  ...MODULE_STATE,
  ...LIFETIMES,
  ...EVERYDAY,
  ...WAITS,
  { name: 'call-expression', sort: 'expr', weight: 8, make: (g, p, d) => `${g.some('fn', p, d - 1)}()` },
  { name: 'construct-expression', sort: 'expr', weight: 2, make: (g, p, d) => `${g.some('cls', p, d - 1)}()` },
  {
    name: 'await-expression',
    sort: 'expr',
    weight: 3,
    make: (g, p, d) => `(await ${g.some('coro', p, d - 1)})`,
    when: (p) => p.async,
  },
]

/** Names of everything that a program can be composed from. */
export const FEATURES: readonly string[] = [...new Set(TEMPLATES.map((t) => t.name))].toSorted()

const bySort = new Map<Sort, Template[]>()
for (const template of TEMPLATES) bySort.set(template.sort, [...(bySort.get(template.sort) ?? []), template])

/** Unknown conditions written into one program: their outcomes are tried exhaustively. */
const MAX_UNKNOWN = 3
/** Templates of one probe site and probes of one program. */
const SITE_BUDGET = 14
const MAX_TAGS = 40
const CONSTANTS = [
  'True',
  'False',
  '0',
  '1',
  'None',
  '""',
  'not True',
  '__name__ == "__main__"',
  '"a" == "a"',
  '1 < 2',
  'TYPE_CHECKING',
]

interface State extends Generator {
  budget: number
}

function createGenerator(seed: number): State {
  const random = createRandom(seed)
  let names = 0
  let tags = FIRST_TAG
  let unknowns = 0
  const g: State = {
    random,
    modules: [],
    features: new Set(),
    asynchronous: random.chance(0.45),
    budget: SITE_BUDGET,
    name: (prefix) => `${prefix}_${++names}`,
    leaf: (p) => {
      if (tags - FIRST_TAG >= MAX_TAGS) return 'None'
      const tag = tags++
      if (random.chance(0.9)) {
        need(p, 'from probe import db')
        return `db(${tag})`
      }
      need(p, 'import probe')
      return `probe.db(${tag})`
    },
    unknown: (p) => {
      if (unknowns >= MAX_UNKNOWN) return constant(g, p)
      unknowns++
      g.features.add('unknown-condition')
      if (p.ctx !== null && random.chance(0.7)) return `${p.ctx}.flag_${unknowns}`
      if (random.chance(0.5)) {
        need(p, 'import os')
        return `os.environ.get("FLAG_${unknowns}")`
      }
      need(p, 'import random')
      return 'random.random() < 0.5'
    },
    condition: (p) => (random.chance(0.55) ? g.unknown(p) : constant(g, p)),
    some: (sort, p, depth) => {
      const choices = (bySort.get(sort) ?? []).filter((t) => t.when?.(p, g) ?? true)
      if (depth <= 0 || g.budget <= 0 || choices.length === 0) return simplest(g, sort, p)
      g.budget--
      const template = random.weighted(choices)
      g.features.add(template.name)
      if (p.out !== p.module.top) return template.make(g, p, depth)
      // what the template defines at the top of the module stands before all its clauses
      const out: string[] = []
      const text = template.make(g, { ...p, out }, depth)
      p.out.push(...out)
      return text
    },
    statements: (p, depth) => {
      const count = random.chance(0.25) ? 2 : 1
      for (let i = 0; i < count; i++) g.some('stmt', p, depth)
    },
  }
  return g
}

function constant(g: Generator, p: Place): string {
  const text = g.random.pick(CONSTANTS)
  if (text === 'TYPE_CHECKING') need(p, 'from typing import TYPE_CHECKING')
  return text
}

/** What stands at the end of a composition. */
function simplest(g: Generator, sort: Sort, p: Place): string {
  const text = g.random.chance(0.9) ? g.leaf(p) : 'None'
  const inline = (header: string): string => {
    const name = g.name('end')
    line(p, `${header.replace('NAME', name)}\n    ${text}`)
    return name
  }
  switch (sort) {
    case 'stmt':
      line(p, text)
      return ''
    case 'expr':
      return text
    case 'fn':
      return g.random.chance(0.5) ? `(lambda: ${text})` : inline('def NAME():')
    case 'fn1':
      return `(lambda x: ${text})`
    case 'gen':
      return `(${text} for _ in [1])`
    case 'coro':
      return `${inline('async def NAME():')}()`
    case 'agen':
      return `${inline('async def NAME():\n    yield 1')}()`
    case 'cls':
      return inline('class NAME:\n    def __init__(self, *args):\n        pass')
    case 'deco':
      return '(lambda function: function)'
    case 'cm':
    case 'acm':
      need(p, 'import contextlib')
      return `contextlib.nullcontext(${text})`
    default:
      return sort satisfies never
  }
}

const LAYOUTS: readonly (readonly string[])[] = [
  [],
  [],
  ['helper.py'],
  ['helper.py', 'other.py'],
  ['shop/__init__.py', 'shop/items.py'],
  ['shop/__init__.py', 'shop/items.py', 'tools.py'],
  ['shop/core/items.py'],
  ['steps.py'],
]

function createModule(file: string, index: number): Module {
  const name = file.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.')
  return { file, name, index, open: true, head: new Set(), top: [] }
}

/** The n-th program of a seed. */
export function generate(seed: number, n: number): OracleProgram {
  const g = createGenerator(seedOf(seed, n))
  const main = createModule('main.py', 0)
  g.modules.push(main, ...g.random.pick(LAYOUTS).map((file, i) => createModule(file, i + 1)))
  const top: Place = {
    module: main,
    out: main.top,
    kind: 'module',
    async: false,
    running: false,
    quiet: false,
    ctx: null,
  }
  const body: Place = { ...top, out: [], kind: 'function', async: g.asynchronous, running: g.asynchronous, ctx: 'ctx' }
  const sites = 2 + g.random.below(4)
  for (let i = 0; i < sites; i++) {
    g.budget = SITE_BUDGET
    site(g, top, body)
  }
  main.top.push(
    `${g.asynchronous ? 'async ' : ''}def initialize(ctx):`,
    ...(body.out.length === 0 ? ['pass'] : body.out).map((text) => `    ${text}`),
  )
  const files: Record<string, string> = { 'probe.py': PROBE }
  for (const module of g.modules) files[module.file] = `${[...module.head, ...module.top].join('\n')}\n`
  return { id: `${seed}-${n}`, files, features: [...g.features].toSorted() }
}

/** One probe site: in initialize itself, in a function that it calls, or at import. */
function site(g: State, top: Place, body: Place): void {
  const depth = 1 + g.random.below(5)
  const way = g.random.below(10)
  if (way === 0) {
    g.features.add('site-import')
    g.statements(top, depth)
  } else if (way === 1) {
    g.features.add('site-import-elsewhere')
    const home = topPlace(g, top)
    g.statements(home, depth)
    if (home.module !== top.module) {
      const name = g.name('MARK')
      line(home, `${name} = 1`)
      refer(g, top, home.module, name)
    }
  } else if (way < 5) {
    g.features.add('site-inline')
    g.statements(body, depth)
  } else {
    g.features.add('site-function')
    const name = g.name('site')
    const async = body.async && g.random.chance(0.6)
    block(top, `${async ? 'async ' : ''}def ${name}(ctx):`, (inner) => g.statements(inner, depth), {
      kind: 'function',
      async,
      running: g.asynchronous,
      ctx: 'ctx',
    })
    line(body, `${async ? 'await ' : ''}${name}(ctx)`)
  }
}
