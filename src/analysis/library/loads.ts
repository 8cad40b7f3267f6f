// What comes with the instances that a query gave: relations fetched with them, columns left out. It decides which attribute sends a query.
// A query carries this from one building call to the next; the instances keep it.
import type { Machine } from '../machine/machine.ts'
import type { InstanceAtom } from '../domain/values.ts'

/** The slot that holds it, as one interned value: the list below, sorted. */
const LOADS = 'query:loads'
/** `join:a__b` a relation that is loaded, `only:a` and `without:a` columns, `with:a` a column that is always asked for, `empty` no query is ever sent; `*` stands for names that are not known. */
export type Loads = readonly string[]
const NOTHING: Loads = []

/** What an object carries; several possibilities count as the least that they share. */
export function loadsOf(m: Machine, object: InstanceAtom): Loads {
  const [first = NOTHING, ...rest] = m.ops
    .slot(object, LOADS)
    .atoms.map((a) => (a.kind === 'special' && a.type === LOADS ? a.names : NOTHING))
  return rest.length === 0 ? first : first.filter((name) => rest.every((other) => other.includes(name)))
}

export function setLoads(m: Machine, object: InstanceAtom, loads: Loads): void {
  if (loads.length === 0 && !object.slots.has(LOADS)) return
  m.ops.setSlot(object, LOADS, m.domain.special(LOADS, [], [...new Set(loads)].toSorted()))
}

/** The relation came with the instance. */
export function hasRelation(loads: Loads, name: string): boolean {
  return loads.includes(`join:${name}`) || loads.includes('join:*')
}

/** What an instance that came through a relation carries itself. */
export function through(loads: Loads, name: string): Loads {
  const prefix = `join:${name}__`
  return loads.flatMap((one) => (one.startsWith(prefix) ? [`join:${one.slice(prefix.length)}`] : []))
}

/** The column was left out, so that reading it asks the database. */
export function isLeftOut(loads: Loads, name: string): boolean {
  if (loads.includes(`without:${name}`)) return true
  const kept = loads.filter((one) => one.startsWith('only:'))
  return kept.length > 0 && !kept.includes(`only:${name}`) && !kept.includes('only:*')
}
