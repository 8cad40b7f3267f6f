// Classes whose `__init__` is generated: dataclasses, attrs, NamedTuple, pydantic. Default factories run for what is not given, then converters
// and validators, then the post-init; comparing, printing and dumping such an object goes through its fields.
import type { Construction } from './construction.ts'
import type { Expr } from '../../ir/model.ts'
import { lastName } from '../../ir/nodes.ts'
import { annotatedFields, classMember, fieldNames } from './members.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { setting } from '../language/settings.ts'
import { fieldParameters } from './signatures.ts'
import {
  NO_ARGS,
  only,
  positional,
  type ClassAtom,
  type InstanceAtom,
  type SpecialAtom,
  type Value,
} from '../domain/values.ts'

/** The trait of a class that was decorated with `init=False`. */
export const NO_INIT = 'no generated init'

interface Building extends Omit<Construction, 'site'> {
  readonly m: Machine
  readonly frame: Frame
  readonly step: CallSite
}

export function generatedInit(frame: Frame, { object, cls, args, site }: Construction): void {
  const m = frame.machine
  const b: Building = { m, frame, object, cls, args, step: implied(site, 'invoke') }
  // pydantic's settings classes read their fields from the environment
  const isSettings = cls.mro.some((base) => base.kind === 'external' && base.path.endsWith('.BaseSettings'))
  const once: Value[] = []
  const annotated = new Map(annotatedFields(cls).map((f) => [f.name, f]))
  const inOrder = cls.traits.has('pydantic') ? [] : fieldParameters(m, cls).filter(({ byName }) => !byName)
  const position = new Map(inOrder.map(({ name }, index) => [name, index]))
  for (const name of fieldNames(m, cls)) {
    const given = args.pos[position.get(name) ?? args.pos.length] ?? args.kw.get(name)
    const declared = classMember(m, cls, name)
    const field = declared?.atoms.find((a): a is SpecialAtom => a.kind === 'special' && a.type === 'field') ?? null
    let value = given ?? declared ?? m.domain.unknown('untyped-parameter')
    if (given === undefined && field !== null) value = fallbackOf(b, field)
    const [, , validator, converter] = field?.parts ?? []
    if (converter !== undefined && converter.atoms.length > 0)
      value = m.ops.call(frame, converter, positional(value), b.step)
    const fromOutside = given === undefined && isSettings && only(value)?.kind === 'const'
    const annotation = annotated.get(name)
    if (annotation !== undefined && isInitOnly(annotation.annotation)) once.push(value)
    else m.ops.setField(object, name, fromOutside ? setting(m, value) : value)
    if (validator !== undefined && validator.atoms.length > 0)
      m.ops.call(frame, validator, positional(m.domain.of(object), m.domain.unknown('field'), value), b.step)
    if (annotation !== undefined && given !== undefined && cls.traits.has('pydantic'))
      annotatedValidators(b, annotation.owner, annotation.annotation, value)
  }
  validate(b)
  for (const name of ['__post_init__', '__attrs_post_init__', 'model_post_init']) {
    const method = classMember(m, cls, name)
    if (method === null) continue
    const rest = name === 'model_post_init' ? [m.domain.none] : name === '__post_init__' ? once : []
    m.ops.call(frame, method, positional(m.domain.of(object), ...rest), b.step)
  }
}

/** The default of a field that was not given: its factory, the method that `@field.default` decorates, or the value. */
function fallbackOf(b: Building, field: SpecialAtom): Value {
  const { m, frame, object, cls, step } = b
  for (const member of specials(m, cls, 'default-of'))
    if (member.parts[1]?.atoms.includes(field) === true)
      return m.ops.call(frame, member.parts[0] ?? m.domain.bottom, positional(m.domain.of(object)), step)
  const [fallback, factory] = field.parts
  const takesSelf = field.names.includes('takes self')
  if (factory !== undefined && factory.atoms.length > 0)
    return m.ops.call(frame, factory, takesSelf ? positional(m.domain.of(object)) : NO_ARGS, step)
  // `attr.ib(default=Factory(f))`
  const nested = fallback === undefined ? null : only(fallback)
  if (nested?.kind === 'special' && nested.type === 'field') return fallbackOf(b, nested)
  return fallback !== undefined && fallback.atoms.length > 0 ? fallback : m.domain.unknown('field')
}

/** `InitVar[T]`: an argument of `__post_init__`, no field. */
function isInitOnly(x: Expr): boolean {
  if (x.k === 'sub') return isInitOnly(x.o)
  return (x.k === 'name' && x.id === 'InitVar') || (x.k === 'attr' && x.n === 'InitVar')
}

/** Special members of a class along its method resolution order. */
function specials(m: Machine, cls: ClassAtom, type: string): SpecialAtom[] {
  const out: SpecialAtom[] = []
  for (const base of cls.mro) {
    if (base.kind !== 'class') continue
    for (const cell of base.fields.values())
      for (const atom of m.store.read(cell).atoms) if (atom.kind === 'special' && atom.type === type) out.push(atom)
  }
  return out
}

/** Validators of single fields run when the field is given; those of the whole model, and of attrs, always. */
function validate(b: Building): void {
  const { m, frame, object, cls, args, step } = b
  const unknown = m.domain.unknown('field')
  for (const validator of specials(m, cls, 'validator')) {
    const [kind, ...fields] = validator.names
    const run = (): void => {
      const first = kind === 'after' || !cls.traits.has('pydantic') ? m.domain.of(object) : m.domain.of(cls)
      m.ops.call(frame, m.domain.of(validator), positional(first, unknown, unknown), step)
    }
    const named = fields.some((name) => name === '*' || args.kw.has(name))
    if (kind !== 'field' || named) run()
    else if (args.restKw !== null || fields.length === 0) m.ops.maybe(frame, run)
  }
}

/** `Annotated[int, AfterValidator(f)]` */
function annotatedValidators(b: Building, owner: ClassAtom, x: Expr, value: Value): void {
  if (x.k !== 'sub' || x.i.k !== 'tuple') return
  for (const part of x.i.xs) {
    const name = part.k === 'call' ? (lastName(part.f) ?? '') : ''
    const written = part.k === 'call' ? part.a[0]?.x : undefined
    if (written === undefined || !name.endsWith('Validator')) continue
    const f = b.m.ops.staticType(owner.env, written)
    if (f !== null) b.m.ops.call(b.frame, f, positional(value), b.step)
  }
}

/** `model_dump()` and its kin: computed fields are read, serialisers run. */
export function dumpModel(frame: Frame, object: InstanceAtom, site: CallSite): void {
  const m = frame.machine
  if (object.cls === null) return
  const self = m.domain.of(object)
  for (const property of specials(m, object.cls, 'property'))
    if (property.names.includes('computed'))
      m.ops.call(frame, property.parts[0] ?? m.domain.bottom, positional(self), implied(site, 'property'))
  for (const serializer of specials(m, object.cls, 'serializer'))
    m.ops.call(
      frame,
      serializer.parts[0] ?? m.domain.bottom,
      positional(self, m.domain.unknown('field')),
      implied(site, 'invoke'),
    )
}

/** The values of the fields of a dataclass without a method of that name of its own; null for other objects. */
export function generatedFields(m: Machine, object: InstanceAtom, name: string): readonly Value[] | null {
  const { cls } = object
  if (cls === null || !(cls.traits.has('dataclass') || cls.traits.has('fields'))) return null
  if (classMember(m, cls, name) !== null) return null
  return fieldNames(m, cls).map((field) => {
    const cell = object.fields.get(field)
    return cell === undefined ? m.domain.bottom : m.domain.withoutUnbound(m.store.read(cell))
  })
}
