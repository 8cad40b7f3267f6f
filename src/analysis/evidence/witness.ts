// From summaries to facts: the shortest, most certain call path to every operation. Summaries form a graph (calls are edges); one search per
// entry point finds the best witness of each operation, in an order that does not depend on the order of evaluation.
import type { EntryPhase, OperationFact, Step } from './facts.ts'
import type { CallRecord, GuardRecord, OperationRecord, Summary } from '../machine/machine.ts'
import type { Resolution, Site } from '../domain/values.ts'

/** Cost of a path: certainty class first (0 certain, 1 possible or assumed, 2 guessed), then frames, then assumed steps. */
interface Cost {
  readonly certainty: number
  readonly frames: number
  readonly assumed: number
}

interface Reached {
  readonly summary: Summary
  readonly detached: boolean
  readonly muted: Muted
  readonly cost: Cost
  readonly from: Reached | null
  readonly via: CallRecord | null
}

const less = (a: Cost, b: Cost): boolean =>
  a.certainty !== b.certainty
    ? a.certainty < b.certainty
    : a.frames !== b.frames
      ? a.frames < b.frames
      : a.assumed < b.assumed
const certaintyOf = (may: boolean, resolution: Resolution): number => Math.max(may ? 1 : 0, resolution)

/** What suppressions on the way hide below them: bits, because a path may pass several. */
export type Muted = number
export const MUTED_PHASE = 1
export const MUTED_SCHEDULED = 2

/** Tells what a comment at a place hides of the work of a phase, and of work that is scheduled in it. */
export interface Suppressor {
  readonly mutes: (site: Site, phase: EntryPhase) => Muted
  /** There was work of these kinds: the comments at this place that hide one of them were of use. */
  readonly hid: (site: Site, phase: EntryPhase, work: Muted) => void
}

function isHidden(muted: Muted, detached: boolean): boolean {
  return (muted & (detached ? MUTED_SCHEDULED : MUTED_PHASE)) !== 0
}

/** Nothing below can be reported: what is detached stays so. */
function isSilent(muted: Muted, detached: boolean): boolean {
  return isHidden(muted, true) && (detached || isHidden(muted, false))
}

export interface Graph {
  readonly reached: readonly Reached[]
  readonly summaries: readonly Summary[]
}

/** All summaries reachable from a root with the best path to each (Dijkstra over a small graph; ties go to the earlier site). */
export function explore(root: Summary, phase: EntryPhase, suppressor: Suppressor): Graph {
  const best = new Map<string, Reached>()
  const summaries = new Set<Summary>()
  const start: Reached = {
    summary: root,
    detached: false,
    muted: 0,
    cost: { certainty: 0, frames: 0, assumed: 0 },
    from: null,
    via: null,
  }
  const waiting: Waiting = { costs: [], nodes: new Map() }
  const visit = (node: Reached): void => {
    const name = nameOf(node)
    const known = best.get(name)
    if (known !== undefined && !less(node.cost, known.cost)) return
    summaries.add(node.summary)
    best.set(name, node)
    put(waiting, node)
  }
  const visitCall = (record: CallRecord, node: Reached): void => {
    const detached = node.detached || record.detached
    const own = suppressor.mutes(record.site, phase)
    if (own !== 0) suppressor.hid(record.site, phase, workBelow(record.target, detached, new Set()))
    const muted = node.muted | own
    if (isSilent(muted, detached)) return
    visit({ summary: record.target, detached, muted, cost: further(node.cost, record), from: node, via: record })
  }
  visit(start)
  const out: Reached[] = []
  for (const bucket of nearestFirst(waiting))
    for (const node of bucket) {
      if (best.get(nameOf(node)) !== node) continue
      out.push(node)
      for (const record of node.summary.records) if (record.kind === 'call') visitCall(record, node)
    }
  return { reached: out, summaries: [...summaries] }
}

/** Tells the ways to one summary apart that differ in what can be reported below it. */
function nameOf({ summary, detached, muted }: Reached): string {
  return `${summary.id}:${detached}:${muted}`
}

function further(cost: Cost, { may, resolution }: CallRecord): Cost {
  return {
    certainty: Math.max(cost.certainty, certaintyOf(may, resolution)),
    frames: cost.frames + 1,
    assumed: cost.assumed + (resolution > 0 ? 1 : 0),
  }
}

/** What the search has still to look at, by cost. */
interface Waiting {
  /** in order */
  readonly costs: number[]
  readonly nodes: Map<number, Reached[]>
}

function put({ costs, nodes }: Waiting, node: Reached): void {
  const cost = order(node.cost)
  const list = nodes.get(cost)
  if (list !== undefined) list.push(node)
  else {
    nodes.set(cost, [node])
    insert(costs, cost)
  }
}

/** Nodes of one cost at a time. Each leads to dearer ones only. */
function* nearestFirst({ costs, nodes }: Waiting): Generator<readonly Reached[]> {
  for (let cost = costs.shift(); cost !== undefined; cost = costs.shift()) {
    const nearest = nodes.get(cost) ?? []
    nodes.delete(cost)
    yield nearest
  }
}

/** Which kinds of work a summary leads to, as the bits that would hide it. Asked only where a comment stands on a call. */
function workBelow(summary: Summary, detached: boolean, seen: Set<string>): Muted {
  const name = `${summary.id}:${detached}`
  if (seen.has(name)) return 0
  seen.add(name)
  let found = 0
  for (const record of summary.records) {
    if (record.kind === 'operation') found |= detached || record.detached ? MUTED_SCHEDULED : MUTED_PHASE
    else if (record.kind === 'call') found |= workBelow(record.target, detached || record.detached, seen)
  }
  return found
}

/** One number that sorts like `less`. */
function order(cost: Cost): number {
  return cost.certainty * 1_000_000_000 + cost.frames * 10_000 + Math.min(cost.assumed, 9_999)
}

function insert(keys: number[], key: number): void {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] ?? 0) < key) low = middle + 1
    else high = middle
  }
  keys.splice(low, 0, key)
}

/** The best witness of every operation. One operation at one place is one fact per phase, whatever symbols it has. */
export function operationFacts(graph: Graph, phase: EntryPhase, suppressor: Suppressor): OperationFact[] {
  const best = new Map<string, { readonly fact: OperationFact; readonly cost: Cost; readonly again: string | null }>()
  for (const node of graph.reached) {
    for (const record of node.summary.records) {
      if (record.kind !== 'operation') continue
      const detached = node.detached || record.detached
      const own = suppressor.mutes(record.site, phase)
      if (own !== 0) suppressor.hid(record.site, phase, detached ? MUTED_SCHEDULED : MUTED_PHASE)
      if (isHidden(node.muted | own, detached)) continue
      const key = `${record.site.module.file}:${record.site.p}:${record.site.e}:${detached}`
      const cost: Cost = {
        certainty: Math.max(node.cost.certainty, certaintyOf(record.may, record.resolution)),
        frames: node.cost.frames,
        assumed: node.cost.assumed,
      }
      const known = best.get(key)
      if (known !== undefined && !less(cost, known.cost)) continue
      const again = detached && hasWaited(node) ? key.replace(/true$/, 'false') : null
      best.set(key, { cost, fact: factOf(node, record, detached ? 'scheduled' : phase, cost), again })
    }
  }
  // what a task certainly did before it waited, and does again later, is told once
  const isTold = (key: string): boolean => best.get(key)?.fact.may === false
  return [...best.values()].filter(({ again }) => again === null || !isTold(again)).map(({ fact }) => fact)
}

/** On the way stands a task that was left at a wait and goes on later. */
function hasWaited(node: Reached): boolean {
  for (let at: Reached = node; at.from !== null && at.via !== null; at = at.from)
    if (at.via.detached && at.summary.waits !== null) return true
  return false
}

function factOf(node: Reached, record: OperationRecord, phase: EntryPhase, cost: Cost): OperationFact {
  const trace: Step[] = []
  const guards: GuardRecord[] = [...record.guards]
  let may = record.may
  for (let at: Reached = node; at.from !== null && at.via !== null; at = at.from) {
    const { via, from } = at
    trace.push({
      site: via.site,
      kind: via.step,
      function: from.summary.function,
      module: from.summary.module,
      callee: via.callee,
      calleeModule: at.summary.module,
      instead: via.instead,
    })
    guards.push(...via.guards)
    may = may || via.may
  }
  return {
    site: record.site,
    function: record.function,
    row: record.row,
    phase,
    resolution: (cost.certainty === 2 ? 2 : Math.max(record.resolution, cost.assumed > 0 ? 1 : 0)) as Resolution,
    may,
    trace: trace.toReversed(),
    guards: guards.toReversed(),
    built: record.built,
  }
}
