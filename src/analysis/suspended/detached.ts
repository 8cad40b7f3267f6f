// Work that was started and not joined (tasks, threads, timers) where paths meet: all of it stays under way, and what only one path has started
// remembers the state of that path.
import type { Exit } from '../machine/machine.ts'
import type { Detached, Parting } from '../machine/started.ts'
import type { Cell, Delta } from '../domain/state.ts'
import type { Value } from '../domain/values.ts'

/** What is still to be joined when several ways meet (`normal` null: no way ends here by itself). What is not under way on all of them may be over. */
export function started(exits: readonly Exit[], normal: readonly Detached[] | null): readonly Detached[] {
  const ways = exits.map((exit) => exit.detached)
  if (normal !== null) ways.push(normal)
  const [first] = ways
  if (first === undefined || ways.every((way) => way === first)) return first ?? []
  const out = new Map<string, Detached>()
  for (const task of ways.flat()) {
    const everywhere = ways.every((way) => way.some(({ key }) => key === task.key))
    out.set(task.key, everywhere || task.perhaps ? task : { ...task, perhaps: true })
  }
  return [...out.values()]
}

/** For every alternative, what each cell that any of them wrote holds there. */
export function states(deltas: readonly Delta[]): ReadonlyMap<Cell, Value>[] {
  const cells = new Set(deltas.flatMap((delta) => [...delta.keys()]))
  return deltas.map((delta) => new Map([...cells].map((cell) => [cell, delta.get(cell) ?? cell.value])))
}

/** The work that is under way after a join. What an alternative started remembers the state of that alternative. */
export function parted(
  tasks: readonly (readonly Detached[])[],
  common: readonly Detached[],
  paths: readonly ReadonlyMap<Cell, Value>[],
): readonly Detached[] {
  if (paths.length === 0) return common
  const out = new Map<string, Detached>()
  tasks.forEach((list, i) => {
    for (const task of list) {
      const state = paths[i]
      // another path has waited for it
      if (common.includes(task) && tasks.some((other) => !other.includes(task))) {
        out.set(task.key, { ...task, perhaps: true })
        continue
      }
      const shared = common.includes(task) || tasks.some((other, j) => j !== i && other.some((t) => t.key === task.key))
      if (shared || state === undefined) {
        out.set(task.key, task)
        continue
      }
      const there = new Map<Cell, Parting>()
      for (const [cell, value] of state) {
        const known = task.there.get(cell)
        const own = known !== undefined && known.joined === value ? known.value : value
        if (own !== cell.value) there.set(cell, { value: own, joined: cell.value })
      }
      for (const [cell, parting] of task.there) if (!state.has(cell)) there.set(cell, parting)
      // who has come to a wait on this path only was started before it
      out.set(task.key, { ...task, there, perhaps: task.perhaps || task.waiting !== null })
    }
  })
  return [...out.values()]
}
