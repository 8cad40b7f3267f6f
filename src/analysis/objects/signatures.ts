// The parameters of an `__init__` that dataclasses and named tuples generate, and what objects of such classes do not let be assigned.
// Only classes whose fields are all seen have a signature: what is not known refuses nothing.
import { elements } from '../domain/containers.ts'
import { RESOLVED, only, stringOf, type CallArgs, type ClassAtom, type SpecialAtom } from '../domain/values.ts'
import type { CallSite, Machine } from '../machine/machine.ts'
import { PLAIN_BASES } from '../language/refusals.ts'
import { annotatedFields, classMember, fieldNames } from './members.ts'

/** Traits of classes that `dataclasses.dataclass` decorates: their `__init__` is known; their fields are given by name only; they cannot be assigned. */
export const GENERATED = 'generated signature'
export const BY_NAME = 'fields by name'
export const FROZEN = 'frozen fields'
/** Of a field description: it is no parameter, or one that is given by name only. */
export const NO_PARAMETER = 'no parameter'
export const FIELD_BY_NAME = 'by name'

interface FieldParameter {
  readonly name: string
  readonly byName: boolean
  readonly required: boolean
}

/** The parameters that fields are for, in order. */
export function fieldParameters(m: Machine, cls: ClassAtom): FieldParameter[] {
  return fieldNames(m, cls).flatMap((name) => {
    const declared = classMember(m, cls, name)
    const field = declared?.atoms.find((a): a is SpecialAtom => a.kind === 'special' && a.type === 'field')
    if (field?.names.includes(NO_PARAMETER) === true) return []
    const byName = cls.traits.has(BY_NAME) || field?.names.includes(FIELD_BY_NAME) === true
    const hasDefault = field === undefined ? declared !== null : field.parts.slice(0, 2).some((x) => x.atoms.length > 0)
    return [{ name, byName, required: !hasDefault }]
  })
}

/** Whether constructing an object from these arguments certainly is a TypeError. */
export function refusesFields(m: Machine, cls: ClassAtom, args: CallArgs, site: CallSite): boolean {
  if (site.step !== 'construct' || site.resolution !== RESOLVED || site.open === true || !isClosed(cls)) return false
  const parameters = fieldParameters(m, cls)
  const inOrder = parameters.filter(({ byName }) => !byName)
  if (args.pos.length > inOrder.length) return true
  const given = new Set(inOrder.slice(0, args.pos.length).map(({ name }) => name))
  if ([...args.kw.keys()].some((name) => given.has(name) || !parameters.some((it) => it.name === name))) return true
  if (args.restPos !== null || args.restKw !== null) return false
  return parameters.some(({ name, required }) => required && !given.has(name) && !args.kw.has(name))
}

/** All fields of the class are seen: each class with annotations is a dataclass itself, or it is a named tuple that nothing derives from. */
function isClosed(cls: ClassAtom): boolean {
  const classes = cls.mro.filter((base) => base.kind === 'class')
  const others = cls.mro.filter((base) => base.kind !== 'class')
  if (isNamedTuple(cls)) return classes.length === 1 && others.length === 1
  if (!cls.traits.has(GENERATED) || cls.metaclass !== null) return false
  const isPlain = others.every((base) => base.kind === 'external' && PLAIN_BASES.has(base.path))
  const decorated = classes.filter((base) => base.cls.decorators.length > 0)
  return (
    isPlain &&
    decorated[0] === cls &&
    decorated.every((base) => base.cls.decorators.length === 1) &&
    // one class may ask for names only and another not
    (decorated.length === 1 || !cls.traits.has(BY_NAME)) &&
    classes.every((base) => base.cls.decorators.length > 0 || base.cls.body.every((s) => s.k !== 'ann')) &&
    annotatedFields(cls).every(({ annotation }) => !isSeparator(annotation))
  )
}

/** `_: KW_ONLY` */
function isSeparator(annotation: ReturnType<typeof annotatedFields>[number]['annotation']): boolean {
  if (annotation.k === 'const') return String(annotation.v).endsWith('KW_ONLY')
  return annotation.k === 'name' ? annotation.id === 'KW_ONLY' : annotation.k === 'attr' && annotation.n === 'KW_ONLY'
}

function isNamedTuple(cls: ClassAtom): boolean {
  return cls.mro.some((base) => base.kind === 'external' && base.path === 'typing.NamedTuple')
}

/** The error of assigning or deleting an attribute that objects of the class have and do not give out; null when it may be assigned. */
export function refusesAssignment(m: Machine, cls: ClassAtom, name: string): string | null {
  const own = cls.cls.decorators.length > 0
  if (cls.traits.has(FROZEN) && (own || fieldNames(m, cls).includes(name))) return 'dataclasses.FrozenInstanceError'
  if (isNamedTuple(cls) && fieldNames(m, cls).includes(name)) return 'AttributeError'
  const slots = slotNames(m, cls)
  return slots !== null && !slots.has(name) && classMember(m, cls, name) === null ? 'AttributeError' : null
}

/** The names that `__slots__` of all classes allow; null when objects have a dictionary, or may have one. */
function slotNames(m: Machine, cls: ClassAtom): ReadonlySet<string> | null {
  const names = new Set<string>()
  for (const base of cls.mro) {
    const cell = base.kind === 'class' && base.metaclass === null ? base.fields.get('__slots__') : undefined
    if (cell === undefined || base.kind !== 'class') return null
    const atom = only(m.store.read(cell))
    const listed = atom?.kind === 'container' ? elements(m, atom).list : atom === null ? null : [m.domain.of(atom)]
    for (const value of listed ?? [m.domain.bottom]) {
      const name = stringOf(value)
      if (name === null || name === '__dict__') return null
      names.add(mangled(name, base.cls.name))
    }
  }
  return names
}

/** Names with two leading underscores are private to the class in whose body they stand. */
function mangled(name: string, cls: string): string {
  return name.startsWith('__') && !name.endsWith('__') ? `_${cls.replace(/^_+/, '')}${name}` : name
}
