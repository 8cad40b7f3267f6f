// What validating a model instance asks the database: whether the values of its unique columns are taken, and whether what its foreign keys point to
// is there. A model of the tree without either asks nothing. What is not known of a model (bases and fields from elsewhere) may ask.
import type { LibraryCall } from '../domain/instances.ts'
import type { Machine } from '../machine/machine.ts'
import type { CallArgs, ClassAtom, InstanceAtom, Value } from '../domain/values.ts'
import { classMember } from '../objects/members.ts'
import { isStored } from './querysets.ts'
import { MODEL } from './models.ts'

const UNIQUE = 'django:unique'
const RELATION = /(?:ForeignKey|OneToOneField|ParentalKey)(?:\(\))?$/
const FIELD = /^django\./
/** Methods of an instance, and what they look for. */
const ASKS: Readonly<Record<string, readonly Reason[]>> = {
  [`${MODEL}.full_clean`]: ['relation', 'unique', 'constraint'],
  [`${MODEL}.clean_fields`]: ['relation'],
  [`${MODEL}.validate_unique`]: ['unique'],
  [`${MODEL}.validate_constraints`]: ['constraint'],
}

/** Why validating asks: a foreign key, a unique column or group of columns, a constraint, something that is not known. */
type Reason = 'relation' | 'unique' | 'constraint' | 'unknown'

/** Notes with a field that its column is unique, or unique for a date. */
export function keepUnique(m: Machine, field: InstanceAtom, path: string, { kw, restKw }: CallArgs): void {
  const named = [...kw].some(
    ([name, value]) => /^(?:unique|primary_key|unique_for_\w+)$/.test(name) && value !== m.domain.false,
  )
  if (named || restKw !== null || path.endsWith('OneToOneField')) m.ops.setSlot(field, UNIQUE, m.domain.true)
}

/** The answer of a validating method that asks nothing; null when it may ask, or is none. */
export function validation(m: Machine, { path, self }: LibraryCall): Value | null {
  const reasons = Object.hasOwn(ASKS, path) ? ASKS[path] : undefined
  if (reasons === undefined || self === null || self.cls === null) return null
  const found = reasonsOf(m, self.cls)
  // a key that was given is looked for before the row is written
  if (!isStored(m, self) && hasOwnKey(m, self)) found.add('unique')
  return found.has('unknown') || reasons.some((reason) => found.has(reason)) ? null : m.domain.none
}

/** Whether validating a form over this model asks for unique columns among the fields of the form. */
export function hasUnique(m: Machine, model: ClassAtom, wanted: (name: string) => boolean): boolean {
  return model.mro.some(
    (base) =>
      base.kind === 'class' && [...base.fields].some(([name, cell]) => wanted(name) && isUnique(m, m.store.read(cell))),
  )
}

const isUnique = (m: Machine, value: Value): boolean =>
  value.atoms.some((a) => a.kind === 'instance' && m.ops.slot(a, UNIQUE).atoms.length > 0)

function hasOwnKey(m: Machine, self: InstanceAtom): boolean {
  return ['id', 'pk'].some((name) => {
    const cell = self.fields.get(name)
    return cell !== undefined && m.store.read(cell).atoms.some((a) => a.kind !== 'unbound')
  })
}

function reasonsOf(m: Machine, cls: ClassAtom): Set<Reason> {
  const found = new Set<Reason>()
  for (const base of cls.mro) {
    if (base.kind !== 'class') {
      if (base.kind !== 'external' || !PLAIN_BASES.has(base.path)) found.add('unknown')
      continue
    }
    for (const cell of base.fields.values())
      for (const atom of m.store.read(cell).atoms)
        if (atom.kind === 'instance') for (const reason of reasonsOfField(m, atom)) found.add(reason)
    const meta = base.fields.get('Meta')
    for (const atom of meta === undefined ? [] : m.store.read(meta).atoms)
      if (atom.kind === 'class') for (const reason of reasonsOfMeta(m, atom)) found.add(reason)
  }
  return found
}
const PLAIN_BASES: ReadonlySet<string> = new Set([MODEL, 'object', 'builtins.object'])

function reasonsOfField(m: Machine, field: InstanceAtom): Reason[] {
  // a field class of the tree or of another package validates as it likes
  if (field.ext === null)
    return field.cls?.mro.some((base) => base.kind === 'external' && /Field/.test(base.path)) === true
      ? ['unknown']
      : []
  if (!FIELD.test(field.ext)) return /(?:Field|Key)(?:\(\))?$/.test(field.ext) ? ['unknown'] : []
  const unique: Reason[] = m.ops.slot(field, UNIQUE).atoms.length > 0 ? ['unique'] : []
  return RELATION.test(field.ext) ? [...unique, 'relation'] : unique
}

function reasonsOfMeta(m: Machine, meta: ClassAtom): Reason[] {
  const has = (name: string): boolean => classMember(m, meta, name) !== null
  const unique: Reason[] = has('unique_together') ? ['unique'] : []
  return has('constraints') ? [...unique, 'constraint', 'unique'] : unique
}
