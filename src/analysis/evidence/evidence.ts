// What a run of an entry point leaves behind, as facts: operations with their traces, what was not followed, hooks, calls, edges.
// Read from the summaries that its two roots reach; nothing is analysed here.
import { GENERATOR_EXPRESSION } from '../suspended/generators.ts'
import type { CallRecord, Machine, Summary } from '../machine/machine.ts'
import type { Site } from '../domain/values.ts'
import type { EntryFacts, EntryRequest, HookCalledFact, HookFact, OperationFact, UnknownFact } from './facts.ts'
import { explore, operationFacts, type Suppressor } from './witness.ts'
import { hookFact } from './portable.ts'
import { createSuppressor } from './suppressions.ts'

export interface Roots {
  readonly imported: Summary
  readonly called: Summary | null
  readonly definition: Site | null
  readonly found: boolean
}

export function collect(m: Machine, request: EntryRequest, roots: Roots): EntryFacts {
  const suppression = createSuppressor()
  const operations: OperationFact[] = []
  const summaries = new Set<Summary>()
  let called = new Set<Summary>()
  const phases = [
    { root: roots.imported, phase: 'import' as const },
    ...(roots.called === null ? [] : [{ root: roots.called, phase: 'phase-1' as const }]),
  ]
  for (const { root, phase } of phases) {
    const graph = explore(root, phase, suppression)
    for (const fact of operationFacts(graph, phase, suppression)) operations.push(shortened(fact))
    called = new Set(graph.summaries)
    for (const summary of called) summaries.add(summary)
  }
  const hidden = suppression.used().length === 0 ? [] : hiddenOperations(phases, operations)
  const pseudo = new Set([roots.imported, roots.called])
  return {
    request,
    depends: { files: [], services: [...m.asked].toSorted(), surveyed: m.surveyed },
    definition: roots.definition,
    found: roots.found,
    operations,
    hidden,
    ...withUnlinked(notesOf(m, summaries, called, pseudo), request),
    registers: registrations(m, request),
    exhausted: m.budget.exhausted,
    files: [...new Set([...summaries].map((s) => s.module.file))].toSorted(),
    modules: [...new Set([...summaries].map((s) => s.module.name))].toSorted(),
    suppressed: suppression.used(),
  }
}

/** Names in decorators that are computed: what they name may run and was not seen. */
function withUnlinked<T extends Pick<EntryFacts, 'unknowns'>>(notes: T, request: EntryRequest): T {
  const unlinked = request.unlinked.map((site): UnknownFact => ({ site, reason: 'string-key-unresolved' }))
  return unlinked.length === 0 ? notes : { ...notes, unknowns: [...notes.unknowns, ...unlinked] }
}

/** Names under which services stand in the registry now, and those that the framework registers for this module. */
function registrations(m: Machine, request: EntryRequest): string[] {
  const context = m.rootContext.allocations.get(`context:${m.options.contextType}`)
  const slots = context?.kind === 'instance' ? [...context.slots] : []
  const names = slots.flatMap(([name, cell]) =>
    name.startsWith('service:') && name !== 'service:*' && m.store.read(cell) !== m.domain.unbound
      ? [name.slice('service:'.length)]
      : [],
  )
  return [...new Set([...names, ...(request.setup?.names ?? [])])].toSorted()
}

function placeOf(fact: OperationFact): string {
  return `${fact.phase}:${fact.site.module.file}:${fact.site.p}:${fact.site.e}`
}

/** The trace without the entry point itself, which every trace starts with. */
function shortened(fact: OperationFact): OperationFact {
  return { ...fact, trace: fact.trace.slice(1) }
}

const NOTHING_HIDDEN: Suppressor = { mutes: () => 0, hid: () => undefined }

/** What would be reported without the suppressions and is not reported with them. */
function hiddenOperations(
  phases: readonly { readonly root: Summary; readonly phase: 'import' | 'phase-1' }[],
  visible: readonly OperationFact[],
): OperationFact[] {
  const seen = new Set(visible.map(placeOf))
  return phases
    .flatMap(({ root, phase }) =>
      operationFacts(explore(root, phase, NOTHING_HIDDEN), phase, NOTHING_HIDDEN).map(shortened),
    )
    .filter((fact) => !seen.has(placeOf(fact)))
}

/** Module and class bodies are not called, and a generator expression belongs to the function around it. Hooks of class creation are. */
function isCallOfFunction({ step, callee }: CallRecord): boolean {
  if (step === 'import' || callee.endsWith(GENERATOR_EXPRESSION)) return false
  return step !== 'class-body' || callee.endsWith('__')
}

function nameOf(module: Summary['module'], qualname: string): string {
  const owner = qualname.replaceAll(`.${GENERATOR_EXPRESSION}`, '').replace(GENERATOR_EXPRESSION, '')
  return owner === '' ? module.name : `${module.name}.${owner}`
}

function placeIn({ site }: { readonly site: Site }): string {
  return `${site.module.file}:${site.p}`
}

function notesOf(
  m: Machine,
  summaries: ReadonlySet<Summary>,
  called: ReadonlySet<Summary>,
  pseudo: ReadonlySet<Summary | null>,
): Pick<EntryFacts, 'unknowns' | 'unread' | 'hooks' | 'hooksCalled' | 'calls' | 'edges' | 'asks'> {
  const unknowns = new Map<string, UnknownFact>()
  const hooks = new Map<string, HookFact>()
  const hooksCalled = new Map<string, HookCalledFact>()
  const edges = new Map<string, readonly [string, string]>()
  const unread = new Set<string>()
  const asks = new Set<string>()
  let reached = 0
  let followed = 0
  const counted = new Map<string, Set<number>>()
  for (const summary of summaries) {
    const where = `${summary.module.file}::${summary.function}`
    const known = counted.get(where) ?? new Set<number>()
    counted.set(where, known)
    for (const key of summary.reached)
      if (!known.has(key)) {
        known.add(key)
        reached++
        if (summary.followed.has(key)) followed++
      }
    const from = m.options.graph ? nameOf(summary.module, summary.function) : ''
    for (const record of summary.records) {
      if (record.kind === 'unknown')
        unknowns.set(`${placeIn(record)}:${record.reason}`, { site: record.site, reason: record.reason })
      else if (record.kind === 'call') {
        if (!pseudo.has(summary) && m.options.graph && isCallOfFunction(record))
          edges.set(`${from}>${nameOf(record.target.module, record.callee)}`, [
            from,
            nameOf(record.target.module, record.target.function),
          ])
      } else if (record.kind === 'note') {
        if (record.note === 'hook' && record.function !== null)
          hooks.set(
            `${placeIn(record)}:${record.function.id}`,
            hookFact(record.site, record.text, record.function.env.module.info, record.function.fn),
          )
        else if (record.note === 'hook-called' && called.has(summary))
          hooksCalled.set(placeIn(record), {
            site: record.site,
            argument: record.argument ?? record.site,
            symbol: record.text,
          })
        else if (record.note === 'service') asks.add(record.text)
        else if (record.note === 'unread') unread.add(record.text)
        else if (record.note === 'edge') {
          // `ext.Client().get` is a method of the class, as Python writes it
          const to = record.text.replaceAll('()', '')
          edges.set(`${from}>${to}`, [from, to])
        }
      }
    }
  }
  return {
    unknowns: [...unknowns.values()],
    unread: [...unread].toSorted(),
    asks: [...asks].toSorted(),
    hooks: [...hooks.values()],
    hooksCalled: [...hooksCalled.values()],
    calls: { reached, followed },
    edges: [...edges.values()],
  }
}
