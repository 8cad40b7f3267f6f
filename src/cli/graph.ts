// `phasegate graph`: the calls that the analysis followed from one entry, as an adjacency list, dot or Mermaid.
// Names are dotted as Python writes them; builtins are `<builtin>.name`, libraries their access path.
import { statSync } from 'node:fs'
import { functionEntry, moduleEntry } from '../analysis/requests.ts'
import { analyse } from '../analysis/entry.ts'
import type { EntryFacts } from '../analysis/facts.ts'
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
  const [file = '', qualname] = args.entry.split('::')
  if (!program.files.has(file))
    throw new ConfigurationError(`--entry ${args.entry}: no Python file ${file} under ${args.path}`)
  const request =
    qualname === undefined ? moduleEntry(file, 'graph') : functionEntry(file, qualname, 'graph', ['context'])
  const options = {
    contextType: 'core.app_context.AppContext',
    services: new Map(Object.entries(config.services)),
    invokers: config.invokers,
    deferrals: config.deferrals,
    events: config.events,
    graph: true,
    expired: () => false,
  }
  const [facts] = await analyse(
    program,
    createCatalogue(config.operations, config.services),
    [{ ...request, receiver: 'construct' }],
    options,
    () => undefined,
  )
  if (facts === undefined || !facts.found)
    throw new ConfigurationError(`--entry ${args.entry}: ${file} defines no ${qualname ?? 'module'}`)
  return rendered(adjacency(facts), args.format)
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
  if (format === 'json') return JSON.stringify(Object.fromEntries(edges), null, 2)
  const quote = (name: string): string => JSON.stringify(name)
  if (format === 'dot')
    return [
      'digraph calls {',
      ...[...edges].flatMap(([from, targets]) => [
        `  ${quote(from)};`,
        ...targets.map((to) => `  ${quote(from)} -> ${quote(to)};`),
      ]),
      '}',
    ].join('\n')
  const ids = new Map([...edges.keys()].map((name, i) => [name, `n${i}`]))
  const label = (name: string): string => name.replaceAll('<', '#lt;').replaceAll('>', '#gt;').replaceAll('"', '#quot;')
  return [
    'flowchart LR',
    ...[...ids].map(([name, id]) => `  ${id}["${label(name)}"]`),
    ...[...edges].flatMap(([from, targets]) => targets.map((to) => `  ${ids.get(from)} --> ${ids.get(to)}`)),
  ].join('\n')
}
