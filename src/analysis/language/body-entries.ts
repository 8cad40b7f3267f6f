// Entries of module bodies, used again where they hold. A module that an entry ran as its first import may have run before: then the entry holds
// without that part, as long as what it read of the module is still so. Must stay true: everything that a body reads and did not write itself is
// compared at the point at which it was read.
import { MAX_DEPTH } from '../machine/budgets.ts'
import type { Machine, Summary } from '../machine/machine.ts'
import type { BodyEntry } from '../machine/memo.ts'
import { mergeDetached } from '../machine/summaries.ts'
import type { Cell, Delta, Expected, Recorder, Written } from '../domain/state.ts'
import type { ModuleAtom, Value } from '../domain/values.ts'

/** Entries kept per module body for different surroundings. */
const MAX_BODIES = 6

type Part = Delta | Written | Expected

/** The entry of a body is known from now on; the one that was used longest ago makes room for it. */
export function keep(m: Machine, entry: BodyEntry): void {
  const known = m.moduleMemo.get(entry.module) ?? []
  m.moduleMemo.set(entry.module, [entry, ...known.filter((other) => other !== entry)].slice(0, MAX_BODIES))
}

/** Whether a cell, as it is now, is what an entry expects of it. */
type Holds = (m: Machine, entry: BodyEntry, cell: Cell, expected: Value) => boolean

/** As it was, but for whether a module is still running: that shows in what it has defined so far. */
export function asBefore(m: Machine, _entry: BodyEntry, cell: Cell, expected: Value): boolean {
  return cell.value === expected || (m.moduleStates.has(cell) && hasRun(cell.value) && hasRun(expected))
}

/**
 * On paths on which the body has not run, although it has on others: the state is joined with theirs. A cell may still be as it was before the body;
 * what else it may be comes from the body, or from what ran after it where the body writes the cell. Which modules have run is known better by now.
 */
export function asOnOtherPaths(m: Machine, entry: BodyEntry, cell: Cell, expected: Value): boolean {
  if (asBefore(m, entry, cell, expected)) return true
  const now = cell.value
  if (m.moduleStates.has(cell)) return includes(expected, now) || includes(now, expected)
  return includes(now, expected) && (includes(expected, now) || writes(entry, cell))
}

/** Whether a value may be all that another one may be. */
function includes(value: Value, other: Value): boolean {
  return other.atoms.every((atom) =>
    value.atoms.some(
      (own) => own === atom || (own.kind === 'typed' && atom.kind === 'const' && own.type === atom.type),
    ),
  )
}

function writes({ parts }: Written, cell: Cell): boolean {
  return parts.some((part) => ('parts' in part ? writes(part, cell) : part instanceof Map && (part as Delta).has(cell)))
}

/**
 * An entry of a body that holds here, its changes made; null when there is none. `around`: whose summary depends on what it read.
 */
export function reused(
  m: Machine,
  module: ModuleAtom,
  around: Recorder | null,
  holds: Holds = asBefore,
): BodyEntry | null {
  const { recorder } = m.store
  for (const known of m.moduleMemo.get(module) ?? []) {
    if (m.depth + known.depth > MAX_DEPTH) continue
    const start = m.store.mark()
    m.store.recorder = null
    let entry = replayed(m, known, holds)
    if (entry === null || around !== null) m.store.undo(start)
    m.store.recorder = around
    // once more for those who have to know what it reads
    if (entry !== null && around !== null) entry = replayed(m, known, holds)
    m.store.recorder = recorder
    if (entry === null) continue
    keep(m, known)
    m.detached = mergeDetached(m.detached, entry.detached)
    m.budget.exhausted ??= entry.exhausted
    m.surveyed ||= entry.surveyed
    for (const name of entry.asked) m.asked.add(name)
    m.deepest = Math.max(m.deepest, m.depth + entry.depth)
    return entry
  }
  return null
}

/** Makes the changes of an entry one after the other; null as soon as something that it read is not so. */
function replayed(m: Machine, entry: BodyEntry, holds: Holds): BodyEntry | null {
  clear(m, entry.module)
  const parts: Part[] = []
  const ran = new Set<object>()
  const targets = new Map<Summary, Summary | null>()
  for (const part of entry.parts) {
    if (entry.ran.has(part)) {
      const child = part as BodyEntry
      const now = imported(m, child, holds)
      // in which state an error leaves the body is known with all that it imported only
      if (now === null || (now !== child && entry.summary.raiseDelta !== null)) return null
      parts.push(now)
      if ('module' in now) ran.add(now)
      if (now !== child) targets.set(child.summary, 'module' in now ? now.summary : null)
      continue
    }
    if (part instanceof Map) m.store.apply(part)
    else if ('parts' in part) m.store.applyParts(part)
    else if ('reads' in part && !allHold(m, entry, part.reads, holds)) return null
    parts.push(part)
  }
  return targets.size === 0 ? entry : { ...entry, parts, ran, summary: retargeted(m, entry.summary, targets) }
}

/** What an import of an entry is here: its own entry again, nothing but the fact that it has run, or null when that cannot be told. */
function imported(m: Machine, child: BodyEntry, holds: Holds): BodyEntry | Expected | null {
  const state = m.store.read(child.module.state)
  if (state === m.domain.unbound) return replayed(m, child, holds)
  const ranBefore = hasRun(state) && child.detached.length === 0 && child.summary.returns
  return ranBefore ? { reads: new Map([[child.module.state, state]]) } : null
}

function allHold(m: Machine, entry: BodyEntry, reads: Delta, holds: Holds): boolean {
  for (const [cell, value] of reads) {
    if (!holds(m, entry, cell, value)) return false
    m.store.read(cell)
  }
  return true
}

/** A module has no names when its body begins, whatever it has got on another path, or before it ended in an error. */
export function clear(m: Machine, module: ModuleAtom): void {
  for (const cell of module.fields.values()) if (cell.value !== m.domain.unbound) m.store.write(cell, m.domain.unbound)
}

/** Whether a module has begun to run on every path. */
function hasRun(state: Value): boolean {
  return state.atoms.length > 0 && state.atoms.every(({ kind }) => kind !== 'unbound')
}

/** The same summary, its imports leading to other summaries, or gone where nothing runs. */
function retargeted(m: Machine, summary: Summary, targets: ReadonlyMap<Summary, Summary | null>): Summary {
  const records = summary.records.flatMap((record) => {
    const target = record.kind === 'call' ? targets.get(record.target) : undefined
    if (record.kind !== 'call' || target === undefined) return [record]
    return target === null ? [] : [{ ...record, target }]
  })
  return { ...summary, id: m.nextEnv++, records, seen: new Map() }
}
