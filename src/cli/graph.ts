// `phasegate graph`: the calls that the analysis followed from one entry, as an adjacency list, dot or Mermaid.
// Names are dotted as Python writes them; builtins are `<builtin>.name`, libraries their access path.
import { statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { functionEntry, moduleEntry } from '../analysis/entries/requests.ts'
import { analyse } from '../analysis/entry.ts'
import type { EntryFacts } from '../analysis/evidence/facts.ts'
import { createIrStore } from '../cache/ir-store.ts'
import { createCatalogue } from '../catalogue/lookup.ts'
import { ConfigurationError } from '../config/model.ts'
import { openProgram } from '../program/program.ts'
import { directoryReader } from '../sources/directory.ts'
import { namedFile } from '../sources/policy-file.ts'
import { graphArguments, type GraphArguments } from './arguments.ts'
import { readPolicy } from './policy.ts'

export async function graph(argv: readonly string[]): Promise<string> {
  const args = graphArguments(argv)
  if (statSync(args.path, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new ConfigurationError(`${args.path}: not a directory`)
  const { config } = await readPolicy({
    named: args.config,
    profiles: [],
    head: (path) => Promise.resolve(namedFile(args.path, path)),
    base: null,
  })
  const program = await openProgram(directoryReader(args.path), createIrStore(null))
  const [named = '', qualname] = args.entry.split('::')
  const file = fileOf(named, args.path, (path) => program.files.has(path))
  if (file === null) throw new ConfigurationError(`--entry ${args.entry}: no Python file ${named} under ${args.path}`)
  const request =
    qualname === undefined ? moduleEntry(file, 'graph') : functionEntry(file, qualname, 'graph', ['context'])
  const options = {
    contextType: 'core.app_context.AppContext',
    services: new Map(Object.entries(config.services)),
    providers: new Map(),
    facts: null,
    invokers: config.invokers,
    deferrals: config.deferrals,
    events: config.events,
    graph: true,
    expired: () => false,
    progress: () => undefined,
  }
  const [facts] = await analyse(
    program,
    createCatalogue(config.operations, config.services),
    [{ ...request, receiver: 'construct' }],
    options,
  )
  if (facts === undefined || !facts.found)
    throw new ConfigurationError(`--entry ${args.entry}: ${file} defines no ${qualname ?? 'module'}`)
  return rendered(adjacency(facts), args.format)
}

/** The file as the tree names it: relative to its top, or as the shell completes it from where one stands. */
function fileOf(named: string, root: string, has: (path: string) => boolean): string | null {
  const below = (path: string): string => relative(root, path).split(sep).join('/')
  return [named, below(join(root, named)), below(resolve(named))].find((path) => has(path)) ?? null
}

/** Every function that was reached, with what it calls, in alphabetical order. */
function adjacency(facts: EntryFacts): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, Set<string>>()
  const node = (name: string): Set<string> => {
    let set = out.get(name)
    if (set === undefined) {
      set = new Set()
      out.set(name, set)
    }
    return set
  }
  // modules that were imported are nodes; an import is not a call
  for (const module of facts.modules) node(module)
  for (const [from, to] of facts.edges) {
    node(from).add(to)
    node(to)
  }
  return new Map(
    [...out].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, targets]) => [name, [...targets].toSorted()]),
  )
}

function rendered(edges: ReadonlyMap<string, readonly string[]>, format: GraphArguments['format']): string {
  switch (format) {
    case 'json':
      return JSON.stringify(Object.fromEntries(edges), null, 2)
    case 'dot':
      return asDot(edges)
    case 'mermaid':
      return asMermaid(edges)
    default:
      return format satisfies never
  }
}

/** Names in the quotes of JSON, which dot reads alike. */
function asDot(edges: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...edges].flatMap(([from, targets]) => {
    const quoted = JSON.stringify(from)
    const arrows = targets.map((to) => `  ${quoted} -> ${JSON.stringify(to)};`)
    return [`  ${quoted};`].concat(arrows)
  })
  return ['digraph calls {', ...lines, '}'].join('\n')
}

function asMermaid(edges: ReadonlyMap<string, readonly string[]>): string {
  const ids = new Map([...edges.keys()].map((name, at) => [name, `n${at}`]))
  const nodes = [...ids].map(([name, id]) => `  ${id}["${mermaidText(name)}"]`)
  const arrows = [...edges].flatMap(([from, targets]) => targets.map((to) => `  ${ids.get(from)} --> ${ids.get(to)}`))
  return ['flowchart LR', ...nodes, ...arrows].join('\n')
}

/** Mermaid's own entities: `#lt;`, not `&lt;`. */
function mermaidText(name: string): string {
  return name.replaceAll('<', '#lt;').replaceAll('>', '#gt;').replaceAll('"', '#quot;')
}
