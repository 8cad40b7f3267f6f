// Loading options of SQLAlchemy: which relationships a statement loads along (`selectinload(User.addresses)`), and which columns it leaves out.
// An option carries what it and those before it in its chain load; `options(...)` hands that on to the statement.
import type { LibraryCall } from '../domain/instances.ts'
import { only, stringOf, type InstanceAtom, type Value } from '../domain/values.ts'
import { loadsOf, setLoads, type Loads } from '../library/loads.ts'
import type { Machine } from '../machine/machine.ts'
import { boundName } from './mapping.ts'

/** The relationship that the next option of a chain starts from. */
const PATH = 'sqlalchemy:path'

export const isOption = (object: InstanceAtom): boolean => object.ext === 'sqlalchemy.orm.Load'

const EAGER: ReadonlySet<string> = new Set([
  'selectinload',
  'joinedload',
  'subqueryload',
  'immediateload',
  'contains_eager',
  'raiseload',
  'noload',
])

/** A loading option, alone or after another one: `selectinload(User.addresses).joinedload(Address.city)`. */
export function option(m: Machine, made: InstanceAtom, before: InstanceAtom | null, call: LibraryCall): void {
  const name = call.path.slice(call.path.lastIndexOf('.') + 1)
  const names = call.args.pos.map((value) => attributeName(m, value))
  const start = before === null ? null : stringOf(m.ops.slot(before, PATH))
  const [first = null] = names
  const path = [start, first].filter((part) => part !== null).join('__')
  const own = EAGER.has(name) ? [`join:${path === '' ? '*' : path}`] : columnLoads(name, start, names)
  setLoads(m, made, [...(before === null ? [] : loadsOf(m, before)), ...own])
  if (first !== null && name !== 'load_only' && name !== 'defer' && name !== 'undefer')
    m.ops.setSlot(made, PATH, m.domain.constant('str', path))
}

/** Columns of what the statement is about; those of what it loads along are not kept apart. */
function columnLoads(name: string, start: string | null, names: readonly (string | null)[]): Loads {
  if (start !== null) return []
  if (name === 'load_only') return names.map((one) => `only:${one ?? '*'}`)
  if (name === 'defer') return names.flatMap((one) => (one === null ? [] : [`without:${one}`]))
  return name === 'undefer' || name === 'undefer_group'
    ? names.map((one) => `with:${one === null || name === 'undefer_group' ? '*' : one}`)
    : []
}

/** `User.addresses` or `"addresses"`. */
function attributeName(m: Machine, value: Value): string | null {
  const atom = only(value)
  if (atom?.kind === 'instance') return boundName(m, atom)
  return stringOf(value)?.replaceAll('.', '__') ?? null
}

/** What the options among these values load. */
export function optionLoads(m: Machine, value: Value | undefined): Loads {
  return (value?.atoms ?? []).flatMap((atom) => {
    if (atom.kind === 'instance') return isOption(atom) ? loadsOf(m, atom) : []
    return atom.kind === 'container'
      ? [...atom.known.values(), atom.rest].flatMap((cell) => optionLoads(m, m.store.read(cell)))
      : []
  })
}
